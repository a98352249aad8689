"""Which use-case serves which command."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from irscribe.commands import Command
from irscribe.domain.events import Outcome
from irscribe.services.context.contexts import CommandContext, IncidentContext
from irscribe.services.document import fields, items
from irscribe.services.filing import outbox_commands, requests
from irscribe.services.incident import close, lookup, manual, start, status
from irscribe.services.people import coordinator, questions, responders
from irscribe.services.report import exports
from irscribe.services.revision import adoption, redaction, undo
from irscribe.services.scorecard import score
from irscribe.services.timeline import corrections

ALONE: Mapping[str, Callable[[CommandContext, Command], Outcome]] = {
    "start": start.start,
    "switch": start.switch,
    "list": lookup.list_incidents,
    "show": lookup.show,
    "find": lookup.find,
    "help": manual.help_with,
}
"""Commands that need no incident."""

ABOUT_AN_INCIDENT: Mapping[str, Callable[[IncidentContext, Command], Outcome]] = {
    "status": status.status,
    "update": status.update,
    "public": status.public,
    "decided": status.decided,
    "title": start.retitle,
    "sev": fields.sev,
    "task": requests.task,
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
    "action": requests.action,
    "actions": requests.actions,
    "close": close.close,
    "reopen": close.reopen,
    "cancel": close.cancel,
    "draft": close.document,
    "review": close.document,
    "final": close.final,
    "missing": lookup.missing,
    "recap": lookup.recap,
    "export": exports.export,
    "outage": corrections.outage,
    "fix": corrections.fix,
    "move": corrections.move,
    "strike": corrections.strike,
    "unstrike": corrections.unstrike,
    "redact": redaction.redact,
    "history": corrections.history,
    "timeline": corrections.timeline,
    "undo": undo.undo,
    "adopt": adoption.adopt,
    "join": responders.join,
    "leave": responders.leave,
    "focus": responders.focus,
    "who": responders.who,
    "add": responders.add,
    "remove": responders.remove,
    "others": responders.others,
    "ic": coordinator.coordinator,
    "handoff": coordinator.hand_off,
    "accept": coordinator.accept,
    "ask": questions.ask,
    "publish": requests.publish,
    "outbox": outbox_commands.show_outbox,
    "score": score.score,
    "scorecard": score.scorecard,
}
