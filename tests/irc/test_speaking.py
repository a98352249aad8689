"""Lines of the bot that nobody gets to read: refused by the server, or lost with the connection."""

from __future__ import annotations

import logging

import pytest

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.request import Reply


@pytest.fixture
def speaking(irc, caplog):
    """A bot that is let in, in its channels, and may speak."""
    irc.bot.backend.connected = True
    irc.line(":irc.example.org 001 irscribe :Welcome")
    irc.line(":irc.example.org 376 irscribe :End of /MOTD command.")
    caplog.set_level(logging.WARNING, "irscribe")
    irc.logged = lambda: [each.getMessage() for each in caplog.records if each.name.startswith("irscribe")]
    return irc


def echoing(irc):
    irc.line(":irc.example.org CAP * ACK :echo-message")


@pytest.mark.parametrize("numeric", [401, 403, 404, 407, 408, 415, 439, 442, 477, 486, 492, 494, 531, 716])
def test_what_the_server_refuses_is_in_the_log_with_its_words_once(speaking, numeric):
    speaking.app.send("alice", "line 1")
    speaking.app.send("#ops", "#7 15:40 logged")
    refusal = f":irc.example.org {numeric} irscribe #OPS :Cannot send to channel (+m)"
    speaking.line(refusal)
    speaking.line(refusal)
    assert speaking.logged() == ["not said to #ops (Cannot send to channel (+m)): #7 15:40 logged"]


def test_where_nothing_is_echoed_the_last_lines_are_the_refused_ones(speaking):
    for number in range(4):
        speaking.app.send("#ops", f"line {number}")
    speaking.line(":alice!al@host PRIVMSG #ops :hello")
    for _ in range(2):
        speaking.line(":irc.example.org 404 irscribe #ops :No")
    assert speaking.logged() == ["not said to #ops (No): line 3", "not said to #ops (No): line 2"]


def test_where_lines_are_echoed_the_refused_one_is_known(speaking):
    echoing(speaking)
    for number in range(4):
        speaking.app.send("#ops", f"line {number}")
    speaking.line(":irscribe!i@h PRIVMSG #ops :line 0")
    speaking.line(":irc.example.org 404 irscribe #ops :No")
    speaking.line(":irscribe!i@h PRIVMSG #ops :LINE 2 IN CAPITALS")
    speaking.line(":irscribe!i@h PRIVMSG #ops :line 3")
    speaking.bot.voice.end()
    assert speaking.logged() == ["not said to #ops (No): line 1"]


def test_what_was_said_after_the_servers_last_answer_is_perhaps_lost_with_the_connection(speaking):
    speaking.app.send("#ops", "before")
    speaking.line("PING :irc.example.org")
    speaking.app.send("#ops", "after")
    speaking.line("ERROR :Closing link: (i@h) [RecvQ exceeded]")
    speaking.bot.voice.end()
    assert speaking.logged() == ["perhaps not said to #ops: after"]


def test_where_lines_are_echoed_what_was_not_is_perhaps_lost(speaking):
    echoing(speaking)
    for text in ("one", "two"):
        speaking.app.send("#ops", text)
    speaking.line(":irscribe!i@h PRIVMSG #ops :one")
    speaking.bot.voice.end()
    assert speaking.logged() == ["perhaps not said to #ops: two"]


def test_a_goodbye_the_bot_asked_for_answers_what_it_said(speaking):
    speaking.app.send("#ops", "bye")
    speaking.bot.leave()
    speaking.line("ERROR :Closing link: (i@h) [Quit: Stopped]")
    speaking.bot.voice.end()
    assert speaking.logged() == []


def test_a_line_that_never_left_is_said_again_and_not_logged(speaking):
    def break_off(_data):
        raise ConnectionError

    speaking.bot.backend.irc_send = break_off
    with pytest.raises(ConnectionError):
        speaking.app.send("#ops", "again")
    speaking.bot.voice.end()
    assert speaking.logged() == []


def test_what_a_refusal_says_of_other_lines_is_no_matter(speaking):
    speaking.bot.say("IDENTIFY sesame", "NickServ")
    speaking.line(":irc.example.org 401 irscribe NickServ :No such nick")
    speaking.line(":irc.example.org 403 irscribe #elsewhere :No such channel")
    assert speaking.logged() == []


def test_a_channel_is_reached_while_the_bot_is_in_it(speaking):
    def reaches(target):
        return speaking.app.send.reaches(target, frozenset())

    assert reaches("#OPS")
    assert reaches("alice")
    speaking.line(":op!o@host KICK #ops irscribe :out")
    assert not reaches("#ops")
    speaking.line(":irc.example.org 352 irscribe #ops al host irc.example.org alice H :0 Alice")
    assert not reaches("#ops")
    speaking.line(":irscribe!irscribe@host JOIN #ops")
    assert reaches("#ops")


