"""The site that the bot keeps: brought up to date after each commit, and nothing on it that was withdrawn."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import replace
from math import inf
from pathlib import Path
from stat import S_IMODE
from tempfile import TemporaryDirectory
from threading import Thread, Timer

import pytest
from sqlalchemy import insert

from irscribe.cli import main
from irscribe.config import Pages, Shown, ShownFrom, load
from irscribe.domain.events import Withdrawal
from irscribe.engine import site, site_keeper, site_making
from irscribe.engine.site_keeper import SiteKeeper
from models.tables import field
from tests.db.test_exporting import without_privileges
from tests.reports import at
from tests.waiting import HANGS, wait_until

FOR_ALL = ShownFrom(Shown.OPEN)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "site"


@pytest.fixture
def config(folder):
    return replace(load(None), pages=Pages(folder=folder, show=FOR_ALL))


@pytest.fixture
def keeper(talk, folder):
    return keep(talk, folder)


def keep(talk, folder, **more):
    made = SiteKeeper(talk.database, talk.application, folder, **{"may_write": lambda: True, **more})
    talk.database.after_commit = made.note
    return made


def say(talk, keeper, *lines, nick="alice", channel="#incidents"):
    """Say lines, with the site brought up to date behind each as in the running bot; the last replies."""
    said = []
    for line in lines:
        outcome = talk.handle(talk.request(nick, line, channel=channel))
        staying = [keeper.withdraw(each.incident) for each in outcome if isinstance(each, Withdrawal)]
        said = [str(each.reply.text if isinstance(each, Withdrawal) else each.text) for each in outcome[:1]]
        said = [text + "".join(staying) for text in said]
        keeper.catch_up()
    return said


def everything(folder):
    """All that the files hold, as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in files(folder))


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


def put_nowhere(monkeypatch):
    """From now on the texts that would be put in place."""
    written = []
    monkeypatch.setattr(
        site_keeper.SiteFolder, "put", lambda _folder, files: written.extend(files.values()) or len(files)
    )
    return written


def page(folder, number=1):
    return (folder / f"incidents/{number}/index.html").read_text(encoding="utf-8")


def front(folder):
    return (folder / "index.html").read_text(encoding="utf-8")


def test_an_incident_grows_on_its_page_and_on_the_front_page(talk, keeper, folder):
    say(talk, keeper, "!ir start API returns 500", "!log first alert")
    assert "first alert" in page(folder)
    assert "first alert" in front(folder)
    assert "1 incident open now" in front(folder)
    say(talk, keeper, "!log 500s are gone", "!ir close")
    assert "500s are gone" in page(folder)
    assert "No incident is open" in front(folder)


def test_only_what_changed_is_written(talk, keeper, folder):
    say(talk, keeper, "!ir start API returns 500", "!log first alert")
    before = {path: path.stat().st_ino for path in files(folder)}
    say(talk, keeper, "!log second alert")
    after = {path: path.stat().st_ino for path in files(folder)}
    changed = {path.relative_to(folder).as_posix() for path, node in after.items() if before.get(path) != node}
    assert changed == {"index.html", "incidents/1/index.html", "incidents/1/report.json"}


def test_everybody_may_read_the_files(talk, keeper, folder):
    say(talk, keeper, "!ir start API returns 500")
    assert {S_IMODE(path.stat().st_mode) for path in files(folder)} == {0o644}


@pytest.mark.parametrize(
    ("shown", "seen"),
    [(Shown.OPEN, [True, True, True]), (Shown.CLOSED, [False, True, True]), (Shown.FINAL, [False, False, True])],
)
def test_an_incident_is_shown_from_when_the_settings_say(filed, folder, shown, seen):
    filed.application = replace(
        filed.application, config=replace(filed.config, pages=Pages(folder=folder, show=ShownFrom(shown)))
    )
    keeper = keep(filed, folder)
    filed.operators.add("alice")
    found = []
    for line in ("!ir start API returns 500", "!ir close", "!ir final! nobody knows more"):
        say(filed, keeper, line)
        found.append("API returns 500" in everything(folder))
    assert found == seen


