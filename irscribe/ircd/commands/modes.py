"""MODE: operators and voices of a channel, and a client's own ``+i`` (modern.ircdocs.horse)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from irscribe.ircd.channel import Channel, Rank
from irscribe.ircd.commands.channels import find_operated_channel
from irscribe.ircd.network import Network
from irscribe.ircd.numerics import ErrorReply, Reply
from irscribe.ircd.session import Session
from irscribe.ircd.wire import ClientMessage

CHANNEL_MODES = "+nt"
"""The modes of every channel: no lines from outside, the topic for operators only. They cannot be changed."""

_RANKS = {rank.letter: rank for rank in Rank}
_BAN = "b"
_INVISIBLE = "i"


@dataclass(frozen=True, slots=True)
class Change:
    """One letter of a MODE message, with its parameter if it takes one."""

    adds: bool
    letter: str
    param: str = ""

    def __str__(self) -> str:
        return ("+" if self.adds else "-") + self.letter


def handle_mode(network: Network, session: Session, message: ClientMessage) -> None:
    """MODE: shows or changes the modes of a channel, or the client's own."""
    target = message.params[0]
    if target.startswith("#"):
        _handle_channel(network, session, message)
    elif network.find(target) is None:
        session.refuse(ErrorReply.NO_SUCH_NICK, target)
    elif not network.is_nick_of(session, target):
        session.refuse(ErrorReply.USERS_DONT_MATCH)
    elif len(message.params) == 1:
        session.reply(Reply.USER_MODE_IS, "+" + _INVISIBLE * session.invisible)
    else:
        for change in _parse(message.params[1:]):
            _change_own(session, change)


def _parse(words: tuple[str, ...]) -> Iterator[Change]:
    adds, params = True, iter(words[1:])
    for letter in words[0]:
        if letter in "+-":
            adds = letter == "+"
        else:
            yield Change(adds, letter, next(params, "") if letter in _RANKS or letter == _BAN else "")


def _handle_channel(network: Network, session: Session, message: ClientMessage) -> None:
    channel = network.find_channel(message.params[0])
    changes = list(_parse(message.params[1:])) if len(message.params) > 1 else []
    if channel is None:
        session.refuse(ErrorReply.NO_SUCH_CHANNEL, message.params[0])
    elif not changes:
        session.reply(Reply.CHANNEL_MODE_IS, channel.name, CHANNEL_MODES)
        session.reply(Reply.CREATION_TIME, channel.name, str(int(channel.created.timestamp())))
    elif all(change.letter == _BAN and not change.param for change in changes):
        session.reply(Reply.END_OF_BAN_LIST, channel.name, text="End of channel ban list")
    elif find_operated_channel(network, session, channel.name):
        _change_channel(network, session, channel, changes=changes)


def _change_channel(network: Network, session: Session, channel: Channel, *, changes: list[Change]) -> None:
    made = [change for change in changes if _apply(network, session, channel, change=change)]
    if made:
        channel.broadcast(session.message("MODE", channel.name, _join(made), *(change.param for change in made)))


def _join(changes: list[Change]) -> str:
    text, sign = "", ""
    for change in changes:
        text += str(change).removeprefix(sign) if sign else str(change)
        sign = "+" if change.adds else "-"
    return text


def _apply(network: Network, session: Session, channel: Channel, *, change: Change) -> bool:
    if change.letter in _RANKS:
        return _apply_rank(network, session, channel, change=change)
    if change.letter == _BAN:
        session.refuse(ErrorReply.INVALID_MODE_PARAM, channel.name, _BAN, change.param)
    else:
        session.refuse(ErrorReply.UNKNOWN_MODE, change.letter)
    return False


def _apply_rank(network: Network, session: Session, channel: Channel, *, change: Change) -> bool:
    member, rank = network.find(change.param), _RANKS[change.letter]
    if not change.param:
        session.refuse(ErrorReply.NEED_MORE_PARAMS, "MODE")
    elif member is None:
        session.refuse(ErrorReply.NO_SUCH_NICK, change.param)
    elif member not in channel.members:
        session.refuse(ErrorReply.NOT_IN_CHANNEL, change.param, channel.name)
    else:
        ranks = channel.members[member]
        is_change = (rank in ranks) != change.adds
        (ranks.add if change.adds else ranks.discard)(rank)
        return is_change
    return False


def _change_own(session: Session, change: Change) -> None:
    if change.letter != _INVISIBLE:
        session.refuse(ErrorReply.UNKNOWN_USER_MODE)
    elif session.invisible != change.adds:
        session.invisible = change.adds
        session.send(session.message("MODE", session.nick, text=str(change)))
