"""Who may: the standing a person has in an incident, and what each command needs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from fnmatch import fnmatchcase

from irscribe.domain.request import Person, fold
from irscribe.domain.sentence import Speech, sentence


class Standing(IntEnum):
    """What a person is to an incident; a higher one may all that a lower one may."""

    ANYONE = 0
    JOINED = 1
    RESPONDER = 2
    TRUSTED = 3


class Need(StrEnum):
    """What a command needs: a standing in the incident, or a sign the network gives."""

    ANYONE = "anyone"
    VOICED = "voiced"
    OP = "op"
    ACCOUNT = "account"
    JOINED = "joined"
    RESPONDER = "responder"
    TRUSTED = "trusted"

    @classmethod
    def of(cls, standing: Standing) -> Need:
        """The need that a standing fulfils."""
        return cls[standing.name]


NEEDED: Mapping[Standing, Speech] = {
    Standing.ANYONE: "anybody may",
    Standing.JOINED: sentence("join first with {ir} join"),
    Standing.RESPONDER: sentence(
        "only the incident's opener, its coordinator and whoever they added may do that; ask for {ir} add"
    ),
    Standing.TRUSTED: "only the trusted people of this channel may do that",
}
"""How a refusal goes on after saying what was refused."""

SIGN_NEEDED: Mapping[Need, Speech] = {
    Need.VOICED: "only somebody with voice in the channel may do that",
    Need.OP: "only an operator of the channel may do that",
    Need.ACCOUNT: "log in to the network's services first: it needs an account",
}
"""The same for what the network says of a person."""


def is_listed(person: Person, listed: str) -> bool:
    """Whether the settings mean this person by an account's name or a ``nick!user@host`` mask; a nick says nothing."""
    if "!" in listed or "@" in listed:
        return fnmatchcase(fold(person.mask), fold(listed))
    return person.account is not None and fold(person.account) == fold(listed)
