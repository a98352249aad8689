"""``export`` writes one report to a file or to standard output."""

from __future__ import annotations

import sys
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

from irscribe.cli.archive import reading
from irscribe.cli.settings import load_settings
from irscribe.domain.errors import IrscribeError, UnknownIncidentError
from irscribe.render import render
from irscribe.services.application import build_application
from irscribe.services.report.assembly import assemble, gathered
from irscribe.services.report.exports import style
from models import incidents
from models.ownfiles import make_file
from models.visibility import is_public

STANDARD_OUTPUT = "-"


class OutputError(IrscribeError):
    """The report cannot be written to the output."""


def main(arguments: Namespace) -> int:
    """Write the report as it is now; a bot may run at the same time."""
    config = load_settings(arguments)
    application = build_application(config)
    with reading(config) as session:
        if incidents.get(session, arguments.number) is None:
            raise UnknownIncidentError(f"There is no incident {arguments.number}; `bot.py list` shows what there is.")
        record = gathered(session, arguments.number)
    report = assemble(record, application)
    text = render(report, arguments.format, style(application, arguments.layout))
    _write(text, arguments.output, private=not is_public(report.incident))
    return 0


def _write(text: str, output: str, *, private: bool) -> None:
    try:
        if output == STANDARD_OUTPUT:
            sys.stdout.write(text)
            sys.stdout.flush()
        else:
            if private:
                with suppress(FileExistsError):
                    make_file(Path(output))
            Path(output).write_text(text, encoding="utf-8")
    except BrokenPipeError:
        raise
    except OSError as error:
        place = "Standard output" if output == STANDARD_OUTPUT else output
        raise OutputError(f"{place} cannot be written: {error.strerror}.") from None
