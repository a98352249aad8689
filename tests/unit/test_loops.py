"""A bot repeats what ours says; a person types quickly, and is heard."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from irscribe.domain.request import Asker, LineKind, Person, Reply, Request
from irscribe.engine.loops import INSTANT, LET_ALONE_FOR, PROVOKED_WITHIN, REMEMBERED, ROUNDS, Loops

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SOMEBODY = Person(nick="parrot", user="p", host="host", account=None)
UNKNOWN = "There is no !ir {}; type !ir help for the list."
HUMAN = 1.0
"""Seconds in which a quick person reads an answer and types the next line."""
PASTED = 0.01


@dataclass
class Scene:
    """A channel in which somebody speaks and the bot answers, and a clock."""

    now: float = 1000.0
    loops: Loops = field(init=False)

    def __post_init__(self) -> None:
        self.loops = Loops(prefix="!", clock=lambda: self.now)

    def answer(self, text: str, *, refusal: bool = False, asker: Person = SOMEBODY, to: str = "#ops") -> None:
        self.loops.said(Reply(to=to, text=text, refusal=refusal, asker=Asker(network="net", person=asker)))

    def hears(self, line: str, *, after: float = PASTED, kind: LineKind | None = None, **more: object) -> bool:
        """Somebody says a line so many seconds later; True if it is taken."""
        self.now += after
        prefixed = {"!log": LineKind.LOG, "!note": LineKind.NOTE}
        request = Request(
            kind=kind or prefixed.get(line.partition(" ")[0], LineKind.INCIDENT),
            person=SOMEBODY,
            network="n",
            channel="#ops",
            shared=(),
            line=line,
            text=line,
            said_at=NOW,
            heard_at=NOW,
        )
        return not self.loops.lets_alone(replace(request, **more))


BOTS = {
    "says our line to us": lambda ours: f"irscribe: {ours}",
    "logs our line": lambda ours: f"!log {ours}",
    "quotes us": lambda ours: f"irscribe: you said “ {ours} ” just now",
    "shouts our line": lambda ours: f"irscribe: {ours.upper()}",
    "thanks us": lambda _ours: "irscribe: thank you!",
}


@pytest.mark.parametrize("provoked", BOTS.values(), ids=BOTS)
def test_a_bot_is_noticed_after_three_rounds_and_let_alone(caplog, provoked):
    scene, heard = Scene(), 0
    scene.answer("#7 15:40 logged", asker=Person(nick="alice", user="a", host="h"))
    ours = "#7 15:40 logged"
    with caplog.at_level(logging.WARNING):
        while scene.hears(provoked(ours)):
            heard += 1
            assert heard <= ROUNDS
            ours = UNKNOWN.format(heard)
            scene.answer(ours, refusal=True)
    assert heard in {ROUNDS - 1, ROUNDS}
    assert [each.getMessage() for each in caplog.records] == [
        "parrot!p@host answers what the bot says, like another bot: such lines of it are let alone for 5 minutes"
    ]


def looped(scene: Scene) -> None:
    for number in range(ROUNDS):
        scene.answer(f"This is answer {number}")
        assert scene.hears(f"irscribe: This is answer {number}") == (number < ROUNDS - 1)


def test_who_is_let_alone_is_heard_with_everything_else(caplog):
    scene = Scene()
    looped(scene)
    scene.answer("#8 15:41 logged", asker=Person(nick="alice", user="a", host="h"))
    assert not scene.hears("irscribe: #8 15:41 logged")
    assert scene.hears("!log disk full on db1")
    assert scene.hears("!ir status", after=HUMAN)
    assert len(caplog.records) == 1


def test_the_line_that_showed_a_bot_is_let_alone_whatever_provokes_it():
    scene = Scene()
    for number in range(ROUNDS + 1):
        scene.answer(UNKNOWN.format("thanks!"), refusal=True)
        assert scene.hears("irscribe: thanks!") == (number < ROUNDS)
    scene.answer("#8 15:41 logged", asker=Person(nick="alice", user="a", host="h"))
    assert not scene.hears("irscribe: thanks!", after=HUMAN)
    scene.now += LET_ALONE_FOR + 1
    assert scene.hears("irscribe: thanks!")


def test_after_a_while_it_takes_three_rounds_again():
    scene = Scene()
    looped(scene)
    scene.now += LET_ALONE_FOR + 1
    looped(scene)


def test_one_bot_that_is_let_alone_costs_nobody_else_a_line():
    scene = Scene()
    looped(scene)
    scene.answer("This is answer 9")
    assert scene.hears("irscribe: This is answer 9", person=replace(SOMEBODY, nick="alice"))
    assert scene.hears("irscribe: This is answer 9", channel="#dev")


PEOPLE = {
    "pastes ten notes": [(f"!log note {number}", PASTED, f"#{number} 15:40 logged", False) for number in range(10)],
    "logs the same thrice a second": [("!log still down", 0.3, f"#{n} 15:40 logged", False) for n in range(10)],
    "asks the same at once again and again": [("!ir", PASTED, "1 “API”: investigating; no IC", False)] * 10,
    "types one mistake after another": [(f"!ir x{n}", PASTED, UNKNOWN.format(f"x{n}"), True) for n in range(10)],
    "pastes the same mistake": [("!ir frob", PASTED, UNKNOWN.format("frob"), True)] * 10,
    "calls it by its nick and is refused": [("irscribe: frob", HUMAN, UNKNOWN.format("frob"), True)] * 10,
    "tries what it is told to": [
        ("!ir lst", HUMAN, "There is no !ir lst: did you mean !ir list?", True),
        ("!ir list", HUMAN, "Which ones? Type !ir list, !ir list open or !ir list 10.", True),
        ("!ir list open", HUMAN, "1 “API”: open", False),
        ("!ir list 10", HUMAN, "1 “API”: open", False),
    ],
    "answers a scorecard": [("yes", HUMAN, f"{n}/15 Was it noted?", False) for n in range(10)],
    "corrects what is acknowledged": [(f"!ir fix {n} s/a/b/", HUMAN, f"#{n} 15:40 fixed", False) for n in range(10)],
    "copies an acknowledgement now and then": [
        (line, HUMAN, "#7 15:40 logged", False)
        for line in ("!log a", "!log bot said: #7 15:40 logged", "!log again: #7 15:40 logged", "!log b") * 3
    ],
    "repeats an old line of ours": [("!log it said: #7 15:40 logged", PROVOKED_WITHIN + 1, "#7 15:40 logged", False)]
    * 5,
}


@pytest.mark.parametrize("session", PEOPLE.values(), ids=PEOPLE)
def test_a_person_who_types_quickly_is_heard(session, caplog):
    scene = Scene()
    for line, after, answer, refusal in session:
        assert scene.hears(line, after=after)
        scene.answer(answer, refusal=refusal)
    assert caplog.records == []


def test_a_paste_that_overtakes_its_answers_is_no_loop():
    scene = Scene()
    for _ in range(10):
        assert scene.hears("irscribe: frob")
    for _ in range(10):
        scene.answer(UNKNOWN.format("frob"), refusal=True)


def test_an_answer_of_ours_counts_for_the_person_it_is_for():
    scene = Scene()
    for _ in range(10):
        scene.answer(UNKNOWN.format("frob"), refusal=True, asker=Person(nick="alice", user="a", host="h"))
        assert scene.hears("irscribe: frob")


def test_a_line_that_is_read_back_answers_nothing():
    scene = Scene()
    for number in range(10):
        scene.answer(f"This is answer {number}")
        assert scene.hears(f"irscribe: This is answer {number}", read_back=True)


def test_in_private_it_is_the_same():
    scene = Scene()
    heard = []
    for number in range(5):
        scene.answer(f"This is answer {number}", to="Parrot")
        heard.append(scene.hears(f"This is answer {number}", channel=None, kind=LineKind.PLAIN))
    assert heard == [True, True, False, False, False]


def test_an_instant_is_shorter_than_anybody_needs_to_read_and_type():
    scene = Scene()
    for _ in range(10):
        scene.answer(UNKNOWN.format("frob"), refusal=True)
        assert scene.hears("irscribe: frob", after=INSTANT + 0.1)


def test_of_very_many_places_and_people_the_latest_are_remembered():
    scene = Scene()
    for number in range(2 * REMEMBERED):
        scene.answer("This is an answer", to=f"#channel{number}")
        scene.hears("!log a", person=replace(SOMEBODY, nick=f"nick{number}"))
    looped(scene)
