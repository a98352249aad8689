"""``import`` reads reports into the record; each file as a whole or not at all, also beside a running bot."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from irscribe.cli.archive import writing
from irscribe.cli.settings import load_settings
from irscribe.domain.errors import IrscribeError, ReportError
from irscribe.engine.importing import Importer, Progress
from irscribe.render.json import read
from irscribe.services.application import build_application
from models import reason

STAYS = "nobody sees what is written so far, and the same command goes on with it"


def main(arguments: Namespace) -> int:
    """Import the files, or remove what an unfinished import has written; return 1 if one of them cannot be imported."""
    config = load_settings(arguments)
    application = build_application(config)
    with writing(config) as database:
        importer = Importer(database, application, tell=_tell, show=_show)
        if arguments.remove is not None:
            return int(not _report(f"incident {arguments.remove}", partial(_remove, importer, arguments.remove)))
        done = [_report(str(path), partial(_import, importer, path)) for path in arguments.files]
    return int(not all(done))


def _report(about: str, work: Callable[[], str]) -> bool:
    """Do something and print the result in a line; return True if it is done."""
    try:
        result = work()
    except IrscribeError as error:
        sys.stderr.write(f"{about}: {error}\n")
    except SQLAlchemyError as error:
        sys.stderr.write(f"{about}: The database cannot be used ({reason(error)}); {STAYS}.\n")
    else:
        print(f"{about}: {result}.")
        return True
    return False


def _import(importer: Importer, path: Path) -> str:
    report = read(_text(path))
    changed = importer.run(report)
    return f"incident {report.incident.number} {'imported' if changed else 'was there already'}"


def _remove(importer: Importer, number: int) -> str:
    if importer.remove(number):
        return "what an unfinished import has written of it is removed"
    return "no import of it is unfinished"


def _tell(sentence: str) -> None:
    print(f"{sentence}.", flush=True)


def _show(progress: Progress) -> None:
    """Show on a terminal how far an import is."""
    if sys.stderr.isatty():
        end = "\n" if progress.written == progress.total else ""
        sys.stderr.write(f"\r{progress.written} of {progress.total} rows{end}")
        sys.stderr.flush()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ReportError(f"It cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ReportError("This is no report: it is not UTF-8 text.") from None
