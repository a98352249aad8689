"""The report as Remarkup, for a task's description or a comment."""

from __future__ import annotations

import re

from irscribe.domain.report import Report
from irscribe.render import Style, wording
from irscribe.render.environment import environment
from irscribe.render.scoresheet import scoresheet
from irscribe.render.taskmarkup import blocks, bullets, link, spoken, task, typed

_TEMPLATE = "report.remarkup"


def render(report: Report, style: Style) -> str:
    """The report in bullets, ending in a newline; tables and headings cannot hold typed text."""
    templates = environment(typed)
    templates.filters.update(
        blocks=blocks,
        bullets=bullets,
        clock=wording.clock,
        gap=wording.gap,
        link=link,
        second=wording.second,
        spoken=spoken,
        task=task,
        work=wording.work,
    )
    page = templates.get_template(_TEMPLATE).render(
        report=report,
        sheet=scoresheet(report.scorecard, style.questionnaires) if report.scorecard else None,
        dated=wording.is_dated(report),
        times=style.times,
        words=wording,
    )
    return re.sub(r"\n{3,}", "\n\n", page).strip() + "\n"
