"""The machine that was measured on."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from tests.bench.disk import time_fsyncs
from tests.bench.figures import THOUSAND, Figure, percentile
from tests.botprocess import BOT
from tests.ircservers import program

PACKAGES = ("sopel", "sqlalchemy", "irc", "limnoria")
FSYNCS = 300
BUSY = 0.5
"""Load from which on others' work is in the figures."""


def describe(folder: Path) -> Iterator[str]:
    """Facts, one sentence each; the load is that of before, so ask before anything is measured."""
    load = os.getloadavg()[0]
    busy = ": others were at work, so expect noise" if load > BUSY else ""
    fsyncs = time_fsyncs(folder, FSYNCS)
    yield f"{os.cpu_count()} cores ({_processor()}), {platform.system()} {platform.release()}."
    yield f"Load before: {load:.2f}{busy}."
    yield f"Appending a line and `fsync`: {_milliseconds(fsyncs)}."
    yield f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, ngIRCd {_ngircd()}."
    yield f"{', '.join(f'{name} {version(name)}' for name in PACKAGES)}; irscribe at {_commit()}."


def _milliseconds(seconds: Sequence[float]) -> str:
    middle, slow = Figure.of(seconds).median * THOUSAND, percentile(seconds, 99) * THOUSAND
    return f"median {middle:.2f} ms, 99th percentile {slow:.2f} ms"


def _commit() -> str:
    said = _output("git", "-C", str(BOT.parent), "describe", "--always", "--dirty").strip()
    return said or "no commit"


def _processor() -> str:
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else platform.machine()


def _ngircd() -> str:
    found = re.search(r"ngIRCd ([\d.]+)", _output(program("ngircd", "ngircd"), "--version"))
    return found[1] if found else "of unknown version"


def _output(*command: str) -> str:
    """The standard output of a program; empty if the program is not installed."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return ""
