"""The commands of docs/operations.md for a backup and back, as they stand there."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue

import pytest

from irscribe.writer import Writer
from models import Database
from tests.packages import apt_line
from tests.talk import Talk
from tests.waiting import HANGS

DOCUMENT = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
FOLDER = "/var/lib/irscribe"
SOON = HANGS
NOTES = 3000
BEFORE = 100

pytestmark = pytest.mark.skipif(shutil.which("sqlite3") is None, reason=f"no sqlite3: {apt_line('sqlite3')}")


def _commands(title: str, folder: Path) -> list[str]:
    """The commands of a chapter, for a folder of ours and without what takes a machine of one's own."""
    chapter = DOCUMENT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    lines = re.search(r"```\n(.+?)```", chapter, re.DOTALL)[1].replace(FOLDER, str(folder)).splitlines()
    return [line.removeprefix("runuser -u irscribe -- ") for line in lines if not line.startswith("systemctl ")]


def _run(title: str, folder: Path) -> None:
    for command in _commands(title, folder):
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, ""), command


@pytest.fixture
def talk(tmp_path):
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
    writer = Writer(talk.database, talk.adapter, lambda outcome: [acknowledged.put(each.text) for each in outcome])
    for number in range(NOTES):
        writer.submit(talk.request("alice", f"!log note {number}"))
    writer.start()
    before = [acknowledged.get(timeout=SOON) for _ in range(BEFORE)]
    _run("Backup", tmp_path)
    for _ in range(NOTES - BEFORE):
        acknowledged.get(timeout=SOON)
    writer.stop(SOON)
    notes = _texts(tmp_path, tmp_path / "backup" / "irscribe.db")[1:]
    assert len(before) <= len(notes) < NOTES
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
    (left / "backup").mkdir()
    shutil.copy(tmp_path / "backup" / "irscribe.db", left / "backup")
    _run("Restore", left)
    assert _texts(tmp_path, left / "irscribe.db")[1:] == ["before the backup"]


def test_a_bot_that_was_stopped_in_good_order_leaves_one_file(talk, tmp_path):
    talk.say("alice", "!log the last word")
    talk.database.close()
    assert [path.name for path in tmp_path.glob("irscribe.db*")] == ["irscribe.db"]
    assert _texts(tmp_path, tmp_path / "irscribe.db")[1:] == ["the last word"]
