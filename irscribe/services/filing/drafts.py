"""Titles, descriptions and comments for tasks, made from the report."""

from __future__ import annotations

from dataclasses import replace

from irscribe.domain.duration import spell_minutes
from irscribe.domain.report import Actionable, Kind, Report, State
from irscribe.domain.sentence import sentence
from irscribe.render import render
from irscribe.services.context.application import ApplicationContext
from irscribe.services.report.exports import name_of, place, style
from models.visibility import is_public

FITS = 60_000
"""Bytes of a description at most; Phabricator takes more, but needs minutes for it."""
SHORTER = 0.8
"""The part of a timeline that is tried next when it was too long."""


def title(report: Report) -> str:
    """Give the title of the incident's task."""
    return f"{'Drill' if report.incident.drill else 'Incident'} {report.incident.id}"


def description(report: Report, application: ApplicationContext, *, search_text: str = "") -> str:
    """Give the report in Remarkup; if it is too long, entries in the middle of the timeline are left out."""
    end, text, shown = anchor(search_text), _rendered(report, application), len(report.timeline)
    while len(text.encode()) + len(end) > FITS and shown:
        shown = int(shown * min(SHORTER, FITS / len(text.encode())))
        text = _shortened(report, application, shown)
    return _cut(text, FITS - len(end)) + end


def followup_title(point: Actionable) -> str:
    """Give the title of a follow-up's task."""
    return point.text


def closing_comment(report: Report, application: ApplicationContext, *, search_text: str) -> str:
    """Give the comment for the task of an incident that has ended."""
    from irscribe.render.taskmarkup import ON_SERVER

    link = report_url(report, application)
    parts = (
        str(ON_SERVER.blocks(_ending(report))),
        str(ON_SERVER.blocks(report.summary or "")),
        f"Impact: {ON_SERVER.blocks(report.impact)}" if report.impact else "",
        _lasted(report),
        f"The report: {link}" if link else "",
    )
    return "\n\n".join(part for part in parts if part) + "\n" + anchor(search_text)


def anchor(search_text: str) -> str:
    """Give the markup that identifies a text of the bot; readers do not see it."""
    return f"\n{{anchor #{search_text}}}\n" if search_text else ""


def report_url(report: Report, application: ApplicationContext) -> str | None:
    """Give the public address of the report; None if it has none."""
    if not application.config.reports_url or not is_public(report.incident):
        return None
    return place(application.config, name_of(report.incident.number, "html"), private=False)


def _ending(report: Report) -> str:
    if report.incident.state is not State.CANCELLED:
        return "The incident is closed."
    said = [each.text for each in report.timeline if each.kind is Kind.LIFECYCLE]
    return said[-1] if said else "The incident is cancelled."


def _lasted(report: Report) -> str:
    outage, open_ = report.durations.outage_minutes, report.durations.open_minutes
    if outage:
        return f"The outage lasted {spell_minutes(outage)}."
    return f"The incident lasted {spell_minutes(open_)}." if open_ else ""


def _shortened(report: Report, application: ApplicationContext, shown: int) -> str:
    first, last = report.timeline[: (shown + 1) // 2], report.timeline[len(report.timeline) - shown // 2 :]
    link = report_url(report, application)
    where = (
        f"all are in {link}"
        if link
        else application.spoken(sentence("the bot keeps them all, and writes them with {ir} export"))
    )
    left = len(report.timeline) - shown
    text = _rendered(replace(report, timeline=(*first, *last)), application)
    return f"NOTE: {left} of {len(report.timeline)} entries of the timeline are left out here; {where}.\n\n{text}"


def _rendered(report: Report, application: ApplicationContext) -> str:
    return render(report, "remarkup", style(application, published=True))


def _cut(text: str, size: int) -> str:
    """Give the text up to the last whole line that fits."""
    if len(text.encode()) <= size:
        return text
    kept = text.encode()[: size - 100].decode(errors="ignore").rpartition("\n")[0]
    return f"{kept}\n\nNOTE: The rest is left out, as it is too long for a task.\n"
