"""The outbox: intents for services and files, and their results."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, true, update

from irscribe.domain.intent import UNDERWAY, UNSETTLED, Intent, IntentKind, IntentState
from models.database import Session
from models.tables import outbox
from models.transaction import mark_changed

COLUMNS = tuple(
    outbox.c.marker.label(name) if name == "search_text" else outbox.c[name] for name in Intent.__dataclass_fields__
)
STATES_UNDERWAY = tuple(state.value for state in UNDERWAY)


def add(
    session: Session, *, number: int, kind: IntentKind, at: datetime, search_text: str = "", **values: object
) -> int:
    """Add an intent for an incident, due at once unless ``due_at`` is given; give its number."""
    row = _row(number, kind, at, {"search_text": search_text, **values})
    return int(session.execute(insert(outbox).values(**row)).inserted_primary_key[0])


def add_all(
    session: Session, *, number: int, kind: IntentKind, at: datetime, rows: Sequence[Mapping[str, object]]
) -> None:
    """Add intents for an incident in one statement, as ``add`` does for each."""
    if rows:
        session.execute(insert(outbox), [_row(number, kind, at, each) for each in rows])


def _row(number: int, kind: IntentKind, at: datetime, values: Mapping[str, object]) -> dict[str, object]:
    marked = {"marker" if name == "search_text" else name: value for name, value in values.items()}
    return {
        "subject": 0,
        "person": None,
        "text": "",
        "to": None,
        "incident": number,
        "kind": kind.value,
        "state": IntentState.WAITING.value,
        "created_at": at,
        "due_at": at,
        "attempts": 0,
        "told": False,
        **marked,
    }


def get(session: Session, number: int) -> Intent | None:
    """Give an intent; None if there is none of that number."""
    return _intent(session.execute(select(*COLUMNS).where(outbox.c.id == number)).mappings().first())


def due(session: Session, now: datetime, kinds: Collection[IntentKind]) -> Sequence[Intent]:
    """Give the intents of these kinds that are due, the longest due first."""
    return _underway(session, kinds, outbox.c.due_at <= now)


def rewrites(session: Session) -> Sequence[Intent]:
    """Give the intents to rewrite files, which are always due: a clock that was set back must not delay them."""
    return _underway(session, (IntentKind.REWRITE,), true())


def _underway(session: Session, kinds: Collection[IntentKind], wanted: Any) -> Sequence[Intent]:
    of_kinds = outbox.c.kind.in_([each.value for each in kinds])
    rows = session.execute(
        select(*COLUMNS)
        .where(outbox.c.state.in_(STATES_UNDERWAY), of_kinds, wanted)
        .order_by(outbox.c.due_at, outbox.c.id)
    ).mappings()
    return [found for row in rows if (found := _intent(row))]


def unsettled(session: Session, number: int) -> Sequence[Intent]:
    """Give an incident's intents that are not settled yet."""
    rows = session.execute(
        select(*COLUMNS)
        .where(outbox.c.incident == number, outbox.c.state.in_([state.value for state in UNSETTLED]))
        .order_by(outbox.c.id)
    ).mappings()
    return [found for row in rows if (found := _intent(row))]


def last_done(session: Session, number: int, kind: IntentKind) -> Intent | None:
    """Give the last intent of a kind that was carried out for an incident; None if there is none."""
    done = (outbox.c.incident == number, outbox.c.kind == kind.value, outbox.c.state == IntentState.DONE.value)
    return _intent(session.execute(select(*COLUMNS).where(*done).order_by(outbox.c.id.desc())).mappings().first())


def repeated(session: Session, number: int, kinds: Collection[IntentKind]) -> Sequence[Intent]:
    """Give an incident's intents of these kinds that were carried out, but not at the first attempt."""
    rows = session.execute(
        select(*COLUMNS)
        .where(
            outbox.c.incident == number,
            outbox.c.kind.in_([each.value for each in kinds]),
            outbox.c.state == IntentState.DONE.value,
            outbox.c.attempts > 1,
        )
        .order_by(outbox.c.id)
    ).mappings()
    return [found for row in rows if (found := _intent(row))]


