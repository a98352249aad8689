"""A waiting line is never said after its text was withdrawn; a line that may still be said is said once."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.config import load
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.events import Lookup, Withdrawal
from irscribe.domain.request import LineKind, Person, Renamed, Reply, Request
from irscribe.engine.answering import Answerer
from irscribe.engine.outgoing import Outgoing
from irscribe.engine.rereading import as_answer, lookups_of
from irscribe.engine.writer import Writer
from irscribe.services.context.unasked import unasked_line
from tests.db.room import Room
from tests.replies import logged
from tests.talk import CHANNEL, NETWORK, NOON, Talk
from tests.waiting import HANGS, wait_until

ELSEWHERE = "#elsewhere"
SECRET = "hunter2"  # noqa: S105 - of nobody


@pytest.fixture
def config():
    return replace(load(None), announce_channels=(ELSEWHERE,))


class Wire:
    """A connection that says so many lines each time it is attached."""

    casemapping = CaseMapping.RFC1459

    def __init__(self, outgoing: Outgoing) -> None:
        self.said: list[tuple[str, str]] = []
        self._outgoing, self._left = outgoing, 0

    def __call__(self, target: str, text: str) -> None:
        if not self._left:
            raise ConnectionError
        self._left -= 1
        self.said.append((target, text))

    def line_limit(self, _target: str) -> int:
        return 400

    def reaches(self, _target: str, _recipient_keys: frozenset[str]) -> bool:
        return True

    def is_busy(self) -> bool:
        return False

    def say(self, count: int = 10_000) -> list[str]:
        """Say so many of the lines that wait; give all of them that were ever said."""
        self._left = count
        self._outgoing.attach(self)
        self._outgoing.detach()
        return self.texts

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.said]


class Queued(Room):
    """The same, but what is to be said waits in an outgoing queue."""

    def __init__(self, talk: Talk) -> None:
        super().__init__(talk)
        self.taken: list[object] = []
        self.outgoing = Outgoing(None)
        self.wire = Wire(self.outgoing)
        self.answerer = Answerer(
            talk.database,
            self.gate,
            write=self.files.write_and_tell,
            deliver=self._queue,
            take_back=self.outgoing.take_back,
        )
        self.writer = Writer(talk.database, self.gate, self._pass_on)
        self.writer.clock = lambda: talk.now

    def do(self, nick: str, line: str, **more: object) -> None:
        """Type a line, and wait until what it leads to waits to be said."""
        heard = len(self.taken)
        self.ask(nick, line, **more)
        wait_until(lambda: len(self.taken) > heard and self.answerer.wait_until_idle(HANGS), HANGS, "not answered")

    def rename(self, nick: str, new: str) -> None:
        heard = len(self.taken)
        self.writer.submit(Renamed(person=self.talk.person(nick), network=NETWORK, nick=new))
        wait_until(lambda: len(self.taken) > heard, HANGS, "not renamed")

    def _pass_on(self, outcome) -> None:
        super()._pass_on(outcome)
        if outcome:
            self.taken.append(outcome)

    def _queue(self, outcome) -> None:
        for each in outcome:
            if isinstance(each, Renamed):
                self.outgoing.follow(each.person.nick, each.nick)
            elif isinstance(each, Withdrawal):
                self.files.withdraw(each, deliver=self.outgoing.put)
        self.outgoing.put(each for each in outcome if isinstance(each, Reply))


@contextmanager
def queued(talk: Talk):
    talk.operators.add("alice")
    talk.say("alice", "!ir start API returns 500")
    for number in range(2, 8):
        talk.say("alice", f"!log note {number}")
    talk.say("alice", f"!log the password is {SECRET}")
    room = Queued(talk)
    room.answerer.start()
    room.writer.start()
    yield room
    room.gate.opened.set()
    room.writer.stop(HANGS)
    room.answerer.stop(HANGS)


@pytest.fixture(autouse=True)
def lists_at_once(monkeypatch):
    """Lines of lists are said without a moment between them, so that each attachment says what it may."""
    monkeypatch.setattr("irscribe.engine.outgoing.LIST_INTERVAL", 0.0)


@pytest.fixture
def room(talk):
    with queued(talk) as made:
        yield made


@pytest.fixture
def filed_room(filed):
    with queued(filed) as made:
        yield made


def numbers(texts: list[str]) -> list[str]:
    return [text.split()[0] for text in texts if text.startswith("#")]


def test_a_list_that_waits_is_said_without_what_was_redacted_meanwhile(room):
    room.do("bob", "!ir timeline")
    room.do("alice", "!ir redact 8 a secret")

    said = room.wire.say()

    assert SECRET not in "".join(said)
    assert numbers(said) == ["#8", *(f"#{number}" for number in range(1, 8))]
    assert "is redacted" in said[0]
    assert [text for text in said if "in private" in text] == ["The last 7 entries of 1: sent to you in private."]


def test_of_a_list_half_said_the_other_half_follows_once(filed_room):
    filed_room.do("bob", "!ir timeline")
    filed_room.wire.say(5)
    filed_room.do("alice", "!ir redact 8 a secret")

    said = filed_room.wire.say()

    assert SECRET not in "".join(said)
    assert sorted(numbers(said)) == sorted(["#8", *(f"#{number}" for number in range(1, 8))])
    assert [text for text in said if "in private" in text] == ["The last 8 entries of 1: sent to you in private."]


def test_redactions_without_end_keep_nobody_from_a_whole_list(filed_room):
    for number in range(9, 19):
        filed_room.do("mallory", f"!log nonsense {number}")
    filed_room.do("bob", "!ir timeline")
    for number in range(9, 19):
        filed_room.do("mallory", f"!ir redact {number} nonsense")
        filed_room.wire.say(1)

    said = filed_room.wire.say()

    assert [each for each in numbers(said) if each in {f"#{number}" for number in range(1, 8)}] == [
        f"#{number}" for number in range(1, 8)
    ]
    assert not [text for text in said if "nonsense 1" in text and "logged" not in text]


def test_what_is_made_private_is_not_told_elsewhere_any_more(room):
    room.do("dave", "!ir show 1", channel=ELSEWHERE)
    room.do("dave", "!ir find password", channel=ELSEWHERE)
    room.do("alice", "!ir private on")

    told = [text for to, text in _said(room) if to != CHANNEL]

    assert SECRET not in "".join(told)
    assert "API" not in "".join(told)
    assert any("no incident 1" in text for text in told)


@pytest.mark.parametrize("line", ["!ir private on", "!ir redact impact a secret"])
def test_an_announcement_that_waits_is_not_said_of_what_was_withdrawn(room, line):
    room.do("alice", f"!ir impact the password {SECRET} is known")
    room.do("alice", "!ir announce")
    room.do("alice", line)

    assert [text for to, text in _said(room) if to == ELSEWHERE] == []


def test_an_announcement_of_the_transaction_that_withdraws_is_not_said_either(room):
    line = unasked_line(ELSEWHERE, "Incident 1 is open.", tells_of=[1])
    room.answerer.deliver([line, Withdrawal(incident=1, reply=None)])

    assert _said(room) == []


def test_an_announcement_that_waits_is_said_whatever_was_withdrawn_of_another_incident(room):
    room.do("alice", "!ir announce")
    room.do("alice", "!ir start another")
    room.do("alice", "!ir @2 private on")

    (told,) = [text for to, text in _said(room) if to == ELSEWHERE]
    assert told.startswith("Incident 1 ")


def test_lines_that_are_read_anew_follow_their_person_to_a_new_nick(filed_room):
    filed_room.do("bob", "!ir timeline")
    filed_room.rename("bob", "rob")
    filed_room.do("alice", "!ir redact 8 a secret")

    said = [(to, text) for to, text in _said(filed_room) if to != CHANNEL]

    assert {to for to, _ in said} == {"rob"}
    assert numbers([text for _, text in said]) == [f"#{number}" for number in range(1, 8)]


def test_what_a_refusal_quotes_is_left_out_of_it(filed_room):
    filed_room.do("alice", f"!ir fix 8 the password is {SECRET}")
    filed_room.do("alice", "!ir redact 8 a secret")

    said = filed_room.wire.say()

    assert SECRET not in "".join(said)
    assert said[0].startswith("#8 says that already: “…”")


def test_what_was_asked_for_later_is_said_later(filed_room):
    filed_room.do("bob", "!ir history 8", channel=None)
    filed_room.do("bob", "!ir history 2", channel=None)
    filed_room.do("alice", "!ir redact 8 a secret")
    filed_room.do("bob", "!log behind it")

    to_bob = [text for to, text in _said(filed_room) if to == "bob"]

    assert SECRET not in "".join(to_bob)
    assert [text for text in to_bob if "note 2" in text] == to_bob[-1:]
    assert logged(9) in filed_room.wire.texts


def _said(room: Queued) -> list[tuple[str, str]]:
    room.wire.say()
    return room.wire.said


REQUEST = Request(
    kind=LineKind.INCIDENT,
    person=Person(nick="bob", user="bob", host="bob.example"),
    network=NETWORK,
    channel=None,
    shared=(CHANNEL,),
    line="timeline",
    text="timeline",
    said_at=NOON,
    heard_at=NOON,
)
LINES = st.lists(st.sampled_from("abcde"), max_size=6)


@given(LINES, LINES, st.integers(0, 6))
def test_of_the_new_answer_each_line_is_said_once_before_or_after(old, new, said):
    lookup = Lookup(request=REQUEST, person=1, line=1, now=NOON, incident=None, work=list)
    answer = as_answer(lookup, [Reply(to="bob", text=text) for text in old])
    before, waiting = [each.text for each in answer[:said]], answer[said:]
    if not waiting:
        return
    (again,) = lookups_of(waiting)
    rest = [each.text for each in as_answer(again, [Reply(to="bob", text=text) for text in new])]
    for text in "abcde":
        assert before.count(text) + rest.count(text) == max(before.count(text), new.count(text))
    assert [text for text in new if text in rest] == rest or len({*new}) < len(new)
