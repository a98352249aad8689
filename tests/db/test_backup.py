"""The commands of docs/operations.md for a backup and back, as they stand there."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path
from queue import SimpleQueue

import pytest

from irscribe.cli.arguments import read_arguments
from irscribe.domain.errors import DatabaseError
from irscribe.engine.writer import Writer
from models import Database
from models.backup import back_up
from tests.botprocess import BOT
from tests.lives import command
from tests.talk import Talk
from tests.waiting import HANGS

DOCUMENT = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
FOLDER = "/var/lib/irscribe"
UNIT = Path(__file__).parents[2] / "deploy" / "irscribe-backup.service"
DATED = r"irscribe-\d{4}-\d\d-\d\dT\d{4}Z\.db"
SOON = HANGS
BEFORE = 100


def _commands(title: str, folder: Path) -> list[str]:
    """The commands of a chapter, for a folder of ours and without what takes a machine of one's own."""
    chapter = DOCUMENT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    text = re.search(r"```\n(.+?)```", chapter, re.DOTALL)[1].replace(FOLDER, str(folder))
    for made in (folder / "backup").glob("*.db"):
        text = re.sub(DATED, made.name, text)
    lines = re.sub(
        r"^irscribe (\w+)", rf"{sys.executable} {BOT} \1 --config {folder}/config.ini", text, flags=re.MULTILINE
    ).splitlines()
    return [line.removeprefix("runuser -u irscribe -- ") for line in lines if not line.startswith("systemctl ")]


def _run(title: str, folder: Path) -> None:
    for line in _commands(title, folder):
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, ""), line


@pytest.fixture
def talk(tmp_path):
    (tmp_path / "config.ini").write_text('[core]\nchannels = "#ops"\n[irscribe]\ndatabase = irscribe.db\n')
    talk = Talk(tmp_path, url=f"sqlite:///{tmp_path / 'irscribe.db'}")
    talk.say("alice", "!ir start API returns 500")
    yield talk
    talk.database.close()


def _texts(folder: Path, file: Path) -> list[str]:
    database = Database(f"sqlite:///{file}")
    database.require_head()
    database.close()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
    copy = Talk(folder, url=f"sqlite:///{file}")
    texts = copy.texts()
    copy.database.close()
    return texts


def test_a_backup_holds_all_that_was_acknowledged_before_it_while_the_bot_writes_on(talk, tmp_path):
    acknowledged: SimpleQueue[str] = SimpleQueue()
    writer = Writer(talk.database, talk.adapter, lambda outcome: [acknowledged.put(str(each.text)) for each in outcome])
    writer.start()
    numbers = count()

    def note() -> None:
        writer.submit(talk.request("alice", f"!log note {next(numbers)}"))
        acknowledged.get(timeout=SOON)

    for _ in range(BEFORE):
        note()
    with ThreadPoolExecutor(1) as beside:
        backup = beside.submit(_run, "Backup", tmp_path)
        while not backup.done():
            note()
        backup.result()
    note()
    writer.stop(SOON)
    (copy,) = (tmp_path / "backup").iterdir()
    notes = _texts(tmp_path, copy)[1:]
    assert BEFORE <= len(notes) < next(numbers)
    assert notes == [f"note {number}" for number in range(len(notes))]


def test_what_is_restored_is_the_backup_whatever_a_bot_that_was_killed_left_beside_it(talk, tmp_path):
    talk.say("alice", "!log before the backup")
    _run("Backup", tmp_path)
    talk.say("alice", "!log after the backup")
    with closing(sqlite3.connect(tmp_path / "irscribe.db")) as killed:
        killed.execute("select * from line").fetchone()  # keeps what was written last beside the file
        talk.database.close()
        left = tmp_path / "left"
        left.mkdir()
        for path in tmp_path.glob("irscribe.db*"):
            shutil.copy(path, left)
    assert (left / "irscribe.db-wal").stat().st_size
    shutil.copytree(tmp_path / "backup", left / "backup")
    _run("Restore", left)
    assert _texts(tmp_path, left / "irscribe.db")[1:] == ["before the backup"]


def test_a_bot_that_was_stopped_in_good_order_leaves_one_file(talk, tmp_path):
    talk.say("alice", "!log the last word")
    talk.database.close()
    assert [path.name for path in tmp_path.glob("irscribe.db*")] == ["irscribe.db"]
    assert _texts(tmp_path, tmp_path / "irscribe.db")[1:] == ["the last word"]


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _verb(*words: str, folder: Path):
    return command("backup", *words, folder=folder)


def test_a_backup_is_dated_and_only_for_its_owner_in_a_folder_only_for_its_owner(talk, tmp_path):
    done = _verb(folder=tmp_path)
    copy = Path(done.stdout.rstrip("\n"))
    assert (done.returncode, done.stderr, copy.parent) == (0, "", tmp_path / "backup")
    assert re.fullmatch(DATED, copy.name)
    assert (_mode(copy), _mode(copy.parent)) == (0o600, 0o700)
    assert list(copy.parent.iterdir()) == [copy]
    assert _texts(tmp_path, copy) == talk.texts()


