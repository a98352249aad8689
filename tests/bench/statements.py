"""The CPU time of a note with prepared statements, and with SQLAlchemy's own execution; no IRC takes part.

Run ``python -m tests.bench.statements``; decision 15 rests on it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from unittest.mock import patch

from models.prepared import Prepared
from tests.talk import Talk

ROUNDS, NOTES_PER_ROUND = 60, 25
MICROSECONDS = 1e6
NOTE = "!log the replica lags, traffic is moved away from it"


class Plain:
    """Does the same as ``Prepared``, by SQLAlchemy alone."""

    def run(self, session, values):
        return session.execute(self._statement, values).rowcount

    def insert(self, session, values):
        return session.execute(self._statement, values).inserted_primary_key[0]

    def first(self, session, values):
        return session.execute(self._statement, values).first()

    def all(self, session, values):
        return session.execute(self._statement, values).all()


PLAIN = {name: vars(Plain)[name] for name in ("run", "insert", "first", "all")}


def main() -> None:
    """Measure both in turn, so that other work on the machine slows both alike, and print the medians."""
    with TemporaryDirectory() as folder:
        talk = Talk(Path(folder))
        with closing(talk.database):
            talk.say("alice", "!ir start API returns 500")
            for name, write in (("one by one", _one_by_one), ("in one transaction", _together)):
                prepared, plain = _compare(talk, write)
                print(f"{name}: {prepared:.0f} µs prepared, {plain:.0f} µs without, × {plain / prepared:.2f}")


def _compare(talk: Talk, write: Callable[[Talk], None]) -> tuple[float, float]:
    prepared, plain = [], []
    for _ in range(ROUNDS):
        prepared.append(_time(talk, write))
        with patch.multiple(Prepared, **PLAIN):
            plain.append(_time(talk, write))
    return median(prepared), median(plain)


def _time(talk: Talk, write: Callable[[Talk], None]) -> float:
    """Microseconds of CPU time a note."""
    talk.later(seconds=30)
    begun = process_time()
    write(talk)
    return (process_time() - begun) / NOTES_PER_ROUND * MICROSECONDS


def _one_by_one(talk: Talk) -> None:
    for _ in range(NOTES_PER_ROUND):
        talk.say("bob", NOTE)


def _together(talk: Talk) -> None:
    with talk.database.write() as session:
        for _ in range(NOTES_PER_ROUND):
            talk.adapter.handle(session, talk.request("bob", NOTE), talk.now)


if __name__ == "__main__":
    main()
