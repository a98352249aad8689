"""A connection that is kept between transactions: taking one from a pool and giving it back costs as much as a note."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

from sqlalchemy.engine import Connection, Engine


class KeptConnection:
    """The connection a file is written through; who finds it in use takes another, and waits for SQLite."""

    def __init__(self, engine: Engine) -> None:
        """Take a connection from an engine once one is needed, and anew where the engine has been disposed of."""
        self._engine = engine
        self._pool = engine.pool
        self._free = Lock()
        self._connection: Connection | None = None

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction; where that comes to nothing the next one has a new connection."""
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
        """Close the connection, unless somebody is still at it, for whom an end cannot wait."""
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
        """Close it: a file that could not be written may be one that it opened as read-only, or none any more."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()
