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
from irscribe.services.filing.page_standing import Standing
from irscribe.services.report.exports import PAGE_FORM, name_of, place

if TYPE_CHECKING:
    from irscribe.integrations.mediawiki import Page

MOST_NAMED = 6
"""More parts of a page than this are counted and not named."""
REASON_BYTES = 120


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


def already(attempt: Attempt, stands: Standing) -> PageNews:
    """Say that there is nothing to bring up to date."""
    told = f"The page of {attempt.intent.incident} says what the record says: {stands.state.url}"
    own = stands.is_whole
    return PageNews(told=told, url=stands.state.url, sent=stands.sent if own else None)


def gone(attempt: Attempt, state: PageState) -> PageNews:
    """Say that there is no page any more, and who deleted it."""
    found = state.deletion
    if found is None:
        how = "is not there any more"
    else:
        why = f", who wrote “{cut(clean(found.reason), REASON_BYTES)}”" if found.reason else ""
        how = f"was deleted on {found.at[:10]} by {without_ping(found.user or 'somebody')}{why}"
    said = sentence(
        "The page of {} {}: {} ({ir} publish! puts it there again).", attempt.intent.incident, how, state.url
    )
    return PageNews(told=said)


def edited(attempt: Attempt, stands: Standing) -> PageNews:
    """Say that people worked on the page, so that it is not replaced as a whole."""
    last = stands.state.last
    by = f"{without_ping(last.user)} has edited" if last and not stands.state.is_ours else "People have edited"
    said = sentence(
        "{} the page of {}, so it is not replaced: {} ({ir} publish diff shows what differs, "
        "{ir} publish merge brings up to date what nobody touched).",
        by,
        attempt.intent.incident,
        stands.state.url,
    )
    return PageNews(told=said, url=stands.state.url)


def nothing_to_merge(attempt: Attempt, stands: Standing, merged: Merged) -> PageNews:
    """Say that people changed every part that differs from the record."""
    if not merged.kept:
        return already(attempt, stands)
    told = f"Nothing to merge into {stands.state.url}: people changed all that differs ({named(merged.kept)})."
    return PageNews(told=told, url=stands.state.url)


def compared(attempt: Attempt, stands: Standing) -> PageNews:
    """Say in which parts page and record differ, and where the two can be compared."""
    if stands.is_current:
        return already(attempt, stands)
    merged, file = stands.merged(), name_of(attempt.intent.incident, PAGE_FORM)
    ways: list[Speech] = []
    if merged.changed:
        verb = "publish" if stands.is_whole else "publish merge"
        ways.append(sentence("older than the record: {} ({ir} {})", named(merged.changed), verb))
    if merged.kept:
        ways.append(f"changed by people: {named(merged.kept)}")
    since = stands.sent.revision
    theirs = f" · what they changed: {stands.state.comparison(since)}" if stands.base > since else ""
    where = place(attempt.application.config, file, private=False)
    told = sentence("The page of {} is {}. The new text: {}{}", attempt.intent.incident, _and(ways), where, theirs)
    return PageNews(told=told, url=stands.state.url)


def _and(ways: Sequence[Speech]) -> Speech:
    return joined("; ", ways)


def named(names: Sequence[str]) -> str:
    """Name parts of a page in a sentence."""
    shown = [cut(clean(each), REASON_BYTES) for each in names[:MOST_NAMED]]
    more = len(names) - len(shown)
    return listing([*shown, f"{more} more"] if more else shown)
