"""The parts of a report that its readers see in every format, and those that only its writers see."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from irscribe.domain.marker import outage_marker
from irscribe.domain.report import Kind, MarkerKind, State
from irscribe.render import render, wording
from irscribe.render.json import read
from irscribe.render.taskmarkup import ON_SERVER
from tests import reading, reports
from tests.reports import at, entry, outage

LAYOUTS = ("plain", "wikimedia", "wikimedia-2021", "wikimedia-2019")
FORMATS = [("text", "wikimedia"), ("markdown", "wikimedia"), ("html", "wikimedia"), ("remarkup", "wikimedia")]
FORMATS += [("wikitext", layout) for layout in LAYOUTS]
OUTAGES_LISTED = ("text", "markdown", "html", "remarkup")
JOINT = "\u200b"

every_format = pytest.mark.parametrize(("form", "layout"), FORMATS)


def shown(report, form, layout="wikimedia", *, published=False):
    """The text of a report as a reader sees it, on one line."""
    page = render(report, form, replace(reports.style(layout), published=published))
    seen = reading.seen(page) if form == "html" else page.replace(JOINT, "").replace("\\", "")
    return " ".join(seen.split())


def told(*timeline, **incident):
    """The incident of 2019 with another timeline."""
    seed = reports.seed_2019()
    return replace(seed, timeline=timeline, incident=replace(seed.incident, **incident))


@every_format
def test_a_decision_reads_as_one(form, layout):
    decided = entry(1, "2019-10-07 15:00", "we roll back", kind=Kind.DECISION)
    assert "15:00" in shown(told(decided), form, layout)
    assert "Decided: we roll back" in shown(told(decided), form, layout)
    assert "Decided" not in shown(told(replace(decided, kind=Kind.NOTE)), form, layout)


@every_format
@pytest.mark.parametrize("text", ["decided: we roll back", "Decided to roll back", "DECIDED - we roll back"])
def test_a_decision_that_says_so_itself_is_not_said_twice(form, layout, text):
    seen = shown(told(entry(1, "2019-10-07 15:00", text, kind=Kind.DECISION)), form, layout)
    assert len(re.findall("decided", seen, re.IGNORECASE)) == seen.count(text)
    assert text in seen


def test_a_decision_stays_as_typed_in_json():
    report = told(entry(1, "2019-10-07 15:00", "we roll back", kind=Kind.DECISION))
    (kept,) = read(render(report, "json", reports.style())).timeline
    assert (kept.text, kept.kind) == ("we roll back", Kind.DECISION)


@pytest.mark.parametrize("form", OUTAGES_LISTED)
def test_an_outage_names_when_it_was_over_for_a_part(form):
    assert "16:30 for most VMs" in shown(reports.seed_2019(), form)
    assert "19:15 for" not in shown(reports.seed_2019(), form)


@pytest.mark.parametrize("form", OUTAGES_LISTED)
def test_a_partial_end_of_another_day_has_its_date_and_a_bare_scope_reads_as_english(form):
    ends = outage_marker(MarkerKind.ENDS, "NFS")
    mark = replace(ends, phrase="NFS OUTAGE ENDS", scope="NFS")
    seed = reports.seed_2019()
    late = outage(20, "2019-10-08 01:10", "NFS OUTAGE ENDS", mark)
    whole = replace(seed.durations.outages[0], ends=at("2019-10-08 02:00"))
    report = replace(seed, timeline=(*seed.timeline[:4], late), durations=replace(seed.durations, outages=(whole,)))
    assert "2019-10-08 01:10 for NFS" in shown(report, form)


@pytest.mark.parametrize("case", [each for each in reports.NASTY if each["rendered"]], ids=lambda case: case["id"])
def test_the_scope_of_a_partial_end_shows_as_typed(case):
    scope = " ".join(case["rendered"].split())
    begins, ends = outage_marker(MarkerKind.BEGINS, None), outage_marker(MarkerKind.ENDS, scope)
    marks = (outage(1, "2019-10-07 15:45", begins.phrase, begins), outage(2, "2019-10-07 16:30", ends.phrase, ends))
    report = told(*marks)
    (sentence,) = wording.outages(report)
    wanted = reading.squeezed(f"16:30 {ends.scope}")
    pages = {form: render(report, form, reports.style()) for form in OUTAGES_LISTED}
    assert wanted in sentence
    assert wanted in reading.squeezed(pages["text"])
    assert wanted in reading.squeezed(reading.seen(pages["html"]))
    assert wanted in reading.squeezed(reading.seen(MarkdownIt("commonmark").render(pages["markdown"])))
    assert f"- {ON_SERVER.typed(sentence)}\n" in pages["remarkup"]


def _joined(report, when, left=None):
    people = tuple(replace(each, joined_at=at(when), left_at=left and at(left)) for each in report.metadata.responders)
    return replace(report, metadata=replace(report.metadata, responders=people))


@every_format
def test_who_joined_to_write_the_report_years_later_did_not_join_the_incident(form, layout):
    report = _joined(reports.seed_2019(), "2026-11-29 10:00", "2026-11-29 11:00")
    assert "2026" not in shown(report, form, layout)
    assert '"joined_at": "2026-11-29T10:00:00Z"' in render(report, "json", reports.style())


@every_format
def test_who_left_while_it_went_on_is_said_to_have(form, layout):
    assert "2019-10-07 18:12" in shown(
        _joined(reports.seed_2019(), "2019-10-07 15:45", "2019-10-07 18:12"), form, layout
    )


def test_joining_is_a_column_only_where_somebody_joined():
    during, later = (_joined(reports.seed_2019(), when) for when in ("2019-10-07 15:47", "2026-11-29 10:00"))
    focused = replace(later.metadata.responders[0], focus="NFS")
    named = replace(later, metadata=replace(later.metadata, responders=(focused, *later.metadata.responders[1:])))
    assert "2019-10-07 15:47:00" in shown(during, "html")
    assert "Joined" in shown(during, "html")
    assert "NFS" in shown(named, "html")
    assert "Joined" not in shown(named, "html")


def test_who_joins_an_open_incident_joined_it_however_late():
    report = _joined(told(state=State.OPEN, closed_at=None), "2019-10-09 09:13")
    assert "2019-10-09 09:13" in shown(report, "html")


@every_format
def test_people_stand_in_the_order_of_the_report(form, layout):
    names = ["Zoe", "Adam", "Mia"]
    seed = reports.seed_2019()
    people = tuple(
        replace(each, name=name, focus=f"focus of {name}")
        for name, each in zip(names, seed.metadata.responders, strict=False)
    )
    seen = shown(replace(seed, metadata=replace(seed.metadata, responders=people)), form, layout)
    assert re.findall("focus of (Zoe|Adam|Mia)", seen) == names


@every_format
def test_how_often_an_entry_was_edited_is_nothing_to_read(form, layout):
    once, often = (told(entry(1, "2019-10-07 15:00", "a note", version=version)) for version in (1, 9))
    assert shown(once, form, layout) == shown(often, form, layout)


@every_format
def test_a_gap_is_told_in_words(form, layout):
    assert "The bot could not hear the channel from 2024-12-30 23:02 to 23:09" in shown(reports.maximal(), form, layout)


@every_format
def test_checks_are_for_those_who_can_mend_them_and_never_published(form, layout):
    report = reports.maximal()
    for words in ("Still missing", "Please check"):
        assert words in shown(report, form, layout)
        assert words not in shown(report, form, layout, published=True)
    assert report.warnings[0] not in shown(report, form, layout, published=True)


@every_format
def test_what_is_published_says_of_no_empty_part_that_there_was_none(form, layout):
    for report in (reports.empty(), reports.seed_2019(), reports.seed_2021()):
        local, public = (shown(report, form, layout, published=each).lower() for each in (False, True))
        for word in ("none", "no ics", "…", "—", "recorded yet"):
            assert public.count(word) <= local.count(word)


def test_a_layout_of_ones_own_publishes_no_checks_either(tmp_path):
    text = "x << missing | length >> << warnings | length >> << lacking >>"
    (tmp_path / "acme.wiki").write_text(text, encoding="utf-8")
    style = reports.style("acme", tmp_path)
    assert render(reports.maximal(), "wikitext", style) == "x 1 1 scorecard\n"
    assert render(reports.maximal(), "wikitext", replace(style, published=True)) == "x 0 0\n"


def test_json_keeps_the_checks():
    whole = render(reports.maximal(), "json", reports.style())
    assert render(reports.maximal(), "json", replace(reports.style(), published=True)) == whole
    assert reports.maximal().warnings[0] in whole
