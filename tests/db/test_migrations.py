"""From an empty database to the tables of the program, on every kind of database."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from irscribe.domain.errors import DatabaseError
from models import HEAD, Database, metadata
from models.migrating import SCRIPTS, migrate
from tests.botprocess import BOT
from tests.postgres import scratch_database

AT_ONCE = 3
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


def _write_failing_script(folder):
    shutil.copytree(SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions/9998_fails.py").write_text(FAILING.format(head=HEAD))


def _tables(database):
    with database.read() as session:
        return set(inspect(session).get_table_names())


def test_the_program_expects_the_last_migration():
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_migrated_database_has_the_tables_of_the_program_to_the_letter(database):
    migrate(database)
    with database.read() as session:
        context = MigrationContext.configure(session, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    database.require_head()


def test_migrating_again_changes_nothing(database):
    assert migrate(database) is None
    assert migrate(database) == HEAD


def test_a_migration_that_fails_half_way_leaves_nothing_and_can_be_tried_again(database, tmp_path, monkeypatch):
    _write_failing_script(tmp_path / "scripts")
    with monkeypatch.context() as patch:
        patch.setattr("models.migrating.SCRIPTS", tmp_path / "scripts")
        with pytest.raises(DatabaseError, match=r"does not take the migration: .*nowhere"):
            migrate(database)
    assert _tables(database) == set()
    migrate(database)
    assert _tables(database) == {*metadata.tables, "alembic_version"}


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


def test_several_may_migrate_at_once(database, tmp_path):
    settings = tmp_path / "config.ini"
    url = database.url.render_as_string(hide_password=False)
    settings.write_text(f'[core]\nchannels = "#ops"\n[irscribe]\ndatabase = {url}\n')
    migrating = [
        subprocess.Popen([sys.executable, str(BOT), "migrate"], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        for _ in range(AT_ONCE)
    ]
    assert [process.communicate(timeout=30)[1] for process in migrating] == [""] * AT_ONCE
    database.require_head()


def test_a_folder_whose_name_holds_a_percent_sign_is_no_hindrance(tmp_path, monkeypatch):
    scripts = tmp_path / "100%(done)s"
    shutil.copytree(SCRIPTS, scripts)
    monkeypatch.setattr("models.migrating.SCRIPTS", scripts)
    with closing(Database(f"sqlite:///{tmp_path / 'some.db'}")) as database:
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
