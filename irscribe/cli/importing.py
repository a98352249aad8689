"""``import`` reads reports into the record; each file is imported as a whole or not at all."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from irscribe.cli.archive import writing
from irscribe.cli.settings import load_settings
from irscribe.domain.errors import IrscribeError, ReportError
from irscribe.render.json import read
from irscribe.services.application import build_application
from irscribe.services.context.application import ApplicationContext
from irscribe.services.report.imports import import_report
from models import Database


def main(arguments: Namespace) -> int:
    """Import the files; return 1 if one of them cannot be imported."""
    config = load_settings(arguments)
    application = build_application(config)
    with writing(config) as database:
        done = [_import(database, application, path) for path in arguments.files]
    return int(not all(done))


def _import(database: Database, application: ApplicationContext, path: Path) -> bool:
    """Import one file and print the result; return True if it was imported or known already."""
    try:
        report = read(_text(path))
        with database.write() as session:
            changed = import_report(session, application, report)
    except IrscribeError as error:
        sys.stderr.write(f"{path}: {error}\n")
        return False
    print(f"{path}: incident {report.incident.number} {'imported' if changed else 'was there already'}.")
    return True


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ReportError(f"It cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ReportError("This is no report: it is not UTF-8 text.") from None
