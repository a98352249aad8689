"""Messages with which a server refuses a line of the bot."""

from __future__ import annotations

from sopel import plugin
from sopel.bot import SopelWrapper
from sopel.tools import events
from sopel.trigger import Trigger

from irscribe.runtime.triggers import argument


@plugin.event(
    events.ERR_NOSUCHNICK,
    events.ERR_NOSUCHCHANNEL,
    events.ERR_CANNOTSENDTOCHAN,
    events.ERR_TOOMANYTARGETS,
    "408",  # no colours there
    "415",  # no such mask
    "439",  # too many targets in a short time
    events.ERR_NOTONCHANNEL,
    "477",  # registered people only
    "486",  # accepts registered people only
    "492",  # no CTCP there
    "494",  # one's own mode keeps the answer out
    "531",  # other rules of that person or channel
    "716",  # caller-id
)
@plugin.thread(False)
def refused(bot: SopelWrapper, trigger: Trigger) -> None:
    """Logs the line that was refused."""
    bot.voice.refused(argument(trigger, 1), argument(trigger, -1))
