"""PostgreSQL for the tests: a database of one's own on a server that is there, or a server of one's own."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from types import TracebackType
from uuid import uuid4

import pytest
from psycopg2 import extensions
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import OperationalError

from models import Database, OccupiedError, metadata
from models.migrating import migrate
from tests.botprocess import free_port
from tests.ircservers import NOBODY, START_SECONDS, Process
from tests.packages import apt_line
from tests.waiting import wait_until

SERVER = os.environ.get("IRSCRIBE_TEST_POSTGRESQL", "postgresql+psycopg2://postgres@127.0.0.1:5432/postgres")
MISSING = (
    f"no PostgreSQL: {apt_line('postgresql')}, and name a server where databases may be made in "
    "IRSCRIBE_TEST_POSTGRESQL=postgresql+psycopg2://USER:PASSWORD@HOST/postgres"
)
PROGRAMS = "usr/lib/postgresql/*/bin/initdb"
INDEPENDENT = ("--encoding=UTF8", "--no-locale")
ONLY_LOCAL = ("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=")


@contextmanager
def scratch_database(template: str = "template1") -> Iterator[str]:
    """The URL of a database like the template, an empty one; the test is skipped where there is no server."""
    server = make_url(SERVER)
    name = f"irscribe_{uuid4().hex}"
    try:
        execute(server, f"create database {name} template {template}")
    except OperationalError:
        pytest.skip(MISSING)
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        execute(server, f"drop database {name} with (force)")


@contextmanager
def migrated_database() -> Iterator[str]:
    """The URL of a database of one's own at the program's version, with nothing in it."""
    with scratch_database(_migrated_template()) as url:
        yield url


@cache
def _migrated_template() -> str:
    """The name of a database that is migrated once for all tests of a process, and that nobody connects to."""
    databases = ExitStack()
    atexit.register(databases.close)
    url = databases.enter_context(scratch_database())
    with closing(Database(url)) as database:
        migrate(database)
    return str(make_url(url).database)


def emptied_database() -> str:
    """The URL of this process's own database at the program's version, with nothing in it."""
    with _own_database().begin() as connection:
        connection.exec_driver_sql(_emptying())
    return _own_database().url.render_as_string(hide_password=False)


@cache
def _own_database() -> Engine:
    """Made once; dropped when the process ends. Its rows need not survive a crash of the server."""
    databases = ExitStack()
    atexit.register(databases.close)
    url = databases.enter_context(migrated_database())
    execute(make_url(url), f"alter database {make_url(url).database} set synchronous_commit = off")
    engine = create_engine(url, future=True)
    databases.callback(engine.dispose)
    return engine


@cache
def _emptying() -> str:
    """The SQL that empties a database in one call: a statement for each table would be a round trip for each."""
    tables = metadata.sorted_tables
    deletes = [str(table.delete()) for table in reversed(tables)]
    restarts = [f"select setval('{table.name}_id_seq', 1, false)" for table in tables if "id" in table.c]
    return "; ".join(deletes + restarts)


def claim_free(database: Database) -> None:
    """Claim a database whose server has perhaps not noticed yet that another bot is gone."""
    end = monotonic() + START_SECONDS
    while monotonic() < end:
        with suppress(OccupiedError):
            return database.take_leader_lock()
    raise AssertionError("the lock was never free")


def execute(server: URL, statement: str) -> None:
    """Do something on a server."""
    engine = create_engine(server, future=True, isolation_level="AUTOCOMMIT")
    try:
        with _waiting_without_limit(), closing(engine.connect()) as connection:
            connection.exec_driver_sql(statement)
    finally:
        engine.dispose()


@contextmanager
def _waiting_without_limit() -> Iterator[None]:
    """Lift the limit that the product sets for every wait of the driver: a busy server drops a database slowly."""
    limited = extensions.get_wait_callback()
    extensions.set_wait_callback(None)
    try:
        yield
    finally:
        extensions.set_wait_callback(limited)


class Cluster(Process):
    """A server in a folder of its own, which is gone with it; ``url`` is its one database."""

    def __init__(self) -> None:
        programs, port = _programs(), free_port()
        self.url = f"postgresql+psycopg2://postgres@127.0.0.1:{port}/postgres"
        self._room = TemporaryDirectory()
        folder = Path(self._room.name)
        user = NOBODY if os.geteuid() == 0 else None  # it refuses to run as root
        if user is not None:
            os.chown(folder, user, user)
        subprocess.run(
            [programs / "initdb", "--auth=trust", "--username=postgres", "--no-sync", *INDEPENDENT, folder],
            check=True,
            capture_output=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )
        super().__init__(
            folder, [str(programs / "postgres"), "-D", str(folder), "-p", str(port), *ONLY_LOCAL], port, user=user
        )
        self.expect_answer()

    def expect_answer(self) -> None:
        """Wait until it has recovered and serves."""
        wait_until(self._answers, START_SECONDS, "PostgreSQL does not serve")

    def execute(self, statement: str) -> None:
        """Do something of its own."""
        execute(make_url(self.url), statement)

    def _answers(self) -> bool:
        try:
            self.execute("select 1")
        except OperationalError:
            return False
        return True

    def kill(self) -> None:
        """End it and every process of its own at once, as the end of the machine would."""
        own = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii").split()
        super().kill()
        for each in own:
            with suppress(ProcessLookupError):
                os.kill(int(each), signal.SIGKILL)
        wait_until(lambda: not any(map(_runs, own)), START_SECONDS, "PostgreSQL's processes do not end")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._room.cleanup()


def _programs() -> Path:
    found = sorted(Path("/").glob(PROGRAMS))
    if not found:
        pytest.skip(f"initdb is not here: {apt_line('postgresql')}")
    return found[-1].parent


def _runs(process: str) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
