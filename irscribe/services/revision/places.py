"""The places of texts outside the timeline that a redaction may be about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from irscribe.domain.evidence import PEOPLE_PAGED
from irscribe.domain.record import ListedResponder
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.incident.close import INSISTED
from models import changes
from models.rowtext import Row
from models.tables import answer, coordinator, field, incident, item, responder
from models.watchtables import role_term, shift_note

FIELDS = {
    **{name: name for name in ("summary", "impact", "detection", "paged", "metrics", "others")},
    "final": INSISTED,
}
"""The fields with texts of people, by their names in this command."""
SECTIONS = ("well", "poorly", "lucky", "link", "action", "ask", "figure")
NUMBERED = (*SECTIONS, "score", "shift")
OF_A_RESPONDER = ("focus", "name")
GONE = {"text": "", "url": None, "label": None, "task": None, "task_title": None, "owner": None, "dropped": True}


@dataclass(frozen=True, kw_only=True)
class Place:
    """The place of a text outside the timeline: a row, its columns, and the values they get."""

    name: str
    table: Table
    key: Row
    columns: Collection[str]
    left: Mapping[str, Any]
    """If it is empty, the row is deleted."""
    said: frozenset[str] | None = None
    """The texts to remove, if the row may hold others too."""


def numbered_place(ctx: IncidentContext, name: str, number: int) -> Place:
    """Give the place of an item, a note on an answer of the scorecard, or a shift note."""
    if name == "score":
        key: Row = {"incident": ctx.number, "number": number}
        return Place(name=f"score {number}", table=answer, key=key, columns=("notes",), left={"notes": ""})
    if name == "shift":
        key = {"incident": ctx.number, "number": number}
        return Place(name=f"shift {number}", table=shift_note, key=key, columns=("text",), left={})
    key = {"incident": ctx.number, "section": name, "number": number}
    return Place(name=f"{name} {number}", table=item, key=key, columns=("text", "url", "label"), left=GONE)


def named_place(ctx: IncidentContext, name: str) -> Place:
    """Give the place of the title or of a field."""
    if name == "title":
        return Place(name=name, table=incident, key={"number": ctx.number}, columns=("title",), left={"title": None})
    key = {"incident": ctx.number, "name": FIELDS[name]}
    return Place(name=name, table=field, key=key, columns=("value",), left={})


def place_of_responder(somebody: ListedResponder, ctx: IncidentContext, name: str) -> Place:
    """Give the place of the name or of the focus of a responder."""
    key = {"incident": ctx.number, "number": somebody.number}
    left: dict[str, Any] = {"focus": None}
    if name == "name":
        nick = None if somebody.nick == somebody.name else somebody.nick
        left = {"name": nick or "", "nick": nick, "removed": nick is None, "granted": False}
    return Place(name=f"{name} {somebody.number}", table=responder, key=key, columns=(name,), left=left)


def copies(ctx: IncidentContext, place: Place, texts: Collection[str]) -> Iterator[Place]:
    """The places where the record repeats a text: as evidence of the scorecard, as the name of somebody with a role."""
    if place.key.get("name") == "paged":
        said = frozenset(f"{PEOPLE_PAGED}{each}" for each in texts)
        yield from _repeating(ctx, place, answer, "evidence", left={"suggested": None, "evidence": None}, said=said)
    elif place.table is responder and "name" in place.columns:
        nick = place.left["nick"]
        for table in (coordinator, role_term):
            left = {"name": nick} if nick else {}
            yield from _repeating(ctx, place, table, "name", left=left, said=frozenset(texts))


def _repeating(
    ctx: IncidentContext, place: Place, table: Table, column: str, *, left: Mapping[str, Any], said: frozenset[str]
) -> Iterator[Place]:
    """The places in a column of numbered rows that may repeat one of these texts."""
    for number in changes.numbers_of(ctx.session, ctx.number, table):
        key = {"incident": ctx.number, "number": number}
        yield Place(name=place.name, table=table, key=key, columns=(column,), left=left, said=said)
