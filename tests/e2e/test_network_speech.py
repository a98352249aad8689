"""On real networks a line of the bot arrives whole, or is in the log."""

from __future__ import annotations

from contextlib import closing

import pytest

from irscribe.demo import Client
from tests.ircservers import OPERATOR, InspIrcd, Terminal, expect_logged, plain, start_ngircd, write_settings
from tests.lives import ForkedBot
from tests.replies import LOGGED

NICK = f"{'i' * 29}b"
HOST = f"{'h' * 59}.test"
CLOAK = f"[Options]\nCloakHost = {HOST}\nDefaultUserModes = x\n"
PIECE = f"{'🔥' * 40} {'x̌' * 40} שלום \N{ARABIC LETTER BEH}\N{ARABIC FATHA} and so on"
PIECES = [f"{number} {PIECE}" for number in range(10)]
TEXT = " ".join(PIECES)


@pytest.fixture(params=["inspircd", "ngircd"])
def network(request, tmp_path):
    """A network that cuts lines at 512 bytes; InspIRCd echoes what it takes, ngIRCd does not."""
    with InspIrcd(tmp_path) if request.param == "inspircd" else start_ngircd(tmp_path, link=CLOAK) as server:
        write_settings(tmp_path, core=f"{plain(server)}\nnick = {NICK}\nuser = {'u' * 20}")
        yield server


def expect_whole(client, text):
    """Hear a text in as many lines as it takes."""
    rest = text
    while rest:
        line = client.expect(f"^private <{NICK}> ").text
        assert rest.startswith(line)
        rest = rest[len(line) :].lstrip(" ")


def test_a_long_answer_arrives_whole_and_what_the_network_refuses_is_logged(network, tmp_path):
    with Client("alice", network.address) as alice, ForkedBot(tmp_path) as bot:
        alice.join("#ops")
        bot.ready()
        alice.say("#ops", "!ir start API returns 500")
        alice.expect(f"#ops <{NICK}> .*#1 ")
        for number, piece in enumerate(PIECES):
            alice.send(f"PRIVMSG #ops :!ir impact {'+ ' if number else ''}{piece}")
        alice.expect(f"#ops <{NICK}> Impact set")
        if isinstance(network, InspIrcd):
            alice.send(OPERATOR)
            alice.send(f"CHGHOST {NICK} {HOST}")
        alice.say("#ops", "!ir impact")
        alice.expect(f"#ops <{NICK}> Impact of 1: sent to you in private")
        expect_whole(alice, f"Impact of 1: {TEXT}")

        alice.send("MODE #ops +m")
        alice.say("#ops", "!log nobody is told")
        expect_logged(bot, "not said to #ops (")
        alice.send("MODE #ops -m")
        alice.say("#ops", "!log all are told")
        alice.expect(f"#ops <{NICK}> #3 .*{LOGGED}")
        with closing(Terminal(network.address, "bob")) as bob:
            bob.ask("JOIN #ops", " 366 ")
            bob.ask(f"PRIVMSG {NICK} :!ir\r\nQUIT", "ERROR")
        expect_logged(bot, "not said to bob")
        assert bot.stop() == 0
    refused = [line for line in bot.errors.read_text().splitlines() if "not said" in line]
    assert len(refused) == 2
    assert "#2 " in refused[0]
    assert "1 “API returns 500”" in refused[1]
