"""The bot's own account with the network's services."""

from __future__ import annotations

from time import monotonic

from sopel import plugin
from sopel.bot import Sopel, SopelWrapper
from sopel.tools import events
from sopel.trigger import Trigger

from irscribe.runtime.triggers import argument


@plugin.event(events.RPL_ENDOFMOTD, events.ERR_NOMOTD)
@plugin.thread(False)
def registered(bot: SopelWrapper, trigger: Trigger) -> None:
    """Warns if the bot registered without its account."""
    bot.memory["login"].registered()


@plugin.event(events.RPL_LOGGEDIN)
@plugin.thread(False)
def logged_in(bot: SopelWrapper, trigger: Trigger) -> None:
    """Notes that services accepted the account."""
    bot.memory["login"].logged_in(argument(trigger, 2))


@plugin.event(events.RPL_LOGGEDOUT)
@plugin.thread(False)
def logged_out(bot: SopelWrapper, trigger: Trigger) -> None:
    """Notes that services logged the bot out."""
    bot.memory["login"].logged_out()


@plugin.event(events.ERR_SASLFAIL, events.ERR_SASLABORTED, events.ERR_NICKLOCKED)
@plugin.thread(False)
def refused(bot: SopelWrapper, trigger: Trigger) -> None:
    """Notes that services refused the account."""
    bot.memory["login"].refused()


@plugin.event("CAP")
@plugin.thread(False)
def offered(bot: SopelWrapper, trigger: Trigger) -> None:
    """Logs in when services have returned."""
    if argument(trigger, 1) == "NEW":
        bot.memory["login"].offered(argument(trigger, -1))


@plugin.event("NICK")
@plugin.thread(False)
def renamed(bot: SopelWrapper, trigger: Trigger) -> None:
    """Notes that the bot has got its nick back."""
    if bot.is_called(trigger.nick) or bot.is_called(trigger):
        bot.memory["login"].renamed(str(trigger))


@plugin.event(events.ERR_NOSUCHNICK)
@plugin.thread(False)
def nobody(bot: SopelWrapper, trigger: Trigger) -> None:
    """Notes that services are away."""
    bot.memory["login"].nobody(argument(trigger, 1))


@plugin.interval(2)
@plugin.thread(False)
def log_in_again(bot: Sopel) -> None:
    """Logs in again after a failure."""
    bot.memory["login"].log_in_again(monotonic())
