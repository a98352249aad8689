"""Renders the page of a task that is still to be filed: its description to copy, and a link to the form."""

from __future__ import annotations

import markupsafe

from irscribe.render.environment import environment


def render(title: str, description: str, *, form: str, is_whole: bool, is_private: bool) -> str:
    """Render the page as an HTML document; ``is_whole`` if the form at the address ``form`` holds the description."""
    template = environment(markupsafe.escape).get_template("draft.html")
    return template.render(title=title, description=description, form=form, is_whole=is_whole, is_private=is_private)
