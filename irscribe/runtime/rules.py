"""Finds the rules that a line triggers by its event; Sopel tries every rule, which costs more than all else."""

from __future__ import annotations

from typing import Any

from sopel.plugins.rules import AbstractRule, Manager, Rule
from sopel.trigger import PreTrigger

UNUSED = frozenset({("coretasks", "handle_url_callbacks")})
"""Rules that have nothing to do here, by plugin and label: no plugin waits for addresses, and this one starts a thread
for each line that holds one, such as those of alert bots."""


class RulesByEvent(Manager):  # type: ignore[misc]  # Sopel has no types
    """Holds plain rules only: our plugins and Sopel's core have no named commands, and none are looked for."""

    def __init__(self) -> None:
        super().__init__()
        self._for_event: dict[str, list[Rule]] = {}

    def register(self, rule: Rule) -> None:
        """Take a rule; rules are tried in the order of registration."""
        if (rule.get_plugin_name(), rule.get_rule_label()) in UNUSED:
            return
        super().register(rule)
        for event in rule._events:  # noqa: SLF001 - a rule tells whether an event is one of its own, but not which are
            self._for_event.setdefault(event, []).append(rule)

    def get_triggered_rules(self, bot: Any, pretrigger: PreTrigger) -> tuple[tuple[AbstractRule, Any], ...]:
        """Give the rules that a line triggers, each with its match, in order of priority."""
        text = pretrigger.args[-1] if pretrigger.args else ""
        rules = self._for_event.get(pretrigger.event, ())
        matched = [(rule, match) for rule in rules for match in rule.parse(text)]
        triggered = [found for found in matched if found[0].match_preconditions(bot, pretrigger)]
        return tuple(sorted(triggered, key=lambda found: found[0].priority_scale))
