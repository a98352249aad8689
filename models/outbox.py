"""The outbox: intents for services and files, and their results."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from irscribe.domain.intent import UNDERWAY, UNSETTLED, Intent, IntentKind, IntentState
from models.database import Session
from models.keyedrows import change_row
from models.prepared import Prepared, is_one_of
from models.tables import outbox
from models.transaction import mark_changed

COLUMNS = tuple(
    outbox.c.marker.label(name) if name == "search_text" else outbox.c[name] for name in Intent.__dataclass_fields__
)
STATES_UNDERWAY = tuple(state.value for state in UNDERWAY)
OF_INCIDENT: Any = bindparam("of_incident")
IS_UNDERWAY = is_one_of(outbox.c.state, STATES_UNDERWAY)
OF_NUMBER = Prepared(select(*COLUMNS).where(outbox.c.id == bindparam("of_number")))
OF_UNSETTLED = Prepared(
    select(*COLUMNS)
    .where(outbox.c.incident == OF_INCIDENT, is_one_of(outbox.c.state, [state.value for state in UNSETTLED]))
    .order_by(outbox.c.id)
)
LAST_REWRITE = Prepared(
    select(func.max(outbox.c.id)).where(outbox.c.incident == OF_INCIDENT, outbox.c.kind == IntentKind.REWRITE.value)
)
TAKE = Prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("of_number"), outbox.c.attempts == bindparam("of_attempts"), IS_UNDERWAY)
    .values(attempts=bindparam("given"), due_at=bindparam("until"))
)
FINISH = Prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("of_number"), outbox.c.state != IntentState.DONE.value)
    .values(state=IntentState.DONE.value, reason=None, text="")
)


@cache
def _due(kinds: tuple[IntentKind, ...]) -> Prepared:
    return Prepared(_underway(kinds).where(outbox.c.due_at <= bindparam("now")))


def _underway(kinds: Collection[IntentKind]) -> Any:
    """The query of the intents of these kinds that are neither settled nor given up, the longest due first."""
    of_kinds = is_one_of(outbox.c.kind, [each.value for each in kinds])
    return select(*COLUMNS).where(IS_UNDERWAY, of_kinds).order_by(outbox.c.due_at, outbox.c.id)


@cache
def _repeated(kinds: tuple[IntentKind, ...]) -> Prepared:
    return Prepared(
        select(*COLUMNS)
        .where(
            outbox.c.incident == OF_INCIDENT,
            is_one_of(outbox.c.kind, [each.value for each in kinds]),
            outbox.c.state == IntentState.DONE.value,
            outbox.c.attempts > 1,
        )
        .order_by(outbox.c.id)
    )


REWRITES = Prepared(_underway([IntentKind.REWRITE]))


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
    return next(iter(_intents(OF_NUMBER.named(session, {"of_number": number}))), None)


def due(session: Session, now: datetime, kinds: Collection[IntentKind]) -> Sequence[Intent]:
    """Give the intents of these kinds that are due, the longest due first."""
    return _intents(_due(tuple(kinds)).named(session, {"now": now}))


def rewrites(session: Session) -> Sequence[Intent]:
    """Give the intents to rewrite files, which are always due: a clock that was set back must not delay them."""
    return _intents(REWRITES.named(session, {}))


def unsettled(session: Session, number: int) -> Sequence[Intent]:
    """Give an incident's intents that are not settled yet."""
    return _intents(OF_UNSETTLED.named(session, {"of_incident": number}))


def last_done(session: Session, number: int, kind: IntentKind) -> Intent | None:
    """Give the last intent of a kind that was carried out for an incident; None if there is none."""
    done = (outbox.c.incident == number, outbox.c.kind == kind.value, outbox.c.state == IntentState.DONE.value)
    return _intent(session.execute(select(*COLUMNS).where(*done).order_by(outbox.c.id.desc())).mappings().first())


def repeated(session: Session, number: int, kinds: Collection[IntentKind]) -> Sequence[Intent]:
    """Give an incident's intents of these kinds that were carried out, but not at the first attempt."""
    return _intents(_repeated(tuple(kinds)).named(session, {"of_incident": number}))


def last_sent(session: Session, number: int, subject: int, kinds: Collection[IntentKind]) -> datetime | None:
    """Give the time at which one of these kinds of intents was last sent; None if none was."""
    row = (outbox.c.incident == number, outbox.c.subject == subject, outbox.c.kind.in_([each.value for each in kinds]))
    found: datetime | None = session.execute(select(func.max(outbox.c.sent_at)).where(*row)).scalar()
    return found


def take(session: Session, intent: Intent, *, until: datetime) -> Intent | None:
    """Claim an intent for one attempt, until ``until``; None if another bot has claimed it or it was dropped."""
    given = {"of_number": intent.id, "of_attempts": intent.attempts, "given": intent.attempts + 1, "until": until}
    return get(session, intent.id) if TAKE.run(session, given) else None


def put_back(session: Session, intent: Intent, **values: object) -> bool:
    """Record how an attempt failed; False if the intent was dropped or claimed again meanwhile."""
    same = (outbox.c.id == intent.id, outbox.c.attempts == intent.attempts, outbox.c.state.in_(STATES_UNDERWAY))
    return bool(session.execute(update(outbox).where(*same).values(**values)).rowcount)


def finish(session: Session, number: int) -> bool:
    """Record an intent as done and remove the copy of its text; False if it was done already."""
    return bool(FINISH.run(session, {"of_number": number}))


def set_columns(session: Session, number: int, **values: object) -> None:
    """Set columns of an intent."""
    change_row(session, outbox, {"id": number}, values)


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
    row = LAST_REWRITE.first(session, {"of_incident": number})
    return (row and row[0]) or 0


def last_rewrites(session: Session) -> Mapping[int, datetime]:
    """Give the time of each incident's last intent to rewrite files."""
    asked = select(outbox.c.incident, func.max(outbox.c.created_at)).where(outbox.c.kind == IntentKind.REWRITE.value)
    return {row[0]: row[1] for row in session.execute(asked.group_by(outbox.c.incident))}


def forget_texts(session: Session, number: int) -> None:
    """Remove the texts of an incident's intents; those still to be sent are composed again."""
    written = (outbox.c.incident == number, outbox.c.kind != IntentKind.REWRITE.value)
    session.execute(update(outbox).where(*written).values(text="", reason=None))


def _intents(rows: Iterable[Any]) -> Sequence[Intent]:
    return [found for row in rows if (found := _intent(row))]


def _intent(row: Any) -> Intent | None:
    if row is None:
        return None
    return Intent(**{**row, "kind": IntentKind(row["kind"]), "state": IntentState(row["state"])})
