"""Folds the names of a record anew when its network compares names by another case mapping than the record did.

Names that collide are neither merged nor divided by a guess: keys that may be of several people are deleted, and
channels that would become one keep the names under which the record has them. ``models.collisions`` finds them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from irscribe.domain.casemapping import CaseMapping, fold_as_before
from models.alerttables import start_suggestion
from models.announcementtables import announcement, topic_segment
from models.database import Session
from models.networktables import coverage
from models.nudgetables import unasked
from models.tables import channel, identity, incident, line, person
from models.watchtables import further_channel

Names = Mapping[int, set[str]]
"""The spellings of a person's nicks or accounts, by the person's number."""


@dataclass(frozen=True, kw_only=True)
class Refolding:
    """A change of one network's case mapping; ``old`` is None for a record made before mappings were stored."""

    network: str
    old: CaseMapping | None
    new: CaseMapping

    def was(self, name: str) -> str:
        """Fold a name as the record did."""
        return fold_as_before(name) if self.old is None else self.old.fold(name)


def refold(session: Session, change: Refolding, *, served: Collection[str]) -> None:
    """Fold the names of a network's record anew; ``served`` are the channels of the settings, as spelled there."""
    _refold_people(session, change)
    _refold_channels(session, change, served)


def _refold_people(session: Session, change: Refolding) -> None:
    """Give each person their keys as they are folded now; a key that may be of several people is deleted."""
    keys = identity.c.network == change.network
    before = {row[0]: row[1] for row in session.execute(select(identity.c.key, identity.c.person).where(keys))}
    now = _sole_owners(change, before, _spellings_of_people(session, change.network))
    for key in [each for each, owner in before.items() if now.get(each) != owner]:
        session.execute(delete(identity).where(keys, identity.c.key == key))
    for key in [each for each, owner in now.items() if before.get(each) != owner]:
        session.execute(insert(identity).values(network=change.network, key=key, person=now[key]))


def _sole_owners(change: Refolding, before: Mapping[str, int], spelled: Mapping[str, Names]) -> Mapping[str, int]:
    """Give the keys, folded anew, that can be of one person only, each with that person."""
    owners: dict[str, set[int]] = defaultdict(set)
    for key, owner in before.items():
        kind, _, rest = key.partition(":")
        name, *place = rest.split("!", 1)
        folded = {change.new.fold(each) for each in spelled[kind].get(owner, ()) if change.was(each) == name}
        if len(folded) == 1:
            owners[f"{kind}:{'!'.join([*folded, *place])}"].add(owner)
    return {key: min(those) for key, those in owners.items() if len(those) == 1}


def _spellings_of_people(session: Session, network: str) -> Mapping[str, Names]:
    """Give the nicks of people under ``mask`` and their accounts under ``account``, as they were ever spelled."""
    nicks: dict[int, set[str]] = defaultdict(set)
    accounts: dict[int, set[str]] = defaultdict(set)
    known = select(person.c.id, person.c.nick, person.c.account).where(person.c.network == network)
    typed = select(line.c.person, line.c.nick, line.c.account).where(line.c.network == network).distinct()
    for number, nick, account in (*session.execute(known), *session.execute(typed)):
        nicks[number].add(nick)
        accounts[number] |= {account} - {None}
    return {"mask": nicks, "account": accounts}


def _refold_channels(session: Session, change: Refolding, served: Collection[str]) -> None:
    """Give each channel its name as it is folded now; those that would become one keep what they have."""
    spelled = _spellings_of_channels(session, change, served)
    wanted = {key: {change.new.fold(each) for each in names} for key, names in spelled.items()}
    takers = Counter(name for names in wanted.values() for name in names)
    for key, names in wanted.items():
        if names != {key} and all(takers[each] == 1 for each in names):
            _rename(session, change, key, names)


def _spellings_of_channels(session: Session, change: Refolding, served: Collection[str]) -> Mapping[str, set[str]]:
    """Give the spellings of each channel of the record; the name itself if no other is known."""
    spelled: dict[str, set[str]] = defaultdict(set)
    for key, name in _incident_channels(session, change.network):
        spelled[key].add(name)
    for table in (channel, coverage, line):
        kept = select(table.c.channel).where(table.c.network == change.network, table.c.channel.is_not(None))
        for (key,) in session.execute(kept.distinct()):
            spelled[key] |= {each for each in served if change.was(each) == key}
    return {key: names or {key} for key, names in spelled.items()}


def _incident_channels(session: Session, network: str) -> Sequence[tuple[str, str]]:
    """Give the folded name and the spelling of each channel that has incidents, its own or others."""
    return [
        (row[0], row[1])
        for table in (incident, further_channel)
        for row in session.execute(
            select(table.c.channel, table.c.channel_name).where(table.c.network == network).distinct()
        )
    ]


def _rename(session: Session, change: Refolding, key: str, names: Collection[str]) -> None:
    """Move what the record has of a channel to its name as folded now; of several, each incident to its own.

    Lines do not say which of several they were typed in: they stay where they are.
    """
    for _, name in (each for each in _incident_channels(session, change.network) if each[0] == key):
        for table in (incident, further_channel):
            own = (table.c.network == change.network, table.c.channel == key, table.c.channel_name == name)
            session.execute(update(table).where(*own).values(channel=change.new.fold(name)))
    _move_current(session, change.network, key, names)
    _copy_coverage(session, change.network, key, names)
    if len(names) == 1:
        for table in (line, unasked, announcement, topic_segment, start_suggestion):
            kept = update(table).where(table.c.network == change.network, table.c.channel == key)
            session.execute(kept.values(channel=min(names)))


def _move_current(session: Session, network: str, key: str, names: Collection[str]) -> None:
    """Move the current incident of a channel to the name that the channel has for that incident now."""
    current = update(channel).where(channel.c.network == network, channel.c.channel == key)
    for table, own in ((incident, incident.c.number), (further_channel, further_channel.c.incident)):
        of_incident = select(func.min(table.c.channel)).where(
            own == channel.c.incident, table.c.network == network, table.c.channel.in_(names)
        )
        moved = of_incident.scalar_subquery()
        session.execute(current.where(moved.is_not(None)).values(channel=moved))


def _copy_coverage(session: Session, network: str, key: str, names: Iterable[str]) -> None:
    """Give each of these channels the time until which they were heard while they had one name."""
    kept = (coverage.c.network == network, coverage.c.channel == key)
    heard = session.execute(select(coverage.c.heard_until, coverage.c.spoken_at).where(*kept)).mappings().first()
    session.execute(delete(coverage).where(*kept))
    if heard is not None:
        session.execute(insert(coverage), [{"network": network, "channel": each, **heard} for each in names])
