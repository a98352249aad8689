"""The lines of the log: for people, or for programs."""

from __future__ import annotations

import json
import logging
import re

from irscribe.cli.logs import JsonFormatter, TextFormatter

AT = 1_700_000_000.5


def _record(message: str, *arguments: object, error: BaseException | None = None) -> logging.LogRecord:
    trace = (type(error), error, None) if error else None
    record = logging.LogRecord("irscribe.engine.writer", logging.WARNING, "writer.py", 1, message, arguments, trace)
    record.created = AT
    return record


def test_a_line_for_people_begins_with_its_moment_in_utc():
    said = TextFormatter().format(_record("not said to %s", "#ops"))
    assert said == "2023-11-14T22:13:20Z WARNING not said to #ops"


def test_a_line_for_programs_is_one_object():
    said = JsonFormatter().format(_record("not said to %s: %s", "#ops", '“Łódź”\n"quoted"'))
    assert "\n" not in said
    assert json.loads(said) == {
        "at": "2023-11-14T22:13:20Z",
        "level": "warning",
        "logger": "irscribe.engine.writer",
        "message": 'not said to #ops: “Łódź”\n"quoted"',
    }


def test_an_error_goes_with_its_traceback_on_the_same_line():
    said = JsonFormatter().format(_record("a tick failed", error=ZeroDivisionError("by zero")))
    assert "\n" not in said
    assert re.search("ZeroDivisionError: by zero", json.loads(said)["error"])
