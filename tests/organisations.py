"""The settings of an organisation, Wikimedia: for tests about its layouts, questionnaires and servers."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from irscribe.config import Config, load

EXAMPLE = Path(__file__).parents[1] / "config.example.ini"
OF_THE_ORGANISATION = ("layout", "scorecard", "status_page", "phabricator", "mediawiki")
"""The settings that are Wikimedia's in the example."""


def wikimedia(config: Config | None = None) -> Config:
    """Those settings of the example, with all others as they are in ``config`` (none: as without a file)."""
    example = _example()
    return replace(config or load(None), **{name: getattr(example, name) for name in OF_THE_ORGANISATION})


@cache
def _example() -> Config:
    return load(EXAMPLE)
