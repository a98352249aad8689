"""Which use-case serves which command."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from irscribe.commands import Command
from irscribe.services import (
    adopting,
    closing,
    exporting,
    fields,
    helping,
    items,
    looking,
    opening,
    people,
    redacting,
    scoring,
    statuses,
    timeline,
    undoing,
)
from irscribe.services.turn import Case, Outcome, Turn

ALONE: Mapping[str, Callable[[Turn, Command], Outcome]] = {
    "start": opening.start,
    "switch": opening.switch,
    "list": looking.list_incidents,
    "show": looking.show,
    "find": looking.find,
    "help": helping.help_with,
}
"""Commands that need no incident."""

ABOUT_AN_INCIDENT: Mapping[str, Callable[[Case, Command], Outcome]] = {
    "status": statuses.status,
    "update": statuses.update,
    "public": statuses.public,
    "decided": statuses.decided,
    "title": opening.retitle,
    "sev": fields.sev,
    "task": fields.task,
    "paged": fields.text_field,
    "metrics": fields.text_field,
    "start-time": fields.start_time,
    "end-time": fields.end_time,
    "private": fields.private,
    "summary": fields.section,
    "impact": fields.section,
    "detection": fields.section,
    "well": items.bullet,
    "poorly": items.bullet,
    "lucky": items.bullet,
    "link": items.link,
    "action": items.action,
    "actions": items.actions,
    "close": closing.close,
    "reopen": closing.reopen,
    "cancel": closing.cancel,
    "draft": closing.document,
    "review": closing.document,
    "final": closing.final,
    "missing": looking.missing,
    "recap": looking.recap,
    "export": exporting.export,
    "outage": timeline.outage,
    "fix": timeline.fix,
    "move": timeline.move,
    "strike": timeline.strike,
    "unstrike": timeline.unstrike,
    "redact": redacting.redact,
    "history": timeline.history,
    "timeline": timeline.timeline,
    "undo": undoing.undo,
    "adopt": adopting.adopt,
    "join": people.join,
    "leave": people.leave,
    "focus": people.focus,
    "who": people.who,
    "add": people.add,
    "remove": people.remove,
    "others": people.others,
    "ic": people.coordinator,
    "score": scoring.score,
    "scorecard": scoring.scorecard,
}
