"""The report as a page of the wiki: created once, never overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from irscribe.domain.errors import ServiceRefusedError
from irscribe.integrations.wikititle import page_title
from irscribe.render import render
from irscribe.services.filing.clients import Clients
from irscribe.services.filing.job import Delivery, Job, Prepared
from irscribe.services.report.exports import style
from models import Session, parts
from models.visibility import is_public

if TYPE_CHECKING:
    from irscribe.integrations.mediawiki import Page


def _write(job: Job) -> str:
    """Give the page with its title on the first line: an incident that is renamed later keeps its page's title."""
    incident = job.report.incident
    title = page_title(incident.opened_at.date(), incident.title or "")
    return f"{title}\n{render(job.report, 'wikitext', style(job.application, published=True))}"


def _look(job: Job, clients: Clients) -> Page | None:
    title, text = _parted(job.intent.text or _write(job))
    return clients.wiki().look(title, text)


def _prepare(job: Job, clients: Clients) -> Prepared:
    if not is_public(job.report.incident):
        raise ServiceRefusedError("The incident is private by now, and private incidents are not published.")
    wiki, whole = clients.wiki(), job.intent.text or _write(job)
    title, text = _parted(whole)
    summary = job.application.config.mediawiki.summary
    return Prepared(text=whole, send=lambda: wiki.publish(title, text, summary=summary))


def _record(session: Session, job: Job, page: Page) -> str:
    parts.set_field(session, job.audit, "published", page.url)
    since = ", and people have worked on it since" if page.revised else ""
    return f"The report of {job.intent.incident} is published{since}: {page.url}"


def _parted(text: str) -> tuple[str, str]:
    title, _, page = text.partition("\n")
    return title, page


PAGE = Delivery(look=_look, prepare=_prepare, record=_record, repeatable=True, lasting=True)
