"""The command line: a module per verb, loaded when it is needed."""

from __future__ import annotations

import gc
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from io import TextIOWrapper

from irscribe.cli.arguments import overview, read_arguments
from irscribe.domain.errors import IrscribeError

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line; return 0 if it is done, 1 with a reason on standard error if not, 2 for wrong usage.

    Without a verb, list the verbs.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    chosen = read_arguments(sys.argv[1:] if arguments is None else arguments)
    if chosen.verb is None:
        sys.stdout.write(overview())
        return 0
    try:
        do = _load(chosen.verb)
        gc.freeze()
        gc.enable()
        return do(chosen)
    except IrscribeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except BrokenPipeError:
        # The reader has ended, as `| head` does: this is no error, and nothing more can be written.
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def _load(verb: str) -> Callable[[Namespace], int]:
    """Load the module of a verb, and no other: the bot starts the sooner."""
    match verb:
        case "run":
            from irscribe.cli.run import main as do
        case "check":
            from irscribe.cli.check import main as do
        case "migrate":
            from irscribe.cli.migrate import main as do
        case "export":
            from irscribe.cli.export import main as do
        case "import":
            from irscribe.cli.importing import main as do
        case "backup":
            from irscribe.cli.backup import main as do
        case "site":
            from irscribe.cli.site import main as do
        case "demo":
            from irscribe.cli.demo import main as do
        case _:
            from irscribe.cli.looking import main as do
    return do
