"""Entries and their versions: appended, and overwritten by redaction only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, insert, or_, select, update

from irscribe.domain.moment import Moment
from irscribe.domain.record import Recorded, Version
from irscribe.domain.report import Kind, Marker
from models.changes import AuditContext
from models.database import Session
from models.entryrows import CURRENT, NAMES, QUERY, recorded, version_of
from models.prepared import Prepared
from models.tables import entry, entry_version, incident
from models.transaction import mark_changed, mark_withdrawn
from models.words import fall_behind

TAKEN_BACK = "taken back"
"""The reason in ``struck`` of an entry that its author has undone."""
KINDS_NOT_TYPED = (Kind.LIFECYCLE.value, Kind.ROLE.value)
STANDING = (entry_version.c.struck.is_(None), entry_version.c.redacted.is_(None))
ADD, ADD_VERSION = Prepared(insert(entry)), Prepared(insert(entry_version))
CLAIM_NUMBER = Prepared(
    update(incident)
    .where(incident.c.number == bindparam("of_incident"), incident.c.entries == bindparam("after"))
    .values(entries=bindparam("given"))
)
OF_INCIDENT = QUERY.where(entry.c.incident == bindparam("of_incident")).order_by(entry.c.number)
SET_VERSION = Prepared(
    update(entry)
    .where(entry.c.incident == bindparam("of_incident"), entry.c.number == bindparam("of_number"))
    .values(version=bindparam("given"))
)
COUNT_ONE = update(incident).where(incident.c.number == bindparam("of_incident")).values(entries=incident.c.entries + 1)
ENTRIES_COUNTED = select(incident.c.entries).where(incident.c.number == bindparam("of_incident"))


@dataclass(frozen=True, kw_only=True)
class Writing:
    """The content of a version; the audit context beside it names its author."""

    moment: Moment
    text: str
    kind: Kind
    marker: Marker | None = None
    speaker: str | None = None
    struck: str | None = None
    redacted: str | None = None

    @classmethod
    def of(cls, version: Version) -> Writing:
        """Copy the content of a version, for a new version with something changed."""
        return cls(
            moment=version.moment,
            text=version.text,
            kind=version.kind,
            marker=version.marker,
            speaker=version.speaker,
            struck=version.struck,
        )


@dataclass(frozen=True, kw_only=True)
class Typist:
    """The author of an entry, who may differ from the sender of the line."""

    person: int | None
    nick: str
    account: str | None


def add(session: Session, audit: AuditContext, writing: Writing, *, by: Typist, after: int | None = None) -> int:
    """Append an entry under the incident's next number; give its number.

    ``after`` is the last number that the caller knows of, which saves a query unless more numbers were given since.
    """
    mark_changed(session, audit.incident)
    given = _take_number(session, audit.incident, after=after)
    values = {
        "incident": audit.incident,
        "number": given,
        "version": 1,
        "person": by.person,
        "nick": by.nick,
        "account": by.account,
        "recorded_at": audit.at,
    }
    ADD.run(session, values)
    _insert(session, audit, writing, number=given, version=1)
    return given


def _take_number(session: Session, number: int, *, after: int | None) -> int:
    """Take the next number of an incident's entries; other transactions wait for the end of this one to take theirs."""
    if after is not None:
        claimed = CLAIM_NUMBER.run(session, {"of_incident": number, "after": after, "given": after + 1})
        if claimed:
            return after + 1
    session.execute(COUNT_ONE, {"of_incident": number})
    return int(session.execute(ENTRIES_COUNTED, {"of_incident": number}).scalar_one())


def revise(session: Session, audit: AuditContext, writings: Mapping[int, Writing]) -> None:
    """Append a version to each of several entries, given by their numbers."""
    current = select(entry.c.number, entry.c.version)
    current = current.where(entry.c.incident == audit.incident, entry.c.number.in_(writings))
    following = {row[0]: row[1] + 1 for row in session.execute(current)}
    ADD_VERSION.run_each(
        session, [version_values(audit, writings[each], number=each, version=of) for each, of in following.items()]
    )
    SET_VERSION.run_each(
        session, [{"of_incident": audit.incident, "of_number": each, "given": of} for each, of in following.items()]
    )
    mark_changed(session, audit.incident)
    fall_behind(session, audit.incident, entry_number=min(writings))


def get(session: Session, number: int, entry_number: int) -> Recorded | None:
    """Give an entry in its current version; None if there is none of that number."""
    row = session.execute(QUERY.where(entry.c.incident == number, entry.c.number == entry_number)).mappings().first()
    return None if row is None else recorded(row)


def all_of(session: Session, number: int) -> Sequence[Recorded]:
    """Give all entries of an incident by number, struck and redacted ones too."""
    rows = session.execute(OF_INCIDENT, {"of_incident": number})
    return [recorded(dict(zip(NAMES, row, strict=True))) for row in rows]


def marked(session: Session) -> Mapping[int, Sequence[Recorded]]:
    """Give the entries with a marker, neither struck nor redacted, of every incident by its number."""
    query = QUERY.where(entry_version.c.marker_kind.is_not(None), *STANDING)
    found: dict[int, list[Recorded]] = {}
    for row in session.execute(query.order_by(entry.c.incident, entry.c.number)).mappings():
        found.setdefault(row["incident"], []).append(recorded(row))
    return found


def any_standing(session: Session, number: int) -> bool:
    """True if the report of an incident shows an entry."""
    query = select(entry.c.number).select_from(CURRENT).where(entry.c.incident == number, *STANDING)
    return session.execute(query.limit(1)).first() is not None


