"""Private files are for their owner alone, whatever the umask; of others `check` says what to type."""

from __future__ import annotations

import os
import shlex
import subprocess
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from stat import S_IMODE

import pytest

from irscribe.cli import check, main
from models import Database
from models.backup import back_up
from models.filelock import hold_file
from models.migrating import migrate
from models.ownfiles import make_file, make_folder, make_open_folder
from tests.talk import Talk


@pytest.fixture(params=[0o000, 0o022])
def umask(request):
    """The umask that takes nothing, and the usual one."""
    before = os.umask(request.param)
    yield
    os.umask(before)


def rights(folder: Path) -> dict[str, int]:
    return {path.name: S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def test_the_record_and_all_beside_it_is_for_its_owner(tmp_path, umask):
    with closing(Database(f"sqlite:///{tmp_path / 'irscribe.db'}")) as database:
        migrate(database)
        with hold_file(database.file), database.write():
            back_up(database.file, tmp_path / "copy.db")
            found = rights(tmp_path)
    assert found.keys() == {"irscribe.db", "irscribe.db-wal", "irscribe.db-shm", "irscribe.db-bot", "copy.db"}
    assert set(found.values()) == {0o600}


@pytest.mark.parametrize("mask", [0o000, 0o777])
def test_the_umask_neither_gives_nor_takes_anything(tmp_path, mask):
    before = os.umask(mask)
    try:
        make_folder(tmp_path / "folder")
        make_file(tmp_path / "file")
    finally:
        os.umask(before)
    assert rights(tmp_path) == {"folder": 0o700, "file": 0o600}


@pytest.mark.parametrize(("mask", "found"), [(0o000, 0o755), (0o027, 0o750), (0o077, 0o700)])
def test_nobody_else_may_put_anything_into_a_folder_of_ours(tmp_path, mask, found):
    before = os.umask(mask)
    try:
        make_open_folder(tmp_path / "var" / "reports")
        make_folder(tmp_path / "other" / "own")
        Database(f"sqlite:///{tmp_path / 'data' / 'irscribe.db'}").create()
    finally:
        os.umask(before)
    assert rights(tmp_path) == {"var": found, "other": found, "data": found}
    assert rights(tmp_path / "var") == {"reports": found}


def test_what_is_there_keeps_its_rights(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder").chmod(0o755)
    make_folder(tmp_path / "folder")
    assert rights(tmp_path) == {"folder": 0o755}
    (tmp_path / "file").touch(mode=0o644)
    with pytest.raises(FileExistsError):
        make_file(tmp_path / "file")
    for made in (make_folder, make_open_folder):
        with pytest.raises(FileExistsError):
            made(tmp_path / "file")


def test_a_private_report_is_written_by_the_command_line_for_its_owner(tmp_path, monkeypatch, umask):
    monkeypatch.chdir(tmp_path)
    make_folder(tmp_path / "var")
    talk = Talk(tmp_path, url="sqlite:///var/irscribe.db")
    talk.say("alice", "!ir start --private leaked key")
    talk.database.close()
    assert main(["export", "1", "-o", "report.md"]) == 0
    assert rights(tmp_path)["report.md"] == 0o600


@pytest.fixture
def lax(tmp_path):
    """A record, a backup and a private report as a program made them that left it to the umask."""
    with closing(Database(f"sqlite:///{tmp_path / 'the record.db'}")) as database:
        migrate(database)
        with database.write():
            for name in ("backup", "reports-private"):
                (tmp_path / name).mkdir()
                (tmp_path / name).chmod(0o755)
            for path in tmp_path.glob("the record.db*"):
                path.chmod(0o644)
            yield tmp_path


def test_what_others_may_read_is_a_warning_with_what_to_type(lax):
    assert len(warnings(lax)) == 3
    for each in warnings(lax):
        subprocess.run(shlex.split(each.rpartition("; ")[2]), check=True)
    assert warnings(lax) == []


def warnings(folder: Path) -> list[str]:
    (folder / "config.ini").write_text(
        '[core]\nchannels = "#ops"\n[irscribe]\ndatabase = the record.db\nreports = reports\n', encoding="utf-8"
    )
    found = (str(each) for each in check.look(Namespace(config=folder / "config.ini", offline=True)))
    return [each for each in found if "others on this machine may read" in each]
