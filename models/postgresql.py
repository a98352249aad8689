"""A PostgreSQL server as a bot needs it: every wait for it has an end."""

from __future__ import annotations

from importlib import import_module
from select import select as wait_for
from time import monotonic
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine
from sqlalchemy.engine import URL, Engine

SILENT_AFTER, CONNECTED_AFTER = 8, 3
"""Seconds of silence after which each side gives the other up, and of the server before there is a connection."""
LOCKED_AFTER = 5
"""Seconds that a statement waits for another transaction."""
CONNECTING = MappingProxyType(
    {
        "connect_timeout": CONNECTED_AFTER,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": SILENT_AFTER * 1000,
    }
)
"""How soon a server that is gone is found out: seconds, the last one milliseconds
(postgresql.org/docs/current/libpq-connect.html)."""
LIMITS = MappingProxyType(
    {
        "idle_session_timeout": SILENT_AFTER,
        "idle_in_transaction_session_timeout": SILENT_AFTER,
        "tcp_user_timeout": SILENT_AFTER,
        "statement_timeout": SILENT_AFTER - 1,
        "lock_timeout": LOCKED_AFTER,
    }
)
"""How soon the server gives up a bot that is gone, or a statement: seconds
(postgresql.org/docs/current/runtime-config-client.html)."""


def shared_engine(url: URL) -> Engine:
    """An engine like any other, but for a server that may be gone."""
    return create_engine(url, future=True, pool_pre_ping=True, connect_args=dict(CONNECTING))


def single_connection(url: URL) -> Engine:
    """An engine of one connection, which is known to the server by a name of its own and silent never for long."""
    _end_every_wait()
    options = " ".join(f"-c {name}={seconds}s" for name, seconds in LIMITS.items())
    own = {**CONNECTING, "application_name": f"irscribe {uuid4().hex}", "options": options}
    return create_engine(url, future=True, pool_size=1, max_overflow=0, pool_pre_ping=True, connect_args=own)


def _end_every_wait() -> None:
    """Have the driver wait here: by itself it waits for ever for a server that is frozen, or swallowed by a network."""
    import_module("psycopg2.extensions").set_wait_callback(_wait)


def _wait(connection: Any) -> None:
    """Wait until an operation is done; the driver closes the connection when this raises.

    Source: psycopg.org/docs/advanced.html, support for coroutine libraries.
    """
    driver, states = import_module("psycopg2"), import_module("psycopg2.extensions")
    patience = CONNECTED_AFTER if connection.status == states.STATUS_SETUP else SILENT_AFTER
    end = monotonic() + patience
    while (state := connection.poll()) != states.POLL_OK:
        reads, writes = [[connection] if state == each else [] for each in (states.POLL_READ, states.POLL_WRITE)]
        left = end - monotonic()
        if left <= 0 or not any(wait_for(reads, writes, [], left)):
            raise driver.OperationalError(f"the server has not answered for {patience} s")
