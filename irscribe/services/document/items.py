"""The items of the report: conclusions, links, follow-ups."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from irscribe.commands import NOTHING, BareNumber, Command, Group, Verb
from irscribe.domain import actionable, tasks
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.permission import Standing
from irscribe.domain.prose import plural, without_ping
from irscribe.domain.record import Point
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import clean, cut
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.wording import Manner, prose, refuse_incomplete, wording
from irscribe.services.document.fields import not_none, say_none, task_url
from models import parts

SPOKEN = {"well": "Went well", "poorly": "Went poorly", "lucky": "Got lucky", "link": "Link", "action": "Actionable"}
TEXT_SHOWN = 80
"""Bytes of a text that a reply repeats."""
NESTED = frozenset({"well", "poorly", "lucky"})
CONCLUSION = partial(
    Verb,
    arguments="TEXT | + TEXT | > TEXT | drop N | fix N TEXT | none",
    group=Group.REPORT,
    bare_number=BareNumber.UNCLEAR_ALONE,
    standing=Standing.JOINED,
    reads_only=(NOTHING,),
    final_takes=(NOTHING,),
)
URL = re.compile(r"(?:https?|irc|ircs|ftp)://\S+$", re.IGNORECASE)
DROP = re.compile(r"drop\s+#?(\d{1,6})$", re.IGNORECASE)
NAMED = re.compile(rf"(?<!\S){actionable.OWNER}")
FIX = re.compile(r"fix\s+#?(\d{1,6})\s+(.+)$", re.IGNORECASE | re.DOTALL)


@CONCLUSION("well", does="adds what went well; > adds a point under it", example="well rollback took a minute")
@CONCLUSION(
    "poorly",
    does="adds what went poorly; > adds a point under it",
    example="poorly > no runbook",
    meant_by=("bad", "badly"),
)
@CONCLUSION(
    "lucky",
    does="adds where we got lucky; > adds a point under it",
    example="lucky a DBA was around",
    aliases=("luck",),
)
def bullet(ctx: IncidentContext, command: Command) -> Outcome:
    """Add a bullet to what went well, went poorly or was luck, continue the last one, or change one."""
    section = command.verb.name
    return edited(ctx, section, command.text) or added(ctx, section, command.text)


@Verb(
    "link",
    "URL [TITLE] | drop N | fix N URL [TITLE] | none",
    does="adds a page to read",
    example="link https://example.org SAL",
    group=Group.REPORT,
    bare_number=BareNumber.UNCLEAR_ALONE,
    standing=Standing.JOINED,
    reads_only=(NOTHING,),
    final_takes=(NOTHING,),
)
def link(ctx: IncidentContext, command: Command) -> Outcome:
    """Add a link, or change one."""
    return edited(ctx, "link", command.text) or _linked(ctx, command.text)


def edited(ctx: IncidentContext, section: str, typed: str) -> Outcome | None:
    """Carry out ``none``, ``drop N``, ``fix N TEXT`` and an empty text; give None if a text is to be added."""
    typed = typed.strip()
    if not typed:
        return listed(ctx, section)
    if typed.lower() == "none":
        return _say_none(ctx, section)
    if found := DROP.match(typed):
        return _drop(ctx, section, int(found[1]))
    found = FIX.match(typed)
    # A bullet's text may begin with "fix 3"; a link cannot.
    if found and (section == "link" or _is_there(ctx, section, int(found[1]))):
        return _fix(ctx, section, point_of(ctx, section, int(found[1])), found[2])
    refuse_incomplete(typed, ways=_ways(section))
    return None


def _ways(section: str) -> Mapping[str, Speech]:
    """The words that change one item of a section, each with its usage."""
    ways = {"drop": sentence("{ir} {} drop N", section), "fix": sentence("{ir} {} fix N TEXT", section)}
    return {**ways, "done": sentence("{ir} action done N")} if section == "action" else ways


def _fix(ctx: IncidentContext, section: str, point: Point, typed: str) -> Outcome:
    values = _values(ctx, section, prose(typed, usage=sentence("{ir} {} fix {} TEXT", section, point.number)))
    parts.set_point(ctx.session, ctx.audit, section, point.number, values=values)
    return ctx.say(f"{SPOKEN[section]} {point.number} fixed (was: “{_quoted(point)}”).")


def added(ctx: IncidentContext, section: str, typed: str) -> Outcome:
    """Add an item, or continue the last one."""
    read = wording(typed, usage=sentence("{ir} {} TEXT", section))
    match read.manner:
        case Manner.SET:
            return _add(ctx, section, read.text, parent=None)
        case Manner.SUB_ITEM:
            return _add_under(ctx, section, read.text)
        case Manner.CONTINUE:
            return _continue(ctx, section, read.text)
        case _:
            raise RefusedError(sentence("Which one shall go? Type {ir} {} drop N, or {ir} {} none.", section, section))


def _add_under(ctx: IncidentContext, section: str, text: str) -> Outcome:
    if section not in NESTED:
        return _add(ctx, section, f"{Manner.SUB_ITEM} {text}", parent=None)
    above = parts.last_point(ctx.session, ctx.number, section, outermost=True)
    if above is None:
        raise RefusedError(sentence("There is nothing to stand under: {ir} {} TEXT adds the first one.", section))
    return _add(ctx, section, text, parent=above.number)


def _add(ctx: IncidentContext, section: str, text: str, *, parent: int | None) -> Outcome:
    values = {**_values(ctx, section, text), "parent": parent}
    number = parts.add_point(ctx.session, ctx.audit, section, values)
    not_none(ctx, section)
    under = f" under {parent}" if parent else ""
    point = point_of(ctx, section, number)
    understood = [task_url(ctx, point.task)] if point.task else []
    understood += [f"owner {without_ping(point.owner)}"] if point.owner else []
    detail = f": {', '.join(understood)}" if understood else ""
    hint = _not_fixed(section, text, number) or _without_owner(section, point)
    return ctx.say(f"{SPOKEN[section]} {number} added{under}{detail}." + hint)


def _without_owner(section: str, point: Point) -> Speech:
    """A hint for a follow-up whose text names somebody where no owner is read."""
    if section != "action" or point.owner or not NAMED.search(point.text):
        return ""
    return sentence(" It has no owner: {ir} action {} assign NAME.", point.number)


def _not_fixed(section: str, text: str, number: int) -> Speech:
    """A hint for a text that begins like a change of an item that does not exist."""
    found = FIX.match(text)
    if found is None:
        return ""
    return sentence(
        " There is no {} to fix, so this is a new one: {ir} {} drop {} takes it out.", found[1], section, number
    )


def _linked(ctx: IncidentContext, typed: str) -> Outcome:
    if typed.strip().partition(" ")[0] in (Manner.CONTINUE, Manner.EMPTY):
        return added(ctx, "link", typed)
    return _add(ctx, "link", typed.strip(), parent=None)


def _values(ctx: IncidentContext, section: str, text: str) -> dict[str, Any]:
    match section:
        case "link":
            return _link(text)
        case "action":
            return _actionable(ctx, text)
        case _:
            return {"text": text}


def _link(text: str) -> dict[str, Any]:
    url, _, title = text.strip().partition(" ")
    address = url.removeprefix("<").removesuffix(">")
    if not URL.match(address):
        raise RefusedError(sentence("“{}” is no link: type {ir} link https://… [TITLE].", clean(url)[:60]))
    return {"url": clean(address), "text": clean(title)}


def _actionable(ctx: IncidentContext, text: str, *, known: str | None = None) -> dict[str, Any]:
    """The values of a follow-up that were typed; an owner or a task that was not typed stays as it is.

    A task at the end of the text replaces the ``known`` one; a task that the text only mentions does not.
    """
    typed = actionable.parse(text)
    if not typed.text:
        raise RefusedError(sentence("What is to be done? Type {ir} action TEXT [@OWNER] [TASK]."))
    given = {"owner": typed.owner} if typed.owner else {}
    task = typed.task or known or tasks.only_task(typed.text, ctx.application.config.phabricator.url)
    return {"text": typed.text, **given, **(task_values(task) if task and task != known else {})}


def task_values(task: str) -> dict[str, Any]:
    """Give the values of an item that gets another task."""
    return {"task": task.upper(), "task_title": None, "task_status": None}


def _continue(ctx: IncidentContext, section: str, text: str) -> Outcome:
    point = parts.last_point(ctx.session, ctx.number, section)
    if point is None:
        raise RefusedError(sentence("There is nothing to go on with: {ir} {} TEXT adds the first one.", section))
    joined = f"{point.text} {text}".strip()
    values = _actionable(ctx, joined, known=point.task) if section == "action" else {"text": joined}
    parts.set_point(ctx.session, ctx.audit, section, point.number, values=values)
    return ctx.say(f"{SPOKEN[section]} {point.number} continued.")


def _drop(ctx: IncidentContext, section: str, number: int) -> Outcome:
    point = point_of(ctx, section, number)
    for each in (number, *parts.points_under(ctx.session, ctx.number, section, number)):
        parts.set_point(ctx.session, ctx.audit, section, each, values={"dropped": True})
    return ctx.say(f"{SPOKEN[section]} {number} dropped: “{_quoted(point)}”.")


def _say_none(ctx: IncidentContext, section: str) -> Outcome:
    standing = parts.count_points(ctx.session, ctx.number, section)
    if standing:
        there, them = ("is 1", "it") if standing == 1 else (f"are {standing}", "them")
        raise RefusedError(sentence("There {} already: {ir} {} drop N takes {} out first.", there, section, them))
    return say_none(ctx, section)


def listed(ctx: IncidentContext, section: str) -> Outcome:
    """List the items of a section."""
    found = parts.points(ctx.session, ctx.number, section)
    if not found:
        return ctx.inform(_nothing_yet(ctx, section))
    return ctx.answer([_spelled(ctx, each) for each in found], about=f"{SPOKEN[section]}, {plural(len(found), 'line')}")


def _nothing_yet(ctx: IncidentContext, section: str) -> Speech:
    if f"none:{section}" in parts.fields(ctx.session, ctx.number):
        return f"{SPOKEN[section]}: none."
    if section == "action":
        return sentence("Incident {} has no actionables yet: {ir} action TEXT adds one.", ctx.number)
    return sentence(
        "{}: nothing yet. {ir} {} {} adds one.", SPOKEN[section], section, "URL" if section == "link" else "TEXT"
    )


def _spelled(ctx: IncidentContext, each: Point) -> str:
    signs = [
        "done" if each.done else "",
        task_url(ctx, each.task) if each.task else "",
        f"“{cut(each.task_title, TEXT_SHOWN)}”" if each.task_title and each.task_title != each.text else "",
        each.task_status or "",
        without_ping(each.owner) if each.owner else "",
        f"due {each.due}" if each.due and not each.done else "",
    ]
    behind = ", ".join(sign for sign in signs if sign)
    under = f" (under {each.parent})" if each.parent else ""
    text = cut(" ".join(word for word in (each.url, each.text) if word), 300)
    return f"{SPOKEN[each.section]} {each.number}{under}. {text}{f' ({behind})' if behind else ''}"


def _quoted(point: Point) -> str:
    return cut(point.url or point.text, TEXT_SHOWN)


def _is_there(ctx: IncidentContext, section: str, number: int) -> bool:
    return parts.point(ctx.session, ctx.number, section, number) is not None


def point_of(ctx: IncidentContext, section: str, number: int) -> Point:
    """Find an item that was not dropped.

    Raises RefusedError if none has this number.
    """
    found = parts.point(ctx.session, ctx.number, section, number)
    if found is None:
        verb = "actions" if section == "action" else section
        raise RefusedError(sentence("{} {} is not there: {ir} {} lists what is.", SPOKEN[section], number, verb))
    return found
