"""Connections to a PostgreSQL server in which every wait has a limit, and the address to show of it."""

from __future__ import annotations

import re
from select import select as wait_for
from time import monotonic
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine
from sqlalchemy.engine import URL, Engine
from sqlalchemy.util import immutabledict

from models.snapshots import LONGEST

SILENCE_LIMIT, CONNECT_LIMIT = 8, 3
"""Most seconds of silence on a connection before each side closes it; most seconds of an attempt to connect."""
LOCK_LIMIT = 5
"""Most seconds that a statement waits for another transaction's lock."""
DRIVER_LIMITS = MappingProxyType(
    {
        "connect_timeout": CONNECT_LIMIT,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": SILENCE_LIMIT * 1000,
    }
)
"""The driver's limits for noticing that the server is gone: seconds, the last one milliseconds
(postgresql.org/docs/current/libpq-connect.html)."""
SERVER_LIMITS = MappingProxyType(
    {
        "idle_session_timeout": SILENCE_LIMIT,
        "idle_in_transaction_session_timeout": SILENCE_LIMIT,
        "tcp_user_timeout": SILENCE_LIMIT,
        "statement_timeout": SILENCE_LIMIT - 1,
        "lock_timeout": LOCK_LIMIT,
    }
)
"""The server's limits for a bot that is gone, and for a statement: seconds
(postgresql.org/docs/current/runtime-config-client.html)."""

SECRET_OPTION = re.compile("pass|secret", re.IGNORECASE)
"""The names of options in the query of an address that hold a secret: password, passfile, sslpassword."""


def address(url: URL) -> URL:
    """Give a database's address to show: without passwords and files of them, in every part."""
    kept = {option: value for option, value in url.query.items() if not SECRET_OPTION.search(option)}
    return url._replace(password=None, query=immutabledict(kept))


def shared_engine(url: URL) -> Engine:
    """Make an ordinary engine that notices a lost server."""
    return create_engine(url, future=True, pool_pre_ping=True, connect_args=dict(DRIVER_LIMITS))


def snapshot_engine(url: URL) -> Engine:
    """Make an engine whose transactions see one moment and write nothing, with the limits of a snapshot."""
    limit = f"{int(LONGEST * 1000)}ms"
    options = f"-c statement_timeout={limit} -c idle_in_transaction_session_timeout={2 * SILENCE_LIMIT}s"
    own = {**DRIVER_LIMITS, "options": options}
    engine = create_engine(url, future=True, pool_pre_ping=True, connect_args=own, isolation_level="REPEATABLE READ")
    return engine.execution_options(postgresql_readonly=True)


def single_connection(url: URL) -> Engine:
    """Make an engine of one connection, which has a name of its own on the server and limits on silence."""
    _limit_every_wait()
    options = " ".join(f"-c {name}={seconds}s" for name, seconds in SERVER_LIMITS.items())
    own = {**DRIVER_LIMITS, "application_name": f"irscribe {uuid4().hex}", "options": options}
    return create_engine(url, future=True, pool_size=1, max_overflow=0, pool_pre_ping=True, connect_args=own)


def _limit_every_wait() -> None:
    """Let the driver wait by ``_wait``: its own wait for a frozen or unreachable server has no limit."""
    from psycopg2 import extensions

    extensions.set_wait_callback(_wait)


def _wait(connection: Any) -> None:
    """Wait until an operation is done; raise OperationalError after the limit, and the driver closes the connection.

    Source: psycopg.org/docs/advanced.html, support for coroutine libraries.
    """
    from psycopg2 import OperationalError
    from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE, STATUS_SETUP

    limit = CONNECT_LIMIT if connection.status == STATUS_SETUP else SILENCE_LIMIT
    end = monotonic() + limit
    while (state := connection.poll()) != POLL_OK:
        reads, writes = [[connection] if state == each else [] for each in (POLL_READ, POLL_WRITE)]
        left = end - monotonic()
        if left <= 0 or not any(wait_for(reads, writes, [], left)):
            raise OperationalError(f"the server has not answered for {limit} s")
