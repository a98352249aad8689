"""Every word that a person wrote stays on the page, in whatever order the bot and people edit it."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from tests.examples import few_examples
from tests.http.desk import Desk
from tests.http.fake_mediawiki import FakeWiki, Fault, Step
from tests.http.wikirules import ACCOUNT, Wiki

TYPED = [
    "!ir publish",
    "!ir publish merge",
    "!ir publish diff",
    "!ir publish follow",
    "!ir status identified",
    "!ir status monitoring",
    "!ir summary It is over",
    "!ir summary + And was for an hour",
    "!ir poorly Nobody was paged",
    "!ir join the database",
    "!ir close",
    "!ir reopen",
]
FAULTS = [Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.ERROR_500_AFTER, Fault.LOST_SESSION, Fault.READONLY]
LINES = ["", "== Aftermath ==", "=== Impact ===", "[[Category:DNS]]", "== Summary =="]
places = st.integers(0, 60)
steps = st.one_of(
    st.tuples(st.just("type"), st.sampled_from(TYPED)),
    st.tuples(st.just("edit"), places, st.sampled_from(LINES)),
    st.tuples(st.just("edit meanwhile"), st.sampled_from([Step.QUERY, Step.EDIT]), places),
    st.tuples(st.just("fault"), st.sampled_from(FAULTS)),
    st.tuples(st.just("restart")),
)


class People:
    """People who edit the page by hand: each edit adds a word that was not there before."""

    def __init__(self, wiki: Wiki) -> None:
        self._wiki = wiki
        self._numbers = count()
        self.words: list[str] = []

    def edit(self, place: int, line: str = "") -> None:
        title = next(iter(self._wiki.pages), None)
        if title is None:
            return
        word = f"theirs{next(self._numbers)}x"
        lines = self._wiki.pages[title][-1].text.split("\n")
        at = place % (len(lines) + 1)
        written = "\n".join([*lines[:at], *filter(None, [line, word]), *lines[at:]])
        self._wiki.write(title, written, user="HumanEditor")
        self.words.append(word)

    def lost(self) -> list[str]:
        text = "".join(revisions[-1].text for revisions in self._wiki.pages.values())
        return [word for word in self.words if word not in text]


def perform(desk: Desk, fake: FakeWiki, people: People, step: tuple) -> None:
    match step:
        case ("type", line):
            desk.say("alice", line)
        case ("edit", place, line):
            people.edit(place, line)
        case ("edit meanwhile", call, place):
            fake.meanwhile[call] = lambda: people.edit(place)
        case ("fault", fault):
            fake.fail(Step.EDIT, fault)
        case _:
            desk.start()
    desk.work()
    desk.later(minutes=7)


@pytest.fixture
def servers(phabricator, wiki):
    return phabricator, wiki


@given(st.lists(steps, max_size=12))
@example([("edit", 4, ""), ("type", "!ir poorly Nobody was paged"), ("type", "!ir publish merge")] * 3)
@example([("edit meanwhile", Step.EDIT, 4), ("type", "!ir join the database"), ("type", "!ir publish")] * 2)
@few_examples(HealthCheck.function_scoped_fixture, share=3)
def test_no_word_of_a_person_is_lost(servers, done):
    phabricator, fake = servers
    fake.wiki, fake.planned, fake.meanwhile = Wiki(), [], {}
    people = People(fake.wiki)
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder), phabricator=phabricator, wiki=fake)
        desk.open()
        for step in [("type", "!ir publish"), *done, ("type", "!ir publish"), ("type", "!ir publish merge")]:
            perform(desk, fake, people, step)
            assert people.lost() == []
        fake.planned, fake.meanwhile = [], {}
        desk.persevere()
        desk.database.close()
    assert people.lost() == []
    assert {each.user for revisions in fake.wiki.pages.values() for each in revisions} <= {ACCOUNT, "HumanEditor"}
