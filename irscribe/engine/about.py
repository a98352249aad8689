"""The nicks that an event is about: events about one nick keep their order."""

from __future__ import annotations

from irscribe.domain.events import Event, Rest
from irscribe.domain.request import Identified, Left, Person, Renamed, Request

Move = Renamed | Identified | Left
"""An event that makes somebody else of a person."""


def own_nicks(event: Event) -> frozenset[str]:
    """Give the nicks, folded, of the person who typed a line, or whom a move is about; empty for other events."""
    match event:
        case Renamed():
            return frozenset(folded(event.person, each) for each in (event.person.nick, event.nick))
        case Left():
            return frozenset([event.casemapping.fold(event.nick)])
        case Identified() | Request():
            return frozenset([folded(event.person, event.person.nick)])
        case Rest():
            return own_nicks(event.beginning) | own_nicks(event.line)
    return frozenset()


def named_nicks(event: Event) -> frozenset[str]:
    """Give the nicks, folded, of the people whom a line names."""
    match event:
        case Request():
            return frozenset(folded(each, each.nick) for each in event.named)
        case Rest():
            return named_nicks(event.beginning) | named_nicks(event.line)
    return frozenset()


def folded(person: Person, nick: str) -> str:
    """Fold a nick by the case mapping of a person's network."""
    return person.casemapping.fold(nick)
