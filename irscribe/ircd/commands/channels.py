"""JOIN, PART, KICK, TOPIC and NAMES (modern.ircdocs.horse, ircv3.net extended-join)."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime

from irscribe.ircd.channel import MAX_TOPIC_BYTES, Channel, Rank, Topic
from irscribe.ircd.names import is_channel
from irscribe.ircd.network import Network
from irscribe.ircd.numerics import ErrorReply, Reply
from irscribe.ircd.session import Session
from irscribe.ircd.wire import Capability, ClientMessage, cut

MAX_NAMES_CHARACTERS = 350
"""The length of the list in one NAMES line, so that the line fits even with the longest nick and channel."""


def join(network: Network, session: Session, message: ClientMessage) -> None:
    """JOIN: enters channels, and creates those that do not exist; keys are ignored."""
    for name in network.split_targets(message.params[0]):
        if is_channel(name):
            _enter(network, session, network.open_channel(name))
        else:
            session.refuse(ErrorReply.NO_SUCH_CHANNEL, name)


def _enter(network: Network, session: Session, channel: Channel) -> None:
    if session in channel.members:
        return
    channel.members[session] = set()
    _announce(session, channel)
    if not channel.has_operator() and not network.is_nick_of(session, network.bot_nick):
        _make_operator(session, channel)
    if channel.topic:
        _show_topic(session, channel)
    _show_names(session, channel)


def _announce(session: Session, channel: Channel) -> None:
    plain = session.message("JOIN", channel.name)
    extended = session.message("JOIN", channel.name, session.account or "*", text=session.realname)
    for member in channel.members:
        member.send(extended if member.has(Capability.EXTENDED_JOIN) else plain)


def _make_operator(session: Session, channel: Channel) -> None:
    channel.members[session].add(Rank.OPERATOR)
    # A client that is alone sees it in the names that follow.
    for member in channel.members if len(channel.members) > 1 else ():
        member.notify("MODE", channel.name, "+o", session.nick)


def part(network: Network, session: Session, message: ClientMessage) -> None:
    """PART: leaves channels, with a reason or without."""
    for name in network.split_targets(message.params[0]):
        channel = _find_own_channel(network, session, name)
        if channel:
            channel.broadcast(session.message("PART", channel.name, text=message.param(1) or None))
            network.leave_channel(session, channel)


def _find_own_channel(network: Network, session: Session, name: str) -> Channel | None:
    channel = network.find_channel(name)
    if channel is None:
        session.refuse(ErrorReply.NO_SUCH_CHANNEL, name)
    elif session not in channel.members:
        session.refuse(ErrorReply.NOT_ON_CHANNEL, channel.name)
        return None
    return channel


def find_operated_channel(network: Network, session: Session, name: str) -> Channel | None:
    """The channel with that name if the client is an operator there; otherwise sends the client an error reply."""
    channel = _find_own_channel(network, session, name)
    if channel and not channel.is_operator(session):
        session.refuse(ErrorReply.NOT_OPERATOR, channel.name)
        return None
    return channel


def kick(network: Network, session: Session, message: ClientMessage) -> None:
    """KICK: removes members; for operators."""
    channel = find_operated_channel(network, session, message.params[0])
    if channel is None:
        return
    for nick in network.split_targets(message.params[1]):
        target = network.find(nick)
        if target is None:
            session.refuse(ErrorReply.NO_SUCH_NICK, nick)
        elif target not in channel.members:
            session.refuse(ErrorReply.NOT_IN_CHANNEL, nick, channel.name)
        else:
            reason = message.param(2) or session.nick
            channel.broadcast(session.message("KICK", channel.name, target.nick, text=reason))
            network.leave_channel(target, channel)


def handle_topic(network: Network, session: Session, message: ClientMessage) -> None:
    """TOPIC: shows the topic to a member, or sets it for an operator; an empty text removes it."""
    name = message.params[0]
    if len(message.params) == 1:
        channel = _find_own_channel(network, session, name)
        if channel:
            _show_topic(session, channel)
        return
    channel = find_operated_channel(network, session, name)
    if channel:
        text = cut(message.params[1], MAX_TOPIC_BYTES)
        channel.topic = Topic(text, session.source, datetime.now(UTC)) if text else None
        channel.broadcast(session.message("TOPIC", channel.name, text=text))


def _show_topic(session: Session, channel: Channel) -> None:
    topic = channel.topic
    if topic is None:
        session.reply(Reply.NO_TOPIC, channel.name, text="No topic is set")
        return
    session.reply(Reply.TOPIC, channel.name, text=topic.text)
    session.reply(Reply.TOPIC_WHO_TIME, channel.name, topic.by, str(int(topic.at.timestamp())))


def list_names(network: Network, session: Session, message: ClientMessage) -> None:
    """NAMES: lists the members of channels."""
    for name in network.split_targets(message.params[0]):
        channel = network.find_channel(name)
        if channel:
            _show_names(session, channel)
        else:
            session.reply(Reply.END_OF_NAMES, name, text="End of /NAMES list.")


def _show_names(session: Session, channel: Channel) -> None:
    every, full = session.has(Capability.MULTI_PREFIX), session.has(Capability.USERHOST_IN_NAMES)
    names = " ".join(
        channel.prefixes(member, every=every) + (member.source if full else member.nick) for member in channel.members
    )
    for line in textwrap.wrap(names, MAX_NAMES_CHARACTERS, break_long_words=False, break_on_hyphens=False):
        session.reply(Reply.NAMES, "=", channel.name, text=line)
    session.reply(Reply.END_OF_NAMES, channel.name, text="End of /NAMES list.")