def test_a_nick_is_reached_while_it_is_the_person_a_line_is_for(speaking):
    def reaches(nick, *keys):
        return speaking.app.send.reaches(nick, frozenset(keys))

    speaking.line(":dora!d@host JOIN #ops")
    assert reaches("dora", "mask:dora!d@host", "account:dora")
    assert not reaches("dora", "mask:dora!d@elsewhere")
    assert not reaches("dora", "account:dora")
    speaking.line(":irc.example.org CAP * ACK :account-notify extended-join")
    speaking.line(":dora!d@host ACCOUNT dora")
    assert reaches("DORA", "account:dora")
    speaking.line(":dora!d@host QUIT :bye")
    assert not reaches("dora", "account:dora")
    speaking.line(":mallory!d@host JOIN #ops * :m")
    speaking.line(":mallory!d@host NICK dora")
    assert not reaches("dora", "account:dora")


def speak(speaking, *, nick="dora", host="host", tags=""):
    """Somebody asks for something; the keys of who they are, as an answer has them."""
    speaking.says("!ir recap", to="#ops", who=f"{nick}!d@{host}", tags=tags)
    return speaking.events[-1].person.keys


CHANGES = {
    "nothing": [],
    "a login": [":dora!d@host ACCOUNT dora"],
    "a logout": [":dora!d@host ACCOUNT *"],
    "a cloak": [":dora!d@host CHGHOST d cloak.example"],
    "a login and a cloak": [":dora!d@host ACCOUNT dora", ":dora!d@host CHGHOST d cloak.example"],
    "a cloak nobody is told of": [":dora!d@cloak.example PRIVMSG #ops :hello"],
    "a WHO without accounts": [":irc.example.org 352 irscribe #ops d host irc.example.org dora H :0 Dora"],
    "a WHO with accounts": [":irc.example.org 354 irscribe 999 #ops d host dora H dora :Dora"],
    "another nick and back": [":dora!d@host NICK dora_", ":dora_!d@host NICK dora"],
}


@pytest.mark.parametrize("account", ["", "dora", "d"])
@pytest.mark.parametrize("known", [[], [":irc.example.org CAP * ACK :account-tag"]])
@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_who_asks_is_reached_whatever_becomes_of_their_host_and_account(speaking, changes, known, account):
    for line in [*known, ":dora!d@host JOIN #ops", f":dora!d@host ACCOUNT {account or '*'}"]:
        speaking.line(line)
    recipient_keys = speak(speaking, tags="@account=dora " if account else "")
    for line in changes:
        speaking.line(line)
        assert speaking.app.send.reaches("dora", recipient_keys) or "NICK" in line
    speaking.line(":dora!d@host QUIT :bye")
    speaking.line(":mallory!m@host JOIN #ops")
    speaking.line(":mallory!m@host NICK dora")
    assert speak(speaking, host="m")
    assert not speaking.app.send.reaches("dora", recipient_keys)


def test_who_asks_is_reached_though_the_server_has_said_nothing_of_their_host(speaking):
    speaking.line(":irc.example.org 353 irscribe = #ops :irscribe dora")
    assert speaking.app.send.reaches("dora", speak(speaking))


def test_who_asks_is_reached_under_their_next_nick_whatever_their_host(speaking):
    speaking.line(":dora!d@host JOIN #ops")
    answer = Reply(to="dora", text="line 1", recipient_keys=speak(speaking, host="cloak.example"))
    speaking.line(":dora!d@cloak.example NICK dora_home")
    assert speaking.app.send.reaches("dora_home", answer.moved("dora_home", CaseMapping.ASCII).recipient_keys)


def test_who_asks_is_reached_over_the_next_connection_of_the_bot(speaking):
    speaking.line(":dora!d@host JOIN #ops")
    recipient_keys = speak(speaking)
    speaking.line(":irscribe!i@h PART #ops")
    speaking.line(":irscribe!i@h PART #incidents")
    assert not speaking.app.send.reaches("dora", recipient_keys)
    speaking.line(":irscribe!i@h JOIN #ops")
    speaking.line(":irc.example.org 353 irscribe = #ops :irscribe dora")
    speaking.line(":irc.example.org 352 irscribe #ops d host irc.example.org dora H :0 Dora")
    assert speaking.app.send.reaches("dora", recipient_keys)


def test_what_is_read_back_says_nothing_of_who_is_there_now(speaking):
    speaking.line(":irc.example.org CAP * ACK :server-time")
    speaking.line("@time=2099-01-01T00:00:00.000Z :irscribe!irscribe@host JOIN #ops")
    speaking.line(":dora!m@host JOIN #ops")
    recipient_keys = speak(speaking, host="gone", tags="@time=2098-12-31T23:59:59.000Z ")
    assert speaking.events[-1].read_back
    assert not speaking.app.send.reaches("dora", recipient_keys)


def test_of_very_many_who_spoke_those_who_did_last_are_known_still(speaking, monkeypatch):
    monkeypatch.setattr("irscribe.runtime.voice.REMEMBERED_PEOPLE", 2)
    for nick in ("dora", "erin", "fay"):
        speaking.line(f":{nick}!d@host JOIN #ops")
    keys = {nick: speak(speaking, nick=nick, host="cloak") for nick in ("dora", "erin", "fay")}
    assert [nick for nick, recipient_keys in keys.items() if speaking.app.send.reaches(nick, recipient_keys)] == [
        "erin",
        "fay",
    ]
