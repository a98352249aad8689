"""The naming of a network: the bot learns its case mapping, and whether it has accounts."""

from __future__ import annotations

from contextlib import closing

import pytest

from irscribe.config import load
from irscribe.domain.casemapping import CaseMapping
from irscribe.ircd import start
from irscribe.runtime import build_settings
from irscribe.runtime.bot import Bot
from tests.rawclient import RawClient

ASCII, RFC1459 = CaseMapping.ASCII, CaseMapping.RFC1459


def announce(irc, *words):
    irc.line(f":irc.example.org 005 irscribe {' '.join(words)} :are supported by this server")


def test_names_are_compared_as_the_network_says(irc):
    announce(irc, "CASEMAPPING=rfc1459")
    assert irc.bot.naming.casemapping is RFC1459
    assert irc.bot.make_identifier("[A]") == irc.bot.make_identifier("{a}")
    irc.says("!log x", to="#INCIDENTS", who="alice[m]!al@host")
    assert irc.events[0].person.key == "mask:alice{m}!al@host"


@pytest.mark.parametrize("words", [["CASEMAPPING=ascii"], ["CASEMAPPING=rfc7613"], ["CASEMAPPING"], ["NETWORK=x"]])
def test_where_the_network_says_nothing_known_the_strictest_rule_holds(irc, words):
    announce(irc, *words)
    irc.line(":irc.example.org 376 irscribe :End of /MOTD command.")
    (met,) = irc.app.networks
    assert met.naming.casemapping is ASCII
    assert irc.bot.make_identifier("[A]") != irc.bot.make_identifier("{a}")
    assert irc.bot.make_identifier("\u212a") != irc.bot.make_identifier("k")


def test_the_rule_of_the_last_network_holds_until_this_one_has_said_its_own(tmp_path):
    (tmp_path / "config.ini").write_text('[core]\nnick = [bot]\nchannels = "#a"\n')
    bot = Bot(build_settings(load(tmp_path / "config.ini")), casemapping=RFC1459)
    assert bot.is_called("{BOT}")
    bot.keep_casemapping("ascii")
    assert bot.is_called("[BOT]")
    assert not bot.is_called("{BOT}")
    assert bot.nick != "{bot}"
    bot.keep_casemapping("rfc1459")
    assert not bot.is_called("{BOT}")
    bot.db.engine.dispose()


def test_a_server_cannot_change_the_rule_of_a_connection(irc):
    announce(irc, "CASEMAPPING=ascii")
    announce(irc, "CASEMAPPING=rfc1459")
    assert irc.bot.naming.casemapping is ASCII
    assert irc.bot.make_identifier("[A]") != irc.bot.make_identifier("{a}")


def test_who_is_like_a_relay_under_another_rule_is_none(irc):
    announce(irc, "CASEMAPPING=ascii", "WHOX")
    irc.says("!log a@b x", who="stashbot!sb@host", tags="@bot ")
    assert irc.events == []


@pytest.mark.parametrize("capability", ["account-tag", "account-notify", "extended-join"])
def test_a_network_that_shows_accounts_by_a_capability_has_them(irc, capability):
    assert not irc.bot.naming.has_accounts
    irc.line(f":irc.example.org CAP * ACK :{capability}")
    assert irc.bot.naming.has_accounts


def test_a_network_with_whox_has_accounts_before_anybody_is_seen_with_one(irc):
    announce(irc, "WHOX")
    assert irc.bot.naming.has_accounts


@pytest.mark.parametrize(("mapping", "taken"), [(ASCII, False), (RFC1459, True)])
def test_the_inner_server_keeps_the_rule_that_it_announces(mapping, taken):
    server = start("127.0.0.1", 0, bot_nick="irscribe", casemapping=mapping)
    with closing(RawClient(server)) as one, closing(RawClient(server)) as other:
        welcome = one.ask("NICK [x]", "USER u 0 * :u")
        said = other.ask("NICK {X}", "USER u 0 * :u")
    server.stop()
    assert any(f"CASEMAPPING={mapping} " in line for line in welcome)
    assert any(" 433 " in line for line in said) is taken
