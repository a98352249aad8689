"""The welcome of a newly registered client: numerics 001 to 005 and the message of the day."""

from __future__ import annotations

from irscribe.ircd.channel import MAX_TOPIC_BYTES
from irscribe.ircd.names import MAX_CHANNEL_LENGTH, MAX_NICK_LENGTH, MAX_USER_LENGTH, NETWORK, SERVER
from irscribe.ircd.network import Network
from irscribe.ircd.numerics import Reply
from irscribe.ircd.session import Session

VERSION = "irscribe-1"

_SUPPORTED = (
    "CHANLIMIT=#:",
    "CHANMODES=b,,,nt",
    f"CHANNELLEN={MAX_CHANNEL_LENGTH}",
    "CHANTYPES=#",
    "MODES=4",
    f"NETWORK={NETWORK}",
    f"NICKLEN={MAX_NICK_LENGTH}",
    "PREFIX=(ov)@+",
    "TARGMAX=JOIN:,KICK:,NOTICE:,PART:,PRIVMSG:,TAGMSG:,WHOIS:",
    f"TOPICLEN={MAX_TOPIC_BYTES}",
    f"USERLEN={MAX_USER_LENGTH}",
    "WHOX",
)
"""The ISUPPORT tokens beside the case mapping: with it 13, as many as one line may have."""

_MOTD = (
    "The inner network of irscribe: it lives and ends with the bot.",
    "Join #incidents and type !ir help",
)


def welcome(network: Network, session: Session) -> None:
    """Sends the welcome."""
    session.reply(Reply.WELCOME, text=f"Welcome to the {NETWORK} network, {session.source}")
    session.reply(Reply.YOUR_HOST, text=f"Your host is {SERVER}, running version {VERSION}")
    session.reply(Reply.CREATED, text=f"This server was created {network.created:%Y-%m-%d %H:%M:%S} UTC")
    session.reply(Reply.MY_INFO, SERVER, VERSION, "i", "bnotv", "bov")
    session.reply(
        Reply.ISUPPORT, f"CASEMAPPING={network.casemapping}", *_SUPPORTED, text="are supported by this server"
    )
    session.reply(Reply.MOTD_START, text=f"- {SERVER} Message of the day -")
    for line in _MOTD:
        session.reply(Reply.MOTD, text=f"- {line}")
    session.reply(Reply.END_OF_MOTD, text="End of /MOTD command.")
