"""Lines that the network kept while the bot was away are asked for, taken as missed, and handed to the record."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic

import pytest

from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.request import Identified, Person
from irscribe.runtime.read_back import LIMIT

CAME = "2030-01-02T15:09:00.000Z"
BEFORE = "2030-01-02T15:03:00.000Z"
AFTER = "2030-01-02T15:10:00.000Z"


@pytest.fixture
def come(irc):
    """The bot is let in and has just come into its first channel, at 15:09 by the server's clock."""
    irc.bot.backend.connected = True
    irc.line(f"@time={CAME} :irc.example.org 001 irscribe :Welcome")
    irc.line(":irc.example.org 005 irscribe NETWORK=Example :are supported by this server")
    irc.line(f"@time={CAME} :irc.example.org 376 irscribe :End of /MOTD command.")
    irc.line(f"@time={CAME} :irscribe!irscribe@host JOIN #incidents")
    irc.line(":irc.example.org 353 irscribe = #incidents :irscribe alice bob")
    return irc


def times(irc):
    return [(event.text, f"{event.said_at:%H:%M}", event.read_back) for event in irc.events]


def test_a_line_said_before_the_bot_came_is_missed_and_has_its_own_time(come):
    come.says("!log it broke", tags=f"@time={BEFORE};msgid=m1 ")
    come.says("!log it works", tags=f"@time={AFTER};msgid=m2 ")
    come.says("!log now")
    assert times(come)[:2] == [("it broke", "15:03", True), ("it works", "15:10", False)]
    assert not come.events[2].read_back


def test_in_private_too_a_line_from_before_is_missed(come):
    come.says("yes", to="irscribe", tags=f"@time={BEFORE} ")
    come.says("no", to="irscribe", tags=f"@time={AFTER} ")
    assert times(come) == [("yes", "15:03", True), ("no", "15:10", False)]


def test_a_channel_is_heard_once_the_server_has_answered_behind_all_it_had_kept(come):
    assert b"PING heard:#incidents\r\n" in come.sent
    assert come.app.coverage_events == []
    come.line(":irc.example.org PONG irc.example.org :heard:#Incidents")
    come.line(":irc.example.org PONG irc.example.org :heard:#incidents")
    (back,) = come.app.coverage_events
    assert (type(back), back.network, back.channel) == (ChannelRejoined, "Example", "#incidents")
    assert back.said_before == datetime(2030, 1, 2, 15, 9, tzinfo=UTC)


def test_a_server_that_does_not_answer_is_not_waited_for_without_end(come):
    come.bot.memory["presence"].rejoin(monotonic() + LIMIT / 2)
    assert come.app.coverage_events == []
    come.bot.memory["presence"].rejoin(monotonic() + LIMIT)
    assert [type(each) for each in come.app.coverage_events] == [ChannelRejoined]


def answer(come, mark):
    come.line(f":irc.example.org PONG irc.example.org :heard:{mark}")


def lose_patience(come, _mark):
    come.bot.memory["presence"].rejoin(monotonic() + LIMIT)


@pytest.mark.parametrize("end", [answer, lose_patience])
def test_once_all_has_been_read_back_a_server_whose_clock_is_set_back_is_answered_as_before(come, end):
    end(come, "#incidents")
    come.says("!log it broke", tags=f"@time={BEFORE} ")
    end(come, "*")
    come.says("yes", to="irscribe", tags=f"@time={BEFORE} ")
    assert times(come) == [("it broke", "15:03", False), ("yes", "15:03", False)]


def test_what_was_kept_of_a_channel_and_in_private_ends_each_by_itself(come):
    come.line(f"@time={CAME} :irscribe!irscribe@host JOIN #ops")
    answer(come, "#incidents")
    come.says("yes", to="irscribe", tags=f"@time={BEFORE} ")
    come.says("!log elsewhere", to="#ops", tags=f"@time={BEFORE} ")
    answer(come, "*")
    come.says("!log elsewhere still", to="#ops", tags=f"@time={BEFORE} ")
    assert [event.read_back for event in come.events] == [True, True, True]


