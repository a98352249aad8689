"""The lines of bots that tell of alerts, and of one that answers ``!log`` with an address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from irscribe.domain.text import clean, cut

PAGE = "#page"
"""Stands in the line of an alert that has woken somebody."""
NAME_BYTES = 200


class AlertState(StrEnum):
    """The standing of an alert by a line about it."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    OVER = "over"


@dataclass(frozen=True, kw_only=True)
class AlertLine:
    """The content of a line about an alert; ``paged`` is true if it has woken somebody."""

    name: str
    state: AlertState
    paged: bool = False


@dataclass(frozen=True)
class LoggedAt:
    """The address at which another bot has logged a line that was typed with ``!log``."""

    url: str


Told = AlertLine | LoggedAt
"""The content of a bot's line."""

# The template that Wikimedia gives alertmanager-irc-relay; ``[4x]`` stands there if several alerts are grouped.
_RELAYED = re.compile(
    r"(?P<state>FIRING|RESOLVED):\s+(?:\[\d{1,6}x\]\s+)?(?P<name>\S.*?)(?::\s.*|:)?", re.DOTALL | re.ASCII
)
# The template that alertmanager-irc-relay has by default, for an alert and for a group.
_BY_DEFAULT = re.compile(r"Alert (?P<name>\S.*?) (?:on|for)(?: \S+)? is (?P<state>firing|resolved)")
# ircecho, with what Icinga, Shinken and Nagios hand to it.
_OF_ICINGA = re.compile(
    r"(?P<state>PROBLEM|RECOVERY|ACKNOWLEDGEMENT) - "
    r"(?P<name>Host \S+|\S.*? on \S+) is [A-Z][A-Z_-]*(?::.*)?",
    re.DOTALL,
)
_SHAPES = (_RELAYED, _OF_ICINGA, _BY_DEFAULT)
_LOGGED = re.compile(r"(?:\S+: )?Logged the message at (?P<url>https?://[^\s<>\"]{1,400})")
_PAGE = re.compile(rf"{re.escape(PAGE)}\b", re.IGNORECASE)
_STATES = {
    **dict.fromkeys(
        ("firing", "problem", "critical", "crit", "warning", "warn", "down", "unreachable", "unknown", "alert"),
        AlertState.FIRING,
    ),
    **dict.fromkeys(("alerting", "triggered", "error", "failed", "open", "bad", "fatal"), AlertState.FIRING),
    **dict.fromkeys(("acknowledgement", "acknowledged", "ack", "acked"), AlertState.ACKNOWLEDGED),
    **dict.fromkeys(
        ("resolved", "recovery", "recovered", "ok", "up", "normal", "closed", "cleared", "good"), AlertState.OVER
    ),
}


def read_told(text: str, own_shape: re.Pattern[str] | None = None) -> Told | None:
    """Read the line of a bot, without formatting codes; None if it tells nothing.

    ``own_shape`` has the groups ``name`` and ``state``, and may have ``host``.
    """
    logged = _LOGGED.fullmatch(text)
    if logged is not None:
        return LoggedAt(logged["url"].rstrip(".,;"))
    return _read_own(text, own_shape) or _read_shipped(text)


def is_paged(text: str) -> bool:
    """True if a text holds the word that makes an alert a page."""
    return _PAGE.search(text) is not None


def without_page(text: str) -> str:
    """Take that word out of a name."""
    return _PAGE.sub("", text)


def _read_shipped(text: str) -> AlertLine | None:
    for shape in _SHAPES:
        found = shape.fullmatch(text)
        if found is not None:
            return _alert(found["name"], found["state"], text)
    return None


def _read_own(text: str, shape: re.Pattern[str] | None) -> AlertLine | None:
    found = shape.search(text) if shape else None
    if found is None:
        return None
    groups = found.groupdict()
    name, host = groups["name"] or "", groups.get("host")
    return _alert(f"{name} on {host}" if host else name, groups["state"] or "", text)


def _alert(name: str, state: str, text: str) -> AlertLine | None:
    said = cut(clean(without_page(name)), NAME_BYTES)
    known = _STATES.get(state.lower())
    return AlertLine(name=said, state=known, paged=is_paged(text)) if said and known else None
