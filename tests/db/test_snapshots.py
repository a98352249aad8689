"""A snapshot sees one moment, writes nothing, and ends in time or when a purge needs its place."""

from __future__ import annotations

from contextlib import closing
from threading import Event, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models import SnapshotEndedError, is_out_of_reach
from tests.db.desk import locked
from tests.postgres import emptied_database
from tests.talk import Talk
from tests.waiting import HANGS

ENDLESS = text("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n")
COUNT = text("select count(*) from entry")


def test_a_snapshot_sees_one_moment(talk):
    talk.say("alice", "!ir start API returns 500")
    with talk.database.snapshot() as snapshot:
        assert snapshot.execute(COUNT).scalar() == 1
        talk.say("alice", "!log a note")
        assert snapshot.execute(COUNT).scalar() == 1
    with talk.database.snapshot() as snapshot:
        assert snapshot.execute(COUNT).scalar() == 2


def test_a_snapshot_writes_nothing(talk):
    with pytest.raises(DBAPIError), talk.database.snapshot() as snapshot:
        snapshot.execute(text("delete from entry"))


def test_a_statement_is_ended_when_the_snapshot_has_lasted_too_long(filed):
    filed.database.snapshots.longest = 0.05
    with pytest.raises(SnapshotEndedError), filed.database.snapshot() as snapshot:
        snapshot.execute(ENDLESS)
    filed.database.snapshots.longest = HANGS
    with filed.database.snapshot() as snapshot:
        assert snapshot.execute(COUNT).scalar() == 0


def test_the_server_ends_a_statement_that_lasts_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr("models.postgresql.LONGEST", 0.1)
    talk = Talk(tmp_path, url=emptied_database())
    talk.database.snapshots.longest = 0.1
    with closing(talk.database):
        with pytest.raises(SnapshotEndedError), talk.database.snapshot() as snapshot:
            snapshot.execute(text("select pg_sleep(60)"))
        with talk.database.snapshot() as snapshot:
            assert snapshot.execute(COUNT).scalar() == 0


def test_a_snapshot_whose_connection_is_ended_fails_with_that_and_the_next_one_reads(tmp_path):
    talk = Talk(tmp_path, url=emptied_database())

    def read_on():
        with talk.database.snapshot() as snapshot:
            process = snapshot.execute(text("select pg_backend_pid()")).scalar()
            with talk.database.read() as other:
                assert other.execute(text(f"select pg_terminate_backend({process}, 60000)")).scalar()
            snapshot.execute(COUNT)

    with closing(talk.database):
        with pytest.raises(DBAPIError) as failure:
            read_on()
        assert is_out_of_reach(failure.value)
        with talk.database.snapshot() as snapshot:
            assert snapshot.execute(COUNT).scalar() == 0


def test_a_purge_interrupts_a_snapshot_that_stays_in_its_way(filed, monkeypatch):
    monkeypatch.setattr("models.snapshots.PATIENCE", 0.05)
    filed.say("alice", "!ir start API returns 500")
    begun, ended = Event(), Event()

    def read_on():
        with filed.database.snapshot() as snapshot:
            snapshot.execute(COUNT)
            filed.say("alice", "!log a note")
            begun.set()
            with pytest.raises(SnapshotEndedError):
                snapshot.execute(ENDLESS)
        ended.set()

    reader = Thread(target=read_on)
    reader.start()
    assert begun.wait(HANGS)
    assert filed.database.forget_deleted()
    assert ended.wait(HANGS)
    reader.join()
    assert not filed.database.file.with_name("talk.db-wal").stat().st_size


def test_a_purge_waits_for_a_snapshot_that_ends_by_itself(filed):
    filed.say("alice", "!ir start API returns 500")
    begun, go_on, seen = Event(), Event(), []

    def read():
        with filed.database.snapshot() as snapshot:
            snapshot.execute(COUNT)
            filed.say("alice", "!log a note")
            begun.set()
            assert go_on.wait(HANGS)
            seen.append(snapshot.execute(COUNT).scalar())

    reader = Thread(target=read)
    reader.start()
    assert begun.wait(HANGS)
    go_on.set()
    assert filed.database.forget_deleted()
    reader.join()
    assert seen == [1]


def test_a_lock_of_another_program_holds_up_no_snapshot(filed):
    with locked(filed.database.file), filed.database.snapshot() as snapshot:
        assert snapshot.execute(COUNT).scalar() == 0


@pytest.mark.parametrize(
    ("line", "withdrawn"),
    [
        ("!log a note", 0),
        ("!ir fix 2 other words", 0),
        ("!ir strike 2", 0),
        ("!ir private off", 0),
        ("!ir add carol", 0),
        ("!ir private on", 1),
        ("!ir redact 2 a secret", 1),
        ("!ir redact summary a secret", 1),
        ("!ir remove bob", 1),
        ("!ir ic none", 1),
    ],
)
def test_it_is_known_which_commits_take_something_from_its_readers(filed, line, withdrawn):
    filed.operators.add("alice")
    for before in ("!ir start API returns 500", "!log a note", "!ir summary words", "!ir add bob", "!ir ic me"):
        filed.say("alice", before)
    count = filed.database.withdrawals
    filed.say("alice", line)
    assert filed.database.withdrawals - count == withdrawn


def test_taking_back_that_an_incident_became_public_withdraws_it(filed):
    filed.operators.add("alice")
    for line in ("!ir start --private API returns 500", "!ir private off"):
        filed.say("alice", line)
    count = filed.database.withdrawals
    assert "private again" in filed.say("alice", "!ir undo")[0]
    assert filed.database.withdrawals == count + 1
