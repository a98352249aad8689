"""Writes and reads a report as JSON (``irscribe.report/2``), without loss; reads ``irscribe.report/1`` as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from json import JSONDecodeError, JSONEncoder, loads
from operator import attrgetter
from typing import Any

from irscribe.domain.errors import ReportError
from irscribe.domain.moment import stamp
from irscribe.domain.report import SCHEMA, Gap, Report
from irscribe.domain.reportparts import RoleTerm
from irscribe.render.coherence import refuse_contradictions
from irscribe.render.earlier import FIRST_SCHEMA, brought_up_to_date
from irscribe.render.shape import Place, build, expect_object, json_fields

SPELLED: Mapping[type, Mapping[str, str]] = {
    Gap: {"begins": "from", "ends": "until"},
    RoleTerm: {"since": "from"},
}
"""Keys that differ from the name of their field."""


def render(report: Report) -> str:
    """Render a report as JSON in the order of the contract: a line for each key, and for each element of a list."""
    keys = ({"schema": SCHEMA} | _object(report)).items()
    return "{\n" + ",\n".join(f" {_encoded(key)}: {_value(value)}" for key, value in keys) + "\n}\n"


def read(text: str) -> Report:
    """Read a report from a JSON text.

    Raises ReportError that names the place if the text is not exactly an ``irscribe.report/2`` or ``/1``.
    """
    top = Place(path="")
    raw = expect_object(_parsed(text), top)
    schema = raw.get("schema")
    if schema not in (SCHEMA, FIRST_SCHEMA):
        known_ones = f"{FIRST_SCHEMA} and {SCHEMA}"
        raise ReportError(f"schema: {schema!r} is not a format this program reads; it reads {known_ones}.")
    given = {key: value for key, value in raw.items() if key != "schema"}
    known = given if schema == SCHEMA else brought_up_to_date(given)
    report: Report = build(Report, known, top=top, spelled=SPELLED)
    refuse_contradictions(report)
    return report


def _value(value: Any) -> str:
    if isinstance(value, tuple) and value:
        return "[\n  " + ",\n  ".join(map(_encoded, value)) + "\n ]"
    return _encoded(value)


def _object(value: Any) -> Any:
    """Turn a part of the report into values that JSON knows; it knows texts, enumerations, numbers and lists."""
    kind: Any = type(value)
    if kind is datetime:
        return stamp(value)
    if kind is date:
        return value.isoformat()
    keys, values_of = _keys(kind)
    return dict(zip(keys, values_of(value), strict=True))


_encoded = JSONEncoder(ensure_ascii=False, check_circular=False, default=_object).encode


@cache
def _keys(kind: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """The keys of a part of the report, and a function that gives their values."""
    spelled = SPELLED.get(kind, {})
    names = json_fields(kind)
    return tuple(spelled.get(name, name) for name in names), attrgetter(*names)


def _parsed(text: str) -> Any:
    try:
        return loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except JSONDecodeError as error:
        raise ReportError(f"Line {error.lineno}, column {error.colno}: this is not JSON ({error.msg}).") from error
    except (ValueError, RecursionError) as error:
        raise ReportError(f"This is not JSON that can be read ({error}).") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object; of two equal keys JSON would silently keep the last."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ReportError(f"The key “{key}” stands twice in one object; keep one.")
        found[key] = value
    return found


def _refuse_constant(name: str) -> None:
    raise ReportError(f"{name} is not a number that JSON knows; write null for what is not known.")
