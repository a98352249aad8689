"""Copies an SQLite database as it is at one moment into one file, while others write."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

from irscribe.domain.errors import DatabaseError
from models.ownfiles import make_file

LOCK_TIMEOUT = 10.0
"""Most seconds to wait for another program that writes."""
NO_DAMAGE = [("ok",)]
"""The result of SQLite's check of an undamaged database."""
TABLES_OF_EVERY_VERSION = {"alembic_version", "incident"}

Shape = tuple[str, frozenset[str]]
"""The version of a record, and its tables."""


def back_up(database: Path, copy: Path) -> None:
    """Copy a database into a new file, which gets its name once it is complete, checked and on the disk.

    Raises DatabaseError if there is no database or the copy cannot be made; nothing is left of the copy then.
    """
    if not database.is_file():
        raise DatabaseError(f"There is no database at {database}: nothing to back up.")
    _refuse_existing(copy)
    # SQLite would read a URI in a name such as file:x
    part = copy.absolute().with_name(f".{copy.name}.{uuid4().hex[:8]}.part")
    try:
        make_file(part)  # SQLite keeps the rights of an existing file
        shape = _fill(database, part)
        _prove(part, shape)
        _keep(part, copy)
    except sqlite3.Error as error:
        damage = _find_damage(database)
        text = f"it is damaged ({damage}); restore a backup" if damage else str(error)
        raise DatabaseError(f"No backup was made of {database}: {text}.") from error
    except OSError as error:
        raise DatabaseError(f"{copy} cannot be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            part.unlink()


def _refuse_existing(copy: Path) -> None:
    if os.path.lexists(copy):
        raise DatabaseError(f"{copy} is there already, and stays as it is: name another file.")


def _fill(database: Path, part: Path) -> Shape:
    """Copy the record; give its shape."""
    with closing(_open(database)) as source:
        shape = _read_shape(source)
        if shape is None:
            raise DatabaseError(f"{database} holds no record of irscribe: nothing to back up.")
        source.execute("vacuum into ?", (str(part),))
    return shape


def _read_shape(connection: sqlite3.Connection) -> Shape | None:
    """Read the shape of a record; None for a database that holds none."""
    tables = frozenset(name for (name,) in connection.execute("select name from sqlite_schema where type = 'table'"))
    version = (
        connection.execute("select version_num from alembic_version").fetchone()
        if tables >= TABLES_OF_EVERY_VERSION
        else None
    )
    return (version[0], tables) if version else None


def _prove(part: Path, shape: Shape) -> None:
    with closing(_open(part)) as copied:
        found = copied.execute("pragma quick_check").fetchall()
        if found != NO_DAMAGE:
            raise sqlite3.DatabaseError(f"its copy is damaged ({found[0][0]})")
        if _read_shape(copied) != shape:
            raise sqlite3.DatabaseError("its copy lacks tables of it")


def _find_damage(database: Path) -> str | None:
    """Give SQLite's first complaint about a database in one line; None if there is none, or it cannot be checked."""
    try:
        with closing(_open(database)) as source:
            found = source.execute("pragma quick_check(1)").fetchall()
    except sqlite3.DatabaseError as error:
        return str(error) if error.sqlite_errorcode == sqlite3.SQLITE_CORRUPT else None
    return None if found == NO_DAMAGE else " ".join(str(found[0][0]).split())


def _keep(part: Path, copy: Path) -> None:
    """Give the copy its name, unless that is taken by now, and flush both to the disk."""
    _sync(part)
    try:
        copy.hardlink_to(part)
    except FileExistsError:
        _refuse_existing(copy)
    except OSError:
        _refuse_existing(copy)  # a file system without links
        part.rename(copy)
    _sync(copy.parent)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _open(file: Path) -> sqlite3.Connection:
    """Connect to an existing file."""
    return sqlite3.connect(
        f"file://{quote(os.fsencode(file.absolute()))}?mode=rw", uri=True, timeout=LOCK_TIMEOUT, isolation_level=None
    )
