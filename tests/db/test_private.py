"""A private incident: outside its channel, for all but its responders, it does not exist."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from sqlalchemy import insert, literal, select

from irscribe.services.application import all_commands
from models.tables import incident
from tests.replies import LOGGED, ONLY_IN_ITS_CHANNEL
from tests.talk import Talk

ELSEWHERE = "#elsewhere"
PARTS = ("summary", "impact", "well", "action", "ask", "decided", "link https://krypton.example.org")
PLACES = {
    "a responder in another channel": ("alice", {"channel": ELSEWHERE}),
    "a stranger in private": ("bob", {"channel": None, "shared": (ELSEWHERE,)}),
    "a stranger of its channel in private": ("bob", {"channel": None}),
}
SECRET, UNKNOWN = 4242, 9999
WORDS = ("leaked", "krypton", "dora", str(SECRET))


def arguments(command):
    """Texts to type behind a command: none, that of its own example, and the like."""
    name, _, rest = str(command.example_line).removeprefix("!ir ").removeprefix("!log ").partition(" ")
    typed = {"", rest if str(command.example_line).startswith("!ir ") else f"{name} {rest}"}
    return sorted(typed | {"1 x", "none"})


def lines(number):
    """Every command there is about an incident, named in every way there is."""
    for command in all_commands().rows:
        spoken = {"log": "!log", "log +": "!log"}.get(command.name, f"!ir {command.name}")
        for rest in arguments(command):
            yield f"{spoken} @{number} {rest}".strip()
    for verb in ("show", "switch", "list", "find", "outbox retry", "outbox drop", "export", "publish", "join", "help"):
        for form in (f"{number}", f"#{number}", f"@{number}"):
            yield f"!ir {verb} {form}"
    for rest in ("+ x", "^", "^ dora", "^ krypton", "12:00 x", "x"):
        yield f"!note @{number} {rest}"
    for forced in ("start!", "final!", "score!"):
        yield f"!ir {forced} @{number} x"


def leap_to(talk, number):
    """Another incident like the first, under a number far from anything else that is said."""
    others = [column for column in incident.c if column is not incident.c.number]
    copied = select(literal(number), *others).where(incident.c.number == 1)
    with talk.database.write() as session:
        session.execute(insert(incident).from_select(["number", *others], copied))


@pytest.fixture
def worlds(tmp_path):
    """Twice the same: incident 1 is open elsewhere; 4242 is private, with all in it that there can be."""
    with ExitStack() as stack:
        talks = []
        for name in ("one", "other"):
            (tmp_path / name).mkdir()
            talk = Talk(tmp_path / name)
            stack.callback(talk.database.close)
            talk.operators |= {"alice", "bob"}
            talk.say("alice", "!ir start site is slow", channel=ELSEWHERE)
            leap_to(talk, SECRET - 1)
            talk.say("alice", "!ir start --private leaked key")
            for line in ("!log the krypton key", *(f"!ir {part} krypton" for part in PARTS)):
                talk.say("alice", line)
            talk.say("dora", "!ir join krypton")
            talks.append(talk)
        yield talks


@pytest.mark.parametrize(("who", "where"), PLACES.values(), ids=PLACES)
def test_no_command_tells_it_from_a_number_that_is_not_there(worlds, who, where):
    asked, compared = worlds
    before = asked.report(SECRET)
    for line, about_nothing in zip(lines(SECRET), lines(UNKNOWN), strict=True):
        said, expected = (
            [(each.to, str(each.text).replace(str(number), "N")) for each in talk.hear(who, typed, **where)]
            for talk, number, typed in ((asked, SECRET, line), (compared, UNKNOWN, about_nothing))
        )
        assert said == expected, line
        for talk in worlds:
            talk.later(seconds=30)
    assert asked.report(SECRET) == before


@pytest.mark.parametrize(("who", "where"), PLACES.values(), ids=PLACES)
def test_no_command_without_a_number_speaks_of_it(worlds, who, where):
    talk, _ = worlds
    before = talk.report(SECRET)
    for line in (re.sub(r" @\d+", "", each) for each in lines(UNKNOWN)):
        said = " ".join(f"{each.to} {each.text!s}" for each in talk.hear(who, line, **where))
        assert not any(word in said.replace(line.partition(" ")[2], "") for word in WORDS), line
        talk.later(seconds=30)
    assert talk.report(SECRET) == before


def test_in_private_a_stranger_neither_adds_to_it_nor_goes_on_with_a_note(worlds):
    talk, _ = worlds
    assert talk.say("bob", "!log typed in its channel")[0].endswith(LOGGED)
    before = talk.report(SECRET)
    for line in ("!log + x", "!log +| x", "!note + x"):
        assert talk.say("bob", line, channel=None)[0].startswith("You have no note here to go on with")
    assert talk.say("bob", "!log x", channel=None)[0].startswith("No incident is open here; your line is kept")
    assert talk.say("bob", "!log + x", channel=None)[0].startswith("Your last note waits for an incident")
    assert talk.report(SECRET) == before
    talk.say("bob", "!ir join")
    assert talk.say("bob", "!log y", channel=None)[0].endswith(LOGGED)


def test_in_private_an_incident_is_not_opened_over_one_that_is_kept_from_its_sender(worlds):
    talk, _ = worlds
    (said,) = talk.say("bob", "!ir start x", channel=None)
    assert said == ONLY_IN_ITS_CHANNEL
    assert "leaked" in talk.say("alice", "!ir")[0]
