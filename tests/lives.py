"""One life of the bot after another: ``bot.py run`` forked from a process that has all of it loaded."""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from irscribe.cli import main

ROOT = Path(__file__).parents[1]
LOADED = ["tests.lives", "irscribe.cli.run"]
"""What takes longest of a start, and is the same each time. All else a life does itself, in less than 0.1 s."""


class Life:
    """``bot.py run`` in a folder with settings, killed at the end of a ``with``."""

    def __init__(self, folder: Path) -> None:
        self._errors = folder / "stderr"
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(LOADED)
        self._process = context.Process(target=_live, args=(folder, self._errors))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", str(ROOT))  # the first life starts the process that the others are forked from
            self._process.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ended = self._process.exitcode
        self._process.kill()
        self._process.join()
        self._process.close()
        assert ended is None or kind, f"it ended by itself: {ended} {self._errors.read_text()}"


def _live(folder: Path, errors: Path) -> None:
    os.chdir(folder)
    with errors.open("ab") as said:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(said.fileno(), stream.fileno())
    sys.exit(main(["run"]))
