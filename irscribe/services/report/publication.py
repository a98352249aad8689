"""Which incidents have a page on the site, and the report that everybody may see of them."""

from __future__ import annotations

from irscribe.config import Pages, Shown
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.record import Incident
from irscribe.domain.report import DocumentStatus, Report
from irscribe.pages import Site
from irscribe.render.readers import public
from irscribe.services.context.application import ApplicationContext
from irscribe.services.report.assembly import Gathered, assemble, gathered
from irscribe.services.report.exports import style
from models import Session, incidents, networks
from models.visibility import is_public


def site_of(application: ApplicationContext) -> Site:
    """Give the site in these settings."""
    pages = application.config.pages
    return Site(title=pages.title, url=pages.url, style=style(application, published=True))


def has_page(incident: Incident, pages: Pages, casemapping: CaseMapping) -> bool:
    """True if everybody may see an incident, and the settings show it by now."""
    if not is_public(incident):
        return False
    match pages.shown_from(incident.channel_name, casemapping):
        case Shown.OPEN:
            return True
        case Shown.CLOSED:
            return not incident.open
        case Shown.FINAL:
            return incident.document_status is DocumentStatus.FINAL


def gathered_for_page(session: Session, application: ApplicationContext, number: int) -> Gathered | None:
    """Read what the page of an incident is made of; None if it has no page."""
    found = incidents.get(session, number)
    if found is None or not has_page(found, application.config.pages, networks.casemapping_of(session, found.network)):
        return None
    return gathered(session, number)


def public_report(record: Gathered, application: ApplicationContext) -> Report:
    """Derive the report that everybody may see."""
    return public(assemble(record, application))
