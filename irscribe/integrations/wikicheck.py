"""Checks whether a wiki takes reports: login, rights, its prefix for tasks, and the templates that pages use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from irscribe.domain.errors import ServiceError, ServiceRefusedError
from irscribe.domain.prose import listing
from irscribe.integrations.wikirefusals import Advice
from irscribe.integrations.wikisession import WikiSession
from irscribe.integrations.wikititle import page_title

TITLES_PER_QUERY = 50
"""Titles in one query at most; MediaWiki ignores the rest for accounts that are no bots."""

_PROBE = page_title(date(1970, 1, 1), "check")
_CHECK: Mapping[str, str] = {
    "action": "query",
    "meta": "userinfo|siteinfo",
    "uiprop": "rights|blockinfo",
    "siprop": "general|interwikimap",
    "titles": _PROBE,
    "prop": "info",
    "intestactions": "edit|create",
}
_NAMESPACE = "Template"


@dataclass(frozen=True)
class Finding:
    """A result of a check: good, or the advice for it; ``passing`` if the bot works all the same, or later."""

    well: bool
    text: str
    passing: bool = False


class WikiCheck:
    """The checks of one wiki; nothing is written."""

    def __init__(self, session: WikiSession) -> None:
        self._session = session

    def access(self, *, task_prefix: str) -> list[Finding]:
        """Check login, rights and state, and whether the wiki knows the prefix for tasks (empty: not asked)."""
        try:
            body = self._session.logged_in(lambda: self._session.ask(_CHECK))
            return list(self._findings(body, task_prefix))
        except ServiceError as error:
            return [Finding(well=False, text=str(error), passing=not isinstance(error, ServiceRefusedError))]

    def templates(self, used: Sequence[str]) -> list[Finding]:
        """Check whether the wiki has these templates, each named as in ``{{name}}``; one finding for those it lacks."""
        try:
            lacking = [name for part in _parts(used) for name in self._lacking(part)]
        except ServiceError as error:
            return [Finding(well=False, text=str(error), passing=True)]
        if not lacking:
            return []
        words = listing([f"{{{{{name}}}}}" for name in lacking])
        template, them = ("template", "it") if len(lacking) == 1 else ("templates", "them")
        return [
            Finding(
                well=False,
                text=f"{self._session.http.wire.subject} has no {template} {words}, which the pages of this layout "
                f"use: make {them} there, or choose another [irscribe] layout (plain needs no template).",
                passing=True,
            )
        ]

    def _findings(self, body: Mapping[str, Any], task_prefix: str) -> Iterator[Finding]:
        find, wire = self._session.find, self._session.http.wire
        query = find(body, "query")
        name = find(query, "general", "sitename")
        yield Finding(well=True, text=f"{name}, logged in as {self._session.account}")
        yield self._right(find(query, "userinfo"), self._session.page(_PROBE, query))
        if find(query, "general").get("readonly"):
            reason = find(query, "general").get("readonlyreason", "no reason given")
            said = f"{wire.subject} is read-only: {self._session.http.quote(str(reason))}."
            yield Finding(well=False, text=said, passing=True)
        if task_prefix and task_prefix not in {each.get("prefix") for each in find(query, "interwikimap")}:
            yield Finding(
                well=False,
                text=f"{wire.subject} does not know the prefix {task_prefix}: of [mediawiki] task_prefix, so that its "
                "links to tasks lead nowhere: a wiki administrator can add it on Special:Interwiki.",
                passing=True,
            )

    def _right(self, user: Mapping[str, Any], probe: Mapping[str, Any]) -> Finding:
        """Check whether the account may create pages, and the reason if not."""
        wire = self._session.http.wire
        if "blockid" in user:
            return Finding(well=False, text=f"{wire.subject} has blocked the bot's account: {Advice.ADMINISTRATOR}.")
        may = probe.get("actions", {})
        if may.get("create") and may.get("edit"):
            return Finding(well=True, text="the bot may create pages")
        return Finding(well=False, text=f"The bot's account may not create pages on {wire.service}: {Advice.ACCOUNT}.")

    def _lacking(self, names: Sequence[str]) -> list[str]:
        """Give those of at most ``TITLES_PER_QUERY`` templates that have no page."""
        titles = {f"{_NAMESPACE}:{name}": name for name in names}
        query = {"action": "query", "titles": "|".join(titles)}
        body = self._session.logged_in(lambda: self._session.ask(query))
        found = self._session.find(body, "query")
        asked = {each.get("to"): each.get("from") for each in found.get("normalized", ())}
        absent = {each.get("title") for each in found.get("pages", ()) if "missing" in each or "invalid" in each}
        return [name for title, name in titles.items() if absent & {title, _respelled(title, asked)}]


def _respelled(title: str, asked: Mapping[Any, Any]) -> str | None:
    """Give the title as the wiki spells it, if it spells it differently."""
    return next((spelled for spelled, typed in asked.items() if typed == title), None)


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + TITLES_PER_QUERY] for start in range(0, len(names), TITLES_PER_QUERY))
