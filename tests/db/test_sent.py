"""The last value of each field of a task is kept from the request to its outcome."""

from __future__ import annotations

import pytest

from irscribe.domain.taskfields import Sent
from models import sent

TITLE, STATUS = "title", "status"


@pytest.fixture
def session(talk):
    talk.say("alice", "!ir start API returns 500")
    with talk.database.write() as session:
        yield session


def _begin(session, task="T1", **values):
    fields = [Sent(name=name, sending=value, before="old") for name, value in values.items()]
    sent.begin(session, 1, 0, fields, task=task)


def test_a_value_is_certain_once_the_request_is_confirmed(session):
    _begin(session, title="a")
    assert sent.of(session, 1, 0)[TITLE] == Sent(name=TITLE, sending="a", before="old")
    sent.confirm(session, 1, 0)
    assert sent.of(session, 1, 0)[TITLE] == Sent(name=TITLE, value="a")
    assert sent.tasks(session, 1) == {0: "T1"}
    assert sent.incidents_with(session, TITLE) == [1]


def test_only_a_part_may_be_confirmed(session):
    _begin(session, title="a", status="b")
    sent.confirm(session, 1, 0, only={STATUS})
    known = sent.of(session, 1, 0)
    assert (known[TITLE].value, known[STATUS].value) == (None, "b")


def test_the_next_request_forgets_what_the_last_one_would_have_set(session):
    _begin(session, title="a")
    _begin(session, status="b")
    assert sent.of(session, 1, 0)[TITLE] == Sent(name=TITLE)


def test_another_task_begins_anew(session):
    _begin(session, title="a")
    sent.confirm(session, 1, 0)
    _begin(session, task="T2", status="b")
    assert TITLE not in sent.of(session, 1, 0)
    assert sent.of_all(session, 1)[0]["task"].value == "T2"


def test_what_was_replaced_is_owed_until_it_is_given_back(session):
    _begin(session, title="a")
    sent.owe(session, 1, 0, [TITLE])
    sent.confirm(session, 1, 0)
    _begin(session, status="b")
    assert sent.of(session, 1, 0)[TITLE].is_owed
    sent.settle(session, 1, 0, [TITLE])
    assert sent.of(session, 1, 0)[TITLE] == Sent(name=TITLE, theirs=True)


def test_a_field_that_was_said_to_be_a_persons_is_not_owed(session):
    _begin(session, title="a")
    sent.confirm(session, 1, 0)
    _begin(session, title="b")
    sent.give_up(session, 1, 0, [TITLE])
    assert not sent.of(session, 1, 0)[TITLE].is_owed


def test_owners_whom_the_server_does_not_know_are_listed_by_follow_up(session):
    sent.put(session, 1, 3, sent.UNKNOWN_OWNER, "zora")
    sent.put(session, 1, 4, sent.UNKNOWN_OWNER, "")
    assert sent.unknown_owners(session, 1) == {3: "zora"}


def test_a_redaction_removes_the_names_of_owners(talk):
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!log zora")
    with talk.database.write() as session:
        sent.put(session, 1, 3, sent.UNKNOWN_OWNER, "zora")
    talk.say("alice", "!ir redact 2 a name")
    with talk.database.read() as session:
        assert sent.unknown_owners(session, 1) == {}
