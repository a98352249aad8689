from __future__ import annotations

from dataclasses import replace
from functools import cache

import mistune
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from irscribe.domain.report import Kind, Link, Marker, MarkerKind
from irscribe.domain.text import clean
from irscribe.render import render
from tests import reading, reports, strategies
from tests.examples import few_examples
from tests.golden import assert_golden

PARSERS = {
    "markdown-it": MarkdownIt("commonmark").enable(["table", "strikethrough"]).render,
    "mistune": mistune.create_markdown(plugins=["table", "strikethrough", "footnotes", "url", "task_lists"]),
}
ONE_PARAGRAPH = [each for each in reports.NASTY if each["rendered"] and "\n\n" not in each["input"]]
MARKUP = st.sampled_from(
    [*r"""\`*_[]<>|~$#@&:.!"'()-+=^{}%?/;,1aT é""", "\n", "https://", "www.", "&amp;", "**", "T12"]
)
SAID = st.lists(MARKUP, min_size=1, max_size=12).map("".join)

pytestmark = pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)


def markdown(report):
    return render(report, "markdown", reports.style())


@cache
def parsed_frame(parse):
    return parse(markdown(reports.saying(reading.SENTINEL)))


def assert_shown(parse, typed, rendered):
    frame = parsed_frame(parse)
    shown = parse(markdown(reports.saying(typed)))
    wanted = [(tag, text.replace(reading.SENTINEL, reading.squeezed(rendered))) for tag, text in reading.blocks(frame)]
    assert reading.blocks(shown) == wanted
    assert reading.tags(shown) == reading.tags(frame)


@pytest.mark.parametrize("case", ONE_PARAGRAPH, ids=lambda case: case["id"])
def test_what_was_typed_shows_as_typed(parse, case):
    assert_shown(parse, case["input"], case["rendered"])


@few_examples()
@given(typed=SAID)
def test_whatever_is_typed_shows_as_typed(parse, typed):
    rendered = clean(typed.replace("\n\n", "\n"))
    if rendered and "\n\n" not in clean(typed, lines=True):
        assert_shown(parse, typed, rendered)


def test_paragraphs_come_out_as_paragraphs(parse):
    case = next(each for each in reports.NASTY if each["id"] == "newline")
    shown = parse(markdown(reports.saying(case["input"])))
    assert ("p", "first line * second line == third ==") in reading.blocks(shown)
    assert ("p", "fourth") in reading.blocks(shown)
    assert ("h1", "2024-12-30 first line * second line == third == fourth") in reading.blocks(shown)


def test_an_empty_text_leaves_the_frame_as_it_is(parse):
    frame = parse(markdown(reports.saying(reading.SENTINEL)))
    shown = parse(markdown(reports.saying("")))
    assert [tag for tag in reading.tags(shown) if tag in ("h1", "h2", "h3", "table", "ul", "tr")] == [
        tag for tag in reading.tags(frame) if tag in ("h1", "h2", "h3", "table", "ul", "tr")
    ]


@few_examples()
@given(before=SAID, words=SAID, after=SAID)
def test_a_marker_shows_its_phrase_whatever_stands_around_it(parse, before, words, after):
    phrase = clean(f"OUTAGE {words} ENDS")
    text = clean(f"{before} {phrase} {after}")
    marked = reports.entry(
        1,
        "2024-05-06 07:08",
        text,
        marker=Marker(kind=MarkerKind.ENDS, phrase=phrase, scope=None),
        kind=Kind.OUTAGE,
    )
    shown = parse(markdown(replace(reports.empty(), timeline=(marked,))))
    assert ("li", reading.squeezed(f"07:08 {text}")) in reading.blocks(shown)
    assert reading.tags(shown).count("strong") == reading.tags(parse(markdown(reports.empty()))).count("strong") + 1


@few_examples()
@given(report=strategies.reports(consistent=True))
def test_every_report_has_the_same_sections(parse, report):
    headings = [text for tag, text in reading.blocks(parse(markdown(report))) if tag == "h2"]
    assert headings[:5] == ["Summary", "Timeline", "Conclusions", "Links to relevant documentation", "Actionables"]


@pytest.mark.parametrize("make", [reports.seed_2019, reports.seed_2021, reports.watched])
def test_a_reference_incident_reads_as_it_did_when_somebody_last_looked(parse, make):
    report = make()
    assert parse(markdown(report))
    assert_golden(f"{make.__name__}.md", markdown(report))


def test_task_numbers_and_addresses_become_links(parse):
    found = reading.links(parse(markdown(reports.maximal())))
    assert found.count("https://phabricator.wikimedia.org/T390513") == 3
    assert "https://phabricator.wikimedia.org/T390601" in found
    assert "https://grafana.example/d/x?var=%7Beqiad%7D&from=now-1h" in found


@pytest.mark.parametrize("typed", ["!T12", "broken!T12", "!https://example.org/a_b", "!!T12!T13!"])
def test_an_exclamation_mark_before_a_link_makes_no_picture(parse, typed):
    assert_shown(parse, typed, typed)


def test_a_task_number_is_text_where_no_tracker_is_known(parse):
    shown = parse(markdown(replace(reports.empty(), summary="see T390513")))
    assert ("p", "see T390513") in reading.blocks(shown)
    assert reading.links(shown) == []


def test_what_is_no_web_address_is_never_a_link(parse):
    link = Link(url="javascript:alert(1)", title="click")
    shown = parse(markdown(replace(reports.empty(), links=(link,))))
    assert ("li", "click javascript:alert(1)") in reading.blocks(shown)
    assert reading.links(shown) == []


def test_an_open_report_says_what_it_lacks_and_invents_nothing(parse):
    text = reading.seen(parse(markdown(reports.empty())))
    assert "Document status: draft" in text
    assert "Still open:" in text
    assert "Still missing: title, summary, impact" in text
    assert "none" not in text


def test_what_was_said_to_be_none_is_no_dash(parse):
    shown = parse(markdown(replace(reports.empty(), missing=())))
    assert ("td", "No ICs") in reading.blocks(shown)
    assert reading.blocks(shown).count(("li", "None")) == 5
