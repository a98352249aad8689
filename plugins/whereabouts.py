"""Staying there: in every channel, under the bot's own nick."""

from __future__ import annotations

from time import monotonic

from sopel import plugin
from sopel.bot import Sopel, SopelWrapper
from sopel.tools import events
from sopel.trigger import Trigger

from irscribe.runtime.hearing import argument

HISTORY = plugin.capability("batch", "draft/chathistory")
KEPT_OUT = ("470", "479", "480", "485", "489", "490", "495", "500", "519", "520", "926")
"""Other words for a closed door (defs.ircdocs.horse/numerics): sent on elsewhere, for TLS only, for operators only …"""


@plugin.event(events.RPL_ENDOFMOTD, events.ERR_NOMOTD)
@plugin.thread(False)
def registered(bot: SopelWrapper, trigger: Trigger) -> None:
    """Introduces the connection to the app."""
    bot.memory["presence"].registered(trigger.time)


@plugin.event("JOIN")
@plugin.thread(False)
def joined(bot: SopelWrapper, trigger: Trigger) -> None:
    """Sees the bot arrive in a channel."""
    bot.memory["presence"].joined(trigger.nick, str(trigger.sender), trigger.time)


@plugin.event("KICK")
@plugin.thread(False)
def kicked(bot: SopelWrapper, trigger: Trigger) -> None:
    """Sees the bot sent away."""
    bot.memory["presence"].left(argument(trigger, 1), str(trigger.sender))


@plugin.event("PART")
@plugin.thread(False)
def parted(bot: SopelWrapper, trigger: Trigger) -> None:
    """Sees the bot made to leave."""
    bot.memory["presence"].left(trigger.nick, str(trigger.sender))


@plugin.event(events.RPL_ENDOFNAMES)
@plugin.thread(False)
def listed(bot: SopelWrapper, trigger: Trigger) -> None:
    """Sees that the bot knows by now who is in a channel."""
    bot.memory["presence"].listed(argument(trigger, 1))


@plugin.event("INVITE")
@plugin.thread(False)
def invited(bot: SopelWrapper, trigger: Trigger) -> None:
    """Sees that the bot may come in."""
    bot.memory["presence"].invited(argument(trigger, 0), argument(trigger, 1))


@plugin.event("PONG")
@plugin.thread(False)
def answered(bot: SopelWrapper, trigger: Trigger) -> None:
    """Sees that all has come that was kept for the bot."""
    bot.memory["presence"].answered(argument(trigger, -1))


@plugin.event(
    events.ERR_CHANNELISFULL,
    events.ERR_INVITEONLYCHAN,
    events.ERR_BANNEDFROMCHAN,
    events.ERR_BADCHANNELKEY,
    events.ERR_NOCHANMODES,
    events.ERR_NOSUCHCHANNEL,
    events.ERR_TOOMANYCHANNELS,
    events.ERR_UNAVAILRESOURCE,
    events.ERR_BADCHANMASK,
    *KEPT_OUT,
)
@plugin.thread(False)
def kept_out(bot: SopelWrapper, trigger: Trigger) -> None:
    """Says in the log which channel the bot cannot enter, and why."""
    bot.memory["presence"].kept_out(argument(trigger, 1), argument(trigger, -1))


@plugin.event(events.RPL_ISON)
@plugin.thread(False)
def nick_seen(bot: SopelWrapper, trigger: Trigger) -> None:
    """Takes the bot's nick once nobody has it."""
    bot.memory["presence"].take_nick(argument(trigger, -1))


@plugin.interval(2)
@plugin.thread(False)
def heal(bot: Sopel) -> None:
    """Goes back to where the bot was sent away from."""
    bot.memory["presence"].heal(monotonic())
