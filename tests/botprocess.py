"""The bot as a process, started as people start it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Self

from tests.waiting import HANGS

BOT = Path(__file__).parents[1] / "bot.py"
START_SECONDS = STOP_SECONDS = COMMAND_SECONDS = HANGS


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def closed_port() -> Iterator[int]:
    """A port on which nobody listens, and no server of another test can meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def command(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """One verb, to its end."""
    return subprocess.run(
        [sys.executable, str(BOT), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )


class BotProcess:
    """``bot.py run …`` in a folder; killed at the end of a ``with`` if it still runs."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.errors = folder / "stderr"
        self._process = self._start(folder, ["run", *arguments])
        self._lines: SimpleQueue[str] = SimpleQueue()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def ready(self) -> Self:
        """Wait until it is in its channel."""
        said = []
        try:
            while (line := self._lines.get(timeout=START_SECONDS)) != "ready":
                said.append(line)
        except Empty:
            raise AssertionError(f"not ready: {said} {self.errors.read_text()}") from None
        return self

    def tell(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    def ended(self, within: float = STOP_SECONDS) -> int:
        """Its exit code, once it has ended; where it does not, the error says what each of its threads does."""
        try:
            return self._process.wait(within)
        except subprocess.TimeoutExpired:
            self.tell(signal.SIGABRT)
            code = self._process.wait(within)
            raise AssertionError(f"not ended within {within:g} s ({code}): {self.errors.read_text()}") from None

    def stop(self) -> int:
        """Tell it to end as a service manager does, and wait."""
        self.tell()
        return self.ended()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        if self._process.stdout:
            self._process.stdout.close()

    def _start(self, folder: Path, arguments: Sequence[str]) -> subprocess.Popen[str]:
        with self.errors.open("ab") as errors:
            return subprocess.Popen(
                [sys.executable, str(BOT), *arguments],
                cwd=folder,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=os.environ | {"PYTHONUNBUFFERED": "", "PYTHONFAULTHANDLER": "1"},
            )

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._lines.put(line.rstrip("\n"))
