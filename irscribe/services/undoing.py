"""Taking back the last thing somebody did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from irscribe.commands import Command
from irscribe.domain.errors import RefusedError
from irscribe.domain.prose import listing
from irscribe.domain.record import Version
from irscribe.domain.text import cut
from irscribe.services.turn import Case, Outcome
from models import changes, entries
from models.changes import Change
from models.entries import Writing

SPOKEN = {"responder": "the list of responders", "coordinator": "the coordinator", "answer": "scorecard answer"}
TAKEN_BACK = "taken back"


def undo(case: Case, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """Take back this person's last change of any kind, and say what it was.

    Raises RefusedError when there is none, or others have changed the same thing since.
    """
    line = changes.last_line(case.session, case.number, case.turn.person)
    if line is None:
        raise RefusedError(f"There is nothing of yours to take back in {case.number}.")
    rows = changes.of_line(case.session, case.number, line)
    lines = [line, *(int(each.key["id"]) for each in rows if each.table.name == "line")]
    made = [version for each in lines for version in _versions(case, each)]
    _refuse_if_moved_on(case, rows, made)
    said = [*(_take_back(case, version) for version in made), *(_spelled(each) for each in rows)]
    for each in rows:
        changes.revert(case.session, case.trail, each)
    changes.mark_undone(case.session, case.number, [*lines, case.turn.line])
    return case.say(f"Taken back: {listing(list(dict.fromkeys(said)))}.")


def _versions(case: Case, line: int) -> list[Version]:
    made = [each for each in entries.made_by(case.session, line) if each[0] == case.number]
    return [
        version
        for _, number, wanted in made
        for version in entries.versions(case.session, case.number, number)
        if version.version == wanted
    ]


def _refuse_if_moved_on(case: Case, rows: Sequence[Change], made: Sequence[Version]) -> None:
    moved = [_spelled(each) for each in rows if not changes.still_stands(case.session, each)]
    for version in made:
        now = entries.get(case.session, case.number, version.number)
        if now is None or now.current.version != version.version or now.current.redacted is not None:
            moved.append(f"#{version.number}")
    if moved:
        raise RefusedError(f"Your last change was {moved[0]}, and it was changed again since: put it right by hand.")


def _take_back(case: Case, version: Version) -> str:
    """Append the version before this one once more, or strike an entry that had none."""
    earlier = [
        each for each in entries.versions(case.session, case.number, version.number) if each.version < version.version
    ]
    restored = earlier[-1] if earlier else replace(version, struck=TAKEN_BACK)
    entries.revise(
        case.session,
        case.trail,
        version.number,
        Writing(
            moment=restored.moment,
            text=restored.text,
            kind=restored.kind,
            marker=restored.marker,
            speaker=restored.speaker,
            struck=restored.struck,
        ),
    )
    words = f"“{cut(version.text, 60)}”"
    return f"the last change of #{version.number} ({words})" if earlier else f"#{version.number} {words}"


def _spelled(each: Change) -> str:
    match each.table.name:
        case "field":
            return str(each.key["name"]).replace("none:", "none of ")
        case "item":
            return f"{each.key['section']} {each.key['number']}"
        case "answer":
            return f"scorecard answer {each.key['number']}"
        case "incident":
            return listing([name.replace("_", " ") for name in (each.new or {})])
        case name:
            return SPOKEN.get(name, "the waiting notes")
