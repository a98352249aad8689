"""The incidents as data: a file for each year, and one that lists these files (``irscribe.incidents/1``)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from irscribe.domain.moment import stamp
from irscribe.pages import Files
from irscribe.pages.incident import data_of, page_of
from irscribe.pages.lists import years
from irscribe.pages.overviews import Overview

SCHEMA = "irscribe.incidents/1"


def index_file(overviews: Iterable[Overview]) -> Files:
    """Give the file that lists the files of the years, newest first."""
    listed = [{"year": each.number, "incidents": each.count, "file": name_of(each.number)} for each in years(overviews)]
    return {"incidents.json": _written({"schema": SCHEMA, "years": listed})}


def year_file(year: int, newest_first: Sequence[Overview]) -> Files:
    """Give the file of the incidents that began in a year."""
    return {name_of(year): _written({"schema": SCHEMA, "year": year, "incidents": [*map(_object, newest_first)]})}


def name_of(year: int) -> str:
    """Give the path of a year's file."""
    return f"incidents-{year}.json"


def _object(each: Overview) -> dict[str, Any]:
    return {
        "number": each.number,
        "id": each.id,
        "title": each.title,
        "state": each.state,
        "status": each.status,
        "document_status": each.document_status,
        "severity": each.severity,
        "channel": each.channel,
        "opened_at": _time(each.opened_at),
        "closed_at": _time(each.closed_at),
        "start": _time(each.start),
        "end": _time(each.end),
        "outage_minutes": each.outage_minutes,
        "open_minutes": each.open_minutes,
        "impact": each.impact or None,
        "page": page_of(each.number),
        "report": data_of(each.number),
    }


def _time(moment: datetime | None) -> str | None:
    return stamp(moment) if moment else None


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
