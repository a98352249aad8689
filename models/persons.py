"""People, and the keys by which each of them is recognised."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, and_, bindparam, delete, insert, or_, select, update

from irscribe.domain.request import Person
from models.database import Session
from models.prepared import Prepared
from models.schema import metadata
from models.tables import change, coordinator, dialogue, identity, incident, person, responder
from models.transaction import mark_changed_where

KNOWN = Prepared(
    select(identity.c.person).where(
        identity.c.network == bindparam("of_network"), identity.c.key == bindparam("of_key")
    )
)
RECOGNISED = Prepared(
    select(identity.c.key, identity.c.person, person.c.nick)
    .join(person, person.c.id == identity.c.person)
    .where(
        identity.c.network == bindparam("of_network"),
        or_(identity.c.key == bindparam("of_account"), identity.c.key == bindparam("of_mask")),
    )
)
SET_NICK = Prepared(
    update(person)
    .where(person.c.id == bindparam("of_person"), person.c.nick != bindparam("called"))
    .values(nick=bindparam("called"))
)
ADD = Prepared(insert(person))
ADD_KEY = Prepared(insert(identity))
NICK_OF = Prepared(select(person.c.nick).where(person.c.id == bindparam("of_person")))
KEYS_OF = Prepared(select(identity.c.key).where(identity.c.person == bindparam("of_person")))
FORGET_KEY = Prepared(
    delete(identity).where(identity.c.network == bindparam("of_network"), identity.c.key == bindparam("of_key"))
)


def known(session: Session, network: str, key: str) -> int | None:
    """Give the person recognised by this key; None if there is none."""
    found = KNOWN.first(session, {"of_network": network, "of_key": key})
    return None if found is None else int(found[0])


def meet(session: Session, network: str, somebody: Person) -> int:
    """Give the number of a person, added if new; a known account gets its present nick."""
    if somebody.account is not None:
        return _meet_account(session, network, somebody)
    found = known(session, network, somebody.key)
    return _welcome(session, network, somebody) if found is None else found


def recognise(session: Session, network: str, somebody: Person, number: int) -> None:
    """Add a key to a person; somebody else recognised by it is the same person and is merged with them."""
    other = known(session, network, somebody.key)
    if other is None:
        ADD_KEY.run(session, {"network": network, "key": somebody.key, "person": number})
    elif other != number:
        # The lower number stays: a nick taken back from a dead connection is no second person.
        number = _join(session, min(number, other), max(number, other))
    SET_NICK.run(session, {"of_person": number, "called": somebody.nick})


def forget(session: Session, network: str, key: str) -> None:
    """Remove a key, so that it recognises nobody."""
    FORGET_KEY.run(session, {"of_network": network, "of_key": key})


def nick_of(session: Session, number: int) -> str:
    """Give a person's last nick."""
    (nick,) = NICK_OF.all(session, {"of_person": number})[0]
    return str(nick)


def keys_of(session: Session, number: int) -> frozenset[str]:
    """Give the keys that a person is recognised by."""
    return frozenset(row[0] for row in KEYS_OF.all(session, {"of_person": number}))


def _welcome(session: Session, network: str, somebody: Person) -> int:
    values = {"network": network, "nick": somebody.nick, "account": somebody.account}
    number = ADD.insert(session, values)
    ADD_KEY.run(session, {"network": network, "key": somebody.key, "person": number})
    return number


def _meet_account(session: Session, network: str, somebody: Person) -> int:
    keys = {"of_network": network, "of_account": somebody.key, "of_mask": somebody.mask_key}
    met = RECOGNISED.all(session, keys)
    found = {key: number for key, number, _ in met}
    stranger = found.get(somebody.mask_key)
    if stranger is not None:
        return _log_in(session, network, somebody, stranger=stranger, number=found.get(somebody.key))
    if somebody.key not in found:
        return _welcome(session, network, somebody)
    if somebody.nick not in {nick for _, _, nick in met}:
        SET_NICK.run(session, {"of_person": found[somebody.key], "called": somebody.nick})
    return int(found[somebody.key])


def _log_in(session: Session, network: str, somebody: Person, *, stranger: int, number: int | None) -> int:
    """Give a person known by a mask their account, merge them with the account's person, and remove their masks."""
    session.execute(delete(identity).where(identity.c.person == stranger, identity.c.key.like("mask:%")))
    _rewrite_log(session, stranger, account=somebody.account)
    nameless = and_(responder.c.person == stranger, responder.c.account.is_(None))
    mark_changed_where(session, responder, nameless)
    session.execute(update(responder).where(nameless).values(account=somebody.account))
    if number is not None:
        return _join(session, number, stranger)
    ADD_KEY.run(session, {"network": network, "key": somebody.key, "person": stranger})
    values = {"nick": somebody.nick, "account": somebody.account}
    session.execute(update(person).where(person.c.id == stranger).values(**values))
    return stranger


def _join(session: Session, number: int, other: int) -> int:
    """Merge the person ``other`` into the person ``number``."""
    _join_places(session, number, other)
    _rewrite_log(session, other, person=number)
    if session.execute(select(dialogue.c.person).where(dialogue.c.person == number)).first():
        session.execute(delete(dialogue).where(dialogue.c.person == other))
    for column in _mentions():
        if column.table is incident or "incident" in column.table.c:
            mark_changed_where(session, column.table, column == other)
        session.execute(update(column.table).where(column == other).values({column.name: number}))
    session.execute(delete(person).where(person.c.id == other))
    return number


def _join_places(session: Session, number: int, other: int) -> None:
    """Merge two places on a list of responders into one, with the rights of both."""
    mine, theirs = responder.alias(), responder.alias()
    pairs = session.execute(
        select(mine.c.incident, mine.c.number, theirs.c.number, theirs.c.granted, theirs.c.left_at)
        .join_from(mine, theirs, mine.c.incident == theirs.c.incident)
        .where(mine.c.person == number, theirs.c.person == other)
        .where(mine.c.removed.is_(False), theirs.c.removed.is_(False))
    ).all()
    for shared, kept, dropped, granted, left_at in pairs:
        gained = ({"granted": True} if granted else {}) | ({"left_at": None} if left_at is None else {})
        places = update(responder).where(responder.c.incident == shared)
        if gained:
            session.execute(places.where(responder.c.number == kept).values(**gained))
        session.execute(places.where(responder.c.number == dropped).values(removed=True, granted=False))


def _rewrite_log(session: Session, number: int, **values: object) -> None:
    """Set these values in the change log too, as ``undo`` compares the log with the rows."""
    places = [select(table.c.incident).where(table.c.person == number) for table in (responder, coordinator)]
    rows = session.execute(
        select(change.c.id, change.c.old, change.c.new)
        .where(or_(*map(change.c.incident.in_, places)))
        .where(change.c.subject.in_((responder.name, coordinator.name)))
    ).all()
    for log_line, old, new in rows:
        amended = {"old": _amend(old, number, values), "new": _amend(new, number, values)}
        if amended != {"old": old, "new": new}:
            session.execute(update(change).where(change.c.id == log_line).values(**amended))


def _amend(logged: str | None, number: int, values: Mapping[str, object]) -> str | None:
    row = json.loads(logged) if logged else {}
    if row.get("person") != number:
        return logged
    return json.dumps(row | {name: value for name, value in values.items() if name in row})


def _mentions() -> list[Column[Any]]:
    """Give every column that refers to a person."""
    return [column for table in metadata.tables.values() for column in table.c if column.references(person.c.id)]
