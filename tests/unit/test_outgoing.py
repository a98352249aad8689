"""The order and the pace of the bot's lines; the sender is a list, and the pace is real but short."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Event
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.config import Pace, Share
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.request import Acknowledged, Reply
from irscribe.engine.joining import Waiting, combine
from irscribe.engine.outgoing import REPLY_LIFETIME, Allowance, Outgoing
from irscribe.engine.outgoing_queue import Backlog
from irscribe.engine.shares import Shares
from tests.waiting import HANGS

SOON = HANGS
ROOMY = 400
FAST = Pace(4, 200.0)
SLOW = Pace(1, 0.001)


class Wire:
    """A connection that keeps what is said; it breaks after so many lines.

    ``beyond`` are the targets it does not reach, ``strangers`` the people who do not have the nicks they had.
    """

    casemapping = CaseMapping.RFC1459

    def __init__(self, *, limit: int = ROOMY, breaks_after: int | None = None) -> None:
        self.said: SimpleQueue[tuple[str, str]] = SimpleQueue()
        self.beyond: set[str] = set()
        self.strangers: set[str] = set()
        self.busy = False
        self.broken = Event()
        self._limit = limit
        self._left = breaks_after

    def __call__(self, target: str, text: str) -> None:
        if self._left == 0:
            self.broken.set()
            raise ConnectionError
        if self._left is not None:
            self._left -= 1
        self.said.put((target, text))

    def line_limit(self, _target: str) -> int:
        return self._limit

    def reaches(self, target: str, recipient_keys: frozenset[str]) -> bool:
        return target not in self.beyond and not recipient_keys & self.strangers

    def is_busy(self) -> bool:
        return self.busy

    def next(self) -> tuple[str, str]:
        return self.said.get(timeout=SOON)

    def texts(self, count: int) -> list[str]:
        return [self.next()[1] for _ in range(count)]


@contextmanager
def speaking(pace: Pace | None, wire: Wire | None = None):
    outgoing = Outgoing(pace)
    if wire is not None:
        outgoing.attach(wire)
    outgoing.start()
    try:
        yield outgoing
    finally:
        outgoing.stop(0.1)


def anywhere(_target: str) -> int:
    return ROOMY


def anybody(_waiting: Waiting) -> bool:
    return True


def logged(number: int, *, to: str = "#ops", incident: int = 1, label: str = "logged") -> Reply:
    spoken_of = Acknowledged(incident=incident, first=number, last=number, label=label)
    return Reply(to=to, text=f"#{number} 15:40 {label}", acknowledged=spoken_of)


def listed(number: int, *, to: str = "alice", recipient_keys: Iterable[str] = ()) -> Reply:
    return Reply(to=to, text=f"line {number}", urgent=False, recipient_keys=frozenset(recipient_keys))


def test_what_is_put_is_said_in_its_order():
    wire = Wire()
    with speaking(None, wire) as outgoing:
        outgoing.put([Reply(to="#ops", text=f"answer {number}") for number in range(100)])
        assert wire.texts(100) == [f"answer {number}" for number in range(100)]


def test_twelve_equal_answers_are_twelve_lines():
    wire = Wire()
    with speaking(FAST, wire) as outgoing:
        outgoing.put([Reply(to="#ops", text="Summary set.")] * 12)
        assert wire.texts(12) == ["Summary set."] * 12


def test_an_acknowledgement_passes_a_list_of_fifty_lines():
    wire = Wire()
    with speaking(Pace(1, 50.0), wire) as outgoing:
        outgoing.put(map(listed, range(50)))
        first = wire.next()
        outgoing.put([logged(7)])
        following = [wire.next(), wire.next()]
    assert first == ("alice", "line 0")
    assert ("#ops", "#7 15:40 logged") in following


def test_an_idle_line_is_said_when_nothing_else_waits():
    backlog = Backlog(Shares(None))
    for reply in (
        Reply(to="zoe", text="hello", urgent=False, idle=True),
        Reply(to="bob", text="of a list", urgent=False),
        Reply(to="alice", text="an answer"),
    ):
        backlog.put(Waiting(replies=(reply,), since=0.0))
    said = [backlog.take(lambda _: True, room=None).reply.text for _ in range(3)]
    assert said == ["an answer", "of a list", "hello"]
    assert not backlog


def test_lists_for_two_people_take_turns():
    wire = Wire(limit=8)
    outgoing = Outgoing(FAST)
    outgoing.put(map(listed, range(3)))
    outgoing.put([listed(9, to="bob")])
    outgoing.attach(wire)
    outgoing.start()
    said = [wire.next() for _ in range(4)]
    outgoing.stop(SOON)
    assert said == [("alice", "line 0"), ("bob", "line 9"), ("alice", "line 1"), ("alice", "line 2")]


def test_a_channel_with_much_to_hear_makes_no_other_wait():
    wire = Wire()
    with speaking(FAST) as outgoing:
        outgoing.put([Reply(to="#busy", text=f"answer {number}") for number in range(50)])
        outgoing.put([Reply(to="#calm", text="status"), Reply(to="#calm", text="more")])
        outgoing.attach(wire)
        said = [wire.next() for _ in range(52)]
        outgoing.put([Reply(to="#Busy", text="last")])
        assert wire.next() == ("#Busy", "last")
    assert [target for target, _ in said[:5]] == ["#busy", "#calm", "#busy", "#calm", "#busy"]
    assert [text for target, text in said if target == "#busy"] == [f"answer {number}" for number in range(50)]


def test_who_asks_again_and_again_takes_no_turn_of_others():
    backlog = Backlog(Shares(None))
    for reply in [Reply(to="#busy", text="1"), Reply(to="#busy", text="2"), Reply(to="#calm", text="3")]:
        backlog.put(Waiting(replies=(reply,), since=0))
    said = []
    for number in range(4, 8):
        said.append(backlog.take(anybody, room=anywhere).reply.to)
        backlog.put(Waiting(replies=(Reply(to="#calm", text=str(number)),), since=0))
    assert said == ["#busy", "#calm", "#busy", "#calm"]


def test_what_is_for_a_channel_the_bot_is_not_in_waits_until_it_is_back():
    wire = Wire()
    wire.beyond.add("#ops")
    with speaking(None, wire) as outgoing:
        outgoing.put([logged(7), Reply(to="#dev", text="status")])
        assert wire.next() == ("#dev", "status")
        wire.beyond.clear()
        assert wire.next() == ("#ops", "#7 15:40 logged")


def test_what_can_wait_leaves_the_last_line_of_a_burst_to_answers():
    wire = Wire()
    with speaking(Pace(3, 0.2), wire) as outgoing:
        outgoing.put([*(logged(number, incident=number) for number in range(1, 5)), listed(1)])
        said = [wire.next(), wire.next()]
        outgoing.put([Reply(to="#calm", text="status")])
        said += [wire.next()]
    assert [target for target, _ in said] == ["#ops", "#ops", "#calm"]


def test_an_acknowledgement_lets_answers_pass_for_a_while_only():
    allowance = Allowance(Pace(2, 1.0))
    allowance.spend(10.0)
    fresh, old, item = logged(1), logged(2), listed(3)
    allowed = [
        allowance.allows(Waiting(replies=(each,), since=at), 10.5) for each, at in ((fresh, 9), (old, 7), (item, 7))
    ]
    assert allowed == [False, True, False]


def test_an_acknowledgement_that_has_waited_long_enough_passes_answers_by_and_speaks_for_those_behind_it():
    backlog = Backlog(Shares(None))
    answers = [Reply(to="#ops", text=f"answer {number}") for number in range(9)]
    for at, reply in enumerate([*answers[:5], logged(8), *answers[5:], logged(9)]):
        backlog.put(Waiting(replies=(reply,), since=at))
    backlog.hurry(4)
    assert backlog.take(anybody, room=anywhere).reply.text == "answer 0"
    backlog.hurry(5)
    assert backlog.take(anybody, room=anywhere).reply.text == "#8–#9 logged"
    assert [backlog.take(anybody, room=anywhere).reply.text for _ in range(8)] == [
        f"answer {number}" for number in range(1, 9)
    ]


def test_a_network_that_is_slow_with_a_line_is_given_time():
    allowance = Allowance(Pace(4, 1.0))
    allowance.spend(10.0)
    assert allowance.waits_for_network(10.1, busy=True)
    assert not allowance.waits_for_network(10.2, busy=False)
    assert allowance.wait(10.2) == 0
    allowance.spend(10.2)
    assert allowance.waits_for_network(11.1, busy=True)
    assert not allowance.waits_for_network(11.2, busy=False)
    assert allowance.wait(11.2) == 1.0


def test_nothing_is_said_while_the_network_has_yet_to_take_the_line_before():
    wire = Wire()
    wire.busy = True
    with speaking(FAST, wire) as outgoing:
        outgoing.put([Reply(to="#ops", text="status")])
        with pytest.raises(Empty):
            wire.said.get(timeout=0.2)
        wire.busy = False
        assert wire.next() == ("#ops", "status")


def test_what_waits_for_somebody_follows_them_to_their_next_nick():
    wire = Wire()
    outgoing = Outgoing(None)
    outgoing.put([listed(1), Reply(to="Alice", text="yes"), listed(2, to="bob")])
    outgoing.follow("ALICE", "alice_away")
    outgoing.put([listed(3)])
    outgoing.attach(wire)
    outgoing.start()
    said = [wire.next() for _ in range(4)]
    outgoing.stop(SOON)
    assert said == [("alice_away", "yes"), ("alice_away", "line 1"), ("bob", "line 2"), ("alice", "line 3")]


def test_who_a_line_is_for_is_known_under_their_next_nick():
    line = Reply(to="Alice", text="yes", recipient_keys=frozenset({"mask:alice!a@host", "account:alice"}))
    for mapping, nick in ((CaseMapping.RFC1459, "{a}"), (CaseMapping.ASCII, "[a]")):
        assert line.moved("[a]", mapping).recipient_keys == {
            "mask:alice!a@host",
            f"mask:{nick}!a@host",
            "account:alice",
        }


def test_of_many_nicks_in_a_row_only_the_first_and_the_last_are_kept():
    first = Reply(to="alice", text="yes", recipient_keys=frozenset({"mask:alice!a@host", "mask:other!a@host"}))
    line = first
    for number in range(5):
        line = line.moved(f"alice{number}", CaseMapping.ASCII)
        assert line.recipient_keys == first.recipient_keys | {f"mask:alice{number}!a@host"}
    assert line.moved("alice", CaseMapping.ASCII).recipient_keys == first.recipient_keys


def test_what_is_for_somebody_who_is_gone_keeps_nobody_from_hearing_who_has_their_nick_now():
    wire = Wire()
    wire.strangers.add("mask:alice!a@host")
    outgoing = Outgoing(None)
    outgoing.put([listed(1, recipient_keys={"mask:alice!a@host"}), listed(2, recipient_keys={"mask:alice!m@host"})])
    outgoing.put([Reply(to="alice", text="yes", recipient_keys=frozenset({"mask:alice!a@host"}))])
    outgoing.attach(wire)
    outgoing.start()
    assert wire.next() == ("alice", "line 2")
    outgoing.follow("alice", "alicia")
    wire.strangers.clear()
    outgoing.put([listed(3, to="bob")])
    assert sorted(wire.next() for _ in range(3)) == [("alicia", "line 1"), ("alicia", "yes"), ("bob", "line 3")]
    outgoing.stop(SOON)


def test_what_waits_for_somebody_who_has_left_is_logged_and_said_to_nobody(caplog):
    wire = Wire()
    outgoing = Outgoing(None)
    outgoing.put([listed(1), listed(2, to="bob")])
    with caplog.at_level(logging.WARNING):
        outgoing.follow("alice", None)
    outgoing.attach(wire)
    outgoing.start()
    assert wire.next() == ("bob", "line 2")
    outgoing.stop(SOON)
    assert [each.getMessage() for each in caplog.records] == ["not said to alice, who has left: line 1"]
    assert wire.said.empty()


def test_a_burst_is_said_at_once_and_the_rest_at_the_pace():
    wire = Wire()
    begun = monotonic()
    with speaking(Pace(4, 20.0), wire) as outgoing:
        outgoing.put([Reply(to="#ops", text=str(number)) for number in range(8)])
        wire.texts(8)
    assert monotonic() - begun >= 4 / 20.0


@given(st.integers(1, 10), st.sampled_from([0.5, 1.0, 4.0]), st.lists(st.floats(0, 3), min_size=1, max_size=40))
def test_no_stretch_of_time_holds_more_lines_than_the_pace_allows(burst, per_second, pauses):
    allowance = Allowance(Pace(burst, per_second))
    now, spoken = 1000.0, []
    for pause in pauses:
        now += pause
        now += allowance.wait(now)
        allowance.spend(now)
        spoken.append(now)
    for index, begin in enumerate(spoken):
        for count, end in enumerate(spoken[index:], 1):
            assert count <= burst + (end - begin) * per_second + 0.001


def test_acknowledgements_that_wait_are_said_as_one_with_their_gaps_named():
    wire = Wire()
    with speaking(FAST) as outgoing:
        outgoing.put([Reply(to="#ops", text="first")])
        outgoing.put([logged(8), Reply(to="#ops", text="There is no text."), *map(logged, (10, 11, 12))])
        outgoing.attach(wire)
        assert wire.texts(3) == ["first", "#8, #10–#12 logged", "There is no text."]


def test_without_a_pace_every_acknowledgement_is_its_own_line():
    wire = Wire()
    with speaking(None, wire) as outgoing:
        outgoing.put(map(logged, range(8, 15)))
        assert wire.texts(7) == [f"#{number} 15:40 logged" for number in range(8, 15)]


def test_without_a_pace_an_acknowledgement_passes_a_long_list_of_which_nothing_is_dropped():
    wire = Wire()
    outgoing = Outgoing(None, share=Share(1, 10))
    outgoing.attach(wire)
    outgoing.put(listed(number) for number in range(200))
    outgoing.put([logged(7)])
    outgoing.start()
    said = wire.texts(201)
    outgoing.stop(SOON)
    assert said.index("#7 15:40 logged") <= 1
    assert [text for text in said if text != "#7 15:40 logged"] == [str(listed(number).text) for number in range(200)]


def test_an_acknowledgement_that_waits_for_the_pace_is_joined_by_those_that_come_meanwhile():
    wire = Wire()
    with speaking(Pace(1, 5.0), wire) as outgoing:
        outgoing.put([Reply(to="#ops", text="first")])
        assert wire.texts(1) == ["first"]
        for number in (8, 9, 10):
            outgoing.put([logged(number)])
        assert wire.texts(1) == ["#8–#10 logged"]


@pytest.mark.parametrize("other", [{"to": "#dev"}, {"incident": 2}, {"label": "logged in closed 1"}])
def test_acknowledgements_of_another_kind_stand_alone(other):
    backlog = Backlog(Shares(None))
    for reply in (logged(8), logged(9, **other)):
        backlog.put(Waiting(replies=(reply,), since=0))
    said = [backlog.take(anybody, room=anywhere) for _ in range(2)]
    assert [waiting.reply for waiting in said] == [logged(8), logged(9, **other)]
    assert backlog.take(anybody, room=anywhere) is None


@given(st.lists(st.integers(1, 60), min_size=2, unique=True))
def test_an_acknowledgement_of_many_names_exactly_these(numbers):
    text = combine([logged(number) for number in numbers]).text
    named = [part.strip("#").split("–#") for part in text.removesuffix(" logged").split(", ")]
    assert [number for part in named for number in range(int(part[0]), int(part[-1]) + 1)] == sorted(numbers)


@given(st.text(min_size=1, max_size=300).filter(str.strip), st.integers(20, 120))
def test_a_long_reply_is_said_whole_in_lines_that_fit(text, limit):
    wire = Wire(limit=limit)
    outgoing = Outgoing(None)
    outgoing.put([Reply(to="#ops", text=text), Reply(to="#ops", text="end")])
    outgoing.attach(wire)
    outgoing.start()
    lines = []
    while not lines or lines[-1] != "end":
        lines += wire.texts(1)
    outgoing.stop(SOON)
    assert all(0 < len(line.encode()) <= limit for line in lines)
    said, typed = "".join(lines[:-1]), text.encode("utf-8", "replace").decode()
    assert [*said.replace(" ", "")] == [*typed.translate(str.maketrans("\r\n\0", "   ")).replace(" ", "")]


def test_a_connection_lost_within_a_long_reply_repeats_nothing_and_loses_nothing():
    first, second = Wire(limit=10, breaks_after=2), Wire(limit=10)
    with speaking(None, first) as outgoing:
        outgoing.put([Reply(to="#ops", text="one two  three four five six"), Reply(to="#ops", text="seven")])
        assert first.broken.wait(SOON)
        outgoing.attach(second)
        said = [*first.texts(2), *second.texts(3)]
    assert " ".join(said).split() == ["one", "two", "three", "four", "five", "six", "seven"]


def test_acknowledgements_said_as_one_keep_all_their_numbers_over_a_lost_connection():
    first, second = Wire(breaks_after=1), Wire()
    with speaking(FAST, first) as outgoing:
        outgoing.put([Reply(to="#ops", text="first"), *map(logged, (8, 9))])
        assert first.broken.wait(SOON)
        outgoing.put([logged(10)])
        outgoing.attach(second)
        assert second.texts(1) == ["#8–#10 logged"]


def test_what_is_said_while_nobody_is_connected_is_said_later():
    wire = Wire()
    with speaking(None) as outgoing:
        outgoing.put(map(logged, (1, 2)))
        outgoing.attach(wire)
        assert wire.texts(2) == ["#1 15:40 logged", "#2 15:40 logged"]
        outgoing.detach()
        outgoing.put([logged(3)])
        outgoing.attach(wire)
        assert wire.texts(1) == ["#3 15:40 logged"]


def test_what_is_too_late_is_logged_and_not_said(monkeypatch, caplog):
    wire, outgoing = Wire(), Outgoing(None)
    outgoing.put([logged(1), listed(2)])
    began = monotonic()
    monkeypatch.setattr("irscribe.engine.outgoing.monotonic", lambda: began + REPLY_LIFETIME + 1)
    outgoing.put([logged(3)])
    with caplog.at_level(logging.WARNING):
        outgoing.attach(wire)
    outgoing.start()
    assert wire.next() == ("#ops", "#3 15:40 logged")
    outgoing.stop(SOON)
    assert [each.getMessage() for each in caplog.records] == [
        "too late to say to #ops: #1 15:40 logged",
        "too late to say to alice: line 2",
    ]


def test_what_waits_too_long_for_a_channel_is_logged(monkeypatch, caplog):
    wire = Wire()
    wire.beyond.add("#ops")
    with caplog.at_level(logging.WARNING), speaking(None, wire) as outgoing:
        outgoing.put([logged(1)])
        began = monotonic()
        monkeypatch.setattr("irscribe.engine.outgoing.monotonic", lambda: began + REPLY_LIFETIME + 1)
        outgoing.put([listed(2)])
        assert wire.next() == ("alice", "line 2")
        while not caplog.records and monotonic() < began + SOON:
            wire.broken.wait(0.01)
    assert [each.getMessage() for each in caplog.records] == ["too late to say to #ops: #1 15:40 logged"]


def test_stopping_says_what_there_is_time_for_and_logs_the_rest(caplog):
    wire, outgoing = Wire(), Outgoing(Pace(3, 0.001))
    outgoing.put([Reply(to="#ops", text="yes"), listed(1), listed(2)])
    outgoing.attach(wire)
    outgoing.start()
    began = monotonic()
    with caplog.at_level(logging.WARNING):
        outgoing.stop(SOON)
    assert monotonic() - began < SOON
    assert wire.texts(2) == ["yes", "line 1"]
    assert [each.getMessage() for each in caplog.records] == ["not said to alice: line 2"]


def test_stopping_without_a_connection_takes_no_time(caplog):
    outgoing = Outgoing(SLOW)
    outgoing.put([logged(1)])
    outgoing.start()
    began = monotonic()
    with caplog.at_level(logging.WARNING):
        outgoing.stop(SOON)
    assert monotonic() - began < SOON
    assert [each.getMessage() for each in caplog.records] == ["not said to #ops: #1 15:40 logged"]


def test_a_reply_without_text_is_no_line():
    wire = Wire()
    with speaking(None, wire) as outgoing:
        outgoing.put([Reply(to="#ops", text=""), Reply(to="#ops", text="  "), Reply(to="#ops", text="end")])
        assert wire.texts(1) == ["end"]
