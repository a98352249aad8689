"""The address of a filled-in form for a new task, which a person checks and sends; it needs no token."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from irscribe.integrations.tasks import fit_text, fit_title

LONGEST_URL = 6000
"""Bytes of an address at most; browsers take more, but proxies and web servers stop at about eight thousand."""

DEFAULT_FORM = "default"


@dataclass(frozen=True, kw_only=True)
class FormDraft:
    """The content of the form; ``tags`` are slugs of projects, ``form`` is the number of a form of the server."""

    title: str
    description: str
    tags: tuple[str, ...] = ()
    priority: str | None = None
    form: str = DEFAULT_FORM


def form_url(base: str, draft: FormDraft) -> str | None:
    """Give the address of the form with the draft in it; None if it is longer than servers accept."""
    fields = {
        "title": fit_title(draft.title),
        "description": fit_text(draft.description),
        "tags": ",".join(tag.strip().lstrip("#") for tag in draft.tags),
        "priority": draft.priority or "",
    }
    query = urlencode({name: text for name, text in fields.items() if text}, quote_via=quote)
    url = f"{base.rstrip('/')}/maniphest/task/edit/form/{quote(draft.form, safe='')}/?{query}"
    return url if len(url) <= LONGEST_URL else None
