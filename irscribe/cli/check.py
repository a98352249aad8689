"""``check`` tests every setting, the database, the network and the services; each line says what to correct."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from irscribe.cli import naming
from irscribe.cli.checkreports import templates_used
from irscribe.cli.findings import Finding, Level, find, find_errors
from irscribe.cli.settings import inspect_settings
from irscribe.config import Config
from irscribe.domain.errors import ConfigError
from irscribe.services.filing.clients import LazyClients
from irscribe.services.filing.inspection import Verdict, inspect_phabricator, inspect_wiki


def main(arguments: Namespace) -> int:
    """Print all findings; return 1 if a setting has to be changed."""
    wrong = False
    for finding in look(arguments):
        # A service may take a minute to answer: findings are printed at once.
        print(finding, flush=True)
        wrong |= finding.level in (Level.ERROR, Level.REFUSED)
    return int(wrong)


def look(arguments: Namespace) -> Iterator[Finding]:
    """Give the findings: those about the bot first, then those about servers unless ``--offline``."""
    try:
        config, mistakes = inspect_settings(arguments)
    except ConfigError as error:
        yield from (Finding(Level.ERROR, "settings", each) for each in error.sentences)
        return
    if mistakes:
        yield from find_errors(config, mistakes)
        return
    settings = yield from find(config)
    yield from naming.find(config)
    if not arguments.offline:
        if settings is not None and not config.embedded:
            yield from _dial(settings)
        yield from _phabricator(config)
        yield from _wiki(config)


def _dial(settings: Any) -> Iterator[Finding]:
    """Give the findings of a call to the network."""
    from irscribe.runtime.trial import try_network

    for point in try_network(settings):
        yield Finding(OF_THE_NETWORK[point.verdict], "network", point.text)


def _phabricator(config: Config) -> Iterator[Finding]:
    for point in inspect_phabricator(config, LazyClients(config)):
        yield Finding(OF_SERVICES[point.verdict], "phabricator", point.text)


def _wiki(config: Config) -> Iterator[Finding]:
    templates = templates_used(config) if config.mediawiki.url else ()
    for point in inspect_wiki(config, LazyClients(config), templates=templates):
        yield Finding(OF_SERVICES[point.verdict], "wiki", point.text)


OF_THE_NETWORK = {Verdict.WELL: Level.OK, Verdict.PASSING: Level.WARNING, Verdict.WRONG: Level.ERROR}
OF_SERVICES = {**OF_THE_NETWORK, Verdict.WRONG: Level.REFUSED}
"""The levels of findings: the bot needs the network, but can start without the task server and the wiki."""
