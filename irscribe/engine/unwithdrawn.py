"""Reads the record from snapshots for what is put in place outside of it, anew if something went wrong meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from irscribe.domain.errors import ReportError
from models import Database, Session, SnapshotEndedError

ATTEMPTS = 3
"""Most times that something is made anew, as a text was withdrawn meanwhile, or read anew on a busy machine."""

Made = TypeVar("Made")


def make_unwithdrawn(database: Database, make: Callable[[], Made]) -> Made:
    """Make something of the record; anew if something was withdrawn meanwhile.

    Raises ReportError if that happened each time.
    """
    for _ in range(ATTEMPTS):
        seen = database.withdrawals
        made = make()
        if database.withdrawals == seen:
            return made
    raise ReportError("Something was taken out of the record meanwhile, several times over.")


def read_snapshot(database: Database, read: Callable[[Session], Made]) -> Made:
    """Read from a snapshot; on a machine that is busy, more than once. Raises SnapshotEndedError."""
    for _ in range(ATTEMPTS - 1):
        try:
            with database.snapshot() as session:
                return read(session)
        except SnapshotEndedError:
            continue
    with database.snapshot() as session:
        return read(session)
