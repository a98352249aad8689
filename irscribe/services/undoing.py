"""Taking back the last thing somebody did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from irscribe.commands import Command
from irscribe.domain.errors import RefusedError
from irscribe.domain.prose import listing
from irscribe.services.filing import tell_task
from irscribe.services.recounting import Edit, recount, recount_rows
from irscribe.services.turn import Case, Outcome
from models import changes, entries, incidents, scores
from models.changes import Change
from models.entries import TAKEN_BACK, Writing


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Everything one typed line did to an incident; ``lines`` are it and the waiting ones it took in."""

    lines: Sequence[int]
    rows: Sequence[Change]
    edits: Sequence[Edit]


def undo(case: Case, command: Command) -> Outcome:  # noqa: ARG001 - every command is called alike
    """Take back this person's last change of any kind, and say what it was.

    Raises RefusedError when there is none, or it has been changed again since.
    """
    opening = incidents.opening_line(case.session, case.number)
    line = changes.last_line(case.session, case.number, case.turn.person, besides=opening)
    if line is None:
        opened = case.incident.opener == case.turn.person
        hint = ": !ir cancel REASON ends an incident that is none." if opened else "."
        raise RefusedError(f"There is nothing of yours to take back in {case.number}{hint}")
    deed = _deed(case, line)
    _refuse_if_moved_on(case, deed)
    _revert(case, deed)
    told = tell_task(case) if any("closed_at" in (each.old or {}) for each in deed.rows) else []
    return [case.turn.say(f"Taken back: {listing(recount(deed.edits, deed.rows))}."), *told]


def revert_line(case: Case, line: int) -> None:
    """Put back whatever a line changed in the incident."""
    _revert(case, _deed(case, line))


def _deed(case: Case, line: int) -> Deed:
    rows = changes.of_line(case.session, case.number, line)
    lines = [line, *(int(each.key["id"]) for each in rows if each.table.name == "line")]
    made: dict[int, list[int]] = {}
    for each in lines:
        for incident, number, version in entries.made_by(case.session, each):
            if incident == case.number:
                made.setdefault(number, []).append(version)
    return Deed(lines=lines, rows=rows, edits=[_edit(case, number, made[number]) for number in sorted(made)])


def _edit(case: Case, number: int, made: Sequence[int]) -> Edit:
    versions = entries.versions(case.session, case.number, number)
    before = [each for each in versions if each.version < min(made)]
    after = next(each for each in versions if each.version == max(made))
    return Edit(before=before[-1] if before else None, after=after)


def _refuse_if_moved_on(case: Case, deed: Deed) -> None:
    moved = recount_rows(changes.overtaken(case.session, deed.rows))
    for edit in deed.edits:
        now = entries.get(case.session, case.number, edit.number)
        if now is None or now.current.redacted or Writing.of(now.current) != Writing.of(edit.after):
            moved.append(f"#{edit.number}")
    if moved:
        raise RefusedError(f"Your last change was {moved[0]}, and it was changed again since: put it right by hand.")


def _revert(case: Case, deed: Deed) -> None:
    for edit in deed.edits:
        restored = Writing.of(edit.before) if edit.before else replace(Writing.of(edit.after), struck=TAKEN_BACK)
        entries.revise(case.session, case.trail, edit.number, restored)
    for each in deed.rows:
        changes.revert(case.session, case.trail, each)
    changes.mark_undone(case.session, case.number, [*deed.lines, case.turn.line])
    if any(each.table.name == "incident" and "state" in (each.new or {}) for each in deed.rows):
        scores.stop_about(case.session, case.number)
