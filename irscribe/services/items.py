"""The bullets of the report: conclusions, links, actionables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from irscribe.commands import Command
from irscribe.domain.errors import RefusedError
from irscribe.domain.prose import plural
from irscribe.domain.record import Point
from irscribe.domain.text import clean, cut
from irscribe.services.fields import not_none, say_none, task_id, task_url
from irscribe.services.turn import Case, Outcome
from irscribe.services.wording import Manner, prose, wording
from models import parts

SPOKEN = {"well": "Went well", "poorly": "Went poorly", "lucky": "Got lucky", "link": "Link", "action": "Actionable"}
URL = re.compile(r"(?:https?|irc|ircs|ftp)://\S+$", re.IGNORECASE)
DROP = re.compile(r"drop\s+#?(\d{1,6})$", re.IGNORECASE)
FIX = re.compile(r"fix\s+#?(\d{1,6})\s+(.+)$", re.IGNORECASE | re.DOTALL)
DONE = re.compile(r"done\s+#?(\d{1,6})$", re.IGNORECASE)
GIVE = re.compile(r"#?(\d{1,6})\s+(?:@(\S+)|(T[1-9]\d{0,6}))$", re.IGNORECASE)
TASK_AT_END = re.compile(r"^(.*?)[\s,]*(?:\(\s*)?(?<![\w/])(T[1-9]\d{0,6})\)?$", re.DOTALL)
OWNER_AT_END = re.compile(r"^(.*\S)\s+@([^\s@,]+),?$", re.DOTALL)


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
        point = _point(case, "action", int(done[1]))
        parts.set_point(case.session, case.trail, "action", point.number, values={"done": True})
        return case.say(f"Actionable {point.number} is done.")
    given = GIVE.match(typed)
    if given and _is_there(case, "action", int(given[1])):
        return _give(case, int(given[1]), owner=given[2], task=given[3])
    return _edited(case, "action", typed) or _added(case, "action", typed)


def actions(case: Case, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """List the follow-ups."""
    found = parts.points(case.session, case.number, "action")
    if not found:
        return case.say(f"Incident {case.number} has no actionables yet: !ir action TEXT adds one.")
    return case.turn.answer([_spelled(case, each) for each in found], about=f"Actionables of {case.number}")


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
        values = _values(section, prose(found[2], usage=f"!ir {section} fix {found[1]} TEXT"))
        parts.set_point(case.session, case.trail, section, int(found[1]), values=values)
        return case.say(f"{SPOKEN[section]} {found[1]} fixed.")
    return None


def _added(case: Case, section: str, typed: str) -> Outcome:
    read = wording(typed, usage=f"!ir {section} TEXT")
    match read.manner:
        case Manner.SET:
            return _add(case, section, read.text, parent=None)
        case Manner.SUB_ITEM:
            top = [each for each in _all(case, section) if each.parent is None]
            return _add(case, section, read.text, parent=_last(top, section).number)
        case Manner.CONTINUE:
            return _continue(case, section, read.text)
        case _:
            raise RefusedError(f"Which one shall go? Type !ir {section} drop N, or !ir {section} none.")


def _add(case: Case, section: str, text: str, *, parent: int | None) -> Outcome:
    values = {**_values(section, text), "parent": parent}
    number = parts.add_point(case.session, case.trail, section, values)
    not_none(case, section)
    under = f" under {parent}" if parent else ""
    point = _point(case, section, number)
    with_task = f": {task_url(case, point.task)}" if point.task else ""
    with_owner = f", @{point.owner}" if point.owner else ""
    return case.say(f"{SPOKEN[section]} {number} added{under}{with_task}{with_owner}.")


def _linked(case: Case, typed: str) -> Outcome:
    url, _, _ = typed.strip().partition(" ")
    if not URL.match(url):
        raise RefusedError(f"“{clean(url)[:60]}” is no link: type !ir link https://… [TITLE].")
    return _add(case, "link", typed.strip(), parent=None)


def _values(section: str, text: str) -> dict[str, Any]:
    match section:
        case "link":
            url, _, title = text.strip().partition(" ")
            if not URL.match(url):
                raise RefusedError(f"“{clean(url)[:60]}” is no link: type !ir link https://… [TITLE].")
            return {"url": clean(url), "text": clean(title)}
        case "action":
            return _actionable(text)
        case _:
            return {"text": text}


def _actionable(text: str) -> dict[str, Any]:
    """Text, owner and task of a follow-up: the last two stand at its end, in any order."""
    values: dict[str, Any] = {"text": text}
    for name, pattern in (("task", TASK_AT_END), ("owner", OWNER_AT_END), ("task", TASK_AT_END)):
        found = pattern.match(values["text"])
        if found and name not in values:
            values |= {"text": found[1].rstrip(" ,"), name: found[2]}
    if not values["text"]:
        raise RefusedError("What is to be done? Type !ir action TEXT [@OWNER] [T123].")
    return values


def _continue(case: Case, section: str, text: str) -> Outcome:
    point = _last(_all(case, section), section)
    joined = f"{point.text} {text}".strip()
    values = _actionable(joined) if section == "action" else {"text": joined}
    parts.set_point(case.session, case.trail, section, point.number, values=values)
    return case.say(f"{SPOKEN[section]} {point.number} continued.")


def _drop(case: Case, section: str, number: int) -> Outcome:
    point = _point(case, section, number)
    for each in _all(case, section):
        if number in (each.number, each.parent):
            parts.set_point(case.session, case.trail, section, each.number, values={"dropped": True})
    return case.say(f"{SPOKEN[section]} {number} dropped: “{cut(point.text or point.url or '', 80)}”.")


def _give(case: Case, number: int, *, owner: str | None, task: str | None) -> Outcome:
    values: dict[str, Any] = {"owner": owner} if owner else {"task": task_id(task or "")}
    if task:
        values |= {"task_title": None, "task_status": None}
    parts.set_point(case.session, case.trail, "action", number, values=values)
    said = f"is {owner}'s" if owner else f"is {task_url(case, values['task'])}"
    return case.say(f"Actionable {number} {said} now.")


def _say_none(case: Case, section: str) -> Outcome:
    standing = _all(case, section)
    if standing:
        raise RefusedError(
            f"There {'is' if len(standing) == 1 else 'are'} {len(standing)}: !ir {section} drop N first."
        )
    return say_none(case, section)


def _list(case: Case, section: str) -> Outcome:
    found = _all(case, section)
    if not found:
        return case.say(f"{SPOKEN[section]}: nothing yet. !ir {section} TEXT adds one.")
    return case.turn.answer(
        [_spelled(case, each) for each in found], about=f"{SPOKEN[section]}, {plural(len(found), 'line')}"
    )


def _spelled(case: Case, point: Point) -> str:
    signs = [
        "done" if point.done else "",
        f"@{point.owner}" if point.owner else "",
        task_url(case, point.task) if point.task else "",
        point.task_status or "",
    ]
    behind = ", ".join(each for each in signs if each)
    text = cut(" ".join(each for each in (point.url, point.text) if each), 300)
    return f"{'  ' if point.parent else ''}{point.number}. {text}{f' ({behind})' if behind else ''}"


def _all(case: Case, section: str) -> Sequence[Point]:
    return parts.points(case.session, case.number, section)


def _is_there(case: Case, section: str, number: int) -> bool:
    return any(each.number == number for each in _all(case, section))


def _point(case: Case, section: str, number: int) -> Point:
    found = next((each for each in _all(case, section) if each.number == number), None)
    if found is None:
        raise RefusedError(f"{SPOKEN[section]} {number} is not there: !ir {section} lists what is.")
    return found


def _last(points: Sequence[Point], section: str) -> Point:
    if not points:
        raise RefusedError(f"There is nothing to go on with: !ir {section} TEXT adds the first one.")
    return points[-1]
