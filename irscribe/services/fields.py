"""The facts and sections of the report that hold one value each."""

from __future__ import annotations

import re
from datetime import datetime

from irscribe.commands import Command
from irscribe.config import Config
from irscribe.domain.errors import RefusedError
from irscribe.domain.intent import IntentKind
from irscribe.domain.missing import CAN_BE_NONE
from irscribe.domain.request import fold
from irscribe.domain.text import clean, cut
from irscribe.services import permitting
from irscribe.services.contradicting import hint_of_span
from irscribe.services.turn import Case, Outcome
from irscribe.services.wording import Manner, moment, prose, wording
from models import outbox, parts

TASK = re.compile(r"(?:https?://\S+/)?(T[1-9]\d{0,6})/?$", re.IGNORECASE)
HIGHEST_SEVERITY = 9
QUOTED = 80
USAGE = {"severity": ("sev", "N"), "task": ("task", "TASK")}


def severity(typed: str) -> int:
    """A severity as a whole number.

    Raises RefusedError for anything else.
    """
    text = typed.strip()
    if not (text.isascii() and text.isdecimal()) or int(text[:4]) > HIGHEST_SEVERITY:
        raise RefusedError(
            f"“{clean(text)[:20]}” is no severity: type a whole number up to {HIGHEST_SEVERITY}, like !ir sev 2."
        )
    return int(text)


def task_id(typed: str) -> str:
    """The number of a task, typed alone or as a link.

    Raises RefusedError for anything else.
    """
    found = TASK.match(typed.strip())
    if found is None:
        raise RefusedError(f"“{clean(typed)[:40]}” is no task: type its number, T and digits, or its address.")
    return found[1].upper()


def section(case: Case, command: Command) -> Outcome:
    """Show, set, continue or empty a section of prose."""
    name = command.verb.name
    usage = f"!ir {name} TEXT"
    if command.text.strip().lower() == "none" and name in CAN_BE_NONE:
        return say_none(case, name)
    typed = wording(command.text, usage=usage)
    before = parts.fields(case.session, case.number).get(name)
    if typed.manner is Manner.SHOW:
        return _show(case, name, before)
    if typed.manner is Manner.EMPTY:
        return _empty(case, name, before)
    joint = {Manner.CONTINUE: " ", Manner.PARAGRAPH: "\n\n"}.get(typed.manner)
    if joint is None or not before:
        return _set(case, name, f"> {typed.text}" if typed.manner is Manner.SUB_ITEM else typed.text, before)
    _store(case, name, f"{before}{joint}{typed.text}")
    return case.say(f"{name.capitalize()} continued.")


def text_field(case: Case, command: Command) -> Outcome:
    """Set a short fact that is kept as typed."""
    name = command.verb.name
    typed = clean(command.text)
    if typed.lower() == "none" and name in CAN_BE_NONE:
        return say_none(case, name)
    before = parts.fields(case.session, case.number).get(name)
    if not typed:
        return _show(case, name, before)
    if typed == Manner.EMPTY:
        return _empty(case, name, before)
    return _set(case, name, prose(typed, usage=f"!ir {name} TEXT"), before)


def task(case: Case, command: Command) -> Outcome:
    """Name the incident's task."""
    if command.text.strip().lower() == "none":
        return say_none(case, "task")
    before = parts.fields(case.session, case.number).get("task")
    if not command.text.strip():
        return _show(case, "task", before and task_url(case, before))
    if command.text.strip() == Manner.EMPTY:
        return _empty(case, "task", before and task_url(case, before))
    number = task_id(command.text)
    if number != before:
        for name in ("task_title", "task_status"):
            parts.set_field(case.session, case.trail, name, None)
    _store(case, "task", number)
    replaced = before if before != number else None
    return case.say(f"Task set: {task_url(case, number)}{_was(replaced and task_url(case, replaced))}.")


def sev(case: Case, command: Command) -> Outcome:
    """Set the severity."""
    before = case.incident.severity
    if not command.text.strip():
        return _show(case, "severity", None if before is None else str(before))
    chosen = None if command.text.strip() == Manner.EMPTY else severity(command.text)
    parts.set_head(case.session, case.trail, severity=chosen)
    was = "" if before is None or before == chosen else f" (was {before})"
    return case.say(f"Severity {'emptied' if chosen is None else f'is {chosen} now'}{was}.")


def start_time(case: Case, command: Command) -> Outcome:
    """Set when it began for the users."""
    return _set_time(case, command, column="start", spoken="Start")


