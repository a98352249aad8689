"""A connection kept open between transactions: a checkout from a pool and its return cost as much as a note."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

from sqlalchemy.engine import Connection, Engine


class KeptConnection:
    """The connection that writes to an SQLite file; while it is in use, a writer gets another and waits for SQLite."""

    def __init__(self, engine: Engine) -> None:
        """Connect at the first use, and again after the engine was disposed of."""
        self._engine = engine
        self._pool = engine.pool
        self._free = Lock()
        self._connection: Connection | None = None

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Give the connection in a transaction; after a failed one the next has a new connection."""
        if not self._free.acquire(blocking=False):
            with self._engine.begin() as another:
                yield another
            return
        try:
            with ExitStack() as in_vain:
                in_vain.callback(self._drop)
                connection = self._take()
                with connection.begin():
                    yield connection
                in_vain.pop_all()
        finally:
            self._free.release()

    def close(self) -> None:
        """Close the connection unless it is in use; the end of the process does not wait for that."""
        if self._free.acquire(blocking=False):
            try:
                self._drop()
            finally:
                self._free.release()

    def _take(self) -> Connection:
        if self._pool is not self._engine.pool:
            self._drop()
        if self._connection is None:
            self._pool = self._engine.pool
            self._connection = self._engine.connect()
        return self._connection

    def _drop(self) -> None:
        """Close the connection, which may have opened the file read-only, or opened one that has been deleted since."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()
