"""The page of an incident, and its report as JSON."""

from __future__ import annotations

from datetime import datetime

from irscribe.domain.report import Report, State
from irscribe.pages import TEMPLATES, Files, Site
from irscribe.pages.filling import MENU, root
from irscribe.render import html, json
from irscribe.render.readers import readable, unchecked


def files(site: Site, report: Report, *, promised: datetime | None = None) -> Files:
    """Give the files about an incident, made of its public report; ``promised`` is when the next update is to come."""
    path = page_of(report.incident.number)
    page = html.fill(
        "incident.html",
        readable(report),
        site.style,
        TEMPLATES,
        site=site,
        root=root(path),
        menu=MENU,
        here="",
        promised=promised,
        live=report.incident.state is State.OPEN,
        timeline_first=report.incident.state is State.OPEN,
    )
    return {path: page, data_of(report.incident.number): json.render(unchecked(report))}


def paths(number: int) -> tuple[str, ...]:
    """Give the paths of all files about an incident."""
    return page_of(number), data_of(number)


def page_of(number: int) -> str:
    """Give the path of an incident's page."""
    return f"incidents/{number}/index.html"


def data_of(number: int) -> str:
    """Give the path of an incident's report as JSON."""
    return f"incidents/{number}/report.json"
