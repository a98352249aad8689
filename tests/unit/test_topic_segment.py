"""The bot's segment of a topic: what people wrote stays whole, whatever it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.report import Status
from irscribe.domain.topics import Segment, Topic, fitting, follow, shown, spellings, with_segment

NAME = "irscribe"
FULL = "[irscribe 12: monitoring, IC taavi]"
WRITTEN = st.text(max_size=80).filter(lambda text: not shown(text, name=NAME))
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SEGMENTS = st.builds(
    lambda number, status, who, place: spellings(NAME, number, status, who)[place],
    st.integers(1, 10**6),
    st.sampled_from(Status),
    st.text(min_size=1, max_size=20).filter(str.strip),
    st.integers(0, 2),
)


def put(topic, segment):
    return with_segment(topic, segment, name=NAME)


def test_the_segment_says_number_status_and_coordinator_and_may_say_less():
    assert list(spellings(NAME, 12, Status.MONITORING, "taavi")) == [
        FULL,
        "[irscribe 12: monitoring]",
        "[irscribe 12]",
    ]
    assert spellings(NAME, 12, Status.MONITORING, None)[0] == "[irscribe 12: monitoring]"


@pytest.mark.parametrize("name", ["[w]", "Andrew Bogott", "a]b[c", "ta\u2028avi"])
def test_a_segment_with_any_name_is_found_again(name):
    for each in spellings(NAME, 12, Status.MONITORING, name):
        assert shown(f"before {each} behind", name=NAME) == each


@given(WRITTEN, SEGMENTS, SEGMENTS)
def test_what_people_wrote_is_as_before_once_the_segment_is_gone(written, first, second):
    assert put(put(written, first), "") == written
    assert put(put(put(written, first), second), "") == written
    assert shown(put(written, first), name=NAME) == first


@given(st.text("ab |[]:", max_size=20), st.text("ab |[]:", max_size=20), SEGMENTS, SEGMENTS)
def test_words_on_both_sides_stay(before, behind, first, second):
    assert put(f"{before} {first} {behind}", second) == f"{before} {second} {behind}"
    assert put(f"{before} {first} {behind}", "") == f"{before} {behind}"


@pytest.mark.parametrize(
    "topic",
    [
        "[irscribe 12: monitoring, IC taavi, bridge 5]",
        "[irscribe 12: see the wiki]",
        "[irscribe: hello]",
        "[scribe 12]",
        "irscribe 12: monitoring",
    ],
)
def test_what_only_resembles_it_is_people_s(topic):
    assert put(topic, "") == topic
    assert put(topic, FULL) == f"{topic} {FULL}"


@pytest.mark.parametrize(
    ("room", "expected"),
    [(44, FULL), (43, "[irscribe 12: monitoring]"), (33, "[irscribe 12]"), (21, "")],
)
def test_of_several_spellings_the_longest_that_leaves_the_topic_whole_is_taken(room, expected):
    topic = Topic(channel="#ops", text="Kühlung", room=room)
    assert fitting(topic, spellings(NAME, 12, Status.MONITORING, "taavi"), name=NAME) == expected


class TestWhatBecameOfIt:
    """Somebody else may have changed the topic meanwhile."""

    def become(self, topic, **known):
        segment = Segment(**{"incident": 12, "sent": FULL, "set_at": NOON, **known})
        found = follow(segment, Topic(channel="#ops", text=topic, room=300), name=NAME)
        return found.seen, found.given_up

    def test_it_stands_there(self):
        assert self.become(f"Welcome {FULL}") == (True, False)

    def test_it_never_arrived(self):
        assert self.become("Welcome") == (False, False)

    def test_the_one_before_still_stands_there(self):
        assert self.become("Welcome [irscribe 12: identified]", seen=True) == (True, False)

    def test_somebody_has_removed_it(self):
        assert self.become("Welcome", seen=True) == (False, True)

    def test_it_was_removed_on_purpose(self):
        assert self.become("Welcome", seen=True, sent="") == (False, False)

    def test_it_is_still_to_be_removed(self):
        assert self.become(f"Welcome {FULL}", seen=True, sent="") == (True, False)

    def test_somebody_put_it_back_after_the_end(self):
        assert self.become(f"Welcome {FULL}", seen=False, sent="") == (False, False)
