"""Asking about people: WHO and WHOX, WHOIS, WHOWAS, USERHOST, ISON (modern.ircdocs.horse, ircv3.net WHOX)."""

from __future__ import annotations

import time
from collections.abc import Mapping

from irscribe.ircd.channel import Channel
from irscribe.ircd.names import fold, matches, split_targets
from irscribe.ircd.numerics import Fault, Reply
from irscribe.ircd.session import Command, Session
from irscribe.ircd.wire import Capability, Received

WHOX_ORDER = "tcuihsnfdlao"
"""The fields of a WHOX answer in their fixed order; the real name ``r`` is always its text."""


def handle_who(session: Session, received: Received) -> None:
    """WHO: a channel's members, or everybody a mask fits."""
    mask = received.param(0) or "*"
    channel = session.server.channels.get(fold(mask))
    found = list(channel.members) if channel else [who for who in session.server.registered if _fits(who, mask)]
    flags, percent, fields = received.param(1).partition("%")
    for who in found if "o" not in flags else ():
        if percent:
            _show_whox(session, who, channel=channel, fields=fields)
        else:
            _show_who(session, who, channel=channel)
    session.reply(Reply.END_OF_WHO, mask, text="End of /WHO list.")


def _fits(who: Session, mask: str) -> bool:
    return mask == "0" or any(
        matches(mask, name) for name in (who.nick or "", who.user or "", who.address, who.realname)
    )


def _flags(session: Session, who: Session, *, channel: Channel | None) -> str:
    signs = channel.signs(who, every=session.has(Capability.MULTI_PREFIX)) if channel else ""
    return ("G" if who.away else "H") + signs


def _show_who(session: Session, who: Session, *, channel: Channel | None) -> None:
    name = channel.name if channel else "*"
    server, flags = session.server.name, _flags(session, who, channel=channel)
    text = f"0 {who.realname}"
    session.reply(Reply.WHO, name, str(who.user), who.address, server, str(who.nick), flags, text=text)


def _show_whox(session: Session, who: Session, *, channel: Channel | None, fields: str) -> None:
    letters, _, token = fields.partition(",")
    values = {
        "t": token or "0",
        "c": channel.name if channel else "*",
        "u": str(who.user),
        "i": who.address,
        "h": who.address,
        "s": session.server.name,
        "n": str(who.nick),
        "f": _flags(session, who, channel=channel),
        "d": "0",
        "l": str(_idle_seconds(who)),
        "a": who.account or "0",
        "o": "n/a",
    }
    asked = [values[letter] for letter in WHOX_ORDER if letter in letters]
    session.reply(Reply.WHOX, *asked, text=who.realname if "r" in letters else None)


def _idle_seconds(who: Session) -> int:
    return int(time.monotonic() - who.last_spoke)


def handle_whois(session: Session, received: Received) -> None:
    """WHOIS: all there is to know of people; a server before the nicks is not looked at."""
    if not received.params or not received.params[-1]:
        session.refuse(Fault.NO_NICK_GIVEN)
        return
    for nick in split_targets(received.params[-1]):
        who = session.server.find(nick)
        if who is None:
            session.refuse(Fault.NO_SUCH_NICK, nick)
        else:
            _show_whois(session, who)
        session.reply(Reply.END_OF_WHOIS, nick, text="End of /WHOIS list.")


def _show_whois(session: Session, who: Session) -> None:
    nick = str(who.nick)
    session.reply(Reply.WHOIS_USER, nick, str(who.user), who.address, "*", text=who.realname)
    channels = " ".join(channel.signs(who, every=True) + channel.name for channel in who.channels.values())
    if channels:
        session.reply(Reply.WHOIS_CHANNELS, nick, text=channels)
    session.reply(Reply.WHOIS_SERVER, nick, session.server.name, text="the inner server of irscribe")
    if who.account:
        session.reply(Reply.WHOIS_ACCOUNT, nick, who.account, text="is logged in as")
    if who.away:
        session.reply(Reply.AWAY, nick, text=who.away)
    signed_on = str(int(who.signed_on.timestamp()))
    session.reply(Reply.WHOIS_IDLE, nick, str(_idle_seconds(who)), signed_on, text="seconds idle, signon time")


def handle_whowas(session: Session, received: Received) -> None:
    """WHOWAS: this server remembers nobody who has left."""
    if not received.param(0):
        session.refuse(Fault.NO_NICK_GIVEN)
        return
    for nick in split_targets(received.params[0]):
        session.refuse(Fault.WAS_NO_SUCH_NICK, nick)
        session.reply(Reply.END_OF_WHOWAS, nick, text="End of WHOWAS")


def show_userhosts(session: Session, received: Received) -> None:
    """USERHOST: user and host of up to five nicks."""
    found = filter(None, map(session.server.find, received.params[:5]))
    text = " ".join(f"{who.nick}={'-' if who.away else '+'}{who.user}@{who.address}" for who in found)
    session.reply(Reply.USER_HOST, text=text)


def show_online(session: Session, received: Received) -> None:
    """ISON: which of the nicks are here."""
    asked = " ".join(received.params).split()
    found = filter(None, map(session.server.find, asked))
    session.reply(Reply.ISON, text=" ".join(str(who.nick) for who in found))


COMMANDS: Mapping[str, Command] = {
    "WHO": Command(handle_who),
    "WHOIS": Command(handle_whois),
    "WHOWAS": Command(handle_whowas),
    "USERHOST": Command(show_userhosts, needs=1),
    "ISON": Command(show_online, needs=1),
}
