"""Messages about the topics of channels."""

from __future__ import annotations

from sopel import plugin
from sopel.bot import SopelWrapper
from sopel.tools import events
from sopel.trigger import Trigger

from irscribe.runtime.triggers import argument


@plugin.event("TOPIC")
@plugin.thread(False)
def changed(bot: SopelWrapper, trigger: Trigger) -> None:
    """Notes a new topic, the bot's or somebody else's."""
    bot.topics.changed(argument(trigger, 0), argument(trigger, 1), by_bot=bot.is_called(trigger.nick))


@plugin.event(events.ERR_CHANOPRIVSNEEDED)
@plugin.thread(False)
def refused(bot: SopelWrapper, trigger: Trigger) -> None:
    """Notes that the bot may not set the topic."""
    bot.topics.refused(argument(trigger, 1))
