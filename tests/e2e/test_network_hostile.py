"""A server that sends what no server should: the bot lives on, and what it may have said in vain is in the log."""

from __future__ import annotations

import json

from tests.ircservers import expect_logged, write_settings
from tests.lives import ForkedBot, command
from tests.replies import LOGGED
from tests.scriptedserver import ALICE, CHANNEL, ScriptedServer

SAY = f"{ALICE} PRIVMSG {CHANNEL} :".encode()
LONGEST_TAGS = 8191
NOISE = (
    b"",
    b" ",
    b":",
    b"@",
    b"@;=;;;",
    b":irc.test",
    b":irc.test 005",
    b":irc.test 005 irscribe NICKLEN USERLEN=x =y PREFIX=)( CHANMODES=, :are supported by this server",
    b":irc.test 353 irscribe",
    b":irc.test 354 irscribe 999 #ops",
    b":irc.test 404",
    b":alice!al@host.example MODE #ops +ooo",
    b":alice!al@host.example NICK",
    b":alice!al@host.example JOIN",
    b":!@ PRIVMSG #ops :!log nobody",
    b"PRIVMSG #ops :!log nobody",
    b":irc.test PRIVMSG #ops :!log said by a server",
    b":irscribe!i@bot.example PRIVMSG #ops :!log said by itself",
    b"@bot :robot!r@host.example PRIVMSG #ops :!log said by a bot",
    SAY + b"\x01VERSION\x01",
    SAY + b"\x01DCC SEND x 0 0\x01",
    SAY + b"\x01ACTION !log waves\x01",
    b"@time=9999999999;account=\\;msgid " + SAY + b"\xff\xfe\x00",
    b"@" + b"x" * 70_000,
)
SAID = (
    (b"!log \x02bold\x02 \x0304,01red\x03 \x1funder\x1f", "bold red under"),
    (b"!log nul\x00led", "nulled"),
    ("!log \u202eevil\u202c \u200fmarks\u200e".encode(), "evil marks"),
    (b"!log caf\xe9", "café"),
    (b"!log " + b"x" * 10_000, "x" * 10_000),
)


def test_a_bot_lives_through_whatever_a_server_sends(tmp_path):
    with ScriptedServer() as server:
        write_settings(tmp_path, core=f"host = 127.0.0.1\nport = {server.port}\nuse_ssl = false")
        with ForkedBot(tmp_path) as bot:
            connection = server.accept().let_in()
            connection.says("!ir start API returns 500")
            connection.until("Incident 1 “API returns 500”")
            for noise in NOISE:
                connection.send(noise)
            for line, _ in SAID:
                connection.send(b"@+x=" + b"y" * LONGEST_TAGS + b" " + SAY + line)
            connection.says("!log still here")
            said = connection.until(f"PRIVMSG #ops :#7 .*{LOGGED}")
            connection.close()
            expect_logged(bot, f"perhaps not said to #ops: {said.partition(' :')[2]}")
        assert "Traceback" not in bot.errors.read_text()
    written = json.loads(command("export", "1", "--format", "json", folder=tmp_path).stdout)
    assert [entry["text"] for entry in written["timeline"]][1:-1] == [text for _, text in SAID]
