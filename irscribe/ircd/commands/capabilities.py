"""CAP: the negotiation of capabilities (ircv3.net capability-negotiation)."""

from __future__ import annotations

from irscribe.ircd.commands.registration import register
from irscribe.ircd.network import Network
from irscribe.ircd.numerics import ErrorReply
from irscribe.ircd.session import Session
from irscribe.ircd.wire import Capability, ClientMessage

VERSION_WITH_VALUES = 302
"""The version of the negotiation since which an offered capability may have a value."""


def negotiate(network: Network, session: Session, message: ClientMessage) -> None:
    """CAP: offers, lists and changes capabilities; the welcome waits from LS or REQ until END."""
    match message.param(0).upper():
        case "LS":
            _offer(session, message.param(1))
        case "LIST":
            _answer(session, "LIST", " ".join(sorted(session.capabilities)))
        case "REQ":
            _change(session, message.param(1))
        case "END":
            session.negotiating = False
            register(network, session)
        case _:
            session.refuse(ErrorReply.INVALID_CAP, message.param(0))


def _offer(session: Session, version: str) -> None:
    session.negotiating = not session.registered
    with_values = version.isdecimal() and int(version) >= VERSION_WITH_VALUES
    offered = ["sasl=PLAIN" if with_values and each is Capability.SASL else each.value for each in Capability]
    _answer(session, "LS", " ".join(offered))


def _change(session: Session, requested: str) -> None:
    session.negotiating = not session.registered
    names = requested.split()
    known = {capability.value for capability in Capability}
    if not {name.removeprefix("-") for name in names} <= known:
        _answer(session, "NAK", requested)
        return
    for name in names:
        change = session.capabilities.discard if name.startswith("-") else session.capabilities.add
        change(Capability(name.removeprefix("-")))
    _answer(session, "ACK", " ".join(names))


def _answer(session: Session, action: str, text: str) -> None:
    session.notify("CAP", session.nick or "*", action, text=text)
