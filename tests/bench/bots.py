"""The bots that are measured: ours, and what it is held against; each a process that ends with its ``with``."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from irscribe.config import EMBEDDED_CHANNEL
from tests.bench.baselines.place import CHANNEL, FILE, NICK
from tests.bench.record import Noted
from tests.botprocess import BOT, STOP_SECONDS, command

ROOT = BOT.parent
OURS = "irscribe"
SETTINGS = """
[core]
nick = {nick}
host = {host}
port = {port}
use_ssl = false
channels = "{channel}"
[irscribe]
pace = none
limit = none
"""


@dataclass(frozen=True, kw_only=True)
class Bot:
    """A kind of bot: the module of its program and what it is told, the command it answers."""

    name: str
    program: str = ""
    options: tuple[str, ...] = ()
    nick: str = NICK
    channel: str = CHANNEL
    says: str = "!log"
    first: str = "!log first"
    records: bool = True

    def start(self, folder: Path, address: tuple[str, int]) -> Process:
        """Start one in an empty folder."""
        place = (str(address[1]), str(folder))
        return Process([sys.executable, "-m", f"tests.bench.baselines.{self.program}", *place, *self.options], folder)

    def recorded(self, folder: Path) -> Sequence[Noted]:
        """The notes it has written down, by their numbers."""
        with closing(sqlite3.connect(folder / FILE)) as database:
            return database.execute("select id, text from note order by id").fetchall()


@dataclass(frozen=True, kw_only=True)
class Irscribe(Bot):
    """Ours."""

    nick: str = OURS
    first: str = "!ir start first"

    def start(self, folder: Path, address: tuple[str, int]) -> Process:
        """Start it with flood limits off."""
        host, port = address
        settings = SETTINGS.format(nick=self.nick, host=host, port=port, channel=self.channel)
        (folder / "config.ini").write_text(settings, encoding="utf-8")
        return Process([sys.executable, str(BOT), "run"], folder)

    def recorded(self, folder: Path) -> Sequence[Noted]:
        """The notes of its report, by their numbers."""
        report = json.loads(command("export", "1", "--format", "json", folder=folder).stdout)
        return sorted((entry["number"], entry["text"]) for entry in report["timeline"])


@dataclass(frozen=True, kw_only=True)
class Embedded(Irscribe):
    """Ours, on its inner server: nothing but a folder is there before it."""

    channel: str = EMBEDDED_CHANNEL

    def start(self, folder: Path, address: tuple[str, int]) -> Process:
        """Start it with the server inside at that address."""
        return Process([sys.executable, str(BOT), "run", "--embedded", "--port", str(address[1])], folder)


BARE = Bot(name="bare Sopel", program="stock_sopel", options=("pinging",), says="!ping", first="!ping", records=False)
CLIENT = Bot(name="irc.client", program="irc_client")
RAW = Bot(name="raw socket", program="raw_socket")
MUTE = Bot(name="raw socket, nothing recorded", program="raw_socket", options=("--mute",), records=False)
NAIVE = Bot(name="naive Sopel plugin", program="stock_sopel", options=("noting",))
LIMNORIA = Bot(name="Limnoria", program="limnoria_bot", says="!note", first="!note first")
IRSCRIBE = Irscribe(name=OURS)
EMBEDDED = Embedded(name=f"{OURS} on its inner server")
ALL = (IRSCRIBE, BARE, NAIVE, LIMNORIA, CLIENT, RAW, MUTE)


class Process:
    """A bot that runs; what it says of itself lies in ``bot.log`` of its folder."""

    def __init__(self, arguments: Sequence[str], folder: Path) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        with (folder / "bot.log").open("ab") as log:
            self._process = subprocess.Popen(
                arguments,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment | {"PYTHONPATH": str(ROOT)},
            )

    @property
    def resident_bytes(self) -> int:
        """The memory it holds."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    @property
    def open_files(self) -> int:
        """The number of its open file handles."""
        return len([*Path(f"/proc/{self._process.pid}/fd").iterdir()])

    @property
    def threads(self) -> int:
        """The number of its threads."""
        return len([*Path(f"/proc/{self._process.pid}/task").iterdir()])

    def kill(self) -> None:
        """End it at once, whatever it does."""
        self._process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
