from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import html5lib
import pytest
from hypothesis import given

from irscribe.domain.report import DocumentStatus, Link, State
from irscribe.domain.text import clean
from irscribe.render import render
from tests import reading, reports, strategies
from tests.examples import few_examples
from tests.golden import assert_golden

ONE_PARAGRAPH = [each for each in reports.NASTY if each["rendered"] and "\n\n" not in each["input"]]
COMPLETE = [reports.seed_2019, reports.seed_2021, reports.empty, reports.maximal, reports.watched]
SVG = "{http://www.w3.org/2000/svg}"
MEGABYTE = 1_000_000


def html(report):
    return render(report, "html", reports.style())


FRAME = html(reports.saying(reading.SENTINEL))


def assert_shown(typed, rendered):
    shown = html(reports.saying(typed))
    wanted = [(tag, text.replace(reading.SENTINEL, reading.squeezed(rendered))) for tag, text in reading.blocks(FRAME)]
    assert reading.blocks(shown) == wanted
    assert reading.tags(shown) == reading.tags(FRAME)


def head_of(markup, tag):
    return reading.squeezed("".join(reading.page(markup).find(f"head/{tag}").itertext()))


@pytest.mark.parametrize("case", ONE_PARAGRAPH, ids=lambda case: case["id"])
def test_what_was_typed_shows_as_typed(case):
    assert_shown(case["input"], case["rendered"])


@few_examples()
@given(strategies.one_paragraph())
def test_whatever_is_typed_shows_as_typed(typed):
    assert_shown(typed, clean(typed))


@pytest.mark.parametrize("case", ONE_PARAGRAPH, ids=lambda case: case["id"])
def test_the_title_of_the_page_and_the_drawing_show_it_as_typed_too(case):
    shown = html(reports.saying(case["input"]))
    assert head_of(shown, "title") == f"2024-12-30 {reading.squeezed(case['rendered'])}: incident report"
    titles = [reading.squeezed(each.text or "") for each in reading.page(shown).iter(f"{SVG}title")]
    assert f"2: 2024-12-30 22:45 {reading.squeezed(case['rendered'])}"[:100] in [each[:100] for each in titles]


@pytest.mark.parametrize("make", COMPLETE)
def test_the_page_is_valid_html(make):
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(html(make()))
    assert parser.errors == []


@few_examples()
@given(strategies.reports())
def test_every_report_is_a_valid_page_with_the_same_sections(report):
    markup = html(report)
    html5lib.HTMLParser(strict=True).parse(markup)
    headings = [text for tag, text in reading.blocks(markup) if tag == "h2"]
    assert headings[:5] == ["Summary", "Timeline", "Conclusions", "Links to relevant documentation", "Actionables"]


@pytest.mark.parametrize("make", COMPLETE)
def test_the_file_needs_nothing_from_elsewhere(make):
    page = reading.page(html(make()))
    loading = ("src", "srcset", "data", "poster", "background", "action", "ping")
    assert [each.tag for each in page.iter() if set(loading) & set(each.attrib)] == []
    assert not list(page.iter("script"))
    assert not list(page.iter("link"))
    assert "@import" not in html(make())
    assert re.findall(r"url\((?!#)", html(make())) == []


def test_no_typed_text_becomes_an_attribute_that_acts():
    page = reading.page(html(reports.saying('"><img src=x onerror=alert(1)> \' onclick="x"')))
    names = {name for each in page.iter() for name in each.attrib}
    assert not [name for name in names if name.startswith("on")]
    assert not list(page.iter("img"))


