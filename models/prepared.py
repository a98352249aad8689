"""The statements that run for every note or every few seconds: compiled once, and passed to the driver.

SQLAlchemy's own work at each execution takes several times as long as SQLite's (docs/decisions/0015).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import false, or_
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError

from models.snapshots import SnapshotEndedError, is_over, refuse_late

Values = Mapping[str, Any]
Process = Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class _Compiled:
    """A statement's text for one kind of database, with the functions that convert its parameters and its columns.

    ``constants`` are the values that the statement itself holds; ``names`` are those of a query's columns; ``read``
    pairs a column's index with its function.
    """

    text: str
    constants: Values
    bound: tuple[tuple[str, Process | None], ...]
    positional: bool
    names: tuple[str, ...]
    read: tuple[tuple[int, Process], ...]

    def parameters(self, values: Values) -> Any:
        """Give the values in the form that the driver takes."""
        known = {**self.constants, **values} if self.constants else values
        if self.positional:
            return [known[name] if process is None else process(known[name]) for name, process in self.bound]
        return {name: known[name] if process is None else process(known[name]) for name, process in self.bound}


class Prepared:
    """A statement with bind parameters; each run needs all of them, and an insert always the same columns."""

    def __init__(self, statement: Any) -> None:
        """Keep the statement; it is compiled at the first run, when the kind of database is known."""
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def run(self, session: Connection, values: Values) -> int:
        """Run the statement; give the number of rows it changed."""
        return int(self._run(session, values).rowcount)

    def run_each(self, session: Connection, rows: Sequence[Values]) -> None:
        """Run the statement once for each of these sets of values, which hold the same columns."""
        if rows:
            compiled = self._compiled_for(session.dialect, rows[0])
            execute(session, compiled.text, [compiled.parameters(each) for each in rows], many=True)

    def insert(self, session: Connection, values: Values) -> int:
        """Run an insert; give the number that the database gave the row."""
        cursor = self._run(session, values)
        return int(cursor.lastrowid if cursor.description is None else cursor.fetchone()[0])

    def first(self, session: Connection, values: Values) -> Sequence[Any] | None:
        """Give the first row of a query; None if there is none."""
        rows = self.all(session, values)
        return rows[0] if rows else None

    def all(self, session: Connection, values: Values) -> Sequence[Sequence[Any]]:
        """Give the rows of a query."""
        compiled = self._compiled_for(session.dialect, values)
        rows = list(map(list, execute(session, compiled.text, compiled.parameters(values)).fetchall()))
        for place, made in compiled.read:
            for row in rows:
                row[place] = made(row[place])
        return rows

    def named(self, session: Connection, values: Values) -> Sequence[Values]:
        """Give the rows of a query, each by the names of its columns."""
        rows = self.all(session, values)
        names = self._compiled_for(session.dialect, values).names
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _run(self, session: Connection, values: Values) -> Any:
        compiled = self._compiled_for(session.dialect, values)
        return execute(session, compiled.text, compiled.parameters(values))

    def _compiled_for(self, dialect: Dialect, values: Values) -> _Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = _compile(self._statement, dialect, list(values))
        return found


def execute(session: Connection, text: str, parameters: Any = (), *, many: bool = False) -> Any:
    """Run a statement by the driver, or once with each of ``many`` parameters; give the driver's cursor.

    Raises SQLAlchemy's DBAPIError for the driver's errors, SnapshotEndedError in a snapshot that is over.
    """
    refuse_late(session)
    dialect: Any = session.dialect
    connection = session.connection
    cursor = connection.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(text, parameters)
    except dialect.dbapi.Error as error:
        is_lost = dialect.is_disconnect(error, connection, cursor)
        if not is_lost and is_over(session):
            raise SnapshotEndedError from error
        if is_lost:
            session.invalidate(error)
        raise DBAPIError.instance(
            text, None, error, dialect.dbapi.Error, connection_invalidated=is_lost, dialect=dialect
        ) from error
    return cursor


def is_one_of(column: Any, values: Iterable[Any]) -> Any:
    """The condition that a column has one of these values, in a form that can be compiled once."""
    return or_(false(), *(column == each for each in values))


def _compile(statement: Any, dialect: Dialect, names: list[str]) -> _Compiled:
    compiled = statement.compile(dialect=dialect, column_keys=names if statement.is_insert else None)
    columns = statement.selected_columns if statement.is_select else ()
    processes = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    kinds = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
    given = compiled.positiontup if compiled.positional else compiled.binds
    return _Compiled(
        text=str(compiled),
        constants={name: bind.value for name, bind in compiled.binds.items() if not bind.required},
        bound=tuple((name, kinds[name].bind_processor(dialect)) for name in given),
        positional=compiled.positional,
        names=tuple(column.key for column in columns),
        read=tuple((place, made) for place, made in enumerate(processes) if made is not None),
    )
