"""The table of commands, and the step from a client's line to the command that carries it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from irscribe.ircd.commands import accounts, capabilities, channels, modes, people, registration, speech
from irscribe.ircd.network import Network
from irscribe.ircd.numerics import ErrorReply
from irscribe.ircd.session import Session
from irscribe.ircd.wire import ClientMessage, TagsTooLongError, parse


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its function, the number of parameters it needs, and whether it is for unregistered clients, too."""

    run: Callable[[Network, Session, ClientMessage], None]
    needs: int = 0
    unregistered: bool = False


COMMANDS: Mapping[str, Command] = {
    "AUTHENTICATE": Command(accounts.authenticate, needs=1, unregistered=True),
    "CAP": Command(capabilities.negotiate, needs=1, unregistered=True),
    "ISON": Command(people.show_present, needs=1),
    "JOIN": Command(channels.join, needs=1),
    "KICK": Command(channels.kick, needs=2),
    "MODE": Command(modes.handle_mode, needs=1),
    "NAMES": Command(channels.list_names, needs=1),
    "NICK": Command(registration.take_nick, unregistered=True),
    "NOTICE": Command(speech.notice),
    "PART": Command(channels.part, needs=1),
    "PASS": Command(registration.take_password, needs=1, unregistered=True),
    "PING": Command(registration.answer_ping, needs=1, unregistered=True),
    "PONG": Command(registration.ignore_pong, unregistered=True),
    "PRIVMSG": Command(speech.say),
    "QUIT": Command(registration.leave, unregistered=True),
    "TAGMSG": Command(speech.send_tags, needs=1),
    "TOPIC": Command(channels.handle_topic, needs=1),
    "USER": Command(registration.take_user, needs=4, unregistered=True),
    "WHO": Command(people.list_clients, needs=1),
    "WHOIS": Command(people.describe, needs=1),
}


def carry_out(network: Network, session: Session, line: bytes) -> None:
    """Carries out a client's line, or tells the client why not. The caller holds the network's lock."""
    try:
        message = parse(line)
    except TagsTooLongError:
        session.refuse(ErrorReply.INPUT_TOO_LONG)
        return
    if message.command:
        _run(network, session, message)


def _run(network: Network, session: Session, message: ClientMessage) -> None:
    command = COMMANDS.get(message.command)
    if command is None:
        session.refuse(ErrorReply.UNKNOWN_COMMAND, message.command)
    elif not (session.registered or command.unregistered):
        session.refuse(ErrorReply.NOT_REGISTERED)
    elif len(message.params) < command.needs:
        session.refuse(ErrorReply.NEED_MORE_PARAMS, message.command)
    else:
        command.run(network, session, message)
