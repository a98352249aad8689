"""Permission: the standing of a person in an incident, and the need of each command."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from irscribe.domain.sentence import Speech, sentence


class Standing(IntEnum):
    """The standing of a person in an incident; a higher standing includes the rights of the lower ones."""

    ANYONE = 0
    JOINED = 1
    RESPONDER = 2
    TRUSTED = 3


class Need(StrEnum):
    """The need of a command: a standing in the incident, or a status that the network gives a person."""

    ANYONE = "anyone"
    VOICED = "voiced"
    OP = "op"
    ACCOUNT = "account"
    JOINED = "joined"
    RESPONDER = "responder"
    TRUSTED = "trusted"

    @classmethod
    def of(cls, standing: Standing) -> Need:
        """The need that is met by a standing."""
        return cls[standing.name]


NEEDED: Mapping[Standing, Speech] = {
    Standing.ANYONE: "anybody may",
    Standing.JOINED: sentence("join first with {ir} join"),
    Standing.RESPONDER: "only the incident's opener, its coordinator and whoever they added may do that",
    Standing.TRUSTED: "only the trusted people of this channel may do that",
}
"""The second half of a refusal, which names the standing needed."""

NETWORK_STATUS_NEEDED: Mapping[Need, Speech] = {
    Need.VOICED: "only somebody with voice in the channel may do that",
    Need.OP: "only an operator of the channel may do that",
    Need.ACCOUNT: "log in to the network's services first: it needs an account",
}
"""The second half of a refusal, which names the status at the network that is needed."""
