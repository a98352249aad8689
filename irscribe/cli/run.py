"""``run`` starts the bot, on its network or with the inner server."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from irscribe.adapter import Adapter
from irscribe.cli.findings import Finding, Level, find_errors
from irscribe.cli.logs import start_logging
from irscribe.cli.settings import inspect_settings
from irscribe.config import EMBEDDED_HOST, Config
from irscribe.domain.errors import ConfigError
from irscribe.engine.app import build
from irscribe.engine.interpreter import prepare
from irscribe.runtime import NotWelcomeError, ServiceManager, Stop, build_settings, own_signals, run

STOP_TIMEOUT = 2.0
"""The time in seconds in which the app has to record and answer the lines that it has taken."""
REFUSED = 1
NOT_WELCOME = 78
"""The exit code after which a service manager does not start the bot again; EX_CONFIG of sysexits.h."""


def main(arguments: Namespace) -> int:
    """Run until a signal stops the bot.

    Returns 1 if a setting or the database is wrong or a part of the bot died, so that a service manager starts it
    again; 78 if the network refuses the bot.
    """
    stop = own_signals()
    config, errors = _look(arguments)
    for error in errors:
        sys.stderr.write(f"{error}\n")
    if config is None or errors:
        return REFUSED
    start_logging(config)
    try:
        _run_somewhere(config, arguments, stop)
    except NotWelcomeError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_WELCOME
    return int(stop.failed)


def _run_somewhere(config: Config, arguments: Namespace, stop: Stop) -> None:
    if config.embedded:
        with _inner_server(config, arguments.port) as embedded:
            _run(embedded, stop)
    else:
        _run(config, stop)


def _look(arguments: Namespace) -> tuple[Config | None, list[Finding]]:
    """Read the settings, if possible, and find the errors that keep the bot from starting, worded as in ``check``."""
    try:
        config, mistakes = inspect_settings(arguments)
    except ConfigError as error:
        return None, [Finding(Level.ERROR, "settings", each) for each in error.sentences]
    if arguments.embedded:
        config = config.embed(arguments.port)
    return config, list(find_errors(config, mistakes))


def _run(config: Config, stop: Stop) -> None:
    settings = build_settings(config)
    app = build(config, Adapter)
    manager = ServiceManager(os.environ)
    app.start()
    if app.site.address:
        print(f"The incidents in a browser: {app.site.address}", flush=True)
    prepare()
    manager.ready(app.is_well)
    try:
        run(settings, app, stop=stop, ready=Announcement())
    finally:
        manager.stopping()
        app.stop(STOP_TIMEOUT)


class Announcement:
    """Prints ``ready`` on standard output, once in the life of the process."""

    def __init__(self) -> None:
        self._made = False

    def __call__(self) -> None:
        """Print it: the bot is in its first channel."""
        if not self._made:
            self._made = True
            print("ready", flush=True)


@contextmanager
def _inner_server(config: Config, port: int) -> Iterator[Config]:
    """Run an IRC server in this process, and give the settings for it."""
    # Loaded here, because a bot on a real network does not need it.
    from irscribe import ircd

    server = ircd.start(EMBEDDED_HOST, port, bot_nick=config.embed().names.nick)
    embedded = config.embed(server.address[1])
    print(_welcome(embedded), flush=True)
    try:
        yield embedded
    finally:
        server.stop()


def _welcome(config: Config) -> str:
    channel, names = config.channels[0], config.names
    incident, log = f"{names.prefix}{names.incident[-1]}", f"{names.prefix}{names.log[0]}"
    return (
        f"An IRC server of its own: connect any client to {config.host}, port {config.port} (no TLS, no password),\n"
        f"and join {channel}. With irssi:  irssi -c {config.host} -p {config.port}\n"
        "The first three things to type there:\n"
        f"  {incident} start API returns 500\n"
        f"  {log} -5m first alert, nobody paged\n"
        f"  {incident} help\n"
        "Ctrl-C ends it."
    )
