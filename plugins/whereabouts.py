"""Staying there: in every channel, under the bot's own nick."""

from __future__ import annotations

from time import monotonic

from sopel import plugin
from sopel.bot import Sopel, SopelWrapper
from sopel.tools import events
from sopel.trigger import Trigger


@plugin.event(events.RPL_ENDOFMOTD, events.ERR_NOMOTD)
@plugin.thread(False)
def registered(bot: SopelWrapper, trigger: Trigger) -> None:
    """Introduces the connection to the app."""
    bot.memory["presence"].registered()


@plugin.event("JOIN")
@plugin.thread(False)
def joined(bot: SopelWrapper, trigger: Trigger) -> None:
    """Sees the bot arrive in a channel."""
    bot.memory["presence"].joined(trigger.nick, trigger.sender)


@plugin.event(events.RPL_ISON)
@plugin.thread(False)
def nick_seen(bot: SopelWrapper, trigger: Trigger) -> None:
    """Takes the bot's nick once nobody has it."""
    bot.memory["presence"].take_nick(trigger.args[-1])


@plugin.interval(2)
@plugin.thread(False)
def heal(bot: Sopel) -> None:
    """Goes back to where the bot was sent away from."""
    bot.memory["presence"].heal(monotonic())