def test_a_policy_forbids_whatever_might_slip_through():
    page = reading.page(html(reports.empty()))
    (policy,) = [each.get("content") for each in page.iter("meta") if each.get("http-equiv")]
    (sheet,) = page.iter("style")
    known = b64encode(sha256(sheet.text.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{known}'; base-uri 'none'; form-action 'none'"


def test_an_open_incident_begins_with_its_state_and_its_newest_entry():
    said = (reports.entry(1, "2024-05-06 07:09", "first"), reports.entry(2, "2024-05-06 07:01", "second, before it"))
    top = reading.seen(html(replace(reports.empty(), timeline=said)).partition("</header>")[0])
    assert "Investigating" in top
    assert "nobody coordinates" in top
    assert "second, before it" in top
    assert "Newest entry" not in reading.seen(html(reports.seed_2019()))


@pytest.mark.parametrize("make", COMPLETE)
def test_ids_are_unique_and_what_refers_to_them_is_there(make):
    page = reading.page(html(make()))
    ids = [each.get("id") for each in page.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    inner = {each.get("href")[1:] for each in page.iter("a") if each.get("href", "").startswith("#")}
    labelled = {name for each in page.iter() for name in (each.get("aria-labelledby") or "").split()}
    assert inner | labelled <= set(ids)


@pytest.mark.parametrize("make", COMPLETE)
def test_headings_leave_no_level_out(make):
    levels = [int(tag[1]) for tag, _ in reading.blocks(html(make())) if tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("make", COMPLETE)
def test_every_table_has_a_caption_and_says_what_its_headers_head(make):
    page = reading.page(html(make()))
    assert all(table.find("caption") is not None for table in page.iter("table"))
    assert all(cell.get("scope") for cell in page.iter("th"))


def test_the_language_is_named():
    assert reading.page(html(reports.empty())).get("lang") == "en"


def test_times_can_be_read_by_programs():
    times = {each.get("datetime"): each.text for each in reading.page(html(reports.maximal())).iter("time")}
    assert times["2024-12-30"] == "2024-12-30"
    assert times["2024-12-30T22:51:00Z"] == "2024-12-30 22:51"


def test_an_entry_of_unknown_time_is_in_the_list_and_has_no_machine_time():
    page = reading.page(html(reports.maximal()))
    entry = next(each for each in page.iter("li") if each.get("id") == "e5")
    assert "??:??" in "".join(entry.itertext())
    assert entry.find(".//time") is None


def test_a_private_report_asks_not_to_be_indexed():
    named = [each.get("name") for each in reading.page(html(reports.maximal())).iter("meta")]
    assert "robots" in named
    assert "robots" not in [each.get("name") for each in reading.page(html(reports.seed_2019())).iter("meta")]


def test_what_a_reader_must_know_first_stands_at_the_top():
    cancelled = replace(reports.maximal(), incident=replace(reports.maximal().incident, state=State.CANCELLED))
    top = reading.seen(html(cancelled).partition("</header>")[0])
    for word in ("Private.", "Drill.", "Cancelled.", "Still missing:", "Please check:"):
        assert word in top


@pytest.mark.parametrize("status", list(DocumentStatus))
def test_the_status_of_the_document_is_said(status):
    report = replace(reports.seed_2019(), incident=replace(reports.seed_2019().incident, document_status=status))
    assert f"Document: {status}" in reading.seen(html(report))


def test_every_part_of_the_incident_is_there():
    text = reading.seen(html(reports.maximal()))
    parts = ["35 (batphone)", "+ volunteers on #wikimedia-tech", "99.9 %", "2 h 15 min", "jinxer-wm", "since 2019"]
    parts += ["It was night.", "SAL | [swift]", "T390600 Limit, open", "✓ done", "small team, it's always us!"]
    parts += [
        "The record suggests yes: T390513 is known",
        "3 of 15",
        "could not hear the channel from 2024-12-30 23:02",
        "proxies | LB",
    ]
    assert [part for part in parts if part not in text] == []


def test_links_lead_where_they_say_and_only_to_web_pages():
    found = reading.links(html(reports.maximal()))
    assert "https://grafana.example/d/x?var={eqiad}&from=now-1h" in found
    assert "https://phabricator.wikimedia.org/T390601" in found
    sly = replace(reports.empty(), links=(Link(url="javascript:alert(1)", title="click"),))
    assert not [each for each in reading.links(html(sly)) if not each.startswith("#")]


def test_theories_roles_and_alerts_stand_in_tables_and_figures_among_the_facts():
    page = html(reports.watched())
    captions = [reading.squeezed("".join(each.itertext())) for each in reading.page(page).iter("caption")]
    wanted = ("What was suspected, and what became of it", "Who had which role, all times in UTC")
    assert {*wanted, "The alerts of the incident, all times in UTC"} <= {*captions}
    text = reading.seen(page)
    for said in (
        "ruled out: the [[old]] one leaks, too",
        "users: 1200",
        "3 (repeat) and 7 (same)",
        "no limit on memory",
    ):
        assert said in text
    assert "#e13" in reading.links(page)


@pytest.mark.parametrize("make", [reports.seed_2019, reports.seed_2021])
def test_a_reference_incident_reads_as_it_did_when_somebody_last_looked(make):
    assert_golden(f"{make.__name__}.html", html(make()))


def test_an_incident_of_five_thousand_entries_is_one_file_of_bearable_size():
    one = reports.entry(1, "2019-10-07 14:00", "restarting cloudnet1004, NFS clients hang on labstore again " * 2)
    crowd = tuple(replace(one, number=number) for number in range(1, 5001))
    markup = html(replace(reports.seed_2019(), timeline=crowd))
    assert len(markup) < 3 * MEGABYTE
    assert markup.count('<li id="e') == 5000


def test_the_same_report_gives_the_same_bytes():
    assert html(reports.maximal()) == html(reports.maximal())
