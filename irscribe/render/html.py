"""Renders a report as one HTML file that needs no other: no script, no font and no picture from elsewhere."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

import markupsafe
from jinja2 import Template
from markupsafe import Markup

from irscribe.domain.moment import Precision, stamp
from irscribe.domain.report import Entry, Item, Kind, Link, Report, Role, State, Task
from irscribe.domain.reportparts import Theory, TheoryState
from irscribe.domain.text import clean
from irscribe.render import TEMPLATES, Style, facts, particulars, svg, wording
from irscribe.render.environment import environment
from irscribe.render.pieces import Piece, PieceKind, paragraphs, pieces
from irscribe.render.readers import checks
from irscribe.render.scoresheet import scoresheet
from irscribe.render.tidy import tidy

_NO_BREAK = "\u00a0"
_ABOUT = " (approximately)"
_NOT_RECORDED = Markup('<span role="img" aria-label="not recorded">{}</span>').format(facts.DASH)
_SAID_BY_THE_TEXT = (Kind.NOTE, Kind.OUTAGE, Kind.QUOTE, Kind.DECISION, Kind.THEORY)

ENTRIES_LAID_OUT_AT_ONCE = 200
"""With more entries a browser lays out only those on the screen."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """The stylesheet of all pages, with its hash as a Content-Security-Policy names it."""

    text: Markup
    hash: str


@dataclass(frozen=True, kw_only=True)
class Now:
    """The facts that a reader of an open incident looks for first; None if there is none.

    ``suspected`` are the theories that nobody has ruled out.
    """

    coordinator: str | None
    newest: Entry | None
    suspected: tuple[Theory, ...]


def render(report: Report, style: Style) -> str:
    """Render a report as an HTML document."""
    return fill("report.html", report, style, look=look())


def fill(name: str, report: Report, style: Style, *folders: Path, **more: object) -> str:
    """Fill in the template of a document about a report; ``folders`` hold templates besides those of this room."""
    report = tidy(report)
    write = Writer(base=facts.task_base(report))
    values = (
        dict[str, object](
            report=report,
            checks=checks(report, style),
            write=write,
            words=wording,
            particulars=particulars,
            facts=facts,
            chart=svg.chart(report),
            drawn=svg,
            now=now(report),
            promised=None,
            timeline_first=False,
            dated=wording.is_dated(report),
            times=style.times,
            sheet=scoresheet(report.scorecard, style.questionnaires) if report.scorecard else None,
            ranged=any(each.until or each.approximate for each in report.timeline),
            long=len(report.timeline) > ENTRIES_LAID_OUT_AT_ONCE,
        )
        | more
    )
    return _template(name, write, *folders).render(values).strip() + "\n"


@lru_cache(8)
def _template(name: str, write: Writer, *folders: Path) -> Template:
    shown = environment(escape, *folders)
    shown.filters.update(machine=machine, stamp=stamp, kind=kind, known=known, spoken=write.entry, when=when)
    return shown.get_template(name)


@cache
def look() -> Look:
    """Read the stylesheet."""
    text = (TEMPLATES / "look.css").read_text(encoding="utf-8")
    return Look(text=_as_is(text), hash=f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}")


def now(report: Report) -> Now | None:
    """Give the state of an open incident; None for any other one."""
    if report.incident.state is not State.OPEN:
        return None
    newest = max(report.timeline, key=lambda each: (each.recorded_at, each.number), default=None)
    suspected = tuple(each for each in report.theories if each.state is not TheoryState.RULED_OUT)
    return Now(coordinator=coordinator(report), newest=newest, suspected=suspected)


def coordinator(report: Report) -> str | None:
    """Give the name of the coordinator who serves; None if nobody does."""
    terms = [each for each in report.roles if each.role == Role.COORDINATOR]
    return terms[-1].name if terms and terms[-1].until is None else None


def escape(text: str) -> Markup:
    """Escape a text for an element or a quoted attribute."""
    return markupsafe.escape(clean(text, lines=True))


def machine(entry: Entry) -> str:
    """Spell the time of an entry for ``<time datetime>``; it has to be known."""
    return _machine(entry.at, entry.precision) if entry.at else ""


def when(entry: Entry, *, dated: bool) -> str:
    """Spell the time of an entry, in HTML; lines end between spans only, not before ``(approximately)``."""
    text = wording.clock(entry, dated=dated)
    if entry.until is None and not entry.approximate:
        return text
    marked = text.replace(_ABOUT, f"{_NO_BREAK}<small>{_ABOUT.strip()}</small>").replace(" –", f"{_NO_BREAK}–")
    # There is room for a date and a time in one line, but not for the mark as well.
    parts = marked.split(" ") if entry.approximate else marked.replace("– ", "–\n").splitlines()
    return " ".join(f"<span>{part}</span>" for part in parts)


def kind(entry: Entry) -> str:
    """The kind of an entry; empty if its text says it already."""
    return "" if entry.kind in _SAID_BY_THE_TEXT else entry.kind.value


def known(text: str) -> str:
    """Give a text; in place of a dash, which many screen readers pass over, a dash that they read as words."""
    return _NOT_RECORDED if text == facts.DASH else text


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Writes typed texts with their links; ``base`` is the address in front of a task's number, None if not known."""

    base: str | None

    def line(self, text: str, phrase: str | None = None) -> Markup:
        """Write a text with its line breaks, and ``phrase`` in bold."""
        return _as_is("".join(map(self._piece, pieces(text, phrase))))

    def blocks(self, text: str) -> Markup:
        """Write a text of several paragraphs."""
        return Markup("\n").join(Markup("<p>{}</p>").format(self.line(each)) for each in paragraphs(text))

    def entry(self, entry: Entry) -> Markup:
        """Write the text of an entry, with its marker in bold."""
        return self.line(wording.said(entry), entry.marker.phrase if entry.marker else None)

    def bullets(self, items: tuple[Item, ...]) -> Markup:
        """Write items and their sub-items as nested lists; empty for none."""
        shown = (
            Markup("<li>{}{}</li>").format(self.line(each.text) or facts.DASH, self.bullets(each.items))
            for each in items
        )
        return Markup("<ul>\n{}\n</ul>").format(Markup("\n").join(shown)) if items else Markup("")

    def task(self, task: Task) -> Markup:
        """Write a task's number as a link, with its title and status if known."""
        remark = facts.task_remark(task)
        shown = link(task.url or task.id, task.id)
        return Markup("{} {}").format(shown, remark) if remark else shown

    def page(self, page: Link) -> Markup:
        """Write a link with its title."""
        return link(page.url, page.title or page.url)

    def _piece(self, piece: Piece) -> Markup:
        match piece.kind:
            case PieceKind.TEXT:
                return markupsafe.escape(piece.text)
            case PieceKind.URL:
                return link(piece.text, piece.text)
            case PieceKind.TASK if self.base:
                return _anchor(f"{self.base}{piece.text}", piece.text)
            case PieceKind.BREAK:
                return Markup("<br>\n")
            case PieceKind.PHRASE:
                return _as_is(f"<strong>{''.join(map(self._piece, piece.inner))}</strong>")
            case _:
                return markupsafe.escape(piece.text)


def _as_is(html: str) -> Markup:
    return Markup(html)  # noqa: S704 - built here of escaped pieces


def link(url: str, label: str) -> Markup:
    """Write a link; of an address that is no web address, label and address are shown as text."""
    if not facts.is_web(url):
        return markupsafe.escape(label if url == label else f"{label} {url}")
    # On paper an address is printed behind its label, unless it is the label.
    return _anchor(url, label) if url == label else _named_anchor(url, label)


def _anchor(url: str, label: str) -> Markup:
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(url, label)


def _named_anchor(url: str, label: str) -> Markup:
    return Markup('<a class="named" href="{}" rel="noreferrer">{}</a>').format(url, label)


def _machine(moment: datetime, precision: Precision) -> str:
    return f"{moment:%Y-%m-%d}" if precision is Precision.DAY else stamp(moment)
