"""Renders a report as plain text for a terminal or a mail; typed texts are only wrapped."""

from __future__ import annotations

import re
from functools import cache
from textwrap import TextWrapper

from jinja2 import Template
from markupsafe import Markup

from irscribe.domain.report import Report
from irscribe.domain.text import clean
from irscribe.render import Style, facts, particulars, wording
from irscribe.render.environment import environment
from irscribe.render.pieces import paragraphs
from irscribe.render.readers import checks
from irscribe.render.scoresheet import scoresheet
from irscribe.render.tidy import tidy

WIDTH = 78
"""The columns of a line; a longer word, such as an address, is never broken."""

_LABEL_WIDTH = 26
_SPACE = re.compile(r"\n{3,}")


def render(report: Report, style: Style) -> str:
    """Render a report as plain text of at most ``WIDTH`` columns."""
    report = tidy(report)
    page = _template().render(
        report=report,
        checks=checks(report, style),
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
    shown = environment(plain)
    shown.filters.update(wrapped=wrapped, labelled=labelled, underlined=underlined, paragraphs=paragraphs)
    return shown.get_template("report.txt")


def plain(text: str) -> Markup:
    """Remove the characters from a typed text that a terminal would act on."""
    return _as_is(clean(text, lines=True))


def wrapped(text: str, first: str = "", rest: str | None = None) -> Markup:
    """Wrap a text to ``WIDTH``, the first line indented by ``first``, the others by ``rest``; no newline at the end."""
    indent = first if rest is None else rest
    lines = [line for line in clean(text, lines=True).split("\n") if line.strip()]
    filled = [_wrapper(indent if at else first, indent).fill(line) for at, line in enumerate(lines)]
    return _as_is("\n".join(filled))


def labelled(text: str, label: str) -> Markup:
    """Make a row of a table: the label, then the text in a column of its own."""
    return wrapped(text, label.ljust(_LABEL_WIDTH), " " * _LABEL_WIDTH)


def underlined(text: str, line: str) -> Markup:
    """Make a heading."""
    heading = wrapped(text)
    return _as_is(f"{heading}\n{line * max(map(len, heading.split(chr(10))))}")


def _as_is(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - plain text has no markup


@cache
def _wrapper(first: str, rest: str) -> TextWrapper:
    return TextWrapper(
        WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
