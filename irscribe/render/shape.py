"""Builds frozen values from JSON data: every key must be there, no other, and every type must be right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from json import dumps
from math import isfinite
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from irscribe.domain.errors import ReportError
from irscribe.domain.moment import unstamp

LARGEST_NUMBER = 2**31 - 1
"""The largest whole number that every database can store."""

LARGEST_FIGURE = 10**15
"""The largest figure that is read: every program reads it without loss."""

HIGHEST_VERSION = 1_000_000_000
"""The highest number or version that may be read; it leaves room for many more."""

YEARS = range(1970, 3000)
"""The years that a time may have: the first and last years of a calendar leave no room for calculations."""

DEEPEST_NESTING = 64
"""The deepest nesting of lists: deeper ones are no report, and would exhaust the stack."""

_COUNTED_FROM_ONE = frozenset({"number", "version"})
_NAMES = {str: "a text", int: "a whole number", bool: "true or false", dict: "an object", list: "a list"}
_VALUE_SHOWN = 40

Spelled = Mapping[type, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class Place:
    """The place of a value in a document, spelled as in a program: ``timeline[3].at``."""

    path: str

    def key(self, name: str) -> Place:
        """The place of a key in the object at this place."""
        return Place(path=f"{self.path}.{name}" if self.path else name)

    def index(self, number: int) -> Place:
        """The place of an element, from 0, of the list at this place."""
        return Place(path=f"{self.path}[{number}]")

    def wrong(self, found: object, wanted: str) -> ReportError:
        """The error for a value at this place that is not the one wanted."""
        return ReportError(f"{self.path or 'The document'}: {_shown(found)} is not {wanted}.")


def build(kind: Any, raw: Any, *, top: Place, spelled: Spelled) -> Any:
    """Build the value of type ``kind`` from data; ``spelled`` gives the keys that differ from field names.

    Raises ReportError that names the place.
    """
    optional = NoneType in get_args(kind)
    if optional and raw is None:
        return None
    wanted = next(each for each in get_args(kind) if each is not NoneType) if optional else kind
    if get_origin(wanted) is tuple:
        return _elements(get_args(wanted)[0], raw, top=top, spelled=spelled)
    if is_dataclass(wanted) and isinstance(wanted, type):
        return _fields(wanted, expect_object(raw, top), top=top, spelled=spelled)
    return _scalar(wanted, raw, top)


def json_fields(kind: type) -> tuple[str, ...]:
    """Give the names of the fields that the JSON of a part of the report has, in its order."""
    return tuple(each.name for each in fields(kind))


def expect_object(raw: Any, place: Place) -> dict[str, Any]:
    """Return the value if it is an object.

    Raises ReportError for any other value.
    """
    found: dict[str, Any] = _typed(dict, raw, place)
    return found


def _elements(kind: Any, raw: Any, *, top: Place, spelled: Spelled) -> tuple[Any, ...]:
    listed = _typed(list, raw, top)
    if top.path.count("[") > DEEPEST_NESTING:
        raise ReportError(f"{top.path[:_VALUE_SHOWN]}…: lists are nested more than {DEEPEST_NESTING} deep.")
    return tuple(build(kind, each, top=top.index(number), spelled=spelled) for number, each in enumerate(listed))


def _fields(kind: type, raw: dict[str, Any], *, top: Place, spelled: Spelled) -> Any:
    keys = _keys(kind, spelled.get(kind, {}))
    for name in keys:
        if name not in raw:
            raise ReportError(f"{top.key(name).path}: this key is missing; write null or an empty list for nothing.")
    for name in raw:
        if name not in keys:
            raise ReportError(f"{top.key(name).path}: this key is not part of the format; take it out.")
    return kind(
        **{field: build(hint, raw[name], top=top.key(name), spelled=spelled) for name, (field, hint) in keys.items()}
    )


def _keys(kind: type, spelled: Mapping[str, str]) -> dict[str, tuple[str, Any]]:
    """The keys of an object, each with its field and the field's type."""
    return {spelled.get(field, field): (field, hint) for field, hint in _hints(kind).items()}


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {name: hints[name] for name in json_fields(kind)}


def _scalar(kind: type, raw: Any, place: Place) -> Any:
    if kind is datetime:
        wanted = f"a time like 2021-11-02T11:35:00Z, of {YEARS[0]} to {YEARS[-1]}"
        return _read_by(_time, _typed(str, raw, place), place, wanted)
    if kind is date:
        return _read_by(_day, _typed(str, raw, place), place, f"a day like 2021-11-02, of {YEARS[0]} to {YEARS[-1]}")
    if kind is float:
        return _figure(raw, place)
    if issubclass(kind, Enum):
        wanted = "one of " + ", ".join(str(each.value) for each in kind)
        return _read_by(kind, _typed(str, raw, place), place, wanted)
    found = _typed(kind, raw, place)
    return _number(found, place) if kind is int else _text(found, place)


def _typed(kind: type, raw: Any, place: Place) -> Any:
    # For isinstance true would be the number 1.
    if type(raw) is not kind:
        raise place.wrong(raw, _NAMES[kind])
    return raw


def _read_by(reader: Callable[[str], Any], raw: str, place: Place, wanted: str) -> Any:
    try:
        return reader(raw)
    except ValueError as error:
        raise place.wrong(raw, wanted) from error


def _time(text: str) -> datetime:
    moment = unstamp(text)
    if moment.year not in YEARS:
        raise ValueError(text)
    return moment


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if day.isoformat() != text or day.year not in YEARS:
        raise ValueError(text)
    return day


def _figure(raw: Any, place: Place) -> float:
    """Read a figure of any size, whole or not; one that is whole stays a whole number."""
    if type(raw) not in (int, float) or not isfinite(raw) or not 0 <= raw <= LARGEST_FIGURE:
        raise place.wrong(raw, f"a number from 0 to {LARGEST_FIGURE}")
    return int(raw) if raw == int(raw) else float(raw)


def _number(found: int, place: Place) -> int:
    counted = place.path.rpartition(".")[2] in _COUNTED_FROM_ONE
    smallest, largest = (1, HIGHEST_VERSION) if counted else (0, LARGEST_NUMBER)
    if not smallest <= found <= largest:
        raise place.wrong(found, f"a whole number from {smallest} to {largest}")
    return found


def _text(found: Any, place: Place) -> Any:
    if isinstance(found, str) and not found.isascii() and any("\ud800" <= each <= "\udfff" for each in found):
        raise ReportError(f"{place.path}: this text holds half a character (a lone surrogate); write it anew.")
    return found


def _shown(found: object) -> str:
    if isinstance(found, dict | list):
        return _NAMES[type(found)].capitalize()
    written = dumps(found, ensure_ascii=False)
    return written if len(written) <= _VALUE_SHOWN else f"{written[:_VALUE_SHOWN]}…"
