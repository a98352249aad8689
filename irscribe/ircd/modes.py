"""MODE, of channels and of users (modern.ircdocs.horse)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from irscribe.ircd.channel import Channel, Rank
from irscribe.ircd.membership import find_ruled_channel
from irscribe.ircd.names import fold
from irscribe.ircd.numerics import Fault, Reply
from irscribe.ircd.session import Command, Session, is_same_nick
from irscribe.ircd.wire import Received

Flag = TypeVar("Flag")

_FLAGS = frozenset("nt")
_USER_MODES = frozenset("iw")
_RANKS = {rank.letter: rank for rank in Rank}


@dataclass(frozen=True, slots=True)
class Change:
    """One letter of a MODE line, with its parameter where it takes one."""

    adds: bool
    letter: str
    param: str = ""

    def __str__(self) -> str:
        return ("+" if self.adds else "-") + self.letter


def handle_mode(session: Session, received: Received) -> None:
    """MODE: shows or changes the modes of a channel or of oneself."""
    target = received.params[0]
    if not target.startswith("#"):
        _handle_user(session, target, letters=received.param(1))
        return
    channel = session.server.channels.get(fold(target))
    if channel is None:
        session.refuse(Fault.NO_SUCH_CHANNEL, target)
    elif len(received.params) == 1:
        _show_channel(session, channel)
    else:
        _handle_channel(session, channel, changes=list(_split(received.params[1:])))


def _split(words: tuple[str, ...]) -> Iterator[Change]:
    adds, params = True, iter(words[1:])
    for letter in words[0]:
        if letter in "+-":
            adds = letter == "+"
        else:
            yield Change(adds, letter, next(params, "") if letter in _RANKS or letter == "b" else "")


def _show_channel(session: Session, channel: Channel) -> None:
    session.reply(Reply.CHANNEL_MODE_IS, channel.name, "+" + "".join(sorted(channel.flags)))
    session.reply(Reply.CREATION_TIME, channel.name, str(int(channel.created.timestamp())))


def _handle_channel(session: Session, channel: Channel, *, changes: list[Change]) -> None:
    asked = [change for change in changes if change.letter == "b" and not change.param]
    for _ in asked[:1]:
        session.reply(Reply.END_OF_BAN_LIST, channel.name, text="End of channel ban list")
    wanted = [change for change in changes if change not in asked]
    if not wanted or find_ruled_channel(session, channel.name) is None:
        return
    made = [change for change in wanted if _apply(session, channel, change=change)]
    if made:
        params = [change.param for change in made if change.param]
        channel.broadcast(session.line("MODE", channel.name, _join(made), *params))


def _join(changes: list[Change]) -> str:
    text, sign = "", ""
    for change in changes:
        text += str(change).removeprefix(sign) if sign else str(change)
        sign = "+" if change.adds else "-"
    return text


def _apply(session: Session, channel: Channel, *, change: Change) -> bool:
    if change.letter in _RANKS:
        return _apply_rank(session, channel, change=change)
    if change.letter == "b":
        session.refuse(Fault.INVALID_MODE_PARAM, channel.name, "b", change.param)
    elif change.letter not in _FLAGS:
        session.refuse(Fault.UNKNOWN_MODE, change.letter)
    else:
        return _turn(channel.flags, change.letter, on=change.adds)
    return False


def _apply_rank(session: Session, channel: Channel, *, change: Change) -> bool:
    member = session.server.find(change.param)
    if not change.param:
        session.refuse(Fault.NEED_MORE_PARAMS, "MODE")
    elif member is None:
        session.refuse(Fault.NO_SUCH_NICK, change.param)
    elif member not in channel.members:
        session.refuse(Fault.NOT_IN_CHANNEL, change.param, channel.name)
    else:
        return _turn(channel.members[member], _RANKS[change.letter], on=change.adds)
    return False


def _turn(flags: set[Flag], flag: Flag, *, on: bool) -> bool:
    changes = (flag in flags) != on
    (flags.add if on else flags.discard)(flag)
    return changes


def _handle_user(session: Session, nick: str, *, letters: str) -> None:
    if session.server.find(nick) is None:
        session.refuse(Fault.NO_SUCH_NICK, nick)
    elif not is_same_nick(session, nick):
        session.refuse(Fault.USERS_DONT_MATCH)
    elif not letters:
        session.reply(Reply.USER_MODE_IS, "+" + "".join(sorted(session.modes)))
    else:
        _change_user(session, list(_split((letters,))))


def _change_user(session: Session, changes: list[Change]) -> None:
    if any(change.letter not in _USER_MODES for change in changes):
        session.refuse(Fault.UNKNOWN_USER_MODE)
    known = [change for change in changes if change.letter in _USER_MODES]
    made = [change for change in known if _turn(session.modes, change.letter, on=change.adds)]
    if made:
        session.send(session.line("MODE", str(session.nick), text=_join(made)))


COMMANDS: Mapping[str, Command] = {"MODE": Command(handle_mode, needs=1)}
