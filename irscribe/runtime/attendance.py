"""Attendance: the people whom the bot sees in its channels."""

from __future__ import annotations

from sopel.bot import Sopel
from sopel.tools.target import Channel

from irscribe.domain.attendance import Attendance, Seen
from irscribe.runtime.triggers import network_of
from irscribe.runtime.voice import person_seen


def attendance(bot: Sopel) -> Attendance:
    """Give the people of the served channels that the bot is in; of others it knows nothing. From any thread."""
    served = {bot.fold(name): bot.channels.get(bot.make_identifier(name)) for name in bot.settings.irscribe.channels}
    known = bot.voice.inside & bot.listed_channels
    return Attendance(
        network=network_of(bot),
        casemapping=bot.casemapping,
        channels={name: _people(bot, channel) for name, channel in served.items() if channel and name in known},
        split=bot.netsplits.lost,
    )


def _people(bot: Sopel, channel: Channel) -> tuple[Seen, ...]:
    # Copied at once: the reader's thread goes on changing it.
    users = tuple(channel.users.values())
    return tuple(
        Seen(nick=str(each.nick), keys=person_seen(bot, each).keys | frozenset(bot.voice.keys_of(each)))
        for each in users
        if not bot.is_called(each.nick)
    )
