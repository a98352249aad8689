"""Timeline notes: ``!log …`` and ``!note …``."""

from __future__ import annotations

from sopel import plugin
from sopel.bot import SopelWrapper
from sopel.trigger import Trigger

from irscribe.domain.request import LineKind
from irscribe.runtime import patterns, triggers


@plugin.rule_lazy(patterns.log)
@plugin.allow_bots
@plugin.thread(False)
@plugin.example("!log 15:45 OUTAGE BEGINS")
def log(bot: SopelWrapper, trigger: Trigger) -> None:
    """Passes a ``!log`` line to the app."""
    triggers.submit_line(bot, trigger, LineKind.LOG)


@plugin.rule_lazy(patterns.note)
@plugin.allow_bots
@plugin.thread(False)
@plugin.example("!note restarted neutron-l3-agent")
def note(bot: SopelWrapper, trigger: Trigger) -> None:
    """Passes a ``!note`` line to the app."""
    triggers.submit_line(bot, trigger, LineKind.NOTE)
