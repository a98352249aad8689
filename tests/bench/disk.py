"""Measures the cost of the disk itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.bench.baselines.plain_store import PlainStore

LINE = "the replica lags, traffic is moved away from it"


def time_commits(folder: Path, times: int) -> list[float]:
    """Seconds for one insert and commit, each time: SQLite, WAL, ``synchronous=FULL``, no library between."""
    with TemporaryDirectory(dir=folder) as room, closing(PlainStore(Path(room) / "commits.db")) as store:
        store.note("nobody", LINE)
        return [_seconds(lambda: store.note("nobody", LINE)) for _ in range(times)]


def time_fsyncs(folder: Path, times: int) -> list[float]:
    """Seconds for a line appended to a file and on the disk, each time."""

    def append() -> None:
        os.write(file, LINE.encode())
        os.fsync(file)

    with TemporaryDirectory(dir=folder) as room:
        file = os.open(Path(room) / "appended", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            return [_seconds(append) for _ in range(times)]
        finally:
            os.close(file)


def _seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun
