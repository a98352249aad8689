"""Commands that were cut in two, where somebody else was at work before the rest came."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from irscribe.domain.request import Renamed
from tests.db.test_cut_lines import REST, WORDS, long, quiet_talk
from tests.examples import few_examples
from tests.replies import LOGGED, TAKEN_BACK, fixed, logged, value_continued, value_set
from tests.snapshot import kept_texts, record
from tests.talk import NETWORK, Talk

HUSHED = "hunter2 and more of it"
NOT_TAKEN = "The end of your line was not taken: "


@pytest.fixture
def opened(talk):
    return opened_for_all(talk)


def opened_for_all(talk):
    talk.operators = {"dave"}
    talk.present = ("alice", "bob", "carol")
    talk.say("dave", "!ir start API returns 500")
    talk.say("dave", "!ir add alice, bob, carol")
    talk.say("bob", "!log it broke")
    return talk


def finish(talk, nick="alice", rest=REST):
    """Say the rest of a line that is not taken: what else is said then, and why; nothing changes."""
    before = record(talk)
    *said, why = talk.say(nick, rest)
    assert record(talk) == before
    assert rest not in kept_texts(talk)
    assert talk.release() == []
    assert not any("(2 lines)" in each for each in said)
    assert why.startswith(NOT_TAKEN)
    return said, why.removeprefix(NOT_TAKEN)


@pytest.mark.parametrize(
    ("begun", "others", "acknowledged", "by_hand"),
    [
        ("!ir summary", "!ir summary + B", "Summary set.", "!ir summary + …"),
        ("!ir impact @1 +", "!ir impact + B", "Impact set.", "!ir impact @1 + …"),
        ("!ir well", "!ir well > B", "Went well 1 added.", "!ir well …"),
        ("!ir fix 2", "!log + B", fixed(2), "!ir fix …"),
        ("!ir focus", "!ir who", "You are on 1:", "!ir focus …"),
        ("!ir find", "!ir who", "Nothing holds", "!ir find …"),
    ],
)
def test_a_held_command_is_carried_out_before_what_anybody_types_behind_it(
    opened, begun, others, acknowledged, by_hand
):
    assert opened.say("alice", long(begun)) == []
    first, *_ = opened.say("bob", others)

    assert first.startswith(acknowledged)
    assert finish(opened) == ([], f"another command came before it. Add it by hand, with {by_hand}")


def test_a_command_about_another_channel_lets_a_held_one_wait(opened):
    opened.say("alice", long("!ir summary"))
    opened.say("erin", "!ir start elsewhere", channel="#elsewhere")

    assert opened.say("alice", REST) == [value_set("Summary", lines=2)]


def test_a_command_in_private_does_not_overtake_a_held_one(opened):
    opened.say("alice", long("!ir summary"))
    opened.say("bob", "!ir summary + B", channel=None)

    assert opened.report().summary == f"{WORDS.strip()} B"


def test_what_people_say_to_each_other_lets_a_held_command_wait(opened):
    opened.say("alice", long("!ir summary"))
    assert opened.say("bob", "I am on it") == []

    assert opened.say("alice", REST) == [value_set("Summary", lines=2)]


def test_a_held_command_is_its_authors_whatever_becomes_of_their_nick(opened):
    opened.say("alice", long("!ir focus"))
    opened.rename("alice", "alicia")
    alicia = replace(opened.person("alice"), nick="alicia")

    assert opened.say("alicia", "!ir undo", person=alicia)[0].startswith(TAKEN_BACK)


def test_an_acknowledgement_in_private_follows_its_author_to_a_new_nick(opened):
    opened.accounts["bob"] = "Bob"
    opened.say("bob", long("!log"), channel=None)
    renamed = Renamed(person=opened.person("bob"), network=NETWORK, nick="rob")

    reply, then = opened.handle(renamed)
    assert (str(reply.text), then) == (logged(3), renamed)
    assert opened.say("rob", REST, channel=None, person=replace(renamed.person, nick="rob")) == []
    assert opened.texts()[-1] == f"{WORDS.strip()} {REST}"


def test_a_held_command_that_nothing_follows_is_carried_out_after_three_seconds(opened):
    assert opened.say("alice", long("!ir summary")) == []
    opened.later(seconds=3)
    assert (opened.release(), opened.report().summary) == ([], None)
    opened.later(seconds=1)

    assert opened.release() == [value_set("Summary")]
    assert opened.report().summary == WORDS.strip()
    assert opened.say("alice", REST) == []


def test_a_held_command_that_is_refused_wants_no_rest(opened):
    opened.say("alice", long("!ir title"))
    (refusal, _) = opened.say("bob", "!log on it")

    assert "bytes" in refusal
    assert opened.say("alice", REST) == []


def test_what_others_do_to_an_actionable_comes_behind_it(opened):
    opened.say("alice", long("!ir action"))
    opened.say("bob", "!ir action done 1")

    assert finish(opened)[1].endswith("with !ir action …")
    assert [each.done for each in opened.report().actionables] == [True]


@pytest.mark.parametrize("nick", ["erin", "alice"])
def test_who_was_removed_meanwhile_is_not_put_back(opened, nick):
    opened.say(nick, long("!ir join"))
    opened.say("dave", f"!ir remove {nick}")

    assert finish(opened, nick)[1].endswith("with !ir join …")
    assert nick not in [each.name for each in opened.report().metadata.responders]


def test_a_bullet_that_was_dropped_meanwhile_does_not_come_back(opened):
    opened.say("alice", "!ir well A")
    opened.say("alice", long("!ir well fix 1"))
    opened.say("bob", "!ir well drop 1")

    assert finish(opened)[1].endswith("with !ir well …")
    assert opened.report().conclusions.went_well == ()


@pytest.mark.parametrize(
    ("others", "by_hand"),
    [("!ir strike 3 wrong", "!log …"), ("!ir fix 3 other words", "!log + …"), ("!ir move 3 11:30", "!log + …")],
)
def test_a_note_that_was_corrected_meanwhile_is_left_as_it_is(opened, others, by_hand):
    opened.say("alice", long("!log"))
    opened.say("dave", others)

    assert finish(opened) == ([logged(3)], f"#3 was changed meanwhile. Add it by hand, with {by_hand}")


def test_the_rest_of_a_status_is_taken_whatever_the_status_is_since(opened):
    opened.say("alice", long("!ir status monitoring"))
    opened.say("dave", "!ir status resolved")

    assert opened.say("alice", REST)[0].endswith("(2 lines)")
    assert opened.texts()[2:] == [f"Status: monitoring – {WORDS.strip()} {REST}", "Status: resolved"]


def test_two_may_be_cut_at_once(opened):
    opened.say("alice", long("!ir summary +"))
    assert opened.say("bob", long("!ir summary +")) == [value_set("Summary")]

    assert finish(opened)[0] == []
    assert opened.say("bob", "bob's end") == [value_continued("Summary", lines=2)]
    assert opened.report().summary == f"{WORDS.strip()} {WORDS.strip()} bob's end"


@pytest.mark.parametrize(
    ("begun", "place"),
    [
        ("!log", "3"),
        ("!ir fix 2", "2"),
        ("!ir update", "3"),
        ("!ir impact", "impact"),
        ("!ir impact +", "impact"),
        ("!ir well", "well 1"),
        ("!ir action", "action 1"),
        ("!ir focus", "focus alice"),
    ],
)
def test_the_rest_does_not_bring_back_what_was_redacted(opened, begun, place):
    opened.say("alice", long(f"{begun} {HUSHED}"))
    opened.say("dave", f"!ir redact {place} held a password")

    assert finish(opened)[1].startswith("its beginning was redacted meanwhile. Add what may be said of it by hand")
    assert "hunter2" not in kept_texts(opened)
    assert "recursors" not in kept_texts(opened)


def test_the_rest_does_not_bring_back_what_its_author_took_back_elsewhere(opened):
    opened.say("alice", long("!ir impact"))
    opened.say("alice", "!ir undo", channel=None)

    assert finish(opened)[1].startswith("its beginning was taken back meanwhile.")
    assert opened.report().impact is None


def test_the_rest_does_not_bring_back_a_note_that_was_thrown_away(talk):
    talk.say("bob", long("!log"))
    talk.say("alice", "!ir start slow")
    talk.say("alice", "!ir adopt none")

    (answer,) = talk.say("bob", REST)
    assert answer.startswith(f"{NOT_TAKEN}its beginning was taken back meanwhile")
    assert talk.texts() == ["Incident opened."]


def test_a_command_stays_in_the_incident_it_began_in(opened):
    opened.say("alice", long("!ir impact"))
    opened.say("dave", "!ir start! another")
    opened.say("dave", "!ir add alice")

    assert finish(opened)[1].endswith("Add it by hand, with !ir impact @1 + …")
    assert (opened.report(1).impact, opened.report(2).impact) == (WORDS.strip(), None)


def test_a_quiet_channel_hears_nothing_of_it(tmp_path):
    quiet = quiet_talk(tmp_path)
    quiet.operators = {"dave"}
    quiet.say("dave", "!ir start slow")
    quiet.say("bob", long("!log"))
    quiet.say("dave", "!ir fix 2 other words")

    assert quiet.say("bob", REST) == []
    assert quiet.texts()[1:] == ["other words"]
    quiet.database.close()


BEGUN = ("!ir summary + ", "!ir impact +| ", "!ir well ", "!ir well > ", "!ir action ", "!ir link https://a.example ")
FIRST = ("!ir summary ", "!ir impact ", "!ir fix 2 ", "!ir join ", *BEGUN)
BETWEEN = ("!ir summary + ", "!ir impact + ", "!ir well > ", "!ir well + ", "!ir action + ", "!ir link + ", "!log + ")


@given(
    first=st.sampled_from(FIRST),
    second=st.sampled_from(BEGUN),
    between=st.lists(st.tuples(st.sampled_from(["bob", "dave"]), st.sampled_from((*BETWEEN, "!log "))), max_size=4),
    swapped=st.booleans(),
)
@few_examples(*HealthCheck)
def test_every_text_that_was_acknowledged_is_still_there(first, second, between, swapped):
    with TemporaryDirectory() as folder:
        talk = opened_for_all(Talk(Path(folder)))
        typed = [("alice", f"{first}word-a {WORDS}"), ("carol", f"{second}word-c {WORDS}")]
        typed += [(who, f"{does}word-{number}") for number, (who, does) in enumerate(between)]
        answers = [answer for who, line in typed for answer in talk.say(who, line)]
        ends = {who: talk.say(who, f"end-{who}") for who in (("carol", "alice") if swapped else ("alice", "carol"))}
        shown = repr(talk.report())
        talk.database.close()
    for (_, line), answer in zip(typed, answers if between else answers + ends["carol"], strict=True):
        word = next(each for each in line.split() if each.startswith("word-"))
        assert word in shown or not any(sign in answer for sign in ("set", "continued", "added", LOGGED, "fixed"))
    for who, said in ends.items():
        assert (f"end-{who}" in shown) == any(each.endswith("(2 lines)") for each in said)
