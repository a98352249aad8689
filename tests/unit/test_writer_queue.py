"""Whoever types much holds up nobody; notes, each person's lines, and what concerns a person, keep their order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.attendance import Attendance, Observed, UnaskedDue
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.events import NamesakeJoined, Rest
from irscribe.domain.naming import Naming, NetworkNamed
from irscribe.domain.request import Identified, Left, LineKind, Person, Renamed, Request
from irscribe.domain.talk import HeardLine, TalkHeard
from irscribe.engine.about import Move, named_nicks, own_nicks
from irscribe.engine.writer_queue import PEOPLE, SLICE, WriterQueue

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NICKS = ("a", "b", "c", "d")
COSTLY = 10 * SLICE
LONGEST = 3 * SLICE


def person(nick: str, **more) -> Person:
    return Person(nick=nick, user="u", host="host", **more)


def noted(nick: str, text: str = "it") -> Request:
    return replace(typed(nick, text), kind=LineKind.LOG)


def is_note(line: Request) -> bool:
    return line.kind is LineKind.LOG


def typed(nick: str, text: str = "it", *, named: tuple[Person, ...] = (), **more) -> Request:
    who = more.pop("person", person(nick))
    return Request(
        kind=LineKind.INCIDENT,
        person=who,
        network="net",
        channel="#ops",
        shared=(),
        line=f"!ir {text}",
        text=text,
        said_at=NOON,
        heard_at=NOON,
        named=named,
        **more,
    )


def renamed(before: str, now: str, **more) -> Renamed:
    return Renamed(person=person(before, **more), network="net", nick=now)


def heard_until(*, over: bool = False) -> HeardUntil:
    return HeardUntil(network="net", channels=("#ops",), until=NOON, over=over)


def talk(*texts: str) -> TalkHeard:
    lines = tuple(
        HeardLine(
            network="net", channel="#ops", nick="a", account=None, msgid=None, said_at=NOON, heard_at=NOON, text=each
        )
        for each in texts
    )
    return TalkHeard(lines=lines, casemapping=CaseMapping.ASCII)


def queue_of(*events) -> WriterQueue:
    queue = WriterQueue(is_note)
    queue.put(events)
    return queue


def taken(queue: WriterQueue, *, cost: float = 0.0) -> list:
    """Everything in the order in which it is served, each event at this cost."""
    found = []
    while queue:
        found.append(queue.take())
        queue.charge(cost)
    return found


def test_the_order_of_arrival_holds_for_commands_that_take_little():
    lines = [typed(nick, str(number)) for number, nick in enumerate("aaabacab")]
    assert taken(queue_of(*lines), cost=SLICE / 10) == lines


@given(st.text("abcd", max_size=30))
def test_the_order_of_arrival_holds_for_notes_whatever_they_take(nicks):
    lines = [noted(nick, str(number)) for number, nick in enumerate(nicks)]
    assert taken(queue_of(*lines), cost=COSTLY) == lines


def test_a_note_comes_behind_the_commands_of_its_person_and_before_those_of_others():
    strikes = [typed("a", str(number)) for number in range(3)]
    queue = queue_of(*strikes, noted("a"), typed("b"), noted("b"))
    assert taken(queue, cost=COSTLY) == [strikes[0], typed("b"), noted("b"), *strikes[1:], noted("a")]


def test_a_command_that_is_typed_once_the_last_one_is_answered_keeps_its_place():
    queue = queue_of(typed("a", "1"), noted("b", "1"))
    assert queue.take() == typed("a", "1")
    queue.charge(COSTLY)
    queue.put([typed("a", "2"), noted("b", "2")])
    assert taken(queue) == [noted("b", "1"), typed("a", "2"), noted("b", "2")]


def test_of_people_who_type_what_is_costly_each_has_a_line_in_turn():
    lines = [typed("a", "1"), typed("a", "2"), typed("a", "3"), typed("b", "1"), typed("b", "2"), typed("c", "1")]
    served = [(each.person.nick, each.text) for each in taken(queue_of(*lines), cost=COSTLY)]
    assert served == [("a", "1"), ("b", "1"), ("c", "1"), ("a", "2"), ("b", "2"), ("a", "3")]


def test_somebody_new_waits_for_no_second_line_of_another():
    queue = queue_of(*(typed("a", str(number)) for number in range(40)))
    for number in range(20):
        assert queue.take().person.nick == "a"
        queue.put([typed("b", str(number))])
        queue.charge(COSTLY)
        assert queue.take().person.nick == "b"
        queue.charge(0.0)


def test_a_command_is_overtaken_for_no_longer_than_twenty_times_what_its_person_used():
    first, second = typed("a", "1"), typed("a", "2")
    queue, overtaken = queue_of(first, second), 0
    queue.take()
    queue.charge(2 * SLICE)
    queue.put([noted("b")])
    while queue.take() != second:
        overtaken += 1
        queue.charge(SLICE)
        queue.put([noted("b")])
    assert 1 < overtaken <= 2 * PEOPLE


def test_a_command_joins_no_other_before_it_is_due():
    queue = queue_of(*(typed("a", str(number)) for number in range(3)))
    queue.take()
    queue.charge(COSTLY)
    assert queue.take(joins=True) is None
    assert queue.take().text == "1"


def test_a_note_joins_whatever_its_person_typed_before():
    queue = queue_of(typed("a"), noted("a"))
    queue.take()
    queue.charge(COSTLY)
    assert queue.take(joins=True) == noted("a")


def test_a_person_who_changes_nicks_stays_one():
    flood = [typed("a"), *(renamed(f"a{number}" if number else "a", f"a{number + 1}") for number in range(9))]
    queue = queue_of(*flood, typed("b"))
    assert taken(queue, cost=COSTLY).index(typed("b")) == 1


def test_everybody_behind_a_bridge_is_one():
    bridge = person("bridge")
    invented = [typed(f"x{number}", bridge=bridge) for number in range(5)]
    assert taken(queue_of(*invented, typed("b")), cost=COSTLY).index(typed("b")) == 1


def test_talk_is_kept_before_the_commands_that_may_be_about_it_as_one_event():
    line = typed("a")
    assert taken(queue_of(typed("b"), talk("1"), line, talk("2"))) == [talk("1", "2"), typed("b"), line]


def test_what_is_about_everybody_stays_between_what_came_before_and_after():
    named = NetworkNamed(network="net", naming=Naming(casemapping=CaseMapping.ASCII, has_accounts=True))
    rejoined = ChannelRejoined(network="net", channel="#ops", at=NOON, said_before=NOON)
    for event in (named, rejoined, heard_until(over=True)):
        lines = [typed("a", "1"), typed("a", "2"), event, typed("b"), event, talk("1"), typed("c")]
        assert taken(queue_of(*lines), cost=COSTLY) == lines


def test_what_was_heard_until_now_is_recorded_behind_all_that_was_heard_and_holds_up_nothing():
    queue = queue_of(typed("a", "1"), typed("a", "2"), heard_until(), typed("b"))
    assert taken(queue, cost=COSTLY) == [typed("a", "1"), typed("b"), typed("a", "2"), heard_until()]


def test_a_login_without_notice_does_not_let_a_line_overtake_earlier_ones():
    before, after = typed("a", "1"), typed("a", "2", person=person("a", account="a"))
    queue = queue_of(before, typed("a", "1b"), after)
    assert [each.text for each in taken(queue, cost=COSTLY)] == ["1", "1b", "2"]


def test_other_events_wait_for_nobody():
    seen = Attendance(network="net", casemapping=CaseMapping.ASCII, channels={})
    for event in (NamesakeJoined(), UnaskedDue(observed=Observed(attendance=seen))):
        queue = queue_of(typed("a", "1"), typed("a", "2"), event)
        assert taken(queue, cost=COSTLY) == [typed("a", "1"), event, typed("a", "2")]


people = st.builds(person, st.sampled_from(NICKS), account=st.sampled_from((None, "x")))
lines = st.builds(
    typed, st.just("a"), st.text(max_size=2), person=people, named=st.lists(people, max_size=1).map(tuple)
)
moves = st.one_of(
    st.builds(lambda who, nick: Renamed(person=who, network="net", nick=nick), people, st.sampled_from(NICKS)),
    st.builds(Left, nick=st.sampled_from(NICKS)),
    st.builds(lambda who: Identified(person=replace(who, account="x"), network="net"), people),
)
events = st.one_of(lines, st.builds(lambda one, two: Rest(beginning=one, line=two), lines, lines), moves)
portions = st.lists(st.tuples(st.lists(events, max_size=3), st.sampled_from((0.0, SLICE / 3, COSTLY))), max_size=25)


def serve(portions) -> tuple[list[int], dict[int, object]]:
    """Let events arrive while others are served: the numbers in the order of serving, and the events by number."""
    queue, arrived, served, known = WriterQueue(is_note), {}, [], {}

    def take(cost: float) -> None:
        event = queue.take()
        served.append(known[id(event)])
        queue.charge(cost)

    for some, cost in portions:
        for event in some:
            own = replace(event)  # an object of its own, as each event is one
            known[id(own)] = len(arrived)
            arrived[len(arrived)] = own
            queue.put([own])
        if queue:
            take(cost)
    while queue:
        take(COSTLY)
    return served, arrived


@given(portions)
def test_nothing_is_lost_or_doubled_and_what_is_about_one_nick_keeps_its_order(portions):
    served, arrived = serve(portions)
    assert sorted(served) == sorted(arrived)
    places = {number: place for place, number in enumerate(served)}
    for later, event in arrived.items():
        for earlier in range(later):
            if must_stay_before(arrived[earlier], event):
                assert places[earlier] < places[later]


def must_stay_before(one, other) -> bool:
    if own_nicks(one) & own_nicks(other):
        return True
    if isinstance(other, Move) and named_nicks(one) & own_nicks(other):
        return True
    by_account = [each for each in (one, other) if isinstance(each, Request) and each.person.account]
    return len(by_account) == 2


@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(NICKS), max_size=3), st.floats(min_value=0, max_value=LONGEST)),
        max_size=40,
    )
)
def test_whoever_has_one_line_waits_for_a_slice_and_two_lines_of_each_other_person_or_their_twentieth(portions):
    """One line was being carried out, one more begins within the slice; the twentieth is of what was done so far."""
    queue, done = WriterQueue(is_note), 0.0
    waiting: dict[str, int] = defaultdict(int)
    waited: dict[str, dict[str, float]] = {}
    todo = [*portions, *[((), LONGEST)] * sum(len(nicks) for nicks, _ in portions)]
    for nicks, cost in todo:
        for nick in nicks:
            waiting[nick] += 1
            waited.pop(nick, None)
            if waiting[nick] == 1:
                waited[nick] = defaultdict(float)
            queue.put([typed(nick)])
        if not queue:
            continue
        now = queue.take().person.nick
        queue.charge(cost)
        done += cost
        waiting[now] -= 1
        waited.pop(now, None)
        for others in waited.values():
            others[now] += cost
            assert others[now] <= SLICE + 2 * LONGEST + done / PEOPLE + 1e-9
    assert not queue
