"""The members of channels, as one client knows them."""

from __future__ import annotations

from typing import Any

from irscribe.domain.casemapping import CaseMapping

_fold = CaseMapping.ASCII.fold


class Roster:
    """The people in the channels that a client has joined, from its events; only ASCII letters have a case."""

    def __init__(self) -> None:
        self._present: set[tuple[str, str]] = set()

    def has(self, nick: str, channel: str) -> bool:
        """True if somebody is known to be in a channel."""
        return (_fold(nick), _fold(channel)) in self._present

    def note(self, event: Any) -> None:
        """Updates the members by an event of jaraco's `irc`."""
        match event.type:
            case "namreply":
                _, channel, names = event.arguments
                self._present |= {(_bare(name), _fold(channel)) for name in names.split()}
            case "join":
                self._present.add((_fold(event.source.nick), _fold(event.target)))
            case "part":
                self._present.discard((_fold(event.source.nick), _fold(event.target)))
            case "kick":
                self._present.discard((_fold(event.arguments[0]), _fold(event.target)))
            case "quit":
                self._rename(event.source.nick, None)
            case "nick":
                self._rename(event.source.nick, event.target)

    def _rename(self, old: str, new: str | None) -> None:
        channels = {channel for nick, channel in self._present if nick == _fold(old)}
        self._present -= {(_fold(old), channel) for channel in channels}
        if new is not None:
            self._present |= {(_fold(new), channel) for channel in channels}


def _bare(name: str) -> str:
    return _fold(name.lstrip("@+").partition("!")[0])
