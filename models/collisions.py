"""Names in the record that collide under the case mapping of their network, as another one held when it was made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import select

from irscribe.domain.casemapping import CaseMapping, fold_as_before
from models.database import Session
from models.tables import incident, line, person


class CollisionKind(Enum):
    """The kinds of a collision."""

    ONE_PERSON = auto()
    """Accounts that are one person in the record and several for the network."""
    ONE_ACCOUNT = auto()
    """Accounts that are several people in the record and one for the network."""
    ONE_CHANNEL = auto()
    """Channels that are several in the record and one for the network."""


@dataclass(frozen=True, kw_only=True)
class Collision:
    """Names that collide, in order."""

    kind: CollisionKind
    names: tuple[str, ...]


def find(session: Session, network: str, casemapping: CaseMapping) -> Iterator[Collision]:
    """Give the collisions in the record of a network."""
    typed = select(line.c.person, line.c.account).where(line.c.network == network, line.c.account.is_not(None))
    for names in _groups(((owner, fold_as_before(name)), name) for owner, name in session.execute(typed.distinct())):
        if len({*map(casemapping.fold, names)}) > 1:
            yield Collision(kind=CollisionKind.ONE_PERSON, names=names)
    known = select(person.c.account).where(person.c.network == network, person.c.account.is_not(None))
    for names in _groups((casemapping.fold(name), name) for (name,) in session.execute(known)):
        yield Collision(kind=CollisionKind.ONE_ACCOUNT, names=names)
    yield from _of_channels(session, network, casemapping)


def _of_channels(session: Session, network: str, casemapping: CaseMapping) -> Iterator[Collision]:
    """Give the channels that are one for the network, and have names of their own in the record."""
    named = select(incident.c.channel, incident.c.channel_name).where(incident.c.network == network).distinct()
    rows = [(row[0], row[1]) for row in session.execute(named)]
    keys: dict[str, set[str]] = defaultdict(set)
    for key, name in rows:
        keys[casemapping.fold(name)].add(key)
    for names in _groups((casemapping.fold(name), name) for _, name in rows):
        if len(keys[casemapping.fold(names[0])]) > 1:
            yield Collision(kind=CollisionKind.ONE_CHANNEL, names=names)


def _groups(named: Iterable[tuple[Hashable, str]]) -> Iterator[tuple[str, ...]]:
    """Give the spellings that belong together, where there are several."""
    groups: dict[Hashable, set[str]] = defaultdict(set)
    for key, name in named:
        groups[key].add(name)
    yield from (tuple(sorted(names)) for names in groups.values() if len(names) > 1)
