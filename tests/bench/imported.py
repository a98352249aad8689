"""A long report, and the process that imports it into the record of a bot at work."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from irscribe.config import load
from irscribe.render.json import render
from irscribe.services.application import build_application
from irscribe.services.report.assembly import report_of
from models import Database
from tests.bench.caller import SilentError
from tests.bench.history import Scope, write_history
from tests.botprocess import BOT

FIRST_NUMBER = 1000
FILE = "report.json"

Written = dict[str, Any]
"""A report in JSON, read."""


def long_report(folder: Path, entries: int) -> Written:
    """A report with so many entries; the database that it is made from stays in the folder."""
    source = folder / "source.db"
    write_history(source, Scope(incidents=1, entries=entries, long=entries, channel="#old"))
    with closing(Database(f"sqlite:///{source}")) as database, database.read() as session:
        report: Written = json.loads(render(report_of(session, build_application(load(None)), 1)))
    return report


@contextmanager
def importing(folder: Path, report: Written, number: int) -> Iterator[subprocess.Popen[bytes]]:
    """The process that imports a report as one more incident into the record of a folder.

    Raises SilentError if it ends with an error.
    """
    report["incident"]["number"] = FIRST_NUMBER + number
    (folder / FILE).write_text(json.dumps(report), encoding="utf-8")
    arguments = [sys.executable, str(BOT), "import", FILE]
    with subprocess.Popen(arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as run:
        try:
            yield run
            said, _ = run.communicate()
        finally:
            run.kill()
    if run.returncode:
        raise SilentError(f"the import ended with {run.returncode}: {said.decode()}")
