"""PRIVMSG, NOTICE and TAGMSG, to channels and clients (modern.ircdocs.horse, ircv3.net echo-message, message-tags)."""

from __future__ import annotations

from collections.abc import Iterable

from irscribe.ircd.network import Network
from irscribe.ircd.numerics import ErrorReply
from irscribe.ircd.session import Session
from irscribe.ircd.wire import Capability, ClientMessage, ServerMessage


def say(network: Network, session: Session, message: ClientMessage) -> None:
    """PRIVMSG: sends a text to a list of targets."""
    if not message.param(0):
        session.refuse(ErrorReply.NO_RECIPIENT, text="No recipient given (PRIVMSG)")
    elif not message.param(1):
        session.refuse(ErrorReply.NO_TEXT)
    else:
        _deliver_or_refuse(network, session, message)


def notice(network: Network, session: Session, message: ClientMessage) -> None:
    """NOTICE: as PRIVMSG, but without error replies (RFC 2812 §3.3.2)."""
    if message.param(1):
        for target in network.split_targets(message.params[0]):
            _deliver(network, session, message, target=target)


def send_tags(network: Network, session: Session, message: ClientMessage) -> None:
    """TAGMSG: sends tags without a text, to those targets that take tags."""
    _deliver_or_refuse(network, session, message)


def _deliver_or_refuse(network: Network, session: Session, message: ClientMessage) -> None:
    for target in network.split_targets(message.params[0]):
        error = _deliver(network, session, message, target=target)
        if error:
            session.refuse(error, target)


def _deliver(network: Network, session: Session, message: ClientMessage, *, target: str) -> ErrorReply | None:
    if target.startswith("#"):
        return _deliver_to_channel(network, session, message, name=target)
    receiver = network.find(target)
    if receiver is None:
        return ErrorReply.NO_SUCH_NICK
    _send(session, [receiver], _compose(network, session, message, target=receiver.nick))
    return None


def _deliver_to_channel(network: Network, session: Session, message: ClientMessage, *, name: str) -> ErrorReply | None:
    channel = network.find_channel(name)
    if channel is None:
        return ErrorReply.NO_SUCH_CHANNEL
    if session not in channel.members:
        return ErrorReply.CANNOT_SEND
    others = [member for member in channel.members if member is not session]
    _send(session, others, _compose(network, session, message, target=channel.name))
    return None


def _compose(network: Network, session: Session, message: ClientMessage, *, target: str) -> ServerMessage:
    text = None if message.command == "TAGMSG" else message.param(1)
    msgid = network.next_msgid()
    return session.message(message.command, target, text=text, msgid=msgid, tags=message.client_tags)


def _send(session: Session, receivers: Iterable[Session], message: ServerMessage) -> None:
    echo = [session] if session.has(Capability.ECHO_MESSAGE) else []
    for receiver in [*receivers, *echo]:
        if message.text is not None or receiver.has(Capability.MESSAGE_TAGS):
            receiver.send(message)
