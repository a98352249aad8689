"""The bullets of the report: conclusions, links, actionables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from irscribe.commands import Command
from irscribe.domain import actionable
from irscribe.domain.errors import RefusedError
from irscribe.domain.prose import as_named, plural, without_ping
from irscribe.domain.record import Point
from irscribe.domain.text import clean, cut
from irscribe.services.fields import not_none, say_none, task_url
from irscribe.services.turn import Case, Outcome
from irscribe.services.wording import Manner, prose, wording
from models import parts

SPOKEN = {"well": "Went well", "poorly": "Went poorly", "lucky": "Got lucky", "link": "Link", "action": "Actionable"}
QUOTED = 80
"""Bytes of a text that a reply repeats."""
NESTED = frozenset({"well", "poorly", "lucky"})
URL = re.compile(r"(?:https?|irc|ircs|ftp)://\S+$", re.IGNORECASE)
DROP = re.compile(r"drop\s+#?(\d{1,6})$", re.IGNORECASE)
FIX = re.compile(r"fix\s+#?(\d{1,6})\s+(.+)$", re.IGNORECASE | re.DOTALL)
DONE = re.compile(r"(?:done\s+#?(?P<behind>\d{1,6})|#?(?P<before>\d{1,6})\s+done)$", re.IGNORECASE)
GIVE = re.compile(r"#?(\d{1,6})\s+(?:@(\S+)|(T[1-9]\d{0,6}))$", re.IGNORECASE)


def bullet(case: Case, command: Command) -> Outcome:
    """Add to what went well, went poorly or was luck, continue it, or change one."""
    section = command.verb.name
    return _edited(case, section, command.text) or _added(case, section, command.text)


def link(case: Case, command: Command) -> Outcome:
    """Add a page worth reading, or change one."""
    return _edited(case, "link", command.text) or _linked(case, command.text)


def action(case: Case, command: Command) -> Outcome:
    """Add a follow-up, or change one."""
    typed = command.text.strip()
    if done := DONE.match(typed):
        point = point_of(case, "action", int(done["behind"] or done["before"]))
        parts.set_point(case.session, case.trail, "action", point.number, values={"done": True})
        return case.say(f"Actionable {point.number} is done.")
    if given := GIVE.match(as_named(typed)):
        return _give(case, int(given[1]), owner=given[2], task=given[3])
    return _edited(case, "action", typed) or _added(case, "action", typed)


def actions(case: Case, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """List the follow-ups."""
    return _list(case, "action")


def _edited(case: Case, section: str, typed: str) -> Outcome | None:
    """What ``none``, ``drop N``, ``fix N TEXT`` and nothing at all do; None where a text is to be added."""
    typed = typed.strip()
    if not typed:
        return _list(case, section)
    if typed.lower() == "none":
        return _say_none(case, section)
    if found := DROP.match(typed):
        return _drop(case, section, int(found[1]))
    found = FIX.match(typed)
    if found and _is_there(case, section, int(found[1])):
        return _fix(case, section, point_of(case, section, int(found[1])), found[2])
    return None


def _fix(case: Case, section: str, point: Point, typed: str) -> Outcome:
    values = _values(case, section, prose(typed, usage=f"!ir {section} fix {point.number} TEXT"))
    parts.set_point(case.session, case.trail, section, point.number, values=values)
    return case.say(f"{SPOKEN[section]} {point.number} fixed (was: “{_quoted(point)}”).")


def _added(case: Case, section: str, typed: str) -> Outcome:
    read = wording(typed, usage=f"!ir {section} TEXT")
    match read.manner:
        case Manner.SET:
            return _add(case, section, read.text, parent=None)
        case Manner.SUB_ITEM:
            return _add_under(case, section, read.text)
        case Manner.CONTINUE:
            return _continue(case, section, read.text)
        case _:
            raise RefusedError(f"Which one shall go? Type !ir {section} drop N, or !ir {section} none.")


def _add_under(case: Case, section: str, text: str) -> Outcome:
    if section not in NESTED:
        return _add(case, section, f"{Manner.SUB_ITEM} {text}", parent=None)
    top = [each for each in _all(case, section) if each.parent is None]
    if not top:
        raise RefusedError(f"There is nothing to stand under: !ir {section} TEXT adds the first one.")
    return _add(case, section, text, parent=top[-1].number)


def _add(case: Case, section: str, text: str, *, parent: int | None) -> Outcome:
    values = {**_values(case, section, text), "parent": parent}
    number = parts.add_point(case.session, case.trail, section, values)
    not_none(case, section)
    under = f" under {parent}" if parent else ""
    point = point_of(case, section, number)
    understood = [task_url(case, point.task)] if point.task else []
    understood += [f"owner {without_ping(point.owner)}"] if point.owner else []
    detail = f": {', '.join(understood)}" if understood else ""
    return case.say(f"{SPOKEN[section]} {number} added{under}{detail}.")


def _linked(case: Case, typed: str) -> Outcome:
    if typed.strip().partition(" ")[0] in (Manner.CONTINUE, Manner.EMPTY):
        return _added(case, "link", typed)
    return _add(case, "link", typed.strip(), parent=None)


def _values(case: Case, section: str, text: str) -> dict[str, Any]:
    match section:
        case "link":
            return _link(text)
        case "action":
            return _actionable(case, text)
        case _:
            return {"text": text}


def _link(text: str) -> dict[str, Any]:
    url, _, title = text.strip().partition(" ")
    address = url.removeprefix("<").removesuffix(">")
    if not URL.match(address):
        raise RefusedError(f"“{clean(url)[:60]}” is no link: type !ir link https://… [TITLE].")
    return {"url": clean(address), "text": clean(title)}


def _actionable(case: Case, text: str, *, known: str | None = None) -> dict[str, Any]:
    """What was typed of a follow-up; an owner or a task that was not typed is left as it is.

    A ``known`` task gives way to one at the end of the text, not to one that the text only speaks of.
    """
    typed = actionable.parse(text)
    if not typed.text:
        raise RefusedError("What is to be done? Type !ir action TEXT [@OWNER] [TASK].")
    given = {"owner": typed.owner} if typed.owner else {}
    task = typed.task or known or actionable.only_task(typed.text, case.turn.house.config.phabricator.url)
    return {"text": typed.text, **given, **(_task(task) if task and task != known else {})}


def _task(task: str) -> dict[str, Any]:
    return {"task": task.upper(), "task_title": None, "task_status": None}


def _continue(case: Case, section: str, text: str) -> Outcome:
    points = _all(case, section)
    if not points:
        raise RefusedError(f"There is nothing to go on with: !ir {section} TEXT adds the first one.")
    point = points[-1]
    joined = f"{point.text} {text}".strip()
    values = _actionable(case, joined, known=point.task) if section == "action" else {"text": joined}
    parts.set_point(case.session, case.trail, section, point.number, values=values)
    return case.say(f"{SPOKEN[section]} {point.number} continued.")


def _drop(case: Case, section: str, number: int) -> Outcome:
    point = point_of(case, section, number)
    for each in _all(case, section):
        if number in (each.number, each.parent):
            parts.set_point(case.session, case.trail, section, each.number, values={"dropped": True})
    return case.say(f"{SPOKEN[section]} {number} dropped: “{_quoted(point)}”.")


def _give(case: Case, number: int, *, owner: str | None, task: str | None) -> Outcome:
    point_of(case, "action", number)
    values: dict[str, Any] = {"owner": owner} if owner else _task(task or "")
    parts.set_point(case.session, case.trail, "action", number, values=values)
    said = f"is {without_ping(owner)}'s" if owner else f"is {task_url(case, values['task'])}"
    return case.say(f"Actionable {number} {said} now.")


def _say_none(case: Case, section: str) -> Outcome:
    standing = len(_all(case, section))
    if standing:
        there, them = ("is 1", "it") if standing == 1 else (f"are {standing}", "them")
        raise RefusedError(f"There {there} already: !ir {section} drop N takes {them} out first.")
    return say_none(case, section)


def _list(case: Case, section: str) -> Outcome:
    found = _all(case, section)
    if not found:
        return case.say(_nothing_yet(case, section))
    return case.turn.answer(
        [_spelled(case, each) for each in found], about=f"{SPOKEN[section]}, {plural(len(found), 'line')}"
    )


def _nothing_yet(case: Case, section: str) -> str:
    if f"none:{section}" in parts.fields(case.session, case.number):
        return f"{SPOKEN[section]}: none."
    if section == "action":
        return f"Incident {case.number} has no actionables yet: !ir action TEXT adds one."
    return f"{SPOKEN[section]}: nothing yet. !ir {section} {'URL' if section == 'link' else 'TEXT'} adds one."


def _spelled(case: Case, each: Point) -> str:
    signs = [
        "done" if each.done else "",
        task_url(case, each.task) if each.task else "",
        f"“{cut(each.task_title, QUOTED)}”" if each.task_title and each.task_title != each.text else "",
        each.task_status or "",
        without_ping(each.owner) if each.owner else "",
    ]
    behind = ", ".join(sign for sign in signs if sign)
    under = f" (under {each.parent})" if each.parent else ""
    text = cut(" ".join(word for word in (each.url, each.text) if word), 300)
    return f"{SPOKEN[each.section]} {each.number}{under}. {text}{f' ({behind})' if behind else ''}"


def _quoted(point: Point) -> str:
    return cut(point.url or point.text, QUOTED)


def _all(case: Case, section: str) -> Sequence[Point]:
    return parts.points(case.session, case.number, section)


def _is_there(case: Case, section: str, number: int) -> bool:
    return any(each.number == number for each in _all(case, section))


def point_of(case: Case, section: str, number: int) -> Point:
    """A bullet that stands.

    Raises RefusedError when there is none of that number.
    """
    found = next((each for each in _all(case, section) if each.number == number), None)
    if found is None:
        verb = "actions" if section == "action" else section
        raise RefusedError(f"{SPOKEN[section]} {number} is not there: !ir {verb} lists what is.")
    return found
