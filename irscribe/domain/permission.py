"""Who may: the standing a person has in an incident, and what each command needs."""

from __future__ import annotations

from enum import IntEnum


class Standing(IntEnum):
    """What a person is to an incident; a higher one may all that a lower one may."""

    ANYONE = 0
    JOINED = 1
    RESPONDER = 2
    TRUSTED = 3


NEEDED = {
    Standing.JOINED: "join first with !ir join.",
    Standing.RESPONDER: "whoever opened it, coordinates it or was added by them may; ask for !ir add.",
    Standing.TRUSTED: "one of the trusted people of this channel may.",
}
"""How a refusal goes on after saying what was refused."""
