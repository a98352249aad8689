"""What somebody did, in the words of a sentence that takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from irscribe.domain.prose import plural, without_ping
from irscribe.domain.record import Version
from irscribe.domain.spelling import label
from irscribe.domain.text import cut
from models.changes import Change

NAMED = 4
"""More entries than that are counted, not named."""
QUOTED = 60
"""Bytes of a text that are enough to know it again."""
COMES_ALONG = {
    "state": {"status", "document_status", "closed_at", "questionnaire"},
    "status": {"document_status"},
}
"""Columns of an incident that change with another one, and go without saying."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What lines made of one entry: its last version of theirs, and the one before their first."""

    before: Version | None
    after: Version

    @property
    def number(self) -> int:
        """The entry's number."""
        return self.after.number


def recount(edits: Sequence[Edit], rows: Sequence[Change]) -> list[str]:
    """Every thing that was done, once."""
    return list(dict.fromkeys([*_recount_edits(edits), *recount_rows(rows)]))


def recount_rows(rows: Sequence[Change]) -> list[str]:
    """What was done to rows, the latest first."""
    columns = [name for each in rows if each.table.name == "incident" for name in each.new or {}]
    answers = sorted(each.key["number"] for each in rows if each.table.name == "answer")
    others = [_recount_row(each) for each in reversed(rows) if each.table.name not in ("incident", "answer")]
    return [*_spell_columns(columns), *_spell_answers(answers), *others]


def _recount_row(each: Change) -> str:
    match each.table.name:
        case "field":
            return _spell_field(str(each.key["name"]))
        case "item":
            quoted = f" {_quoted(each.new['text'])}" if each.new and each.new.get("text") else ""
            return f"{each.key['section']} {each.key['number']}{quoted}"
        case "responder":
            return _spell_responder(each)
        case "coordinator":
            return "the coordinator"
        case _:
            return "the waiting notes"


def _recount_edits(edits: Sequence[Edit]) -> list[str]:
    if len(edits) <= NAMED:
        return [_recount_edit(each) for each in edits]
    numbers = sorted(each.number for each in edits)
    return [f"what you did to {plural(len(edits), 'entry')} (#{numbers[0]} to #{numbers[-1]})"]


def _recount_edit(edit: Edit) -> str:
    before, after, quoted = edit.before, edit.after, _quoted(edit.after.text)
    if before is None:
        return f"#{edit.number} {quoted}"
    if before.struck != after.struck:
        return f"the {'putting back' if after.struck is None else 'striking'} of #{edit.number} {quoted}"
    if before.text != after.text:
        return f"the last change of #{edit.number} ({quoted})"
    return f"the move of #{edit.number} to {label(after.moment, day_shown=True)}"


def _spell_field(name: str) -> str:
    return f"{name.removeprefix('none:')} none" if name.startswith("none:") else name.replace("_", " ")


def _spell_columns(names: Sequence[str]) -> list[str]:
    silent = {along for name in names for along in COMES_ALONG.get(name, ())}
    return [name.replace("_", " ") for name in names if name not in silent]


def _spell_answers(numbers: Sequence[int]) -> list[str]:
    if len(numbers) <= 1:
        return [f"scorecard answer {number}" for number in numbers]
    return [f"scorecard answers {numbers[0]} to {numbers[-1]}"]


def _spell_responder(each: Change) -> str:
    name = (each.new or {}).get("name") if each.old is None else None
    return f"{without_ping(name)} on the list of responders" if name else "the list of responders"


def _quoted(text: str) -> str:
    return f"“{cut(text.replace(chr(10), ' / '), QUOTED)}”"
