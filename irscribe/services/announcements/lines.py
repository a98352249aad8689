"""The words of announcements: one line each, with which nothing reacts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from irscribe.domain import tasks
from irscribe.domain.duration import spell_minutes
from irscribe.domain.mark import harmless
from irscribe.domain.moment import Precision
from irscribe.domain.record import Incident
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.spelling import show
from irscribe.domain.text import cut
from irscribe.services.context.application import ApplicationContext
from irscribe.services.nudges.unasked_lines import named
from irscribe.services.report.exports import has_public_files, name_of, place
from models import Session, parts
from models.announcements import Announced
from models.visibility import is_public

IMPACT_SHOWN = 120
"""Bytes of an impact."""
FORM = "html"
"""The format of the report that an announcement links to."""
MINUTE = timedelta(minutes=1)


def is_told(incident: Incident) -> bool:
    """True if others may be told of an incident: it is neither private nor a drill."""
    return is_public(incident) and not incident.drill


def state_of(incident: Incident) -> str:
    """Give the state as announcements mark it: the status while the incident is open."""
    return str(incident.status if incident.open else incident.state)


def announcement(
    session: Session, application: ApplicationContext, incident: Incident, now: datetime, *, words: str = ""
) -> Speech:
    """Tell of an incident: number, title, state, impact, since when, address; ``words`` are what somebody adds."""
    fields = parts.fields(session, incident.number)
    told = [_standing(incident, now), *_impact(fields), *([harmless(words)] if words else [])]
    return sentence(
        "Incident {} in {}: {}.{}",
        named(incident),
        incident.channel_name,
        "; ".join(each.rstrip(".") for each in told),
        _address(application, incident, fields),
    )


def correction(incident: Incident, announced: Announced, now: datetime) -> Speech:
    """Correct what was announced of an incident that was none."""
    first = show(announced.first_at, Precision.MINUTE, day_shown=announced.first_at.date() != now.date())
    return sentence(
        "Correction: incident {} in {}, announced here at {}, is cancelled: it was none.",
        named(incident),
        incident.channel_name,
        first,
    )


def _standing(incident: Incident, now: datetime) -> str:
    since = show(incident.opened_at, Precision.MINUTE, day_shown=incident.opened_at.date() != now.date())
    lasted = spell_minutes(max(0, ((incident.closed_at or now) - incident.opened_at) // MINUTE))
    severity = "" if incident.severity is None else f"severity {incident.severity}, "
    if incident.open:
        return f"{severity}{incident.status}, since {since} UTC" + (f" ({lasted})" if lasted else "")
    return f"{severity}{incident.state} after {lasted} (since {since} UTC)"


def _impact(fields: Mapping[str, str]) -> Iterator[str]:
    if impact := fields.get("impact"):
        yield f"impact: {harmless(cut(' '.join(impact.split()), IMPACT_SHOWN))}"


def _address(application: ApplicationContext, incident: Incident, fields: Mapping[str, str]) -> Speech:
    """Give the address at which others read of an incident, with a blank before it; empty if there is none."""
    config, tracker = application.config, application.tracker(fields)
    if parts.PAGE in fields:
        return f" {fields[parts.PAGE]}"
    if config.reports_url and has_public_files(config, incident.number):
        return f" {place(config, name_of(incident.number, FORM), private=False)}"
    return f" {tasks.url_of(tracker, fields['task'])}" if tracker and "task" in fields else ""
