"""Being in channels: JOIN, PART, KICK, INVITE, TOPIC, NAMES, LIST (modern.ircdocs.horse, ircv3.net extended-join)."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import UTC, datetime

from irscribe.ircd.about import TOPIC_LENGTH
from irscribe.ircd.channel import Channel, Rank, Topic
from irscribe.ircd.names import fold, is_channel, split_targets
from irscribe.ircd.numerics import Fault, Reply
from irscribe.ircd.session import Command, Session, is_same_nick
from irscribe.ircd.wire import Capability, Received, cut

NAMES_CHARACTERS = 350
"""Of nicks in one NAMES line: what surely fits beside the longest channel and nick."""


def join(session: Session, received: Received) -> None:
    """JOIN: enters channels, made on the way if need be; keys are not needed. ``JOIN 0`` leaves all."""
    if received.params[0] == "0":
        for channel in list(session.channels.values()):
            _part(session, channel, reason=None)
        return
    for name in split_targets(received.params[0]):
        if not is_channel(name):
            session.refuse(Fault.NO_SUCH_CHANNEL, name)
        elif fold(name) not in session.channels:
            _enter(session, session.server.open_channel(name))


def _enter(session: Session, channel: Channel) -> None:
    channel.members[session] = set()
    session.channels[fold(channel.name)] = channel
    _announce(session, channel)
    _make_operator(session, channel)
    if channel.topic:
        _show_topic(session, channel)
    _show_names(session, channel)


def _announce(session: Session, channel: Channel) -> None:
    plain = session.line("JOIN", channel.name)
    extended = session.line("JOIN", channel.name, session.account or "*", text=session.realname)
    away = session.line("AWAY", text=session.away)
    for member in channel.members:
        member.send(extended if member.has(Capability.EXTENDED_JOIN) else plain)
        if session.away and member is not session and member.has(Capability.AWAY_NOTIFY):
            member.send(away)


def _make_operator(session: Session, channel: Channel) -> None:
    if channel.has_operator() or is_same_nick(session, session.server.bot_nick):
        return
    channel.members[session].add(Rank.OPERATOR)
    for member in channel.members if len(channel.members) > 1 else ():
        member.notify("MODE", channel.name, "+o", str(session.nick))


def part(session: Session, received: Received) -> None:
    """PART: leaves channels, with a reason or without."""
    for name in split_targets(received.params[0]):
        channel = find_own_channel(session, name)
        if channel:
            _part(session, channel, reason=received.param(1) or None)


def _part(session: Session, channel: Channel, *, reason: str | None) -> None:
    channel.broadcast(session.line("PART", channel.name, text=reason))
    session.server.remove(session, channel)


def find_own_channel(session: Session, name: str) -> Channel | None:
    """The channel of that name if the client is in it; else the client is told what is wrong."""
    channel = session.server.channels.get(fold(name))
    if channel is None:
        session.refuse(Fault.NO_SUCH_CHANNEL, name)
    elif session not in channel.members:
        session.refuse(Fault.NOT_ON_CHANNEL, channel.name)
        return None
    return channel


def find_ruled_channel(session: Session, name: str) -> Channel | None:
    """The channel of that name if the client is its operator; else the client is told what is wrong."""
    channel = find_own_channel(session, name)
    if channel and not channel.is_operator(session):
        session.refuse(Fault.NOT_OPERATOR, channel.name)
        return None
    return channel


def kick(session: Session, received: Received) -> None:
    """KICK: an operator throws members out."""
    channel = find_ruled_channel(session, received.params[0])
    for nick in split_targets(received.params[1]) if channel else ():
        _kick(session, channel, nick=nick, reason=received.param(2))


def _kick(session: Session, channel: Channel | None, *, nick: str, reason: str) -> None:
    target = session.server.find(nick)
    if channel is None or target is None:
        session.refuse(Fault.NO_SUCH_NICK, nick)
    elif target not in channel.members:
        session.refuse(Fault.NOT_IN_CHANNEL, nick, channel.name)
    else:
        channel.broadcast(session.line("KICK", channel.name, str(target.nick), text=reason or session.nick))
        session.server.remove(target, channel)


def invite(session: Session, received: Received) -> None:
    """INVITE: tells somebody of a channel; nobody needs one to join."""
    target = session.server.find(received.params[0])
    channel = find_own_channel(session, received.params[1])
    if target is None:
        session.refuse(Fault.NO_SUCH_NICK, received.params[0])
    elif channel and target in channel.members:
        session.refuse(Fault.ALREADY_ON_CHANNEL, str(target.nick), channel.name)
    elif channel:
        session.reply(Reply.INVITING, str(target.nick), channel.name)
        _deliver_invitation(session, channel, target=target)


def _deliver_invitation(session: Session, channel: Channel, *, target: Session) -> None:
    line = session.line("INVITE", str(target.nick), channel.name)
    target.send(line)
    for member in channel.members:
        if member is not session and member.has(Capability.INVITE_NOTIFY):
            member.send(line)


def handle_topic(session: Session, received: Received) -> None:
    """TOPIC: shows it, or sets it for everybody."""
    channel = find_own_channel(session, received.params[0])
    if channel is None:
        return
    if len(received.params) == 1:
        _show_topic(session, channel)
    elif "t" in channel.flags and not channel.is_operator(session):
        session.refuse(Fault.NOT_OPERATOR, channel.name)
    else:
        _set_topic(session, channel, text=cut(received.params[1], TOPIC_LENGTH))


def _set_topic(session: Session, channel: Channel, *, text: str) -> None:
    channel.topic = Topic(text, session.client_ident(), datetime.now(UTC)) if text else None
    channel.broadcast(session.line("TOPIC", channel.name, text=text))


def _show_topic(session: Session, channel: Channel) -> None:
    topic = channel.topic
    if topic is None:
        session.reply(Reply.NO_TOPIC, channel.name, text="No topic is set")
        return
    session.reply(Reply.TOPIC, channel.name, text=topic.text)
    session.reply(Reply.TOPIC_WHO_TIME, channel.name, topic.by, str(int(topic.at.timestamp())))


def list_names(session: Session, received: Received) -> None:
    """NAMES: who is in channels."""
    for name in split_targets(received.param(0) or "*"):
        channel = session.server.channels.get(fold(name))
        if channel:
            _show_names(session, channel)
        else:
            session.reply(Reply.END_OF_NAMES, name, text="End of /NAMES list.")


def _show_names(session: Session, channel: Channel) -> None:
    every, full = session.has(Capability.MULTI_PREFIX), session.has(Capability.USERHOST_IN_NAMES)
    names = " ".join(
        channel.signs(member, every=every) + (member.client_ident() if full else str(member.nick))
        for member in channel.members
    )
    for line in textwrap.wrap(names, NAMES_CHARACTERS, break_long_words=False, break_on_hyphens=False):
        session.reply(Reply.NAMES, "=", channel.name, text=line)
    session.reply(Reply.END_OF_NAMES, channel.name, text="End of /NAMES list.")


def list_channels(session: Session, received: Received) -> None:
    """LIST: the channels, or those asked for; conditions such as ``>3`` are not looked at."""
    asked = {fold(name) for name in split_targets(received.param(0)) if name.startswith("#")}
    session.reply(Reply.LIST_START, "Channel", text="Users  Name")
    for folded, channel in session.server.channels.items():
        if not asked or folded in asked:
            topic = channel.topic.text if channel.topic else ""
            session.reply(Reply.LIST, channel.name, str(len(channel.members)), text=topic)
    session.reply(Reply.LIST_END, text="End of /LIST")


COMMANDS: Mapping[str, Command] = {
    "JOIN": Command(join, needs=1),
    "PART": Command(part, needs=1),
    "KICK": Command(kick, needs=2),
    "INVITE": Command(invite, needs=2),
    "TOPIC": Command(handle_topic, needs=1),
    "NAMES": Command(list_names),
    "LIST": Command(list_channels),
}
