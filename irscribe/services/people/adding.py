"""Puts people on the list of responders by name, many at once: all is read once, what is new is written together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from irscribe.domain.permission import Standing
from irscribe.domain.record import ListedResponder
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.names import Somebody
from models import team


def put_by_name(ctx: IncidentContext, people: Iterable[Somebody]) -> None:
    """Put people on the list, in this order; those on it get the name by which they are called here."""
    places = Places(team.responders(ctx.session, ctx.number), fold=ctx.casemapping.fold)
    numbers = count(team.next_number(ctx.session, ctx.number))
    added: dict[int, Mapping[str, Any]] = {}
    for somebody in people:
        found = places.find(somebody)
        if found is None:
            place = _new_place(ctx, somebody, number=next(numbers), added=places.next_added)
        else:
            place = _known_place(ctx, somebody, found, added=places.next_added)
        if found is None or found.number in added:
            added[place.number] = _values(place)
        elif place != found:
            team.set_responder(ctx.session, ctx.audit, place.number, **_values(place))
        places.put(place)
    team.add_responders(ctx.session, ctx.audit, added)


class Places:
    """The places on the list, by the people and by the names that have them."""

    def __init__(self, listed: Sequence[ListedResponder], *, fold: Callable[[str], str]) -> None:
        """Begin with a list in its order; ``fold`` makes spellings of a name equal."""
        self.next_added = 1
        self._fold = fold
        self._places: dict[int, ListedResponder] = {}
        self._by_person: dict[int, int] = {}
        self._by_name: dict[str, int] = {}
        self._order: dict[int, int] = {}
        for each in listed:
            self.put(each)

    def put(self, place: ListedResponder) -> None:
        """Add a place at the end, or replace it."""
        number = place.number
        self._places[number] = place
        self._order.setdefault(number, len(self._order))
        self.next_added = max(self.next_added, 1 + (place.added or 0))
        if place.person is not None:
            self._by_person.setdefault(place.person, number)
        for name in filter(None, (place.name, place.nick, place.account)):
            self._by_name.setdefault(self._fold(name), number)

    def find(self, who: Somebody) -> ListedResponder | None:
        """Find a person's place, else the first one that has one of their names."""
        if who.person in self._by_person:
            return self._places[self._by_person[who.person]]
        names = map(self._fold, filter(None, (who.name, who.nick, who.account)))
        named = {self._by_name[each] for each in names if each in self._by_name}
        return self._places[min(named, key=self._order.__getitem__)] if named else None


def _values(place: ListedResponder) -> Mapping[str, Any]:
    """The columns of a place besides its number."""
    return {name: value for name, value in vars(place).items() if name != "number"}


def _new_place(ctx: IncidentContext, somebody: Somebody, *, number: int, added: int) -> ListedResponder:
    return ListedResponder(
        number=number,
        added=added,
        person=somebody.person,
        name=somebody.name,
        nick=somebody.nick,
        account=somebody.account,
        focus=None,
        joined_at=None,
        left_at=None,
        granted=_may_be_granted(ctx, somebody),
    )


def _known_place(ctx: IncidentContext, somebody: Somebody, found: ListedResponder, *, added: int) -> ListedResponder:
    same = found.person is None or found.person == somebody.person
    granted = found.granted or (_may_be_granted(ctx, somebody) and same)
    known = replace(found, name=somebody.name, added=found.added or added, granted=granted)
    if found.person is None and somebody.person is not None:
        return replace(known, person=somebody.person, nick=somebody.nick, account=somebody.account)
    return known


def _may_be_granted(ctx: IncidentContext, somebody: Somebody) -> bool:
    """Rights are granted to people that the bot knows, never to a name only, which anybody may take."""
    return ctx.standing >= Standing.RESPONDER and somebody.person is not None
