"""Events of people: they log in to services, change their nick, quit."""

from __future__ import annotations

from sopel import plugin
from sopel.bot import SopelWrapper
from sopel.trigger import Trigger

from irscribe.runtime import triggers


@plugin.event("ACCOUNT")
@plugin.thread(False)
def login(bot: SopelWrapper, trigger: Trigger) -> None:
    """Passes a login to the app."""
    triggers.submit_login(bot, trigger)


@plugin.event("NICK")
@plugin.thread(False)
def new_nick(bot: SopelWrapper, trigger: Trigger) -> None:
    """Passes a change of nick to the app."""
    triggers.submit_nick(bot, trigger)


@plugin.event("QUIT")
@plugin.thread(False)
def gone(bot: SopelWrapper, trigger: Trigger) -> None:
    """Passes a quit to the app."""
    triggers.submit_quit(bot, trigger)
