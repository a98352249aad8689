"""The cost of a command in the writer depends on what it changes, not on what the incident holds."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.evidence import RULES, suggest
from irscribe.domain.talk import TalkHeard
from irscribe.services.report.assembly import outline_of, report_of
from tests.db.test_searching import typed
from tests.examples import few_examples
from tests.talk import Talk

SHORT, LONG = 30, 600
BULLETS_PER_ENTRY = 3
STEPS = 10
"""Instructions of SQLite between two counts."""
COMMANDS = (
    ("!ir close", "!ir reopen"),
    ("!ir missing", None),
    ("!ir find lags", None),
    ("!ir timeline", None),
    ("!ir status", None),
    ("!ir status monitoring", "!ir status investigating"),
    ("!ir well it went", "!ir undo"),
    ("!ir well + on", "!ir undo"),
    ("!ir well drop 2", "!ir undo"),
    ("!ir well fix 3 other words", "!ir undo"),
    ("!ir fix 4 other words", "!ir undo"),
    ("!log a note", None),
)


@pytest.fixture(scope="module")
def incidents(tmp_path_factory):
    """A short and a long incident, each on a file of its own."""
    talks = []
    for size in (SHORT, LONG):
        talk = Talk(tmp_path_factory.mktemp(f"of{size}"))
        talk.say("alice", "!ir start API returns 500")
        with talk.database.write() as session:
            for number in range(size):
                talk.adapter.handle(session, talk.request("alice", f"!log database {number} lags"), talk.now)
            for number in range(size // BULLETS_PER_ENTRY):
                talk.adapter.handle(session, talk.request("alice", f"!ir well bullet {number}"), talk.now)
        talks.append(talk)
    yield talks
    for talk in talks:
        talk.database.close()


@pytest.mark.parametrize(("line", "back"), COMMANDS)
def test_a_command_does_as_much_in_a_long_incident_as_in_a_short_one(incidents, line, back):
    short, long = (_steps_of(talk, line, back) for talk in incidents)
    assert long <= 1.5 * short


def _steps_of(talk, line, back):
    """The instructions of SQLite in the writer's transaction, once everything is compiled."""
    for _ in range(2):
        with talk.database.write() as session, _counted(session) as steps:
            talk.adapter.handle(session, talk.request("alice", line), talk.now)
        if back:
            with talk.database.write() as session:
                talk.adapter.handle(session, talk.request("alice", back), talk.now)
    return sum(steps)


@contextmanager
def _counted(session):
    steps = []
    raw = session.connection.driver_connection
    raw.set_progress_handler(lambda: steps.append(STEPS), STEPS)
    yield steps
    raw.set_progress_handler(None, 0)


def test_a_batch_of_talk_costs_as_much_however_much_is_kept(tmp_path):
    talk, steps = Talk(tmp_path), []
    with closing(talk.database):
        talk.say("alice", "!ir start API returns 500")
        for size in (LONG, 10 * LONG):
            lines = tuple(talk.heard("alice", f"line {number} of {size}") for number in range(size))
            talk.handle(TalkHeard(lines=lines))
            talk.later(seconds=STEPS)
            batch = TalkHeard(lines=tuple(talk.heard("bob", f"one {number} of {size}") for number in range(STEPS)))
            with talk.database.write() as session, _counted(session) as counted:
                talk.adapter.handle(session, batch, talk.now)
            steps.append(sum(counted))
    assert steps[1] <= 1.5 * steps[0]


sessions = st.lists(
    st.one_of(
        typed,
        st.sampled_from(
            [
                *("!ir update going on", "!ir status monitoring", "!ir public told", "!ir decided so", "!ir ic me"),
                *("!ir paged 3", "!ir paged 12 people", "!ir task none", "!ir action more @bob", "!ir close"),
                *("!ir outage begins 11:30", "!ir outage ends 11:50", "!log 11:40 OUTAGE ENDS", "!ir action done 1"),
                *("!ir impact for about 3 hours", "!ir well > under it", "!ir well none", "!log root@db1 alert"),
            ]
        ),
    ),
    max_size=12,
)


@given(sessions, st.booleans())
@few_examples()
def test_the_outline_of_a_report_says_what_the_whole_report_says(session, struck):
    with TemporaryDirectory() as folder, closing(Talk(Path(folder)).database) as database:
        talk = Talk(Path(folder))
        talk.operators.add("alice")
        for line in ("!ir start API returns 500", *session, *(["!ir strike 1"] if struck else [])):
            talk.say("alice", line)
        with database.read() as reading:
            outline, whole = (derive(reading, talk.application, 1) for derive in (outline_of, report_of))
        talk.database.close()
    assert (outline.missing, outline.warnings, outline.scorecard) == (whole.missing, whole.warnings, whole.scorecard)
    assert outline.durations.outages == whole.durations.outages
    assert outline.durations.outage_minutes == whole.durations.outage_minutes
    assert outline.durations.open_minutes == whole.durations.open_minutes
    assert [suggest(rule, outline) for rule in RULES] == [suggest(rule, whole) for rule in RULES]


@pytest.mark.parametrize(
    ("line", "back"),
    [
        (lambda count: f"!ir strike 2-{count + 1} typed twice", "!ir undo"),
        (lambda count: f"!ir add {', '.join(f'name{number}' for number in range(count))}", "!ir undo"),
    ],
)
def test_each_further_one_of_many_is_written_by_two_statements(incidents, line, back):
    talk, _ = incidents
    few, many = (_statements_of(talk, line(count), back) for count in (5, 20))
    assert many - few == 2 * 15


def test_each_further_entry_of_many_is_restored_by_two_statements(incidents):
    talk, _ = incidents
    talk.say("alice", "!ir strike 2-6")
    few = _statements_of(talk, "!ir undo")
    talk.say("alice", "!ir strike 2-21")
    assert _statements_of(talk, "!ir undo") - few == 2 * 15


def _statements_of(talk, line, back=None):
    """The number of statements in the writer's transaction."""
    statements = []
    with talk.database.write() as session:
        raw = session.connection.driver_connection
        raw.set_trace_callback(statements.append)
        talk.adapter.handle(session, talk.request("alice", line), talk.now)
        raw.set_trace_callback(None)
    if back:
        talk.say("alice", back)
    return len(statements)
