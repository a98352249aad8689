"""PASS, NICK and USER register a client, PING and PONG keep it, QUIT ends it (modern.ircdocs.horse)."""

from __future__ import annotations

from irscribe.ircd.commands.welcome import welcome
from irscribe.ircd.names import SERVER, clean_user, is_nick
from irscribe.ircd.network import Network
from irscribe.ircd.numerics import ErrorReply
from irscribe.ircd.session import Session
from irscribe.ircd.wire import ClientMessage

DEFAULT_QUIT_REASON = "Client Quit"


def take_nick(network: Network, session: Session, message: ClientMessage) -> None:
    """NICK: sets or changes the nick."""
    nick = message.param(0)
    if not nick:
        session.refuse(ErrorReply.NO_NICK_GIVEN)
    elif not is_nick(nick):
        session.refuse(ErrorReply.ERRONEOUS_NICK, nick)
    elif network.is_taken(nick, by_other_than=session):
        session.refuse(ErrorReply.NICK_IN_USE, nick)
    elif nick != session.nick:
        _rename(network, session, nick)


def _rename(network: Network, session: Session, nick: str) -> None:
    change = session.message("NICK", text=nick)
    network.rename(session, nick)
    if not session.registered:
        register(network, session)
        return
    for neighbour in network.neighbours(session):
        neighbour.send(change)


def take_user(network: Network, session: Session, message: ClientMessage) -> None:
    """USER: sets user name and real name, once."""
    if session.user:
        session.refuse(ErrorReply.ALREADY_REGISTERED)
        return
    session.user = clean_user(message.param(0))
    session.realname = message.param(3) or session.user
    register(network, session)


def register(network: Network, session: Session) -> None:
    """Registers and welcomes the client if it has sent nick and user and does not negotiate capabilities."""
    if session.registered or session.negotiating or not session.nick or not session.user:
        return
    session.registered = True
    welcome(network, session)


def take_password(_: Network, session: Session, __: ClientMessage) -> None:
    """PASS: accepts any password, since none is needed."""
    if session.registered:
        session.refuse(ErrorReply.ALREADY_REGISTERED)


def answer_ping(_: Network, session: Session, message: ClientMessage) -> None:
    """PING: sends the token back."""
    session.notify("PONG", SERVER, text=message.param(0))


def ignore_pong(_: Network, __: Session, ___: ClientMessage) -> None:
    """PONG: does nothing; the connection takes any line for a sign of life."""


def leave(network: Network, session: Session, message: ClientMessage) -> None:
    """QUIT: disconnects the client and passes its reason on."""
    reason = message.param(0)
    network.disconnect(session, f"Quit: {reason}" if reason else DEFAULT_QUIT_REASON)
