"""Opens one connection after another until the process is told to stop."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from random import SystemRandom
from time import monotonic
from typing import Any

from irscribe.domain.errors import IrscribeError
from irscribe.runtime.app import App
from irscribe.runtime.back_off import BackOff
from irscribe.runtime.bot import Bot
from irscribe.runtime.encryption import find_contradiction
from irscribe.runtime.login import Login
from irscribe.runtime.presence import Presence
from irscribe.runtime.signals import Stop

SHORTEST_WAIT_IF_BANNED = 300.0
"""Shortest wait in seconds after a ban, as more frequent attempts prolong a ban."""
STANDBY_INTERVAL = 1.0
"""Seconds between two attempts of a standby to take the leader lock."""

log = logging.getLogger(__name__)


class NotWelcomeError(IrscribeError):
    """The network refuses the bot with these settings; another attempt would be refused too."""


def run(settings: Any, app: App, *, stop: Stop, ready: Callable[[], None]) -> None:
    """Keep a bot on the network; returns once ``stop`` was requested. In the main thread only.

    ``settings`` are those of ``build_settings``.

    Raises:
        NotWelcomeError: the first connection was refused for good (account, certificate).

    """
    back_off, known = BackOff(), False
    while not stop.requested:
        if not app.take_leader_lock():
            stop.wait(STANDBY_INTERVAL)
            continue
        bot = Bot(settings, casemapping=app.casemapping)
        bot.doubt = None if known else _doubt(settings.core)
        _connect_once(bot, app, stop=stop, ready=ready)
        lasted = None if bot.registered_at is None else monotonic() - bot.registered_at
        known = known or bot.registered_at is not None
        # A bot that was let in before goes on: services may be down in just the outage that it is to record.
        if bot.refusal is not None and not known:
            raise NotWelcomeError(f"{settings.core.host} does not let the bot in: {bot.refusal.rstrip('.')}.")
        wait = back_off.after(lasted)
        if bot.registered_at is None:
            app.release_leader_lock()
        if not stop.requested and not bot.leaving:
            _pause(stop, wait, bot)


def _doubt(core: Any) -> Callable[[], str | None]:
    return partial(find_contradiction, core.host, core.port, use_ssl=core.use_ssl)


def _connect_once(bot: Bot, app: App, *, stop: Stop, ready: Callable[[], None]) -> None:
    bot.memory["app"] = app
    bot.memory["presence"] = Presence(bot, app=app, ready=ready)
    bot.memory["login"] = Login(bot)
    stop.on_request(bot.leave)
    bot.leaving = stop.requested
    app.on_step_down(partial(bot.leave, "Another bot takes over"))
    bot.setup()
    try:
        bot.run(bot.settings.core.host, bot.settings.core.port)
    finally:
        stop.on_request(None)
        app.on_step_down(None)
        app.detach()
        bot.voice.end()
        bot.scheduler.stop()  # its thread would keep the process alive after an error
        bot.db.engine.dispose()


def _pause(stop: Stop, wait: float, bot: Bot) -> None:
    wait *= SystemRandom().uniform(0.8, 1.2)
    if bot.is_banned:
        wait = max(wait, SHORTEST_WAIT_IF_BANNED)
        log.error("The network has banned the bot; its operators have to lift that.")
    reason = bot.refusal or bot.farewell
    when = f"in {wait:.1f} s" if wait else "at once"
    log.warning("Disconnected%s; trying again %s.", f" ({reason})" if reason else "", when)
    stop.wait(wait)
