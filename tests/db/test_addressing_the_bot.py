"""Names mistyped in a channel, talk to the bot, and private lines without a prefix."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.adapter.limits import MANY
from irscribe.config import LogMode, LogModes, Names, load
from irscribe.domain.listed import read_item
from irscribe.domain.request import LineKind
from tests.replies import (
    LOGGED,
    MEANT_IR,
    MEANT_LOG,
    MEANT_NOTE,
    NONE_OPEN,
    NOT_UNDERSTOOD,
    NOTHING_ASKED,
    SORRY,
    logged,
    value_set,
)
from tests.snapshot import kept_texts, record
from tests.talk import Talk

RELAY = "logmsgbot"


@pytest.fixture
def talk_with(tmp_path):
    """Talks with settings of their own, on one database."""
    talks = []

    def make(**changed: object) -> Talk:
        talks.append(Talk(tmp_path, config=replace(load(None), **changed)))
        return talks[-1]

    yield make
    for each in talks:
        each.database.close()


@pytest.fixture
def talk(talk_with):
    """A channel with an incident open."""
    talk = talk_with(
        ignore=(read_item("account:mallory"), read_item("mallory!*@*.example")), relays=(read_item(RELAY),)
    )
    talk.say("alice", "!ir start slow")
    return talk


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("!logg it broke", MEANT_LOG),
        ("!lgo it broke", MEANT_LOG),
        ("!noet x", MEANT_NOTE),
        ("!inicdent start", MEANT_IR),
    ],
)
def test_a_mistyped_name_is_answered_while_an_incident_is_open_and_changes_nothing(talk, typed, said):
    before = record(talk)
    assert talk.say("bob", typed) == [said]
    assert record(talk) == before
    assert typed not in kept_texts(talk)
    talk.say("alice", "!ir close")
    talk.later(hours=1)
    assert talk.say("bob", typed) == []


def test_a_mistyped_name_is_answered_once_in_ten_minutes_a_person(talk):
    assert talk.say("bob", "!logg it broke") == [MEANT_LOG]
    talk.later(minutes=9, seconds=59)
    assert talk.say("bob", "!noet it broke") == []
    assert talk.say("carol", "!noet it broke") == [MEANT_NOTE]
    talk.later(minutes=10)
    assert talk.say("bob", "!noet it broke") == [MEANT_NOTE]


def test_a_mistyped_name_before_anything_is_open_does_not_count(talk_with):
    talk = talk_with()
    assert talk.say("bob", "!logg it broke") == []
    talk.say("alice", "!ir start slow")
    assert talk.say("bob", "!logg it broke", channel="#elsewhere") == []
    assert talk.say("bob", "!logg it broke") == [MEANT_LOG]


@pytest.mark.parametrize("more", [{"read_back": True}, {"channel": "#elsewhere"}])
def test_a_mistyped_name_is_not_answered_late_nor_elsewhere(talk, more):
    assert talk.hear("bob", "!logg it broke", **more) == []


@pytest.mark.parametrize("nick", ["mallory", RELAY])
def test_whom_nobody_listens_to_and_what_a_machine_says_is_not_answered(talk, nick):
    talk.accounts[nick] = nick
    assert talk.hear(nick, "!logg it broke") == []


def test_a_mistyped_name_is_answered_with_the_configured_one(talk_with):
    talk = talk_with(names=Names(nick="irscribe", prefix=".", incident=("inc",), log=("sal",), note=("memo",)))
    talk.say("alice", ".inc start slow")
    (reply,) = talk.hear("bob", ".asl it broke")
    assert talk.application.spoken(reply.text) == "Nothing was logged: did you mean .sal TEXT?"
    assert talk.hear("bob", "!logg it broke") == []


def test_a_mistyped_name_ends_no_wait_but_that_of_its_own_typist(talk):
    long = f"!ir summary {'x' * 400}"
    assert talk.say("alice", long) == []
    assert talk.say("carol", "!lgo it broke") == [MEANT_LOG]
    assert talk.say("alice", "and more") == [value_set("Summary", lines=2)]
    talk.say("alice", long)
    assert [str(each.text)[:7] for each in talk.hear("alice", "!lgo it broke")] == ["Summary", "Nothing"]


def test_a_crowd_that_mistypes_is_forgotten_in_the_order_in_which_it_came(talk):
    for number in range(2 * MANY):
        assert talk.say(f"guest{number}", "!lgo x") == [MEANT_LOG]
    assert talk.say(f"guest{2 * MANY - 1}", "!lgo x") == []
    assert all(len(each.buckets) <= MANY for each in talk.adapter.conversation.counts)


def test_an_answer_that_was_rolled_back_may_be_given_again(talk):
    restore = talk.adapter.remember_limits()
    assert talk.say("bob", "!lgo x") == [MEANT_LOG]
    restore()
    assert talk.say("bob", "!lgo x") == [MEANT_LOG]


@pytest.mark.parametrize(
    "said",
    [
        "thanks",
        "thanks!",
        "thank you for that",
        "hello there",
        "hi",
        "good morning",
        "\\o/",
        ":-)",
        "well done",
        "great",
    ],
)
def test_thanks_and_greetings_are_left_alone_wherever_they_are_said(talk, said):
    before = record(talk)
    for line in (f"irscribe: {said}", f"irscribe, {said}", f"irscribe_: {said}"):
        assert talk.hear("bob", line) == []
    assert talk.hear("bob", said, channel=None) == []
    assert record(talk) == before
    assert said == "well done" or talk.hear("bob", f"!ir {said}") == []


@pytest.mark.parametrize(
    "said", ["what is up?", "how are you", "tell me a joke", "please do", "hi, are you there?", "xyzzy"]
)
def test_what_the_bot_does_not_know_is_answered_as_a_colleague_would_once_a_minute_a_person(talk, said):
    before = record(talk)
    assert talk.say("bob", f"irscribe: {said}") == [SORRY]
    talk.later(seconds=59)
    assert talk.hear("bob", f"irscribe, {said}") == []
    assert talk.say("carol", f"irscribe, {said}") == [SORRY]
    talk.later(minutes=1)
    assert talk.say("bob", f"irscribe: {said}") == [SORRY]
    assert record(talk) == before
    assert said not in kept_texts(talk)


def test_a_verb_mistyped_behind_the_nick_is_answered_each_time(talk):
    for _ in range(3):
        assert talk.say("bob", "irscribe: stauts") == ["There is no !ir stauts: did you mean !ir status?"]
    assert talk.say("bob", "!ir xyzzy")[0].startswith("There is no !ir xyzzy: ")


def test_the_nick_names_this_bot_where_another_owns_log(talk_with):
    talk = talk_with(log_modes=LogModes(LogMode.QUIET))
    talk.say("alice", "!ir start slow")
    for line in ("irscribe: log it broke", "irscribe: !log it broke", "!ir log: it broke", "!note: it broke"):
        assert talk.say("bob", line)[0].endswith(LOGGED)
    assert talk.say("bob", "irscribe: what is up?") == [SORRY]


@pytest.mark.parametrize(
    ("mode", "kept"), [(LogMode.FULL, "it broke"), (LogMode.QUIET, "it broke"), (LogMode.OFF, None)]
)
@pytest.mark.parametrize("typed", ["!log: it broke", "! log it broke", "!LOG, it broke", "! Log : it broke"])
def test_every_way_to_type_a_log_follows_the_rules_of_its_channel(talk_with, mode, kept, typed):
    talk = talk_with(log_modes=LogModes(mode))
    talk.say("alice", "!ir start slow")
    assert talk.say("bob", typed) == ([logged(2)] if mode is LogMode.FULL else [])
    assert talk.texts()[1:] == ([kept] if kept else [])


NOT_OURS = st.one_of(
    st.text(max_size=30).map("!{}".format),
    st.sampled_from(["!logg", "!lgo x", "!noet", "!inicdent x", "！log x", "!ll og", "!incidents", "!ack 1", "@log x"]),
    st.text(max_size=30),
)


@pytest.mark.parametrize("mode", [LogMode.QUIET, LogMode.OFF])
def test_a_line_that_is_not_ours_is_never_answered_in_a_quiet_or_off_channel(talk_with, mode):
    talk = talk_with(log_modes=LogModes(mode))
    talk.say("alice", "!ir start slow")

    @given(line=NOT_OURS)
    def is_not_answered(line):
        request = talk.request("bob", line)
        assert talk.handle(request) == [] or request.kind in (LineKind.INCIDENT, LineKind.NOTE)

    is_not_answered()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("status", "1 “slow”"),
        ("Status?", "1 “slow”"),
        ("irscribe: status", "1 “slow”"),
        ("irscribe status", "1 “slow”"),
        ("ir status", "1 “slow”"),
        ("!status", "1 “slow”"),
        ("! ir: status", "1 “slow”"),
        ("@1 status", "1 “slow”"),
        ("help strike", "!ir strike N"),
        ("!help strike", "!ir strike N"),
        ("log 11:56 it broke", logged(2, at="11:56")),
        ("note: it broke", logged(2)),
        ("@1 log it broke", logged(2)),
        ("start another", "Incident 1 “slow” is open"),
        ("stauts", "There is no !ir stauts: did you mean !ir status?"),
        ("lgo it broke", "There is no !ir lgo: did you mean !ir log?"),
        ("what can you do?", NOT_UNDERSTOOD),
        ("yes", NOTHING_ASKED),
    ],
)
def test_in_private_every_command_works_without_a_prefix(talk, typed, said):
    assert talk.say("alice", typed, channel=None)[0].startswith(said)


@pytest.mark.parametrize("line", ["", " ", "\u200b", "\u2800 \u200b"])
def test_nothing_is_no_command(talk, line):
    before = record(talk)
    assert talk.hear("alice", line, channel=None) == talk.hear("alice", line) == []
    assert record(talk) == before


def test_a_name_in_a_private_command_is_a_person_of_the_channel(talk):
    talk.present = ("bob",)
    assert talk.say("alice", "ic bob", channel=None)[0].endswith("bob becomes IC.")


def test_two_bots_that_answer_each_other_in_private_fall_silent(talk):
    said = [talk.say("stashbot", "You said something that I cannot do", channel=None) for _ in range(20)]
    assert said == [[NOT_UNDERSTOOD]] * 5 + [[]] * 15
    talk.later(minutes=1)
    assert talk.say("stashbot", "stauts", channel=None) != []
    assert talk.say("stashbot", "stauts", channel=None) == []
    assert talk.say("stashbot", "status", channel=None) != [NONE_OPEN]


def test_in_private_a_mistake_behind_the_prefix_is_answered_each_time(talk):
    for line in ("!ir stauts", "!stauts", "!lgo it broke", "!ir now what"):
        said = [talk.say("alice", line, channel=None)[0].split(":")[0] for _ in range(7)]
        assert said == [f"There is no !ir {line.removeprefix('!ir ').removeprefix('!').split()[0]}"] * 7


def test_a_long_private_note_takes_its_rest_and_the_next_note_is_another(talk):
    assert talk.say("alice", f"log {'x' * 400}", channel=None) == []
    assert talk.say("alice", "status was unknown", channel=None) == [logged(2, lines=2)]
    talk.say("alice", f"log {'y' * 400}", channel=None)
    assert talk.say("alice", "log and another", channel=None) == [logged(3), logged(4)]
    assert talk.texts()[1:] == [f"{'x' * 400} status was unknown", "y" * 400, "and another"]


def test_a_long_private_command_takes_its_rest(talk):
    assert talk.say("alice", f"summary {'x' * 400}", channel=None) == []
    assert talk.say("alice", "and more", channel=None) == [value_set("Summary", lines=2)]
    assert talk.say("alice", "summary", channel=None)[0].endswith("x and more")
    talk.say("alice", f"update {'x' * 400}", channel=None)
    assert talk.say("alice", "and more", channel=None) == ["#2 12:00 update logged (2 lines)"]
