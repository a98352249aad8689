"""Every command there is, once: help, the manual, the permissions and the parser read this table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

from irscribe.domain.permission import Standing

ANYONE, JOINED, RESPONDER, TRUSTED = Standing


class BareNumber(Enum):
    """How a number is read that is the first word behind a verb."""

    OWN = auto()
    """As an argument of the verb."""
    INCIDENT = auto()
    """As the incident; more behind it is refused."""
    BEFORE_ARGUMENT = auto()
    """As the incident, with what stands behind it as the argument."""
    INCIDENT_ALONE = auto()
    """As the incident where nothing stands behind it."""
    UNCLEAR_ALONE = auto()
    """Alone it is refused: it may be the incident or a text."""
    UNCLEAR = auto()
    """It is refused, whatever stands behind it."""


@dataclass(frozen=True, kw_only=True)
class Verb:
    """One command: how it is typed, what it does, who may, and one line to copy."""

    name: str
    usage: str
    does: str
    example: str
    standing: Standing = ANYONE
    group: str = "The incident"
    aliases: tuple[str, ...] = ()
    forced: bool = False
    """Whether ``name!`` exists and insists."""
    bare_number: BareNumber = BareNumber.OWN

    @property
    def arguments(self) -> str:
        """What is typed behind it, in the first of the ways there are."""
        first = self.usage.removeprefix(f"!ir {self.name}").split(" | ")[0].strip()
        return first if first.count("[") == first.count("]") else ""


INSISTING = frozenset({"start", "final", "score", "ic"})


BARE_NUMBERS: Mapping[str, BareNumber] = MappingProxyType(
    {
        **dict.fromkeys(("leave", "who", "accept", "recap", "reopen", "missing"), BareNumber.INCIDENT),
        **dict.fromkeys(("draft", "review", "publish", "actions"), BareNumber.INCIDENT),
        **dict.fromkeys(("export", "scorecard"), BareNumber.BEFORE_ARGUMENT),
        **dict.fromkeys(("status", "close"), BareNumber.INCIDENT_ALONE),
        **dict.fromkeys(("cancel", "final"), BareNumber.UNCLEAR),
        **dict.fromkeys(("update", "public", "decided", "ask", "title", "metrics"), BareNumber.UNCLEAR_ALONE),
        **dict.fromkeys(("summary", "impact", "detection"), BareNumber.UNCLEAR_ALONE),
        **dict.fromkeys(("well", "poorly", "lucky", "link", "action"), BareNumber.UNCLEAR_ALONE),
        **dict.fromkeys(("join", "focus", "add", "others", "ic", "handoff"), BareNumber.UNCLEAR_ALONE),
        **dict.fromkeys(("outbox", "undo"), BareNumber.UNCLEAR_ALONE),
    }
)
ABOUT_NO_INCIDENT = frozenset({"start", "list", "find"})


STRICTER: Mapping[str, tuple[tuple[str, Standing], ...]] = MappingProxyType(
    {
        "task": (("file", TRUSTED),),
        "action": (("N file", TRUSTED),),
        "actions": (("sync", JOINED), ("file", TRUSTED)),
        "outbox": (("retry", TRUSTED), ("drop", TRUSTED)),
        "private": (("off", TRUSTED),),
    }
)
"""What needs more than the rest of its command."""
LENIENT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"cancel": ("the opener, while nobody else has written in it",)}
)
"""Who else may, where no rule of the settings speaks of the command."""


def _verbs(group: str, *rows: tuple[str, str, str, str, Standing]) -> tuple[Verb, ...]:
    return tuple(
        Verb(
            name=name,
            usage=f"!ir {name} {arguments}".strip(),
            does=does,
            example=example,
            standing=standing,
            group=group,
            forced=name in INSISTING,
            bare_number=BARE_NUMBERS.get(name, BareNumber.OWN),
        )
        for name, arguments, does, example, standing in rows
    )


NOTES = (
    Verb(
        name="log",
        usage="!log [WHEN] TEXT",
        does="adds a timeline entry; !note does the same",
        example="!log 15:45 OUTAGE BEGINS",
        group="Timeline",
        aliases=("note",),
    ),
    Verb(
        name="log +",
        usage="!log + TEXT",
        does="continues your last note; +| starts a new line",
        example="!log + and the replicas lag",
        group="Timeline",
    ),
)

TIMELINE = _verbs(
    "Timeline",
    (
        "outage",
        "begins|ends [WHEN] [SCOPE]",
        "marks where an outage begins or ends",
        "!ir outage begins 15:45 NFS",
        ANYONE,
    ),
    ("fix", "N s/old/new/ | N [WHEN] TEXT", "corrects entry N", "!ir fix 7 s/1003/1004/", ANYONE),
    ("move", "N WHEN", "gives entry N another time", "!ir move 7 ~15:40", ANYONE),
    ("strike", "N[-M] [REASON]", "takes entries out of the report", "!ir strike 7 logged twice", ANYONE),
    ("unstrike", "N", "puts entry N back", "!ir unstrike 7", ANYONE),
    ("redact", "N|FIELD [N] REASON", "removes a text for good, everywhere", "!ir redact 7 held a password", ANYONE),
    ("history", "N", "shows every version of entry N", "!ir history 7", ANYONE),
    ("timeline", "[N]", "sends you the last N entries", "!ir timeline 10", ANYONE),
    ("undo", "", "takes back your last change and says what it was", "!ir undo", ANYONE),
    ("adopt", "[-20m|N|none]", "takes in the notes typed while nothing was open", "!ir adopt -20m", JOINED),
)

INCIDENT = _verbs(
    "The incident",
    (
        "start",
        "[WHEN] [--private] [--drill] [--sev N] [--task TASK] [TITLE]",
        "opens an incident; start! opens a second one",
        "!ir start API returns 500",
        ANYONE,
    ),
    (
        "status",
        "[STATE [TEXT]]",
        "shows the state in one line, or sets it: investigating, identified, monitoring, resolved",
        "!ir status monitoring fix is out",
        ANYONE,
    ),
    ("update", "TEXT", "adds a status update", "!ir update half the cells are back", ANYONE),
    (
        "public",
        "[WHEN] TEXT",
        "notes that the public status page was updated",
        "!ir public posted “investigating”",
        ANYONE,
    ),
    ("title", "TEXT", "names the incident", "!ir title API returns 500", JOINED),
    ("sev", "N", "sets the severity", "!ir sev 2", JOINED),
    ("task", "TASK | draft | file | none", "names the task, drafts it or files it", "!ir task file", JOINED),
    ("paged", "TEXT", "says who was paged, the number first", "!ir paged 35 (batphone)", JOINED),
    ("metrics", "TEXT|none", "names the metrics or SLOs affected", "!ir metrics No SLO defined", JOINED),
    ("start-time", "WHEN", "sets when users began to notice", "!ir start-time 11:35", JOINED),
    ("end-time", "WHEN", "sets when users stopped noticing", "!ir end-time 13:20", JOINED),
    ("private", "on|off", "keeps the incident to its channel and responders", "!ir private on", JOINED),
    ("close", "[WHEN]", "ends the incident and starts the scorecard", "!ir close", RESPONDER),
    ("reopen", "", "opens it again", "!ir reopen", RESPONDER),
    ("cancel", "REASON", "ends what was no incident, and says why", "!ir cancel a test gone astray", TRUSTED),
    ("switch", "N", "makes incident N the current one here", "!ir switch 12", ANYONE),
    ("list", "[open|N]", "lists the latest incidents", "!ir list open", ANYONE),
    ("show", "N", "shows one incident in a line", "!ir show 12", ANYONE),
    ("find", "WORDS", "finds incidents and entries that hold all the words", "!ir find nfs timeout", ANYONE),
)

REPORT = _verbs(
    "The report",
    (
        "summary",
        "TEXT | + TEXT | +| TEXT | -",
        "says what happened; + goes on, +| starts a paragraph, - empties it",
        "!ir summary + and NFS",
        JOINED,
    ),
    (
        "impact",
        "TEXT | + TEXT | +| TEXT | -",
        "says who noticed what, for how long",
        "!ir impact For 38 minutes …",
        JOINED,
    ),
    ("detection", "TEXT | + TEXT | - | none", "says how it was noticed", "!ir detection icinga paged us", JOINED),
    (
        "well",
        "TEXT | + TEXT | > TEXT | drop N | fix N TEXT | none",
        "adds what went well; > adds a point under it",
        "!ir well rollback took a minute",
        JOINED,
    ),
    (
        "poorly",
        "TEXT | + TEXT | > TEXT | drop N | fix N TEXT | none",
        "adds what went poorly; > adds a point under it",
        "!ir poorly > no runbook",
        JOINED,
    ),
    (
        "lucky",
        "TEXT | + TEXT | > TEXT | drop N | fix N TEXT | none",
        "adds where we got lucky; > adds a point under it",
        "!ir lucky a DBA was around",
        JOINED,
    ),
    (
        "link",
        "URL [TITLE] | drop N | fix N URL [TITLE] | none",
        "adds a page to read",
        "!ir link https://example.org SAL",
        JOINED,
    ),
    (
        "action",
        "TEXT [@OWNER] [TASK] | + TEXT | done N | N @OWNER | N TASK | N file | drop N | fix N TEXT | none",
        "adds a follow-up, or changes one",
        "!ir action add a runbook @andrew T234",
        JOINED,
    ),
    ("actions", "[file|sync]", "lists the follow-ups, files them, reads their tasks", "!ir actions file", ANYONE),
    ("missing", "", "says what the report still lacks", "!ir missing", ANYONE),
    ("draft", "", "makes the report a draft again", "!ir draft", RESPONDER),
    ("review", "", "says the report is ready to be reviewed", "!ir review", RESPONDER),
    (
        "final",
        "[REASON]",
        "says the report is done; final! REASON insists while parts are missing",
        "!ir final",
        TRUSTED,
    ),
    ("export", "[FORMAT]", "writes the report and says where it lies", "!ir export html", ANYONE),
    ("publish", "", "puts the report on the wiki, once", "!ir publish", TRUSTED),
    ("outbox", "[retry N | drop N]", "what waits to be filed or published, and why", "!ir outbox", ANYONE),
)

PEOPLE = _verbs(
    "People",
    ("join", "[FOCUS]", "puts you on the incident, with what you are on", "!ir join looking at the database", ANYONE),
    ("leave", "", "takes you off it again", "!ir leave", ANYONE),
    ("focus", "TEXT", "says what you are on", "!ir focus restarting neutron", ANYONE),
    ("who", "", "says who is on what", "!ir who", ANYONE),
    ("add", "NAME[, NAME…]", "puts people on the list", "!ir add Andrew, Jason", JOINED),
    ("remove", "NAME", "takes somebody off the list", "!ir remove Jason", RESPONDER),
    (
        "others",
        "TEXT",
        "sets a remark behind the list of responders",
        "!ir others + volunteers reporting on IRC",
        JOINED,
    ),
    (
        "ic",
        "[me|NICK|none]",
        "says who coordinates, takes the role or gives it; ic! NICK gives it to somebody who is not here",
        "!ir ic me",
        ANYONE,
    ),
    ("handoff", "NICK", "offers the coordinator's role to NICK, with the recap", "!ir handoff andrew", RESPONDER),
    ("accept", "", "takes the role that was offered to you", "!ir accept", ANYONE),
    ("decided", "TEXT", "records a decision", "!ir decided we roll back", ANYONE),
    ("ask", "TEXT | done N", "notes an open question for the recap", "!ir ask who owns the mail server?", ANYONE),
    ("recap", "", "sends you five lines: where it stands, for who comes late", "!ir recap", ANYONE),
)

SCORECARD = _verbs(
    "Scorecard",
    (
        "score",
        "[N ANSWER [NOTE] | yyn-…]",
        "asks the scorecard in private, or takes answers; score! overwrites",
        "!ir score 3 no, nobody was paged",
        JOINED,
    ),
    (
        "scorecard",
        "[VERSION]",
        "shows the total and what is open, or chooses the questionnaire",
        "!ir scorecard wikimedia-2021",
        ANYONE,
    ),
)

HELP = _verbs(
    "Help",
    ("help", "[VERB]", "sends you these lines, or shows one verb's usage", "!ir help strike", ANYONE),
)

VERBS = INCIDENT + TIMELINE + PEOPLE + REPORT + SCORECARD + HELP
BY_NAME = {name: verb for verb in VERBS for name in (verb.name, *verb.aliases)}
COMMANDS = NOTES + VERBS


def manual() -> str:
    """The table as docs/commands.md holds it."""
    groups = dict.fromkeys(command.group for command in COMMANDS)
    return "\n".join(_section(group) for group in groups)


def _section(group: str) -> str:
    rows = [
        f"| `{_cell(each.usage)}` | {_cell(each.does)} | `{_cell(each.example)}` | {_who_may(each)} |"
        for each in COMMANDS
        if each.group == group
    ]
    head = ["| type | it does | for example | who may |", "| --- | --- | --- | --- |"]
    return "\n".join([f"## {group}", "", *head, *rows, ""])


def _who_may(verb: Verb) -> str:
    stricter = (f"`{part}`: {standing.name.lower()}" for part, standing in STRICTER.get(verb.name, ()))
    return "; ".join((verb.standing.name.lower(), *stricter, *LENIENT.get(verb.name, ())))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
