"""Lines that people who come from other tools type, by the documentation of those tools, each with its outcome here.

The prefix of the tool is ours; everything behind it is as documented there. ``python -m tests.othertools`` types each
line at the bot, and prints what it answers and what share it understands.
"""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from irscribe.domain.mark import as_typed
from irscribe.domain.request import Reply
from tests.talk import CHANNEL, Talk

BEFORE = ("!ir start", "!log db1003 is down", "!log failing over", "!ir action add a runbook")
"""The lines typed before one that is about an open incident: the notes are 2 and 3, the action is 1."""


class Outcome(StrEnum):
    """The outcomes of a line."""

    UNDERSTOOD = "understood"
    HINTED = "refused, with what to type"
    UNKNOWN = "refused, with help"
    OTHERWISE = "taken for something else"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a tool's documentation; ``says`` is a part of the answer, ``fresh`` if no incident is open before."""

    tool: str
    typed: str
    outcome: Outcome
    says: str
    fresh: bool = False

    def answer(self, folder: Path) -> Reply:
        """Type the line in a channel of its own; give what the bot says there."""
        with closing((talk := Talk(folder)).database):
            for line in () if self.fresh else BEFORE:
                talk.say("alice", line)
            talk.later(minutes=5)
            heard = [each for each in talk.hear("alice", f"!ir {self.typed}") if each.to == CHANNEL]
        return heard[0]

    def is_met_by(self, answer: Reply) -> bool:
        """True if that is what must become of the line."""
        refused = self.outcome in (Outcome.HINTED, Outcome.UNKNOWN)
        return answer.refusal is refused and self.says in as_typed(str(answer.text))


def _lines(tool: str, outcome: Outcome, *rows: tuple[str, str], fresh: bool = False) -> list[Line]:
    return [Line(tool=tool, typed=typed, outcome=outcome, says=says, fresh=fresh) for typed, says in rows]


def _understood(tool: str, *rows: tuple[str, str], fresh: bool = False) -> list[Line]:
    return _lines(tool, Outcome.UNDERSTOOD, *rows, fresh=fresh)


def _hinted(tool: str, *rows: tuple[str, str]) -> list[Line]:
    return _lines(tool, Outcome.HINTED, *rows)


def _otherwise(tool: str, *rows: tuple[str, str]) -> list[Line]:
    return _lines(tool, Outcome.OTHERWISE, *rows)


def _unknown(tool: str, *typed: str) -> list[Line]:
    return _lines(tool, Outcome.UNKNOWN, *((each, "!ir help lists what there is.") for each in typed))


