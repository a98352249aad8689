"""The members of channels, as one client knows them."""

from __future__ import annotations

from typing import Any


class Roster:
    """The people in the channels that a client has joined, from its events; names are compared without case."""

    def __init__(self) -> None:
        self._present: set[tuple[str, str]] = set()

    def has(self, nick: str, channel: str) -> bool:
        """True if somebody is known to be in a channel."""
        return (nick.lower(), channel.lower()) in self._present

    def note(self, event: Any) -> None:
        """Updates the members by an event of jaraco's `irc`."""
        match event.type:
            case "namreply":
                _, channel, names = event.arguments
                self._present |= {(_bare(name), channel.lower()) for name in names.split()}
            case "join":
                self._present.add((event.source.nick.lower(), event.target.lower()))
            case "part":
                self._present.discard((event.source.nick.lower(), event.target.lower()))
            case "kick":
                self._present.discard((event.arguments[0].lower(), event.target.lower()))
            case "quit":
                self._rename(event.source.nick, None)
            case "nick":
                self._rename(event.source.nick, event.target)

    def _rename(self, old: str, new: str | None) -> None:
        channels = {channel for nick, channel in self._present if nick == old.lower()}
        self._present -= {(old.lower(), channel) for channel in channels}
        if new is not None:
            self._present |= {(new.lower(), channel) for channel in channels}


def _bare(name: str) -> str:
    return name.lstrip("@+").partition("!")[0].lower()
