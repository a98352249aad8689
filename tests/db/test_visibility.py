"""A reader sees the same incidents by the answer for one incident and by the condition of a query."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select

from models import incidents, team
from models.tables import incident, person
from models.visibility import OPERATOR, PUBLIC, in_channel, in_private, is_public, may_see, visible_to
from tests.examples import few_examples
from tests.talk import CHANNEL, NETWORK, Talk

OTHER = "#other"
LINES = (
    "!ir start! --private leaked key",
    "!ir start! site is slow",
    "!ir private on",
    "!ir private off",
    "!ir join",
    "!ir leave",
    "!ir add bob",
    "!ir remove bob",
    "!ir remove alice",
    "!ir ic me",
    "!ir ic carol",
    "!ir ic none",
    "!ir undo",
)
PEOPLE = ("alice", "bob", "carol")
typed = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(LINES), st.sampled_from((CHANNEL, OTHER)))
EVERY_WAY = (
    ("alice", "!ir start! --private leaked key", CHANNEL),
    ("bob", "!ir start! --private other key", CHANNEL),
    ("alice", "!ir add bob", CHANNEL),
    ("alice", "!ir ic carol", CHANNEL),
    ("alice", "!ir remove alice", CHANNEL),
    ("carol", "!ir start! --private third key", OTHER),
    ("carol", "!ir ic none", OTHER),
)


def readers(session):
    numbers = [row[0] for row in session.execute(select(person.c.id))]
    channels = [in_channel(NETWORK, CHANNEL), in_channel(NETWORK, OTHER), in_channel("othernet", CHANNEL)]
    return [PUBLIC, OPERATOR, *channels, *map(in_private, [*numbers, 999])]


def expected(session, reader, head):
    """The rule in plain words, by what is known of an incident otherwise."""
    if reader == OPERATOR or not head.private:
        return True
    if reader.channel:
        return reader.channel == (head.network, head.channel)
    listed = {each.person for each in team.responders(session, head.number)}
    coordinating = {each.person for each in team.terms(session, head.number) if each.until is None}
    return reader.person is not None and reader.person in {head.opener, *listed, *coordinating}


def require_one_rule(session):
    heads = [incidents.get(session, number) for number in incidents.every_number(session)]
    for reader in readers(session):
        seen = {head.number for head in heads if may_see(session, reader, head)}
        shown = {row[0] for row in session.execute(select(incident.c.number).where(visible_to(reader)))}
        assert seen == shown == {head.number for head in heads if expected(session, reader, head)}, reader
        assert [head.number for head in incidents.latest(session, limit=99, reader=reader)] == sorted(seen)[::-1]
    assert all(is_public(head) == may_see(session, PUBLIC, head) for head in heads)


@given(st.lists(typed, max_size=20))
@example(EVERY_WAY)
@few_examples()
def test_one_incident_and_a_query_are_answered_alike(session):
    with TemporaryDirectory() as folder:
        talk = Talk(Path(folder))
        talk.operators |= {*PEOPLE}
        talk.present = PEOPLE
        for nick, line, channel in session:
            talk.say(nick, line, channel=channel)
        with talk.database.read() as reading:
            require_one_rule(reading)
        talk.database.close()


def test_it_is_one_rule_on_each_kind_of_database(talk):
    talk.operators |= {*PEOPLE}
    talk.present = PEOPLE
    for nick, line, channel in EVERY_WAY:
        talk.say(nick, line, channel=channel)
    with talk.database.read() as session:
        require_one_rule(session)
        assert {head.private for head in incidents.latest(session, limit=9, reader=OPERATOR)} == {True}


@pytest.mark.parametrize("reader", [PUBLIC, in_private(1), in_channel(NETWORK, OTHER)])
def test_a_reader_sees_nothing_where_there_is_nothing(talk, reader):
    with talk.database.read() as session:
        assert incidents.latest(session, limit=9, reader=reader) == []
