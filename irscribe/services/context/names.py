"""Finds the person meant by a name: on the list of responders, in the channel, among those who logged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from irscribe.domain.moment import Precision
from irscribe.domain.prose import without_ping
from irscribe.domain.record import ListedResponder, Term
from irscribe.domain.request import Person
from irscribe.domain.spelling import show
from irscribe.services.context.contexts import IncidentContext
from models import persons, team
from models.authors import Author, authors_called

LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """The person meant by a name; ``person`` is their number, or None if the bot does not know them."""

    name: str
    nick: str | None = None
    account: str | None = None
    person: int | None = None


def person_called(ctx: IncidentContext, name: str) -> Somebody:
    """Find a person by nick or account: first in the channel, then among those who logged."""
    return people_called(ctx, [name])[0]


def people_called(ctx: IncidentContext, names: Sequence[str]) -> Sequence[Somebody]:
    """Find people by nicks or accounts, as ``person_called`` finds one."""
    present = {name: person for name in names if (person := in_channel(ctx, name)) is not None}
    absent = {ctx.casemapping.fold(name) for name in names if name not in present}
    known = _authors(ctx, absent) if absent else {}
    found = []
    for name in names:
        if name in present:
            found.append(_met(ctx, name, present[name]))
        else:
            author = known.get(ctx.casemapping.fold(name))
            found.append(replace(author, name=name) if author else Somebody(name=name))
    return found


def _met(ctx: IncidentContext, name: str, present: Person) -> Somebody:
    person = persons.meet(ctx.session, ctx.incident.network, present)
    return Somebody(name=name, nick=present.nick, account=present.account, person=person)


def _authors(ctx: IncidentContext, names: Collection[str]) -> Mapping[str, Somebody]:
    """Those who logged under these nicks and accounts, folded; the one who did so first, where several had a name."""
    fold = ctx.casemapping.fold

    def is_meant(author: Author) -> bool:
        return any(fold(known) in names for known in author[1:] if known)

    found: dict[str, Somebody] = {}
    for number, nick, account in authors_called(ctx.session, ctx.number, is_meant):
        for known in filter(None, (nick, account)):
            somebody = Somebody(name=known, nick=nick, account=account, person=number)
            found.setdefault(fold(known), somebody)
    return found


def typist(ctx: IncidentContext) -> Somebody:
    """The person who typed the command."""
    who = ctx.typist
    return Somebody(name=who.nick, nick=who.nick, account=who.account, person=who.person)


def in_channel(ctx: IncidentContext, name: str) -> Person | None:
    """Find a person in the channel by nick, else by account."""
    people = (*ctx.request.named, ctx.request.person)
    by_nick = {each.nick: each for each in people}
    by_account = {each.account: each for each in people if each.account is not None}
    return ctx.casemapping.value_of(by_nick, name) or ctx.casemapping.value_of(by_account, name)


def is_away(ctx: IncidentContext, who: Somebody) -> bool:
    """True if a person is certainly not in the channel; False while its members are not known."""
    return ctx.request.sees_everybody and in_channel(ctx, who.name) is None


def on_list(ctx: IncidentContext, who: Somebody) -> ListedResponder | None:
    """Find a person's place on the list, by any of their names."""
    return own_place(ctx, who.person) or named_place(ctx, who.name, who.nick, who.account)


def own_place(ctx: IncidentContext, person: int | None) -> ListedResponder | None:
    """Find the place of a known person on the list."""
    return None if person is None else next(iter(team.places_of(ctx.session, ctx.number, person)), None)


def named_place(ctx: IncidentContext, *names: str | None) -> ListedResponder | None:
    """Find the place of a person with one of these names."""
    fold = ctx.casemapping.fold
    wanted = {fold(name) for name in names if name}
    for each in team.responders(ctx.session, ctx.number):
        if wanted & {fold(known) for known in (each.name, each.nick, each.account) if known}:
            return each
    return None


def serving(ctx: IncidentContext) -> Term | None:
    """The term of the present coordinator; None if there is none."""
    return team.serving(ctx.session, ctx.number)


def had_since(term: Term, now: datetime) -> str:
    """Say since when somebody has a role: `` since 12:10``, with the day if it is another; empty if not known."""
    if term.since is None:
        return ""
    return f" since {show(term.since, Precision.MINUTE, day_shown=term.since.date() != now.date())}"


def held(term: Term, now: datetime) -> str:
    """Name a role and whoever has it: ``comms carol since 12:10``; the name highlights nobody."""
    return f"{term.role} {without_ping(term.name)}{had_since(term, now)}"


def coordinates(term: Term | None, who: Somebody | ListedResponder) -> bool:
    """True if a term in any role is this person's, or has this name if its person is not known."""
    if term is None:
        return False
    if term.person is not None and who.person is not None:
        return term.person == who.person
    return term.name == who.name
