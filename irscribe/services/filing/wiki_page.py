"""The report as a page of the wiki: created, brought up to date, merged and compared.

The bot's text replaces only text of the bot. A part of the page that a person changed stays as it is.
"""

from __future__ import annotations

from irscribe.domain.errors import ServiceRefusedError
from irscribe.domain.intent import IntentKind
from irscribe.domain.pageparts import Merged, differing, digests
from irscribe.domain.sentence import Speech
from irscribe.integrations.wikipage import PageState, stored
from irscribe.integrations.wikititle import page_title
from irscribe.services.filing.attempt import Attempt, Delivery, Prepared
from irscribe.services.filing.clients import Clients
from irscribe.services.filing.page_edit import PageEdit
from irscribe.services.filing.page_found import FoundPage, composed, find_page, title_of
from irscribe.services.filing.page_news import (
    PageNews,
    compared,
    edited,
    gone,
    named,
    nothing_to_merge,
    published,
    revised,
    up_to_date,
)
from irscribe.services.report.exports import PAGE_FORM
from models import Session, pages, parts
from models.visibility import is_public


def _look(attempt: Attempt, clients: Clients) -> PageNews | None:
    """Give the result of an edit that was sent before; None if it did not arrive."""
    edit = PageEdit.read(attempt.intent.text) if attempt.intent.text else None
    if edit is None:
        return None
    wiki = clients.wiki()
    if not edit.base:
        created = wiki.look(edit.title, edit.text)
        return published(attempt, edit, created) if created else None
    page = wiki.own_revision(edit.title, edit.url, base=edit.base)
    return revised(attempt, edit, page) if page else None


def _prepare(attempt: Attempt, clients: Clients) -> Prepared:
    _require_public(attempt)
    if attempt.report.metadata.page is None:
        return _prepare_first(attempt, clients)
    found = find_page(attempt, clients.wiki())
    if isinstance(found, PageState):
        return _prepare_missing(attempt, clients, found)
    if found.is_current:
        return _settled(up_to_date(attempt, found))
    if not found.is_own:
        return _settled(_declined(attempt, edited(attempt, found)))
    return _prepare_edit(attempt, clients, _edit_of(found, found.replaced()))


def _prepare_merge(attempt: Attempt, clients: Clients) -> Prepared:
    _require_public(attempt)
    found = find_page(attempt, clients.wiki())
    if isinstance(found, PageState):
        return _settled(gone(attempt, found))
    merged = found.merged()
    if not differing(found.text, merged.text):
        return _settled(nothing_to_merge(attempt, found, merged))
    return _prepare_edit(attempt, clients, _edit_of(found, merged))


def _prepare_comparison(attempt: Attempt, clients: Clients) -> Prepared:
    _require_public(attempt)
    found = find_page(attempt, clients.wiki())
    if isinstance(found, PageState):
        return _settled(gone(attempt, found))
    return _settled(compared(attempt, found))


def _prepare_first(attempt: Attempt, clients: Clients) -> Prepared:
    """Prepare the creation of the page, with the title and text that an earlier attempt may have kept."""
    if attempt.intent.kind is IntentKind.PAGE_FOLLOW:
        return _settled(PageNews(told="The report is not published yet."))
    incident = attempt.report.incident
    title = page_title(incident.opened_at.date(), incident.title or "")
    kept = PageEdit.read(attempt.intent.text) if attempt.intent.text else None
    return _prepare_creation(attempt, clients, kept or _creation(attempt, title))


def _prepare_missing(attempt: Attempt, clients: Clients, missing: PageState) -> Prepared:
    if attempt.intent.kind is not IntentKind.PAGE_ANEW:
        return _settled(_declined(attempt, gone(attempt, missing)))
    return _prepare_creation(attempt, clients, _creation(attempt, title_of(attempt)))


def _prepare_creation(attempt: Attempt, clients: Clients, edit: PageEdit) -> Prepared:
    wiki, summary = clients.wiki(), attempt.application.config.mediawiki.summary
    return Prepared(
        text=edit.write(),
        send=lambda: published(attempt, edit, wiki.publish(edit.title, edit.text, summary=summary)),
    )


def _prepare_edit(attempt: Attempt, clients: Clients, edit: PageEdit) -> Prepared:
    wiki = clients.wiki()
    summary = f"{attempt.application.config.mediawiki.summary}: {named(edit.changed)}"

    def send() -> PageNews:
        page = wiki.revise(edit.title, edit.text, base=edit.base, summary=summary)
        return revised(attempt, edit, page)

    return Prepared(text=edit.write(), send=send)


def _edit_of(found: FoundPage, merged: Merged) -> PageEdit:
    return PageEdit(
        title=found.state.title,
        url=found.state.url,
        base=found.base,
        text=stored(merged.text),
        parts=merged.sent,
        changed=merged.changed,
        kept=merged.kept,
    )


def _settled(news: PageNews) -> Prepared:
    """Prepare an answer without an edit."""
    return Prepared(text="", send=lambda: news)


def _record(session: Session, attempt: Attempt, news: PageNews) -> Speech:
    if news.url is not None:
        parts.set_field(session, attempt.audit, parts.PAGE, news.url)
    if news.sent is not None:
        pages.keep(session, attempt.intent.incident, news.sent)
    return news.told


def _creation(attempt: Attempt, title: str) -> PageEdit:
    text = composed(attempt)
    return PageEdit(title=title, url="", base=0, text=text, parts=digests(text), changed=(), kept=())


def _declined(attempt: Attempt, news: PageNews) -> PageNews:
    """Give news to the person who asked.

    Raises ServiceRefusedError with the news if nobody asked: an update by itself then waits for a person.
    """
    if attempt.intent.kind is IntentKind.PAGE_FOLLOW:
        raise ServiceRefusedError(news.told)
    return news


def _require_public(attempt: Attempt) -> None:
    if not is_public(attempt.report.incident):
        raise ServiceRefusedError("The incident is private by now, and private incidents are not published.")


PAGE = Delivery(look=_look, prepare=_prepare, record=_record, repeatable=True, keeps_text=True)
MERGE = Delivery(look=_look, prepare=_prepare_merge, record=_record, repeatable=True, keeps_text=True)
COMPARISON = Delivery(
    look=_look, prepare=_prepare_comparison, record=_record, repeatable=True, keeps_text=True, form=PAGE_FORM
)
