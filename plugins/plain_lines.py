"""Lines that are no commands: scorecard answers in private, the rest of a line that a client cut."""

from __future__ import annotations

from sopel import plugin
from sopel.bot import SopelWrapper
from sopel.trigger import Trigger

from irscribe.domain.request import LineKind
from irscribe.runtime import hearing, patterns


@plugin.rule_lazy(patterns.plain)
@plugin.allow_bots
@plugin.thread(False)
def plain_line(bot: SopelWrapper, trigger: Trigger) -> None:
    """Hands over what somebody just says."""
    hearing.hear(bot, trigger, LineKind.PLAIN)


@plugin.event("ACCOUNT")
@plugin.thread(False)
def login(bot: SopelWrapper, trigger: Trigger) -> None:
    """Follows a person into their account."""
    hearing.hear_login(bot, trigger)


@plugin.event("NICK")
@plugin.thread(False)
def new_nick(bot: SopelWrapper, trigger: Trigger) -> None:
    """Follows a person from one nick to the next."""
    hearing.hear_nick(bot, trigger)


@plugin.event("QUIT")
@plugin.thread(False)
def gone(bot: SopelWrapper, trigger: Trigger) -> None:
    """Sees a nick become free."""
    hearing.hear_quit(bot, trigger)
