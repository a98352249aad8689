"""The names that a line to the bot may begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from irscribe.domain.request import LineKind


@dataclass(frozen=True, kw_only=True)
class Names:
    """The bot's nick, the prefix of commands, and the names of each kind of command."""

    nick: str
    prefix: str = "!"
    incident: tuple[str, ...] = ("incident", "ir")
    log: tuple[str, ...] = ("log",)
    note: tuple[str, ...] = ("note",)

    @property
    def kinds(self) -> Mapping[str, LineKind]:
        """Give the kind of command for each name, in lower case."""
        by_kind = {LineKind.INCIDENT: self.incident, LineKind.LOG: self.log, LineKind.NOTE: self.note}
        return {name.lower(): kind for kind, names in by_kind.items() for name in names}
