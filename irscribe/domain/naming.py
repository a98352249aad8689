"""The naming of a network: the case mapping by which it compares names, and whether it has accounts."""

from __future__ import annotations

from dataclasses import dataclass

from irscribe.domain.casemapping import CaseMapping


@dataclass(frozen=True, kw_only=True)
class Naming:
    """The naming of a network; ``has_accounts`` is true if a connection can see who is logged in to an account."""

    casemapping: CaseMapping
    has_accounts: bool


STRICTEST = Naming(casemapping=CaseMapping.ASCII, has_accounts=True)
"""Holds where no other is known: it takes the fewest names for one, and no nick for a person."""


@dataclass(frozen=True, kw_only=True)
class NetworkNamed:
    """The network has announced its naming: an event, which comes before the lines of the connection."""

    network: str
    naming: Naming
