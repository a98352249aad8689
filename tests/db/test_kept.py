"""The one connection that a file is written through."""

from __future__ import annotations

from contextlib import closing, suppress
from sqlite3 import ProgrammingError
from threading import Event, Thread

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from models import Database
from tests.waiting import HANGS

SOON = HANGS


@pytest.fixture
def database(tmp_path):
    with closing(Database(f"sqlite:///{tmp_path}/kept.db")) as database:
        database.create()
        with database.write() as session:
            session.execute(text("create table note (text)"))
        yield database


@pytest.fixture
def taken(database):
    """What is taken from the pool from now on."""
    found = []
    event.listen(database.engine, "checkout", lambda raw, *_: found.append(raw))
    return found


def write(database, words):
    with database.write() as session:
        session.execute(text("insert into note values (:words)"), {"words": words})


def notes(database):
    with database.read() as session:
        return [row[0] for row in session.execute(text("select text from note order by rowid"))]


def test_transactions_that_come_to_something_share_a_connection(database, taken):
    for words in ("first", "second", "third"):
        write(database, words)
    assert taken == []
    assert notes(database) == ["first", "second", "third"]


def test_one_that_fails_takes_nothing_with_it_and_the_next_has_a_connection_of_its_own(database, taken):
    with suppress(ZeroDivisionError), database.write() as session:
        session.execute(text("insert into note values ('never')"))
        raise ZeroDivisionError
    write(database, "after")
    assert len(taken) == 1
    assert notes(database) == ["after"]


def test_an_engine_that_was_disposed_of_has_it_taken_anew(database, taken):
    database.engine.dispose()
    write(database, "anew")
    assert len(taken) == 1
    assert notes(database) == ["anew"]


def test_two_who_write_at_once_do_it_one_after_the_other(database):
    threads = [Thread(target=write, args=(database, str(number))) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    assert sorted(map(int, notes(database))) == list(range(20))


def test_what_an_engine_had_before_it_was_disposed_of_is_closed(database):
    with database.write() as session:
        before = session.connection.dbapi_connection
    database.engine.dispose()
    write(database, "anew")
    with pytest.raises(ProgrammingError, match="closed"):
        before.execute("select 1")


def test_who_finds_it_in_use_waits_no_longer_than_sqlite_does(database):
    event.listen(database.engine, "checkout", lambda raw, *_: raw.execute("pragma busy_timeout=50"))
    with database.write(), pytest.raises(OperationalError, match="locked"):
        write(database, "beside")
    write(database, "after")
    assert notes(database) == ["after"]


def test_the_end_waits_for_nobody_who_is_still_writing(database):
    begun, over = Event(), Event()

    def take_long():
        with database.write():
            begun.set()
            over.wait(SOON)

    writer = Thread(target=take_long)
    writer.start()
    assert begun.wait(SOON)
    database.close()
    over.set()
    writer.join(SOON)
    assert not writer.is_alive()
