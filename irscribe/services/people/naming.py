"""The naming of the network: stored with it, and the names in the record that collide under it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from irscribe.domain.naming import NetworkNamed
from irscribe.domain.prose import listing
from models import Session, collisions, networks
from models.collisions import Collision, CollisionKind
from models.refolding import Refolding, refold


def learn(session: Session, event: NetworkNamed, *, served: Collection[str], at: datetime) -> Iterable[str]:
    """Store the naming of a network; if names in the record were folded by another mapping, fold them anew.

    Gives a sentence for each collision then.
    """
    known, now = networks.find(session, event.network), event.naming.casemapping
    networks.remember(session, event, at=at)
    if known is not None and known.casemapping is now:
        return ()
    change = Refolding(network=event.network, old=None if known is None else known.casemapping, new=now)
    refold(session, change, served=served)
    return tuple(say_collisions(session, event))


def say_collisions(session: Session, event: NetworkNamed) -> Iterator[str]:
    """Give a sentence for each collision in the record of a network."""
    for each in collisions.find(session, event.network, event.naming.casemapping):
        yield _sentence(each, event)


def _sentence(collision: Collision, event: NetworkNamed) -> str:
    names, there = listing(collision.names), f"on {event.network} (CASEMAPPING={event.naming.casemapping})"
    match collision.kind:
        case CollisionKind.ONE_PERSON:
            return (
                f"{names} are one person in the record and {len(collision.names)} accounts {there}: "
                "none of them has that person's rights in old incidents any more"
            )
        case CollisionKind.ONE_ACCOUNT:
            return (
                f"{names} are {len(collision.names)} people in the record and one account {there}: "
                "it has the rights of none of them in old incidents"
            )
        case CollisionKind.ONE_CHANNEL:
            return (
                f"{names} are {len(collision.names)} channels in the record and one {there}: "
                "their old incidents stay apart"
            )
