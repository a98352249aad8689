"""Words the news of the wiki page after an attempt to edit or compare it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from irscribe.domain.pageparts import Merged
from irscribe.domain.prose import listing, without_ping
from irscribe.domain.record import SentPage
from irscribe.domain.sentence import Speech, joined, sentence
from irscribe.domain.text import clean, cut
from irscribe.integrations.wikipage import PageState
from irscribe.services.filing.attempt import Attempt
from irscribe.services.filing.page_edit import PageEdit
from irscribe.services.filing.page_found import FoundPage
from irscribe.services.report.exports import PAGE_FORM, name_of, place

if TYPE_CHECKING:
    from irscribe.integrations.mediawiki import Page

MOST_NAMED = 6
"""More parts of a page than this are counted and not named."""
QUOTE_BYTES = 120
"""The most bytes of a reason, or of the name of a part."""


@dataclass(frozen=True, kw_only=True)
class PageNews:
    """The outcome of an attempt: a sentence, the page's address, and the page as the bot left it, if it edited it."""

    told: Speech
    url: str | None = None
    sent: SentPage | None = None


def published(attempt: Attempt, edit: PageEdit, page: Page) -> PageNews:
    """Say that the page was created, or was found as an earlier attempt had created it."""
    since = ", and people have worked on it since" if page.revised else ""
    told = f"The report of {attempt.intent.incident} is published{since}: {page.url}"
    return PageNews(told=told, url=page.url, sent=edit.sent(page.revision, attempt.at))


def revised(attempt: Attempt, edit: PageEdit, page: Page) -> PageNews:
    """Say which parts were brought up to date, and which stay as people left them."""
    stays = f"; as people left it: {named(edit.kept)}" if edit.kept else ""
    told = f"The page of {attempt.intent.incident} is up to date ({named(edit.changed)}{stays}): {edit.url}"
    return PageNews(told=told, url=edit.url, sent=edit.sent(page.revision, attempt.at, merged=page.merged))


def up_to_date(attempt: Attempt, found: FoundPage) -> PageNews:
    """Say that there is nothing to bring up to date."""
    told = f"The page of {attempt.intent.incident} says what the record says: {found.state.url}"
    return PageNews(told=told, url=found.state.url, sent=found.sent if found.is_own else None)


def gone(attempt: Attempt, state: PageState) -> PageNews:
    """Say that there is no page any more, and who deleted it."""
    deletion = state.deletion
    if deletion is None:
        how = "is not there any more"
    else:
        why = f", who wrote “{cut(clean(deletion.reason), QUOTE_BYTES)}”" if deletion.reason else ""
        how = f"was deleted on {deletion.at[:10]} by {without_ping(deletion.user or 'somebody')}{why}"
    said = sentence(
        "The page of {} {}: {} ({ir} publish! puts it there again).", attempt.intent.incident, how, state.url
    )
    return PageNews(told=said)


def edited(attempt: Attempt, found: FoundPage) -> PageNews:
    """Say that people worked on the page, so that it is not replaced as a whole."""
    last = found.state.last
    by = f"{without_ping(last.user)} has edited" if last and not found.state.is_ours else "People have edited"
    said = sentence(
        "{} the page of {}, so it is not replaced: {} ({ir} publish diff shows what differs, "
        "{ir} publish merge brings up to date what nobody touched).",
        by,
        attempt.intent.incident,
        found.state.url,
    )
    return PageNews(told=said, url=found.state.url)


def nothing_to_merge(attempt: Attempt, found: FoundPage, merged: Merged) -> PageNews:
    """Say that people changed every part that differs from the record."""
    if not merged.kept:
        return up_to_date(attempt, found)
    told = f"Nothing to merge into {found.state.url}: people changed all that differs ({named(merged.kept)})."
    return PageNews(told=told, url=found.state.url)


def compared(attempt: Attempt, found: FoundPage) -> PageNews:
    """Say in which parts page and record differ, and where the two can be compared."""
    if found.is_current:
        return up_to_date(attempt, found)
    merged, file = found.merged(), name_of(attempt.intent.incident, PAGE_FORM)
    differences: list[Speech] = []
    if merged.changed:
        verb = "publish" if found.is_own else "publish merge"
        differences.append(sentence("older than the record: {} ({ir} {})", named(merged.changed), verb))
    if merged.kept:
        differences.append(f"changed by people: {named(merged.kept)}")
    since = found.sent.revision
    theirs = f" · what they changed: {found.state.comparison(since)}" if found.base > since else ""
    where = place(attempt.application.config, file, private=False)
    told = sentence(
        "The page of {} is {}. The new text: {}{}", attempt.intent.incident, joined("; ", differences), where, theirs
    )
    return PageNews(told=told, url=found.state.url)


def named(names: Sequence[str]) -> str:
    """Name parts of a page in a sentence; many are counted."""
    shown = [cut(clean(each), QUOTE_BYTES) for each in names[:MOST_NAMED]]
    more = len(names) - len(shown)
    return listing([*shown, f"{more} more"] if more else shown)
