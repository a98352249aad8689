"""Scorecard answers, and who is being asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select

from irscribe.domain.record import Answered, Dialogue
from models.changes import Trail, put
from models.database import Session
from models.tables import answer, dialogue


def answers(session: Session, number: int) -> Sequence[Answered]:
    """The stored answers of an incident."""
    rows = session.execute(select(answer).where(answer.c.incident == number).order_by(answer.c.number)).mappings()
    return [Answered(**{name: row[name] for name in Answered.__dataclass_fields__}) for row in rows]


def set_answer(session: Session, trail: Trail, number: int, values: Mapping[str, Any]) -> bool:
    """Store an answer; whether that changed anything."""
    return put(session, trail, answer, key={"incident": trail.incident, "number": number}, values=values)


def dialogue_with(session: Session, person: int) -> Dialogue | None:
    """The question this person is being asked."""
    row = session.execute(select(dialogue).where(dialogue.c.person == person)).mappings().first()
    return None if row is None else Dialogue(**row)


def dialogues_about(session: Session, number: int) -> Sequence[Dialogue]:
    """Everybody who is being asked about an incident."""
    rows = session.execute(select(dialogue).where(dialogue.c.incident == number)).mappings()
    return [Dialogue(**row) for row in rows]


def ask(session: Session, *, person: int, incident: int, question: int) -> None:
    """Let a person be asked this question, instead of any other."""
    stop(session, person=person)
    session.execute(insert(dialogue).values(person=person, incident=incident, question=question))


def stop(session: Session, *, person: int) -> None:
    """Ask a person nothing more."""
    session.execute(delete(dialogue).where(dialogue.c.person == person))


def stop_about(session: Session, number: int) -> None:
    """Ask nobody more about an incident."""
    session.execute(delete(dialogue).where(dialogue.c.incident == number))
