"""Publishes a report on a wiki: one page, created once, and revised only as long as nobody else did so.

MediaWiki's ``createonly`` refuses to create a page twice; after such a refusal the page there is compared with the
report. ``baserevid`` refuses a revision of a page that has another one by now, unless the wiki can keep both changes.
After a lost answer the client looks at the page before it sends anything again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from irscribe.domain.errors import ServiceRefusedError
from irscribe.domain.text import clean, cut
from irscribe.integrations.http import Http, Wire
from irscribe.integrations.wikicheck import Finding, WikiCheck
from irscribe.integrations.wikipage import (
    FIRST,
    LAST,
    Deletion,
    Page,
    PageState,
    Revision,
    deletion_of,
    deletions,
    last_by,
    moved_to,
    preflight,
    revision_of,
    script_of,
    stored,
    whole,
)
from irscribe.integrations.wikirefusals import Advice, Complaint, PageChangedError, PageExistsError
from irscribe.integrations.wikisession import BearerToken, BotPassword, WikiSession
from irscribe.integrations.wikititle import page_title

__all__ = ["BearerToken", "BotPassword", "Finding", "Page", "PageState", "Revision", "Wiki", "connect", "page_title"]

LONGEST_SUMMARY_BYTES = 500
"""Bytes of a summary at most; MediaWiki silently cuts it after as many characters."""

_TIMEOUTS = (5.0, 30.0)


@dataclass(frozen=True, kw_only=True)
class _Draft:
    """A page to publish, with the digest that the wiki will compute of it."""

    title: str
    text: str
    sha1: str


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """The state of a title on the wiki: its address, even if there is no page, and one revision if there is one."""

    url: str
    token: str
    revision: int | None
    user: str
    sha1: str


def connect(
    url: str, login: BotPassword | BearerToken, *, name: str, contact: str = "", ca_file: Path | None = None
) -> Wiki:
    """Make a client of the wiki ``name``, whose ``api.php`` is at ``url``; it sends nothing yet."""
    wire = Wire(
        service=name,
        section="mediawiki",
        contact=contact,
        ca_file=ca_file,
        secrets=(login.secret,),
        timeouts=_TIMEOUTS,
        cookies=True,
    )
    return Wiki(url, login, Http(wire))


class Wiki:
    """A client of one MediaWiki, for one thread at a time."""

    def __init__(self, url: str, login: BotPassword | BearerToken, http: Http) -> None:
        self._session = WikiSession(url, login, http)

    def publish(self, title: str, text: str, *, summary: str) -> Page:
        """Create the page of that title with that text, or find it there with that text.

        Raises:
            ServiceRefusedError: the page has another text, or a person must change something.
            ServiceUnavailableError: nothing was published; later it may work.
            OutcomeUnknownError: it may have been published; ``look`` before publishing again.

        """
        draft = self._draft(title, text)
        return self._session.logged_in(lambda: self._publish(draft, summary))

    def look(self, title: str, text: str) -> Page | None:
        """Give the page of that title if we created it with that text; writes nothing, raises as ``publish`` does."""
        draft = self._draft(title, text)
        return self._session.logged_in(lambda: self._ours(draft, self._see(draft)))

    def read(self, title: str) -> PageState:
        """Give the page of that title as it stands, or where it was moved to; raises as ``publish`` does."""
        return self._session.logged_in(lambda: self._read(title))

    def first(self, title: str) -> Revision | None:
        """Give the first revision of the page if the bot's account wrote it."""
        found = self._session.logged_in(lambda: revision_of(self._whole(title, FIRST)[1]))
        return found if found and found.user == self._session.account else None

    def last_of_others(self, title: str) -> int | None:
        """Give the number of the last revision of the page by anybody but the bot's account; None if there is none."""
        found = self._session.logged_in(lambda: self._last_by(title, "rvexcludeuser"))
        return None if found is None else found.number

    def own_revision(self, title: str, url: str, *, base: int) -> Page | None:
        """Give the page if the bot's account has revised it since its revision ``base``."""
        found = self._session.logged_in(lambda: self._last_by(title, "rvuser"))
        if found is None or found.number <= base:
            return None
        return Page(url=url, revision=found.number, merged=found.parent != base)

    def revise(self, title: str, text: str, *, base: int, summary: str) -> Page:
        """Give the page of that title another text, as long as ``base`` is its last revision.

        Raises:
            PageChangedError: it has another last revision, or is gone; nothing was overwritten.
            ServiceRefusedError, ServiceUnavailableError, OutcomeUnknownError: as ``publish`` does.

        """
        draft = self._draft(title, text)
        return self._session.logged_in(lambda: self._revise(draft, base, summary))

    def check(self, *, task_prefix: str = "", templates: Sequence[str] = ()) -> list[Finding]:
        """Check whether reports can be published; one finding for each point.

        ``task_prefix`` is the interwiki prefix that the wiki should know, ``templates`` are the names of those that it
        should have.
        """
        checks = WikiCheck(self._session)
        found = checks.access(task_prefix=task_prefix)
        # A wiki that could not be asked, or refuses the login, is named once.
        asked = templates if found[0].well else ()
        return [*found, *checks.templates(asked)]

    def _draft(self, title: str, text: str) -> _Draft:
        """Normalise the text as MediaWiki does, so that its digest equals the wiki's."""
        kept = stored(text)
        if not kept:
            raise self._session.http.refused("There is no text to publish.")
        return _Draft(title=title, text=kept, sha1=hashlib.sha1(kept.encode(), usedforsecurity=False).hexdigest())

    def _publish(self, draft: _Draft, summary: str) -> Page:
        seen = self._see(draft)
        if seen.revision is None:
            try:
                return self._create(draft, summary, seen)
            except PageExistsError:
                seen = self._see(draft)
        page = self._ours(draft, seen)
        if page is None:
            raise self._taken(seen)
        return page

    def _create(self, draft: _Draft, summary: str, seen: _Seen) -> Page:
        edit = self._edit({**_edit(draft, summary), "createonly": "1", "token": seen.token})
        return Page(url=seen.url, revision=int(edit.get("newrevid", 0)), created=True)

    def _revise(self, draft: _Draft, base: int, summary: str) -> Page:
        seen = self._see(draft)
        if seen.revision != base:
            raise PageChangedError(f"Somebody else changed {seen.url} at this moment; nothing was overwritten.")
        based = {"nocreate": "1", "baserevid": str(base), "token": seen.token}
        edit = self._edit({**_edit(draft, summary), **based})
        if "nochange" in edit:
            return Page(url=seen.url, revision=base)
        return Page(url=seen.url, revision=int(edit.get("newrevid", 0)), merged=edit.get("oldrevid") != base)

    def _edit(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        """Send an edit; give what the wiki says of it, which is a success."""
        edit: Mapping[str, Any] = self._session.find(self._session.change(form), "edit")
        if edit.get("result") != "Success":
            code = "captcha" if "captcha" in edit else str(edit.get("code", "unknown"))
            self._session.fail(Complaint(code=code, text=str(edit.get("info", edit.get("result")))))
        return edit

    def _ours(self, draft: _Draft, seen: _Seen) -> Page | None:
        """Give the page if its last text is ours, or if its first was and people have changed it since."""
        if seen.revision is None:
            return None
        if self._wrote(draft, seen):
            return Page(url=seen.url, revision=seen.revision)
        first = self._see(draft, start=FIRST)
        if first.revision is not None and self._wrote(draft, first):
            return Page(url=first.url, revision=first.revision, revised=True)
        return None

    def _wrote(self, draft: _Draft, seen: _Seen) -> bool:
        return (seen.user, seen.sha1) == (self._session.account, draft.sha1)

    def _taken(self, seen: _Seen) -> ServiceRefusedError:
        whose = "another report of the bot" if seen.user == self._session.account else "a page of somebody else"
        return self._session.http.refused(
            f"There is {whose} at {seen.url} already; nothing was overwritten. Bring the two together by hand, or "
            f"{Advice.TITLE}.",
        )

    # reading pages

    def _read(self, title: str) -> PageState:
        found, page = self._whole(title, LAST)
        last = revision_of(page)
        return PageState(
            title=found,
            url=str(page.get("fullurl", "")),
            script=script_of(page),
            last=last,
            is_ours=last is not None and last.user == self._session.account,
            deletion=None if last else self._deletion(found),
        )

    def _whole(self, title: str, end: str) -> tuple[str, dict[str, Any]]:
        """Give the title that a page has by now, and the page."""
        query = self._session.find(self._session.ask(whole(title, end)), "query")
        found = moved_to(title, query)
        return found, self._session.page(found, query)

    def _deletion(self, title: str) -> Deletion | None:
        return deletion_of(self._session.find(self._session.ask(deletions(title)), "query", "logevents"))

    def _last_by(self, title: str, whose: str) -> Revision | None:
        query = self._session.find(self._session.ask(last_by(title, {whose: self._session.account or ""})), "query")
        return revision_of(self._session.page(title, query))

    def _see(self, draft: _Draft, *, start: str = LAST) -> _Seen:
        query = preflight(draft.title, start)
        return self._seen(draft.title, self._session.find(self._session.ask(query), "query"))

    def _seen(self, title: str, query: Mapping[str, Any]) -> _Seen:
        page = self._session.page(title, query)
        revisions = page.get("revisions") or [{}]
        return _Seen(
            url=str(page.get("fullurl", "")),
            token=str(self._session.find(dict(query), "tokens", "csrftoken")),
            revision=revisions[0].get("revid"),
            user=str(revisions[0].get("user", "")),
            sha1=str(revisions[0].get("sha1", "")),
        )


def _edit(draft: _Draft, summary: str) -> dict[str, str]:
    return {
        "action": "edit",
        "title": draft.title,
        "summary": cut(clean(summary), LONGEST_SUMMARY_BYTES),
        "watchlist": "nochange",
        "maxlag": "5",
        "md5": hashlib.md5(draft.text.encode(), usedforsecurity=False).hexdigest(),
        "text": draft.text,
    }