def times(session: Session, number: int) -> Sequence[tuple[int, datetime | None]]:
    """Give the entries, neither struck nor redacted, by number with their times; None for an unknown time."""
    query = select(entry.c.number, entry_version.c.at).select_from(CURRENT)
    rows = session.execute(query.where(entry.c.incident == number, *STANDING).order_by(entry.c.number))
    return [(row[0], row[1]) for row in rows]


def some_of(session: Session, number: int, numbers: Sequence[int]) -> Sequence[Recorded]:
    """Give entries in the order in which their numbers are given."""
    found = by_number(session, number, numbers)
    return [found[each] for each in numbers]


def by_number(session: Session, number: int, numbers: Collection[int]) -> Mapping[int, Recorded]:
    """Give entries by their numbers; those that there are not are left out."""
    query = QUERY.where(entry.c.incident == number, entry.c.number.in_(numbers))
    found = (dict(zip(NAMES, row, strict=True)) for row in session.execute(query))
    return {row["number"]: recorded(row) for row in found}


def typed_before(session: Session, number: int, person: int) -> datetime | None:
    """Give the time of a person's last typed entry that they have not undone; None if there is none."""
    found: datetime | None = session.execute(
        TYPED_BEFORE, {"incident_number": number, "person_number": person, "reason": TAKEN_BACK}
    ).scalar()
    return found


TYPED_BEFORE = (
    select(entry_version.c.at)
    .select_from(CURRENT)
    .where(
        entry.c.incident == bindparam("incident_number"),
        entry.c.person == bindparam("person_number"),
        entry_version.c.at.is_not(None),
        entry_version.c.kind.not_in(KINDS_NOT_TYPED),
        or_(entry_version.c.struck.is_(None), entry_version.c.struck != bindparam("reason")),
    )
    .order_by(entry.c.number.desc())
    .limit(1)
)


def versions(session: Session, number: int, entry_number: int) -> Sequence[Version]:
    """Give every version of an entry, in order."""
    of = (entry_version.c.incident == number, entry_version.c.number == entry_number)
    query = select(entry_version).where(*of).order_by(entry_version.c.version)
    return [version_of(row) for row in session.execute(query).mappings()]


def edits_of(session: Session, number: int, lines: Collection[int]) -> Sequence[tuple[Version | None, Version]]:
    """Give for each entry that lines made or changed its version before that and after it, by number."""
    made = made_by(session, number, lines)
    wanted = {(entry_number, version) for entry_number, (first, last) in made.items() for version in (first - 1, last)}
    query = select(entry_version).where(
        entry_version.c.incident == number,
        entry_version.c.number.in_(made),
        entry_version.c.version.in_({version for _, version in wanted}),
    )
    rows = session.execute(query).mappings()
    found = {
        (row["number"], row["version"]): version_of(row) for row in rows if (row["number"], row["version"]) in wanted
    }
    return [(found.get((each, first - 1)), found[each, last]) for each, (first, last) in sorted(made.items())]


def changed_after(session: Session, number: int, versions: Mapping[int, int]) -> Collection[int]:
    """Give the numbers of entries that have a version, not undone, after the one given for each."""
    query = select(entry_version.c.number, entry_version.c.version).where(
        entry_version.c.incident == number,
        entry_version.c.number.in_(versions),
        entry_version.c.version > min(versions.values(), default=0),
        entry_version.c.undone.is_(False),
    )
    return {row[0] for row in session.execute(query) if row[1] > versions[row[0]]}


def made_by(session: Session, number: int, lines: Collection[int]) -> Mapping[int, tuple[int, int]]:
    """Give the first and the last version that lines made of each entry, and that were not undone."""
    # The incident is compared here: in the query SQLite would choose its index and read all entries.
    of = (entry_version.c.line.in_(lines), entry_version.c.undone.is_(False))
    rows = session.execute(select(entry_version.c.incident, entry_version.c.number, entry_version.c.version).where(*of))
    found: dict[int, list[int]] = {}
    for incident_number, entry_number, version in rows:
        if incident_number == number:
            found.setdefault(entry_number, []).append(version)
    return {each: (min(made), max(made)) for each, made in found.items()}


def blank(session: Session, number: int, entry_number: int, *, reason: str) -> None:
    """Remove the text of every version for good and leave a tombstone."""
    mark_changed(session, number)
    mark_withdrawn(session)
    session.execute(
        update(entry_version)
        .where(entry_version.c.incident == number, entry_version.c.number == entry_number)
        .values(
            text="",
            speaker=None,
            marker_kind=None,
            marker_phrase=None,
            marker_scope=None,
            struck=case((entry_version.c.struck.is_(None), None), else_=""),
            redacted=reason,
            undone=True,
        )
    )


def _insert(session: Session, audit: AuditContext, writing: Writing, *, number: int, version: int) -> None:
    ADD_VERSION.run(session, version_values(audit, writing, number=number, version=version))


def version_values(audit: AuditContext, writing: Writing, *, number: int, version: int) -> Mapping[str, Any]:
    """Give the columns of a version's row."""
    marker = writing.marker
    return {
        "incident": audit.incident,
        "number": number,
        "version": version,
        "line": audit.line,
        "person": audit.person,
        "nick": audit.nick,
        "made_at": audit.at,
        "at": writing.moment.at,
        "until": writing.moment.until,
        "precision": writing.moment.precision.value,
        "approximate": writing.moment.approximate,
        "text": writing.text,
        "speaker": writing.speaker,
        "kind": writing.kind.value,
        "marker_kind": marker and marker.kind.value,
        "marker_phrase": marker and marker.phrase,
        "marker_scope": marker and marker.scope,
        "struck": writing.struck,
        "redacted": writing.redacted,
        "undone": False,
    }
