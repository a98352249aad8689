"""Servers with a will of their own, as seen by the bot as a process."""

from __future__ import annotations

import re
from time import monotonic

import pytest

from tests.ircservers import expect_logged, write_settings
from tests.lives import ForkedBot
from tests.scriptedserver import ALICE, CHANNEL, ScriptedServer
from tests.waiting import slowness

CALLED = r"^NICK :?(\S+)"
AT_ONCE = 0.8
"""Seconds: the shortest wait of a second attempt, with its jitter."""
LONG_AGO = "@time=2020-01-02T03:04:05.000Z "


@pytest.fixture
def server(tmp_path):
    """A server that does what a test wants, and settings for it."""
    with ScriptedServer() as server:
        write_settings(tmp_path, core=f"host = 127.0.0.1\nport = {server.port}\nuse_ssl = false")
        yield server


def test_a_server_whose_clock_is_set_back_gets_its_answers_all_the_same(server, tmp_path):
    with ForkedBot(tmp_path) as bot:
        connection = server.accept().let_in()
        connection.says("!ir start API returns 500", tags=LONG_AGO)
        connection.until("PRIVMSG #ops :Incident 1 “API returns 500”")
        connection.send(f"{LONG_AGO}{ALICE} PRIVMSG irscribe :!ir")
        connection.until("PRIVMSG alice :1 “API returns 500”")
        assert bot.stop() == 0


def test_a_nick_the_network_gives_the_bot_is_its_own_until_it_gets_the_right_one(server, tmp_path):
    with ForkedBot(tmp_path) as bot:
        connection = server.accept()
        connection.until("USER ")
        connection.send(
            ":irc.test 001 irscrib :Welcome",
            ":irscrib!i@bot.example NICK Guest17",
            ":irc.test 376 Guest17 :End of /MOTD command.",
            f":Guest17!i@bot.example JOIN {CHANNEL}",
            f":irc.test 353 Guest17 = {CHANNEL} :Guest17 alice",
        )
        bot.ready()
        connection.until("ISON :?irscribe")
        connection.says("!ir start API returns 500")
        connection.until("PRIVMSG #ops :Incident 1 “API returns 500”")
        connection.send(":irc.test 303 Guest17 :")
        connection.until("NICK :?irscribe")
        connection.send(":Guest17!i@bot.example NICK irscribe")
        connection.says("irscribe: list")
        connection.until("PRIVMSG #ops :.*API returns 500")
        assert bot.stop() == 0


def test_a_server_that_hangs_up_soon_finds_the_bot_back_at_once(server, tmp_path):
    with ForkedBot(tmp_path) as bot:
        connection = server.accept().let_in()
        bot.ready()
        connection.close()
        begun = monotonic()
        server.accept().let_in().says("!ir list")
        assert monotonic() - begun < AT_ONCE * slowness()
        expect_logged(bot, "Disconnected; trying again at once.")
        assert bot.stop() == 0


@pytest.mark.parametrize("refusal", ["432 * {} :Erroneous nickname", "437 * {} :Nick is temporarily unavailable"])
def test_a_network_that_has_no_nick_for_the_bot_just_now_is_asked_again(server, tmp_path, refusal):
    with ForkedBot(tmp_path) as bot:
        connection = server.accept()
        asked = [connection.until(CALLED)]
        connection.send(":irc.test 433 * irscribe :Nickname is already in use")
        while (line := connection.until(f"{CALLED}|^QUIT")).startswith("NICK"):
            asked.append(line)
            connection.send(f":irc.test {refusal.format(line.removeprefix('NICK '))}")
        connection.close()
        called = [re.fullmatch(r"NICK (irscribe_{0,2}|irscr\d{4})", line) for line in asked]
        assert all(called)
        assert len({*asked}) == len(asked) > 5
        server.accept().let_in()
        bot.ready()
        assert bot.stop() == 0
