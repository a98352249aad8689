"""Connections to a PostgreSQL server in which every wait has a limit, and the address to show of it."""

from __future__ import annotations

import re
from importlib import import_module
from select import select as wait_for
from time import monotonic
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine
from sqlalchemy.engine import URL, Engine
from sqlalchemy.util import immutabledict

SILENT_AFTER, CONNECTED_AFTER = 8, 3
"""Seconds of silence after which each side closes a connection, and after which an attempt to connect fails."""
LOCK_TIMEOUT = 5
"""Most seconds that a statement waits for another transaction's lock."""
DRIVER_LIMITS = MappingProxyType(
    {
        "connect_timeout": CONNECTED_AFTER,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": SILENT_AFTER * 1000,
    }
)
"""The driver's limits for noticing that the server is gone: seconds, the last one milliseconds
(postgresql.org/docs/current/libpq-connect.html)."""
SERVER_LIMITS = MappingProxyType(
    {
        "idle_session_timeout": SILENT_AFTER,
        "idle_in_transaction_session_timeout": SILENT_AFTER,
        "tcp_user_timeout": SILENT_AFTER,
        "statement_timeout": SILENT_AFTER - 1,
        "lock_timeout": LOCK_TIMEOUT,
    }
)
"""The server's limits for a bot that is gone, and for a statement: seconds
(postgresql.org/docs/current/runtime-config-client.html)."""

SECRET_OPTION = re.compile("pass|secret", re.IGNORECASE)
"""What the options in the query of an address are called that hold a secret: password, passfile, sslpassword."""


def address(url: URL) -> URL:
    """A database's address as it may be shown: without passwords and files of them, in whatever part they stand."""
    kept = {option: value for option, value in url.query.items() if not SECRET_OPTION.search(option)}
    return url._replace(password=None, query=immutabledict(kept))


def shared_engine(url: URL) -> Engine:
    """Make an ordinary engine that notices a lost server."""
    return create_engine(url, future=True, pool_pre_ping=True, connect_args=dict(DRIVER_LIMITS))


def single_connection(url: URL) -> Engine:
    """Make an engine of one connection, which has a name of its own on the server and limits on silence."""
    _limit_every_wait()
    options = " ".join(f"-c {name}={seconds}s" for name, seconds in SERVER_LIMITS.items())
    own = {**DRIVER_LIMITS, "application_name": f"irscribe {uuid4().hex}", "options": options}
    return create_engine(url, future=True, pool_size=1, max_overflow=0, pool_pre_ping=True, connect_args=own)


def _limit_every_wait() -> None:
    """Let the driver wait by ``_wait``: its own wait for a frozen or unreachable server has no limit."""
    import_module("psycopg2.extensions").set_wait_callback(_wait)


def _wait(connection: Any) -> None:
    """Wait until an operation is done; raise OperationalError after the limit, and the driver closes the connection.

    Source: psycopg.org/docs/advanced.html, support for coroutine libraries.
    """
    driver, states = import_module("psycopg2"), import_module("psycopg2.extensions")
    limit = CONNECTED_AFTER if connection.status == states.STATUS_SETUP else SILENT_AFTER
    end = monotonic() + limit
    while (state := connection.poll()) != states.POLL_OK:
        reads, writes = [[connection] if state == each else [] for each in (states.POLL_READ, states.POLL_WRITE)]
        left = end - monotonic()
        if left <= 0 or not any(wait_for(reads, writes, [], left)):
            raise driver.OperationalError(f"the server has not answered for {limit} s")
