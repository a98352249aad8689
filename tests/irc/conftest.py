"""A bot with our plugins and no network, in two channels with some people."""

from __future__ import annotations

import pytest
from sopel.tests.mocks import MockIRCBackend

from irscribe.config import load
from irscribe.runtime import build_settings
from irscribe.runtime.bot import Bot
from irscribe.runtime.login import Login
from irscribe.runtime.presence import Presence
from tests.listener import Listener

SETTINGS = """
[core]
nick = irscribe
host = irc.example.org
channels =
    "#incidents"
    "#ops key"
[irscribe]
relays = stashbot
bridges = bridgebot!*@bridge.example
alert_bots = jinxer-wm!*@*.example
ignore = *!*@spam.example
"""


class Irc:
    """The bot, what its app was given, and both ends of its socket."""

    def __init__(self, bot, app, ready) -> None:
        self.bot, self.app, self.ready = bot, app, ready

    def line(self, raw: str) -> None:
        """One line from the server."""
        self.bot.on_message(raw)

    def says(self, text: str, *, to: str = "#incidents", who: str = "alice!al@host.example", tags: str = "") -> None:
        """One line from somebody."""
        self.line(f"{tags}:{who} PRIVMSG {to} :{text}")

    @property
    def sent(self) -> list[bytes]:
        """The bytes the bot put on the wire since it was last asked for them."""
        sent = list(self.bot.backend.message_sent)
        self.bot.backend.clear_message_sent()
        return sent

    @property
    def events(self) -> list:
        return self.app.events

    @property
    def texts(self) -> list[tuple[str, str]]:
        return [(event.kind.value, event.text) for event in self.app.events]


@pytest.fixture
def irc(tmp_path, ircfactory, userfactory):
    (tmp_path / "config.ini").write_text(SETTINGS)
    app, ready = Listener(), []
    bot = Bot(build_settings(load(tmp_path / "config.ini")))
    bot.backend = MockIRCBackend(bot)
    bot.memory["app"] = app
    bot.memory["presence"] = Presence(bot, app=app, ready=lambda: ready.append("ready"))
    bot.memory["login"] = Login(bot)
    bot.setup_plugins()
    server = ircfactory(bot)
    for channel, people in (("#incidents", ["alice", "bob", "[w]"]), ("#ops", ["alice"])):
        bot.on_message(f":irscribe!irscribe@host JOIN {channel}")
        server.channel_joined(channel, people)
    bot.backend.clear_message_sent()
    ready.clear()
    yield Irc(bot, app, ready)
    bot.db.engine.dispose()
