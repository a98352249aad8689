"""A text that was redacted leaves SQLite's log as well, whoever reads the database meanwhile."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from time import monotonic

import pytest

from models import outbox

WORD = b"hunter2"
SECONDS_AT_MOST = 8.0
"""Seconds, far fewer than those for which a lock is waited for."""


@pytest.fixture
def here(shelf):
    """An incident whose reports held a password, in every format; it is redacted, but the files know nothing of it."""
    here = shelf()
    here.talk.say("alice", "!log the password is hunter2")
    here.export()
    return here


@contextmanager
def _reader(here):
    """Somebody who reads one moment of the database for long."""
    with closing(sqlite3.connect(here.talk.database.file, isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select * from line").fetchone()
        yield


def _redact(here):
    here.talk.say("alice", "!ir redact 2 a password")


def _due(here):
    with here.talk.database.read() as session:
        return outbox.rewrites(session)


def test_who_reads_for_long_keeps_the_log_for_as_long_and_no_longer(here, caplog):
    with _reader(here):
        _redact(here)
        for _ in range(3):
            here.files.rewrite_due()
        assert _due(here) == []
        assert WORD in here.bytes()
    here.files.rewrite_due()
    assert WORD not in here.bytes()
    assert caplog.messages == ["The database is in use, so its log still holds what is gone; this is tried again."]


def test_the_reports_are_written_again_once_whoever_reads(here):
    with _reader(here):
        _redact(here)
        here.files.rewrite_due()
        path = here.folder / "reports" / "incident-1.json"
        written = path.stat().st_ino, path.read_bytes()
        here.files.rewrite_due()
        assert (path.stat().st_ino, path.read_bytes()) == written
        assert WORD not in written[1]


def test_what_could_not_be_forgotten_is_after_a_restart(here):
    with _reader(here):
        _redact(here)
        here.files.rewrite_due()
        here.start()
    assert WORD in here.bytes()
    here.files.rewrite_due()
    assert WORD not in here.bytes()


def test_who_reads_holds_up_neither_the_ticks_nor_who_writes_for_long(here):
    with _reader(here):
        _redact(here)
        begun = monotonic()
        here.files.rewrite_due()
        here.talk.say("alice", "!log still here")
        assert monotonic() - begun < SECONDS_AT_MOST
        assert not here.talk.database.forget_deleted()


def test_who_writes_is_waited_for_afterwards_as_long_as_before(here):
    _redact(here)
    with closing(sqlite3.connect(here.talk.database.file, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert not here.talk.database.forget_deleted()
        other.execute("rollback")
    with here.talk.database.read() as session:
        assert session.exec_driver_sql("pragma busy_timeout").scalar() == 10_000
    assert here.talk.database.forget_deleted()


def _put_in_the_way(here, number):
    report = here.folder / "reports" / f"incident-{number}.json"
    report.unlink()
    report.mkdir()
    return report


def test_a_report_that_cannot_be_written_again_holds_up_nothing_else_and_is_tried_again(here, caplog):
    here.talk.say("bob", "!ir start another", channel="#elsewhere")
    here.talk.say("bob", "!log hunter2 it was", channel="#elsewhere")
    here.export("!ir export", channel="#elsewhere")
    in_the_way = _put_in_the_way(here, 1)
    _redact(here)
    here.talk.say("bob", "!ir redact 2 a password", channel="#elsewhere")
    for _ in range(2):
        here.files.rewrite_due()
    others = [*here.folder.glob("talk.db*"), *here.folder.glob("reports/incident-2.*")]
    assert WORD not in b"".join(path.read_bytes() for path in others)
    assert [each.incident for each in _due(here)] == [1]
    in_the_way.rmdir()
    here.files.rewrite_due()
    assert WORD not in here.bytes()
    assert _due(here) == []
    assert [text[:38] for text in caplog.messages] == ["the report of 1 could not be written: "]


def test_what_a_bot_that_takes_over_could_not_write_again_at_first_it_does_later(here):
    in_the_way = _put_in_the_way(here, 1)
    _redact(here)
    with here.talk.database.write() as session:
        for intent in outbox.rewrites(session):
            outbox.finish(session, intent.id)
    for path in (here.folder / "reports").iterdir():
        os.utime(path, (0, 0))
    here.files.catch_up()
    in_the_way.rmdir()
    here.files.rewrite_due()
    assert WORD not in here.bytes()
