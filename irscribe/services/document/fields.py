"""The fields and sections of the report, each with one value."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial

from irscribe.commands import NOTHING, BareNumber, Command, Group, Verb
from irscribe.domain import tasks
from irscribe.domain.contradictions import Bound
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.missing import CAN_BE_NONE
from irscribe.domain.permission import Standing
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean, cut
from irscribe.services.alerts.detection import offer
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.wording import Manner, moment, prose, wording
from irscribe.services.timeline.contradictions import hint_of_bound
from models import parts

HIGHEST_SEVERITY = 9
SEVERITY = re.compile(r"(?:sev(?:erity)?[\s-]*)?0*([0-9])", re.IGNORECASE | re.ASCII)
VALUE_SHOWN = 80
"""Bytes of an earlier value that a reply repeats."""
SECTION = partial(
    Verb,
    group=Group.REPORT,
    bare_number=BareNumber.UNCLEAR_ALONE,
    continued_by_plus=True,
    reads_only=(NOTHING,),
    standing=Standing.JOINED,
    final_takes=(NOTHING,),
)
FACT = partial(Verb, group=Group.INCIDENT, reads_only=(NOTHING,), standing=Standing.JOINED, final_takes=(NOTHING,))
NO_PAGING = sentence("I page nobody and know no rota: {ir} paged TEXT says who was paged.")
USAGE = {"severity": ("sev", "N"), "task": ("task", "TASK")}


def severity(typed: str) -> int:
    """Read a severity as a whole number, alone or as ``sev2``.

    Raises RefusedError for anything else.
    """
    found = SEVERITY.fullmatch(typed.strip())
    if found is None:
        raise RefusedError(
            sentence(
                "“{}” is no severity: type a whole number up to {}, like {ir} sev 2.",
                clean(typed)[:20],
                HIGHEST_SEVERITY,
            )
        )
    return int(found[1])


def task_id(typed: str) -> str:
    """Read the number of a task, typed alone or as an address.

    Raises RefusedError for anything else.
    """
    found = tasks.parse(typed)
    if found is None:
        raise RefusedError(f"“{clean(typed)[:40]}” is no task: type its number, T and digits, or its address.")
    return found


@SECTION(
    "summary",
    "TEXT | + TEXT | +| TEXT | -",
    does="says what happened; + goes on, +| starts a paragraph, - empties it",
    example="summary + and NFS",
    meant_by=("cause", "root", "root-cause", "rootcause", "rca", "tldr"),
)
@SECTION(
    "impact",
    "TEXT | + TEXT | +| TEXT | -",
    does="says who noticed what, for how long",
    example="impact For 38 minutes …",
    meant_by=("affected", "affects", "customers"),
)
@SECTION(
    "detection",
    "TEXT | + TEXT | - | none | ok",
    does="says how it was noticed; ok takes what the first alert says",
    example="detection icinga paged us",
    meant_by=("detected", "noticed"),
)
def section(ctx: IncidentContext, command: Command) -> Outcome:
    """Show, set, continue or empty a section of prose."""
    name = command.verb.name
    usage = sentence("{ir} {} TEXT", name)
    if command.text.strip().lower() == "none" and name in CAN_BE_NONE:
        return say_none(ctx, name)
    if command.text.strip().lower() == "ok" and name == "detection":
        return _take_offer(ctx)
    typed = wording(command.text, usage=usage)
    before = parts.fields(ctx.session, ctx.number).get(name)
    if typed.manner is Manner.SHOW:
        return _show(ctx, name, before)
    if typed.manner is Manner.EMPTY:
        return _empty(ctx, name, before)
    joint = {Manner.CONTINUE: " ", Manner.PARAGRAPH: "\n\n"}.get(typed.manner)
    if joint is None or not before:
        return _set(ctx, name, f"> {typed.text}" if typed.manner is Manner.SUB_ITEM else typed.text, before)
    _store(ctx, name, f"{before}{joint}{typed.text}")
    return ctx.say(f"{name.capitalize()} continued.")


def _take_offer(ctx: IncidentContext) -> Outcome:
    """Take what the record knows of the first alert."""
    offered = offer(ctx.session, ctx.incident)
    if offered is None:
        raise RefusedError(sentence("No alert tells how it was noticed: {ir} detection TEXT does."))
    return _set(ctx, "detection", offered, parts.fields(ctx.session, ctx.number).get("detection"))


@FACT(
    "paged",
    "TEXT",
    does="says who was paged, the number first",
    example="paged 35 (batphone)",
    refused=dict.fromkeys(("page", "escalate", "oncall", "on-call", "engage-oncall", "engage-user"), NO_PAGING),
)
@FACT(
    "metrics",
    "TEXT|none",
    does="names the metrics or SLOs affected",
    example="metrics No SLO defined",
    bare_number=BareNumber.UNCLEAR_ALONE,
)
def text_field(ctx: IncidentContext, command: Command) -> Outcome:
    """Show, set or empty a short text, which is kept as typed."""
    name = command.verb.name
    typed = clean(command.text)
    if typed.lower() == "none" and name in CAN_BE_NONE:
        return say_none(ctx, name)
    before = parts.fields(ctx.session, ctx.number).get(name)
    if not typed:
        return _show(ctx, name, before)
    if typed == Manner.EMPTY:
        return _empty(ctx, name, before)
    return _set(ctx, name, prose(typed, usage=sentence("{ir} {} TEXT", name)), before)


def task(ctx: IncidentContext, command: Command) -> Outcome:
    """Show, set or empty the incident's task."""
    if command.text.strip().lower() == "none":
        return say_none(ctx, "task")
    before = parts.fields(ctx.session, ctx.number).get("task")
    if not command.text.strip():
        return _show(ctx, "task", before and task_url(ctx, before))
    if command.text.strip() == Manner.EMPTY:
        return _empty(ctx, "task", before and task_url(ctx, before))
    number = task_id(command.text)
    if number != before:
        for name in ("task_title", "task_status"):
            parts.set_field(ctx.session, ctx.audit, name, None)
    _store(ctx, "task", number)
    replaced = before if before != number else None
    return ctx.say(f"Task set: {task_url(ctx, number)}{_was(replaced and task_url(ctx, replaced))}.")


