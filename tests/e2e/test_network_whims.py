"""Servers with a will of their own, as seen by the bot as a process."""

from __future__ import annotations

import pytest

from tests.botprocess import BotProcess
from tests.ircservers import write_settings
from tests.scriptedserver import ALICE, ScriptedServer

LONG_AGO = "@time=2020-01-02T03:04:05.000Z "


@pytest.fixture
def server(tmp_path):
    """A server that does what a test wants, and settings for it."""
    with ScriptedServer() as server:
        write_settings(tmp_path, core=f"host = 127.0.0.1\nport = {server.port}\nuse_ssl = false")
        yield server


def test_a_server_whose_clock_is_set_back_gets_its_answers_all_the_same(server, tmp_path):
    with BotProcess(tmp_path) as bot:
        connection = server.accept().let_in()
        connection.says("!ir start API returns 500", tags=LONG_AGO)
        connection.until("PRIVMSG #ops :Incident 1 “API returns 500”")
        connection.send(f"{LONG_AGO}{ALICE} PRIVMSG irscribe :!ir")
        connection.until("PRIVMSG alice :1 “API returns 500”")
        assert bot.stop() == 0
