"""Scorecard answers, and the dialogues in which people are asked for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from irscribe.domain.record import Answered, Dialogue
from irscribe.domain.request import LineKind
from models.changes import AuditContext, of_table, put
from models.database import Session
from models.prepared import Prepared
from models.tables import answer, dialogue, line

ANSWERS = Prepared(select(answer).where(answer.c.incident == bindparam("of_incident")).order_by(answer.c.number))


def answers(session: Session, number: int) -> Sequence[Answered]:
    """Give the stored answers of an incident, by number."""
    rows = ANSWERS.named(session, {"of_incident": number})
    return [Answered(**{name: row[name] for name in Answered.__dataclass_fields__}) for row in rows]


def set_answer(session: Session, audit: AuditContext, number: int, values: Mapping[str, Any]) -> bool:
    """Store an answer; True if that changed anything."""
    return put(session, audit, answer, key={"incident": audit.incident, "number": number}, values=values)


def answered_aloud(session: Session, number: int, since: datetime) -> Mapping[int, int]:
    """Give the questions answered by a command since a moment, each with the person who answered."""
    commands = select(line.c.id).where(line.c.kind == LineKind.INCIDENT.value)
    made = [each for each in of_table(session, number, answer) if each.made_at >= since and each.person is not None]
    typed = set(session.execute(commands.where(line.c.id.in_([each.line for each in made]))).scalars()) if made else ()
    given = (each for each in made if each.line in typed and (each.new or {}).get("answer"))
    return {int(each.key["number"]): int(each.person or 0) for each in given}


def dialogue_with(session: Session, person: int) -> Dialogue | None:
    """Give the question that a person is being asked; None if there is none."""
    row = session.execute(select(dialogue).where(dialogue.c.person == person)).mappings().first()
    return None if row is None else Dialogue(**row)


def dialogues_about(session: Session, number: int) -> Sequence[Dialogue]:
    """Give the dialogues about an incident."""
    rows = session.execute(select(dialogue).where(dialogue.c.incident == number)).mappings()
    return [Dialogue(**row) for row in rows]


def ask(session: Session, *, person: int, incident: int, question: int) -> None:
    """Set the question that a person is being asked, in place of any other."""
    stop(session, person=person)
    session.execute(insert(dialogue).values(person=person, incident=incident, question=question))


def stop(session: Session, *, person: int) -> None:
    """End a person's dialogue."""
    session.execute(delete(dialogue).where(dialogue.c.person == person))


def stop_about(session: Session, number: int) -> None:
    """End all dialogues about an incident."""
    session.execute(delete(dialogue).where(dialogue.c.incident == number))