def end_time(case: Case, command: Command) -> Outcome:
    """Set when it was over for the users."""
    return _set_time(case, command, column="end", spoken="End")


def private(case: Case, command: Command) -> Outcome:
    """Keep the incident to its channel and its responders, or no longer."""
    if not command.text.strip():
        return case.say(f"Incident {case.number} is {'private' if case.incident.private else 'public'}.")
    wanted = {"on": True, "off": False}.get(command.text.strip().lower())
    if wanted is None:
        raise RefusedError("On or off? Type !ir private on or !ir private off.")
    if not wanted and is_private_channel(case.turn.house.config, case.incident.channel):
        raise RefusedError(f"This channel opens only private incidents, and {case.number} is one of them.")
    if not wanted:
        permitting.require_trust(case, spoken="!ir private off")
    parts.set_head(case.session, case.trail, private=wanted)
    outbox.add(case.session, number=case.number, kind=IntentKind.REWRITE, at=case.turn.now)
    return case.say(f"Incident {case.number} is {'private' if wanted else 'public'} now.")


def is_private_channel(config: Config, channel: str) -> bool:
    """Whether every incident of a channel is private."""
    return fold(channel) in map(fold, config.private_channels)


def say_none(case: Case, part: str) -> Outcome:
    """Say that there is none of a part, so that it is missing no longer."""
    before = parts.fields(case.session, case.number).get(part)
    if part == "task" and before:
        before = task_url(case, before)
    _forget(case, part)
    parts.set_field(case.session, case.trail, f"none:{part}", "none")
    return case.say(f"Noted: {part} none{_was(before)}.")


def not_none(case: Case, part: str) -> None:
    """Forget that there was said to be none of a part."""
    parts.set_field(case.session, case.trail, f"none:{part}", None)


def task_url(case: Case, task: str) -> str:
    """Where a task is to be read: replies never hold a bare number, which other bots answer."""
    return f"{case.turn.house.config.phabricator.url}/{task}"


def _empty(case: Case, name: str, before: str | None) -> Outcome:
    _forget(case, name)
    not_none(case, name)
    return case.say(f"{name.capitalize()} emptied{_was(before)}.")


def _forget(case: Case, name: str) -> None:
    for each in (name, *(("task_title", "task_status") if name == "task" else ())):
        parts.set_field(case.session, case.trail, each, None)


def _set(case: Case, name: str, text: str, before: str | None) -> Outcome:
    _store(case, name, text)
    return case.say(f"{name.capitalize()} set{_was(before if before != text else None)}.")


def _store(case: Case, name: str, text: str) -> None:
    parts.set_field(case.session, case.trail, name, text)
    if name in CAN_BE_NONE:
        not_none(case, name)


def _show(case: Case, name: str, value: str | None) -> Outcome:
    if not value:
        return case.say(_nothing_yet(case, name))
    about = f"{name.capitalize()} of {case.number}"
    return case.turn.answer_flowing(f"{about}: ", value.replace("\n", " / "), about=about)


def _nothing_yet(case: Case, name: str) -> str:
    if f"none:{name}" in parts.fields(case.session, case.number):
        return f"{name.capitalize()} of {case.number}: none."
    verb, value = USAGE.get(name, (name, "TEXT"))
    return f"{name.capitalize()} of {case.number}: nothing yet. !ir {verb} {value} sets it."


def _set_time(case: Case, command: Command, *, column: str, spoken: str) -> Outcome:
    verb = f"!ir {command.verb.name}"
    before: datetime | None = getattr(case.incident, column)
    if not command.text.strip():
        set_to = f"{_utc(before)}" if before else f"taken from the timeline ({verb} WHEN sets it)"
        return case.say(f"{spoken} of {case.number} is {set_to}.")
    if command.text.strip() == Manner.EMPTY:
        parts.set_head(case.session, case.trail, **{column: None})
        return case.say(f"{spoken} is taken from the timeline again.")
    at = moment(case, command.text, usage=f"{verb} WHEN").at
    if at is None:
        raise RefusedError(f"{spoken} needs a time that is known: {verb} - takes it from the timeline again.")
    parts.set_head(case.session, case.trail, **{column: at})
    was = f" (was {_utc(before)})" if before and before != at else ""
    return case.say(f"{spoken} is {_utc(at)} now{was}.{hint_of_span(case)}")


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _was(before: str | None) -> str:
    return f" (was: “{cut(before.replace(chr(10), ' / '), QUOTED)}”)" if before else ""
