"""From an empty or an older database to the tables of the program, on every kind of database."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect, text

from irscribe.domain.errors import DatabaseError
from models import HEAD, Database, imports, metadata
from models.migrating import SCRIPTS, migrate
from tests.botprocess import BOT
from tests.postgres import scratch_database
from tests.waiting import HANGS

PROCESSES = 3
FIRST, BEFORE, BEFORE_IMPORTS = "0001", "0002", "0004"
# The place of a column is counted among those there are: PostgreSQL never gives the number of a dropped one again.
COLUMNS = """
select table_name, row_number() over (partition by table_name order by ordinal_position), column_name,
data_type, character_maximum_length, is_nullable, column_default,
is_identity from information_schema.columns join information_schema.tables using (table_schema, table_name)
where table_schema = current_schema and table_type = 'BASE TABLE'
"""
CONSTRAINTS = """
select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
where connamespace = current_schema::regnamespace
"""
CATALOGUE = {
    "sqlite": (
        "select type, tbl_name, name, sql from sqlite_master",
        "select tables.name, columns.* from sqlite_master tables join pragma_table_xinfo(tables.name) columns",
    ),
    "postgresql": (
        COLUMNS,
        CONSTRAINTS,
        "select tablename, indexdef from pg_indexes where schemaname = current_schema",
        "select sequencename, data_type::text from pg_sequences where schemaname = current_schema",
    ),
}
"""The queries that read the schema from each kind of database; SQLite keeps the statements themselves."""
FAILING = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "9998", "{head}", None, None


def upgrade():
    op.execute("create table half_done (id integer)")
    op.execute("insert into nowhere values (1)")
"""


@pytest.fixture
def sqlite_url(tmp_path):
    return f"sqlite:///{tmp_path / 'var' / 'irscribe.db'}"


@pytest.fixture
def postgresql_url():
    with scratch_database() as url:
        yield url


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def database(request):
    database = Database(request.getfixturevalue(request.param))
    yield database
    database.close()


@pytest.fixture
def old(database):
    """A database as the first version of the program left it."""
    _run_scripts(database, FIRST)
    return database


def _run_scripts(database, revision, *, run=command.upgrade):
    config = _config()
    database.create()
    with database.write() as session:
        config.attributes["connection"] = session
        run(config, revision)


def _config():
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config


def _schema(database):
    """All there is to say of a schema, in no order but that of columns."""
    with database.read() as session:
        rows = [row for query in CATALOGUE[session.dialect.name] for row in session.execute(text(query))]
    return sorted(tuple(map(_normalised, row)) for row in rows)


def _normalised(value):
    """A statement that makes a table is made of parts whose order says nothing: columns have their place as well."""
    if not str(value).startswith("CREATE TABLE"):
        return str(value)
    head, body, rest = re.fullmatch(r"([^(]*)\((.*)\)([^)]*)", " ".join(value.split())).groups()
    parts = re.split(r", (?![^()]*\))", body)
    return f"{head.strip()} {sorted(each.strip() for each in parts)} {rest.strip()}"