def last_sent(session: Session, number: int, subject: int, kinds: Collection[IntentKind]) -> datetime | None:
    """Give the time at which one of these kinds of intents was last sent; None if none was."""
    row = (outbox.c.incident == number, outbox.c.subject == subject, outbox.c.kind.in_([each.value for each in kinds]))
    found: datetime | None = session.execute(select(func.max(outbox.c.sent_at)).where(*row)).scalar()
    return found


def take(session: Session, intent: Intent, *, until: datetime) -> Intent | None:
    """Claim an intent for one attempt, until ``until``; None if another bot has claimed it or it was dropped."""
    taken = session.execute(
        update(outbox)
        .where(outbox.c.id == intent.id, outbox.c.attempts == intent.attempts, outbox.c.state.in_(STATES_UNDERWAY))
        .values(attempts=intent.attempts + 1, due_at=until)
    )
    return get(session, intent.id) if taken.rowcount else None


def put_back(session: Session, intent: Intent, **values: object) -> bool:
    """Record how an attempt failed; False if the intent was dropped or claimed again meanwhile."""
    same = (outbox.c.id == intent.id, outbox.c.attempts == intent.attempts, outbox.c.state.in_(STATES_UNDERWAY))
    return bool(session.execute(update(outbox).where(*same).values(**values)).rowcount)


def finish(session: Session, number: int) -> bool:
    """Record an intent as done and remove the copy of its text; False if it was done already."""
    done = {"state": IntentState.DONE.value, "reason": None, "text": ""}
    open_ = (outbox.c.id == number, outbox.c.state != IntentState.DONE.value)
    return bool(session.execute(update(outbox).where(*open_).values(**done)).rowcount)


def set_columns(session: Session, number: int, **values: object) -> None:
    """Set columns of an intent."""
    session.execute(update(outbox).where(outbox.c.id == number).values(**values))


def revive(session: Session, number: int, *, at: datetime, to: str | None, person: int | None) -> None:
    """Make an intent due again, and let its result be reported again."""
    set_columns(session, number, state=IntentState.WAITING.value, due_at=at, told=False, to=to, person=person)


def look_soon(session: Session, number: int, *, at: datetime) -> None:
    """Have the bot look at once at an incident's tasks, and what became of its intents whose outcome is in doubt."""
    mark_changed(session, number)
    doubtful = (outbox.c.incident == number, outbox.c.state.in_(STATES_UNDERWAY), outbox.c.sent_at.is_not(None))
    session.execute(update(outbox).where(*doubtful, outbox.c.due_at > at).values(due_at=at))


def last_redaction(session: Session, number: int) -> int:
    """Give the number of an incident's last intent to rewrite files; 0 if there is none."""
    rewrites = (outbox.c.incident == number, outbox.c.kind == IntentKind.REWRITE.value)
    return session.execute(select(func.max(outbox.c.id)).where(*rewrites)).scalar() or 0


def last_rewrites(session: Session) -> Mapping[int, datetime]:
    """Give the time of each incident's last intent to rewrite files."""
    asked = select(outbox.c.incident, func.max(outbox.c.created_at)).where(outbox.c.kind == IntentKind.REWRITE.value)
    return {row[0]: row[1] for row in session.execute(asked.group_by(outbox.c.incident))}


def forget_texts(session: Session, number: int) -> None:
    """Remove the texts of an incident's intents; those still to be sent are composed again."""
    written = (outbox.c.incident == number, outbox.c.kind != IntentKind.REWRITE.value)
    session.execute(update(outbox).where(*written).values(text="", reason=None))


def _intent(row: Any) -> Intent | None:
    if row is None:
        return None
    return Intent(**{**row, "kind": IntentKind(row["kind"]), "state": IntentState(row["state"])})
