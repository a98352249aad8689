"""``check``: every setting, the database, the services; one line each with what to fix."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from irscribe.cli.settings import load_settings
from irscribe.config import Config
from irscribe.domain.errors import IrscribeError
from irscribe.runtime import build_settings
from models import Database


class Level(StrEnum):
    """How much it matters: the bot does not start on an error, and starts all the same on a warning."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """One line of the answer."""

    level: Level
    about: str
    text: str

    def __str__(self) -> str:
        return f"{self.level:<8} {self.about}: {self.text}"


def main(arguments: Namespace) -> int:
    """Look at everything, say what was found; 1 if anything keeps the bot from starting."""
    findings = list(find(arguments))
    for finding in findings:
        print(finding)
    return int(any(finding.level is Level.ERROR for finding in findings))


def find(arguments: Namespace) -> Iterator[Finding]:
    """What was found, in the order in which the bot needs it."""
    try:
        config = load_settings(arguments)
    except IrscribeError as error:
        yield Finding(Level.ERROR, "settings", str(error))
        return
    for look in LOOKS:
        yield from look(config)


def _settings(config: Config) -> Iterator[Finding]:
    yield Finding(Level.OK, "settings", str(config.path or "the defaults, as there is no config.ini"))
    try:
        build_settings(config)
    except IrscribeError as error:
        yield Finding(Level.ERROR, "network", str(error))
    else:
        where = "the inner server" if config.embedded else config.host
        yield Finding(Level.OK, "network", f"{config.names.nick} on {where}, port {config.port}")
        yield Finding(Level.OK, "channels", ", ".join(config.channels))


def _permissions(config: Config) -> Iterator[Finding]:
    if config.trusted:
        yield Finding(Level.OK, "trusted", ", ".join(config.trusted))
    else:
        yield Finding(Level.WARNING, "trusted", "nobody is named; channel operators stand in for them")


def _database(config: Config) -> Iterator[Finding]:
    try:
        database = Database(config.database)
        if database.file is not None and not database.file.exists():
            yield Finding(Level.OK, "database", f"{database.file} will be made at the first start")
            return
        database.require_head()
    except IrscribeError as error:
        yield Finding(Level.ERROR, "database", str(error))
    else:
        yield Finding(Level.OK, "database", database.url.render_as_string(hide_password=True))


LOOKS: tuple[Callable[[Config], Iterator[Finding]], ...] = (_settings, _permissions, _database)
