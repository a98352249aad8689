"""People are recognised by account, without one by mask, and never by nick."""

from __future__ import annotations

from dataclasses import replace

from irscribe.config import load
from irscribe.domain.request import Identified, Renamed
from tests.replies import NOTHING_ASKED, TAKEN_BACK
from tests.talk import NETWORK, Talk


def log_in(talk, nick, account):
    """Somebody tells the network's services who they are."""
    talk.accounts[nick] = account
    talk.handle(Identified(person=talk.person(nick), network=NETWORK))


def log_out(talk, nick):
    del talk.accounts[nick]


def responders(talk):
    return [(each.nick, each.account) for each in talk.report().metadata.responders]


def test_who_logs_in_stays_who_they_were(talk):
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!log first alert")
    log_in(talk, "alice", "alice")
    assert "#2" in talk.say("alice", "!ir fix 2 first page")[0]
    assert talk.texts()[-1] == "first page"
    assert responders(talk) == [("alice", "alice")]


def test_a_line_with_an_account_is_enough_where_logins_are_not_told(talk):
    talk.say("alice", "!ir start API returns 500")
    talk.accounts["alice"] = "alice"
    talk.say("alice", "!ir join")
    assert responders(talk) == [("alice", "alice")]


def test_who_comes_back_without_an_account_and_logs_in_is_one_responder(talk):
    talk.accounts["alice"] = "alice"
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice_", "!ir join database")
    talk.say("alice_", "!log typed by a ghost's double")
    assert len(responders(talk)) == 2
    log_in(talk, "alice_", "alice")
    assert responders(talk) == [("alice", "alice")]
    assert "#2" in talk.say("alice_", "!ir fix 2 typed by alice")[0]


def test_what_was_done_before_the_login_can_be_taken_back_after_it(talk):
    talk.say("bob", "!ir start API returns 500")
    talk.say("alice", "!ir join database")
    log_in(talk, "alice", "alice")
    assert talk.say("alice", "!ir undo")[0].startswith(TAKEN_BACK)
    assert [nick for nick, _ in responders(talk)] == ["bob"]


def test_a_scorecard_goes_on_with_who_logs_in(talk):
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!ir close")
    log_in(talk, "alice", "alice")
    assert talk.say("alice", "yes", channel=None)
    assert talk.report().scorecard.answers[0].answer == "yes"


def test_a_taken_nick_owns_nothing_and_answers_nothing(talk):
    talk.accounts["alice"] = "alice"
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!log first alert")
    talk.say("alice", "!ir close")
    log_out(talk, "alice")
    assert talk.say("alice", "yes", channel=None) == [NOTHING_ASKED]
    talk.say("alice", "!ir strike 2")
    assert "first alert" in talk.texts()
    assert talk.report().scorecard.answers[0].answer is None


def test_the_mask_of_who_has_logged_in_is_nobodys(talk):
    talk.say("alice", "!ir start API returns 500")
    log_in(talk, "alice", "alice")
    log_out(talk, "alice")
    talk.say("alice", "!ir close")
    assert talk.report().incident.state == "open"


def test_a_ghosts_nick_taken_back_is_no_second_person(talk):
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!log first alert")
    ghost = replace(talk.person("alice"), nick="alice_")
    talk.hear("alice_", "!ir join", person=ghost)
    assert len(responders(talk)) == 2
    talk.handle(Renamed(person=ghost, network=NETWORK, nick="alice"))
    assert responders(talk) == [("alice", None)]
    assert "#2" in talk.say("alice", "!ir fix 2 first page")[0]


def test_the_same_nick_from_elsewhere_is_somebody_else(talk):
    talk.say("alice", "!ir start API returns 500")
    stranger = replace(talk.person("alice"), host="elsewhere.example")
    talk.hear("alice", "!ir close", person=stranger)
    assert talk.report().incident.state == "open"


def test_where_accounts_are_needed_nobody_else_does_anything(tmp_path):
    talk = Talk(tmp_path, config=replace(load(None), allow_unverified=False))
    for line in ("!ir start API returns 500", "!log it broke"):
        (refused,) = talk.say("alice", line)
        assert refused == "This bot answers people it can tell apart: log in to the network's services first."
    talk.accounts["alice"] = "alice"
    assert "#1" in talk.say("alice", "!ir start API returns 500")[0]
    talk.database.close()
