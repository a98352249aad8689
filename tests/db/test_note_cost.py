"""A note costs few statements, and its number is given once."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from irscribe.domain.moment import Moment
from irscribe.domain.report import Kind
from models import entries
from models.changes import AuditContext
from models.entries import Typist, Writing
from tests.talk import NOON

OF_A_NOTE = 8
"""Savepoint, person, line, incident, number, entry, version, release; those that wait share begin and commit."""


@pytest.fixture
def opened(filed):
    filed.say("alice", "!ir start API returns 500")
    filed.say("bob", "!log first")
    return filed


@pytest.mark.parametrize(("line", "more"), [("!log slow", 0), ("!log -10m slow", 0), ("!log 11:40 slow", 1)])
def test_a_note_asks_the_database_only_what_it_must(opened, line, more):
    statements = []
    engine = opened.database.engine
    event.listen(engine, "checkout", lambda connection, *_: connection.set_trace_callback(statements.append))
    engine.dispose()

    opened.say("bob", line)

    asked = [each for each in statements if not each.startswith(("BEGIN", "COMMIT"))]
    assert len(asked) == OF_A_NOTE + more, "\n".join(asked)


def test_a_number_given_meanwhile_is_not_given_twice(opened):
    audit = AuditContext(incident=1, line=None, person=None, nick="bob", at=NOON)
    writing = Writing(moment=Moment(at=NOON), text="slow", kind=Kind.NOTE)
    by = Typist(person=None, nick="bob", account=None)

    with opened.database.write() as session:
        given = [entries.add(session, audit, writing, by=by, after=2) for _ in range(3)]

    assert given == [3, 4, 5]
