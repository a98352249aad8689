"""Attendance: the people whom the bot sees in its channels."""

from __future__ import annotations

import re

from sopel.bot import Sopel
from sopel.tools.target import Channel, User

from irscribe.config import Config
from irscribe.domain.attendance import Attendance, Seen
from irscribe.domain.listed import is_listed
from irscribe.domain.request import Person
from irscribe.runtime.triggers import network_of
from irscribe.runtime.voice import person_seen

BOTS_NICK = re.compile(r"(?:bot|serv)[-_`|^0-9]*$", re.IGNORECASE)


def attendance(bot: Sopel) -> Attendance:
    """Give the people of the served channels that the bot is in; of others it knows nothing. From any thread."""
    served = {bot.fold(name): bot.channels.get(bot.make_identifier(name)) for name in bot.settings.irscribe.channels}
    known = bot.voice.inside & bot.listed_channels
    return Attendance(
        network=network_of(bot),
        casemapping=bot.casemapping,
        channels={name: _people(bot, channel) for name, channel in served.items() if channel and name in known},
        split=bot.netsplits.lost,
        topics={name: topic for name in known if (topic := bot.topics.of(name)) is not None},
    )


def _people(bot: Sopel, channel: Channel) -> tuple[Seen, ...]:
    # Copied at once: the reader's thread goes on changing it.
    users = tuple(channel.users.values())
    return tuple(_seen(bot, each) for each in users if not bot.is_called(each.nick))


def _seen(bot: Sopel, user: User) -> Seen:
    person = person_seen(bot, user)
    keys = person.keys | frozenset(bot.voice.keys_of(user))
    return Seen(nick=person.nick, keys=keys, is_bot=bool(user.is_bot) or _looks_like_bot(bot.settings.irscribe, person))


def _looks_like_bot(config: Config, person: Person) -> bool:
    """True for a bot of the settings, services, and whoever is called one."""
    listed = (*config.relays, *config.bridges, *config.alert_bots, *config.ignore)
    return is_listed(person, listed) or BOTS_NICK.search(person.nick) is not None
