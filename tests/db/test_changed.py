"""After each commit it is known which incidents it changed, whoever wrote and whatever was rolled back on the way."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from irscribe.adapter import Adapter
from irscribe.config import load
from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.request import Identified
from irscribe.engine.app import App
from irscribe.engine.changed import tell
from irscribe.engine.importing import Importer, Pacing
from irscribe.engine.indexing import Indexing
from irscribe.services.application import all_commands, build_application
from models import Savepoint, incidents, parts, words
from models.changes import AuditContext
from models.migrating import migrate
from models.tables import answer, coordinator, entry, entry_version, field, gap, incident, item, responder
from tests.examples import few_examples
from tests.replies import LOGGED
from tests.talk import CHANNEL, NETWORK, NOON, Talk

SHOWN = (incident, entry, entry_version, field, item, responder, coordinator, answer, gap)
"""The tables whose rows a report or the list of incidents shows."""
TRIGGER = """
create trigger {table}_{does} after {does} {of} on {table} begin
insert into touched values ({row}.{number}); end
"""
PEOPLE = ("alice", "bob", "carol")

examples = st.sampled_from([str(each.example_line) for each in all_commands().rows])
numbered = st.builds(
    "!ir {} {}".format,
    st.sampled_from(
        ["fix 1 x", "strike", "unstrike", "redact", "well drop", "action drop", "switch", "score", "ask done"]
    ),
    st.integers(1, 4),
)
typed = st.one_of(
    examples,
    examples,
    numbered,
    st.sampled_from(
        ["!log a note", "!log + more", "!ir undo", "!ir undo undo", "!ir start! x", "!ir redact summary x", "!ir close"]
    ),
)
events = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(PEOPLE), typed),
    st.tuples(st.sampled_from(["log in", "return"]), st.sampled_from(PEOPLE), st.just("")),
)

EVERY_KIND = (
    *(("say", "bob", line) for line in ("!ir join", "!log 11:58 a note", "!log + more", "!log another", "!ir well x")),
    *(
        ("say", "bob", line)
        for line in ("!ir fix 3 fixed", "!ir strike 3", "!ir unstrike 3", "!ir undo", "!ir move 2 11:50")
    ),
    *(
        ("say", "alice", line)
        for line in ("!ir redact 3 x", "!ir summary x", "!ir redact summary x", "!ir redact well 1 x")
    ),
    ("return", "alice", ""),
    ("log in", "alice", ""),
    ("say", "alice", "!ir ic carol"),
    ("say", "dora", "!log not on the list"),
    ("log in", "dora", ""),
    ("log in", "carol", ""),
    ("log in", "bob", ""),
    *(
        ("say", "alice", line)
        for line in ("!ir close", "!ir score 1 yes", "!ir reopen", "!ir cancel x", "!ir private on")
    ),
)
"""Each way in which models writes a row that is shown."""


@pytest.fixture
def opened(talk):
    talk.say("alice", "!ir start API returns 500")
    return talk


def watch(talk):
    """Let the database itself note which incidents' rows are written, beside what is told."""
    with talk.database.write() as session:
        session.execute(text("create table touched (incident integer)"))
        for table in SHOWN:
            number = "number" if table is incident else "incident"
            columns = ", ".join(f'"{each.name}"' for each in table.c if each is not incident.c.indexed)
            for does, of, row in (("insert", "", "new"), ("update", f"of {columns}", "new"), ("delete", "", "old")):
                session.execute(text(TRIGGER.format(table=table.name, does=does, of=of, row=row, number=number)))


def touched(talk):
    with talk.database.read() as session:
        found = {row[0] for row in session.execute(text("select incident from touched"))}
    with talk.database.write() as session:
        session.execute(text("delete from touched"))
    return found


def carry_out(talk, event):
    does, nick, line = event
    if does == "say":
        talk.say(nick, line)
    elif does == "log in":
        talk.accounts[nick] = "alice"
        talk.handle(Identified(person=talk.person(nick), network=NETWORK))
    else:
        talk.handle(HeardUntil(network=NETWORK, channels=(CHANNEL,), until=talk.now, over=True))
        talk.later(minutes=3)
        talk.handle(ChannelRejoined(network=NETWORK, channel=CHANNEL, at=talk.now, said_before=talk.now))
    talk.later(seconds=30)


def reports(talk):
    with talk.database.read() as session:
        numbers = incidents.every_number(session)
        heads = {each: incidents.get(session, each) for each in numbers}
    return {each: (talk.report(each), heads[each]) for each in numbers}


