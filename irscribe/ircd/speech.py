"""Saying things: PRIVMSG, NOTICE, TAGMSG, AWAY (modern.ircdocs.horse, ircv3.net echo-message, message-tags)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from irscribe.ircd.about import TOPIC_LENGTH
from irscribe.ircd.names import fold, split_targets
from irscribe.ircd.numerics import Fault, Reply
from irscribe.ircd.session import Command, Session
from irscribe.ircd.wire import Capability, Received, Sent, cut


def say(session: Session, received: Received) -> None:
    """PRIVMSG: to channels and people, a comma between them."""
    _speak(session, received)


def notice(session: Session, received: Received) -> None:
    """NOTICE: as PRIVMSG, but nothing is ever answered to it (RFC 2812 §3.3.2)."""
    _speak(session, received)


def tag(session: Session, received: Received) -> None:
    """TAGMSG: tags without text, for those who take tags."""
    if not received.params:
        session.refuse(Fault.NEED_MORE_PARAMS, "TAGMSG")
        return
    for target in split_targets(received.params[0]):
        _deliver(session, received, target=target)


def _speak(session: Session, received: Received) -> None:
    quiet = received.command == "NOTICE"
    if not received.param(0):
        _object(session, Fault.NO_RECIPIENT, quiet=quiet, text=f"No recipient given ({received.command})")
    elif not received.param(1):
        _object(session, Fault.NO_TEXT, quiet=quiet)
    else:
        for target in split_targets(received.params[0]):
            _deliver(session, received, target=target)


def _object(session: Session, fault: Fault, *params: str, quiet: bool, text: str | None = None) -> None:
    if not quiet:
        session.refuse(fault, *params, text=text)


def _deliver(session: Session, received: Received, *, target: str) -> None:
    quiet = received.command == "NOTICE"
    session.last_spoke = time.monotonic()
    if target.startswith("#"):
        _deliver_to_channel(session, received, name=target, quiet=quiet)
        return
    receiver = session.server.find(target)
    if receiver is None:
        _object(session, Fault.NO_SUCH_NICK, target, quiet=quiet)
        return
    _send(session, [receiver], _compose(session, received, target=str(receiver.nick)))
    if receiver.away and received.command == "PRIVMSG":
        session.reply(Reply.AWAY, str(receiver.nick), text=receiver.away)


def _deliver_to_channel(session: Session, received: Received, *, name: str, quiet: bool) -> None:
    channel = session.server.channels.get(fold(name))
    if channel is None:
        _object(session, Fault.NO_SUCH_CHANNEL, name, quiet=quiet)
    elif session not in channel.members and "n" in channel.flags:
        _object(session, Fault.CANNOT_SEND, channel.name, quiet=quiet)
    else:
        others = [member for member in channel.members if member is not session]
        _send(session, others, _compose(session, received, target=channel.name))


def _compose(session: Session, received: Received, *, target: str) -> Sent:
    text = None if received.command == "TAGMSG" else received.param(1)
    msgid = session.server.next_msgid()
    return session.line(received.command, target, text=text, msgid=msgid, tags=received.client_tags)


def _send(session: Session, receivers: Iterable[Session], line: Sent) -> None:
    echo = [session] if session.has(Capability.ECHO_MESSAGE) else []
    for receiver in [*receivers, *echo]:
        if line.text is not None or receiver.has(Capability.MESSAGE_TAGS):
            receiver.send(line)


def handle_away(session: Session, received: Received) -> None:
    """AWAY: gone with a message, or back."""
    session.away = cut(received.param(0), TOPIC_LENGTH) or None
    if session.away:
        session.reply(Reply.NOW_AWAY, text="You have been marked as being away")
    else:
        session.reply(Reply.BACK, text="You are no longer marked as being away")
    change = session.line("AWAY", text=session.away)
    for neighbour in session.server.neighbours(session) - {session}:
        if neighbour.has(Capability.AWAY_NOTIFY):
            neighbour.send(change)


COMMANDS: Mapping[str, Command] = {
    "PRIVMSG": Command(say),
    "NOTICE": Command(notice),
    "TAGMSG": Command(tag),
    "AWAY": Command(handle_away),
}
