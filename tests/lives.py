"""The bot forked from a process that has all of it loaded: for what is about what it does, not about how it starts."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import NamedTemporaryFile
from threading import Timer
from types import TracebackType
from typing import BinaryIO, Self, TextIO

import pytest

from irscribe.cli import main
from tests.botprocess import COMMAND_SECONDS, BotProcess

ROOT = Path(__file__).parents[1]
LOADED = ["tests.lives", "irscribe.cli.run", "irscribe.cli.export", "sqlalchemy.dialects.postgresql.psycopg2"]
"""The modules that take longest to load in a start. A life does the rest itself, in less than 0.1 s."""


class Forked:
    """``bot.py`` with arguments in a folder; what ``subprocess.Popen`` is to it where it starts anew."""

    def __init__(self, folder: Path, arguments: Sequence[str], errors: Path) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(LOADED)
        heard, said = context.Pipe(duplex=False)
        errors.touch()
        self._arguments = arguments
        self._process = context.Process(target=_live, args=(folder, arguments, said, errors, dict(os.environ)))
        with pytest.MonkeyPatch.context() as patch, heard, said:
            patch.setenv("PYTHONPATH", str(ROOT))  # the first life starts the process that the others are forked from
            self._process.start()
            self.stdout = os.fdopen(os.dup(heard.fileno()), encoding="utf-8")

    def poll(self) -> int | None:
        """Its exit code, if it has ended."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended."""
        self._process.join(timeout)
        ended = self.poll()
        if ended is None:
            raise TimeoutExpired(list(self._arguments), timeout or 0)
        return ended

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self._process.pid, number)

    def kill(self) -> None:
        """End it as a crash would."""
        self._process.kill()


class ForkedBot(BotProcess):
    """``bot.py run …`` like any other, which is in its channel sooner."""

    def _start(self, folder: Path, arguments: Sequence[str]) -> Forked:
        return Forked(folder, arguments, self.errors)


class Life:
    """``bot.py run`` in a folder with settings, killed at the end of a ``with``."""

    def __init__(self, folder: Path) -> None:
        self._errors = folder / "stderr"
        self._process = Forked(folder, ["run"], self._errors)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ended = self._process.poll()
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        assert ended is None or kind, f"it ended by itself: {ended} {self._errors.read_text()}"


def command(*arguments: str, folder: Path) -> CompletedProcess[str]:
    """One verb, to its end."""
    with NamedTemporaryFile() as errors:
        forked = Forked(folder, arguments, Path(errors.name))
        patience = Timer(COMMAND_SECONDS, forked.kill)
        patience.start()
        with forked.stdout:
            said = forked.stdout.read()
        code = forked.wait()
        patience.cancel()
        return CompletedProcess(arguments, code, said, Path(errors.name).read_text(encoding="utf-8"))


def _live(
    folder: Path, arguments: Sequence[str], said: Connection, errors: Path, environment: Mapping[str, str]
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    with said, errors.open("ab") as file:
        sys.stdout = _stream(1, said, buffering=-1)
        sys.stderr = _stream(2, file, buffering=1)
    faulthandler.enable()
    sys.exit(main(arguments))


def _stream(number: int, to: Connection | BinaryIO, *, buffering: int) -> TextIO:
    """One of a process's own streams that leads elsewhere now, as Python makes it: what goes to a pipe is buffered."""
    os.dup2(to.fileno(), number)
    return os.fdopen(number, "w", buffering, encoding="utf-8", closefd=False)
