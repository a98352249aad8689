"""Findings about settings and database, without a call to a service; for ``check`` and ``run``."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from irscribe.cli.checkfiles import exposed_database, exposed_reports, unfinished_imports
from irscribe.cli.checkreports import can_write, layout_mistakes, prove_folder, prove_questionnaire
from irscribe.config import Announce, Config, Listen, Webhook
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.errors import ConfigError, IrscribeError
from irscribe.domain.prose import listing, plural
from irscribe.render import is_shipped
from irscribe.runtime import build_settings, prove_certificates
from irscribe.services.application import all_commands, refuse_unknown_commands
from irscribe.services.context.application import ApplicationContext
from irscribe.services.report.exports import style
from models import HEAD, Database
from models.postgresql import address

SETTING = re.compile(r"\[\w+\] \w+")
"""The setting at the beginning of a sentence about it."""


class Level(StrEnum):
    """The level of a finding.

    A warning may pass by itself. With a finding that is refused, the bot works without that service until a setting is
    corrected. An error keeps the bot from starting.
    """

    OK = "ok"
    WARNING = "warning"
    REFUSED = "refused"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """One line of the output."""

    level: Level
    about: str
    text: str

    def __str__(self) -> str:
        return f"{self.level:<8} {self.about}: {self.text}"


def find(config: Config) -> Generator[Finding, None, Any]:
    """Give all findings, in the order in which the bot needs the parts.

    Returns the settings for Sopel, None if they cannot be built.
    """
    settings = yield from _settings(config)
    for look in LOOKS:
        yield from look(config)
    return settings


def find_errors(config: Config, mistakes: Sequence[str]) -> Iterator[Finding]:
    """Give the errors that keep the bot from starting: the mistakes in the settings, and those found besides.

    A wrong setting has its default in ``config``; findings about the default are left out.
    """
    yield from (Finding(Level.ERROR, "settings", each) for each in mistakes)
    named = {SETTING.match(each) for each in mistakes}
    wrong = {found[0] for found in named if found}
    for finding in find(config):
        setting = SETTING.match(finding.text)
        if finding.level is Level.ERROR and (setting is None or setting[0] not in wrong):
            yield finding


def _settings(config: Config) -> Generator[Finding, None, Any]:
    yield Finding(Level.OK, "settings", str(config.path or "the defaults, as there is no config.ini"))
    try:
        settings = build_settings(config)
        prove_certificates(settings)
    except ConfigError as error:
        yield from (Finding(Level.ERROR, "network", each) for each in error.sentences)
        return None
    yield _network(config, settings.core)
    yield Finding(Level.OK, "channels", ", ".join(config.channels))
    if config.private_channels:
        yield Finding(Level.OK, "private", f"every incident in {listing(config.private_channels)}")
    yield from _elsewhere(config)
    return settings


def _elsewhere(config: Config) -> Iterator[Finding]:
    """Warn of rules for channels that the bot does not serve: the names may be misspelt."""
    strictest = CaseMapping.ASCII
    served = {*map(strictest.fold, config.channels)}
    ruled = {channel for channel, _ in config.permissions.rules if channel is not None}
    by_setting = {
        "[irscribe] log_mode": config.log_modes.channels,
        "[irscribe] listen": config.listen.channels,
        "[irscribe] topic": config.topic.channels,
        "[irscribe] greet": config.greet.channels,
        "[irscribe] permissions": ruled,
        "[pages] show": config.pages.show.channels if config.pages.show is not None else {},
    }
    for setting, named in by_setting.items():
        for channel in sorted(each for each in named if strictest.fold(each) not in served):
            text = f"{setting} speaks of {channel}, which [core] channels does not name"
            yield Finding(Level.WARNING, "channels", text)


def _network(config: Config, core: Any) -> Finding:
    where = f"{config.names.nick} on {'the inner server' if config.embedded else config.host}, port {config.port}"
    if config.embedded or not core.use_ssl:
        return Finding(Level.OK, "network", f"{where}, without TLS")
    if not core.verify_ssl:
        text = f"{where}, with TLS, but whoever answers is believed; set [core] verify_ssl = true"
        return Finding(Level.WARNING, "network", text)
    return Finding(Level.OK, "network", f"{where}, with TLS")


def _permissions(config: Config) -> Iterator[Finding]:
    if config.trusted:
        yield Finding(Level.OK, "trusted", ", ".join(map(str, config.trusted)))
    else:
        yield Finding(Level.WARNING, "trusted", "nobody is named; channel operators stand in for them")

    if config.permissions.rules:
        yield from _rules(config)


def _rules(config: Config) -> Iterator[Finding]:
    try:
        refuse_unknown_commands(config, all_commands())
    except IrscribeError as error:
        yield Finding(Level.ERROR, "permissions", str(error))
    else:
        yield Finding(Level.OK, "permissions", f"{plural(len(config.permissions.rules), 'rule')} of one's own")


def _reports(config: Config) -> Iterator[Finding]:
    for prove in (prove_questionnaire, prove_folder):
        try:
            yield Finding(Level.OK, "reports", prove(config))
        except IrscribeError as error:
            yield Finding(Level.ERROR, "reports", str(error))
    yield from (Finding(Level.WARNING, "reports", each) for each in exposed_reports(config))
    yield from _layout(config)


def _layout(config: Config) -> Iterator[Finding]:
    """Check an own layout; a shipped one is tested, so that the bot starts without loading any template."""
    shipped = is_shipped(style(ApplicationContext(config=config, questionnaires={}, commands=all_commands())))
    mistakes = () if shipped else layout_mistakes(config)
    yield from (Finding(Level.ERROR, "reports", mistake) for mistake in mistakes)
    if not mistakes:
        yield Finding(Level.OK, "reports", f"layout {config.layout}")


def _database(config: Config) -> Iterator[Finding]:
    try:
        with closing(Database(config.database)) as database:
            if database.file is None:
                database.require_head()
                yield Finding(Level.OK, "database", str(address(database.url)))
            elif not database.is_there():
                yield _new_file(database.file)
            else:
                yield _file(database, database.file)
                yield from (Finding(Level.WARNING, "database", each) for each in exposed_database(database.file))
            if database.version() == HEAD:
                yield from (Finding(Level.WARNING, "database", each) for each in unfinished_imports(database))
    except IrscribeError as error:
        yield Finding(Level.ERROR, "database", str(error))


def _file(database: Database, file: Path) -> Finding:
    """Check a database file: it is migrated at the start if it is not newer and can be written."""
    version = database.version()
    if version is not None and version > HEAD:
        database.require_head()
    if not (os.access(file, os.W_OK) and can_write(file.parent)):
        text = f"[irscribe] database: {file} and its folder must be writable; change their rights or name another file."
        return Finding(Level.ERROR, "database", text)
    upgrade = "" if version == HEAD else f", brought from version {version or 'none'} to {HEAD} at the next start"
    return Finding(Level.OK, "database", f"{address(database.url)}{upgrade}")


def _new_file(file: Path) -> Finding:
    if can_write(file.parent):
        return Finding(Level.OK, "database", f"{file} will be made at the first start")
    return Finding(Level.ERROR, "database", f"[irscribe] database: {file} cannot be made; name another file.")


def _secrets(config: Config) -> Iterator[Finding]:
    """Findings about files that hold secrets; a missing file is a finding of the settings."""
    for setting, path in (each for each in config.secrets if each[1].is_file()):
        if path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
            text = f"{setting} is in {path}, which everybody on this machine may read; chmod o-rwx {path}"
            yield Finding(Level.WARNING, "secrets", text)
        else:
            yield Finding(Level.OK, "secrets", f"{setting} is in {path}")


def _limits(config: Config) -> Iterator[Finding]:
    if config.embedded:
        yield Finding(Level.OK, "limit", "none, as on every inner server")
    elif config.limit is None:
        yield Finding(Level.WARNING, "limit", "none, so one person can keep the bot busy for everybody else")
    else:
        pace = f"{config.limit.burst} lines at once, then {config.limit.per_second:g} a second, for each person"
        yield Finding(Level.OK, "limit", pace)
    if config.relays:
        yield Finding(Level.OK, "relays", f"{', '.join(map(str, config.relays))}: {_relay_pace(config)}")
    if config.ignore:
        yield Finding(Level.OK, "ignored", ", ".join(map(str, config.ignore)))


def _telling(config: Config) -> Iterator[Finding]:
    """Say who else may be heard, and whom the bot tells of incidents by itself."""
    if config.bridges:
        bots = ", ".join(map(str, config.bridges))
        yield Finding(Level.OK, "bridges", f"{bots}: people behind them may note and take in, and have no rights")
    if config.announce_channels:
        again = ", and again at changes" if config.announce is Announce.CHANGES else ""
        yield Finding(Level.OK, "announce", f"{', '.join(config.announce_channels)}, on request{again}")
    if config.unasked is None:
        idle = [name for name, switch in (("topic", config.topic), ("greet", config.greet)) if not switch.is_off]
        idle += ["announce"] if config.announce is Announce.CHANGES else []
        text = "is on, and does nothing: unasked = none lets the bot do nothing by itself"
        yield from (Finding(Level.WARNING, "unasked", f"[irscribe] {name} {text}") for name in idle)


def _relay_pace(config: Config) -> str:
    pace = config.relay_limit
    return "without a limit" if pace is None else f"{pace.burst} lines at once, then {pace.per_second:g} a second"


def _alerts(config: Config) -> Iterator[Finding]:
    """Say whose lines are alerts, and who can post some."""
    if config.alert_bots:
        yield Finding(Level.OK, "alerts", f"from {', '.join(map(str, config.alert_bots))}")
    if config.suggest_start and config.recent is None and config.alert_bots:
        text = "[irscribe] suggest_start needs alerts in memory, and `recent` is none: no start is suggested"
        yield Finding(Level.WARNING, "alerts", text)
    if config.webhook.listen:
        yield from _webhook(config.webhook, config.webhook.listen)


def _webhook(webhook: Webhook, listen: Listen) -> Iterator[Finding]:
    if listen.is_local:
        yield Finding(Level.OK, "webhook", f"http://{listen}/alertmanager, which only this machine can reach")
    else:
        text = (
            f"[webhook] listen: whoever reaches {listen} and has the token can write into incidents, and the token is "
            "sent unencrypted: let a proxy with TLS stand in front"
        )
        yield Finding(Level.WARNING, "webhook", text)
    if webhook.token is None:
        text = "[webhook] token: none, so every program on this machine can write into incidents; set a token_file"
        yield Finding(Level.WARNING, "webhook", text)


def _keeping(config: Config) -> Iterator[Finding]:
    kept = f"for {plural(config.retention.days, 'day')}" if config.retention else "for ever"
    yield Finding(Level.OK, "retention", f"what people type is kept word for word {kept}")
    yield Finding(Level.OK, "log", f"{config.log_format} on standard error")


LOOKS: tuple[Callable[[Config], Iterator[Finding]], ...] = (
    _secrets,
    _permissions,
    _reports,
    _limits,
    _telling,
    _alerts,
    _keeping,
    _database,
)
