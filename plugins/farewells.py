"""How a server says that it does not want the bot."""

from __future__ import annotations

from sopel import plugin
from sopel.bot import SopelWrapper
from sopel.tools import events
from sopel.trigger import Trigger

from irscribe.runtime.hearing import argument


@plugin.event("ERROR")
@plugin.thread(False)
def closed(bot: SopelWrapper, trigger: Trigger) -> None:
    """Keeps the server's last words for the log."""
    bot.dismiss(argument(trigger, -1))


@plugin.event(events.ERR_YOUREBANNEDCREEP)
@plugin.thread(False)
def banned(bot: SopelWrapper, trigger: Trigger) -> None:
    """Keeps in mind that knocking again soon would not help."""
    bot.dismiss(f"banned: {argument(trigger, -1)}")


@plugin.event(events.ERR_PASSWDMISMATCH)
@plugin.thread(False)
def wrong_password(bot: SopelWrapper, trigger: Trigger) -> None:
    """Keeps in mind that the password of the settings is none."""
    bot.dismiss(f"bad password: {argument(trigger, -1)}")


@plugin.event(events.ERR_ERRONEUSNICKNAME)
@plugin.thread(False)
def impossible_nick(bot: SopelWrapper, trigger: Trigger) -> None:
    """Leaves a server that lets nobody of this nick in, unless there is another to try."""
    bot.refuse_nick(argument(trigger, 1), argument(trigger, -1))


@plugin.event(events.ERR_UNAVAILRESOURCE)
@plugin.thread(False)
def held_nick(bot: SopelWrapper, trigger: Trigger) -> None:
    """Comes in under another nick where the network still holds one back; Sopel would wait for ever."""
    if not bot.connection_registered:
        bot.change_current_nick(argument(trigger, 1))
