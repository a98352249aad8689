"""The application context: the settings, the questionnaires they name, all commands, what was heard lately."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from irscribe.commands import Commands
from irscribe.config import Config, LogMode
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.errors import ConfigError
from irscribe.domain.prose import listing
from irscribe.domain.questionnaire import GENERAL, Questionnaire, load
from irscribe.domain.sentence import CommandNames, Speech, render
from irscribe.services.context.held_alerts import HeldAlerts
from irscribe.services.context.recent_talk import RecentTalk
from models.parts import TRACKER


@dataclass(frozen=True, kw_only=True)
class ApplicationContext:
    """The settings, the questionnaires they name, all commands, recent talk and alerts, for every request."""

    config: Config
    questionnaires: Mapping[str, Questionnaire]
    commands: Commands
    recent: RecentTalk = field(default_factory=lambda: RecentTalk(None))
    held_alerts: HeldAlerts = field(default_factory=lambda: HeldAlerts(None))

    def spoken(self, speech: Speech, channel: str | None = None, casemapping: CaseMapping = CaseMapping.ASCII) -> str:
        """Render a sentence for a channel or for the record: with the names of the settings, and tasks as addresses.

        In a channel in which another bot owns ``!log``, the text names ``!note`` instead.
        """
        log_is_ours = self.config.log_modes.of(channel, casemapping) is LogMode.FULL
        names = self._names if log_is_ours else replace(self._names, log=self._names.note)
        return render(speech, names, tracker=self.config.phabricator.url)

    def tracker(self, fields: Mapping[str, str]) -> str | None:
        """Give the address of the server of an incident's tasks, by its fields; None if they have no address."""
        return fields.get(TRACKER, self.config.phabricator.url) or None

    def offered_questionnaires(self) -> list[str]:
        """Give the versions to name where people choose one: not those shipped for other organisations."""
        ours = {GENERAL, self.questionnaires[self.config.scorecard].organisation}
        known = self.questionnaires.values()
        return sorted(each.version for each in known if not each.shipped or each.organisation in ours)

    @cached_property
    def _names(self) -> CommandNames:
        names = self.config.names
        return CommandNames.of(names.prefix, incident=names.incident, log=names.log, note=names.note)


def load_questionnaires(config: Config) -> Mapping[str, Questionnaire]:
    """Load all questionnaires, by version.

    Raises ConfigError if the one of the settings is not among them.
    """
    questionnaires = load(config.scorecards)
    if config.scorecard not in questionnaires:
        known = listing(sorted(questionnaires))
        raise ConfigError(f"[irscribe] scorecard: there is no questionnaire {config.scorecard!r}; there are {known}.")
    return questionnaires
