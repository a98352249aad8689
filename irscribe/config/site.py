"""The values of the section ``[pages]``: the site, and where the bot serves it itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from irscribe.config.values import ByChannel, Listen
from irscribe.domain.casemapping import CaseMapping


class Shown(StrEnum):
    """From when on an incident has a page on the site: from its start, its close, or when its report is final."""

    OPEN = "open"
    CLOSED = "closed"
    FINAL = "final"


@dataclass(frozen=True)
class ShownFrom(ByChannel[Shown]):
    """From when on an incident has a page on the site, by its channel."""

    default: Shown = Shown.CLOSED


@dataclass(frozen=True, kw_only=True)
class Pages:
    """The site: its ``folder``, without which there is none, its public ``url``, and where the bot serves it itself.

    ``show`` is None where the settings do not say it.
    """

    folder: Path | None = None
    url: str | None = None
    title: str = "Incident reports"
    listen: Listen | None = None
    show: ShownFrom | None = None

    def shown_from(self, channel: str, casemapping: CaseMapping) -> Shown:
        """Give when an incident of a channel gets its page."""
        return (self.show or ShownFrom()).of(channel, casemapping)

    def served_from(self, folder: Path) -> Pages:
        """Give the site with a folder of its own if the bot is to serve it, and the settings name no folder."""
        return replace(self, folder=folder) if self.listen and not self.folder else self

    def on_inner_server(self, folder: Path) -> Pages:
        """Give the site on the inner server: there is one in any case, and incidents are on it from their start."""
        return replace(self, folder=self.folder or folder, show=self.show or ShownFrom(Shown.OPEN))
