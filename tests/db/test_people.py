"""The responders of an incident, and its coordinators."""

from __future__ import annotations

import pytest

from irscribe.domain.prose import without_ping
from irscribe.domain.report import Kind, Role
from tests.replies import NOTHING_ASKED, TAKEN_BACK, becomes_coordinator, in_private, on_list
from tests.snapshot import expect_refusal


@pytest.fixture
def talk(talk):
    talk.say("alice", "!ir start API returns 500")
    return talk


def responders(talk):
    return [each.name for each in talk.report().metadata.responders]


def responder(talk, name):
    return next(each for each in talk.report().metadata.responders if each.name == name)


def coordinators(talk):
    return list(talk.report().metadata.coordinators)


def test_who_joins_is_on_the_list_with_what_they_are_on(talk):
    assert talk.say("bob", "!ir join looking at the database") == [on_list(1, "looking at the database")]
    assert talk.say("carol", "!ir join") == [on_list(1)]
    assert responders(talk) == ["alice", "bob", "carol"]
    assert responder(talk, "bob").focus == "looking at the database"
    assert responder(talk, "bob").joined_at == talk.now


def test_joining_twice_is_refused_unless_it_says_something_new(talk):
    talk.say("bob", "!ir join the database")
    expect_refusal(talk, "bob", "!ir join", "on 1 already", "the database", "!ir focus TEXT")
    assert talk.say("bob", "!ir join the network") == [on_list(1, "the network")]


def test_who_leaves_stays_on_the_list_as_gone_and_may_come_back(talk):
    talk.say("bob", "!ir join the database")
    talk.later(minutes=5)
    assert talk.say("bob", "!ir leave") == ["You have left 1."]
    assert responder(talk, "bob").left_at == talk.now
    expect_refusal(talk, "bob", "!ir leave", "not on 1")
    expect_refusal(talk, "bob", "!ir focus more", "not on 1", "!ir join TEXT")
    assert talk.say("bob", "!ir join") == [on_list(1, "the database")]
    assert responder(talk, "bob").left_at is None


def test_the_focus_is_changed_and_emptied(talk):
    assert talk.say("alice", "!ir focus the database") == [on_list(1, "the database")]
    assert talk.say("alice", "!ir focus -") == [on_list(1)]
    assert responder(talk, "alice").focus is None


def test_who_is_on_it_is_told_without_waking_anybody(talk):
    talk.say("alice", "!ir ic")
    talk.say("bob", "!ir join the database")
    talk.say("carol", "!ir join")
    talk.say("carol", "!ir leave")
    talk.say("alice", "!ir others + volunteers reporting on IRC")
    assert talk.say("dave", "!ir who") == [
        "On 1: a\u200blice (coordinator); b\u200bob (the database); c\u200barol (left) + volunteers reporting on IRC."
    ]


def test_a_long_list_of_people_is_sent_in_private(talk):
    for number in range(40):
        talk.say(f"person{number}", f"!ir join {'what they do ' * 4}")
    assert talk.say("bob", "!ir who") == [in_private("Who is on 1")]


def test_people_are_added_by_name_without_a_nick_or_a_time(talk):
    assert talk.say("alice", "!ir add Carol, Dave,, Carol") == ["On the list: C\u200barol and D\u200bave."]
    assert responders(talk) == ["alice", "Carol", "Dave"]
    assert responder(talk, "Carol").nick is None
    assert responder(talk, "Carol").joined_at is None


def test_people_of_a_live_incident_stand_in_the_order_in_which_they_came_onto_the_list(talk):
    talk.say("bob", "!ir join")
    talk.say("alice", "!ir add Dave, Carol")
    talk.say("erin", "!ir join")
    talk.say("alice", "!ir add Bob")
    assert responders(talk) == ["alice", "Bob", "Dave", "Carol", "erin"]
    assert order_told(talk) == ["alice", "Bob", "Dave", "Carol", "erin"]


