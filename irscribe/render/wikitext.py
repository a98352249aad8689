"""Renders a report as wikitext, in the layout of the settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from irscribe.domain.report import DocumentStatus, Report
from irscribe.render import Style, particulars, wording
from irscribe.render.facts import facts, task_remark
from irscribe.render.json import read
from irscribe.render.layouts import fill, layout
from irscribe.render.proving import prove
from irscribe.render.readers import checks, readable
from irscribe.render.scoresheet import scoresheet
from irscribe.render.wikimarkup import Writer, plain
from irscribe.render.wikitemplates import named_templates

SPECIMENS = Path(__file__).parent / "specimens"
"""Reports with which layouts are checked."""


def render(report: Report, style: Style) -> str:
    """Render the page of a report; it ends in a newline.

    Raises ReportError for a layout that does not exist or cannot be rendered.
    """
    write = _writer(style)
    return _spaced(fill(layout(style, write.typed, _filters(write)), _words(_on_its_page(report), style), style))


def mistakes(style: Style) -> tuple[str, ...]:
    """Give a sentence for each mistake of the style's layout that an empty, a half-filled or a full report shows."""
    write = _writer(style)
    return prove(style, write.typed, _filters(write), (_words(readable(each), style) for each in _specimens()))


def templates_used(style: Style) -> tuple[str, ...]:
    """Give the names of the templates that published pages of the style's layout use, in the order of the alphabet.

    Raises ReportError for a layout that does not exist or cannot be rendered.
    """
    published = replace(style, published=True)
    pages = (render(_with_status(each, status), published) for each in _specimens() for status in DocumentStatus)
    return tuple(sorted({name for page in pages for name in named_templates(page)}))


def _specimens() -> Iterator[Report]:
    """The reports with which layouts are checked: an empty, a half-filled and a full one."""
    return (read((SPECIMENS / f"{name}.json").read_text(encoding="utf-8")) for name in ("empty", "half", "full"))


def _with_status(report: Report, status: DocumentStatus) -> Report:
    return replace(report, incident=replace(report.incident, document_status=status))


def _on_its_page(report: Report) -> Report:
    """Take the page's own address out of the report: a page that named itself would change once it is there."""
    return replace(report, metadata=replace(report.metadata, page=None))


def _writer(style: Style) -> Writer:
    return Writer(tracker=style.tracker, prefix=style.task_prefix)


def _filters(write: Writer) -> Mapping[str, Callable[..., object]]:
    return {
        "blocks": write.blocks,
        "bullets": write.bullets,
        "link": write.link,
        "plain": plain,
        "spoken": write.spoken,
        "task": write.task,
        "task_remark": task_remark,
    }


def _words(report: Report, style: Style) -> dict[str, object]:
    """The values that a layout may print: the parts of the report, and the words that the formats share."""
    told = checks(report, style)
    parts = {name: getattr(report, name) for name in report.__dataclass_fields__}
    card = report.scorecard
    return parts | {
        "sheet": scoresheet(card, style.questionnaires) if card else None,
        "rough": any(entry.approximate for entry in report.timeline),
        "dated": wording.is_dated(report),
        "times": style.times,
        "notices": list(wording.notices(report)),
        "outages": list(wording.outages(report)),
        "facts": facts(report),
        "particulars": particulars,
        "roles": particulars.roles(report),
        "extra_facts": list(particulars.extra_facts(report)),
        "people": wording.people(report.metadata),
        "names": wording.names(report.metadata),
        "workers": report.metadata.responders if any(map(wording.work, report.metadata.responders)) else (),
        "paged": wording.paged(report.metadata),
        "coordinators": wording.coordinators(report),
        "missing": told.missing,
        "warnings": told.warnings,
        "lacking": told.lacking,
        "lacks": partial(wording.lacks, report),
    }


def _spaced(page: str) -> str:
    """Leave one empty line between blocks: MediaWiki shows a second one as an empty paragraph."""
    trimmed = re.sub(r"[ \t]+$", "", page, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", trimmed).strip() + "\n"
