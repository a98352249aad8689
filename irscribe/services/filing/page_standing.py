"""The page as it stands on the wiki, beside the record and what the bot last sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from irscribe.domain.errors import ServiceRefusedError
from irscribe.domain.pageparts import Merged, digest, digests, merge
from irscribe.domain.record import SentPage
from irscribe.integrations.wikipage import PageState, stored
from irscribe.integrations.wikititle import page_title, title_in
from irscribe.render import render
from irscribe.services.filing.attempt import Attempt
from irscribe.services.report.exports import style

if TYPE_CHECKING:
    from irscribe.integrations.mediawiki import Wiki


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A page that stands on the wiki, the record's text for it, and the page as the bot last left it."""

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
    def is_whole(self) -> bool:
        """True if the text is the bot's own, from the first to the last word."""
        return digest(self.text) == self.sent.digest

    @property
    def is_current(self) -> bool:
        """True if the page says what the record says."""
        return digest(self.text) == digest(self.new)

    def merged(self) -> Merged:
        """The page with the bot's own parts brought up to date."""
        return merge(self.text, self.new, sent=self.sent.parts)


def standing(attempt: Attempt, wiki: Wiki) -> Standing | PageState:
    """Read the page; give its state alone if it is gone.

    Raises ServiceRefusedError for a page that the bot did not make.
    """
    state = wiki.read(title_of(attempt))
    if state.last is None:
        return state
    sent = _left(attempt, wiki, state) or _first(attempt, wiki, state)
    if sent is None:
        raise ServiceRefusedError(f"The page at {state.url} is not one that the bot made; nothing was overwritten.")
    return Standing(state=state, new=composed(attempt), sent=sent)


def _left(attempt: Attempt, wiki: Wiki, state: PageState) -> SentPage | None:
    """Give the page as the bot last left it; also if the record does not know of its last edits.

    A result may have been lost with a text that was redacted, or the record may come from a backup. The page was the
    bot's own then, from the first to the last word, and nobody else has edited it since.
    """
    sent, last = attempt.page, state.last
    if sent is None or last is None or not sent.digest or not state.is_ours or digest(last.text) == sent.digest:
        return sent
    if (wiki.last_of_others(state.title) or 0) > sent.revision:
        return sent
    return _sent(attempt, title=state.title, revision=last.number, text=last.text)


def _first(attempt: Attempt, wiki: Wiki, state: PageState) -> SentPage | None:
    """Give the page as a version of the bot left it that kept nothing of it: as it was created."""
    first = wiki.first(state.title)
    if first is None:
        return None
    return _sent(attempt, title=state.title, revision=first.number, text=first.text)


def _sent(attempt: Attempt, *, title: str, revision: int, text: str) -> SentPage:
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