def test_people_of_an_incident_written_down_afterwards_stand_as_added_and_then_as_joined(talk):
    talk.say("alice", "!ir start! 2019-10-07 14:00 wmcs-network")
    talk.say("bob", "!ir join")
    talk.say("alice", "!ir add Dave, Carol")
    talk.say("erin", "!ir join")
    talk.say("alice", "!ir add Bob")
    assert [each.name for each in talk.report(2).metadata.responders] == ["Dave", "Carol", "Bob", "alice", "erin"]
    assert order_told(talk) == ["Dave", "Carol", "Bob", "alice", "erin"]


def order_told(talk):
    (said,) = talk.say("alice", "!ir who")
    return said.replace("\u200b", "").partition(": ")[2].rstrip(".").split("; ")


def test_adding_somebodys_nick_gives_the_name_to_be_shown(talk):
    talk.say("bob[m]", "!ir join")
    talk.say("alice", "!ir add Bob{M}, Alice")
    assert responders(talk) == ["Alice", "Bob{M}"]
    assert responder(talk, "Bob{M}").nick == "bob[m]"


def test_adding_somebodys_account_gives_the_name_to_be_shown(talk):
    talk.accounts["bob_away"] = "bob"
    talk.say("bob_away", "!ir join")
    talk.say("alice", "!ir add Bob")
    assert responders(talk) == ["alice", "Bob"]
    assert responder(talk, "Bob").account == "bob"


def test_who_was_added_by_name_and_then_joins_is_one_responder(talk):
    talk.say("alice", "!ir add Bob")
    talk.say("bob", "!ir join the database")
    assert responders(talk) == ["alice", "Bob"]
    assert (responder(talk, "Bob").nick, responder(talk, "Bob").focus) == ("bob", "the database")


def test_who_changed_nick_is_still_the_one_on_the_list(talk):
    talk.say("bob", "!ir join")
    talk.rename("bob", "bob_away")
    talk.present = ("bob_away",)
    talk.person = _with_user(talk, "bob_away", "bob")
    talk.say("alice", "!ir add bob_away")
    assert responders(talk) == ["alice", "bob_away"]


def _with_user(talk, nick, former):
    usual = type(talk).person

    def person(each):
        known = usual(talk, former if each == nick else each)
        return type(known)(nick=each, user=known.user, host=known.host, account=known.account)

    return person


def test_who_logged_is_known_when_added(talk):
    talk.accounts["bob"] = "robert"
    talk.say("bob", "!log a note")
    talk.say("alice", "!ir add Bob")
    assert (responder(talk, "Bob").nick, responder(talk, "Bob").account) == ("bob", "robert")
    assert responder(talk, "Bob").joined_at is None


def test_logging_makes_nobody_a_responder(talk):
    talk.say("bob", "!log a note")
    assert responders(talk) == ["alice"]


@pytest.mark.parametrize("typed", ["", ",,", "--all", "x" * 61, "Bob, -x"])
def test_what_is_no_name_is_not_added(talk, typed):
    assert "!ir add NAME, NAME" in talk.say("alice", f"!ir add {typed}")[0]
    assert responders(talk) == ["alice"]


def test_somebody_is_taken_off_the_list(talk):
    talk.say("bob", "!ir join")
    assert talk.say("alice", "!ir remove BOB") == ["b\u200bob is off the list."]
    assert responders(talk) == ["alice"]
    expect_refusal(talk, "alice", "!ir remove bob", "b\u200bob is not on the list", "!ir who shows")
    assert talk.say("bob", "!ir join") == [on_list(1)]


def test_the_remark_behind_the_list_is_kept_literally(talk):
    assert talk.say("alice", "!ir others") == ["Nothing stands behind the list: !ir others TEXT sets it."]
    talk.say("alice", "!ir others + volunteers reporting on IRC")
    assert talk.report().metadata.others == "+ volunteers reporting on IRC"
    assert talk.say("alice", "!ir others") == [
        "Behind the list stands “+ volunteers reporting on IRC”: !ir others TEXT sets it."
    ]
    assert talk.say("alice", "!ir others -") == [
        "Nothing stands behind the list now (was: “+ volunteers reporting on IRC”)."
    ]
    assert talk.report().metadata.others is None


