"""The table of all commands, which help, the manual, the permissions and the parser read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

from irscribe.domain.permission import Standing
from irscribe.domain.sentence import Sentence, Speech, TaskName, sentence

ANYONE, JOINED, RESPONDER, TRUSTED = Standing


class BareNumber(Enum):
    """How a number is read that is the first word behind a verb."""

    OWN = auto()
    """As an argument of the verb."""
    INCIDENT = auto()
    """As the incident; the verb takes no text, and any other is refused."""
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
    """One command: its usage, what it does, the standing it needs, and an example to copy."""

    name: str
    usage: Sentence
    does: Speech
    example: Sentence
    standing: Standing = ANYONE
    group: str = "The incident"
    aliases: tuple[str, ...] = ()
    forced: bool = False
    """True if ``name!`` exists, which insists."""
    bare_number: BareNumber = BareNumber.OWN

    @property
    def arguments(self) -> str:
        """Give the arguments of the first way to type it; empty where a bracket would be cut."""
        first = str(self.usage).removeprefix(f"!ir {self.name}").split(" | ")[0].strip()
        return first if first.count("[") == first.count("]") else ""

    @property
    def words(self) -> tuple[str, ...]:
        """What may be typed behind a verb that takes no text: ``file`` and ``sync`` of ``[file|sync]``."""
        return tuple(self.arguments.strip("[]").split("|"))


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

WITHOUT_FREE_TEXT = frozenset(
    {
        *(
            "sev",
            "task",
            "start-time",
            "end-time",
            "private",
            "close",
            "ic",
            "handoff",
            "export",
            "scorecard",
            "actions",
        ),
        *("move", "unstrike", "history", "timeline", "outbox"),
    }
)
"""Verbs behind whose argument an ``@N`` can be nothing but the incident."""


STRICTER: Mapping[str, tuple[tuple[str, Standing], ...]] = MappingProxyType(
    {
        "task": (("file", TRUSTED),),
        "action": (("N file", TRUSTED),),
        "actions": (("sync", JOINED), ("file", TRUSTED)),
        "outbox": (("retry", TRUSTED), ("drop", TRUSTED)),
        "private": (("off", TRUSTED),),
    }
)
"""Parts of commands that need a higher standing than the rest of the command."""
LENIENT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"cancel": ("the opener, while nobody else has written in it",)}
)
"""People who may use the command as well, unless a rule of the settings names it."""


def _verbs(group: str, *rows: tuple[str, str, str, Speech, Standing]) -> tuple[Verb, ...]:
    return tuple(
        Verb(
            name=name,
            usage=sentence("{ir} {}", f"{name} {arguments}".strip()),
            does=does,
            example=sentence("{ir} {}", example),
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
        usage=sentence("{log} [WHEN] TEXT"),
        does=sentence("adds a timeline entry; {note} does the same"),
        example=sentence("{log} 15:45 OUTAGE BEGINS"),
        group="Timeline",
        aliases=("note",),
    ),
    Verb(
        name="log +",
        usage=sentence("{log} + TEXT"),
        does="continues your last note; +| starts a new line",
        example=sentence("{log} + and the replicas lag"),
        group="Timeline",
    ),
)

TIMELINE = _verbs(
    "Timeline",
    (
        "outage",
        "begins|ends [WHEN] [SCOPE]",
        "marks where an outage begins or ends",
        "outage begins 15:45 NFS",
        ANYONE,
    ),
    ("fix", "N s/old/new/ | N [WHEN] TEXT", "corrects entry N", "fix 7 s/1003/1004/", ANYONE),
    ("move", "N WHEN", "gives entry N another time", "move 7 ~15:40", ANYONE),
    ("strike", "N[-M] [REASON]", "takes entries out of the report", "strike 7 logged twice", ANYONE),
    ("unstrike", "N", "puts entry N back", "unstrike 7", ANYONE),
    ("redact", "N|FIELD [N] REASON", "removes a text for good, everywhere", "redact 7 held a password", ANYONE),
    ("history", "N", "shows every version of entry N", "history 7", ANYONE),
    ("timeline", "[N]", "sends you the last N entries", "timeline 10", ANYONE),
    ("undo", "", "takes back your last change and says what it was", "undo", ANYONE),
    ("adopt", "[-20m|N|none]", "takes in the notes typed while nothing was open", "adopt -20m", JOINED),
)

INCIDENT = _verbs(
    "The incident",
    (
        "start",
        "[WHEN] [--private] [--drill] [--sev N] [--task TASK] [TITLE]",
        "opens an incident; start! opens a second one",
        "start API returns 500",
        ANYONE,
    ),
    (
        "status",
        "[STATE [TEXT]]",
        "shows the state in one line, or sets it: investigating, identified, monitoring, resolved",
        "status monitoring fix is out",
        ANYONE,
    ),
    ("update", "TEXT", "adds a status update", "update half the cells are back", ANYONE),
    (
        "public",
        "[WHEN] TEXT",
        "notes that the public status page was updated",
        "public posted “investigating”",
        ANYONE,
    ),
    ("title", "TEXT", "names the incident", "title API returns 500", JOINED),
    ("sev", "N", "sets the severity", "sev 2", JOINED),
    ("task", "TASK | draft | file | none", "names the task, drafts it or files it", "task file", JOINED),
    ("paged", "TEXT", "says who was paged, the number first", "paged 35 (batphone)", JOINED),
    ("metrics", "TEXT|none", "names the metrics or SLOs affected", "metrics No SLO defined", JOINED),
    ("start-time", "WHEN", "sets when users began to notice", "start-time 11:35", JOINED),
    ("end-time", "WHEN", "sets when users stopped noticing", "end-time 13:20", JOINED),
    ("private", "on|off", "keeps the incident to its channel and responders", "private on", JOINED),
    ("close", "[WHEN]", "ends the incident and starts the scorecard", "close", RESPONDER),
    ("reopen", "", "opens it again", "reopen", RESPONDER),
    ("cancel", "REASON", "ends what was no incident, and says why", "cancel a test gone astray", TRUSTED),
    ("switch", "N", "makes incident N the current one here", "switch 12", ANYONE),
    ("list", "[open|N]", "lists the latest incidents", "list open", ANYONE),
    ("show", "N", "shows one incident in a line", "show 12", ANYONE),
    ("find", "WORDS", "finds incidents and entries that hold all the words", "find nfs timeout", ANYONE),
)

REPORT = _verbs(
    "The report",
    (
        "summary",
        "TEXT | + TEXT | +| TEXT | -",
        "says what happened; + goes on, +| starts a paragraph, - empties it",
        "summary + and NFS",
        JOINED,
    ),
    (
        "impact",
        "TEXT | + TEXT | +| TEXT | -",
        "says who noticed what, for how long",
        "impact For 38 minutes …",
        JOINED,
    ),
    ("detection", "TEXT | + TEXT | - | none", "says how it was noticed", "detection icinga paged us", JOINED),
    (
        "well",
        "TEXT | + TEXT | > TEXT | drop N | fix N TEXT | none",
        "adds what went well; > adds a point under it",
        "well rollback took a minute",
        JOINED,
    ),
    (
        "poorly",
        "TEXT | + TEXT | > TEXT | drop N | fix N TEXT | none",
        "adds what went poorly; > adds a point under it",
        "poorly > no runbook",
        JOINED,
    ),
    (
        "lucky",
        "TEXT | + TEXT | > TEXT | drop N | fix N TEXT | none",
        "adds where we got lucky; > adds a point under it",
        "lucky a DBA was around",
        JOINED,
    ),
    (
        "link",
        "URL [TITLE] | drop N | fix N URL [TITLE] | none",
        "adds a page to read",
        "link https://example.org SAL",
        JOINED,
    ),
    (
        "action",
        "TEXT [@OWNER] [TASK] | + TEXT | done N | N @OWNER | N TASK | N file | drop N | fix N TEXT | none",
        "adds a follow-up, or changes one",
        sentence("action add a runbook @andrew {}", TaskName(234)),
        JOINED,
    ),
    ("actions", "[file|sync]", "lists the follow-ups, files them, reads their tasks", "actions file", ANYONE),
    ("missing", "", "says what the report still lacks, and what contradicts itself", "missing", ANYONE),
    ("draft", "", "makes the report a draft again", "draft", RESPONDER),
    ("review", "", "says the report is ready to be reviewed", "review", RESPONDER),
    (
        "final",
        "[REASON]",
        "says the report is done; final! REASON insists while parts are missing",
        "final",
        TRUSTED,
    ),
    ("export", "[FORMAT]", "writes the report and says where it lies", "export html", ANYONE),
    ("publish", "", "puts the report on the wiki, once", "publish", TRUSTED),
    ("outbox", "[retry N | drop N]", "what waits to be filed or published, and why", "outbox", ANYONE),
)

PEOPLE = _verbs(
    "People",
    ("join", "[FOCUS]", "puts you on the incident, with what you are on", "join looking at the database", ANYONE),
    ("leave", "", "takes you off it again", "leave", ANYONE),
    ("focus", "TEXT", "says what you are on", "focus restarting neutron", ANYONE),
    ("who", "", "says who is on what", "who", ANYONE),
    ("add", "NAME[, NAME…]", "puts people on the list", "add Andrew, Jason", JOINED),
    ("remove", "NAME", "takes somebody off the list", "remove Jason", RESPONDER),
    (
        "others",
        "TEXT",
        "sets a remark behind the list of responders",
        "others + volunteers reporting on IRC",
        JOINED,
    ),
    (
        "ic",
        "[me|NICK|none]",
        "says who coordinates, takes the role or gives it; ic! NICK gives it to somebody who is not here",
        "ic me",
        ANYONE,
    ),
    ("handoff", "NICK", "offers the coordinator's role to NICK, with the recap", "handoff andrew", RESPONDER),
    ("accept", "", "takes the role that was offered to you", "accept", ANYONE),
    ("decided", "TEXT", "records a decision", "decided we roll back", ANYONE),
    ("ask", "TEXT | done N", "notes an open question for the recap", "ask who owns the mail server?", ANYONE),
    ("recap", "", "sends you five lines: where it stands, for who comes late", "recap", ANYONE),
)

SCORECARD = _verbs(
    "Scorecard",
    (
        "score",
        "[N ANSWER [NOTE] | yyn-…]",
        "asks the scorecard in private, or takes answers; score! overwrites",
        "score 3 no, nobody was paged",
        JOINED,
    ),
    (
        "scorecard",
        "[VERSION]",
        "shows the total and what is open, or chooses the questionnaire",
        "scorecard wikimedia-2021",
        ANYONE,
    ),
)

HELP = _verbs(
    "Help",
    ("help", "[VERB]", "sends you these lines, or shows one verb's usage", "help strike", ANYONE),
)

VERBS = INCIDENT + TIMELINE + PEOPLE + REPORT + SCORECARD + HELP
BY_NAME = {name: verb for verb in VERBS for name in (verb.name, *verb.aliases)}
COMMANDS = NOTES + VERBS


def manual() -> str:
    """Give the table as it stands in docs/commands.md."""
    groups = dict.fromkeys(command.group for command in COMMANDS)
    return "\n".join(_section(group) for group in groups)


def _section(group: str) -> str:
    rows = [
        f"| `{_cell(each.usage)}` | {_cell(each.does)} | `{_cell(each.example)}` | {who_may(each, quote='`')} |"
        for each in COMMANDS
        if each.group == group
    ]
    head = ["| type | it does | for example | who may |", "| --- | --- | --- | --- |"]
    return "\n".join([f"## {group}", "", *head, *rows, ""])


def who_may(verb: Verb, *, rule: str | None = None, quote: str = "") -> str:
    """Say what a command needs; ``rule`` is that of the settings, ``quote`` stands around a part of the command."""
    stricter = (f"{quote}{part}{quote}: {standing.name.lower()}" for part, standing in STRICTER.get(verb.name, ()))
    lenient = LENIENT.get(verb.name, ()) if rule is None else ()
    return "; ".join((rule or verb.standing.name.lower(), *stricter, *lenient))


def _cell(text: Speech) -> str:
    return str(text).replace("|", "\\|")
