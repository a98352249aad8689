"""Describes changes for the reply of `undo`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from irscribe.domain.prose import plural, without_ping
from irscribe.domain.record import Version
from irscribe.domain.spelling import label
from irscribe.domain.text import cut
from models.changes import Change

MOST_NAMED = 4
"""More entries than this are counted and not named."""
TEXT_SHOWN = 60
"""Bytes of a text that a reply quotes, enough to recognise it."""
FOLLOWING_COLUMNS = {
    "state": {"status", "document_status", "closed_at", "questionnaire"},
    "status": {"document_status"},
}
"""For each column of an incident, the columns that change with it; a reply does not name them."""
WITHOUT_VALUE = ("none:", "task", "private", "page_follows", "mute", "next_update")
"""Fields whose restored value is not named; ``private`` has a sentence of its own."""
WORDS = frozenset({"severity", "state", "status", "document_status", "questionnaire"})
"""Columns whose values are the bot's words or numbers; they are not quoted."""
POINT_AGAIN: Mapping[str, Callable[[Any], str]] = {
    "due": lambda day: f"due {day}" if day else "no due day",
    "owner": lambda name: f"owner {without_ping(name)}" if name else "no owner",
    "done": lambda done: "done" if done else "not done",
}
"""The names of the restored values of an item; its task has none, as that of the incident has none."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """The change that some lines made to one entry.

    ``before`` is the version before the first of them, ``after`` the version that the last one made.
    """

    before: Version | None
    after: Version

    @property
    def number(self) -> int:
        """The entry's number."""
        return self.after.number


def describe(edits: Sequence[Edit], rows: Sequence[Change]) -> list[str]:
    """Describe each change once. For a field, name the value that it has again."""
    return list(dict.fromkeys([*_describe_edits(edits), *describe_rows(rows, restored=True)]))


def describe_rows(rows: Sequence[Change], *, restored: bool = False) -> list[str]:
    """Describe changes of rows, given latest first; if they are ``restored``, name the value that a field has again."""
    before: dict[str, Any] = {}
    for each in rows:
        before |= (each.old or {}) if each.table.name == "incident" else {}
    answers = sorted(each.key["number"] for each in rows if each.table.name == "answer")
    rest = [each for each in reversed(rows) if each.table.name not in ("incident", "answer")]
    others = [_describe_row(each, restored=restored) for each in rest]
    return [*_spell_columns(before, restored=restored), *_spell_answers(answers), *others]


def _describe_row(each: Change, *, restored: bool) -> str:
    match each.table.name:
        case "field":
            name = str(each.key["name"])
            again = restored and not name.startswith(WITHOUT_VALUE)
            return _spell_field(name) + (_again(name, (each.old or {}).get("value")) if again else "")
        case "item":
            quoted = f" {_quoted(_item_text(each.new))}" if each.new and each.new.get("text") else ""
            has_again = _spell_point(each.old) if restored and each.old else ""
            return f"{each.key['section']} {each.key['number']}{quoted}{has_again}"
        case "responder":
            return _spell_responder(each)
        case "coordinator":
            return "the coordinator"
        case "role_term" | "relation" | "further_channel" | "shift_note":
            return _describe_beside(each)
        case _:
            return "the waiting notes"


def _describe_beside(each: Change) -> str:
    """Describe a change of what stands beside the document."""
    row = {**each.key, **(each.old or {}), **(each.new or {})}
    match each.table.name:
        case "role_term":
            return f"the role {row['role']}" if "role" in row else "the end of a role"
        case "relation":
            return f"the relation to {row['number']}"
        case "further_channel":
            return f"being current in {row['channel_name']}" if "channel_name" in row else "where it is current"
        case _:
            return f"shift note {row['number']} {_quoted(row['text'])}"


def _item_text(row: Mapping[str, Any]) -> str:
    """Give the text of an item behind its label."""
    return f"{row['label']} {row['text']}" if row.get("label") else str(row["text"])


def _describe_edits(edits: Sequence[Edit]) -> list[str]:
    if len(edits) <= MOST_NAMED:
        return [_describe_edit(each) for each in edits]
    numbers = sorted(each.number for each in edits)
    return [f"what you did to {plural(len(edits), 'entry')} (#{numbers[0]} to #{numbers[-1]})"]


def _describe_edit(edit: Edit) -> str:
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


def _spell_columns(before: Mapping[str, Any], *, restored: bool) -> list[str]:
    silent = {along for name in before for along in FOLLOWING_COLUMNS.get(name, ())}
    return [
        name.replace("_", " ") + (_again(name, value) if restored and not name.startswith(WITHOUT_VALUE) else "")
        for name, value in before.items()
        if name not in silent
    ]


def _again(name: str, value: str | float | datetime | None) -> str:
    """Name the value of a field after its change is undone."""
    if value is None:
        return " (taken from the timeline again)" if name in ("start", "end") else " (empty again)"
    if isinstance(value, datetime):
        return f" ({value:%Y-%m-%d %H:%M} again)"
    return f" ({value if name in WORDS else _quoted(str(value))} again)"


def _spell_point(old: Mapping[str, Any]) -> str:
    """Name what an item has again after a change of it, but not of its text, is undone."""
    again = [spell(old[column]) for column, spell in POINT_AGAIN.items() if column in old]
    return f" ({', '.join(again)} again)" if again else ""


def _spell_answers(numbers: Sequence[int]) -> list[str]:
    if len(numbers) <= 1:
        return [f"scorecard answer {number}" for number in numbers]
    return [f"scorecard answers {numbers[0]} to {numbers[-1]}"]


def _spell_responder(each: Change) -> str:
    name = (each.new or {}).get("name") if each.old is None else None
    return f"{without_ping(name)} on the list of responders" if name else "the list of responders"


def _quoted(text: str) -> str:
    return f"“{cut(text.replace(chr(10), ' / '), TEXT_SHOWN)}”"