def test_a_coordinator_found_within_two_minutes_joins_the_first_entry(talk):
    talk.later(minutes=2)
    assert talk.say("alice", "!ir ic") == [becomes_coordinator(1, "alice")]
    assert talk.texts() == ["Incident opened. alice becomes IC."]
    assert talk.say("alice", "!ir undo")[0].startswith(TAKEN_BACK)
    assert talk.texts() == ["Incident opened."]
    assert coordinators(talk) == []


def test_a_later_coordinator_has_an_entry_of_their_own(talk):
    talk.later(minutes=2, seconds=1)
    assert talk.say("alice", "!ir ic me") == [becomes_coordinator(2, "alice", at="12:02")]
    assert [(entry.text, entry.kind) for entry in talk.report().timeline][1] == ("alice becomes IC.", Kind.ROLE)


@pytest.mark.parametrize("opened", ["-30m", "12:03"])
def test_a_coordinator_has_an_entry_of_their_own_where_it_was_opened_at_another_time(talk, opened):
    talk.say("alice", f"!ir start! {opened} Restarted")
    assert talk.say("alice", "!ir ic me") == [becomes_coordinator(2, "alice", incident=2)]
    assert sorted(talk.texts(2)) == ["Incident opened.", "alice becomes IC."]


def test_a_coordinator_joins_an_opening_whose_time_was_typed_too(talk):
    talk.say("alice", "!ir start! -1m Restarted")
    assert talk.say("alice", "!ir ic me") == [becomes_coordinator(1, "alice", at="11:59", incident=2)]


def test_an_opening_that_was_moved_takes_no_coordinator_in(talk):
    talk.say("alice", "!ir move 1 11:30")
    assert talk.say("alice", "!ir ic me") == [becomes_coordinator(2, "alice")]


def test_who_coordinates_is_said_when_somebody_does(talk):
    talk.say("alice", "!ir ic")
    assert talk.say("bob", "!ir ic") == [
        "a\u200blice is the coordinator of 1: ask for !ir handoff bob, then !ir accept takes over."
    ]
    talk.present = ("bob",)
    talk.say("alice", "!ir add bob")
    assert talk.say("bob", "!ir ic") == ["a\u200blice is the coordinator of 1: !ir ic me takes over."]
    assert talk.say("alice", "!ir ic") == ["You are the coordinator of 1."]
    expect_refusal(talk, "alice", "!ir ic me", "a\u200blice is the coordinator already")


def test_the_role_is_given_to_somebody_else(talk):
    talk.present = ("Bob",)
    talk.say("alice", "!ir ic")
    assert talk.say("alice", "!ir ic bob") == [becomes_coordinator(2, "Bob")]
    assert coordinators(talk) == ["alice", "Bob"]
    assert responder(talk, "Bob").role is Role.COORDINATOR
    assert responder(talk, "alice").role is Role.COORDINATOR


def test_the_role_may_be_given_to_somebody_who_is_not_there(talk):
    assert talk.say("alice", "!ir ic carol") == [becomes_coordinator(1, "carol")]
    assert coordinators(talk) == ["carol"]
    assert responder(talk, "carol").nick is None


def test_coordinators_go_by_the_names_the_list_shows(talk):
    talk.say("alice", "!ir ic")
    talk.say("alice", "!ir add Alice")
    assert coordinators(talk) == ["Alice"]


def test_nobody_coordinates_when_that_is_said(talk):
    assert talk.say("alice", "!ir ic none") == ["Noted: 1 has no coordinator."]
    assert "ic" not in talk.report().missing
    assert talk.texts() == ["Incident opened."]