def _write_failing_script(folder):
    shutil.copytree(SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions/9998_fails.py").write_text(FAILING.format(head=HEAD))


def _tables(database):
    with database.read() as session:
        return set(inspect(session).get_table_names())


def test_the_program_expects_the_last_migration():
    assert ScriptDirectory.from_config(_config()).get_heads() == [HEAD]


def test_a_migrated_database_has_the_tables_of_the_program_to_the_letter(old):
    assert migrate(old) == FIRST
    with old.read() as session:
        context = MigrationContext.configure(session, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    old.require_head()


def test_a_database_made_new_and_one_that_was_migrated_are_the_same(old):
    migrate(old)
    migrated = _schema(old)
    with old.write() as session:
        if session.dialect.name == "postgresql":
            session.execute(text("drop view turn"))
        everything = MetaData()
        everything.reflect(session)
        everything.drop_all(session)
    assert migrate(old) is None
    assert _schema(old) == migrated
    old.require_head()


def test_a_database_made_new_can_go_back_to_the_version_before_and_come_again(database):
    migrate(database)
    made = _schema(database)
    _run_scripts(database, BEFORE, run=command.downgrade)
    assert migrate(database) == BEFORE
    assert _schema(database) == made


def test_the_version_before_unfinished_imports_shows_nothing_of_one(database):
    migrate(database)
    names = ("network", "channel", "channel_name", "state", "status", "document_status")
    values = dict.fromkeys(names, "x") | dict.fromkeys(("private", "drill", "retrospective"), False)
    with database.write() as session:
        imports.begin(session, {**values, "number": 7, "opened_at": datetime(2026, 11, 22, tzinfo=UTC)}, digest="x")
    _run_scripts(database, BEFORE_IMPORTS, run=command.downgrade)
    with database.read() as session:
        assert session.execute(text("select count(*) from incident")).scalar() == 0


def test_migrating_again_changes_nothing(database):
    assert migrate(database) is None
    assert migrate(database) == HEAD


def test_an_empty_database_is_made_without_alembic(tmp_path):
    probe = "import sys; from irscribe.cli import main; main(['migrate']); print(*sys.modules)"
    environment = os.environ | {"PYTHONPATH": str(BOT.parent)}
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert f"The database is at version {HEAD}; it was empty." in done.stdout
    assert "alembic" not in done.stdout.split()


def test_a_migration_that_fails_half_way_leaves_nothing_and_can_be_tried_again(old, tmp_path, monkeypatch):
    _write_failing_script(tmp_path / "scripts")
    before = _schema(old)
    with monkeypatch.context() as patch:
        patch.setattr("models.migrating.SCRIPTS", tmp_path / "scripts")
        with pytest.raises(DatabaseError, match=r"does not take the migration: .*nowhere"):
            migrate(old)
    assert _schema(old) == before
    assert migrate(old) == FIRST
    assert _tables(old) == {*metadata.tables, "alembic_version"}


def test_a_database_that_holds_tables_of_somebody_else_is_refused_and_left_alone(database):
    database.create()
    with database.write() as session:
        session.execute(text("create table outbox (id integer)"))
    with pytest.raises(DatabaseError, match=r"does not take the migration: .*outbox.* already exists"):
        migrate(database)
    assert _tables(database) == {"outbox"}


def test_a_database_newer_than_the_program_is_refused_and_left_alone(database):
    migrate(database)
    with database.write() as session:
        session.execute(text("update alembic_version set version_num = '9999'"))
    for use in (migrate, Database.require_head):
        with pytest.raises(DatabaseError, match="newer than this program: upgrade irscribe"):
            use(database)
    assert database.version() == "9999"


def test_a_database_that_was_never_migrated_is_refused_with_what_to_run(database):
    database.create()
    with pytest.raises(DatabaseError, match=r"run `bot\.py migrate`"):
        database.require_head()


@pytest.mark.parametrize("before", [None, FIRST])
def test_several_may_migrate_at_once(database, tmp_path, before):
    if before is not None:
        _run_scripts(database, before)
    settings = tmp_path / "config.ini"
    url = database.url.render_as_string(hide_password=False)
    settings.write_text(f'[core]\nchannels = "#ops"\n[irscribe]\ndatabase = {url}\n')
    migrating = [
        subprocess.Popen([sys.executable, str(BOT), "migrate"], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    assert [process.communicate(timeout=HANGS)[1] for process in migrating] == [""] * PROCESSES
    database.require_head()


def test_a_folder_whose_name_holds_a_percent_sign_is_no_hindrance(tmp_path, monkeypatch):
    scripts = tmp_path / "100%(done)s"
    shutil.copytree(SCRIPTS, scripts)
    monkeypatch.setattr("models.migrating.SCRIPTS", scripts)
    with closing(Database(f"sqlite:///{tmp_path / 'some.db'}")) as database:
        _run_scripts(database, FIRST)
        migrate(database)
        database.require_head()


def test_the_statements_make_the_same_tables_by_hand(tmp_path, sqlite_url):
    printed = subprocess.run(
        [sys.executable, str(BOT), "migrate", "--sql"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    by_hand = tmp_path / "by_hand.db"
    with closing(sqlite3.connect(by_hand)) as connection:
        connection.executescript(printed.stdout)
    with closing(Database(f"sqlite:///{by_hand}")) as database:
        database.require_head()
        with database.read() as session:
            assert compare_metadata(MigrationContext.configure(session), metadata) == []
