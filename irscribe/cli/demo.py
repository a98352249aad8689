"""``demo`` plays an incident of 2019 to a bot of its own, with Wikimedia's settings, and writes its six reports.

A live incident follows, with what the bot takes in and says by itself.
"""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from socket import create_server
from tempfile import TemporaryDirectory
from threading import Timer
from typing import IO

from irscribe.cli.archive import reading
from irscribe.cli.settings import DEFAULT_FILE
from irscribe.config import EMBEDDED_CHANNEL, EMBEDDED_HOST, EMBEDDED_NICK, load
from irscribe.demo import SESSION, WATCH, play, read_session
from irscribe.domain.errors import IrscribeError
from irscribe.render import FORMATS
from irscribe.services.application import build_application
from irscribe.services.report.assembly import gathered
from irscribe.services.report.exports import written

BOT = Path(__file__).parents[2] / "bot.py"
SETTINGS = BOT.with_name("config.example.ini")
"""Wikimedia's settings."""
REPORTS = Path("var", "demo")
START_TIMEOUT = STOP_TIMEOUT = 60.0
"""In seconds. A bot that cannot start ends by itself, so that only one that hangs takes this long."""
INCIDENT = 1
CHANGES = (
    ("coordinator = 10 minutes", "coordinator = 1 second"),
    ("\nalert_bots =\n", "\nalert_bots = account:jinxer-wm\n"),
)
"""The changes of the settings with which a coordinator is asked for within the demo, and an alert is heard."""


class DemoError(IrscribeError):
    """The bot of the demo did not start."""


def main(arguments: Namespace) -> int:  # noqa: ARG001 - every verb is called alike
    """Play the session, print it as it happens, and write the reports."""
    port = _free_port()
    with TemporaryDirectory(prefix="irscribe-demo-") as folder:
        settings = reduce(lambda text, change: text.replace(*change), CHANGES, SETTINGS.read_text(encoding="utf-8"))
        Path(folder, DEFAULT_FILE).write_text(settings, encoding="utf-8")
        with _bot(Path(folder), port):
            address = (EMBEDDED_HOST, port)
            for session in (SESSION, WATCH):
                play(read_session(session), address, channel=EMBEDDED_CHANNEL, bot_nick=EMBEDDED_NICK, show=_show)
        for path in _write_reports(Path(folder)):
            print(path)
    return 0


def _show(line: str) -> None:
    print(line, flush=True)


def _free_port() -> int:
    with create_server((EMBEDDED_HOST, 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def _bot(folder: Path, port: int) -> Iterator[None]:
    """Run a bot with the inner server as a process; its files lie in ``folder``."""
    command = [sys.executable, str(BOT), "run", "--embedded", "--port", str(port)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        overdue = Timer(START_TIMEOUT, process.kill)
        overdue.start()
        try:
            _await_ready(process.stdout)
            overdue.cancel()
            yield
        finally:
            overdue.cancel()
            process.terminate()
            process.wait(STOP_TIMEOUT)


def _await_ready(output: IO[str] | None) -> None:
    if not any(line.strip() == "ready" for line in output or ()):
        raise DemoError("The bot of the demo did not start; what stands above says why.")


def _write_reports(folder: Path) -> Iterator[Path]:
    config = load(folder / DEFAULT_FILE)
    REPORTS.mkdir(parents=True, exist_ok=True)
    with reading(config) as session:
        record = gathered(session, INCIDENT)
    for name, text in written(record, build_application(config), tuple(FORMATS)):
        path = REPORTS / name
        path.write_text(text, encoding="utf-8")
        yield path