LINES = [
    *_understood("incident.io", ("declare API is down", "Incident 1 “API is down”"), fresh=True),
    *_understood(
        "incident.io",
        ("severity 2", "Severity is 2 now"),
        ("update we are rolling back", "update logged"),
        ("summary payments fail since the deploy", "Summary set"),
        ("action restart the workers", "Actionable 2 added"),
        ("follow-up alert on queue length", "Actionable 2 added"),
        ("resolve", "status is resolved"),
        ("close", "is closed"),
        ("cancel false alarm", "is cancelled"),
    ),
    *_hinted(
        "incident.io",
        ("severity major", "like !ir sev 2"),
        ("lead @bea", "!ir ic?"),
        ("role lead @bea", "!ir ic NICK"),
        ("rename Payments are failing", "!ir title?"),
        ("escalate to the DBAs", "!ir paged TEXT"),
        ("handover @bea", "!ir handoff?"),
        ("merge 12", "!ir same?"),
    ),
    *_unknown("incident.io", "nudge"),
    *_hinted("Rootly", ("new API is down", "!ir title API is down names it")),
    *_understood("Rootly", ("create API is down", "Incident 1 “API is down”"), fresh=True),
    *_understood("Rootly", ("status", "1 (untitled): investigating"), ("resolved", "status is resolved")),
    *_hinted(
        "Rootly",
        ("mitigate", "!ir status mitigated?"),
        ("assign commander @bea", "!ir ic NICK"),
        ("timeline we restarted nginx", "!log TEXT"),
        ("catchup", "!ir recap?"),
    ),
    *_unknown("Rootly", "subscribe"),
    *_understood("FireHydrant", ("update half of it is back", "update logged"), ("remove 2", "#2 12:00 struck")),
    *_hinted(
        "FireHydrant",
        ("add note we restarted nginx", "!log TEXT"),
        ("add task write a runbook", "!ir action TEXT"),
        ("assign role", "!ir ic NICK"),
    ),
    *_understood("PagerDuty", ("resolve fix is out", "status is resolved")),
    *_hinted(
        "PagerDuty",
        ("responders", "!ir who?"),
        ("trigger API is down", "!ir start?"),
        ("ack", "!ack does"),
        ("page bea", "!ir paged TEXT"),
        ("oncall", "!ir paged TEXT"),
    ),
    *_understood("Dispatch", ("summary", "Summary of 1: nothing yet")),
    *_hinted(
        "Dispatch",
        ("report-incident", "!ir start?"),
        ("add-timeline-event", "!log TEXT"),
        ("assign-role", "!ir role?"),
        ("list-participants", "!ir who?"),
        ("engage-oncall", "!ir paged TEXT"),
        ("list-incidents", "!ir list?"),
        ("list-tasks", "!ir actions?"),
        ("create-task", "!ir action?"),
        ("report-tactical", "!ir update?"),
    ),
    *_unknown("Dispatch", "create-case"),
    *_understood("Corto", ("list", "1 (untitled)"), ("help", "Ten lines"), ("notes", "The last 3 entries of 1")),
    *_understood("Corto", ("create API is down", "Incident 1 “API is down”"), fresh=True),
    *_hinted("Corto", ("set-coordinator T5 bea", "!ir ic?"), ("notes -p", "!log TEXT")),
    *_understood("Firetower", ("severity SEV1", "Severity is 1 now")),
    *_hinted(
        "Firetower",
        ("reopen", "Incident 1 (untitled) is open."),
        ("captain bea", "!ir ic?"),
        ("mitigated", "!ir status mitigated?"),
        ("subject API is down", "!ir title?"),
        ("backfill", "!ir start?"),
        ("statuspage", "!ir public?"),
    ),
    *_understood("Playbooks", ("todo write a runbook", "Actionable 2 added"), ("timeline", "The last 3 entries of 1")),
    *_hinted("Playbooks", ("finish", "!ir close?"), ("owner @bea", "!ir ic?"), ("info", "!ir status?")),
    *_otherwise("PagerDuty", ("status stalk", "update logged")),
    *_otherwise("Corto", ("resolve T5", "status is resolved")),
    *_otherwise("incidentbot", ("join 1 commander", "1 commander")),
    *_understood("GitLab", ("edit 2 db1004 is down", "#2 12:00 fixed"), ("delete 2", "!ir redact 2 REASON")),
    *_understood(
        "at 03:00",
        ("start sev1 API is down", "(severity 1)"),
        ("open --severity 1 API is down", "(severity 1)"),
        ("new sev 1: API is down", "(severity 1)"),
        fresh=True,
    ),
    *_understood(
        "at 03:00",
        ("correct 2 s/1003/1004/", "#2 12:00 fixed"),
        ("assign 1 bea", "Actionable 1 is bea's now"),
        ("action 1 due friday", "Actionable 1 is due Fri 2026-11-27 now"),
        ("followup page the DBAs sooner", "Actionable 2 added"),
        ("luck a DBA was awake", "Got lucky 1 added"),
        ("tl 2", "The last 2 entries of 1"),
        ("?", "Ten lines"),
        ("-h", "Ten lines"),
        ("commands", "Ten lines"),
        ("strike --help", "takes entries out of the report"),
    ),
    *_hinted("at 03:00", ("done", "!ir close?"), ("severty 1", "!ir severity?"), ("export pdf", "there are json")),
]


def main() -> int:
    """Type each line and print its answer; 1 if something else becomes of one than the table says."""
    wrong = 0
    for line in LINES:
        with TemporaryDirectory() as folder:
            answer = line.answer(Path(folder))
        wrong += not line.is_met_by(answer)
        sign = "  " if line.is_met_by(answer) else "! "
        sys.stdout.write(f"{sign}{line.tool:12} !ir {line.typed:40} {answer.text!s}\n")
    sys.stdout.write(f"{share()}\n")
    return min(wrong, 1)


def share() -> str:
    """Say how many of the lines have each outcome."""
    counts = {each: sum(line.outcome is each for line in LINES) for each in Outcome}
    parts = (f"{count} {each} ({count / len(LINES):.0%})" for each, count in counts.items())
    return f"{len(LINES)} lines: {', '.join(parts)}"


if __name__ == "__main__":
    sys.exit(main())
