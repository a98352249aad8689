"""Reports read back into the record: what comes out is what went in."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from irscribe.config import load
from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.errors import ReportError
from irscribe.engine.importing import Importer, Pacing
from irscribe.render import render
from irscribe.render.json import read
from irscribe.services.application import build_application
from irscribe.services.report.assembly import report_of
from irscribe.services.report.exports import style
from models import Database, incidents, metadata
from models.migrating import migrate
from tests.examples import few_examples
from tests.replies import logged
from tests.strategies import reports
from tests.talk import CHANNEL, NETWORK, Talk

APPLICATION = build_application(load(None))


def as_json(report):
    return render(report, "json", style(APPLICATION))


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('importing') / 'record.db'}")
    migrate(database)
    yield database
    database.close()


@contextmanager
def emptied(database):
    """A database that is empty, and is emptied again."""
    try:
        yield database
    finally:
        with database.write() as session:
            for table in reversed(metadata.sorted_tables):
                session.execute(delete(table))


def import_report(database, report, application=APPLICATION):
    return Importer(database, application, pacing=Pacing(pause=0)).run(report)


def exported(database, number=1):
    with database.read() as session:
        return as_json(report_of(session, APPLICATION, number))


def numbers(database):
    with database.read() as session:
        return incidents.every_number(session)


SPOKEN = (
    "!log the site is slow",
    "!log -10m the queue grows",
    "!log ??:?? somebody restarted it",
    "!log ~11:40 11:50 or so",
    "!log 11:00-11:30 a range",
    "!log 2026-11-22 a day",
    "!log OUTAGE BEGINS",
    "!log 11:45 OUTAGE for most VMs ENDS it recovers",
    "!log + and more",
    "!log +| and a line",
    "!ir outage begins -20m NFS",
    "!ir outage ends -1m NFS",
    "!ir fix 2 s/e/E/",
    "!ir fix 1 11:59 another text",
    "!ir move 3 ~11:30",
    "!ir strike 2 twice",
    "!ir unstrike 2",
    "!ir redact 3 a password",
    "!ir undo",
    "!ir status monitoring",
    "!ir update half of it",
    "!ir public posted",
    "!ir sev 2",
    "!ir title “API” returns 500",
    "!ir task T123",
    "!ir task none",
    "!ir paged 35 (batphone)",
    "!ir metrics none",
    "!ir start-time 11:35",
    "!ir end-time 11:55",
    "!ir end-time 10:55",
    "!ir private on",
    "!ir summary it lasted 3 hours",
    "!ir summary +| second",
    "!ir impact x",
    "!ir impact -",
    "!ir detection none",
    "!ir well one",
    "!ir well > under",
    "!ir well drop 1",
    "!ir poorly none",
    "!ir link https://example.org/ a page",
    "!ir action add a runbook @bob T1",
    "!ir action done 1",
    "!ir action drop 1",
    "!ir action none",
    "!ir join the database",
    "!ir leave",
    "!ir add Bob, Dora",
    "!ir add Alice",
    "!ir remove Bob",
    "!ir others + volunteers",
    "!ir ic",
    "!ir ic carol",
    "!ir ic me",
    "!ir ic none",
    "!ir handoff bob",
    "!ir accept",
    "!ir decided we roll back",
    "!ir ask why?",
    "!ir theory a bad deploy",
    "!ir theory OUTAGE BEGINS twice",
    "!ir theory 1 ruled out it was on Monday",
    "!ir theory 1 likely",
    "!ir theory 2 confirmed",
    "!ir strike 3",
    "!ir role comms bob",
    "!ir role comms me",
    "!ir role deputy none",
    "!ir figure users 1200",
    "!ir figure users 3.4M",
    "!ir figure users none",
    "!ir figure error rate 2.5%",
    "!ir same 1",
    "!ir shift watch it",
    "!ir action 1 due 2026-12-24",
    "!ir close",
    "!ir close 11:58",
    "!ir reopen",
    "!ir cancel a drill",
    "!ir review",
    "!ir final! enough",
    "!ir score yn-.y",
    "!ir score! 3 no, nobody",
    "!ir scorecard wikimedia-2021",
    "yes, it was",
    "ok",
    "skip",
)
LINES = st.lists(
    st.tuples(st.sampled_from(["alice", "bob", "carol"]), st.sampled_from(SPOKEN), st.integers(0, 400)), max_size=40
)
OPENINGS = st.sampled_from(
    ["!ir start API returns 500", "!ir start", "!ir start -30m --drill x", "!ir start 2019-10-07 14:00 wmcs-network"]
)


@few_examples()
@given(opening=OPENINGS, lines=LINES)
def test_whatever_is_played_in_a_channel_survives_export_and_import(database, tmp_path_factory, opening, lines):
    report = played(tmp_path_factory.mktemp("played"), opening, lines)
    with emptied(database) as record:
        import_report(record, read(as_json(report)))
        assert exported(record) == as_json(report)


def played(folder, opening, lines):
    talk = Talk(folder, config=load(None))
    talk.operators.add("carol")
    talk.accounts["bob"] = "robert"
    talk.present = ("alice", "bob", "carol")
    talk.say("alice", opening)
    for nick, line, seconds in lines:
        talk.later(seconds=seconds, microseconds=250_000)
        talk.say(nick, line, channel=CHANNEL if line.startswith("!") else None)
    report = talk.report()
    talk.database.close()
    return report


@few_examples(HealthCheck.data_too_large)
@given(report=reports(consistent=True))
def test_a_report_comes_out_of_an_empty_database_as_it_went_in(database, report):
    with emptied(database) as record:
        assert import_report(record, read(as_json(report)))
        assert exported(record, report.incident.number) == as_json(report)
        assert not import_report(record, report)
        assert exported(record, report.incident.number) == as_json(report)


@pytest.fixture
def report(tmp_path):
    """A live incident as it was exported."""
    return played(
        tmp_path,
        "!ir start API returns 500",
        [("alice", "!ir ic", 5), ("alice", "!log a note", 60), ("alice", "!ir close", 600)],
    )


def changed(report, **incident):
    return replace(report, incident=replace(report.incident, **incident))


def test_a_number_taken_by_another_incident_is_refused_and_stays_as_it_is(database, report):
    with emptied(database) as record:
        import_report(record, report)
        before = exported(record)
        with pytest.raises(ReportError, match="Incident 1 is there already and differs"):
            import_report(record, changed(report, severity=1))
        assert exported(record) == before


def test_a_report_with_a_silence_in_it_was_there_already(talk):
    talk.say("alice", "!ir start API returns 500")
    for fraction in (250_000, 125_000):
        hearing = HeardUntil(network=NETWORK, channels=(CHANNEL,), until=talk.now + timedelta(microseconds=fraction))
        talk.handle(replace(hearing, over=True))
        talk.later(minutes=4, microseconds=fraction)
        talk.handle(ChannelRejoined(network=NETWORK, channel=CHANNEL, at=talk.now, said_before=talk.now))
    report = read(as_json(talk.report()))
    assert len(report.gaps) == 2
    assert not import_report(talk.database, report)


def test_a_refused_report_leaves_nothing_behind(database, report):
    with pytest.raises(ReportError):
        import_report(database, changed(report, id="2026-11-22 something else"))
    with database.read() as session:
        assert [table.name for table in metadata.sorted_tables if session.execute(select(table)).first()] == []


def test_an_imported_incident_leaves_its_number_to_no_other(database, report):
    with emptied(database) as record:
        import_report(record, changed(report, number=41))
        import_report(record, report)
        assert numbers(record) == [1, 41]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"id": "2026-11-22 something else"}, "report.incident.id"),
        ({"state": "open"}, "report.durations"),
    ],
)
def test_a_report_that_contradicts_itself_is_refused_with_the_place(database, report, change, place):
    raw = json.loads(as_json(report))
    raw["incident"] |= change
    with emptied(database) as record, pytest.raises(ReportError, match=place):
        import_report(record, read(json.dumps(raw)))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda raw: raw["timeline"][0]["author"].update(account="a\0b"), "timeline[0].author.account"),
        (lambda raw: raw["timeline"][1].update(speaker="\0"), "timeline[1].speaker"),
        (lambda raw: raw.update(summary="\0"), "summary"),
        (lambda raw: raw["incident"].update(network="\0"), "incident.network"),
    ],
)
def test_what_not_every_database_keeps_is_refused_with_the_place(database, report, change, place):
    raw = json.loads(as_json(report))
    change(raw)
    with pytest.raises(ReportError, match=rf"^{re.escape(place)}: .*NUL"):
        import_report(database, read(json.dumps(raw)))


def test_an_unknown_questionnaire_is_refused_with_the_setting_that_names_it(database, report):
    unknown = replace(report, scorecard=replace(report.scorecard, version="nasa-1969"))
    with pytest.raises(ReportError, match=r"nasa-1969 is not here: \[irscribe\] scorecards"):
        import_report(database, unknown)


def test_an_imported_incident_goes_on_where_it_was(tmp_path, report):
    folder = tmp_path / "other"
    folder.mkdir()
    talk = Talk(folder)
    talk.operators.add("bob")
    import_report(talk.database, changed(report, number=7))
    shown = talk.say("bob", "!ir show 7")[0]
    assert shown.startswith("7 “API returns 500”: closed after 11 min, report a draft; coordinator a\u200blice")
    assert "is open again, investigating. #4" in talk.say("bob", "!ir reopen @7")[0]
    assert talk.say("bob", "!log goes on") == [logged(5)]
    assert talk.say("bob", "!ir start! next")[0].startswith("Incident 8")
    talk.database.close()
