"""Changes of nicks that are combined leave everybody, and what is said of them, as one after the other would."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.coverage import HeardUntil
from irscribe.domain.events import Rest
from irscribe.domain.request import Identified, Left, LineKind, Person, Renamed, Request
from irscribe.engine.renames import chained

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NICKS = ("a", "b", "c", "d")


def person(nick: str, user: str = "u", **more) -> Person:
    return Person(nick=nick, user=user, host="host", **more)


def renamed(before: str, now: str, user: str = "u") -> Renamed:
    return Renamed(person=person(before, user), network="net", nick=now)


def typed(nick: str, user: str = "u", *, named: tuple[Person, ...] = ()) -> Request:
    return Request(
        kind=LineKind.LOG,
        person=person(nick, user),
        network="net",
        channel="#ops",
        shared=(),
        line="!log it",
        text="it",
        said_at=NOON,
        heard_at=NOON,
        named=named,
    )


def test_a_flood_is_one_change():
    flood = [renamed(f"m{number}", f"m{number + 1}") for number in range(60)]
    assert chained(flood) == [renamed("m0", "m60")]


def test_lines_of_others_are_no_reason_to_stop():
    events = [renamed("a", "b"), typed("z"), renamed("b", "c"), typed("z"), renamed("c", "a")]
    assert chained(events) == [renamed("a", "a"), typed("z"), typed("z")]


def test_a_line_of_the_person_or_about_them_stands_between_two_changes():
    for line in (typed("B"), typed("z", named=(person("b"),)), Rest(beginning=typed("z"), line=typed("b"))):
        events = [renamed("a", "b"), line, renamed("b", "c")]
        assert chained(events) == events


def test_a_login_a_new_host_and_another_network_stand_between_two_changes():
    login = Identified(person=person("b", account="b"), network="net")
    assert chained(events := [renamed("a", "b"), login, renamed("b", "c")]) == events
    moved = replace(renamed("b", "c"), person=replace(person("b"), host="elsewhere"))
    assert chained(events := [renamed("a", "b"), moved]) == events
    elsewhere = replace(renamed("b", "c"), network="other")
    assert chained(events := [renamed("a", "b"), elsewhere]) == events


def test_what_may_be_about_anybody_stands_between_two_changes():
    heard = HeardUntil(network="net", channels=("#ops",), until=NOON)
    assert chained(events := [renamed("a", "b"), heard, renamed("b", "c")]) == events


class Place:
    """A network with people: who has which nick, and whom each event was about."""

    def __init__(self) -> None:
        self.nicks = {"a": "one", "b": "two"}
        self.lines: list[tuple[str, str]] = []

    def follow(self, event) -> None:
        match event:
            case Renamed():
                if event.person.nick != event.nick:
                    assert event.nick not in self.nicks
                    self.nicks[event.nick] = self.nicks.pop(event.person.nick)
                    assert self.nicks[event.nick] == event.person.user
            case Left():
                self.nicks.pop(event.nick, None)
            case Request():
                self.lines.append((event.person.nick, self.nicks[event.person.nick]))


@given(st.lists(st.tuples(st.sampled_from(("nick", "line", "left")), st.sampled_from(NICKS), st.sampled_from(NICKS))))
def test_combined_changes_leave_the_same_people_under_the_same_nicks(steps):
    now, events = Place(), []
    for step, nick, other in steps:
        owner = now.nicks.get(nick)
        if step == "nick" and owner and other not in now.nicks:
            events.append(renamed(nick, other, owner))
        elif step == "line" and owner:
            events.append(typed(nick, owner))
        elif step == "left" and owner and len(now.nicks) > 1:
            events.append(Left(nick=nick))
        else:
            continue
        now.follow(events[-1])
    then = Place()
    for each in chained(events):
        then.follow(each)
    assert (then.nicks, then.lines) == (now.nicks, now.lines)
