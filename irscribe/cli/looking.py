"""``list``, ``show``, ``find`` and ``stats`` print parts of the record, as a table or as JSON."""

from __future__ import annotations

import json
from argparse import Namespace
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from statistics import median
from types import MappingProxyType
from typing import Any

from irscribe.cli.archive import reading
from irscribe.cli.settings import load_settings
from irscribe.domain.errors import RefusedError, UnknownIncidentError
from irscribe.domain.mark import as_typed
from irscribe.domain.moment import stamp
from irscribe.domain.outages import minutes_between
from irscribe.domain.prose import plural
from irscribe.domain.record import Incident
from irscribe.domain.report import State
from irscribe.services.incident.lookup import status
from irscribe.services.timeline.facts import span_of
from models import Session, entries, incidents, searching
from models.visibility import OPERATOR

LISTS = ("list", "find")
"""Verbs that answer with any number of rows; the others answer with one."""

MOST_INCIDENTS = 1_000_000
MOST_HITS = 50

Row = Mapping[str, Any]


def main(arguments: Namespace) -> int:
    """Print the answer of a verb; the database is only read."""
    with reading(load_settings(arguments)) as session:
        print(_answer(session, arguments))
    return 0


def _answer(session: Session, arguments: Namespace) -> str:
    if arguments.verb == "show" and not arguments.json:
        return _tell(session, _incident(session, arguments.number))
    rows = VERBS[arguments.verb](session, arguments)
    return as_json(rows if arguments.verb in LISTS else rows[0]) if arguments.json else as_table(rows)


def _list(session: Session, arguments: Namespace) -> Sequence[Row]:
    """List incidents, private ones too, which ``find`` and ``stats`` leave out."""
    found = incidents.latest(session, limit=arguments.limit, only_open=arguments.only_open, reader=OPERATOR)
    return [_row(each) for each in found]


def _incident(session: Session, number: int) -> Incident:
    found = incidents.get(session, number)
    if found is None:
        raise UnknownIncidentError(f"There is no incident {number}; `bot.py list` shows what there is.")
    return found


def _show(session: Session, arguments: Namespace) -> Sequence[Row]:
    found = _incident(session, arguments.number)
    return [_row(found) | {"entries": len(entries.all_of(session, found.number))}]


def _tell(session: Session, incident: Incident) -> str:
    """Give the text of ``!ir show``, a line for each part, with names as they are: here they highlight nobody."""
    parts = status(session, incident, now=datetime.now(UTC))
    opened = f"opened {incident.opened_at:%Y-%m-%d %H:%M} UTC in {incident.channel_name}"
    written = plural(len(entries.all_of(session, incident.number)), "entry")
    return "\n".join(as_typed(part) for part in (*parts, opened, written))


def _find(session: Session, arguments: Namespace) -> Sequence[Row]:
    words = searching.different(" ".join(arguments.words).split())
    if len(words) > searching.MOST_WORDS:
        raise RefusedError(f"That is {len(words)} different words; {searching.MOST_WORDS} is the most to look for.")
    hits = searching.find(session, words, limit=MOST_HITS)
    return [{"incident": head.number, "title": head.title, "entry": entry, "text": text} for head, entry, text in hits]


def _stats(session: Session, _arguments: Namespace) -> Sequence[Row]:
    heads = incidents.latest(session, limit=MOST_INCIDENTS)
    states = Counter(head.state for head in heads)
    figures = {"incidents": len(heads), **{state.value: states[state] for state in State}}
    return [figures | {"drills": sum(head.drill for head in heads), "median_minutes": _median_minutes(session, heads)}]


def _median_minutes(session: Session, heads: Sequence[Incident]) -> int | None:
    """The median length of all closed incidents that were no drill, from start to end; None without any."""
    marked = entries.marked(session)
    spans = [
        span_of(head, marked.get(head.number, ())) for head in heads if head.state is State.CLOSED and not head.drill
    ]
    lasted = [minutes for span in spans if (minutes := minutes_between(span.start, span.end)) is not None]
    return int(median(lasted)) if lasted else None


VERBS = MappingProxyType({"list": _list, "show": _show, "find": _find, "stats": _stats})


def _row(head: Incident) -> dict[str, Any]:
    shown = (
        "number",
        "title",
        "state",
        "status",
        "document_status",
        "channel_name",
        "opened_at",
        "closed_at",
        "private",
    )
    values = asdict(head)
    return {name.removesuffix("_name"): values[name] for name in shown}


def as_json(answer: Row | Sequence[Row]) -> str:
    """Write rows as a list of objects, or a single row as an object; times are spelled as in a report."""
    return json.dumps(answer, ensure_ascii=False, indent=2, default=_spelled)


def as_table(rows: Sequence[Row]) -> str:
    """Write rows in columns under their names."""
    if not rows:
        return "Nothing."
    lines = [[name.replace("_", " ") for name in rows[0]], *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else " ".join(_spelled(value).split())


def _spelled(value: object) -> str:
    return stamp(value) if isinstance(value, datetime) else str(value)
