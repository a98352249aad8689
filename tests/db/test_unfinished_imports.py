"""An unfinished import: nobody sees it, its number is taken, and the next run goes on with it or removes it."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import replace
from threading import Thread

import pytest
from sqlalchemy import text

from irscribe.cli import main
from irscribe.cli.importing import STAYS
from irscribe.config import load
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.errors import ReportError
from irscribe.domain.moment import Moment
from irscribe.domain.report import Kind, State
from irscribe.engine.importing import Importer, Pacing, portions
from irscribe.render import render
from irscribe.render.json import read
from irscribe.services.application import build_application
from irscribe.services.report.exports import style
from irscribe.services.report.imports import head_of, rows_of
from models import Database, coverage, entries, imports, incidents, searching, sqlite, words
from models.changes import AuditContext
from models.entries import Typist, Writing
from models.imports import TakenOverError
from models.migrating import migrate
from models.newrows import entry_rows, insert_rows
from models.visibility import OPERATOR, PUBLIC, in_channel
from tests.botprocess import BOT
from tests.snapshot import kept_texts, record
from tests.talk import CHANNEL, NETWORK, NOON, Talk
from tests.waiting import HANGS, wait_until

SMALL = Pacing(rows=3, pause=0)
NUMBER = 7
APPLICATION = build_application(load(None))
STYLE = style(APPLICATION)
WORD = "krypton"


class Killed(BaseException):
    """Stands for the end of a process behind a commit."""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """An open incident with something in each part."""
    talk = Talk(tmp_path_factory.mktemp("source"))
    with closing(talk.database):
        for line in (
            f"!ir start {WORD} leaks",
            "!ir ic",
            f"!log OUTAGE BEGINS for {WORD}",
            f"!log {WORD} again",
            "!log more",
            f"!ir summary {WORD}",
            "!ir well one",
            "!ir action add a runbook @bob T1",
            "!ir link https://example.org/ a page",
        ):
            talk.say("alice", line)
        found = talk.report()
    return replace(found, incident=replace(found.incident, number=NUMBER))


def importer(talk, **more):
    return Importer(talk.database, talk.application, pacing=SMALL, **more)


def stopped_behind(portion, talk, report):
    """Import up to a portion, and die behind its commit."""
    left = iter(range(portion))

    def die(_progress):
        if next(left, None) is None:
            raise Killed

    with suppress(Killed):
        importer(talk, show=die).run(report)


def size_of(report):
    return sum(1 for _ in portions(rows_of(APPLICATION, report), SMALL))


def as_json(report):
    return render(report, "json", STYLE)


def seen(talk):
    """Everything that anybody is given of any incident but the first."""
    with talk.database.read() as session:
        readers = (OPERATOR, PUBLIC, in_channel(NETWORK, CHANNEL))
        yield from (each for reader in readers for each in incidents.latest(session, limit=9, reader=reader))
        yield from incidents.every_number(session)
        yield from incidents.open_in(session, NETWORK, CHANNEL)
        yield from coverage.live_incidents(session, NETWORK, CHANNEL)
        yield from searching.find(session, [WORD], limit=9, reader=OPERATOR)
        yield incidents.get(session, NUMBER)
        yield incidents.get(session, 1).open_here - 1


def expect_unseen(talk):
    found = [each for each in seen(talk) if each]
    assert {getattr(each, "number", each) for each in found} == {1}, found
    assert talk.say("bob", f"!ir show {NUMBER}") == [
        f"There is no incident {NUMBER} here: !ir list shows what there is."
    ]
    assert "Nothing holds" in talk.say("bob", f"!ir find {WORD}")[0]
    assert len(talk.say("bob", "!ir list")) == 1


def test_nobody_sees_an_import_before_its_last_portion_and_the_next_run_goes_on(talk, report):
    told = []
    talk.say("alice", "!ir start disk full")
    for _ in range(size_of(report)):
        stopped_behind(0, talk, report)
        expect_unseen(talk)
    assert importer(talk, tell=told.append).run(report)
    assert len(told) == 1
    assert f"import of incident {NUMBER} goes on" in told[0]
    assert as_json(talk.report(NUMBER)) == as_json(report)
    assert not importer(talk).run(report)


def test_the_number_of_an_unfinished_import_is_given_to_no_other_incident(talk, report):
    talk.say("alice", "!ir start disk full")
    stopped_behind(0, talk, report)
    assert talk.say("alice", "!ir start! another")[0].startswith(f"Incident {NUMBER + 1} ")


def test_a_number_that_an_import_takes_just_now_is_given_to_no_other_incident(url, tmp_path, report):
    talk = Talk(tmp_path, url=url)
    with closing(talk.database):
        with talk.database.write() as session:
            incidents.lock_numbers(session)
            imports.begin(session, head_of(report, CaseMapping.ASCII), digest="x")
            opening = Thread(target=talk.say, args=("alice", "!ir start disk full"))
            opening.start()
            if talk.database.file is None:
                wait_until(lambda: waits_for_a_lock(talk), HANGS, "nobody waits for the number")
        opening.join(HANGS)
        assert talk.report(NUMBER + 1).incident.title == "disk full"


def waits_for_a_lock(talk):
    with talk.database.read() as session:
        own = "select 1 from pg_locks join pg_database on oid = database where datname = current_database()"
        return session.execute(text(f"{own} and not granted")).first()


def test_an_unfinished_import_of_another_report_is_removed_to_its_last_row(talk, report):
    told = []
    talk.say("alice", "!ir start disk full")
    stopped_behind(size_of(report) - 1, talk, report)
    other = replace(report, incident=replace(report.incident, severity=1))
    assert importer(talk, tell=told.append).run(other)
    (said,) = told
    assert f"incident {NUMBER} is removed first" in said
    assert as_json(talk.report(NUMBER)) == as_json(other)
    assert kept_texts(talk).count("add a runbook") == 2  # the row, and that it was added


def test_an_unfinished_import_can_be_removed_and_nothing_of_it_stays(talk, report):
    talk.say("alice", "!ir start disk full")
    before = record(talk)
    stopped_behind(size_of(report) - 1, talk, report)
    with talk.database.read() as session:
        assert imports.numbers(session) == [NUMBER]
    assert importer(talk).remove(NUMBER)
    assert record(talk) == before
    assert not importer(talk).remove(NUMBER)
    assert not importer(talk).remove(1)
    assert talk.report(1).incident.number == 1


def test_a_removal_that_was_interrupted_is_gone_on_with(filed, report):
    stopped_behind(size_of(report) - 1, filed, report)
    with filed.database.write() as session:
        given_up = imports.give_up(session, imports.find(session, NUMBER))
        assert imports.remove_some(session, given_up, limit=1)
    assert importer(filed).run(report)
    assert as_json(filed.report(NUMBER)) == as_json(report)


def test_of_two_imports_of_one_incident_one_stops(talk, report):
    def import_beside(_progress):
        other.run(report)

    other = importer(talk)
    with pytest.raises(TakenOverError, match=f"Another import of incident {NUMBER}"):
        importer(talk, show=import_beside).run(report)
    assert as_json(talk.report(NUMBER)) == as_json(report)


def test_an_incident_that_is_opened_under_the_number_meanwhile_stays_as_it_is(filed, report):
    def open_one(_sentence):
        assert importer(filed).remove(1)
        filed.say("alice", "!ir start disk full")

    first = replace(report, incident=replace(report.incident, number=1))
    stopped_behind(0, filed, replace(first, incident=replace(first.incident, severity=1)))
    with pytest.raises(ReportError, match="Incident 1 is there already and differs"):
        importer(filed, tell=open_one).run(first)
    assert filed.report(1).incident.title == "disk full"


def test_what_was_imported_is_indexed_and_found(filed, report):
    importer(filed).run(report)
    with filed.database.write() as session:
        assert words.is_behind(session)
        assert words.catch_up(session)
    assert WORD in filed.say("bob", f"!ir find {WORD}")[0]


def test_an_open_incident_that_was_imported_is_open_in_its_channel(filed, report):
    importer(filed).run(report)
    with filed.database.read() as session:
        assert [each.state for each in incidents.open_in(session, NETWORK, CHANNEL)] == [State.OPEN]
        assert len(entries.all_of(session, NUMBER)) == incidents.get(session, NUMBER).entries


def test_a_portion_has_few_rows_and_few_characters(report):
    rows = [*rows_of(APPLICATION, report)]
    pacing = Pacing(rows=5, characters=200)
    cut = [*portions(rows, pacing)]
    assert [row for portion in cut for row in portion] == rows
    for portion in cut:
        assert len(portion) <= 5
        assert len(portion) == 1 or sum(row.size for row in portion) <= 200


@pytest.mark.parametrize(
    "name", ["", "incidents", "../../etc", "#", "#a b", "#a,b", "#a:b", "#a\x07", "#a\nb", "#a\x1b[31m", "#" * 256]
)
def test_a_channel_is_called_like_a_channel(filed, report, name):
    strange = replace(report, incident=replace(report.incident, channel=name))
    with pytest.raises(ReportError, match=r"^incident\.channel: "):
        importer(filed).run(strange)


def test_a_text_that_only_some_databases_keep_is_refused_on_all(talk, report):
    strange = replace(report, incident=replace(report.incident, network="n" * 65))
    with pytest.raises(ReportError, match=r"^incident\.network: "):
        importer(talk).run(strange)


@pytest.fixture(scope="module")
def long_report(tmp_path_factory):
    """A report that takes many portions."""
    talk = Talk(tmp_path_factory.mktemp("long"))
    audit = AuditContext(incident=1, line=None, person=None, nick="alice", at=NOON)
    note = Writing(moment=Moment(at=NOON), text="the queue grows", kind=Kind.NOTE)
    by = Typist(person=None, nick="alice", account=None)
    with closing(talk.database):
        talk.say("alice", "!ir start API returns 500")
        with talk.database.write() as session:
            for number in range(2, 2002):
                insert_rows(session, entry_rows(audit, note, by=by, number=number, version=1))
        found = talk.report()
    return replace(found, incident=replace(found.incident, number=NUMBER))


@pytest.fixture
def home(tmp_path, monkeypatch, long_report):
    """A folder with a database in it, and a file to import."""
    monkeypatch.chdir(tmp_path)
    with closing(Database(load(None).database)) as database:
        migrate(database)
    (tmp_path / "report.json").write_text(as_json(long_report))
    return tmp_path


def test_an_import_that_is_killed_is_gone_on_with(home, capsys):
    with subprocess.Popen([sys.executable, str(BOT), "import", "report.json"]) as process:
        wait_until(written, HANGS, "nothing is written")
        process.send_signal(signal.SIGKILL)
    assert main(["list"]) == main(["import", "report.json"]) == main(["export", "7", "--format", "json"]) == 0
    nothing, goes_on, imported, *exported = capsys.readouterr().out.splitlines()
    assert nothing == "Nothing."
    assert "import of incident 7 goes on" in goes_on
    assert imported == "report.json: incident 7 imported."
    assert exported == (home / "report.json").read_text().splitlines()


def written():
    with closing(Database(load(None).database)) as database, database.read() as session:
        return imports.find(session, NUMBER)


def test_check_names_what_is_not_finished_and_how_to_go_on(home, capsys):
    with closing(Database(load(None).database)) as database, database.write() as session:
        imports.begin(session, head_of(read((home / "report.json").read_text()), CaseMapping.ASCII), digest="x")
    assert main(["check", "--offline"]) == 0
    (said,) = [line for line in capsys.readouterr().out.splitlines() if "not finished" in line]
    assert said.startswith(f"warning  database: the import of {NUMBER} is not finished")
    assert said.endswith(f"bot.py import --remove {NUMBER}")
    assert main(["import", "--remove", str(NUMBER)]) == 0
    assert main(["check", "--offline"]) == 0
    assert "not finished" not in capsys.readouterr().out


def test_a_database_that_is_locked_is_one_line(home, monkeypatch, capsys):
    monkeypatch.setattr(sqlite, "PRAGMAS", ("busy_timeout=50", *sqlite.PRAGMAS[1:]))
    with closing(Database(load(None).database)) as database, database.write():
        assert main(["import", "report.json"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"report.json: The database cannot be used (database is locked); {STAYS}.\n"
