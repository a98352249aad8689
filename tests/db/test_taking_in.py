"""Lines that were said, taken in as entries: by ``^``, by a reply, pasted, and over a bridge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from irscribe.config import load
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.listed import read_item
from irscribe.domain.mark import as_typed
from irscribe.domain.naming import Naming
from irscribe.domain.report import Kind, MarkerKind
from irscribe.domain.talk import BRIDGED, Role
from irscribe.render import render
from irscribe.services.report.exports import style
from tests.replies import TAKEN_BACK, logged
from tests.snapshot import expect_refusal, kept_texts, refused
from tests.talk import CHANNEL, NETWORK, Talk

pytestmark = pytest.mark.every_case_on_postgresql


@pytest.fixture
def opened(talk):
    talk.say("bob", "!ir start API returns 500")
    return talk


@pytest.fixture
def unheard(tmp_path):
    """A bot that holds no recent talk and does not listen."""
    talk = Talk(tmp_path, config=replace(load(None), recent=None, listen=replace(load(None).listen, default=False)))
    talk.say("bob", "!ir start API returns 500")
    yield talk
    talk.database.close()


def said(talk: Talk, nick: str, line: str, **more: object) -> str:
    """The one answer, with the marks taken out."""
    (answer,) = talk.say(nick, line, **more)
    return as_typed(answer)


def quotes(talk: Talk) -> list[tuple[str | None, str]]:
    timeline = sorted(talk.report().timeline, key=lambda entry: entry.number)
    return [(entry.speaker, entry.text) for entry in timeline if entry.kind is Kind.QUOTE]


def test_the_last_line_is_taken_in_with_its_own_time_and_speaker(opened):
    opened.chat("alice", "it is the database")
    at = opened.now
    opened.later(minutes=3)

    assert said(opened, "bob", "!log ^") == logged(2) + ": <alice> it is the database"
    entry = opened.report().timeline[-1]
    assert (entry.kind, entry.speaker, entry.text) == (Kind.QUOTE, "alice", "<alice> it is the database")
    assert entry.at == at.replace(microsecond=0)
    assert entry.author.nick == "bob"


def test_the_acknowledgement_wakes_nobody_and_provokes_no_bot(opened):
    opened.chat("alice", "bob: #page T123 is https://example.org/T123 of alice")
    (answer,) = opened.say("bob", "!log ^")
    for word in ("alice", "bob", "#page", " T123"):
        assert word not in answer
    assert "https://example.org/T123" in answer


def test_a_line_from_before_the_start_is_taken_in(talk):
    talk.chat("alice", "is it slow for you?")
    talk.later(minutes=30)
    talk.say("bob", "!ir start API returns 500")
    assert said(talk, "bob", "!log ^") == logged(2, at="12:00") + ": <alice> is it slow for you?"


def test_a_waiting_wish_is_adopted_with_the_line_it_meant(talk):
    talk.chat("alice", "is it slow for you?")
    talk.say("bob", "!log ^")
    talk.say("bob", "!ir start API returns 500")
    talk.chat("alice", "what now")
    talk.say("bob", "!ir adopt")
    assert quotes(talk) == [("alice", "<alice> is it slow for you?")]


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("^", "<dave> two"),
        ("^ alice", "<alice> restarting mysql on db1003"),
        ("^ ALICE", "<alice> restarting mysql on db1003"),
        ("^ alice one", "<alice> one"),
        ("^ <alice> one", "<alice> one"),
        ("^ mysql on", "<alice> restarting mysql on db1003"),
        ("^ db1003 Restarting", "<alice> restarting mysql on db1003"),
        ("^ icinga-wm", "<icinga-wm> PROBLEM - db1003"),
        ("^ jinxer FIRING", None),
        ("^ PROBLEM", None),
        ("^ alice PROBLEM", None),
        ("^ nothing of the kind", None),
    ],
)
def test_a_line_is_found_by_who_said_it_and_by_its_words(opened, typed, taken):
    opened.chat("alice", "one")
    opened.chat("alice", "restarting mysql on db1003")
    opened.chat("dave", "two")
    opened.chat("bob", "!ack 12")
    opened.chat("bob", "@cmd")
    opened.chat("icinga-wm", "PROBLEM - db1003", role=Role.BOT)
    opened.chat("bob", "!log passed over", typed=True)
    if taken is None:
        expect_refusal(opened, "bob", f"!log {typed}", "type it yourself")
    else:
        opened.say("bob", f"!log {typed}")
        assert [text for _, text in quotes(opened)] == [taken]


def test_several_lines_are_entries_of_their_own_acknowledged_together(opened):
    for text in ("one", "two", "three"):
        opened.chat("alice", text)
    opened.chat("dave", "waves", action=True)

    assert said(opened, "bob", "!log ^^^") == "#2, #3 and #4 12:00 logged: <alice> two; <alice> three; * dave waves"
    assert said(opened, "bob", "!log ^^").startswith("Only one line said here")
    assert said(opened, "bob", "!log ^") == logged(5) + ": <alice> one"
    assert [text for _, text in quotes(opened)][-1] == "<alice> one"
    expect_refusal(opened, "bob", "!log ^", "not taken in yet")


@pytest.mark.parametrize(
    ("typed", "words"), [("^^^^^^", ("5 is the most",)), ("^^ alice", ("takes in the last 2 lines",))]
)
def test_too_many_at_once_and_words_behind_several_are_refused(opened, typed, words):
    opened.chat("alice", "one")
    expect_refusal(opened, "bob", f"!log {typed}", *words)


@pytest.mark.parametrize("typed", ["^foo", "^^foo bar", "^_^ that was it", "a ^ b"])
def test_the_sign_counts_only_before_a_blank(opened, typed):
    opened.chat("alice", "one")
    assert opened.say("bob", f"!log {typed}") == [logged(2)]
    assert opened.texts()[-1] == typed


def test_a_line_is_free_again_once_its_entry_is_undone(opened):
    opened.chat("alice", "it is the database")
    opened.say("bob", "!log ^")
    assert said(opened, "bob", "!ir undo").startswith(TAKEN_BACK)
    assert said(opened, "bob", "!log ^").startswith(logged(3))


def test_undo_takes_back_all_lines_of_one_command(opened):
    opened.chat("alice", "one")
    opened.chat("alice", "two")
    opened.say("bob", "!log ^^")
    opened.say("bob", "!ir undo")
    assert quotes(opened) == []


def test_somebody_is_found_under_the_nick_before_and_after_a_change(opened):
    opened.chat("alice", "one")
    opened.chat("alice", "two")
    opened.chat("dave", "three")
    opened.rename("alice", "alice_away")
    opened.rename("dave", "alice")
    assert said(opened, "bob", "!log ^ alice_away") == logged(2) + ": <alice> two"
    assert said(opened, "bob", "!log ^ alice") == logged(3) + ": <dave> three"


def test_a_quote_is_no_note_to_go_on_with(opened):
    opened.chat("alice", "one")
    opened.say("bob", "!log ^")
    expect_refusal(opened, "bob", "!log + and more", "#2")


def test_a_marker_in_a_line_is_one(opened):
    opened.chat("alice", "OUTAGE BEGINS")
    opened.say("bob", "!log ^")
    (marker,) = [each.marker for each in opened.report().timeline if each.marker]
    assert marker.kind is MarkerKind.BEGINS


def test_a_closed_incident_takes_a_line_in_only_by_its_number(opened):
    opened.chat("alice", "one")
    opened.say("bob", "!ir close")
    expect_kept = opened.say("bob", "!log ^")
    assert "kept for an hour" in expect_kept[0]
    assert said(opened, "bob", "!log @1 ^").startswith("#3 12:00 logged in closed 1: <alice> one")


def test_reports_show_a_quote_with_its_speaker_once(opened):
    opened.chat("alice", "it is <b>bold</b>")
    opened.chat("alice", "restarts it", action=True)
    opened.say("bob", "!log ^^")
    text = render(opened.report(), "text", style(opened.application, {}))
    assert text.count("<alice> it is") == 1
    assert "* alice restarts it" in text
    assert "<alice> * alice" not in text


def test_where_nothing_was_heard_the_reason_is_given(unheard):
    unheard.chat("alice", "one")
    expect_refusal(unheard, "bob", "!log ^", "recent")
    assert "one" not in kept_texts(unheard).split()


def test_just_after_the_start_of_the_process_nothing_was_heard_yet(opened):
    expect_refusal(opened, "bob", "!log ^", "I heard nothing said here yet")


def test_what_is_too_old_is_gone(opened):
    opened.say("bob", "!ir listen off")
    opened.chat("alice", "one")
    opened.later(minutes=61)
    expect_refusal(opened, "bob", "!log ^", "I heard nothing said here yet")


def test_a_restart_leaves_what_was_kept(opened):
    opened.chat("alice", "one")
    opened.hearing.flush()
    opened.application.recent.remove(NETWORK, CHANNEL, lambda _line: True)
    assert said(opened, "bob", "!log ^") == logged(2) + ": <alice> one"


def test_nobody_outside_the_channel_reads_its_talk(talk):
    talk.say("bob", "!ir start --private API returns 500")
    talk.say("bob", "!ir listen off")
    talk.chat("alice", "secret")
    (answer,) = talk.say("bob", "note @1 ^", channel=None, shared=("#elsewhere",))
    assert "secret" not in as_typed(answer)


def test_a_reply_takes_in_exactly_the_line_it_answers(opened):
    opened.chat("alice", "one", msgid="first")
    opened.chat("alice", "two", msgid="second")
    assert said(opened, "bob", "!log", reply_to="first") == logged(2) + ": <alice> one"
    assert said(opened, "bob", "!log", reply_to="first") == "That line is #2 already."
    assert said(opened, "bob", "!log", reply_to="third").startswith("I did not hear the line that you answer")
    assert said(opened, "bob", "!log so it was", reply_to="second") == logged(3)
    expect_refusal(opened, "bob", "!log", "There is no text there")


def test_a_reply_without_an_incident_is_refused(talk):
    talk.chat("alice", "one", msgid="first")
    assert said(talk, "bob", "!log", reply_to="first").startswith("No incident is open here")
    assert "waits" not in said(talk, "bob", "!ir start slow")


def test_a_pasted_line_that_was_heard_is_that_line(opened):
    opened.accounts["paladox"] = "paladox"
    opened.chat("paladox", "!log stopping mysql", typed=True)
    at = opened.now
    opened.later(minutes=5)
    typed = "!log [13:59:12] <+paladox> !log stopping mysql"
    assert said(opened, "bob", typed) == logged(2) + ": <paladox> stopping mysql"
    assert opened.report().timeline[-1].at == at.replace(microsecond=0)
    assert said(opened, "bob", typed) == "That line is #2 already."


def test_of_several_equal_lines_the_one_nearest_to_the_pasted_time_is_taken(opened):
    opened.chat("alice", "down")
    first = opened.now
    opened.later(minutes=20)
    opened.chat("alice", "down")
    opened.later(minutes=20)
    opened.say("bob", "!log 12:01 <alice> down")
    assert opened.report().timeline[-1].at == first.replace(microsecond=0)


@pytest.mark.parametrize(
    ("typed", "text", "hint"),
    [
        ("[11:58:12] <+paladox> !log stopping mysql", "<paladox> stopping mysql (pasted by bob)", False),
        ("11:58 <@alice> it is back", "<alice> it is back (pasted by bob)", False),
        ("11:58 < alice> it is back", "<alice> it is back (pasted by bob)", False),
        ("2026-11-22 09:30 <alice> it is back", "<alice> it is back (pasted by bob)", True),
        ("09:30 <alice> it is back", "<alice> it is back (pasted by bob)", True),
    ],
)
def test_a_pasted_line_that_nobody_heard_has_the_pasted_time(opened, typed, text, hint):
    answer = said(opened, "bob", f"!log {typed}")
    assert ("clients print local time" in answer) is hint
    entry = next(each for each in opened.report().timeline if each.kind is Kind.QUOTE)
    assert (entry.text, entry.at.strftime("%H:%M")) == (text, typed.replace("2026-11-22 ", "").lstrip("[")[:5])


def test_without_a_time_a_name_in_brackets_counts_only_where_it_spoke(opened):
    opened.chat("alice", "one")
    assert said(opened, "bob", "!log <div> broken") == logged(2)
    assert said(opened, "bob", "!log * item one") == logged(3)
    assert said(opened, "bob", "!log 12:00 * item one") == logged(4)
    assert said(opened, "bob", "!log <alice> one").startswith(logged(5) + ": <alice> one")
    assert said(opened, "bob", "!log * alice waves").startswith(logged(6) + ": * alice waves")
    kinds = {entry.number: entry.kind for entry in opened.report().timeline}
    assert [kinds[number] for number in (2, 3, 4, 5, 6)] == [Kind.NOTE] * 3 + [Kind.QUOTE] * 2


def test_a_pasted_line_off_the_record_is_refused(opened):
    assert "off the record" in refused(opened, "bob", "!log 11:58 <alice> [o] the password is hunter2")


def test_a_pasted_line_waits_for_an_incident_and_is_adopted(talk):
    talk.say("bob", "!log 11:58 <alice> it is slow")
    talk.say("bob", "!ir start API returns 500")
    talk.say("bob", "!ir adopt")
    assert quotes(talk) == [("alice", "<alice> it is slow (pasted by bob)")]


@pytest.mark.parametrize("typed", ["^", "^ alice", "11:58 <alice> it is slow"])
def test_in_a_quiet_channel_all_of_it_is_text_of_log_and_belongs_to_note(tmp_path, typed):
    settings = tmp_path / "config.ini"
    settings.write_text('[core]\nchannels = "#incidents"\n[irscribe]\nlog_mode = quiet\n', encoding="utf-8")
    talk = Talk(tmp_path, config=load(settings))
    talk.say("bob", "!ir start API returns 500")
    talk.chat("alice", "it is slow")
    assert talk.say("bob", f"!log {typed}") == []
    assert quotes(talk) == []
    talk.say("bob", f"!note {typed}")
    assert [speaker for speaker, _ in quotes(talk)] == ["alice"]
    talk.database.close()


def test_the_speaker_of_a_quote_may_redact_it_known_by_account(opened):
    opened.accounts["alice"] = "alice"
    opened.chat("alice", "the password is hunter2")
    opened.say("bob", "!log ^")
    opened.accounts["carol"] = "carol"
    expect_refusal(opened, "carol", "!ir redact 2 it held a password", "operator")
    opened.accounts["alice"] = None
    expect_refusal(opened, "alice", "!ir redact 2 it held a password", "operator")
    opened.accounts["alice_"] = "alice"
    opened.say("alice_", "!ir redact 2 it held a password")
    assert "hunter2" not in kept_texts(opened)
    assert "alice" not in [speaker for speaker, _ in quotes(opened)]
    assert "hunter2" not in "".join(each.text for each in opened.application.recent.until(NETWORK, CHANNEL, opened.now))


def test_where_there_are_no_accounts_the_speaker_is_known_by_nick(opened):
    opened.naming = Naming(casemapping=CaseMapping.RFC1459, has_accounts=False)
    opened.chat("alice[1]", "the password is hunter2")
    opened.say("bob", "!log ^")
    opened.say("Alice{1}", "!ir redact 2 it held a password")
    assert "hunter2" not in kept_texts(opened)


def test_what_others_said_of_it_goes_with_a_redacted_text(opened):
    opened.chat("alice", "hunter2")
    opened.chat("carol", "you mean: the password is hunter2 ?")
    opened.say("bob", "!log the password is hunter2")
    opened.say("bob", "!ir redact 2 it held a password")
    assert "hunter2" not in kept_texts(opened)
    expect_refusal(opened, "bob", "!log ^", "I heard nothing said here yet")


def bridged(talk: Talk, name: str, text: str) -> list[str]:
    """A line over a bridge as the connection hands it over."""
    bridge = talk.person("bridgebot")
    person = replace(bridge, nick=name + BRIDGED, account=None)
    talk.chat(name + BRIDGED, text, role=Role.BRIDGED, typed=text.startswith("!"))
    return talk.say(name + BRIDGED, text, person=person, bridge=bridge)


def test_a_bridged_person_notes_and_takes_in_and_has_no_rights(opened):
    opened.chat("alice", "one")
    assert bridged(opened, "dave", "!log it is slow here too") == [logged(2)]
    assert as_typed(bridged(opened, "dave", "!log ^ alice")[0]) == logged(3) + ": <alice> one"
    assert opened.report().timeline[1].author.nick == "dave (bridged)"
    for refused_line in ("!ir status", "!ir redact 2 mine", "!ir close", "!log help"):
        assert bridged(opened, "dave", refused_line)[0].startswith("Over the bridge I take !log TEXT")
    bridged(opened, "dave", "me too")
    assert said(opened, "bob", "!log ^ dave") == logged(4) + ": <dave (bridged)> me too"


def test_nobody_gets_the_rights_of_a_list_over_a_bridge(opened):
    bridge = opened.person("bridgebot")
    mask = read_item("*!*@bridgebot.example")
    assert mask.fits(bridge)
    assert not mask.fits(replace(bridge, nick="alice" + BRIDGED))
