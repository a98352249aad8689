"""Whoever types much, and what takes long, holds up nobody else; the limit holds all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event

from irscribe.config import Pace, load
from tests.db.desk import SOON, Desk
from tests.replies import logged
from tests.talk import Talk
from tests.waiting import HANGS

AT_ONCE = 40
"""Lines of one person at once, as many as the shipped limit lets pass."""
SOON_SERVED = 5
"""Lines of another person for which somebody new waits at most: those that fit into a slice, and one more."""
CROWD = 50


@pytest.fixture
def config():
    """The settings with the shipped limit, which the inner server does without."""
    return replace(load(None), limit=Pace(AT_ONCE, 5.0))


@pytest.fixture
def unstarted(tmp_path, config):
    """A writer that begins when the test lets it, with a long incident open."""
    filed = Talk(tmp_path, config=config)
    filed.say("mallory", "!ir start API returns 500")
    for number in range(55):
        filed.say(f"typist{number}", f"!log the replica lags {number}")
    desk = Desk(filed)
    yield desk
    desk.writer.stop(SOON)
    filed.database.close()


def test_a_note_waits_for_no_more_than_a_few_of_the_costly_lines_of_another(unstarted):
    unstarted.talk.later(minutes=1)
    for _ in range(AT_ONCE // 2):
        unstarted.submit("!ir strike 2-51 typed twice", "!ir undo", nick="mallory")
    unstarted.submit("!log it is the disk", nick="bob")
    unstarted.writer.start()
    assert any(each.startswith("#57 ") for each in unstarted.answers(SOON_SERVED + 1))


def test_a_question_counts_although_its_verb_can_record_an_entry(unstarted, monkeypatch):
    monkeypatch.setattr("irscribe.engine.writer_queue.SLICE", 0.0)
    unstarted.submit(*["!ir status"] * AT_ONCE, nick="mallory")
    unstarted.submit("!log it is the disk", nick="bob")
    unstarted.writer.start()
    assert unstarted.answers(2)[1] == logged(57)


def test_each_person_may_type_as_much_as_the_limit_says_however_much_others_type(unstarted):
    unstarted.talk.later(minutes=1)
    for number in range(AT_ONCE + 10):
        unstarted.submit(f"!log mallory {number}", nick="mallory")
        unstarted.submit(f"!log bob {number}", nick="bob")
    unstarted.writer.start()
    answers = unstarted.answers(2 * AT_ONCE + 2)
    assert sum("too fast for me" in each for each in answers) == 2
    unstarted.writer.stop(SOON)
    assert unstarted.said.empty()
    for nick in ("mallory", "bob"):
        own = [text for text in unstarted.texts() if text.startswith(nick)]
        assert own == [f"{nick} {number}" for number in range(AT_ONCE)]


def test_a_burst_of_many_people_goes_in_one_commit(unstarted, monkeypatch):
    monkeypatch.setattr("irscribe.engine.batch.SECONDS_PER_TRANSACTION", HANGS)
    commits = []
    event.listen(unstarted.talk.database.engine, "commit", commits.append)
    for number in range(CROWD):
        unstarted.submit("!log it is slow", nick=f"person{number}")
    unstarted.writer.start()
    assert unstarted.answers(CROWD) == [logged(number) for number in range(57, 57 + CROWD)]
    assert len(commits) == 1
