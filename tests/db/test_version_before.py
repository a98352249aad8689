"""A database of the version before opens, is migrated, exports the same bytes and can be worked on.

``before/`` holds the SQLite schema and the rows of such a database, and what its own version printed of it;
``server.sql`` adds what a bot on PostgreSQL leaves there. Its people played both reference incidents; a live one with
every kind of correction, a gap, filed tasks and a handover; a private one, a drill, a final report; one that still has
a redaction and a task to carry out; a note that waits for an incident.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import MetaData, func, inspect, select

from irscribe.cli import main
from irscribe.domain.intent import TASKS
from models import HEAD, Database, changes, entries, lines, metadata, outbox, words
from models.changes import AuditContext
from models.leaderlock import leader_lock
from models.migrating import _config, migrate
from models.tables import line
from tests.firstformat import in_first_format
from tests.organisations import wikimedia
from tests.replies import logged, note, taken_back, taken_in
from tests.talk import CHANNEL, NETWORK, NOON, Talk

BEFORE = Path(__file__).parent / "before"
VERSION = "0002"
TRACKER = wikimedia().phabricator.url
"""The task server of that version where the settings named none; its scorecards need no setting."""
PRINTED = {f"{number}.json": ["export", str(number), "--format", "json"] for number in range(1, 9)} | {
    "list.json": ["list", "--json"],
    "stats.json": ["stats", "--json"],
    "find.json": ["find", "--json", "runbook"],
    "show.txt": ["show", "3"],
}


@pytest.fixture
def before(url, tmp_path):
    """Such a database, of each kind, and the settings that name it."""
    rows = (BEFORE / "rows.sql").read_text(encoding="utf-8")
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(tmp_path / "irscribe.db")) as made:
            made.executescript((BEFORE / "schema.sql").read_text(encoding="utf-8") + rows)
    else:
        _fill_server(url, rows)
    settings = f'[core]\nchannels = "#incidents"\n[irscribe]\ndatabase = {url}\n[phabricator]\nurl = {TRACKER}\n'
    (tmp_path / "config.ini").write_text(settings, encoding="utf-8")
    return url


def _fill_server(url, rows):
    """Make the tables by the scripts of that version, as its bot did on a server, and fill them."""
    with closing(Database(url)) as database, database.write() as session:
        config = _config()
        config.attributes["connection"] = session
        command.upgrade(config, VERSION)
        session.exec_driver_sql("delete from alembic_version")
        session.exec_driver_sql("set local time zone 'UTC'")
        session.exec_driver_sql(rows.replace("%", "%%"))
        session.exec_driver_sql((BEFORE / "server.sql").read_text(encoding="utf-8"))


def test_it_is_migrated_and_every_verb_prints_what_it_printed(before, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["migrate"]) == 0
    assert f"at version {HEAD}" in capsys.readouterr().out
    for file, arguments in PRINTED.items():
        expected = (BEFORE / file).read_text(encoding="utf-8")
        assert main(arguments) == 0
        printed, errors = capsys.readouterr()
        if arguments[0] == "export":
            # In the keys of its time, which stand in the order of its time.
            printed, expected = json.dumps(in_first_format(json.loads(printed))), json.dumps(json.loads(expected))
        assert (printed, errors) == (expected, "")


def test_nothing_of_it_is_lost(before):
    with closing(Database(before)) as database:
        held = _counts(database)
        assert migrate(database) == VERSION
        assert sorted(filter(None, _counts(database, besides="sent"))) == sorted(filter(None, held))
        with database.read() as session:
            assert {*inspect(session).get_table_names()} == {*metadata.tables, "alembic_version"}


def test_its_change_log_speaks_of_the_columns_of_today(talk):
    with talk.database.write() as session:
        adopted = changes.of_table(session, 3, line)
        assert [(each.old, each.new) for each in adopted] == [
            ({"disposition": "waiting"}, {"disposition": "taken"}),
            ({"disposition": "waiting"}, {"disposition": "taken"}),
        ]
        for each in adopted:
            changes.restore(session, AuditContext(incident=3, line=None, person=None, nick="alice", at=talk.now), each)
        assert len(lines.waiting(session, NETWORK, CHANNEL, since=talk.now - timedelta(days=1))) == len(adopted)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_standby_of_that_version_gets_as_far_as_to_see_that_it_is_too_old(before):
    with closing(Database(before)) as database:
        migrate(database)
        with database.write() as session:
            assert session.exec_driver_sql("select owner from turn where owner = 'irscribe standby'").first() is None
            session.exec_driver_sql("delete from turn")
            session.exec_driver_sql("insert into turn (owner) values ('irscribe standby')")
            assert session.execute(select(leader_lock)).scalars().all() == ["irscribe standby"]


def _counts(database, *, besides=None):
    """The number of rows of each table."""
    found = MetaData()
    with database.read() as session:
        found.reflect(session)
        return [
            session.execute(select(func.count()).select_from(table)).scalar()
            for name, table in found.tables.items()
            if name != besides
        ]


@pytest.fixture
def talk(before, tmp_path):
    """People who go on there, a minute after its last line."""
    with closing(Database(before)) as database:
        migrate(database)
    talk = Talk(tmp_path, url=before)
    talk.now = NOON - timedelta(days=2) + timedelta(hours=1, minutes=48)
    for nick in ("bob", "carol"):
        talk.accounts[nick] = nick.title()
    talk.say = partial(talk.say, msgid=None)
    with closing(talk.database):
        yield talk


def test_people_go_on_where_they_stopped(talk):
    assert talk.say("bob", "!log going on") == [logged(4, at="13:48")]
    assert talk.say("bob", "!ir undo") == [taken_back(note(4, "going on"))]
    assert talk.say("bob", "!ir undo") == [taken_back(note(2, "looking"))]
    assert talk.say("carol", "!ir @3 undo") == [taken_back("scorecard answer 6")]
    assert "1 note from before waits" in talk.say("frank", "!ir start a new one", channel="#elsewhere")[0]
    assert talk.say("frank", "!ir adopt", channel="#elsewhere") == [taken_in(2)]


def test_what_was_still_to_be_done_is_done(talk):
    with talk.database.write() as session:
        while words.catch_up(session):
            pass
        due = [*outbox.rewrites(session), *outbox.due(session, talk.now, TASKS)]
    assert sorted(each.kind.value for each in due) == ["rewrite", "rewrite", "rewrite", "task"]
    assert talk.say("bob", "!ir find neither is this")[0].startswith("7 ")
    with talk.database.read() as session:
        assert [version.redacted for version in entries.versions(session, 7, 3)] == ["a password in it"]
