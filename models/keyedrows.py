"""Single rows by the values of some of their columns: read, added and changed by statements that are compiled once."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Table, and_, bindparam, insert, select, update

from models.database import Session
from models.prepared import Prepared
from models.rowtext import Row


def kept(session: Session, table: Table, key: Row) -> Row | None:
    """Give a row; None if there is none."""
    rows = _selection(table, tuple(key)).named(session, _as_key(key))
    return rows[0] if rows else None


def add(session: Session, table: Table, values: Row) -> None:
    """Add a row."""
    whole = {**_defaults(table), **values}
    _insertion(table, tuple(whole)).run(session, whole)


def change_row(session: Session, table: Table, key: Row, values: Row) -> bool:
    """Set columns of a row; False if there is none."""
    return bool(_update(table, tuple(key), tuple(values)).run(session, {**_as_key(key), **_as_new(values)}))


@cache
def _selection(table: Table, key: tuple[str, ...]) -> Prepared:
    return Prepared(select(table).where(_matching(table, key)))


@cache
def _insertion(table: Table, _names: tuple[str, ...]) -> Prepared:
    return Prepared(insert(table))


@cache
def _update(table: Table, key: tuple[str, ...], names: tuple[str, ...]) -> Prepared:
    values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    return Prepared(update(table).where(_matching(table, key)).values(values))


def _matching(table: Table, key: tuple[str, ...]) -> Any:
    return and_(*(table.c[name] == bindparam(f"of_{name}") for name in key))


@cache
def _defaults(table: Table) -> Row:
    """The values of the columns that may be left out: a statement compiled once needs all of them."""
    return {column.name: column.default.arg for column in table.columns if column.default is not None}


def _as_key(key: Row) -> Row:
    return {f"of_{name}": value for name, value in key.items()}


def _as_new(values: Row) -> Row:
    return {f"new_{name}": value for name, value in values.items()}
