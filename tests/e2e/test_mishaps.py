"""The network, the database, the disk or the clock fails while five people write."""

from __future__ import annotations

import subprocess
from contextlib import closing, suppress
from pathlib import Path
from time import sleep

import pytest

from irscribe.engine.writer import NOT_RECORDED
from irscribe.services.coverage.gaps import SHORTEST
from models import Database
from models.migrating import migrate
from tests.botprocess import BotProcess
from tests.crowd import BOT, CHANNEL
from tests.ircservers import plain, write_settings
from tests.ledger import ENTERED
from tests.lives import Life
from tests.packages import apt_line
from tests.postgres import Cluster
from tests.scribes import UNDISTURBED

LIBRARY = "usr/lib/*/faketime/libfaketimeMT.so.1"


@pytest.fixture
def cluster(tmp_path, network):
    """A PostgreSQL server that may be killed, with the bot's database on it."""
    with Cluster() as cluster:
        write_settings(tmp_path, core=plain(network), own=f"{UNDISTURBED}\ndatabase = {cluster.url}")
        with closing(Database(cluster.url)) as database:
            migrate(database)
        yield cluster


@pytest.fixture
def disk(tmp_path):
    """A disk of a few megabytes that the bot's own folder lies on."""
    disk = tmp_path / "var"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16M", "tmpfs", disk]
    mounted = subprocess.run(command, check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no disk to fill: mounting one is for root ({mounted.stderr.decode().strip()})")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


class Clock:
    """The time of day as the bot sees it."""

    def __init__(self, folder: Path, library: Path) -> None:
        self._file = folder / "clock"
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.set("+0")

    def set(self, offset: str) -> None:
        """Put it forth or back, from the true time, as ``+5h`` or ``-3h``."""
        new = self._file.with_suffix(".new")
        new.write_text(offset)
        new.replace(self._file)


@pytest.fixture
def clock(tmp_path):
    found = sorted(Path("/").glob(LIBRARY))
    if not found:
        pytest.skip(f"libfaketime is not here: {apt_line('faketime')}")
    return Clock(tmp_path, found[0])


def test_an_irc_server_that_is_killed_costs_what_was_said_meanwhile_and_the_report_says_so(network, scribes, tmp_path):
    outages = (0.0, SHORTEST.total_seconds(), 0.0)
    with Life(tmp_path):
        scribes.open()
        scribes.begin()
        for seconds in outages:
            scribes.write_for(0.1, 0.4)
            network.kill()
            scribes.crowd.lose_server()
            sleep(seconds)
            network.start()
            scribes.crowd.come_back(network.address)
            scribes.write_more()
        scribes.finish()
    report = scribes.expect_kept(tmp_path)
    assert scribes.ledger.refused == {}
    late = filter(None, map(ENTERED.match, scribes.crowd.late))
    assert {int(each[1]) for each in late} <= {entry["number"] for entry in report["timeline"]}
    told = [said for said in scribes.crowd.unasked if said.startswith("I was away ")]
    # It may be back within a second from the others, and before those to whom it says so.
    assert len(told) <= len(report["gaps"]) <= len(outages)
    assert report["gaps"]


def test_a_postgresql_that_is_killed_loses_and_doubles_nothing(cluster, scribes, tmp_path):
    with Life(tmp_path):
        scribes.open()
        scribes.begin()
        for _ in range(5):
            scribes.write_for(0.05, 0.3)
            cluster.kill()
            scribes.write_for(0, 0.1)
            cluster.start()
            scribes.write_more()
        scribes.finish()
    report = scribes.expect_kept(tmp_path)
    assert {*scribes.ledger.refused.values()} <= {NOT_RECORDED}
    assert report["gaps"] == []


def test_a_connection_to_postgresql_that_is_ended_refuses_no_note(cluster, scribes, tmp_path):
    with Life(tmp_path):
        scribes.open()
        scribes.begin()
        for _ in range(8):
            scribes.write_for(0.05, 0.2)
            cluster.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")
            scribes.write_more()
        scribes.finish()
    report = scribes.expect_kept(tmp_path)
    assert scribes.ledger.refused == {}
    assert report["gaps"] == []


def test_a_full_disk_refuses_in_words_and_takes_again_once_there_is_room(disk, scribes, tmp_path):
    with Life(tmp_path):
        scribes.open()
        scribes.begin()
        for _ in range(3):
            scribes.write_for(0.05, 0.3)
            fill(disk / "ballast")
            scribes.write_in_vain()
            (disk / "ballast").unlink()
            scribes.write_more()
        scribes.finish()
    scribes.expect_kept(tmp_path)
    assert {*scribes.ledger.refused.values()} == {NOT_RECORDED}


def test_a_clock_that_is_set_back_and_forth_changes_no_order_and_holds_nothing_up(
    clock, scribes, tmp_path, monkeypatch
):
    crowd, reports = scribes.crowd, tmp_path / "var" / "reports"
    with monkeypatch.context() as patch:
        for name, value in clock.environment.items():
            patch.setenv(name, value)
        bot = BotProcess(tmp_path)
    with bot:
        scribes.open()
        scribes.begin()
        for offset in ("+3h", "-5h", "+30h"):
            scribes.write_for(0.1, 0.3)
            clock.set(offset)
            scribes.write_more()
        scribes.finish()
        crowd.ask("alice", "!ir summary hunter2")
        crowd.ask("alice", "!ir export json")
        crowd.play_until(lambda: "hunter2" in contents(reports))
        clock.set("-5h")
        crowd.ask("alice", "!ir redact summary a password")
        joins = crowd.ear.joins
        crowd.people["alice"].send(f"KICK {CHANNEL} {BOT} :out")
        crowd.play_until(lambda: crowd.ear.joins > joins)
        crowd.play_until(lambda: "hunter2" not in contents(reports))
    scribes.expect_kept(tmp_path)
    assert [said for said in scribes.ledger.refused.values() if "is more than 30 minutes old" not in said] == []


def fill(file: Path) -> None:
    """Take up all the room there is."""
    with file.open("wb", buffering=0) as ballast, suppress(OSError):
        while True:
            ballast.write(bytes(4096))


def contents(folder: Path) -> str:
    """The text of all files of a folder."""
    return "".join(file.read_text(encoding="utf-8") for file in folder.glob("*"))