def test_a_backup_goes_to_the_file_or_the_folder_that_is_named(talk, tmp_path):
    (tmp_path / "safe").mkdir()
    assert _verb("one.db", folder=tmp_path).stdout == "one.db\n"
    assert re.fullmatch(f"safe/{DATED}\n", _verb("safe", folder=tmp_path).stdout)
    assert _mode(tmp_path / "one.db") == 0o600


def test_a_backup_is_not_readable_for_others_while_it_is_made(talk, tmp_path, monkeypatch):
    seen: list[int] = []
    proving = sqlite3.connect

    def connect(name: str, **how: object):
        seen.extend(_mode(each) for each in tmp_path.glob(".copy.db.*.part"))
        return proving(name, **how)

    monkeypatch.setattr(sqlite3, "connect", connect)
    back_up(tmp_path / "irscribe.db", tmp_path / "copy.db")
    assert seen == [0o600, 0o600]


@pytest.mark.parametrize("kind", ["file", "link to nowhere"])
def test_what_is_there_is_never_overwritten(talk, tmp_path, kind):
    copy = tmp_path / "copy.db"
    copy.write_text("precious") if kind == "file" else copy.symlink_to("nowhere")
    done = _verb("copy.db", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "copy.db is there already, and stays as it is: name another file.\n"
    assert copy.read_text() == "precious" if kind == "file" else copy.is_symlink()
    assert not (tmp_path / "nowhere").exists()


def test_a_name_that_is_taken_while_the_backup_is_made_stays_with_its_owner(talk, tmp_path, monkeypatch):
    copy, sync = tmp_path / "copy.db", os.fsync

    def meanwhile(file: int) -> None:
        copy.write_text("precious")
        sync(file)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(DatabaseError, match="is there already"):
        back_up(tmp_path / "irscribe.db", copy)
    assert copy.read_text() == "precious"
    assert list(tmp_path.glob(".copy*")) == []


@pytest.mark.parametrize(
    ("content", "copy", "sentence"),
    [
        (None, "copy.db", "There is no database at .*: nothing to back up"),
        (b"no database " * 1000, "copy.db", "No backup was made of .*: file is not a database"),
        (b"", "copy.db", "irscribe.db holds no record of irscribe: nothing to back up"),
        (b"", "none/copy.db", "none/copy.db cannot be written: No such file or directory"),
    ],
)
def test_what_cannot_be_backed_up_is_one_line_and_leaves_nothing(tmp_path, content, copy, sentence):
    if content is not None:
        (tmp_path / "irscribe.db").write_bytes(content)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(DatabaseError, match=sentence):
        back_up(tmp_path / "irscribe.db", tmp_path / copy)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("statement", ["create table alembic_version (version_num text)", "create table incident (x)"])
def test_a_database_of_something_else_is_not_backed_up(tmp_path, statement):
    with closing(sqlite3.connect(tmp_path / "irscribe.db")) as foreign:
        foreign.execute(statement)
    with pytest.raises(DatabaseError, match=r"irscribe\.db holds no record of irscribe"):
        back_up(tmp_path / "irscribe.db", tmp_path / "copy.db")
    assert [path.name for path in tmp_path.iterdir()] == ["irscribe.db"]


DAMAGES = {
    "its end is missing": lambda data: data[: len(data) // 2],
    "its second page is overwritten": lambda data: data[:4096] + b"\xff" * 4096 + data[8192:],
    "its first page is overwritten": lambda data: data[:100] + b"\xff" * 2000 + data[2100:],
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_database_is_said_to_be_damaged(talk, tmp_path, damage):
    talk.database.close()
    file = tmp_path / "irscribe.db"
    file.write_bytes(damage(file.read_bytes()))
    done = _verb("copy.db", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"No backup was made of \S+: it is damaged \(.+\); restore a backup\.\n", done.stderr)
    assert not list(tmp_path.glob("*copy.db*"))


def test_a_folder_whose_name_looks_like_an_address_gets_a_backup_all_the_same(talk, tmp_path):
    (tmp_path / "file:").mkdir()
    done = _verb("file:", folder=tmp_path)
    assert re.fullmatch(f"file:/{DATED}\n", done.stdout)
    assert _texts(tmp_path, tmp_path / done.stdout.strip()) == talk.texts()


def test_a_copy_that_lacks_what_the_record_has_is_none(talk, tmp_path, monkeypatch):
    opening, opened = sqlite3.connect, count(1)

    def connect(name: str, **how: object):
        if next(opened) == 2:
            next(tmp_path.glob(".copy.db.*.part")).write_bytes(b"")
        return opening(name, **how)

    monkeypatch.setattr(sqlite3, "connect", connect)
    with pytest.raises(DatabaseError, match="its copy lacks tables of it"):
        back_up(tmp_path / "irscribe.db", tmp_path / "copy.db")
    assert not list(tmp_path.glob("*copy.db*"))


def test_a_backup_that_is_killed_has_no_name(talk, tmp_path):
    killed = (
        "import os, pathlib; from models.backup import back_up; "
        "os.fsync = lambda file: os.kill(os.getpid(), 9); "
        "back_up(pathlib.Path('irscribe.db'), pathlib.Path('copy.db'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", killed], cwd=tmp_path, env={"PYTHONPATH": str(BOT.parent)}, check=False
    )
    assert done.returncode == -9
    assert not (tmp_path / "copy.db").exists()
    assert _mode(next(tmp_path.glob(".copy.db.*.part"))) == 0o600
    assert _verb("copy.db", folder=tmp_path).returncode == 0


PLACES = {
    "behind the name": ("me:geheim@127.0.0.1/irscribe", "me@127.0.0.1/irscribe"),
    "as an option": ("me@127.0.0.1/irscribe?password=geheim", "me@127.0.0.1/irscribe"),
    "as one of several": (
        "me:geheim@127.0.0.1/irscribe?sslmode=require&Password=geheim&sslpassword=geheim&passfile=/geheim",
        "me@127.0.0.1/irscribe?sslmode=require",
    ),
}


@pytest.mark.parametrize(("where", "shown"), PLACES.values(), ids=PLACES)
def test_a_server_is_left_to_pg_dump_and_its_password_is_not_said(tmp_path, where, shown):
    (tmp_path / "config.ini").write_text(f'[core]\nchannels = "#ops"\n[irscribe]\ndatabase = postgresql://{where}\n')
    done = _verb(folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith(f": pg_dump --format=custom --file=FILE postgresql://{shown}\n")
    assert done.stderr.count("\n") == 1


@pytest.fixture
def dated(talk, tmp_path):
    """Four backups of earlier days in the folder for them, oldest first."""
    folder = tmp_path / "backup"
    folder.mkdir()
    names = [f"irscribe-2020-01-0{day}T0000Z.db" for day in range(1, 5)]
    for name in names:
        (folder / name).touch()
    return names


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("keep", [1, 3, 5, 30])
def test_the_latest_backups_stay_and_older_ones_go(dated, tmp_path, keep):
    done = _verb("--keep", str(keep), folder=tmp_path)
    new = Path(done.stdout.rstrip("\n")).name
    assert (done.returncode, done.stderr) == (0, "")
    assert _names(tmp_path / "backup") == [*dated, new][-keep:]


@pytest.mark.parametrize(
    "name",
    ["other-2019-01-01T0000Z.db", "irscribe-2019-01-01T0000Z.db.gz", "irscribe-before.db", "irscribe.db", "notes"],
)
def test_only_dated_backups_of_this_database_are_removed(dated, tmp_path, name):
    (tmp_path / "backup" / name).write_text("precious")
    assert _verb("--keep", "1", folder=tmp_path).returncode == 0
    assert name in _names(tmp_path / "backup")
    assert len(_names(tmp_path / "backup")) == 2


def test_folders_and_links_that_are_named_like_backups_stay(dated, tmp_path):
    folder = tmp_path / "backup"
    (folder / "irscribe-2019-01-01T0000Z.db").mkdir()
    (folder / "irscribe-2019-01-02T0000Z.db").symlink_to("nowhere")
    assert _verb("--keep", "1", folder=tmp_path).returncode == 0
    assert _names(folder)[:2] == ["irscribe-2019-01-01T0000Z.db", "irscribe-2019-01-02T0000Z.db"]
    assert len(_names(folder)) == 3


def test_a_new_backup_stays_though_the_clock_was_set_back(talk, tmp_path):
    folder = tmp_path / "backup"
    folder.mkdir()
    (folder / "irscribe-9999-01-01T0000Z.db").touch()
    done = _verb("--keep", "1", folder=tmp_path)
    assert _names(folder) == [Path(done.stdout.rstrip("\n")).name]


def test_a_backup_that_fails_removes_none(dated, tmp_path):
    (tmp_path / "irscribe.db").write_bytes(b"no database " * 1000)
    assert _verb("--keep", "1", folder=tmp_path).returncode == 1
    assert _names(tmp_path / "backup") == dated


@pytest.mark.parametrize("words", [("one.db", "--keep", "2"), ("--keep", "0")])
def test_keeping_no_backup_or_those_of_a_file_is_refused_before_one_is_made(dated, tmp_path, words):
    done = _verb(*words, folder=tmp_path)
    assert done.returncode
    assert done.stderr
    assert not (tmp_path / "one.db").exists()
    assert _names(tmp_path / "backup") == dated


@pytest.mark.parametrize("told", [UNIT.read_text(encoding="utf-8"), DOCUMENT], ids=["the unit", "the line for cron"])
def test_a_daily_backup_keeps_thirty(told):
    (command,) = re.findall(r"bot\.py (backup.*?\.ini)", told)
    arguments = read_arguments(command.split())
    assert (arguments.keep, arguments.file) == (30, None)
