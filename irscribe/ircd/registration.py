"""How a client comes and goes: CAP, NICK, USER, PING, QUIT (modern.ircdocs.horse, ircv3.net capability-negotiation)."""

from __future__ import annotations

from collections.abc import Mapping

from irscribe.ircd.about import greet
from irscribe.ircd.names import clean_user, fold, is_nick
from irscribe.ircd.numerics import Fault
from irscribe.ircd.session import Command, Session
from irscribe.ircd.wire import Capability, Received

REASON_WITHOUT_WORDS = "Client Quit"


def negotiate(session: Session, received: Received) -> None:
    """CAP: what the server can, what the client wants, and that it is done."""
    action = _CAP_ACTIONS.get(received.param(0).upper())
    if action is None:
        session.refuse(Fault.INVALID_CAP, received.param(0))
    else:
        action(session, received)


def _list_offered(session: Session, received: Received) -> None:
    session.negotiating = not session.registered
    version = received.param(1)
    values = version.isdecimal() and int(version) >= 302  # noqa: PLR2004 - the version that brought values
    _answer_cap(session, "LS", " ".join(_offer(capability, value=values) for capability in Capability))


def _offer(capability: Capability, *, value: bool) -> str:
    return "sasl=PLAIN" if value and capability is Capability.SASL else capability.value


def _list_taken(session: Session, _: Received) -> None:
    _answer_cap(session, "LIST", " ".join(sorted(session.capabilities)))


def _request(session: Session, received: Received) -> None:
    session.negotiating = not session.registered
    wanted = received.param(1).split()
    known = {capability.value for capability in Capability}
    if not {name.removeprefix("-") for name in wanted} <= known:
        _answer_cap(session, "NAK", received.param(1))
        return
    for name in wanted:
        change = session.capabilities.discard if name.startswith("-") else session.capabilities.add
        change(Capability(name.removeprefix("-")))
    _answer_cap(session, "ACK", " ".join(wanted))


def _end(session: Session, _: Received) -> None:
    session.negotiating = False
    _welcome(session)


def _answer_cap(session: Session, action: str, text: str) -> None:
    session.notify("CAP", session.nick or "*", action, text=text)


_CAP_ACTIONS = {"LS": _list_offered, "LIST": _list_taken, "REQ": _request, "END": _end}


def take_nick(session: Session, received: Received) -> None:
    """NICK: the first, or another."""
    nick = received.param(0)
    if not nick:
        session.refuse(Fault.NO_NICK_GIVEN)
    elif not is_nick(nick):
        session.refuse(Fault.ERRONEOUS_NICK, nick)
    elif session.server.clients.get(fold(nick), session) is not session:
        session.refuse(Fault.NICK_IN_USE, nick)
    elif nick != session.nick:
        _rename(session, nick)


def _rename(session: Session, nick: str) -> None:
    change = session.line("NICK", text=nick)
    session.server.rename(session, nick)
    if not session.registered:
        _welcome(session)
        return
    for neighbour in session.server.neighbours(session):
        neighbour.send(change)


def introduce(session: Session, received: Received) -> None:
    """USER: user name and real name, once."""
    if session.user is not None:
        session.refuse(Fault.ALREADY_REGISTERED)
        return
    session.user = clean_user(received.param(0))
    session.realname = received.param(3) or session.user
    _welcome(session)


def _welcome(session: Session) -> None:
    if session.registered or session.negotiating or session.nick is None or session.user is None:
        return
    session.registered = True
    greet(session)


def take_password(session: Session, _: Received) -> None:
    """PASS: taken and not needed."""
    if session.registered:
        session.refuse(Fault.ALREADY_REGISTERED)


def answer_ping(session: Session, received: Received) -> None:
    """PING: the same token back."""
    session.notify("PONG", session.server.name, text=received.param(0))


def note_pong(_: Session, __: Received) -> None:
    """PONG: any line is a sign of life, this one is nothing else."""


def leave(session: Session, received: Received) -> None:
    """QUIT: tells the others why."""
    reason = received.param(0)
    session.hang_up(f"Quit: {reason}" if reason else REASON_WITHOUT_WORDS)


def refuse_powers(session: Session, _: Received) -> None:
    """OPER: this network has no operators of its own."""
    session.refuse(Fault.NO_OPERATOR_HOST)


COMMANDS: Mapping[str, Command] = {
    "CAP": Command(negotiate, needs=1, early=True),
    "NICK": Command(take_nick, early=True),
    "USER": Command(introduce, needs=4, early=True),
    "PASS": Command(take_password, needs=1, early=True),
    "PING": Command(answer_ping, needs=1, early=True),
    "PONG": Command(note_pong, early=True),
    "QUIT": Command(leave, early=True),
    "OPER": Command(refuse_powers, needs=2),
}
