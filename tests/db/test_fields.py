"""The facts and sections of a report, as people set them in the channel."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.organisations import wikimedia
from tests.replies import (
    OPERATOR,
    TAKEN_BACK,
    denied,
    in_private,
    incident_is,
    noted_none,
    taken_back,
    value_continued,
    value_set,
)
from tests.snapshot import refused


@pytest.fixture
def config():
    return wikimedia()


@pytest.fixture
def talk(talk):
    talk.say("alice", "!ir start API returns 500")
    return talk


SECTIONS = ("summary", "impact", "detection")


def section(talk, name):
    return getattr(talk.report(), name)


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_is_set_and_shown(talk, name):
    assert talk.say("alice", f"!ir {name}") == [f"{name.capitalize()} of 1: nothing yet. !ir {name} TEXT sets it."]
    assert talk.say("alice", f"!ir {name} +20% latency") == [f"{name.capitalize()} set."]
    assert talk.say("alice", f"!ir {name}") == [f"{name.capitalize()} of 1: +20% latency"]
    assert section(talk, name) == "+20% latency"


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_goes_on_behind_a_blank_or_in_a_paragraph(talk, name):
    talk.say("alice", f"!ir {name} one")
    assert talk.say("alice", f"!ir {name} + two") == [value_continued(name.capitalize())]
    assert talk.say("alice", f"!ir {name} +| three") == [value_continued(name.capitalize())]
    assert section(talk, name) == "one two\n\nthree"
    assert talk.say("alice", f"!ir {name}") == [f"{name.capitalize()} of 1: one two /  / three"]


def test_a_section_longer_than_an_answer_is_sent_in_private_whole(talk):
    text = " ".join(str(number) for number in range(600))
    talk.say("alice", f"!ir impact {text}")
    talk.later(seconds=4)
    talk.release()
    said = talk.hear("alice", "!ir impact")
    assert [(each.to, each.text) for each in said] == [
        ("#incidents", in_private("Impact of 1")),
        ("alice", f"Impact of 1: {text}"),
    ]


@pytest.mark.parametrize("sign", ["+", "+|"])
def test_an_empty_section_goes_on_from_nothing(talk, sign):
    assert talk.say("alice", f"!ir summary {sign} one") == [value_set("Summary")]
    assert talk.report().summary == "one"


def test_replacing_a_section_says_what_was_replaced(talk):
    talk.say("alice", "!ir impact one\u200b")
    assert talk.say("alice", "!ir impact two") == [value_set("Impact", was="one\u200b")]
    assert talk.say("alice", "!ir impact two") == [value_set("Impact")]
    talk.say("alice", f"!ir impact {'x' * 300}")
    assert len(talk.say("alice", "!ir impact three")[0]) < 120


def test_emptying_a_section_says_what_was_there(talk):
    talk.say("alice", "!ir impact one")
    assert talk.say("alice", "!ir impact -") == ["Impact emptied (was: “one”)."]
    assert talk.report().impact is None
    assert talk.say("alice", "!ir undo") == [taken_back("impact", again="one")]
    assert talk.report().impact == "one"


@pytest.mark.parametrize("text", ["> 50% of pages fail", ">50% of pages fail", "^ see above", "+1", "@alice saw it"])
def test_signs_that_mean_nothing_to_a_section_are_its_text(talk, text):
    assert talk.say("alice", f"!ir impact {text}") == [value_set("Impact")]
    assert talk.report().impact == text


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("summary +", "There is no text behind +"),
        ("summary +|", "There is no text behind +|"),
        ("summary \x02\x02", "There is no text there"),
        ("sev high", "“high” is no severity"),
        ("sev 1.5", "“1.5” is no severity"),
        ("sev ²", "“²” is no severity"),
        ("sev 10", "no severity: type a whole number up to 9"),
        ("task 123", "“123” is no task"),
        ("task T0", "“T0” is no task"),
        ("start-time soon", "“soon” is no time I can read"),
        ("start-time 11:00 or so", "is no time I can read"),
        ("start-time ??:??", "Start needs a time that is known"),
        ("end-time 2030-01-01", "is in the future"),
        ("private maybe", "On or off?"),
        ("title \u200b\x02", "shows nothing"),
    ],
)
def test_what_is_no_value_is_refused_and_changes_nothing(talk, typed, complaint):
    before = talk.report()
    refusal = talk.say("alice", f"!ir {typed}")
    assert complaint in refusal[0]
    assert talk.report() == before


def test_who_was_paged_is_kept_as_typed_with_its_leading_number(talk):
    for typed, count in [
        ("35 (batphone)", 35),
        ("0", 0),
        ("nobody", None),
        ("about 5", None),
        ("12345678901", 12345678901),
    ]:
        talk.say("alice", f"!ir paged {typed}")
        paged = talk.report().metadata.people_paged
        assert (paged.text, paged.count) == (typed, count)


@pytest.mark.parametrize("part", ["detection", "task", "metrics"])
def test_a_part_said_to_be_none_is_missing_no_longer(talk, part):
    assert part in talk.report().missing
    assert talk.say("alice", f"!ir {part} none") == [f"Noted: {part} none."]
    assert part not in talk.report().missing
    assert talk.say("alice", f"!ir {part}") == [f"{part.capitalize()} of 1: none."]
    talk.say("alice", f"!ir {part} -")
    assert part in talk.report().missing


def test_saying_none_empties_what_was_there_and_setting_it_again_forgets_the_none(talk):
    talk.say("alice", "!ir metrics latency")
    assert talk.say("alice", "!ir metrics none") == [noted_none("metrics", was="latency")]
    assert talk.report().metadata.metrics is None
    talk.say("alice", "!ir metrics latency")
    talk.say("alice", "!ir metrics -")
    assert "metrics" in talk.report().missing


def test_none_of_what_cannot_be_none_is_text(talk):
    talk.say("alice", "!ir summary none")
    assert talk.report().summary == "none"


def test_the_severity_is_a_whole_number(talk):
    assert talk.say("alice", "!ir sev") == ["Severity of 1: nothing yet. !ir sev N sets it."]
    assert talk.say("alice", "!ir sev 2") == ["Severity is 2 now."]
    assert talk.say("alice", "!ir sev 0") == ["Severity is 0 now (was 2)."]
    assert talk.say("alice", "!ir sev") == ["Severity of 1: 0"]
    assert talk.say("alice", "!ir sev -") == ["Severity emptied (was 0)."]
    assert talk.report().incident.severity is None


@pytest.mark.parametrize("typed", ["T234834", "t234834", "https://phabricator.wikimedia.org/T234834"])
def test_the_task_is_answered_with_its_address(talk, typed):
    url = "https://phabricator.wikimedia.org/T234834"
    assert talk.say("alice", f"!ir task {typed}") == [f"Task set: {url}."]
    assert talk.say("alice", "!ir task") == [f"Task of 1: {url}"]
    assert talk.report().metadata.task.url == url
    assert talk.say("alice", "!ir task T1") == [f"Task set: https://phabricator.wikimedia.org/T1 (was: “{url}”)."]
    assert talk.say("alice", "!ir task none") == [noted_none("task", was="https://phabricator.wikimedia.org/T1")]


def test_start_and_end_are_set_and_shown_and_given_back_to_the_timeline(talk):
    assert talk.say("alice", "!ir start-time") == [
        "Start of 1 is taken from the timeline (!ir start-time WHEN sets it)."
    ]
    assert talk.say("alice", "!ir start-time 11:35") == ["Start is 2026-11-22 11:35:00 UTC now."]
    assert talk.say("alice", "!ir start-time 2026-11-22 11:36:07") == [
        "Start is 2026-11-22 11:36:07 UTC now (was 2026-11-22 11:35:00 UTC)."
    ]
    talk.say("alice", "!ir end-time 11:50")
    metadata = talk.report().metadata
    assert (metadata.start.minute, metadata.start.second, metadata.end.minute) == (36, 7, 50)
    assert talk.say("alice", "!ir start-time -") == ["Start is taken from the timeline again."]
    assert talk.report().metadata.start == datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_an_incident_is_made_private_and_public_again(talk):
    assert talk.say("alice", "!ir private on") == [incident_is(1, "private")]
    assert talk.say("alice", "!ir private") == ["Incident 1 is private."]
    assert talk.report().incident.private
    assert talk.say("alice", "!ir private off") == [denied("private off", OPERATOR)]
    assert talk.report().incident.private
    assert talk.say("alice", "!ir private off", operator=True) == [incident_is(1, "public")]


def test_every_field_is_taken_back_by_undo(talk):
    before = talk.report()
    for typed in [
        "sev 1",
        "title x",
        "task T1",
        "paged 3",
        "metrics none",
        "start-time 11:00",
        "private on",
        "others us",
    ]:
        talk.say("alice", f"!ir {typed}")
        assert talk.report() != before
        assert talk.say("alice", "!ir undo")[0].startswith(TAKEN_BACK)
        assert talk.report() == before


@pytest.mark.parametrize("line", ["-1 errors in ten", "–5 °C in the rack", "-verbose was left on", "- two hosts"])
def test_a_text_that_begins_with_a_dash_is_text_but_in_notes_and_titles_of_new_incidents(talk, line):
    for name in ("impact", "metrics", "paged", "title"):
        talk.say("alice", f"!ir {name} {line}")
    for name in ("well", "action", "decided", "update"):
        talk.say("alice", f"!ir {name} {line}")
    found = talk.report()
    assert (found.impact, found.metadata.metrics, found.incident.title) == (line, line, line)
    assert (found.metadata.people_paged.text, found.conclusions.went_well[0].text) == (line, line)
    assert found.actionables[0].text == line
    assert talk.texts().count(line) == 2
    assert "I do not know" in refused(talk, "alice", f"!log {line}")
    assert "I do not know" in refused(talk, "alice", f"!ir start! {line}")


@pytest.mark.parametrize("name", ["update", "decided", "ask", "title", "join"])
def test_a_dash_alone_is_no_text(talk, name):
    assert f"!ir {name}" in refused(talk, "alice", f"!ir {name} -")
