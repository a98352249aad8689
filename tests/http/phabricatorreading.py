"""The fake Phabricator reads values strictly, and refuses them in the words of the real server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.http.phabricatorworld import core_error


class WrongValueError(ValueError):
    """A value of the wrong type; the text is the server's."""


def string(value: object, name: str = "value") -> str:
    if not isinstance(value, str):
        raise _wrong(name, "Expected string, got something else.")
    return value


def integer(value: object, name: str = "value") -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(name, "Expected integer, got something else.")
    return value


def phid_or_null(value: object, name: str = "value") -> str | None:
    if value is not None and not isinstance(value, str):
        raise _wrong(name, "Expected PHID, got something else.")
    return value


def strings(value: object, name: str = "value") -> list[str]:
    return _list(value, name, string)


def nonempty_strings(value: object, name: str = "value") -> list[str]:
    return _nonempty(strings(value, name), name)


def integers(value: object, name: str = "value") -> list[int]:
    return _list(value, name, integer)


def nonempty_integers(value: object, name: str = "value") -> list[int]:
    return _nonempty(integers(value, name), name)


def epoch(value: object, name: str = "value") -> int:
    moment = integer(value, name)
    if moment <= 0:
        raise _wrong(name, f"Epoch timestamp must be larger than 0, got {moment}.")
    return moment


def read(reader: Callable[[object, str], object], value: object, name: str) -> object:
    """A value outside of a transaction."""
    try:
        return reader(value, name)
    except WrongValueError as error:
        raise core_error(str(error)) from None


def _list(value: object, name: str, reader: Callable[[object, str], Any]) -> list[Any]:
    if isinstance(value, dict) and list(value) == [str(index) for index in range(len(value))]:
        # to PHP an object with the keys of a list is one
        value = list(value.values())
    if not isinstance(value, list):
        raise _wrong(name, "Expected a list, but value is not a list.")
    return [reader(item, f"{name}[{index}]") for index, item in enumerate(value)]


def _nonempty(items: list[Any], name: str) -> list[Any]:
    if not items:
        raise _wrong(name, "Expected a nonempty list, but value is an empty list.")
    return items


def _wrong(name: str, words: str) -> WrongValueError:
    return WrongValueError(f'Error while reading "{name}": {words}')
