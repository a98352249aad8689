"""Renders a report as Markdown: typed texts look as typed, in CommonMark and in GitHub's dialect.

The characters to escape were measured with cmark-gfm 0.29, markdown-it-py 4.3 and mistune 3.4.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Template
from markupsafe import Markup

from irscribe.domain.report import Entry, Item, Link, Report, Task
from irscribe.domain.text import clean
from irscribe.render import Style, facts, particulars, wording
from irscribe.render.environment import environment
from irscribe.render.pieces import Piece, PieceKind, paragraphs, pieces
from irscribe.render.readers import checks
from irscribe.render.scoresheet import scoresheet
from irscribe.render.tidy import tidy

# The search is fast because each match begins with one of a few characters.
_ACTIVE = re.compile(
    r"""
    [\\`*_\[\]<>|~$\#@&:.\-+=^0-9]
    (?:
      (?<= [\\`*_\[\]<>|~$\#@] )                                            # always
    | (?<= & ) (?=[\#\w])                                                    # could begin an entity
    | (?<= : ) (?=//) | (?<= (?i:www)\. ) | (?<= (?i:mailto): ) | (?<= (?i:xmpp): )   # would link by itself
    | (?<= \A[-+=:^] )                                     # could begin a list, a heading, a definition
    | (?<= \A[0-9] ) [0-9]* [.)]                           # would begin a numbered list
    )
    """,
    re.VERBOSE,
)
_SHOWN_AS_IT_IS = re.compile(r"https?://(?:[A-Za-z0-9._/?#@!$'()+,;=:-]|&(?!\w+;|#))+", re.IGNORECASE)
_PLAIN_DESTINATION = re.compile(r"https?://[A-Za-z0-9._/?#@!$'+,;=:-]+", re.IGNORECASE)
_ACTIVE_IN_DESTINATION = re.compile(r"[\\<>|`\s]")
_ENTITY = re.compile(r"&(?=\w+;|#)")
_LINE_FEEDS = re.compile(r"\n+")
_SPACE = re.compile(r"\n{3,}")


def render(report: Report, style: Style) -> str:
    """Render a report as Markdown."""
    report = tidy(report)
    page = _template().render(
        report=report,
        checks=checks(report, style),
        write=Writer(base=facts.task_base(report)),
        words=wording,
        particulars=particulars,
        facts=facts,
        dated=wording.is_dated(report),
        times=style.times,
        sheet=scoresheet(report.scorecard, style.questionnaires) if report.scorecard else None,
    )
    return _SPACE.sub("\n\n", page).strip() + "\n"


@cache
def _template() -> Template:
    return environment(cell).get_template("report.md")


def escape(text: str) -> str:
    """Escape a text so that Markdown shows it as it is, at any place of a line."""
    return _ACTIVE.sub(_escaped, text)


def cell(text: str) -> Markup:
    """Write a text on one line, without links."""
    return _as_is(escape(clean(text)))


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Writes typed texts with their links; ``base`` is the address in front of a task's number, None if not known."""

    base: str | None

    def line(self, text: str, phrase: str | None = None) -> Markup:
        """Write a text on one line."""
        return _as_is(self._marked(clean(text), phrase))

    def lines(self, text: str, phrase: str | None = None, indent: str = "  ") -> Markup:
        """Write a text with its line breaks; the lines after the first are indented to stay in their bullet."""
        kept = _LINE_FEEDS.sub("\n", clean(text, lines=True))
        return _as_is(self._marked(kept, phrase).replace("\n", f"\n{indent}"))

    def blocks(self, text: str) -> Markup:
        """Write a text of several paragraphs."""
        return _as_is("\n\n".join(self._marked(each, None) for each in paragraphs(clean(text, lines=True))))

    def entry(self, entry: Entry) -> Markup:
        """Write the text of an entry, with its marker in bold."""
        return self.lines(wording.said(entry), entry.marker.phrase if entry.marker else None)

    def bullets(self, items: tuple[Item, ...], indent: str = "") -> Markup:
        """Write items and their sub-items, a bullet each."""
        inner = f"{indent}  "
        return _as_is(
            "".join(
                f"{indent}- {self.lines(each.text or facts.DASH, indent=inner)}\n{self.bullets(each.items, inner)}"
                for each in items
            )
        )

    def task(self, task: Task) -> Markup:
        """Write a task's number as a link, with its title and status if known."""
        shown = link(task.url or task.id, task.id)
        remark = facts.task_remark(task)
        return _as_is(f"{shown} {cell(remark)}") if remark else shown

    def page(self, page: Link) -> Markup:
        """Write a link with its title; an address that is no web address is text."""
        return link(page.url, clean(page.title or "") or page.url)

    def _marked(self, text: str, phrase: str | None) -> str:
        return _side_by_side([self._piece(each) for each in pieces(text, clean(phrase) if phrase else None)])

    def _piece(self, piece: Piece) -> str:
        match piece.kind:
            case PieceKind.URL:
                return link(piece.text, piece.text)
            case PieceKind.TASK:
                return link(f"{self.base}{piece.text}", piece.text) if self.base else escape(piece.text)
            case PieceKind.BREAK:
                return "\\\n"
            case PieceKind.PHRASE:
                return self._phrase(piece)
            case PieceKind.TEXT:
                return escape(piece.text)

    def _phrase(self, piece: Piece) -> str:
        shown = _side_by_side([self._piece(each) for each in piece.inner])
        # Two asterisks are certain to be bold only between characters of words.
        return f"**{shown}**" if shown[:1].isalnum() and shown[-1:].isalnum() else shown


def _side_by_side(shown: Sequence[str]) -> str:
    """Join pieces; a ``!`` directly before a link is escaped, as it would make a picture of it."""
    following = [*shown[1:], ""]
    return "".join(
        f"{each[:-1]}\\!" if each.endswith("!") and after.startswith("[") else each
        for each, after in zip(shown, following, strict=False)
    )


def link(url: str, label: str) -> Markup:
    """Write a link; of an address that is no web address, label and address are shown as text."""
    if not facts.is_web(url):
        return _as_is(escape(label) if url == label else f"{escape(label)} {cell(url)}")
    if url == label and _SHOWN_AS_IT_IS.fullmatch(url):
        return _as_is(f"<{url}>")
    return _as_is(f"[{escape(label)}]({_destination(clean(url))})")


def _destination(url: str) -> str:
    if _PLAIN_DESTINATION.fullmatch(url):
        return url
    quoted = _ACTIVE_IN_DESTINATION.sub(lambda found: f"%{ord(found[0]):02X}", url)
    return f"<{_ENTITY.sub('&amp;', quoted)}>"


def _as_is(markdown: str) -> Markup:
    return Markup(markdown)  # noqa: S704 - built here of escaped pieces


def _escaped(found: re.Match[str]) -> str:
    return f"{found[0][:-1]}\\{found[0][-1]}"
