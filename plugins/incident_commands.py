"""Commands about an incident: ``!incident VERB …``, ``!ir VERB …``, ``irscribe: VERB …``."""

from __future__ import annotations

from sopel import plugin
from sopel.bot import SopelWrapper
from sopel.trigger import Trigger

from irscribe.domain.request import LineKind
from irscribe.runtime import patterns, triggers


@plugin.rule_lazy(patterns.incident)
@plugin.allow_bots
@plugin.thread(False)
@plugin.example("!ir start API returns 500")
def incident(bot: SopelWrapper, trigger: Trigger) -> None:
    """Passes an ``!incident`` line to the app."""
    triggers.submit_line(bot, trigger, LineKind.INCIDENT)
