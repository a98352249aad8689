"""The report as a page of the wiki: created once, never overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from irscribe.domain.errors import ServiceRefusedError
from irscribe.integrations.wikititle import page_title
from irscribe.render import render
from irscribe.services.filing.attempt import Attempt, Delivery, Prepared
from irscribe.services.filing.clients import Clients
from irscribe.services.report.exports import style
from models import Session, parts
from models.visibility import is_public

if TYPE_CHECKING:
    from irscribe.integrations.mediawiki import Page


def _write(attempt: Attempt) -> str:
    """Give the page with its title on the first line: an incident that is renamed later keeps its page's title."""
    incident = attempt.report.incident
    title = page_title(incident.opened_at.date(), incident.title or "")
    return f"{title}\n{render(attempt.report, 'wikitext', style(attempt.application, published=True))}"


def _look(attempt: Attempt, clients: Clients) -> Page | None:
    title, text = _parted(attempt.intent.text or _write(attempt))
    return clients.wiki().look(title, text)


def _prepare(attempt: Attempt, clients: Clients) -> Prepared:
    if not is_public(attempt.report.incident):
        raise ServiceRefusedError("The incident is private by now, and private incidents are not published.")
    wiki, whole = clients.wiki(), attempt.intent.text or _write(attempt)
    title, text = _parted(whole)
    summary = attempt.application.config.mediawiki.summary
    return Prepared(text=whole, send=lambda: wiki.publish(title, text, summary=summary))


def _record(session: Session, attempt: Attempt, page: Page) -> str:
    parts.set_field(session, attempt.audit, "published", page.url)
    since = ", and people have worked on it since" if page.revised else ""
    return f"The report of {attempt.intent.incident} is published{since}: {page.url}"


def _parted(text: str) -> tuple[str, str]:
    title, _, page = text.partition("\n")
    return title, page


PAGE = Delivery(look=_look, prepare=_prepare, record=_record, repeatable=True, keeps_text=True)
