"""Removes texts for good: from the record, its versions, its change log, the retained lines and the report files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table

from irscribe.commands import ANYTHING, Command, Group, Verb
from irscribe.domain.errors import ForbiddenError, RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.evidence import PEOPLE_PAGED
from irscribe.domain.intent import IntentKind
from irscribe.domain.permission import Need, Standing
from irscribe.domain.prose import listing
from irscribe.domain.record import ListedResponder, RetainedLine
from irscribe.domain.request import Withdrawal
from irscribe.domain.sentence import sentence
from irscribe.domain.text import clean
from irscribe.services.context import permission
from irscribe.services.context.acknowledgement import where_of
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.wording import NUMBER, numbered, prose
from irscribe.services.document.fields import task_url
from irscribe.services.filing.page_commands import tell_page
from irscribe.services.incident.close import INSISTED
from irscribe.services.timeline.corrections import existing
from irscribe.services.timeline.notes import KEPT_FOR
from models import changes, entries, incidents, lines, origins, outbox, parts, team, undone, words
from models.changes import Change, Row
from models.tables import answer, coordinator, field, incident, item, responder

TELLING = re.compile(r"\w{6,}")
"""Words that are long enough to reveal a text."""
MISPLACED = re.compile(r"@\d+(?!\w)")
"""An ``@N`` in the place of a reason."""
USAGE = sentence("{ir} redact N REASON or {ir} redact FIELD [N] REASON")
FIELDS = {
    **{name: name for name in ("summary", "impact", "detection", "paged", "metrics", "others")},
    "final": INSISTED,
}
"""The fields with texts of people, by their names in this command."""
SECTIONS = ("well", "poorly", "lucky", "link", "action", "ask")
OF_A_RESPONDER = ("focus", "name")
GONE = {"text": "", "url": None, "task": None, "task_title": None, "owner": None, "dropped": True}


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


@Verb(
    "redact",
    "N|FIELD [N] REASON",
    does="removes a text for good, everywhere",
    example="redact 7 held a password",
    group=Group.TIMELINE,
    for_good=True,
    final_takes=(ANYTHING,),
)
def redact(ctx: IncidentContext, command: Command) -> Outcome:
    """Remove a text for good; a tombstone with the reason stays."""
    typed = command.text.strip()
    word, _, rest = typed.partition(" ")
    if NUMBER.match(typed):
        number, reason = numbered(typed, usage=USAGE)
        return _redact_entry(ctx, number, _reason(reason, what=str(number)))
    name = word.lower()
    if name in (*SECTIONS, "score"):
        number, reason = numbered(rest, usage=sentence("{ir} redact {} N REASON", name))
        return _redact_place(ctx, _numbered_place(ctx, name, number), _reason(reason, what=f"{name} {number}"))
    if name in OF_A_RESPONDER:
        return _redact_of_responder(ctx, name, rest)
    if name not in (*FIELDS, "title"):
        raise RefusedError(sentence("I do not know “{}”: type {}.", clean(word)[:40], USAGE))
    return _redact_place(ctx, _named_place(ctx, name), _reason(rest, what=name))


def _reason(typed: str, *, what: str) -> str:
    found = MISPLACED.match(clean(typed))
    if found is not None:
        raise RefusedError(
            sentence(
                "Nothing is redacted: {} stands before what it is about, {ir} redact {} {} REASON.",
                found[0],
                found[0],
                what,
            )
        )
    return prose(typed, usage=USAGE)


def _numbered_place(ctx: IncidentContext, name: str, number: int) -> Place:
    if name == "score":
        key: Row = {"incident": ctx.number, "number": number}
        return Place(name=f"score {number}", table=answer, key=key, columns=("notes",), left={"notes": ""})
    key = {"incident": ctx.number, "section": name, "number": number}
    return Place(name=f"{name} {number}", table=item, key=key, columns=("text", "url"), left=GONE)


def _named_place(ctx: IncidentContext, name: str) -> Place:
    if name == "title":
        return Place(name=name, table=incident, key={"number": ctx.number}, columns=("title",), left={"title": None})
    key = {"incident": ctx.number, "name": FIELDS[name]}
    return Place(name=name, table=field, key=key, columns=("value",), left={})


def _redact_of_responder(ctx: IncidentContext, name: str, typed: str) -> Outcome:
    somebody, reason = _responder(ctx, typed, name)
    said = _reason(reason, what=f"{name} {somebody.number}")
    # This line itself holds the name.
    lines.blank(ctx.session, [ctx.line])
    return _redact_place(ctx, _place_of_responder(somebody, ctx, name), said)


def _responder(ctx: IncidentContext, typed: str, name: str) -> tuple[ListedResponder, str]:
    """Find the responder, by any name that was ever on the list or by number; give the reason behind it too."""
    listed = sorted(team.ever_listed(ctx.session, ctx.number), key=lambda each: len(each.name), reverse=True)
    fold = ctx.casemapping.fold
    beginning = fold(typed) + " "
    for each in listed:
        if beginning.startswith(f"{fold(each.name)} "):
            return each, typed[len(each.name) :]
    number, reason = numbered(
        typed, usage=sentence("{ir} redact {} NAME REASON, or N for the Nth who came on the list", name)
    )
    found = next((each for each in listed if each.number == number), None)
    if found is None:
        raise RefusedError(sentence("Nobody was the {}. to come on the list: {ir} who shows who is on it.", number))
    return found, reason


def _place_of_responder(somebody: ListedResponder, ctx: IncidentContext, name: str) -> Place:
    key = {"incident": ctx.number, "number": somebody.number}
    left: dict[str, Any] = {"focus": None}
    if name == "name":
        nick = None if somebody.nick == somebody.name else somebody.nick
        left = {"name": nick or "", "nick": nick, "removed": nick is None, "granted": False}
    return Place(name=f"{name} {somebody.number}", table=responder, key=key, columns=(name,), left=left)


def _redact_entry(ctx: IncidentContext, number: int, reason: str) -> Outcome:
    found = existing(ctx, number)
    if found.current.redacted is not None:
        raise RefusedError(f"#{number} is redacted already.")
    _refuse_others(ctx, {found.person})
    texts = {each.text for each in entries.versions(ctx.session, ctx.number, number)}
    lines.blank(ctx.session, origins.lines_of(ctx.session, ctx.number, number))
    entries.blank(ctx.session, ctx.number, number, reason=reason)
    _leave_tombstone(ctx, f"#{number}", reason)
    return _done(ctx, f"#{number}", texts)


def _redact_place(ctx: IncidentContext, place: Place, reason: str) -> Outcome:
    touched = _touching(ctx, place)
    texts = _texts(touched, place) | changes.values_of(ctx.session, place.table, place.key, place.columns)
    if not texts:
        raise RefusedError(f"There is no {place.name} in incident {ctx.number} to redact.")
    opened = incidents.opening_line(ctx.session, ctx.number) if place.name == "title" else None
    _refuse_others(ctx, {each.person for each in touched} | ({ctx.incident.opener} if opened else set()))
    if opened is not None:
        lines.blank(ctx.session, [opened])
    beside = _beside(ctx, place)
    for each in (place, *_copies(ctx, place, texts)):
        _remove(ctx, each)
    _forget_titles(ctx, place)
    _leave_tombstone(ctx, place.name, reason)
    return _done(ctx, place.name.capitalize(), texts, beside=beside)


def _leave_tombstone(ctx: IncidentContext, name: str, reason: str) -> None:
    """Record the reason, and exclude it from undo; also if the same was redacted for the same reason before."""
    for value in (None, reason):
        parts.set_field(ctx.session, ctx.audit, f"{parts.REDACTED}{name}", value)
    undone.mark_lines_undone(ctx.session, ctx.number, [ctx.line])


def _remove(ctx: IncidentContext, place: Place) -> None:
    """Empty a place and its change log, so that no undo restores the text, such as that of a dropped bullet."""
    touched = _touching(ctx, place)
    lines.blank(ctx.session, [each.line for each in touched if each.line is not None])
    changes.blank(ctx.session, [each.id for each in touched])
    if place.said and not place.said & changes.values_of(ctx.session, place.table, place.key, place.columns):
        return
    rest = changes.touching(ctx.session, ctx.number, place.table, place.key)
    undone.mark_changes_undone(
        ctx.session, [each.id for each in rest if not place.left or each.columns & place.left.keys()]
    )
    changes.erase(ctx.session, place.table, place.key, **place.left)


def _copies(ctx: IncidentContext, place: Place, texts: Collection[str]) -> Iterator[Place]:
    """The places where the record repeats a text: as evidence of the scorecard, as the name of a coordinator."""
    if place.key.get("name") == "paged":
        table, column, left = answer, "evidence", {"suggested": None, "evidence": None}
        said = frozenset(f"{PEOPLE_PAGED}{each}" for each in texts)
    elif place.table is responder and "name" in place.columns:
        nick = place.left["nick"]
        table, column, left = coordinator, "name", {"name": nick} if nick else {}
        said = frozenset(texts)
    else:
        return
    for number in changes.numbers_of(ctx.session, ctx.number, table):
        key = {"incident": ctx.number, "number": number}
        yield Place(name=place.name, table=table, key=key, columns=(column,), left=left, said=said)


def _beside(ctx: IncidentContext, place: Place) -> Sequence[str]:
    """The address of the task that was filed for a follow-up."""
    if place.key.get("section") != "action":
        return []
    tasks = changes.values_of(ctx.session, place.table, place.key, ("task",))
    return [task_url(ctx, each) for each in tasks]


def _forget_titles(ctx: IncidentContext, place: Place) -> None:
    """Remove the title of a task that was read from the server: the text was its model."""
    if place.name == "title":
        table, key = field, {"incident": ctx.number, "name": "task_title"}
        changes.erase(ctx.session, table, key)
    elif place.key.get("section") == "action":
        table, key = place.table, dict(place.key)
    else:
        return
    read_back = changes.touching(ctx.session, ctx.number, table, key)
    changes.blank(ctx.session, [each.id for each in read_back if _said_in(each, ("task_title", "value"))])


def _touching(ctx: IncidentContext, place: Place) -> Sequence[Change]:
    found = changes.touching(ctx.session, ctx.number, place.table, place.key)
    return [each for each in found if _texts([each], place)]


def _texts(touched: Sequence[Change], place: Place) -> set[str]:
    texts = {text for each in touched for text in _said_in(each, place.columns)}
    return texts if place.said is None else texts & place.said


def _said_in(each: Change, columns: Collection[str]) -> set[str]:
    return {row[name] for row in (each.old, each.new) if row for name in columns if row.get(name)}


def _refuse_others(ctx: IncidentContext, typed_by: set[int | None]) -> None:
    if typed_by - {ctx.person} and ctx.standing < Standing.TRUSTED:
        raise ForbiddenError(sentence("Redacting what others typed: {}", permission.needed(ctx, Need.TRUSTED)))


def _done(ctx: IncidentContext, what: str, texts: Collection[str], *, beside: Sequence[str] = ()) -> Outcome:
    """Remove the copies outside the record, and name those that the bot cannot remove."""
    head = ctx.incident
    since = head.opened_at - KEPT_FOR
    unrecorded = lines.unrecorded(ctx.session, head.network, head.channel, since=since)
    lines.blank(ctx.session, [each.id for each in unrecorded if _repeats(each, texts, since=since)])
    outbox.forget_texts(ctx.session, ctx.number)
    words.forget(ctx.session, ctx.number)
    outbox.add(ctx.session, number=ctx.number, kind=IntentKind.REWRITE, at=ctx.now)
    where = listing(_beyond(ctx, beside))
    redacted = f"{what}{where_of(ctx)} is redacted: the text is gone here for good."
    said = ctx.reply(f"{redacted} Where others keep it is out of my reach: {where}.")
    return [Withdrawal(incident=ctx.number, reply=said, private=False), *tell_page(ctx, at_once=True)]


def _repeats(heard: RetainedLine, texts: Collection[str], *, since: datetime) -> bool:
    """True if a line repeats a text, or was refused during the incident and shares a long word with the text."""
    said = clean(heard.body)
    if any(text and text in said for text in texts):
        return True
    refused = heard.disposition != "waiting" and heard.said_at >= since
    return refused and any(_telling_words(said) & _telling_words(text) for text in texts)


def _telling_words(text: str) -> set[str]:
    return set(TELLING.findall(text.casefold()))


def _beyond(ctx: IncidentContext, beside: Sequence[str]) -> list[str]:
    """The places of the text that the bot cannot clean."""
    known = parts.fields(ctx.session, ctx.number)
    filed = [task_url(ctx, known["filed"])] if "filed" in known else []
    published = [known[parts.PAGE]] if parts.PAGE in known else []
    places = dict.fromkeys((*filed, *beside, *published))
    return ["logs of the channel", *(f"what was published at {url}" for url in places)]
