"""Several changes of one person's nick, of which only the last one counts, are carried out as one.

Each costs a few statements, and what waits for the person moves with it: somebody may change a nick hundreds of times
while others wait for the writer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from irscribe.domain.events import Event, Rest
from irscribe.domain.request import Identified, Left, Person, Renamed, Request


@dataclass(kw_only=True)
class _Chain:
    """The changes of one person's nick so far; ``begun`` is the place of the first one among the events."""

    begun: int
    whole: Renamed
    nicks: set[str]


def chained(events: Iterable[Event]) -> Sequence[Event]:
    """Combine changes of one person's nick into the first one, unless an event between them is about one of the nicks.

    The others stay in their order.
    """
    kept: dict[int, Event] = {}
    chains: dict[str, _Chain] = {}
    last_about: dict[str, int] = {}
    for place, event in enumerate(events):
        chain = chains.pop(_folded(event.person, event.person.nick), None) if isinstance(event, Renamed) else None
        if isinstance(event, Renamed) and chain is not None and _goes_on(chain, event, last_about):
            kept[chain.begun] = chain.whole = replace(chain.whole, nick=event.nick)
            chain.nicks.add(_folded(event.person, event.nick))
        else:
            kept[place] = event
            nicks = _nicks(event)
            if nicks is None:
                chains.clear()
            last_about |= dict.fromkeys(nicks or (), place)
            chain = _Chain(begun=place, whole=event, nicks=_nicks_of(event)) if isinstance(event, Renamed) else None
        if chain is not None:
            chains[_folded(chain.whole.person, chain.whole.nick)] = chain
    return [*kept.values()]


def _goes_on(chain: _Chain, event: Renamed, last_about: dict[str, int]) -> bool:
    """True if a change goes on with a chain, and nothing in between is about one of its nicks."""
    same = replace(chain.whole.person, nick=event.person.nick) == event.person and chain.whole.network == event.network
    nicks = {*chain.nicks, _folded(event.person, event.nick)}
    return same and all(last_about.get(each, -1) <= chain.begun for each in nicks)


def _nicks(event: Event) -> set[str] | None:
    """Give the nicks that an event is about, folded; None if it may be about anybody."""
    match event:
        case Renamed():
            return _nicks_of(event)
        case Left():
            return {event.casemapping.fold(event.nick)}
        case Identified():
            return {_folded(event.person, event.person.nick)}
        case Request():
            return _typed_about(event)
        case Rest():
            return _typed_about(event.beginning) | _typed_about(event.line)
    return None


def _nicks_of(event: Renamed) -> set[str]:
    return {_folded(event.person, each) for each in (event.person.nick, event.nick)}


def _typed_about(line: Request) -> set[str]:
    return {_folded(each, each.nick) for each in (line.person, *line.named)}


def _folded(person: Person, nick: str) -> str:
    return person.casemapping.fold(nick)
