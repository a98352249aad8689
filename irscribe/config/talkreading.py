"""Functions that read the options about talk; as in ``reading``, a ValueError says what is allowed."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from irscribe.config.reading import read_channel, split
from irscribe.config.values import Switch

_MINUTES = re.compile(r"(?P<minutes>[1-9]\d{0,3})(?: minutes?)?")


def read_switch(text: str, _base: Path) -> Switch:
    """Read on or off, and the channels that differ: ``off, #ops=on``."""
    default, channels = False, {}
    for item in split(text):
        channel, given, choice = item.rpartition("=")
        if given:
            channels[read_channel(channel.strip().strip('"'))] = _on_off(choice.strip())
        else:
            default = _on_off(choice)
    return Switch(default, MappingProxyType(channels))


def _on_off(text: str) -> bool:
    found = {"on": True, "off": False}.get(text.lower())
    if found is None:
        raise ValueError(f"{text!r} is neither on nor off")
    return found


def read_minutes(text: str, _base: Path) -> timedelta | None:
    """Read ``60 minutes``, or ``none``."""
    wording = " ".join(text.lower().split())
    if wording == "none":
        return None
    found = _MINUTES.fullmatch(wording)
    if found is None:
        raise ValueError(f"{text!r} is no number of minutes; write one such as `60 minutes`, or none")
    return timedelta(minutes=int(found["minutes"]))
