"""The page as it is found on the wiki, beside the record and what the bot last sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from irscribe.domain.errors import ServiceRefusedError
from irscribe.domain.pageparts import Merged, differing, digest, digests, merge
from irscribe.domain.record import SentPage
from irscribe.integrations.wikipage import PageState, stored
from irscribe.integrations.wikititle import page_title, title_in
from irscribe.render import render
from irscribe.services.filing.attempt import Attempt
from irscribe.services.report.exports import style

if TYPE_CHECKING:
    from irscribe.integrations.mediawiki import Wiki


@dataclass(frozen=True, kw_only=True)
class FoundPage:
    """A page that is on the wiki (``state``), the record's text for it, and the page as the bot last left it."""

    state: PageState
    new: str
    sent: SentPage

    @property
    def text(self) -> str:
        """The text of the page."""
        return self.state.last.text if self.state.last else ""

    @property
    def base(self) -> int:
        """The number of its last revision."""
        return self.state.last.number if self.state.last else 0

    @property
    def is_own(self) -> bool:
        """True if the text is the bot's own, from the first to the last word."""
        return digest(self.text) == self.sent.digest

    @property
    def is_current(self) -> bool:
        """True if the page says what the record says, whatever blank lines or order of its parts people chose."""
        return not differing(self.text, self.new)

    def replaced(self) -> Merged:
        """The page with the record's text in its place."""
        return Merged(text=self.new, sent=digests(self.new), changed=differing(self.text, self.new), kept=())

    def merged(self) -> Merged:
        """The page with the bot's own parts brought up to date."""
        return merge(self.text, self.new, sent=self.sent.parts)


def find_page(attempt: Attempt, wiki: Wiki) -> FoundPage | PageState:
    """Read the page; give its state alone if it is gone.

    Raises ServiceRefusedError for a page that the bot did not make.
    """
    state = wiki.read(title_of(attempt))
    if state.last is None:
        return state
    sent = _last_sent(attempt, wiki, state) or _first_sent(attempt, wiki, state)
    if sent is None:
        raise ServiceRefusedError(f"The page at {state.url} is not one that the bot made; nothing was overwritten.")
    return FoundPage(state=state, new=composed(attempt), sent=sent)


def _last_sent(attempt: Attempt, wiki: Wiki, state: PageState) -> SentPage | None:
    """Give the page as the bot last left it, by the record; None if the record does not know.

    The bot may have edited the page since: a result can be lost with a text that was redacted, and the record may come
    from a backup. So if the page was the bot's own, and nobody else has edited it since, its text is what the bot left.
    """
    sent, last = attempt.page, state.last
    if sent is None or last is None or not sent.digest or not state.is_ours or digest(last.text) == sent.digest:
        return sent
    if (wiki.last_of_others(state.title) or 0) > sent.revision:
        return sent
    return _sent_page(attempt, title=state.title, revision=last.number, text=last.text)


def _first_sent(attempt: Attempt, wiki: Wiki, state: PageState) -> SentPage | None:
    """Give the page as the bot created it: an earlier version of the bot did not record what it sent."""
    first = wiki.first(state.title)
    if first is None:
        return None
    return _sent_page(attempt, title=state.title, revision=first.number, text=first.text)


def _sent_page(attempt: Attempt, *, title: str, revision: int, text: str) -> SentPage:
    return SentPage(title=title, revision=revision, digest=digest(text), parts=digests(text), sent_at=attempt.at)


def title_of(attempt: Attempt) -> str:
    """Give the title of the page that the incident has, whatever the incident is called by now."""
    if attempt.page is not None:
        return attempt.page.title
    incident = attempt.report.incident
    return title_in(attempt.report.metadata.page or "") or page_title(incident.opened_at.date(), incident.title or "")


def composed(attempt: Attempt) -> str:
    """Give the text of the page as the record has it."""
    return stored(render(attempt.report, "wikitext", style(attempt.application, published=True)))
