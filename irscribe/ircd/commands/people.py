"""WHO with WHOX, WHOIS and ISON (modern.ircdocs.horse, ircv3.net WHOX)."""

from __future__ import annotations

from irscribe.ircd.channel import Channel
from irscribe.ircd.names import SERVER
from irscribe.ircd.network import Network
from irscribe.ircd.numerics import ErrorReply, Reply
from irscribe.ircd.session import Session
from irscribe.ircd.wire import Capability, ClientMessage

WHOX_ORDER = "tcuihsnfdlao"
"""The fixed order of the fields of a WHOX reply; the real name, ``r``, is its text."""


def list_clients(network: Network, session: Session, message: ClientMessage) -> None:
    """WHO: lists the members of a channel, or the client with a nick; other masks match nobody."""
    mask = message.params[0]
    channel = network.find_channel(mask)
    clients = list(channel.members) if channel else [client for client in [network.find(mask)] if client]
    _, percent, fields = message.param(1).partition("%")
    for client in clients:
        if percent:
            _show_whox(session, client, channel=channel, fields=fields)
        else:
            _show_who(session, client, channel=channel)
    session.reply(Reply.END_OF_WHO, mask, text="End of /WHO list.")


def _flags(session: Session, client: Session, *, channel: Channel | None) -> str:
    return "H" + (channel.prefixes(client, every=session.has(Capability.MULTI_PREFIX)) if channel else "")


def _show_who(session: Session, client: Session, *, channel: Channel | None) -> None:
    name, flags = channel.name if channel else "*", _flags(session, client, channel=channel)
    text = f"0 {client.realname}"
    session.reply(Reply.WHO, name, client.user, client.host, SERVER, client.nick, flags, text=text)


def _show_whox(session: Session, client: Session, *, channel: Channel | None, fields: str) -> None:
    letters, _, token = fields.partition(",")
    values = {
        "t": token or "0",
        "c": channel.name if channel else "*",
        "u": client.user,
        "i": client.host,
        "h": client.host,
        "s": SERVER,
        "n": client.nick,
        "f": _flags(session, client, channel=channel),
        "d": "0",
        "l": "0",
        "a": client.account or "0",
        "o": "n/a",
    }
    shown = [values[letter] for letter in WHOX_ORDER if letter in letters]
    session.reply(Reply.WHOX, *shown, text=client.realname if "r" in letters else None)


def describe(network: Network, session: Session, message: ClientMessage) -> None:
    """WHOIS: shows names, channels and account of clients; a server before the nicks is ignored."""
    for nick in network.split_targets(message.params[-1]):
        client = network.find(nick)
        if client is None:
            session.refuse(ErrorReply.NO_SUCH_NICK, nick)
        else:
            _show_whois(network, session, client)
        session.reply(Reply.END_OF_WHOIS, nick, text="End of /WHOIS list.")


def _show_whois(network: Network, session: Session, client: Session) -> None:
    session.reply(Reply.WHOIS_USER, client.nick, client.user, client.host, "*", text=client.realname)
    channels = [channel.prefixes(client, every=True) + channel.name for channel in network.channels_of(client)]
    if channels:
        session.reply(Reply.WHOIS_CHANNELS, client.nick, text=" ".join(channels))
    session.reply(Reply.WHOIS_SERVER, client.nick, SERVER, text="the inner server of irscribe")
    if client.account:
        session.reply(Reply.WHOIS_ACCOUNT, client.nick, client.account, text="is logged in as")


def show_present(network: Network, session: Session, message: ClientMessage) -> None:
    """ISON: shows which of the nicks belong to somebody here."""
    present = filter(None, map(network.find, " ".join(message.params).split()))
    session.reply(Reply.ISON, text=" ".join(client.nick for client in present))