def test_who_comes_by_a_clock_that_was_set_back_is_seen_to_come(come):
    come.line(f"@time={BEFORE} :carol!c@host JOIN #incidents")
    come.says("long gone", to="irscribe", who="carol!c@host")
    answer(come, "#incidents")
    come.line(f"@time={BEFORE} :carol!c@host JOIN #incidents")
    come.says("here", to="irscribe", who="carol!c@host")
    assert [event.text for event in come.events] == ["here"]


def test_each_time_the_bot_comes_it_reads_back_by_the_clock_of_then(come):
    answer(come, "#incidents")
    come.line(f"@time={BEFORE} :op!o@host KICK #incidents irscribe :out")
    come.line("@time=2030-01-02T15:04:00.000Z :irscribe!irscribe@host JOIN #incidents")
    come.says("!log it broke", tags=f"@time={BEFORE} ")
    come.says("!log it works", tags="@time=2030-01-02T15:05:00.000Z ")
    assert [event.read_back for event in come.events] == [True, False]


@pytest.mark.parametrize("away", [":op!o@host KICK #Incidents irscribe :out", ":irscribe!i@host PART #incidents"])
def test_who_is_sent_away_from_a_channel_no_longer_hears_it(come, away):
    come.line(":irc.example.org PONG irc.example.org :heard:#incidents")
    come.app.coverage_events.clear()
    come.line(away)
    ((over),) = come.app.coverage_events
    assert (type(over), over.channels, over.over) == (HeardUntil, ("#incidents",), True)


def test_the_history_is_asked_for_where_the_server_keeps_one(irc):
    irc.bot.backend.connected = True
    irc.line(":irc.example.org CAP * LS :batch draft/chathistory server-time message-tags")
    assert b"CAP REQ :batch draft/chathistory\r\n" in irc.sent
    irc.line(":irc.example.org CAP * ACK :batch draft/chathistory")
    irc.line(":irc.example.org 001 irscribe :Welcome")
    irc.line(":irc.example.org 005 irscribe CHATHISTORY=100 :are supported by this server")
    irc.line(":irc.example.org 376 irscribe :End of /MOTD command.")
    irc.line(":irscribe!irscribe@host JOIN #incidents")
    sent = irc.sent
    asked = sent.index(b"CHATHISTORY LATEST #incidents * 100\r\n")
    assert asked < sent.index(b"PING heard:#incidents\r\n")


def test_the_batch_a_history_comes_in_is_no_matter(come):
    come.line(":irc.example.org BATCH +b1 chathistory #incidents")
    come.says("!log it broke", tags=f"@batch=b1;time={BEFORE};msgid=m1 ")
    come.line(":irc.example.org BATCH -b1")
    assert times(come) == [("it broke", "15:03", True)]


def test_who_logs_in_is_told_as_the_person_they_were_with_their_account(irc):
    irc.line(":bob!b@host ACCOUNT robert")
    irc.line(":bob!b@host ACCOUNT *")
    irc.line(":irscribe!i@host ACCOUNT scribe")
    person = Person(nick="bob", user="b", host="host", account="robert", naming=irc.bot.naming)
    assert irc.events == [Identified(person=person, network="irc.example.org")]


def test_the_account_is_known_from_whox_where_lines_carry_none(irc):
    irc.line(":irc.example.org 005 irscribe WHOX :are supported by this server")
    irc.line(":irc.example.org 354 irscribe 999 #incidents al host.example alice H robert :Alice")
    irc.says("!log x")
    assert irc.events[0].person.account == "robert"


def test_the_account_is_known_from_the_join(irc):
    irc.line(":irc.example.org CAP * ACK :extended-join")
    irc.line(":irc.example.org CAP * ACK :account-notify")
    irc.line(":carol!c@host JOIN #incidents carla :Carol")
    irc.says("!log x", who="carol!c@host")
    assert irc.events[0].person.account == "carla"