@given(st.lists(events, max_size=25))
@example(EVERY_KIND)
@few_examples()
def test_every_row_that_is_shown_is_told_of_when_it_is_written(session):
    with TemporaryDirectory() as folder:
        talk = Talk(Path(folder))
        talk.operators.add("alice")
        watch(talk)
        told = []
        talk.database.after_commit = told.append
        before = {}
        for event in [("say", "alice", "!ir start API returns 500"), ("say", "carol", "!ir join"), *session]:
            told.clear()
            carry_out(talk, event)
            after = reports(talk)
            named = set(chain.from_iterable(told))
            assert touched(talk) <= named, event
            assert {each for each in after if after[each] != before.get(each)} <= named | beside(after, before), event
            before = after
        talk.database.close()


def beside(after, before):
    """Incidents of which only the number of those open in their channel is another."""
    return {
        each
        for each in after.keys() & before.keys()
        if after[each][0] == before[each][0] and after[each][1].open_here != before[each][1].open_here
    }


def test_two_people_who_turn_out_to_be_one_change_what_they_worked_on(opened):
    told = []
    opened.say("alice", "!ir join database")
    opened.say("ghost", "!ir join network")
    opened.accounts["ghost"] = "ghost"
    opened.database.after_commit = told.append
    opened.handle(Identified(person=opened.person("ghost"), network=NETWORK))
    assert told == [{1}]


@pytest.mark.parametrize("line", ["!ir", "!ir list", "!ir who", "!ir fix 99 x", "hello", "!ir show 1"])
def test_a_line_that_changes_nothing_is_not_told_of(opened, line):
    told = []
    opened.database.after_commit = told.append
    opened.say("alice", line)
    assert told == []


def set_title(session, number, title):
    audit = AuditContext(incident=number, line=None, person=None, nick="alice", at=NOON)
    return parts.set_head(session, audit, title=title)


def test_a_savepoint_that_is_rolled_back_takes_back_its_changes_only(opened):
    told = []
    opened.say("alice", "!ir start! disk full")
    opened.database.after_commit = told.append
    with opened.database.write() as session, suppress(ZeroDivisionError):
        set_title(session, 1, "kept")
        with Savepoint(session):
            with Savepoint(session):
                set_title(session, 2, "inner")
            raise ZeroDivisionError
    assert told == [{1}]


def test_a_transaction_that_is_rolled_back_is_not_told_of_nor_by_the_next_one(opened):
    told = []
    opened.database.after_commit = told.append
    with suppress(ZeroDivisionError), opened.database.write() as session:
        set_title(session, 1, "x")
        raise ZeroDivisionError
    with opened.database.write() as session:
        session.execute(select(1))
    assert told == []


def test_a_commit_whose_answer_is_lost_is_told_of_as_it_may_have_happened(opened):
    told = []
    opened.database.after_commit = told.append

    def lose(connection):
        raise OperationalError("commit", None, Exception("the line broke"))

    event.listen(opened.database.engine, "commit", lose)
    with suppress(OperationalError), opened.database.write() as session:
        set_title(session, 1, "x")
    event.remove(opened.database.engine, "commit", lose)
    assert told == [{1}]


def test_an_import_is_told_of(opened):
    report = opened.report()
    with TemporaryDirectory() as folder:
        other = Talk(Path(folder))
        told = []
        other.database.after_commit = told.append
        Importer(other.database, other.application, pacing=Pacing(pause=0)).run(report)
        other.database.close()
    assert told == [{1}]


def test_a_listener_that_fails_is_logged_and_harms_nobody(opened, caplog):
    told = []

    def fail(incidents):
        raise ZeroDivisionError

    opened.database.after_commit = partial(tell, (fail, told.append))
    with caplog.at_level(logging.ERROR):
        assert opened.say("alice", "!log a note")[0].endswith(LOGGED)
    assert told == [{1}]
    assert "A listener failed after the commit of changes to [1]" in caplog.text


def test_the_index_looks_only_after_a_change_and_at_first(opened):
    index = Indexing(opened.database)
    assert is_behind(opened)
    index.catch_up()
    assert not is_behind(opened)
    opened.say("alice", "!log a note")
    index.catch_up()
    assert is_behind(opened)
    index.note(frozenset({1}))
    index.catch_up()
    assert not is_behind(opened)


def test_the_app_tells_its_index(filed, tmp_path):
    app = App(build_application(replace(load(None), database=f"sqlite:///{tmp_path / 'app.db'}")), Adapter)
    migrate(app.database)
    app.indexing.catch_up()
    with app.database.write() as session:
        filed.adapter.handle(session, filed.request("alice", "!ir start API returns 500"), filed.now)
    assert is_behind(app)
    app.indexing.catch_up()
    assert not is_behind(app)
    app.database.close()


def is_behind(talk):
    with talk.database.read() as session:
        return words.is_behind(session)
