"""The changes of a follow-up: done, its owner, its task, the day by which it is due."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from irscribe.commands import Command
from irscribe.domain import tasks
from irscribe.domain.day import WEEK, days
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.prose import without_ping
from irscribe.domain.record import Point
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean, cut
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.names import LONGEST_NAME
from irscribe.services.context.wording import DASHES
from irscribe.services.document.fields import task_url
from irscribe.services.document.items import added, edited, listed, point_of, task_values
from models import parts

DONE = re.compile(r"(?:done\s+#?(?P<behind>\d{1,6})|#?(?P<before>\d{1,6})\s+done)$", re.IGNORECASE)
GIVE = re.compile(rf"#?(\d{{1,6}})\s+(?:@(\S+)|({tasks.NAME}))$", re.IGNORECASE)
ASSIGN = re.compile(r"#?(\d{1,6})\s+assign(?:\s+(?:to\s+)?(\S.*))?$", re.IGNORECASE)
ASSIGNED = re.compile(r"#?(\d{1,6})\s+(?:to\s+)?(\S.*)", re.IGNORECASE)
"""The text behind ``assign``."""
DUE = re.compile(r"#?(\d{1,6})\s+due(?:\s+(\S.*))?$", re.IGNORECASE)
DROP = re.compile(r"#?(\d{1,6})\s+drop$", re.IGNORECASE)
"""``drop N`` with the number first, as in all other changes of a follow-up."""
EMPTYING = (*DASHES, "none", "nobody", "never")
DAY_SHOWN = 40
"""Bytes of a typed day that a refusal repeats."""


def action(ctx: IncidentContext, command: Command) -> Outcome:
    """Add a follow-up, or change one."""
    typed = command.text.strip()
    if done := DONE.match(typed):
        point = point_of(ctx, "action", int(done["behind"] or done["before"]))
        parts.set_point(ctx.session, ctx.audit, "action", point.number, values={"done": True})
        return ctx.say(f"Actionable {point.number} is done.")
    if given := GIVE.match(typed):
        return _own(ctx, int(given[1]), given[2]) if given[2] else _file_under(ctx, int(given[1]), given[3])
    if assigned := ASSIGN.match(typed):
        return _own(ctx, int(assigned[1]), _owner(ctx, int(assigned[1]), assigned[2] or ""))
    if due := DUE.match(typed):
        return _set_due(ctx, point_of(ctx, "action", int(due[1])), due[2] or "")
    typed = DROP.sub(r"drop \1", typed)
    return edited(ctx, "action", typed) or added(ctx, "action", typed)


def actions(ctx: IncidentContext, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """List the follow-ups."""
    return listed(ctx, "action")


def _own(ctx: IncidentContext, number: int, owner: str | None) -> Outcome:
    point_of(ctx, "action", number)
    parts.set_point(ctx.session, ctx.audit, "action", number, values={"owner": owner})
    return ctx.say(f"Actionable {number} is {without_ping(owner) if owner else 'nobody'}'s now.")


def _file_under(ctx: IncidentContext, number: int, task: str) -> Outcome:
    point_of(ctx, "action", number)
    values = task_values(task)
    parts.set_point(ctx.session, ctx.audit, "action", number, values=values)
    return ctx.say(f"Actionable {number} is {task_url(ctx, values['task'])} now.")


def _owner(ctx: IncidentContext, number: int, typed: str) -> str | None:
    """Read the name of an owner; ``me`` is the person who typed it, None is nobody.

    Raises RefusedError for no name, and for several.
    """
    name = clean(typed).removeprefix("@").rstrip(".,:; ")
    if name.casefold() in EMPTYING:
        return None
    if not name or "," in name or len(name) > LONGEST_NAME or name.startswith(DASHES):
        raise RefusedError(sentence("To whom? Type {ir} action {} assign NAME, with one name.", number))
    return ctx.request.person.nick if name.casefold() == "me" else name


def _set_due(ctx: IncidentContext, point: Point, typed: str) -> Outcome:
    """Set the day by which a follow-up is due, or show it."""
    if not typed:
        return ctx.say(_shown(point))
    today = ctx.request.said_at.date()
    due = None if typed.casefold() in EMPTYING else _day(typed, number=point.number, today=today)
    parts.set_point(ctx.session, ctx.audit, "action", point.number, values={"due": due})
    was = f" (was {point.due})" if point.due and point.due != due else ""
    past = " That day is over." if due and due < today else ""
    is_due = f"is due {due:%a} {due}" if due else "has no due day"
    return ctx.say(f"Actionable {point.number} {is_due} now{was}.{past}{_not_told(ctx, point)}")


def _shown(point: Point) -> Speech:
    if point.due:
        return f"Actionable {point.number} is due {point.due:%a} {point.due}."
    return sentence("Actionable {} has no due day: {ir} action {} due DATE sets it.", point.number, point.number)


def _not_told(ctx: IncidentContext, point: Point) -> str:
    """Say of a follow-up that has its task by now that the task stays as it is."""
    return f" Its task does not say so: {task_url(ctx, point.task)}." if point.task else ""


def _day(typed: str, *, number: int, today: date) -> date:
    found = days(typed, today=today)
    if len(found) == 1:
        return found[0]
    shown = cut(clean(typed), DAY_SHOWN)
    if found:
        raise RefusedError(
            sentence("“{}” may be {}: type {ir} action {} due {}.", shown, _either(found), number, found[0])
        )
    raise RefusedError(
        sentence(
            "“{}” is no day I can read: type {ir} action {} due {}, tomorrow, friday, in 2 weeks or none.",
            shown,
            number,
            today + WEEK,
        )
    )


def _either(found: Sequence[date]) -> str:
    return " or ".join(f"{each:%a} {each}" for each in found)
