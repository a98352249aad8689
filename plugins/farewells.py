"""Messages with which a server refuses the bot."""

from __future__ import annotations

from sopel import plugin
from sopel.bot import SopelWrapper
from sopel.tools import events
from sopel.trigger import Trigger

from irscribe.runtime.triggers import argument


@plugin.event("ERROR")
@plugin.thread(False)
def closed(bot: SopelWrapper, trigger: Trigger) -> None:
    """Remembers the server's reason for closing the connection."""
    bot.dismiss(argument(trigger, -1))


@plugin.event(events.ERR_YOUREBANNEDCREEP)
@plugin.thread(False)
def banned(bot: SopelWrapper, trigger: Trigger) -> None:
    """Remembers the ban, after which the bot waits longer."""
    bot.dismiss(f"banned: {argument(trigger, -1)}")


@plugin.event(events.ERR_PASSWDMISMATCH)
@plugin.thread(False)
def wrong_password(bot: SopelWrapper, trigger: Trigger) -> None:
    """Remembers that the server password is wrong."""
    bot.dismiss(f"bad password: {argument(trigger, -1)}")


@plugin.event(events.ERR_ERRONEUSNICKNAME)
@plugin.thread(False)
def impossible_nick(bot: SopelWrapper, trigger: Trigger) -> None:
    """Tries another nick, or leaves if the server rejects the nick of the settings."""
    bot.refuse_nick(argument(trigger, 1), argument(trigger, -1))


@plugin.event(events.ERR_UNAVAILRESOURCE)
@plugin.thread(False)
def held_nick(bot: SopelWrapper, trigger: Trigger) -> None:
    """Tries another nick while the network reserves this one; Sopel would wait for ever."""
    if not bot.connection_registered:
        bot.change_current_nick(argument(trigger, 1))