def test_a_coordinator_may_resign(talk):
    talk.later(minutes=5)
    talk.say("alice", "!ir ic")
    assert talk.say("alice", "!ir ic none") == ["#3 12:05 alice is no longer IC."]
    assert talk.say("alice", "!ir ic") == [becomes_coordinator(4, "alice", at="12:05")]
    assert coordinators(talk) == ["alice"]


@pytest.mark.parametrize("typed", ["two words", "x" * 61, "-x"])
def test_what_is_no_nick_does_not_coordinate(talk, typed):
    expect_refusal(talk, "alice", f"!ir ic {typed}", "!ir ic NICK", "!ir ic me", "!ir ic none")


def test_written_down_afterwards_a_coordinator_makes_no_entry(talk):
    talk.say("alice", "!ir start! 2019-10-07 14:00 wmcs-network")
    assert talk.say("alice", "!ir ic") == ["alice becomes IC."]
    assert talk.report(2).timeline == ()
    assert talk.report(2).metadata.coordinators == ("alice",)


def test_a_hand_off_is_done_when_it_is_accepted(talk):
    talk.present = ("bob",)
    talk.later(minutes=5)
    talk.say("alice", "!ir ic")
    replies = talk.hear("alice", "!ir handoff bob")
    assert str(replies[0].text) == "Offered to bob, who takes the coordination of 1 with !ir accept."
    assert [each.to for each in replies[1:]] == ["bob"] * 6
    assert "!ir accept @1 takes it" in str(replies[1].text)
    assert str(replies[2].text).startswith("1 “API returns 500”: investigating")
    assert [each.urgent for each in replies] == [True, True] + [False] * 5
    assert coordinators(talk) == ["alice"]
    assert talk.say("bob", "!ir accept @1", channel=None) == [becomes_coordinator(3, "bob", at="12:05")]
    assert coordinators(talk) == ["alice", "bob"]
    assert talk.say("bob", "!ir accept") == ["Nobody hands the coordination of 1 over to you: ask for !ir handoff bob."]


def test_only_whom_it_is_offered_to_accepts_a_hand_off(talk):
    talk.present = ("bob",)
    talk.say("alice", "!ir ic")
    talk.say("alice", "!ir handoff bob")
    expect_refusal(talk, "carol", "!ir accept", "1 is offered to b\u200bob", "!ir handoff NICK")
    assert coordinators(talk) == ["alice"]


def test_an_offer_ends_when_the_role_is_taken_otherwise(talk):
    talk.present = ("bob",)
    talk.say("alice", "!ir ic")
    talk.say("alice", "!ir handoff bob")
    talk.say("alice", "!ir ic carol")
    assert talk.say("bob", "!ir accept")[0].startswith("Nobody hands")


def test_nobody_offers_the_role_to_themselves(talk):
    talk.present = ("alice",)
    expect_refusal(talk, "alice", "!ir handoff alice", "That is you: !ir ic me takes the role.")
    talk.say("alice", "!ir ic")
    expect_refusal(talk, "alice", "!ir handoff alice", "is the coordinator already")


def test_what_is_closed_is_offered_to_nobody_as_nobody_could_accept_it(talk):
    talk.present = ("bob",)
    talk.say("alice", "!ir close")
    expect_refusal(talk, "alice", "!ir handoff bob", "Incident 1 is not open", "!ir ic NICK")
    talk.say("alice", "!ir reopen")
    assert talk.say("alice", "!ir handoff bob")[0].startswith("Offered to bob")
    assert talk.say("bob", "!ir accept") == [becomes_coordinator(1, "bob")]


def test_a_hand_off_needs_somebody_who_is_there(talk):
    talk.say("alice", "!ir ic")
    expect_refusal(talk, "alice", "!ir handoff carol", "not see carol", "!ir ic! carol")
    expect_refusal(talk, "alice", "!ir handoff", "!ir handoff NICK")
    expect_refusal(talk, "alice", "!ir handoff alice", "a\u200blice is the coordinator already")


