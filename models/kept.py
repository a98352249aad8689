"""A connection that is kept between transactions: taking one from a pool and giving it back costs as much as a note."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy.engine import Connection, Engine


class KeptConnection:
    """The one connection a file is written through; who wants it waits here until it is free."""

    def __init__(self, engine: Engine) -> None:
        """Take a connection from an engine once one is needed, and anew where the engine has been disposed of."""
        self._engine = engine
        self._pool = engine.pool
        self._free = Lock()
        self._connection: Connection | None = None

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction; where that comes to nothing the connection is given back."""
        with self._free:
            connection = self._take()
            try:
                with connection.begin():
                    yield connection
            except BaseException:
                self._give_back()
                raise

    def close(self) -> None:
        """Give the connection back, unless somebody is still at it: they may have to wait longer than an end may."""
        if self._free.acquire(blocking=False):
            try:
                self._give_back()
            finally:
                self._free.release()

    def _take(self) -> Connection:
        if self._pool is not self._engine.pool:
            self._give_back()
        if self._connection is None:
            self._pool = self._engine.pool
            self._connection = self._engine.connect()
        return self._connection

    def _give_back(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
