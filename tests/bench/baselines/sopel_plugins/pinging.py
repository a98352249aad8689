"""The least a bot can do: answer."""

from __future__ import annotations

from sopel import plugin
from sopel.bot import SopelWrapper
from sopel.trigger import Trigger


@plugin.command("ping")
def ping(bot: SopelWrapper, trigger: Trigger) -> None:
    """Answer."""
    bot.say("pong")
