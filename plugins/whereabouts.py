"""Events that concern the bot's presence in its channels and its nick."""

from __future__ import annotations

from time import monotonic

from sopel import plugin
from sopel.bot import Sopel, SopelWrapper
from sopel.tools import events
from sopel.trigger import Trigger

from irscribe.runtime.triggers import argument

CHATHISTORY_CAPABILITY = plugin.capability("batch", "draft/chathistory")
JOIN_REFUSED = ("470", "479", "480", "485", "489", "490", "495", "500", "519", "520", "926")
"""Further numerics for a refused JOIN (defs.ircdocs.horse/numerics): forwarded, TLS only, operators only …"""


@plugin.event(events.RPL_ENDOFMOTD, events.ERR_NOMOTD)
@plugin.thread(False)
def registered(bot: SopelWrapper, trigger: Trigger) -> None:
    """Attaches the connection to the app."""
    bot.memory["presence"].registered(trigger.time)


@plugin.event("JOIN")
@plugin.thread(False)
def joined(bot: SopelWrapper, trigger: Trigger) -> None:
    """Notes who joined a channel, the bot or somebody else."""
    bot.memory["presence"].joined(trigger.nick, str(trigger.sender), trigger.time)


@plugin.event("KICK")
@plugin.thread(False)
def kicked(bot: SopelWrapper, trigger: Trigger) -> None:
    """Notes that the bot was kicked."""
    bot.memory["presence"].left(argument(trigger, 1), str(trigger.sender))


@plugin.event("PART")
@plugin.thread(False)
def parted(bot: SopelWrapper, trigger: Trigger) -> None:
    """Notes that the bot was made to leave a channel."""
    bot.memory["presence"].left(trigger.nick, str(trigger.sender))


@plugin.event(events.RPL_ENDOFNAMES)
@plugin.thread(False)
def listed(bot: SopelWrapper, trigger: Trigger) -> None:
    """Notes that the members of a channel are known."""
    bot.memory["presence"].listed(argument(trigger, 1))


@plugin.event("INVITE")
@plugin.thread(False)
def invited(bot: SopelWrapper, trigger: Trigger) -> None:
    """Notes that the bot was invited."""
    bot.memory["presence"].invited(argument(trigger, 0), argument(trigger, 1))


@plugin.event("PONG")
@plugin.thread(False)
def answered(bot: SopelWrapper, trigger: Trigger) -> None:
    """Notes that the reading back is done."""
    bot.read_back.answered(argument(trigger, -1))


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
    *JOIN_REFUSED,
)
@plugin.thread(False)
def kept_out(bot: SopelWrapper, trigger: Trigger) -> None:
    """Logs the channel that the bot cannot join, and the reason."""
    bot.memory["presence"].kept_out(argument(trigger, 1), argument(trigger, -1))


@plugin.event(events.RPL_ISON)
@plugin.thread(False)
def nick_seen(bot: SopelWrapper, trigger: Trigger) -> None:
    """Takes the bot's nick if nobody has it."""
    bot.memory["presence"].take_nick(argument(trigger, -1))


@plugin.interval(2)
@plugin.thread(False)
def rejoin(bot: Sopel) -> None:
    """Joins channels again, and asks for the bot's nick."""
    bot.memory["presence"].rejoin(monotonic())
