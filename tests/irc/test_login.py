"""The bot's account, and servers that do not want it."""

from __future__ import annotations

from time import monotonic

import pytest

from irscribe.runtime.login import LOGIN_RETRY_INTERVAL

PASSWORD = "sesame"  # noqa: S105 - of nobody


@pytest.fixture
def nickserv(irc):
    """A bot that logs in to services by its nick, and is let in."""
    core = irc.bot.settings.core
    core.auth_method, core.auth_password = "nickserv", PASSWORD
    irc.bot.backend.connected = True
    irc.line(":irc.example.org 001 irscribe :Welcome")
    irc.line(":irc.example.org 376 irscribe :End of /MOTD command.")
    return irc


def log_in_again(irc):
    login, now = irc.bot.memory["login"], monotonic()
    login.log_in_again(now)
    login.log_in_again(now + LOGIN_RETRY_INTERVAL / 2)
    before = irc.sent
    login.log_in_again(now + LOGIN_RETRY_INTERVAL)
    return before, irc.sent


def test_services_that_are_away_are_asked_again(nickserv):
    assert f"PRIVMSG NickServ :IDENTIFY {PASSWORD}\r\n".encode() in nickserv.sent
    nickserv.line(":irc.example.org 401 irscribe NickServ :No such nick")
    before, after = log_in_again(nickserv)
    assert (before, after) == ([], [f"PRIVMSG NickServ :IDENTIFY {PASSWORD}\r\n".encode()])


def test_who_else_is_not_there_is_no_matter(nickserv):
    nickserv.line(":irc.example.org 401 irscribe alice :No such nick")
    nickserv.bot.backend.clear_message_sent()
    assert log_in_again(nickserv) == ([], [])


def test_the_nick_taken_back_is_told_to_services(nickserv):
    nickserv.line(":irscribe!i@h NICK irscribe_")
    nickserv.bot.backend.clear_message_sent()
    nickserv.line(":irscribe_!i@h NICK irscribe")
    nickserv.bot.memory["login"].log_in_again(monotonic())
    assert nickserv.sent == [f"PRIVMSG NickServ :IDENTIFY {PASSWORD}\r\n".encode()]


def test_services_that_come_back_offer_sasl_and_it_is_taken(irc):
    core = irc.bot.settings.core
    core.auth_method, core.auth_username, core.auth_password = "sasl", "scribe", PASSWORD
    irc.bot.backend.connected = True
    irc.line(":irc.example.org 001 irscribe :Welcome")
    irc.line(":irc.example.org 376 irscribe :End of /MOTD command.")
    irc.bot.backend.clear_message_sent()
    irc.line(":irc.example.org CAP irscribe NEW :sasl=PLAIN,EXTERNAL")
    irc.line(":irc.example.org CAP irscribe ACK :sasl")
    assert irc.sent == [b"CAP REQ :sasl\r\n", b"AUTHENTICATE PLAIN\r\n"]
    irc.line(":irc.example.org 904 irscribe :SASL authentication failed")
    assert b"QUIT" not in b"".join(irc.sent)
    assert log_in_again(irc)[1] == [b"CAP REQ :sasl\r\n"]
    irc.line(":irc.example.org 900 irscribe irscribe!i@h scribe :You are now logged in as scribe")
    irc.line(":irc.example.org CAP irscribe NEW :sasl=PLAIN,EXTERNAL")
    assert irc.sent == []


@pytest.mark.parametrize(
    "line",
    [
        ":irc.example.org 465 irscribe :You are banned from this server",
        "ERROR :Closing link: (i@h) [K-lined: go away]",
        "ERROR :Closing Link: irscribe (G-Lined)",
        "ERROR :Closing Link: [127.0.0.1] (AKILL ID: 7)",
        "ERROR :Your address is blacklisted",
        "ERROR :You are not welcome on this network",
    ],
)
def test_a_ban_is_seen_for_what_it_is(irc, line):
    irc.line(line)
    assert irc.bot.is_banned


def test_any_other_farewell_is_kept_for_the_log(irc):
    irc.line("ERROR :Closing link: (i@h) [Ping timeout: 120 seconds]")
    assert irc.bot.farewell == "Closing link: (i@h) [Ping timeout: 120 seconds]"
    assert not irc.bot.is_banned


@pytest.mark.parametrize(
    "line",
    [
        ":irc.example.org 464 * :Kein Zugang",
        "ERROR :Access denied: Bad password?",
        "ERROR :Closing link: (i@h) [Invalid password]",
        "ERROR :Closing Link: irscribe[h] (Password mismatch)",
    ],
)
def test_a_wrong_password_for_the_server_is_one_to_correct(irc, line):
    irc.line(line)
    options = "[core] server_auth_method and server_auth_password"
    assert irc.bot.refusal == f"the password for the server is wrong; correct {options}"
    irc.bot.refusal, irc.bot.backend.connected = None, True
    irc.line(":irc.example.org 001 irscribe :Welcome")
    irc.line(line.replace("*", "irscribe"))
    assert irc.bot.refusal is None


def test_a_nick_nobody_may_have_is_one_to_correct(irc):
    irc.line(":irc.example.org 432 * irscribe :Erroneous Nickname")
    assert irc.bot.refusal == "the nick irscribe is refused: Erroneous Nickname"