def test_a_channel_may_differ(filed, folder):
    show = ShownFrom(Shown.CLOSED, {"#OPS": Shown.OPEN})
    filed.application = replace(filed.application, config=replace(filed.config, pages=Pages(folder=folder, show=show)))
    keeper = keep(filed, folder)
    say(filed, keeper, "!ir start shown", channel="#ops")
    say(filed, keeper, "!ir start CANARY")
    assert "shown" in front(folder)
    assert "CANARY" not in everything(folder)


def test_a_private_incident_is_nowhere(talk, keeper, folder):
    say(talk, keeper, "!ir start CANARY", "!log CANARY-NOTE", "!ir impact CANARY-IMPACT")
    assert everything(folder).count("CANARY") > 5
    assert say(talk, keeper, "!ir private on") == ["Incident 1 is private now."]
    assert "CANARY" not in everything(folder)
    assert not (folder / "incidents/1").exists()


def test_what_was_redacted_is_gone_before_that_is_said(talk, keeper, folder):
    say(talk, keeper, "!ir start API returns 500", "!log the password is CANARY")
    assert "CANARY" in everything(folder)
    outcome = talk.handle(talk.request("alice", "!ir redact 2 held a password"))
    (withdrawal,) = (each for each in outcome if isinstance(each, Withdrawal))
    assert keeper.withdraw(withdrawal.incident) == ""
    assert "CANARY" not in everything(folder)


@pytest.mark.parametrize("line", ["!ir redact title held a name", "!ir redact impact held a name"])
def test_a_redacted_title_or_impact_is_gone_from_every_list(talk, keeper, folder, line):
    say(talk, keeper, "!ir start CANARY", "!ir impact CANARY")
    say(talk, keeper, "!ir close")
    assert "CANARY" in (folder / "feed.atom").read_text()
    kept = "title" if "impact" in line else "impact"
    say(talk, keeper, line, f"!ir redact {kept} held a name")
    assert "CANARY" not in everything(folder)


def test_a_redaction_before_the_first_build_removes_the_lists_of_another_bot(talk, keeper, folder):
    say(talk, keeper, "!ir start CANARY")
    successor = keep(talk, folder)
    talk.handle(talk.request("alice", "!ir redact title held a name"))
    assert successor.withdraw(1) == ""
    assert "CANARY" not in everything(folder)
    successor.catch_up()
    assert "1 incident open now" in front(folder)


def test_what_cannot_be_changed_is_named(filed, keeper_of_others):
    keeper, folder = keeper_of_others
    filed.say("alice", "!ir redact 2 held a password")
    with without_privileges():
        said = keeper.withdraw(1)
    assert said.startswith(f" Still on the site, as I cannot change {folder} (Permission denied): ")
    assert "incidents/1/index.html" in said
    assert "index.html" in said


@pytest.fixture
def keeper_of_others(filed):
    """A keeper of a folder that the bot may only read, even where the tests run as root."""
    with TemporaryDirectory() as name:
        folder = Path(name, "site")
        keeper = keep(filed, folder)
        say(filed, keeper, "!ir start API returns 500", "!log the password is CANARY")
        folders = [Path(name), folder, *(path for path in folder.rglob("*") if path.is_dir())]
        for path in folders:
            path.chmod(0o555)
        yield keeper, folder
        for path in folders:
            path.chmod(0o755)


def test_neither_accounts_nor_masks_nor_what_a_restricted_task_says_is_anywhere(talk, keeper, folder):
    person = replace(talk.person("alice"), user="~canary", host="canary.example", account="CANARY-ACCOUNT")
    for line in ("!ir start API returns 500", "!ir join", "!log first alert", "!ir task T100"):
        talk.handle(talk.request("alice", line, person=person))
    with talk.database.write() as session:
        session.execute(insert(field).values(incident=1, name="task_title", value="CANARY-TITLE"))
    assert talk.report().metadata.task.title == "CANARY-TITLE"
    assert talk.report().timeline[-1].author.account == "CANARY-ACCOUNT"
    keeper.build_anew()
    keeper.catch_up()
    assert "first alert" in everything(folder)
    assert "T100" in everything(folder)
    assert "canary" not in everything(folder).lower()