@FACT(
    "sev",
    "N",
    does="sets the severity",
    example="sev 2",
    aliases=("severity",),
    meant_by=("priority",),
    free_text=False,
)
def sev(ctx: IncidentContext, command: Command) -> Outcome:
    """Set the severity."""
    before = ctx.incident.severity
    if not command.text.strip():
        return _show(ctx, "severity", None if before is None else str(before))
    chosen = None if command.text.strip() == Manner.EMPTY else severity(command.text)
    parts.set_head(ctx.session, ctx.audit, severity=chosen)
    was = "" if before is None or before == chosen else f" (was {before})"
    return ctx.say(f"Severity {'emptied' if chosen is None else f'is {chosen} now'}{was}.")


@FACT("start-time", "WHEN", free_text=False, does="sets when users began to notice", example="start-time 11:35")
def start_time(ctx: IncidentContext, command: Command) -> Outcome:
    """Set the time at which the incident began for users."""
    return _set_time(ctx, command, bound=Bound.START)


@FACT("end-time", "WHEN", free_text=False, does="sets when users stopped noticing", example="end-time 13:20")
def end_time(ctx: IncidentContext, command: Command) -> Outcome:
    """Set the time at which the incident was over for users."""
    return _set_time(ctx, command, bound=Bound.END)


def say_none(ctx: IncidentContext, part: str) -> Outcome:
    """Record that there is none of a part, so that it is not missing any more."""
    before = parts.fields(ctx.session, ctx.number).get(part)
    if part == "task" and before:
        before = task_url(ctx, before)
    _forget(ctx, part)
    parts.set_field(ctx.session, ctx.audit, f"none:{part}", "none")
    return ctx.say(f"Noted: {part} none{_was(before)}.")


def not_none(ctx: IncidentContext, part: str) -> None:
    """Undo the record that there is none of a part."""
    parts.set_field(ctx.session, ctx.audit, f"none:{part}", None)


def task_url(ctx: IncidentContext, task: str) -> str:
    """The address of a task; its name where the incident's tasks have no address."""
    tracker = ctx.application.tracker(parts.fields(ctx.session, ctx.number))
    return tasks.url_of(tracker, task) if tracker else task


def _empty(ctx: IncidentContext, name: str, before: str | None) -> Outcome:
    _forget(ctx, name)
    not_none(ctx, name)
    return ctx.say(f"{name.capitalize()} emptied{_was(before)}.")


def _forget(ctx: IncidentContext, name: str) -> None:
    for each in (name, *(("task_title", "task_status") if name == "task" else ())):
        parts.set_field(ctx.session, ctx.audit, each, None)


def _set(ctx: IncidentContext, name: str, text: str, before: str | None) -> Outcome:
    _store(ctx, name, text)
    return ctx.say(f"{name.capitalize()} set{_was(before if before != text else None)}.")


def _store(ctx: IncidentContext, name: str, text: str) -> None:
    parts.set_field(ctx.session, ctx.audit, name, text)
    if name in CAN_BE_NONE:
        not_none(ctx, name)


def _show(ctx: IncidentContext, name: str, value: str | None) -> Outcome:
    if not value:
        return ctx.inform(_nothing_yet(ctx, name))
    about = f"{name.capitalize()} of {ctx.number}"
    return ctx.answer_flowing(f"{about}: ", value.replace("\n", " / "), about=about)


def _nothing_yet(ctx: IncidentContext, name: str) -> Speech:
    if f"none:{name}" in parts.fields(ctx.session, ctx.number):
        return f"{name.capitalize()} of {ctx.number}: none."
    verb, value = USAGE.get(name, (name, "TEXT"))
    return sentence("{} of {}: nothing yet. {ir} {} {} sets it.", name.capitalize(), ctx.number, verb, value)


def _set_time(ctx: IncidentContext, command: Command, *, bound: Bound) -> Outcome:
    spoken = bound.capitalize()
    verb = sentence("{ir} {}", command.verb.name)
    before: datetime | None = getattr(ctx.incident, bound)
    if not command.text.strip():
        set_to: Speech = f"{_utc(before)}" if before else sentence("taken from the timeline ({} WHEN sets it)", verb)
        return ctx.inform(sentence("{} of {} is {}.", spoken, ctx.number, set_to))
    if command.text.strip() == Manner.EMPTY:
        parts.set_head(ctx.session, ctx.audit, **{bound.value: None})
        return ctx.say(f"{spoken} is taken from the timeline again.")
    at = moment(ctx, command.text, usage=sentence("{} WHEN", verb)).at
    if at is None:
        raise RefusedError(
            sentence("{} needs a time that is known: {} - takes it from the timeline again.", spoken, verb)
        )
    parts.set_head(ctx.session, ctx.audit, **{bound.value: at})
    was = f" (was {_utc(before)})" if before and before != at else ""
    return ctx.say(sentence("{} is {} now{}.{}", spoken, _utc(at), was, hint_of_bound(ctx, bound)))


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _was(before: str | None) -> str:
    return f" (was: “{cut(before.replace(chr(10), ' / '), VALUE_SHOWN)}”)" if before else ""
