"""Connections to an SQLite file: how each is set up, and how its log is emptied."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack
from threading import Event
from time import monotonic, sleep
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.pool import QueuePool

from models.prepared import execute

LOCK_TIMEOUT = "busy_timeout=10000"
"""Most milliseconds to wait for another connection's lock."""
LOCK_TIMEOUT_OF_PURGE = "busy_timeout=100"
"""Most milliseconds to wait for readers before SQLite's log is emptied; writers wait as long for that."""
TIME_FOR_OTHERS = 0.03
"""Seconds between two transactions of work that can wait, so that everybody who waits for the lock gets it.

There is no queue: a connection that waits looks again after 25 ms at most, while it has waited less than 128 ms
(sqlite.org, main.c: sqliteDefaultBusyCallback).
"""
PRAGMAS = (LOCK_TIMEOUT, "synchronous=full", "foreign_keys=on", "secure_delete=on")
WAL_TRIED_FOR, WAL_RETRY_INTERVAL = 10.0, 0.05
"""Seconds for which the write-ahead log is switched on again and again, and between two attempts."""


def file_engine(url: URL) -> Engine:
    """Make an engine that keeps connections, as setting one up costs more than most transactions."""
    engine = create_engine(
        url,
        future=True,
        poolclass=QueuePool,
        pool_use_lifo=True,
        pool_reset_on_return=None,
        connect_args={"check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def reading_engine(url: URL) -> Engine:
    """Make the same kind of engine with connections that refuse to write."""
    engine = file_engine(url)
    event.listen(engine, "connect", lambda connection, _: connection.execute("pragma query_only=on"))
    return engine


def let_others_write(seconds: float = TIME_FOR_OTHERS) -> None:
    """Wait between two transactions of work that nobody waits for."""
    # Not by sleep: that fails where a clock is set back meanwhile and a library stands in for it.
    Event().wait(seconds)


def empty_log(cursor: Any) -> bool:
    """Empty the write-ahead log, which holds what was deleted; False if a reader still needs it."""
    cursor.execute(f"pragma {LOCK_TIMEOUT_OF_PURGE}")
    try:
        ((busy, _, _),) = cursor.execute("pragma wal_checkpoint(truncate)").fetchall()
    finally:
        cursor.execute(f"pragma {LOCK_TIMEOUT}")
    return not busy


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver opens no transactions of its own: _begin does, and DDL rolls back
    with ExitStack() as on_failure:
        on_failure.callback(connection.close)  # the pool does not know the connection yet and would never close it
        for pragma in PRAGMAS:
            connection.execute(f"pragma {pragma}")
        _switch_to_wal(connection)
        on_failure.pop_all()


def _switch_to_wal(connection: Any) -> None:
    """Keep a write-ahead log from now on, also where another program is at work on a file that has none yet.

    SQLite then refuses at once, whatever the timeout: waiting could be a deadlock (sqlite.org/c3ref/busy_handler.html).
    """
    end = monotonic() + WAL_TRIED_FOR
    while True:
        try:
            connection.execute("pragma journal_mode=wal")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() >= end:
                raise
            sleep(WAL_RETRY_INTERVAL)
        else:
            return


def _begin(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    execute(connection, "BEGIN" if reads_only else "BEGIN IMMEDIATE")
