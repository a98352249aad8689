"""Renders a report as Remarkup, for a task's description or a comment."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from jinja2 import Template

from irscribe.domain.report import Report
from irscribe.render import Style, particulars, wording
from irscribe.render.environment import environment
from irscribe.render.readers import checks
from irscribe.render.scoresheet import Scoresheet, scoresheet
from irscribe.render.taskmarkup import Writer


def render(report: Report, style: Style) -> str:
    """Render a report as bullets, because tables and headings cannot hold typed text; it ends in a newline."""
    page = _template(Writer(linked=bool(style.tracker))).render(
        report=report,
        checks=checks(report, style),
        sheet=_sheet(report, style),
        scored=_is_answered(report) or not style.published,
        dated=wording.is_dated(report),
        times=style.times,
        words=wording,
        particulars=particulars,
    )
    return re.sub(r"\n{3,}", "\n\n", page).strip() + "\n"


def _sheet(report: Report, style: Style) -> Scoresheet | None:
    """Give the scorecard; for the public without the questions that have no answer yet."""
    if report.scorecard is None:
        return None
    answers = report.scorecard.answers
    answered = tuple(each for each in answers if each.answer is not None) if style.published else answers
    whole = scoresheet(report.scorecard, style.questionnaires)
    return replace(
        whole, categories=scoresheet(replace(report.scorecard, answers=answered), style.questionnaires).categories
    )


def _is_answered(report: Report) -> bool:
    return report.scorecard is not None and any(each.answer is not None for each in report.scorecard.answers)


@cache
def _template(write: Writer) -> Template:
    shown = environment(write.typed)
    shown.filters.update(
        blocks=write.blocks, bullets=write.bullets, link=write.link, spoken=write.spoken, task=write.task
    )
    return shown.get_template("report.remarkup")
