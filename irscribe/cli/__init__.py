"""The command line: a module per verb, loaded when it is needed."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from types import MappingProxyType

from irscribe.cli.arguments import overview, read_arguments
from irscribe.domain.errors import IrscribeError

MODULES = MappingProxyType(
    {
        "run": "irscribe.cli.run",
        "check": "irscribe.cli.check",
        "migrate": "irscribe.cli.migrate",
        "export": "irscribe.cli.export",
        "import": "irscribe.cli.importing",
        "backup": "irscribe.cli.backup",
        "list": "irscribe.cli.looking",
        "show": "irscribe.cli.looking",
        "find": "irscribe.cli.looking",
        "stats": "irscribe.cli.looking",
        "demo": "irscribe.cli.demo",
    }
)
"""The module of each verb, with its ``main(arguments)``. The bot starts without loading the other modules."""

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
        do = import_module(MODULES[chosen.verb]).main
        gc.freeze()
        gc.enable()
        return int(do(chosen))
    except IrscribeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except BrokenPipeError:
        # The reader has ended, as `| head` does: this is no error, and nothing more can be written.
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
