"""Fills in the templates of the pages that are about several incidents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from jinja2 import Environment

from irscribe.domain.moment import stamp
from irscribe.domain.prose import plural
from irscribe.pages import TEMPLATES, Site
from irscribe.render.environment import environment
from irscribe.render.facts import length
from irscribe.render.html import Writer, escape, known


@dataclass(frozen=True, kw_only=True)
class Target:
    """A page that the menu leads to."""

    path: str
    label: str


MENU: Sequence[Target] = (
    Target(path="index.html", label="Incidents"),
    Target(path="followups/index.html", label="Follow-ups"),
    Target(path="scorecards/index.html", label="Scorecards"),
    Target(path="statistics/index.html", label="Statistics"),
)


def fill(site: Site, name: str, path: str, **values: object) -> str:
    """Fill in a template for the page at ``path``; ``live`` is true if the page grows while people read it."""
    write = Writer(base=f"{site.style.tracker}/" if site.style.tracker else None)
    shared = {"site": site, "write": write, "menu": MENU, "here": path, "root": root(path), "live": False}
    return _environment().get_template(name).render(**{**shared, **values}).strip() + "\n"


def root(path: str) -> str:
    """Give the way from a page back to the folder of the site: ``../../`` from ``incidents/12/index.html``."""
    return "../" * path.count("/")


@cache
def _environment() -> Environment:
    made = environment(escape, TEMPLATES)
    made.filters.update(stamp=stamp, minute=_minute, length_of=length, known=known, incidents=_incidents)
    return made


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _incidents(count: int) -> str:
    return plural(count, "incident")
