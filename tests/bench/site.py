"""``python -m tests.bench.site [--quick]``: how soon pages follow the record, and what they cost; prints a table.

It needs an ngIRCd and chromium, takes about 20 minutes, and wants a quiet machine.
"""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from tests import chromium
from tests.bench.bots import ROOT, SETTINGS, Process
from tests.bench.caller import Caller, SilentError
from tests.bench.figures import MEBI, THOUSAND, percentile
from tests.bench.history import Scope, write_history
from tests.botprocess import BOT, free_port
from tests.ircservers import start_ngircd

PAGES = "\n[pages]\nfolder = pages\nshow = open\nlisten = 127.0.0.1:{port}\n"
NOTES, QUICK_NOTES = 200, 20
"""Notes before the first measured one, and measured notes of each kind."""
WHOLE, QUICK_WHOLE = (10_000, 1_000_000), (200, 20_000)
"""Incidents and entries of the site that is built as a whole."""
LONG_PART = 100
"""One incident has so small a part of all entries."""
PAUSE = 0.3
"""Seconds between two notes, in which a page is written."""
LOOK_EVERY_FILE, LOOK_EVERY_SCREEN = 0.002, 0.02
SETTLE = 2.0
PATIENT = "[Limits]\nPingTimeout = 3600\nPongTimeout = 60\n"


@dataclass(frozen=True, kw_only=True)
class Served:
    """A bot that runs, somebody in its channel, and its folder; ``port`` is that of its site."""

    process: Process
    caller: Caller
    home: Path
    port: int

    def note(self, text: str) -> float:
        """Seconds from a note to its acknowledgement."""
        return self.caller.ask(f"!log {text}", until="logged$").seconds

    def shows(self, text: str) -> bool:
        """Whether the page on the disk has a text."""
        with suppress(FileNotFoundError):
            return text in (self.home / "pages/incidents/1/index.html").read_text(encoding="utf-8")
        return False


def main(arguments: Sequence[str]) -> int:
    """Measure, and print what was measured."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few notes and a small site: does it work?")
    quick = parser.parse_args(arguments).quick
    room = ROOT / "var"
    room.mkdir(exist_ok=True)
    try:
        with TemporaryDirectory(prefix="bench-", dir=room) as folder:
            for row in _measure(Path(folder), quick=quick):
                print(f"| {row} |", flush=True)
    except SilentError as error:
        sys.stderr.write(f"A bot did not do its part: {error}.\n")
        return 1
    return 0


def _measure(folder: Path, *, quick: bool) -> Iterator[str]:
    notes = QUICK_NOTES if quick else NOTES
    with start_ngircd(folder, link=PATIENT) as server, ExitStack() as room:
        plain, paged = (_serve(room, server.address, folder / name) for name in ("plain", "paged"))
        for each in (plain, paged):
            each.caller.ask("!ir start API returns 500", until="has been open since")
            for number in range(notes):
                each.note(f"before {number}.")
        yield from _on_disk(plain, paged, notes)
        yield from _on_screen(paged, notes)
    yield from _whole(folder / "whole", *(QUICK_WHOLE if quick else WHOLE))


def _serve(room: ExitStack, address: tuple[str, int], home: Path) -> Served:
    """Start a bot; one that is called ``paged`` has a site."""
    home.mkdir()
    name, port = home.name, free_port()
    settings = SETTINGS.format(nick=name, host=address[0], port=address[1], channel=f"#{name}")
    pages = PAGES.format(port=port) if name == "paged" else ""
    (home / "config.ini").write_text(settings + pages, encoding="utf-8")
    process = room.enter_context(Process([sys.executable, str(BOT), "run"], home))
    caller = room.enter_context(Caller(address, nick=f"asks-{name}", channel=f"#{name}", bot=name))
    caller.await_bot()
    return Served(process=process, caller=caller, home=home, port=port)


def _on_disk(plain: Served, paged: Served, notes: int) -> Iterator[str]:
    """Each bot is told notes in turn; what the page of the one costs the acknowledgement, and how soon it is there."""
    without, beside, written = [], [], []
    for number in range(notes):
        without.append(plain.note(f"note {number}."))
        beside.append(paged.note(f"note {number}."))
        written.append(_until(lambda text=f"note {number}.": paged.shows(text), LOOK_EVERY_FILE))
        sleep(PAUSE)
    sleep(SETTLE)
    yield _row("note to acknowledgement, without a site", without)
    yield _row("note to acknowledgement, with a site", beside)
    yield _row(f"acknowledgement to the page on the disk, from {notes} entries on", written)
    held = [each.process.resident_bytes for each in (plain, paged)]
    ratio = f"{held[1] / held[0]:.2f} times as much"
    yield f"memory without and with a site | {held[0] / MEBI:.0f} and {held[1] / MEBI:.0f} MiB | {ratio}"


def _on_screen(paged: Served, notes: int) -> Iterator[str]:
    seen = []
    with chromium.browser() as page:
        page.show(f"http://127.0.0.1:{paged.port}/incidents/1/", width=1280)
        for number in range(notes):
            paged.note(f"seen {number}.")
            found = f"document.querySelector('main').textContent.includes('seen {number}.')"
            seen.append(_until(lambda found=found: page.ask(found), LOOK_EVERY_SCREEN))
    yield _row("acknowledgement to the page in a browser", seen)


def _whole(home: Path, incidents: int, entries: int) -> Iterator[str]:
    (home / "var").mkdir(parents=True)
    scope = Scope(incidents=incidents, entries=entries, long=entries // LONG_PART, channel="#old")
    write_history(home / "var/irscribe.db", scope)
    begun = perf_counter()
    done = subprocess.run(
        [sys.executable, str(BOT), "site", "site"], cwd=home, capture_output=True, text=True, check=False
    )
    took = perf_counter() - begun
    if done.returncode:
        raise SilentError(f"site said {done.stderr!r}")
    size = sum(path.stat().st_size for path in (home / "site").rglob("*") if path.is_file())
    name = f"a site of {incidents:,} incidents and {entries:,} entries"
    yield f"{name} | {took:.0f} s | {size / MEBI:.0f} MiB of files"


def _until(reached: Callable[[], bool], look_every: float) -> float:
    begun = perf_counter()
    while not reached():
        sleep(look_every)
    return perf_counter() - begun


def _row(name: str, seconds: Sequence[float]) -> str:
    middle, late, longest = (each * THOUSAND for each in (median(seconds), percentile(seconds, 99), max(seconds)))
    return f"{name} | {middle:.1f} ms | 99th percentile {late:.1f} ms, longest {longest:.1f} ms, n = {len(seconds)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
