"""Reports as files: asked for in the channel, written once the turn is committed."""

from __future__ import annotations

from stat import S_IMODE

import pytest

from irscribe.render import FORMATS
from tests.talk import CHANNEL


def test_an_export_writes_every_format_and_says_where_the_page_lies(shelf):
    here = shelf()
    said = here.export()
    assert len(said) == 1
    assert said[0].startswith(f"The report of 1 is at {here.folder}/reports/incident-1.html (and beside it .json,")
    assert here.names() == {f"incident-1{ending}" for ending in FORMATS.values()}


@pytest.mark.parametrize("form", FORMATS)
def test_one_format_is_written_alone(shelf, form):
    here = shelf()
    name = f"incident-1{FORMATS[form]}"
    assert here.export(f"!ir export {form.upper()}") == [f"The report of 1 is at {here.folder}/reports/{name}"]
    assert here.names() == {name}


def test_a_report_under_an_address_is_named_by_it(shelf):
    here = shelf(reports_url="https://reports.example.org/ir/")
    assert here.export("!ir export json") == ["The report of 1 is at https://reports.example.org/ir/incident-1.json"]


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("pdf", "there are json, wikitext"), ("htlm", "did you mean html?"), ("wiki", "did you mean wikitext?")],
)
def test_an_unknown_format_is_refused_with_those_there_are(shelf, typed, hint):
    here = shelf()
    assert hint in here.export(f"!ir export {typed}")[0]
    assert here.names() == set()


def test_a_private_report_never_lies_under_the_address(shelf):
    here = shelf(reports_url="https://reports.example.org/ir")
    here.talk.say("alice", "!ir private on")
    said = here.export("!ir export json")
    assert said == [f"The report of 1 is at {here.folder}/reports-private/incident-1.json"]
    assert here.names() == set()
    assert S_IMODE((here.folder / "reports-private/incident-1.json").stat().st_mode) == 0o600


def test_a_report_that_becomes_private_leaves_the_address(shelf):
    here = shelf(reports_url="https://reports.example.org/ir")
    here.export("!ir export json")
    here.talk.say("alice", "!ir private on")
    here.files.rewrite_due()
    assert here.names() == set()
    assert here.names("reports-private") == {"incident-1.json"}
    here.talk.say("alice", "!ir private off")
    here.files.rewrite_due()
    assert (here.names(), here.names("reports-private")) == ({"incident-1.json"}, set())


def test_an_export_asked_for_in_private_is_answered_there(shelf):
    here = shelf()
    here.export("!ir export json", channel=None)
    assert [each.to for each in here.said] == ["alice"]
    here.export("!ir export json")
    assert [each.to for each in here.said] == [CHANNEL]


def test_a_folder_that_cannot_be_written_is_said(shelf):
    here = shelf()
    (here.folder / "reports").write_text("in the way", encoding="utf-8")
    assert here.export("!ir export json") == ["The report of 1 could not be written: File exists."]


def test_the_same_record_gives_the_same_bytes(shelf):
    here = shelf()
    here.export()
    before = {name: (here.folder / "reports" / name).read_bytes() for name in here.names()}
    here.talk.later(days=400)
    here.talk.say("bob", "!ir start another", channel="#elsewhere")
    here.export()
    assert before == {name: (here.folder / "reports" / name).read_bytes() for name in here.names()}
