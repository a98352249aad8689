"""The certificate of a server: one not to be trusted ends a bot that starts, and delays one that was welcome before."""

from __future__ import annotations

import re

import pytest

from irscribe.cli.run import NOT_WELCOME
from tests.ircservers import expect_logged, write_settings
from tests.lives import ForkedBot
from tests.scriptedserver import DrippingServer, ScriptedServer, make_certificate
from tests.waiting import HANGS


def settings(server, trusted):
    return f"host = localhost\nport = {server.port}\nuse_ssl = true\nca_certs = {trusted}.pem"


@pytest.mark.parametrize(
    ("shown", "trusted", "reason"),
    [
        ({"name": "other"}, "own", "self-signed certificate"),
        ({"name": "own", "host": "irc.example.org"}, "own", "Hostname mismatch, .* not valid for 'localhost'"),
        ({"name": "own", "expired": True}, "own", "certificate has expired"),
    ],
    ids=["another's", "for another host", "expired"],
)
def test_a_certificate_that_is_not_to_be_trusted_ends_a_bot_that_starts(tmp_path, shown, trusted, reason):
    make_certificate(tmp_path, trusted)
    with ScriptedServer(make_certificate(tmp_path, **shown)) as server:
        write_settings(tmp_path, core=settings(server, trusted))
        with ForkedBot(tmp_path) as bot:
            server.refuse()
            assert bot.ended() == NOT_WELCOME
    (said,) = bot.errors.read_text().splitlines()
    assert re.fullmatch(
        f"localhost does not let the bot in: The server's certificate is not trusted: {reason}.*; .core. ca_certs .*",
        said,
    )


def test_a_bot_that_was_welcome_before_waits_for_a_certificate_it_trusts(tmp_path):
    own = make_certificate(tmp_path, "own")
    with ScriptedServer(own) as server:
        write_settings(tmp_path, core=settings(server, "own"))
        with ForkedBot(tmp_path) as bot:
            server.accept().let_in().close()
            server.certificate = make_certificate(tmp_path, "expired", expired=True)
            server.refuse()
            why = "self-signed certificate; [core] ca_certs names those to trust."
            expect_logged(bot, f"The server's certificate is not trusted: {why}); trying again in")
            server.certificate = own
            connection = server.accept().let_in()
            connection.says("!ir list")
            connection.until("PRIVMSG #ops :There are no incidents yet")


@pytest.mark.parametrize(
    ("server", "tls", "said"),
    [
        (
            "network",
            True,
            r"port \d+ speaks without TLS; name the port with TLS in \[core\] port, or set use_ssl = false",
        ),
        ("inspircd", False, r"port \d+ speaks with TLS only; set \[core\] use_ssl = true"),
    ],
)
def test_tls_where_there_is_none_or_none_where_there_is_ends_a_bot_that_starts_and_names_the_setting(
    tmp_path, request, server, tls, said
):
    there = request.getfixturevalue(server)
    port = there.address[1] if tls else there.tls
    write_settings(tmp_path, core=f"host = localhost\nport = {port}\nuse_ssl = {'true' if tls else 'false'}")
    with ForkedBot(tmp_path) as bot:
        assert bot.ended() == NOT_WELCOME
    assert re.fullmatch(f"localhost does not let the bot in: {said}\\.\n", bot.errors.read_text())


def dripped(server):
    """The settings of a bot that is to speak TLS there; its second call asks whether there is any."""
    return f"host = 127.0.0.1\nport = {server.port}\nuse_ssl = true"


def test_a_server_that_says_a_byte_now_and_then_keeps_nobody_in_doubt(tmp_path):
    with DrippingServer(every=0.1, calls=3) as server:
        write_settings(tmp_path, core=dripped(server))
        with ForkedBot(tmp_path) as bot:
            expect_logged(bot, "trying again in")
            assert server.called.wait(HANGS)
            assert bot.stop() == 0


def test_a_bot_that_is_in_doubt_ends_at_once_when_it_is_told_to(tmp_path):
    with DrippingServer(every=0.1, calls=2) as server:
        write_settings(tmp_path, core=dripped(server))
        with ForkedBot(tmp_path) as bot:
            assert server.called.wait(HANGS)
            assert bot.stop() == 0