def test_a_private_incident_that_grows_stays_out_of_everything(talk, keeper, folder):
    say(talk, keeper, "!ir start API returns 500", "!ir private on")
    say(talk, keeper, "!log CANARY", "!ir impact CANARY", "!ir status identified CANARY", "!ir action CANARY: CANARY")
    say(talk, keeper, "!ir close")
    assert "CANARY" not in everything(folder)
    assert "API returns 500" not in everything(folder)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 64 KiB."""
    path = tmp_path / "disk"
    path.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", path], check=False).returncode:
        pytest.skip("no file system of one's own: that takes root")
    yield path
    subprocess.run(["umount", "--lazy", path], check=True)


def test_a_full_disk_holds_up_nothing_and_the_pages_come_back_with_the_room(talk, small_disk, caplog, monkeypatch):
    monkeypatch.setattr(site_keeper, "BUILD_AGAIN_AFTER", 0)
    keeper, folder = keep(talk, small_disk / "site"), small_disk / "site"
    (small_disk / "ballast").write_bytes(bytes(48 << 10))
    assert say(talk, keeper, "!ir start API returns 500", "!log first alert")[0].startswith("#2 ")
    assert [each for each in caplog.messages if "could not be written" in each] == [
        f"The site in {folder} could not be written; this is tried again: No space left on device"
    ]
    assert not any(each.read_text().endswith(("<", "</html")) for each in files(folder))
    (small_disk / "ballast").unlink()
    subprocess.run(["mount", "-o", "remount,size=4m", small_disk], check=True)
    keeper.catch_up()
    assert "first alert" in page(folder)
    assert [path for path in files(folder) if path.name.endswith(".new")] == []


def test_an_incident_that_is_public_again_is_back(talk, keeper, folder):
    talk.operators.add("alice")
    say(talk, keeper, "!ir start API returns 500", "!ir private on", "!ir private off")
    assert "API returns 500" in front(folder)


def test_a_folder_that_was_removed_comes_back(talk, keeper, folder):
    say(talk, keeper, "!ir start API returns 500")
    before = everything(folder)
    shutil.rmtree(folder)
    keeper.catch_up()
    assert everything(folder) == before


def test_a_folder_that_cannot_be_written_is_logged_once_and_tried_again(talk, keeper, folder, caplog, monkeypatch):
    monkeypatch.setattr(site_keeper, "BUILD_AGAIN_AFTER", 0)
    folder.write_text("in the way", encoding="utf-8")
    say(talk, keeper, "!ir start API returns 500", "!log first alert")
    keeper.catch_up()
    assert [each for each in caplog.messages if "could not be written" in each] == [
        f"The site in {folder} could not be written; this is tried again: Not a directory"
    ]
    folder.unlink()
    keeper.catch_up()
    assert "first alert" in page(folder)
    assert caplog.messages[-1] == f"The site in {folder} can be written again."


def test_a_bot_that_takes_over_builds_its_folder_anew(talk, keeper, folder):
    say(talk, keeper, "!ir start API returns 500")
    for path in ("incidents/99/index.html", "incidents/99/.index.html.abcdefgh.new", "years/1999/index.html"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("CANARY", encoding="utf-8")
    (folder / "robots.txt").write_text("of somebody else", encoding="utf-8")
    talk.database.after_commit = lambda _incidents: None
    talk.say("alice", "!log said to another bot")
    keeper.build_anew()
    keeper.catch_up()
    assert "CANARY" not in everything(folder)
    assert "said to another bot" in page(folder)
    assert (folder / "robots.txt").exists()


def test_a_bot_that_stands_by_writes_nothing(talk, folder, caplog):
    keeper = keep(talk, folder, may_write=lambda: False)
    talk.say("alice", "!ir start API returns 500")
    keeper.catch_up()
    assert files(folder) == []


def test_what_is_withdrawn_while_a_page_is_made_is_not_put_in_place(talk, keeper, folder, monkeypatch):
    say(talk, keeper, "!ir start API returns 500")
    talk.say("alice", "!log the password is CANARY")
    made = site_making.Maker.make

    def make(maker, number):
        found = made(maker, number)
        if talk.texts()[-1] == "the password is CANARY":
            talk.say("alice", "!ir redact 2 held a password")
        return found

    monkeypatch.setattr(site_making.Maker, "make", make)
    written = put_nowhere(monkeypatch)
    keeper.catch_up()
    assert written
    assert "CANARY" not in "".join(written)


def test_the_site_of_the_command_line_is_the_one_that_the_bot_keeps(filed, folder, tmp_path, capsys, monkeypatch):
    keeper = keep(filed, folder)
    say(filed, keeper, "!ir start API returns 500", "!log first alert", "!ir close")
    settings = tmp_path / "config.ini"
    settings.write_text(
        f'[core]\nchannels = "#incidents"\n[irscribe]\ndatabase = {filed.database.file}\n[pages]\nshow = open\n',
        encoding="utf-8",
    )
    assert main(["site", str(tmp_path / "other"), "--config", str(settings)]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'other'}/index.html: 1 incident.\n"
    assert everything(tmp_path / "other") == everything(folder)


def test_the_command_line_says_when_the_folder_cannot_be_written(filed, tmp_path, capsys):
    settings = tmp_path / "config.ini"
    settings.write_text(f"[irscribe]\ndatabase = {filed.database.file}\n", encoding="utf-8")
    (tmp_path / "other").write_text("in the way", encoding="utf-8")
    assert main(["site", str(tmp_path / "other"), "--config", str(settings)]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_the_command_line_leaves_the_folder_that_the_bot_keeps_alone(filed, folder, tmp_path, capsys):
    settings = tmp_path / "config.ini"
    settings.write_text(f"[irscribe]\ndatabase = {filed.database.file}\n[pages]\nfolder = {folder}\n", encoding="utf-8")
    for named in (folder, folder / "incidents", folder.parent):
        assert main(["site", str(named), "--config", str(settings)]) == 1
        assert "is the folder that the bot keeps up to date itself" in capsys.readouterr().err
    assert not folder.exists()


def test_what_the_bot_withdraws_while_the_command_line_builds_is_not_in_its_folder(filed, tmp_path, monkeypatch):
    filed.say("alice", "!ir start API returns 500")
    filed.say("alice", "!log the password is CANARY")
    settings, other = tmp_path / "config.ini", tmp_path / "other"
    settings.write_text(
        f'[core]\nchannels = "#incidents"\n[irscribe]\ndatabase = {filed.database.file}\n[pages]\nshow = open\n',
        encoding="utf-8",
    )
    built = site_keeper.SiteFiles.build

    def build_beside_the_bot(files):
        count = built(files)
        assert "CANARY" in everything(other)
        filed.say("alice", "!ir redact 2 held a password")
        return count

    monkeypatch.setattr(site_keeper.SiteFiles, "build", build_beside_the_bot)
    assert main(["site", str(other), "--config", str(settings)]) == 0
    assert "API returns 500" in everything(other)
    assert "CANARY" not in everything(other)


def test_a_private_incident_is_not_named_by_those_related_to_it(talk, keeper, folder):
    say(talk, keeper, "!ir start API returns 500", "!ir close", "!ir start CANARY", "!ir same 1")
    assert "2 (same)" in page(folder, 1)
    outcome = talk.handle(talk.request("alice", "!ir private on"))
    (withdrawal,) = (each for each in outcome if isinstance(each, Withdrawal))
    assert keeper.withdraw(withdrawal.incident) == ""
    assert "2 (same)" not in page(folder, 1)


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("!log second alert", {"index.html"}),
        (
            "!ir status identified",
            {"index.html", "feed.atom", "feed.json", "years/2026/index.html", "incidents-2026.json"},
        ),
        ("!ir action alice: find out why", {"index.html", "followups/index.html", "statistics/index.html"}),
    ],
)
def test_only_lists_that_show_a_change_are_made_anew(talk, keeper, folder, line, written, monkeypatch):
    talk.now = at("2026-11-30 14:00")
    say(talk, keeper, "!ir start API returns 500")
    made = []
    put = site_keeper.SiteFolder.put
    monkeypatch.setattr(
        site_keeper.SiteFolder, "put", lambda folder, files: (made.extend(files), put(folder, files))[1]
    )
    say(talk, keeper, line)
    assert {name for name in made if not name.startswith("incidents/") and not name.endswith(".svg")} == written


@pytest.fixture
def by_others(filed, tmp_path, monkeypatch):
    """A site in another folder, which other processes make for all but a few incidents."""
    monkeypatch.setattr(site_making, "MANY", 1)
    own = replace(filed.config, database=f"sqlite:///{filed.database.file}", pages=Pages(show=FOR_ALL))
    application = replace(filed.application, config=own)
    return site_keeper.SiteFiles(filed.database, application, site_keeper.SiteFolder(tmp_path / "other"), processes=2)


def test_a_site_of_many_incidents_is_built_by_other_processes_and_is_the_same(
    filed, keep_open, by_others, folder, tmp_path
):
    for line in ("start one", "update a note", "close", "start two", "private on", "close", "start three"):
        say(filed, keep_open, f"!ir {line}")
    assert by_others.build() == 2
    assert everything(tmp_path / "other") == everything(folder)


@pytest.fixture
def keep_open(filed, folder):
    database = f"sqlite:///{filed.database.file}"
    config = replace(filed.config, database=database, pages=Pages(folder=folder, show=FOR_ALL))
    filed.application = replace(filed.application, config=config)
    return keep(filed, folder)


def test_what_is_withdrawn_while_another_process_makes_a_page_is_not_put_in_place(filed, by_others, monkeypatch):
    filed.say("alice", "!ir start API returns 500")
    filed.say("alice", "!log the password is CANARY")
    taken = site_making.OtherMaker.take

    def take(other):
        found = taken(other)
        assert "CANARY" in "".join(found.made[1].values())
        filed.say("alice", "!ir redact 2 held a password")
        return found

    monkeypatch.setattr(site_making.OtherMaker, "take", take)
    written = put_nowhere(monkeypatch)
    by_others.build()
    assert "API returns 500" in "".join(written)
    assert "CANARY" not in "".join(written)


def test_where_the_other_process_dies_the_bot_makes_the_pages_itself(filed, by_others, tmp_path, monkeypatch):
    filed.say("alice", "!ir start API returns 500")
    ask = site_making.OtherMaker.ask

    def ask_and_kill(other, number, withdrawals):
        ask(other, number, withdrawals)
        other.process.kill()

    monkeypatch.setattr(site_making.OtherMaker, "ask", ask_and_kill)
    assert by_others.build() == 1
    assert "API returns 500" in page(tmp_path / "other")


@pytest.fixture
def others(monkeypatch):
    """The other processes started, where every incident is long; what they are asked for they make."""
    monkeypatch.setattr(site_making, "LONG", -1.0)
    monkeypatch.setattr(site_making, "PATIENCE", inf)
    started = []
    begin, taken = site_making.OtherMaker.__init__, site_making.OtherMaker.take

    def take(other):
        found = taken(other)
        assert found.made is not None or other.is_gone
        return found

    def start(other, config):
        begin(other, config)
        started.append(other)

    monkeypatch.setattr(site_making.OtherMaker, "__init__", start)
    monkeypatch.setattr(site_making.OtherMaker, "take", take)
    yield started
    for each in started:
        each.end()


def test_a_long_incident_is_made_by_another_process_that_ends_when_it_rests(
    filed, keep_open, folder, others, tmp_path, monkeypatch
):
    say(filed, keep_open, "!ir start API returns 500")
    say(filed, keep_open, "!log the first", "!log the second")
    (other,) = others
    assert other.process.is_alive()
    own = site_keeper.SiteFiles(filed.database, filed.application, site_keeper.SiteFolder(tmp_path / "other"))
    own.build()
    assert "the second" in page(folder)
    assert everything(tmp_path / "other") == everything(folder)
    monkeypatch.setattr(site_making, "KEPT_FOR", -1.0)
    keep_open.catch_up()
    assert not other.process.is_alive()


def test_where_the_process_for_long_incidents_dies_the_bot_makes_the_page_itself_and_starts_another(
    filed, keep_open, folder, others
):
    say(filed, keep_open, "!ir start API returns 500", "!log the first")
    others[0].process.kill()
    say(filed, keep_open, "!log the second")
    assert "the second" in page(folder)
    assert len(others) == 1
    say(filed, keep_open, "!log the third")
    assert "the third" in page(folder)
    assert len(others) == 2


def test_what_is_withdrawn_while_the_process_for_long_incidents_makes_a_page_is_not_put_in_place(
    filed, keep_open, folder, others, monkeypatch
):
    say(filed, keep_open, "!ir start API returns 500", "!log the first")
    taken = site_making.OtherMaker.take

    def take(other):
        found = taken(other)
        if filed.texts()[-1] == "the password is CANARY":
            assert "CANARY" in "".join(found.made[1].values())
            filed.say("alice", "!ir redact 3 held a password")
        return found

    monkeypatch.setattr(site_making.OtherMaker, "take", take)
    written = put_nowhere(monkeypatch)
    filed.say("alice", "!log the password is CANARY")
    keep_open.catch_up()
    assert "the first" in "".join(written)
    assert "CANARY" not in "".join(written)


def test_a_process_for_long_incidents_that_does_not_answer_is_ended_and_the_bot_makes_the_page_itself(
    filed, keep_open, folder, others, monkeypatch
):
    say(filed, keep_open, "!ir start API returns 500", "!log the first")
    os.kill(others[0].process.pid, signal.SIGSTOP)
    monkeypatch.setattr(site_making, "PATIENCE", 0.2)
    say(filed, keep_open, "!log the second")
    assert "the second" in page(folder)
    assert not others[0].process.is_alive()


def test_a_redaction_waits_for_no_other_process(filed, keep_open, folder, others):
    say(filed, keep_open, "!ir start API returns 500", "!log the password is CANARY")
    (other,) = others
    os.kill(other.process.pid, signal.SIGSTOP)
    filed.say("alice", "!log the second")
    renewing = Thread(target=keep_open.catch_up)
    renewing.start()
    wait_until(lambda: other.asked is not None, HANGS, "the process is not asked")
    assert "CANARY" in page(folder)
    filed.say("alice", "!ir redact 2 held a password")
    it_hangs = Timer(HANGS, other.process.kill)
    it_hangs.start()
    assert keep_open.withdraw(1) == ""
    assert not it_hangs.finished.is_set()
    it_hangs.cancel()
    renewing.join()
    assert "the second" in page(folder)
    assert "CANARY" not in everything(folder)


def test_the_site_rests_twice_as_long_as_it_worked_and_begins_at_once_after_that(monkeypatch):
    now, slept = [0.0], []

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    def work():
        now[0] += 0.1

    monkeypatch.setattr(site, "monotonic", lambda: now[0])
    monkeypatch.setattr(site, "sleep", sleep)
    begin = site.resting(work)
    now[0] = 100.0
    begin()
    begin()
    assert slept == pytest.approx([0.2])
    now[0] += 10.0
    begin()
    assert slept == pytest.approx([0.2])


def test_times_of_the_front_page_are_those_of_the_record(talk, keeper, folder):
    talk.now = at("2026-11-30 14:00")
    say(talk, keeper, "!ir start API returns 500")
    assert '<time datetime="2026-11-30T14:00:00Z">2026-11-30 14:00</time>' in front(folder)
