"""A database of one's own on a PostgreSQL server, dropped at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

SERVER = os.environ.get("IRSCRIBE_TEST_POSTGRESQL", "postgresql+psycopg2://postgres@127.0.0.1:5432/postgres")
MISSING = (
    "no PostgreSQL: sudo apt-get install postgresql, and name a server where databases may be made in "
    "IRSCRIBE_TEST_POSTGRESQL=postgresql+psycopg2://USER:PASSWORD@HOST/postgres"
)


@contextmanager
def scratch_database() -> Iterator[str]:
    """The URL of an empty database; the test is skipped where there is no server."""
    server = make_url(SERVER)
    name = f"irscribe_{uuid4().hex}"
    _run(server, f"create database {name}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _run(server, f"drop database {name} with (force)")


def _run(server: URL, statement: str) -> None:
    engine = create_engine(server, future=True, isolation_level="AUTOCOMMIT")
    try:
        with closing(engine.connect()) as connection:
            connection.exec_driver_sql(statement)
    except OperationalError:
        pytest.skip(MISSING)
    finally:
        engine.dispose()
