"""Several changes of one person's nick, of which only the last one counts, are carried out as one.

Each costs a few statements, and what waits for the person moves with it: somebody may change a nick hundreds of times
while others wait for the writer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from irscribe.domain.events import Event
from irscribe.domain.request import Renamed
from irscribe.engine.about import folded, named_nicks, own_nicks


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
        chain = chains.pop(folded(event.person, event.person.nick), None) if isinstance(event, Renamed) else None
        if isinstance(event, Renamed) and chain is not None and _goes_on(chain, event, last_about):
            kept[chain.begun] = chain.whole = replace(chain.whole, nick=event.nick)
            chain.nicks.add(folded(event.person, event.nick))
        else:
            kept[place] = event
            nicks = _nicks(event)
            if nicks is None:
                chains.clear()
            last_about |= dict.fromkeys(nicks or (), place)
            chain = _Chain(begun=place, whole=event, nicks={*own_nicks(event)}) if isinstance(event, Renamed) else None
        if chain is not None:
            chains[folded(chain.whole.person, chain.whole.nick)] = chain
    return [*kept.values()]


def _goes_on(chain: _Chain, event: Renamed, last_about: dict[str, int]) -> bool:
    """True if a change goes on with a chain, and nothing in between is about one of its nicks."""
    same = replace(chain.whole.person, nick=event.person.nick) == event.person and chain.whole.network == event.network
    nicks = {*chain.nicks, folded(event.person, event.nick)}
    return same and all(last_about.get(each, -1) <= chain.begun for each in nicks)


def _nicks(event: Event) -> frozenset[str] | None:
    """Give the nicks that an event is about, folded; None if it may be about anybody."""
    return own_nicks(event) | named_nicks(event) or None
