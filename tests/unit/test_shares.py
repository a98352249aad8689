"""The share of one person in the outgoing queue, the lines beyond it, and the order among people."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.config import Pace, Share
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.request import Acknowledged, Asker, Person, Reply
from irscribe.engine.joining import SEPARATOR, Waiting
from irscribe.engine.outgoing import ACKNOWLEDGEMENT_WAIT, Outgoing
from irscribe.engine.outgoing_queue import Backlog
from irscribe.engine.shares import Shares

ROOM = 400
SHARE = Share(5, 1000)
PEOPLE = ("alice", "bob", "carol")


def person(nick: str, *, account: str | None = None) -> Person:
    return Person(nick=nick, user=nick, host="host", account=account)


def asker(nick: str, *, account: str | None = None) -> Asker:
    return Asker(network="net", person=person(nick, account=account))


def item(text: str, *, nick: str = "alice", account: str | None = None, to: str | None = None) -> Reply:
    """A line of a list, in private."""
    keys = person(nick, account=account).keys
    return Reply(to=to or nick, text=text, urgent=False, informs=True, recipient_keys=keys)


def answer(text: str, *, nick: str = "alice", account: str | None = None, to: str = "#ops") -> Reply:
    """An answer in a channel."""
    return Reply(to=to, text=text, informs=True, asker=asker(nick, account=account))


def acknowledgement(text: str, *, nick: str = "alice") -> Reply:
    return Reply(to="#ops", text=text, asker=asker(nick))


def logged(number: int, *, nick: str = "alice") -> Reply:
    spoken_of = Acknowledged(incident=1, first=number, last=number, label="logged")
    return Reply(to="#ops", text=f"#{number} logged", acknowledged=spoken_of, asker=asker(nick))


@pytest.fixture(autouse=True)
def lists_at_once(monkeypatch):
    """Without a pace all lines of a list in one go: what is dropped does not depend on the time between them."""
    monkeypatch.setattr("irscribe.engine.outgoing.LIST_INTERVAL", 0.0)


class Line:
    """A connection that is not there until ``said`` is asked for; then everything is said in one go."""

    casemapping = CaseMapping.RFC1459

    def __init__(self, outgoing: Outgoing) -> None:
        self._said: list[tuple[str, str]] = []
        self._outgoing = outgoing

    def __call__(self, target: str, text: str) -> None:
        self._said.append((target, text))

    def line_limit(self, _target: str) -> int:
        return ROOM

    def reaches(self, _target: str, _recipient_keys: frozenset[str]) -> bool:
        return True

    def is_busy(self) -> bool:
        return False

    @property
    def said(self) -> list[tuple[str, str]]:
        self._outgoing.attach(self)
        self._outgoing.detach()
        said, self._said = self._said, []
        return said

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.said]


def waiting(share: Share | None = SHARE) -> tuple[Outgoing, Line]:
    outgoing = Outgoing(None, share=share)
    return outgoing, Line(outgoing)


def test_what_is_beyond_a_share_is_dropped_the_person_told_once_and_the_log_once(caplog):
    outgoing, line = waiting()
    with caplog.at_level(logging.WARNING):
        for _ in range(410):
            outgoing.put(item(f"line {number}") for number in range(63))
        assert caplog.records == []
        told, *texts = line.texts
    assert told.startswith("So many answers wait for you that I drop the next ones")
    assert texts == [f"line {number}" for number in range(5)]
    dropped = 410 * 63 - 5
    (record,) = caplog.records
    assert record.getMessage().startswith(f"not said to alice, for whom too much waited: {dropped} answers of ")


def test_a_share_is_full_by_its_bytes_as_well():
    outgoing, line = waiting(Share(100, 25))
    outgoing.put(item("ten bytes.") for _ in range(9))
    _, *texts = line.texts
    assert texts == ["ten bytes."] * 3


def test_one_answer_is_said_however_long_it_is():
    outgoing, line = waiting(Share(1, 10))
    outgoing.put([item("longer than ten bytes")])
    assert line.texts == ["longer than ten bytes"]


def test_whoever_was_told_is_told_again_after_everything_was_said():
    outgoing, line = waiting()
    for _ in range(2):
        outgoing.put(item("line") for _ in range(9))
        assert len([text for text in line.texts if text.startswith("So many")]) == 1


def test_acknowledgements_are_never_dropped_and_take_no_share():
    outgoing, line = waiting()
    outgoing.put(acknowledgement(f"done {number}") for number in range(500))
    outgoing.put([answer("status")])
    assert line.texts == [*(f"done {number}" for number in range(500)), "status"]


def test_answers_and_refusals_in_a_channel_are_shares_of_those_who_asked():
    outgoing, line = waiting()
    outgoing.put(answer(f"answer {number}") for number in range(9))
    outgoing.put([Reply(to="#ops", text="There is no !ir x.", asker=asker("alice"), refusal=True)])
    outgoing.put([answer("for bob", nick="bob")])
    said = line.said
    assert ("#ops", "for bob") in said
    assert len([text for _, text in said if text.startswith("alice: so many answers")]) == 1
    assert [text for _, text in said if text.startswith(("answer", "There"))] == [f"answer {n}" for n in range(5)]


def test_a_person_with_an_account_has_one_share_under_all_their_nicks():
    outgoing, line = waiting()
    for nick in ("alice", "alice_phone"):
        outgoing.put(item(f"{nick} {number}", nick=nick, account="alice") for number in range(4))
    assert len([text for text in line.texts if not text.startswith("So many")]) == 5


def test_who_takes_another_nick_takes_the_share_along():
    outgoing, line = waiting()
    outgoing.put(item(f"line {number}") for number in range(5))
    outgoing.follow("alice", "alicia")
    outgoing.put([replace(item("more", to="alicia"), recipient_keys=frozenset({"mask:alicia!alice@host"}))])
    assert ("alicia", "more") not in line.said


def test_two_people_who_have_had_one_nick_have_a_share_each():
    outgoing, line = waiting()
    outgoing.put(item(f"line {number}") for number in range(5))
    other = Reply(to="alice", text="other", informs=True, recipient_keys=frozenset({"mask:alice!m@elsewhere"}))
    outgoing.put([other])
    assert ("alice", "other") in line.said


def test_what_waits_for_one_who_leaves_is_one_line_in_the_log(caplog):
    outgoing, _ = waiting(Share(150, 32_000))
    outgoing.put(item(f"line {number}") for number in range(63))
    with caplog.at_level(logging.WARNING):
        outgoing.follow("alice", None)
    assert [each.getMessage() for each in caplog.records] == ["not said to alice, who has left: line 0 (and 62 more)"]


def test_without_a_share_everything_waits():
    outgoing, line = waiting(None)
    outgoing.put(item("line") for _ in range(1000))
    assert len(line.texts) == 1000


def test_without_a_pace_nothing_waits_and_so_nothing_is_dropped():
    outgoing, line = waiting(Share(1, 10))
    outgoing.attach(line)
    outgoing.put(item("line") for _ in range(100))
    assert len(line.texts) == 100


def drawn(backlog: Backlog, *, room: int = 0) -> list[Reply]:
    """The replies that a queue gives at a pace, in order."""
    taken = []
    while (each := backlog.take(lambda _: True, room=lambda _target: room)) is not None:
        taken.append(each.reply)
    return taken


def backlog_of(*replies: Reply, since: float = 0.0) -> Backlog:
    backlog = Backlog(Shares(None))
    for reply in replies:
        backlog.put(Waiting(replies=(reply,), since=since))
    return backlog


def test_without_a_pace_everything_is_said_in_its_order():
    outgoing, line = waiting(None)
    outgoing.put([answer("a0"), logged(1), answer("b0", nick="bob"), answer("a1"), logged(2, nick="bob")])
    assert line.texts == ["a0", "#1 logged", "b0", "a1", "#2 logged"]


def test_in_one_channel_those_who_ask_take_turns():
    backlog = backlog_of(*(answer(f"a{n}") for n in range(3)), *(answer(f"b{n}", nick="bob") for n in range(2)))
    assert [reply.text for reply in drawn(backlog)] == ["a0", "b0", "a1", "b1", "a2"]


def test_a_person_gets_one_turn_in_whatever_places_they_ask():
    mine = [answer("in #ops"), answer("in #dev", to="#dev"), item("privately")]
    backlog = backlog_of(*mine[:2], *(answer(f"b{n}", nick="bob") for n in range(2)))
    assert [reply.text for reply in drawn(backlog)] == ["in #ops", "b0", "in #dev", "b1"]


def test_acknowledgements_of_several_people_are_one_line():
    backlog = backlog_of(logged(1), logged(2, nick="bob"), logged(3, nick="carol"))
    assert [reply.text for reply in drawn(backlog, room=ROOM)] == ["#1–#3 logged"]


def test_overdue_acknowledgements_and_answers_alternate():
    backlog = backlog_of(*(answer(f"{nick}{n}", nick=nick) for nick in PEOPLE for n in range(2)))
    for incident in range(3):
        spoken_of = Acknowledged(incident=incident, first=1, last=1, label=f"logged in {incident}")
        acknowledged = Reply(to="#ops", text=f"ack {incident}", acknowledged=spoken_of)
        backlog.put(Waiting(replies=(acknowledged,), since=0.0))
    backlog.hurry(ACKNOWLEDGEMENT_WAIT)
    kinds = ["ack" if reply.acknowledged else "answer" for reply in drawn(backlog)]
    assert kinds == ["ack", "answer"] * 3 + ["answer"] * 3


def test_lines_of_lists_are_joined_while_others_wait_for_theirs():
    backlog = backlog_of(*(item(f"{nick} line {n}", nick=nick) for nick in PEOPLE[:2] for n in range(3)))
    said = [reply.text for reply in drawn(backlog, room=25)]
    assert said == [
        "alice line 0",
        SEPARATOR.join(["bob line 0", "bob line 1"]),
        "alice line 1",
        "bob line 2",
        "alice line 2",
    ]


def test_a_list_that_nobody_else_waits_behind_is_said_line_by_line():
    backlog = backlog_of(*(item(f"line {n}") for n in range(3)))
    assert [reply.text for reply in drawn(backlog, room=ROOM)] == ["line 0", "line 1", "line 2"]


@given(
    st.lists(st.tuples(st.sampled_from(PEOPLE), st.text(min_size=1, max_size=40)), max_size=40), st.integers(20, 200)
)
def test_joined_lists_fit_and_hold_everything_in_its_order(lines, room):
    backlog = backlog_of(*(item(text, nick=nick) for nick, text in lines))
    said = drawn(backlog, room=room)
    for nick in PEOPLE:
        mine = [text for speaker, text in lines if speaker == nick]
        assert SEPARATOR.join(reply.text for reply in said if reply.to == nick) == SEPARATOR.join(mine)
    for reply in said:
        fits = len(reply.text.encode("utf-8", "replace")) <= room
        assert fits or reply.text in [text for _, text in lines]


def test_five_people_who_ask_at_once_see_their_first_ten_lines_within_fifteen_seconds(monkeypatch):
    """At the default pace, with lines as long as those of help; the clock is the test's."""
    now = [1000.0]
    monkeypatch.setattr("irscribe.engine.outgoing.monotonic", lambda: now[0])
    outgoing = Outgoing(Pace(4, 1.0), share=Share(150, 32_000))
    line = Line(outgoing)
    line.line_limit = lambda _target: 386
    nicks = [f"person{number}" for number in range(5)]
    seen: dict[str, int] = dict.fromkeys(nicks, 0)
    for nick in nicks:
        outgoing.put([answer("The 63 commands: sent to you in private.", nick=nick)])
        outgoing.put(item(f"{number:02} {'x' * 64}", nick=nick) for number in range(63))
    late = {}
    while len(late) < len(nicks):
        for to, text in line.said:
            if to in seen:
                seen[to] += len(text.split(SEPARATOR))
        late |= {nick: now[0] - 1000.0 for nick in nicks if seen[nick] >= 10 and nick not in late}
        now[0] += 0.25
    assert max(late.values()) <= 15
