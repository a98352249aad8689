"""Lines that people type: commands, notes, answers to the scorecard, the rest of a split command."""

from __future__ import annotations

from sopel import plugin
from sopel.bot import SopelWrapper
from sopel.trigger import Trigger

from irscribe.runtime import triggers


@plugin.rule(r"(?s).*")
@plugin.allow_bots
@plugin.thread(False)
@plugin.example("!ir start API returns 500")
@plugin.example("!log 15:45 OUTAGE BEGINS")
def typed_line(bot: SopelWrapper, trigger: Trigger) -> None:
    """Passes a line to the app."""
    triggers.submit_line(bot, trigger)
