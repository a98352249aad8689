"""The alerts of an incident: what is known of each, and the words that wait to become entries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, insert, select, update

from irscribe.domain.alerts import Firing, Known, key_of
from irscribe.domain.report import State
from irscribe.domain.reportparts import Alert
from models.alerttables import alert_firing, alert_words
from models.database import Session
from models.prepared import Prepared
from models.tables import entry, incident
from models.transaction import mark_changed, mark_withdrawn
from models.utcdatetime import UtcDateTime
from models.watchtables import alert

COLUMNS = tuple(Alert.__dataclass_fields__)
UPDATED = tuple(name for name in COLUMNS if name not in ("name", "source"))
OF_INCIDENT = Prepared(select(alert).where(alert.c.incident == bindparam("of_incident")).order_by(alert.c.number))
OF_KEY = Prepared(
    select(alert.c.number, *(alert.c[name] for name in COLUMNS))
    .where(alert.c.incident == bindparam("of_incident"), alert.c.key == bindparam("of_key"))
    .order_by(alert.c.number)
)
CHANGE = Prepared(
    update(alert)
    .where(alert.c.incident == bindparam("of_incident"), alert.c.number == bindparam("of_alert"))
    .values({name: bindparam(f"new_{name}") for name in UPDATED})
)


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words with which an alert fired or was over, as they become an entry."""

    alert: int
    over: bool
    nick: str
    account: str | None
    at: datetime
    told_at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Words that wait, with their number and the name of the alert."""

    id: int
    name: str
    words: Words


def of_incident(session: Session, number: int) -> Sequence[Alert]:
    """Give the alerts of an incident in their order."""
    return list(numbered(session, number).values())


def numbered(session: Session, number: int) -> Mapping[int, Alert]:
    """Give the alerts of an incident in their order, by number."""
    return {row["number"]: _alert(row) for row in OF_INCIDENT.named(session, {"of_incident": number})}


def some_of(session: Session, number: int, keys: Collection[str]) -> Mapping[int, Known]:
    """Give what is known of the alerts of an incident that have these keys, by number."""
    found = (OF_KEY.first(session, {"of_incident": number, "of_key": key}) for key in sorted(keys))
    rows = [row for row in found if row is not None]
    firings = _firings(session, number, [row[0] for row in rows]) if rows else {}
    return {row[0]: _known(dict(zip(COLUMNS, row[1:], strict=True)), firings.get(row[0], {})) for row in rows}


def last_number(session: Session, number: int) -> int:
    """Give the highest number of an alert of an incident; 0 if it has none."""
    return int(session.execute(select(func.max(alert.c.number)).where(alert.c.incident == number)).scalar() or 0)


def add(session: Session, number: int, new: Mapping[int, Known]) -> None:
    """Add alerts to an incident, by number."""
    if not new:
        return
    mark_changed(session, number)
    rows = [{"incident": number, "number": of, **_values(each)} for of, each in new.items()]
    session.execute(insert(alert), rows)
    _keep_firings(session, number, new, before={})


def change(session: Session, number: int, changed: Mapping[int, Known], *, before: Mapping[int, Known]) -> None:
    """Change what is known of alerts of an incident, by number."""
    if not changed:
        return
    mark_changed(session, number)
    for of, each in changed.items():
        values = {f"new_{name}": getattr(each.alert, name) for name in UPDATED}
        CHANGE.run(session, {"of_incident": number, "of_alert": of, **values})
    _keep_firings(session, number, changed, before=before)


def remove(session: Session, number: int, alerts: Collection[int]) -> None:
    """Remove alerts of an incident for good, with their words."""
    if not alerts:
        return
    mark_changed(session, number)
    mark_withdrawn(session)
    for table, column in ((alert_words, alert_words.c.alert), (alert_firing, alert_firing.c.alert)):
        session.execute(delete(table).where(table.c.incident == number, column.in_(alerts)))
    session.execute(delete(alert).where(alert.c.incident == number, alert.c.number.in_(alerts)))


def count(session: Session, number: int) -> tuple[int, int]:
    """Count the alerts of an incident, and those of them that fire."""
    query = select(func.count(), func.count(alert.c.over_at)).where(alert.c.incident == number)
    alerts, over = session.execute(query).one()
    return int(alerts), int(alerts) - int(over)


def first(session: Session, number: int) -> Alert | None:
    """Give the alert of an incident that fired first; None if there is none."""
    query = select(alert).where(alert.c.incident == number).order_by(alert.c.first_at, alert.c.number).limit(1)
    row = session.execute(query).mappings().first()
    return None if row is None else _alert(row)


def over_in_others(session: Session, head: tuple[str, str], *, since: datetime) -> frozenset[str]:
    """Give the keys of the alerts that other incidents of a channel (network, folded name) saw end since a moment."""
    query = (
        select(alert.c.name)
        .join(incident, incident.c.number == alert.c.incident)
        .where(incident.c.network == head[0], incident.c.channel == head[1], alert.c.over_at >= since)
    )
    return frozenset(key_of(name) for name in session.execute(query).scalars())


def have_words(session: Session, number: int, numbers: Collection[int]) -> frozenset[tuple[int, bool]]:
    """Give those of some alerts whose firing (False) or end (True) was or will be entered."""
    of = (alert_words.c.incident == number, alert_words.c.alert.in_(list(numbers)))
    rows = session.execute(select(alert_words.c.alert, alert_words.c.over).where(*of).distinct())
    return frozenset((row[0], bool(row[1])) for row in rows)


def wait(session: Session, number: int, words: Iterable[Words]) -> None:
    """Let words wait to become an entry."""
    rows = [
        {"incident": number, **{name: getattr(each, name) for name in Words.__dataclass_fields__}} for each in words
    ]
    if rows:
        session.execute(insert(alert_words), rows)


def waiting(session: Session, number: int) -> Sequence[Waiting]:
    """Give the words of an incident that wait, in the order in which they came."""
    of_alert = and_(alert.c.incident == alert_words.c.incident, alert.c.number == alert_words.c.alert)
    rows = session.execute(
        select(alert_words, alert.c.name)
        .join(alert, of_alert)
        .where(alert_words.c.incident == number, alert_words.c.entry.is_(None))
        .order_by(alert_words.c.id)
    ).mappings()
    return [
        Waiting(id=row["id"], name=row["name"], words=Words(**{each: row[each] for each in Words.__dataclass_fields__}))
        for row in rows
    ]


def incidents_waiting(session: Session) -> Sequence[int]:
    """Give the open incidents with words that wait."""
    query = (
        select(alert_words.c.incident)
        .join(incident, incident.c.number == alert_words.c.incident)
        .where(alert_words.c.entry.is_(None), incident.c.state == State.OPEN.value)
        .distinct()
        .order_by(alert_words.c.incident)
    )
    return list(session.execute(query).scalars())


def entered(session: Session, ids: Collection[int], *, entry_number: int) -> None:
    """Record that words are in an entry, which holds them from now on."""
    session.execute(
        update(alert_words).where(alert_words.c.id.in_(list(ids))).values(entry=entry_number, text="", account=None)
    )


def last_entered(session: Session, number: int) -> datetime | None:
    """Give the time at which an entry was last made of such words; None if none was."""
    made = and_(entry.c.incident == alert_words.c.incident, entry.c.number == alert_words.c.entry)
    found: datetime | None = session.execute(
        select(func.max(entry.c.recorded_at, type_=UtcDateTime))
        .select_from(alert_words.join(entry, made))
        .where(alert_words.c.incident == number)
    ).scalar()
    return found


def of_entry(session: Session, number: int, entry_number: int) -> Sequence[int]:
    """Give the alerts whose words are in an entry."""
    of = (alert_words.c.incident == number, alert_words.c.entry == entry_number)
    return list(session.execute(select(alert_words.c.alert).where(*of).distinct()).scalars())


def entries_of(session: Session, number: int, alert_number: int) -> Sequence[int]:
    """Give the entries that hold words of an alert."""
    of = (alert_words.c.incident == number, alert_words.c.alert == alert_number, alert_words.c.entry.is_not(None))
    return list(session.execute(select(alert_words.c.entry).where(*of).distinct()).scalars())


def _firings(session: Session, number: int, alerts: Collection[int]) -> Mapping[int, Mapping[Firing, datetime | None]]:
    found: dict[int, dict[Firing, datetime | None]] = {}
    columns = (alert_firing.c[name] for name in ("alert", "fingerprint", "starts_at", "ends_at"))
    own = (alert_firing.c.incident == number, alert_firing.c.alert.in_(alerts))
    for of, fingerprint, starts_at, ends_at in session.execute(select(*columns).where(*own)):
        found.setdefault(of, {})[Firing(fingerprint=fingerprint, starts_at=starts_at)] = ends_at
    return found


def _keep_firings(session: Session, number: int, changed: Mapping[int, Known], *, before: Mapping[int, Known]) -> None:
    for of, each in changed.items():
        known = before[of].firings if of in before else {}
        for firing, ends_at in each.firings.items():
            if firing not in known:
                values = {"fingerprint": firing.fingerprint, "starts_at": firing.starts_at, "ends_at": ends_at}
                session.execute(insert(alert_firing).values(incident=number, alert=of, **values))
            elif known[firing] != ends_at:
                same = (
                    alert_firing.c.incident == number,
                    alert_firing.c.fingerprint == firing.fingerprint,
                    alert_firing.c.starts_at == firing.starts_at,
                )
                session.execute(update(alert_firing).where(*same).values(ends_at=ends_at))


def _values(known: Known) -> dict[str, Any]:
    return {"key": key_of(known.alert.name), **{name: getattr(known.alert, name) for name in COLUMNS}}


def _known(row: Any, firings: Mapping[Firing, datetime | None]) -> Known:
    return Known(alert=_alert(row), since=row["first_at"], firings=MappingProxyType(dict(firings)))


def _alert(row: Any) -> Alert:
    return Alert(**{name: row[name] for name in COLUMNS})
