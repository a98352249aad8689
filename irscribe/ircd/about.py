"""What the server says of itself: the welcome, ISUPPORT, LUSERS, MOTD, VERSION, TIME."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from irscribe.ircd.names import CHANNEL_LENGTH, NICK_LENGTH, USER_LENGTH
from irscribe.ircd.numerics import Reply
from irscribe.ircd.session import Command, Session
from irscribe.ircd.wire import Received

NETWORK = "irscribe"
VERSION = "irscribe-1"
TOPIC_LENGTH = 390
MODES_PER_LINE = 4

_SUPPORTED = (
    "AWAYLEN=200",
    "CASEMAPPING=rfc1459",
    "CHANLIMIT=#:",
    "CHANMODES=b,,,nt",
    f"CHANNELLEN={CHANNEL_LENGTH}",
    "CHANTYPES=#",
    "HOSTLEN=64",
    "KICKLEN=390",
    f"MODES={MODES_PER_LINE}",
    f"NETWORK={NETWORK}",
    f"NICKLEN={NICK_LENGTH}",
    "PREFIX=(ov)@+",
    "TARGMAX=JOIN:,KICK:,NOTICE:,PART:,PRIVMSG:,TAGMSG:,WHOIS:",
    f"TOPICLEN={TOPIC_LENGTH}",
    f"USERLEN={USER_LENGTH}",
    "WHOX",
)
_TOKENS_PER_LINE = 13

_MOTD = (
    "The inner network of irscribe: it lives and ends with the bot.",
    "Join #incidents and type !incident help",
)


def greet(session: Session) -> None:
    """Everything a client is told once it is registered."""
    server = session.server
    text = f"Welcome to the {NETWORK} network, {session.client_ident()}"
    session.reply(Reply.WELCOME, text=text)
    session.reply(Reply.YOUR_HOST, text=f"Your host is {server.name}, running version {VERSION}")
    session.reply(Reply.CREATED, text=f"This server was created {server.created:%Y-%m-%d %H:%M:%S} UTC")
    session.reply(Reply.MY_INFO, server.name, VERSION, "iw", "bnotv", "bov")
    _show_support(session)
    show_users(session, None)
    show_motd(session, None)


def _show_support(session: Session) -> None:
    for first in range(0, len(_SUPPORTED), _TOKENS_PER_LINE):
        tokens = _SUPPORTED[first : first + _TOKENS_PER_LINE]
        session.reply(Reply.ISUPPORT, *tokens, text="are supported by this server")


def show_users(session: Session, _: Received | None) -> None:
    """LUSERS: how many are here."""
    server = session.server
    here, most = len(server.registered), server.most_clients
    session.reply(Reply.LUSER_CLIENT, text=f"There are {here} users and 0 invisible on 1 servers")
    session.reply(Reply.LUSER_OPERATORS, "0", text="operator(s) online")
    session.reply(Reply.LUSER_UNKNOWN, str(server.unregistered), text="unknown connection(s)")
    session.reply(Reply.LUSER_CHANNELS, str(len(server.channels)), text="channels formed")
    session.reply(Reply.LUSER_ME, text=f"I have {here} clients and 0 servers")
    session.reply(Reply.LOCAL_USERS, str(here), str(most), text=f"Current local users {here}, max {most}")
    session.reply(Reply.GLOBAL_USERS, str(here), str(most), text=f"Current global users {here}, max {most}")


def show_motd(session: Session, _: Received | None) -> None:
    """MOTD: the message of the day."""
    session.reply(Reply.MOTD_START, text=f"- {session.server.name} Message of the day -")
    for line in _MOTD:
        session.reply(Reply.MOTD, text=f"- {line}")
    session.reply(Reply.END_OF_MOTD, text="End of /MOTD command.")


def show_version(session: Session, _: Received) -> None:
    """VERSION: the program, and ISUPPORT again."""
    session.reply(Reply.VERSION, VERSION, session.server.name, text="the inner server of irscribe")
    _show_support(session)


def show_time(session: Session, _: Received) -> None:
    """TIME: the server's clock, in UTC."""
    now = datetime.now(UTC)
    text = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    session.reply(Reply.TIME, session.server.name, text=text)


COMMANDS: Mapping[str, Command] = {
    "LUSERS": Command(show_users),
    "MOTD": Command(show_motd),
    "VERSION": Command(show_version),
    "TIME": Command(show_time),
}
