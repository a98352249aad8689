"""``python -m tests.bench``: measure irscribe beside its baselines, and print the figures.

1 where something was lost, doubled or put out of order, or a bot did not answer; a target that is missed is said in
words, and is no failure.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.bench.bots import OURS, ROOT
from tests.bench.caller import SilentError
from tests.bench.effort import FULL, QUICK, Effort
from tests.bench.lives import Life
from tests.bench.machine import describe
from tests.bench.rounds import Round, faults_of, hold_round, warm_up
from tests.bench.tables import bots_table, life_line
from tests.bench.targets import judge
from tests.ircservers import Process, start_ngircd

PARTS = "abcd"
PATIENT = "[Limits]\nPingTimeout = 3600\nPongTimeout = 60\n"
"""A bot that has too much to do to answer a PING is not thrown out."""


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for."""
    options = _parser().parse_args(arguments)
    room = ROOT / "var"
    room.mkdir(exist_ok=True)
    try:
        with (
            TemporaryDirectory(prefix="bench-", dir=room) as folder,
            start_ngircd(Path(folder), link=PATIENT) as server,
        ):
            return _measure(options, server, Path(folder))
    except pytest.skip.Exception as missing:
        sys.stderr.write(f"{missing}\n")
    except (SilentError, EOFError) as error:
        sys.stderr.write(f"A bot did not do its part: {error}.\n")
    return 1


def _measure(options: Namespace, server: Process, folder: Path) -> int:
    effort, parts = _effort(options), options.only
    facts = list(describe(folder))
    rounds = _hold_rounds(server.address, folder, effort, parts=parts)
    tables = bots_table(rounds)
    targets = list(judge(rounds))
    print(tables, *facts, *targets, sep="\n")
    wrong = list(faults_of(rounds))
    for name, fault in wrong:
        print(f"WRONG  {name}, {fault}")
    return int(any(name == OURS for name, _ in wrong))


def _hold_rounds(address: tuple[str, int], folder: Path, effort: Effort, *, parts: str) -> list[Round]:
    warm_up(address, folder, effort, parts=parts)
    rounds = []
    for number in range(1, effort.rounds + 1):

        def tell(name: str, life: Life, number: int = number) -> None:
            print(life_line(number, name, life), flush=True)

        rounds.append(hold_round(address, folder, effort, parts=parts, tell=tell))
    return rounds


def _effort(options: Namespace) -> Effort:
    effort = QUICK if options.quick else FULL
    return replace(effort, rounds=options.rounds) if options.rounds else effort


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m tests.bench", description="Measure irscribe beside its baselines.")
    parser.add_argument(
        "--only", type=_parts, default=PARTS, metavar="a,b", help=f"some of the parts {', '.join(PARTS)}"
    )
    parser.add_argument("--rounds", type=int, metavar="N", help=f"how often each bot lives (default: {FULL.rounds})")
    parser.add_argument(
        "--quick", action="store_true", help="see in a minute whether it works; the figures mean little"
    )
    return parser


def _parts(text: str) -> str:
    parts = "".join(text.replace(",", "").split()).lower()
    if not parts or set(parts) - set(PARTS):
        raise ArgumentTypeError(f"{text!r}: name parts of {', '.join(PARTS)}")
    return parts


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
