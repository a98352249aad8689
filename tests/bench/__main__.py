"""``python -m tests.bench``: measure irscribe beside its baselines, print the figures, write ``docs/benchmarks.md``.

1 where our bot lost, doubled or disordered a note, or a bot did not answer; a target that is missed is said in words
and is no failure.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.bench.bots import ROOT
from tests.bench.caller import SilentError
from tests.bench.document import PAGE, rewrite
from tests.bench.effort import FULL, QUICK, Effort
from tests.bench.machine import describe
from tests.bench.measuring import measure
from tests.bench.results import Results
from tests.bench.tables import bots_table, growth_table, waits_table, writer_table
from tests.bench.terminal import Terminal
from tests.ircservers import start_ngircd

PARTS = {
    "a": "a line to its acknowledgement",
    "b": "many notes at once",
    "c": "memory after that",
    "d": "start to first answer",
    "e": "an old database",
    "f": "a note beside what others do",
    "g": "a command in the writer",
}
_ROUNDS = f"how often each bot lives, and each wait is measured ({FULL.rounds}, {FULL.beside_rounds})"
PATIENT = "[Limits]\nPingTimeout = 3600\nPongTimeout = 60\n"
"""For the server: a bot that has too much to do to answer a PING is not thrown out."""


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for."""
    options = _parser().parse_args(arguments)
    room = ROOT / "var"
    room.mkdir(exist_ok=True)
    try:
        with TemporaryDirectory(prefix="bench-", dir=room) as folder:
            results = _measure(options, Path(folder), typed=arguments)
    except pytest.skip.Exception as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    except PackageNotFoundError as missing:
        sys.stderr.write(f"{missing.name} is not installed; `make bench` does that.\n")
        return 1
    except (SilentError, EOFError) as error:
        sys.stderr.write(f"A bot did not do its part: {error}.\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped; nothing is written.\n")
        return 1
    return _report(results, whole=set(options.only) == set(PARTS) and not options.quick)


def _measure(options: Namespace, folder: Path, *, typed: Sequence[str]) -> Results:
    with start_ngircd(folder, link=PATIENT) as server:
        more = f' BENCH="{" ".join(typed)}"' if typed else ""
        blank = Results(command=f"make bench{more}", facts=list(describe(folder)), effort=_effort(options))
        return measure(server.address, folder, blank, parts=options.only)


def _report(results: Results, *, whole: bool) -> int:
    """Print it all; the page is for a whole run in which nothing went wrong."""
    terminal = Terminal()
    if results.rounds:
        terminal.say(f"\n{bots_table(results.rounds)}")
    if results.compared:
        terminal.say(f"\n{growth_table(results.compared, results.effort)}")
    if results.beside:
        terminal.say(f"\n{waits_table(results.beside)}")
    if results.held:
        terminal.say(f"\n{writer_table(results.held)}")
    terminal.say("\n" + "\n".join([*results.facts, "", *map(str, results.targets)]))
    for fault in results.faults_of_others:
        terminal.say(f"A baseline failed: {fault}")
    for fault in results.faults:
        terminal.say(f"WRONG: {fault}")
    if whole and not results.faults:
        rewrite(results)
        terminal.say(f"\nWritten to {PAGE.relative_to(ROOT)}.")
    return int(bool(results.faults))


def _effort(options: Namespace) -> Effort:
    effort = QUICK if options.quick else FULL
    return replace(effort, rounds=options.rounds, beside_rounds=options.rounds) if options.rounds else effort


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m tests.bench", description="Measure irscribe beside its baselines.")
    parts = "; ".join(f"{letter}: {what}" for letter, what in PARTS.items())
    parser.add_argument("--only", type=_parts, default="".join(PARTS), metavar="a,b", help=f"some parts ({parts})")
    parser.add_argument("--rounds", type=_count, metavar="N", help=_ROUNDS)
    parser.add_argument("--quick", action="store_true", help="whether it works, in a minute; the figures mean little")
    return parser


def _parts(text: str) -> str:
    parts = "".join(text.replace(",", " ").split()).lower()
    if not parts or set(parts) - set(PARTS):
        raise ArgumentTypeError(f"{text!r}: name parts such as a,b out of {', '.join(PARTS)}")
    return parts


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is no number of rounds")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