def test_the_role_goes_to_nobody_who_is_not_there_unless_one_insists(talk):
    before = talk.report()
    expect_refusal(talk, "alice", "!ir ic carol", "nobody here called carol", "!ir ic! carol", sees_everybody=True)
    assert talk.report() == before
    assert talk.say("alice", "!ir ic! carol", sees_everybody=True) == [becomes_coordinator(1, "carol")]


def test_a_nick_that_is_nearly_a_responders_is_asked_about(talk):
    talk.say("alice", "!ir add Matthew")
    said = talk.say("alice", "!ir ic matthw", sees_everybody=True)
    assert "did you mean M\u200batthew?" in said[0]


def test_who_logged_and_has_left_is_not_there_either(talk):
    talk.say("carol", "!log what I saw")
    for typed in ("ic carol", "handoff carol"):
        assert "!ir ic! " in talk.say("alice", f"!ir {typed}", sees_everybody=True)[0]
    talk.present = ("carol",)
    assert talk.say("alice", "!ir handoff carol", sees_everybody=True)[0].startswith("Offered to carol")
    assert talk.say("alice", "!ir ic carol,", sees_everybody=True) == [becomes_coordinator(1, "carol")]


def test_a_responder_who_is_away_takes_the_role_without_a_question(talk):
    talk.say("alice", "!ir add Matthew")
    assert talk.say("alice", "!ir ic matthew", sees_everybody=True) == [becomes_coordinator(1, "matthew")]


def test_while_nobody_knows_who_is_there_nobody_is_missed(talk):
    assert talk.say("alice", "!ir ic carol") == [becomes_coordinator(1, "carol")]


def test_the_people_of_the_reference_incidents_come_out_as_written(talk):
    talk.say("andrew", "!ir start! 2019-10-07 14:00 wmcs-network")
    for nick in ("brooke", "hieu", "jason"):
        talk.say(nick, f"!log 14:00 {nick} was here")
    talk.say("andrew", "!ir add Andrew, Jason, Arturo, Brooke, Hieu")
    metadata = talk.report(2).metadata
    assert [each.name for each in metadata.responders] == ["Andrew", "Jason", "Arturo", "Brooke", "Hieu"]
    assert [each.nick for each in metadata.responders] == ["andrew", "jason", None, "brooke", "hieu"]


def test_whoever_takes_a_nick_that_was_left_is_somebody_else(talk):
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!log mine")
    talk.say("alice", "!ir close")
    talk.rename("alice", "alice2")

    assert talk.say("alice", "yes", channel=None) == [NOTHING_ASKED]
    assert without_ping("alice") in talk.say("alice", "!ir fix 2 s/mine/stolen/")[0]
    assert talk.texts()[1] == "mine"


def test_an_offer_ends_with_the_role_and_with_the_incident(talk):
    talk.present = ("bob",)

    talk.say("alice", "!ir handoff bob")
    talk.say("alice", "!ir ic none")
    assert "Nobody hands" in talk.say("bob", "!ir accept")[0]

    talk.say("alice", "!ir handoff bob")
    talk.say("alice", "!ir close")
    assert "Nobody hands" in talk.say("bob", "!ir accept")[0]


def test_who_is_offered_a_private_incident_is_told_where_to_take_it(talk):
    talk.present = ("bob",)
    talk.say("alice", "!ir start! --private Secret breach")

    offers = [str(reply.text) for reply in talk.hear("alice", "!ir handoff bob") if reply.to == "bob"]

    assert "!ir accept in #incidents takes it" in offers[0]


def test_a_name_copied_from_a_reply_is_the_name_it_looks_like(talk):
    talk.say("bob", "!ir join")
    talk.say("alice", "!ir add bob")
    copied = next(word for word in talk.say("alice", "!ir who")[0].split() if word.startswith("b"))

    talk.say("alice", f"!ir ic {copied.rstrip('.;')}")

    assert talk.report().metadata.coordinators == ("bob",)
