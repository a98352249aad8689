"""What is to happen outside the database, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, insert, not_, select, update

from irscribe.domain.intent import UNDERWAY, UNSETTLED, Intent, IntentKind, IntentState
from models.database import Session
from models.tables import outbox

COLUMNS = tuple(outbox.c[name] for name in Intent.__dataclass_fields__)
DUE = tuple(state.value for state in UNDERWAY)


def add(session: Session, *, number: int, kind: IntentKind, at: datetime, **values: object) -> int:
    """Say what is to be done for an incident, at once; its number in the outbox."""
    row = {"subject": 0, "marker": "", "text": "", "to": None, **values}
    return int(
        session.execute(
            insert(outbox).values(
                incident=number,
                kind=kind.value,
                state=IntentState.WAITING.value,
                created_at=at,
                due_at=at,
                attempts=0,
                told=False,
                **row,
            )
        ).inserted_primary_key[0]
    )


def get(session: Session, number: int) -> Intent | None:
    """One of them."""
    return _intent(session.execute(select(*COLUMNS).where(outbox.c.id == number)).mappings().first())


def due(session: Session, now: datetime, *, rewriting: bool) -> Sequence[Intent]:
    """What is due, what has waited longest first: rewriting of files, or everything that needs the network.

    Files wait for nothing, not even for a clock that was set back to come to where it was.
    """
    rewrites = outbox.c.kind == IntentKind.REWRITE.value
    wanted = rewrites if rewriting else and_(not_(rewrites), outbox.c.due_at <= now)
    rows = session.execute(
        select(*COLUMNS).where(outbox.c.state.in_(DUE), wanted).order_by(outbox.c.due_at, outbox.c.id)
    ).mappings()
    return [found for row in rows if (found := _intent(row))]


def unsettled(session: Session, number: int) -> Sequence[Intent]:
    """What is still to be done for an incident."""
    rows = session.execute(
        select(*COLUMNS)
        .where(outbox.c.incident == number, outbox.c.state.in_([state.value for state in UNSETTLED]))
        .order_by(outbox.c.id)
    ).mappings()
    return [found for row in rows if (found := _intent(row))]


def take(session: Session, intent: Intent, *, until: datetime) -> Intent | None:
    """Claim it for one attempt; until then nobody else's. None where somebody else has, or it was dropped."""
    taken = session.execute(
        update(outbox)
        .where(outbox.c.id == intent.id, outbox.c.attempts == intent.attempts, outbox.c.state.in_(DUE))
        .values(attempts=intent.attempts + 1, due_at=until)
    )
    return get(session, intent.id) if taken.rowcount else None


def put_back(session: Session, intent: Intent, **values: object) -> bool:
    """Write down how an attempt failed, unless it was dropped or taken up anew since; whether that was so."""
    same = (outbox.c.id == intent.id, outbox.c.attempts == intent.attempts, outbox.c.state.in_(DUE))
    return bool(session.execute(update(outbox).where(*same).values(**values)).rowcount)


def finish(session: Session, number: int) -> bool:
    """Write down that it is done, and keep no copy of what was sent; whether that was news."""
    done = {"state": IntentState.DONE.value, "reason": None, "text": ""}
    open_ = (outbox.c.id == number, outbox.c.state != IntentState.DONE.value)
    return bool(session.execute(update(outbox).where(*open_).values(**done)).rowcount)


def set_outcome(session: Session, number: int, **values: object) -> None:
    """Write down what became of it."""
    session.execute(update(outbox).where(outbox.c.id == number).values(**values))


def revive(session: Session, number: int, *, at: datetime, to: str | None) -> None:
    """Have it tried again, and what becomes of it told anew."""
    set_outcome(session, number, state=IntentState.WAITING.value, due_at=at, told=False, to=to)


def last_redaction(session: Session, number: int) -> int:
    """What the last redaction in an incident left here; 0 before the first."""
    rewrites = (outbox.c.incident == number, outbox.c.kind == IntentKind.REWRITE.value)
    return session.execute(select(func.max(outbox.c.id)).where(*rewrites)).scalar() or 0


def last_rewrites(session: Session) -> Mapping[int, datetime]:
    """When the files of each incident were last to be written again."""
    asked = select(outbox.c.incident, func.max(outbox.c.created_at)).where(outbox.c.kind == IntentKind.REWRITE.value)
    return {row[0]: row[1] for row in session.execute(asked.group_by(outbox.c.incident))}


def forget_texts(session: Session, number: int) -> None:
    """Remove the copies of what was sent, or was to be; what is yet to be sent is composed anew."""
    session.execute(update(outbox).where(outbox.c.incident == number).values(text="", reason=None))


def _intent(row: Any) -> Intent | None:
    if row is None:
        return None
    return Intent(**{**row, "kind": IntentKind(row["kind"]), "state": IntentState(row["state"])})
