"""Opening a database: what reading leaves alone, and what is said when it cannot be used."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from threading import Thread, Timer

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from irscribe.domain.errors import DatabaseError
from models import Database
from models.migrating import migrate
from tests.botprocess import free_port
from tests.waiting import HANGS


@pytest.fixture
def database(tmp_path):
    with closing(Database(f"sqlite:///{tmp_path / 'irscribe.db'}")) as database:
        yield database


def test_a_new_file_on_which_another_program_is_at_work_is_opened_once_that_is_done(database):
    with closing(sqlite3.connect(database.file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"), closing(sqlite3.connect(database.file)) as third:
            third.execute("pragma journal_mode=wal")
        ends = Timer(0.2, other.commit)
        ends.start()
        assert database.version() is None
        ends.join()


def test_reading_makes_no_file(database):
    assert database.version() is None
    with pytest.raises(DatabaseError, match="There is no database at"), database.read():
        pass
    assert list(database.file.parent.iterdir()) == []


def test_only_what_makes_a_database_makes_its_file(database):
    with pytest.raises(DatabaseError, match="There is no database at"), database.write():
        pass
    assert not database.file.exists()


def test_reading_waits_for_nobody_who_writes(database):
    migrate(database)
    with closing(sqlite3.connect(database.file, isolation_level=None, timeout=0)) as other:
        other.execute("begin immediate")
        other.execute("delete from alembic_version")
        database.require_head()
        other.execute("rollback")


def test_a_transaction_that_fails_leaves_nothing_of_its_tables_either(database):
    database.create()
    with suppress(ZeroDivisionError), database.write() as session:
        session.execute(text("create table half_done (id integer)"))
        raise ZeroDivisionError
    with database.read() as session:
        assert session.execute(text("select name from sqlite_master")).all() == []


@pytest.fixture
def noted(database):
    """A database with a table to write to."""
    database.create()
    with database.write() as session:
        session.execute(text("create table note (text text)"))
    return database


def write(database, words):
    with database.write() as session:
        session.execute(text("insert into note values (:words)"), {"words": words})


def notes(database):
    with database.read() as session:
        return [row[0] for row in session.execute(text("select text from note order by rowid"))]


def test_the_connection_of_a_transaction_that_failed_is_used_no_more(noted):
    with suppress(ZeroDivisionError), noted.write() as session:
        before = session.connection.dbapi_connection
        raise ZeroDivisionError
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        before.execute("select 1")
    write(noted, "after")
    assert notes(noted) == ["after"]


def test_many_who_write_at_once_do_it_one_after_the_other(noted):
    threads = [Thread(target=write, args=(noted, str(number))) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANGS)
    assert sorted(map(int, notes(noted))) == list(range(20))


def test_who_finds_it_in_use_waits_no_longer_than_sqlite_does(noted):
    event.listen(noted.engine, "checkout", lambda raw, *_: raw.execute("pragma busy_timeout=50"))
    with noted.write(), pytest.raises(OperationalError, match="locked"):
        write(noted, "beside")
    write(noted, "after")
    assert notes(noted) == ["after"]


def test_a_file_that_is_no_database_is_refused_in_one_line(database):
    database.file.write_text("This is a letter, and a rather long one. " * 100)
    with pytest.raises(DatabaseError, match=r"^The database does not open: file is not a database\.$"):
        migrate(database)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "var").write_text("in the way")
    with (
        closing(Database(f"sqlite:///{tmp_path / 'var/irscribe.db'}")) as database,
        pytest.raises(DatabaseError, match=r"irscribe\.db cannot be made: "),
    ):
        migrate(database)


def test_a_server_that_is_not_there_is_one_line(tmp_path):
    url = f"postgresql+psycopg2://nobody:hunter2@127.0.0.1:{free_port()}/irscribe"
    with closing(Database(url)) as database, pytest.raises(DatabaseError, match="Connection refused") as refusal:
        database.require_head()
    assert "\n" not in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("url", ["", "var/irscribe.db", "nosuchsql://host/name", "postgresql://host:port/name"])
def test_what_is_no_database_url_is_refused_with_an_example(url):
    with pytest.raises(DatabaseError, match="such as sqlite:///"):
        Database(url)


def test_a_missing_driver_is_named_with_how_to_install_it():
    with pytest.raises(DatabaseError, match="driver cx_Oracle is not installed"):
        Database("oracle+cx_oracle://host/name")


def test_what_is_deleted_is_gone_from_the_log_beside_the_file_too(database):
    database.create()
    with database.write() as session:
        session.execute(text("create table note (text text)"))
        session.execute(text("insert into note values ('correct horse battery staple')"))
    with database.write() as session:
        session.execute(text("delete from note"))
    database.forget_deleted()
    kept = b"".join(path.read_bytes() for path in database.file.parent.iterdir())
    assert b"horse" not in kept
