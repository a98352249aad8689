"""What leaves the bot: titles, descriptions and comments made of the report."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import import_module

from irscribe.domain.duration import spell_minutes
from irscribe.domain.intent import Intent
from irscribe.domain.report import Actionable, Report
from irscribe.render import FORMATS, render
from irscribe.services.exporting import place, style
from irscribe.services.turn import House

FITS = 60_000
"""Bytes of a description: Phabricator takes more, and chokes on it for minutes."""
NOT_IN_A_MARKER = re.compile(r"[^a-z0-9]+")


def marker(network: str, intent: Intent) -> str:
    """What a task of ours is found by again: part of its description, seen by nobody."""
    parts = (network, str(intent.incident), intent.kind, str(intent.subject), f"{intent.created_at:%Y%m%d%H%M%S%f}")
    return NOT_IN_A_MARKER.sub("-", "-".join(("irscribe", *parts)).lower())


def title(report: Report) -> str:
    """The title of the incident's task."""
    return f"Incident {report.incident.id}"


def description(report: Report, house: House, *, mark: str = "") -> str:
    """The report for Phabricator, shortened in the middle of its timeline where it would be too long."""
    anchor = f"\n{{anchor #{mark}}}\n" if mark else ""
    text, shown = render(report, "remarkup", style(house)), len(report.timeline)
    while len(text.encode()) + len(anchor) > FITS and shown:
        shown //= 2
        text = _shortened(report, house, shown)
    return text + anchor


def followup_title(point: Actionable) -> str:
    """The title of a follow-up's task."""
    return point.text


def followup_description(report: Report, point: Actionable, *, mark: str) -> str:
    """The description of a follow-up's task; its parent tells the rest."""
    typed = import_module("irscribe.render.taskmarkup").typed
    return f"{typed(point.text)}\n\nA follow-up of {typed(title(report))}.\n\n{{anchor #{mark}}}\n"


def closing_comment(report: Report, house: House) -> str:
    """What the task is told when its incident is over."""
    typed = import_module("irscribe.render.taskmarkup").blocks
    minutes = report.durations.outage_minutes
    lasted = f"The outage lasted {spell_minutes(minutes)}." if minutes else ""
    where = place(house.config, f"incident-{report.incident.number}{FORMATS['html']}", private=report.incident.private)
    link = f"The report: {where}" if house.config.reports_url and not report.incident.private else ""
    impact = f"Impact: {typed(report.impact)}" if report.impact else ""
    return "\n\n".join(
        part for part in ("The incident is closed.", str(typed(report.summary or "")), impact, lasted, link) if part
    )


def _shortened(report: Report, house: House, shown: int) -> str:
    first, last = report.timeline[: (shown + 1) // 2], report.timeline[len(report.timeline) - shown // 2 :]
    left = len(report.timeline) - shown
    name = f"incident-{report.incident.number}{FORMATS['html']}"
    whole = place(house.config, name, private=report.incident.private)
    text = render(replace(report, timeline=(*first, *last)), "remarkup", style(house))
    note = f"NOTE: {left} of {len(report.timeline)} entries are left out of the timeline here; all are in {whole}."
    return f"{note}\n\n{text}"
