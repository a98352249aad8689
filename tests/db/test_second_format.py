"""The additions of ``irscribe.report/2`` to the first version go into the record and come out again."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace

import pytest
from alembic import command
from sqlalchemy import select, update

from irscribe.domain.errors import ReportError
from irscribe.engine.importing import Importer, Pacing
from irscribe.render import render
from irscribe.render.json import read
from irscribe.services.report.exports import style
from models.migrating import _config, migrate
from models.tables import coordinator, entry_version
from tests.firstformat import in_first_format
from tests.reports import watched
from tests.talk import Talk


@pytest.fixture
def talk(tmp_path, url):
    talk = Talk(tmp_path, url=url)
    with closing(talk.database):
        yield talk


def as_json(talk, report):
    return render(report, "json", style(talk.application))


def take_in(talk, report):
    Importer(talk.database, talk.application, pacing=Pacing(pause=0)).run(report)


def played(talk):
    """An incident with a coordinator, closed, and what no command fills put into its JSON."""
    talk.say("alice", "!ir start API returns 500")
    for line in ("!ir ic", "!log one", "!log two", "!ir action a runbook", "!ir action 1 due 2026-12-24"):
        talk.later(minutes=10)
        talk.say("alice", line)
    talk.later(minutes=10)
    talk.say("alice", "!ir ic bob")
    talk.say("alice", "!ir close")
    data = json.loads(as_json(talk, talk.report()))
    whole = json.loads(as_json(talk, watched()))
    for key in ("alerts", "impact_figures", "components", "factors", "related", "unplaced"):
        data[key] = whole[key]
    data["incident"]["number"] = 40
    data["metadata"]["page"] = whole["metadata"]["page"]
    data["roles"].append({"role": "comms", "name": "carol", "from": "2026-11-22T12:20:00Z", "until": None})
    return read(json.dumps(data))


def test_all_of_it_comes_out_of_the_record_byte_for_byte(talk):
    report = played(talk)
    assert [(each.role, each.name) for each in report.roles] == [
        ("coordinator", "alice"),
        ("coordinator", "bob"),
        ("comms", "carol"),
    ]
    take_in(talk, report)
    assert as_json(talk, talk.report(40)) == as_json(talk, report)
    assert talk.report(40).alerts == watched().alerts
    assert talk.report(40).metadata.page == watched().metadata.page


def test_a_figure_whose_number_is_not_what_its_text_says_is_refused_with_the_place(talk):
    report = played(talk)
    wrong = replace(report, impact_figures=(replace(report.impact_figures[0], value=7),))
    with pytest.raises(ReportError, match=r"report\.impact_figures\[0\]\.value"):
        take_in(talk, wrong)


def test_a_file_of_the_first_version_is_taken_in_with_coordinators_whose_times_are_unknown(talk):
    first = read(json.dumps(in_first_format(json.loads(as_json(talk, played(talk))))))
    take_in(talk, first)
    assert [(each.name, each.since, each.until) for each in talk.report(40).roles] == [
        ("alice", None, None),
        ("bob", None, None),
    ]
    shown = talk.say("carol", "!ir show 40")[0]
    assert "coordinator b\u200bob" in shown


def test_the_end_that_earlier_versions_invented_for_such_coordinators_is_taken_out(talk):
    first = read(json.dumps(in_first_format(json.loads(as_json(talk, played(talk))))))
    take_in(talk, first)
    unknown = (coordinator.c.incident == 40, coordinator.c.number == 1)
    with talk.database.write() as session:
        config = _config()
        config.attributes["connection"] = session
        command.downgrade(config, "0009")
        assert session.execute(select(coordinator.c.until).where(*unknown)).scalar() == first.incident.opened_at
    migrate(talk.database)
    assert [each.until for each in talk.report(40).roles] == [None, None]
    assert talk.report(1).roles[0].until is not None


def test_the_version_before_reads_an_entry_about_a_theory_as_a_note(talk):
    talk.say("alice", "!ir start API returns 500")
    with talk.database.write() as session:
        session.execute(update(entry_version).values(kind="theory"))
        config = _config()
        config.attributes["connection"] = session
        command.downgrade(config, "0009")
        assert {row[0] for row in session.execute(select(entry_version.c.kind))} == {"note"}
