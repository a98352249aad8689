"""The words that the formats share for roles, theories, alerts, figures, factors and related incidents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from irscribe.domain.prose import listing
from irscribe.domain.report import Report, Role
from irscribe.domain.reportparts import Alert, Factor, RoleTerm, Theory


def roles(report: Report) -> tuple[RoleTerm, ...]:
    """Give the roles, if more is told by them than who coordinated."""
    known = any(each.role != Role.COORDINATOR or each.since or each.until for each in report.roles)
    return report.roles if known else ()


def role(term: RoleTerm) -> str:
    """Say who had a role and when: ``comms: carol, 2026-11-22 12:00 – 13:30``."""
    when = _span(term.since, term.until)
    return f"{term.role}: {term.name}" + (f", {when}" if when else "")


def theory(each: Theory) -> str:
    """Say what was suspected, and what people think of it by now."""
    return f"Theory {each.number}: {each.text} ({verdict(each)})"


def verdict(each: Theory) -> str:
    """Say what people think of a theory by now, and why."""
    return f"{each.state}: {each.why}" if each.why else each.state.value


def alert(each: Alert) -> str:
    """Say of an alert when it fired, how often, and when it was said to be over."""
    signs = [
        f"from {each.source}",
        _minute(each.first_at) if each.last_at <= each.first_at else _span(each.first_at, each.last_at),
        f"{each.count} times" if each.count > 1 else "once",
        f"over at {_minute(each.over_at)}" if each.over_at else "not said to be over",
        "paged" if each.paged else "",
    ]
    return f"{each.name} ({', '.join(sign for sign in signs if sign)})"


def factor(each: Factor) -> str:
    """Give a factor behind its tag."""
    return f"{each.tag}: {each.text}" if each.tag else each.text


def figures(report: Report) -> str:
    """List the figures of the impact as typed; empty if there are none."""
    return "; ".join(f"{each.name}: {each.text}" for each in report.impact_figures)


def related(report: Report) -> str:
    """List the numbers of related incidents; empty if there are none."""
    return listing([f"{each.number} ({each.kind})" for each in report.related])


def extra_facts(report: Report) -> Iterator[tuple[str, str]]:
    """Give the labels and texts of the facts that most reports do not have."""
    if report.impact_figures:
        yield "Impact in figures", figures(report)
    if report.components:
        yield "Components", ", ".join(report.components) or "—"
    if report.related:
        yield "Related incidents", related(report)


def _span(since: datetime | None, until: datetime | None) -> str:
    if since is None:
        return f"until {_minute(until)}" if until else ""
    return f"{_minute(since)} – {_minute(until)}" if until else f"from {_minute(since)}"


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
