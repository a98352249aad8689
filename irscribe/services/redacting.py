"""Texts removed for good: from the record, its versions, its change log, the kept lines and the files written."""

from __future__ import annotations

from collections.abc import Sequence

from irscribe.commands import Command
from irscribe.domain.errors import ForbiddenError, RefusedError
from irscribe.domain.intent import IntentKind
from irscribe.domain.permission import NEEDED, Standing
from irscribe.domain.text import clean
from irscribe.services.timeline import existing
from irscribe.services.turn import Case, Outcome
from irscribe.services.wording import NUMBER, numbered, prose
from models import changes, entries, incidents, lines, outbox, parts
from models.changes import Row
from models.tables import field, incident, item

USAGE = "!ir redact N REASON or !ir redact FIELD [N] REASON"
FIELDS = ("summary", "impact", "detection", "paged", "metrics", "others")
SECTIONS = ("well", "poorly", "lucky", "link", "action")
GONE = {"text": "", "url": None, "task": None, "task_title": None, "owner": None, "dropped": True}


def redact(case: Case, command: Command) -> Outcome:
    """Remove a text for good; a tombstone with the reason stays."""
    typed = command.text.strip()
    word, _, rest = typed.partition(" ")
    if NUMBER.match(typed):
        number, reason = numbered(typed, usage=USAGE)
        return _redact_entry(case, number, prose(reason, usage=USAGE))
    name = word.lower()
    if name in SECTIONS:
        number, reason = numbered(rest, usage=f"!ir redact {name} N REASON")
        return _redact_item(case, name, number, prose(reason, usage=USAGE))
    if name == "title":
        return _redact_title(case, prose(rest, usage=USAGE))
    if name not in FIELDS:
        raise RefusedError(f"I do not know “{clean(word)[:40]}”: type {USAGE}.")
    return _redact_field(case, name, prose(rest, usage=USAGE))


def _redact_entry(case: Case, number: int, reason: str) -> Outcome:
    found = existing(case, number)
    if found.current.redacted is not None:
        raise RefusedError(f"#{number} is redacted already.")
    typed_by = {each.person for each in entries.versions(case.session, case.number, number)} | {found.person}
    _refuse_others(case, typed_by - {None})
    lines.blank(case.session, entries.lines_of(case.session, case.number, number))
    entries.blank(case.session, case.number, number, reason=reason)
    return _done(case, f"#{number}")


def _redact_field(case: Case, name: str, reason: str) -> Outcome:
    if name not in parts.fields(case.session, case.number):
        raise RefusedError(f"Incident {case.number} has no {name}.")
    key = {"incident": case.number, "name": name}
    _blank(case, changes.touching(case.session, case.number, field, key))
    changes.erase(case.session, field, key)
    parts.set_field(case.session, case.trail, f"redacted:{name}", reason)
    return _done(case, name.capitalize())


def _redact_item(case: Case, section: str, number: int, reason: str) -> Outcome:
    if all(each.number != number for each in parts.points(case.session, case.number, section)):
        raise RefusedError(f"There is no {section} {number}: !ir {section} lists what is there.")
    key: Row = {"incident": case.number, "section": section, "number": number}
    _blank(case, changes.touching(case.session, case.number, item, key))
    changes.erase(case.session, item, key, **GONE)
    parts.set_field(case.session, case.trail, f"redacted:{section} {number}", reason)
    return _done(case, f"{section.capitalize()} {number}")


def _redact_title(case: Case, reason: str) -> Outcome:
    key = {"number": case.number}
    touched = changes.touching(case.session, case.number, incident, key)
    opened = incidents.opening_line(case.session, case.number)
    _blank(case, [*touched, *([(0, opened, case.incident.opener)] if opened else [])])
    changes.erase(case.session, incident, key, title=None)
    parts.set_field(case.session, case.trail, "redacted:title", reason)
    return _done(case, "The title")


def _blank(case: Case, touched: Sequence[tuple[int, int | None, int | None]]) -> None:
    _refuse_others(case, {person for _, _, person in touched if person is not None})
    lines.blank(case.session, [line for _, line, _ in touched if line is not None])
    changes.blank(case.session, [change for change, _, _ in touched])


def _refuse_others(case: Case, typed_by: set[int | None] | set[int]) -> None:
    if typed_by - {case.turn.person} and case.standing < Standing.TRUSTED:
        raise ForbiddenError(f"Redacting what others typed: {NEEDED[Standing.TRUSTED]}")


def _done(case: Case, what: str) -> Outcome:
    outbox.add(case.session, number=case.number, kind=IntentKind.REWRITE, at=case.turn.now)
    return case.say(
        f"{what} is redacted: the text is gone here for good; what others hold of it is not mine to remove."
    )
