"""Layouts of one's own: every mistake is named with its file and line before a report is asked for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from irscribe.domain.errors import ReportError
from irscribe.render import render
from irscribe.render.json import read
from irscribe.render.wikitext import SPECIMENS, mistakes
from tests import reports
from tests.waiting import HANGS

ROOT = Path(__file__).parents[2]

PARTS = '{% import "wikitext.jinja" as part with context %}'
MISTAKES = {
    "a name that there is not": ("x\n<< nothing >>", {2: "there is no “nothing”"}),
    "a name misspelt": ("x\n<< linkz >>", {2: "did you mean “links”?"}),
    "two names": ("<< nothing >>\n\n<< metadta.start >>", {1: "“nothing”", 3: "did you mean “metadata”?"}),
    "a part that there is not": ("x\n<< incident.titel >>", {2: "there is no “titel” in it; did you mean “title”?"}),
    "a part of that": ("x\n<< incident.nothing.more >>", {2: "there is no “nothing” in it"}),
    "a condition": ("x{% if incident.nothing %}y{% endif %}", {1: "“nothing”"}),
    "a loop": ("x{% for each in incident.nothing %}y{% endfor %}", {1: "“nothing”"}),
    "a call": ("x<< incident.nothing(1) >>", {1: "“nothing”"}),
    "an element": ("x<< incident.nothing[0] >>", {1: "“nothing”"}),
    "a filter of what there is not": ("x<< incident.nothing | blocks >>", {1: "“nothing”"}),
    "an entry's part": ("x{% for entry in timeline %}\n<< entry.tex >>{% endfor %}", {2: "did you mean “text”?"}),
    "a common part misspelt": (PARTS + "\n<< part.timeline_lins(times) >>", {2: "did you mean “timeline_lines”?"}),
    "a common part without what it needs": (PARTS + "\n<< part.timeline_lines() >>", {2: "'times' was not provided"}),
    "common parts without context": (
        '{% import "wikitext.jinja" as part %}\n<< part.categories() >>',
        {2: "with context"},
    ),
    "a filter misspelt": ("x\n\n<< summary | blogs >>", {3: "there is no filter “blogs”"}),
    "a test that there is not": ("x\n{% if summary is odder %}y{% endif %}", {2: "there is no test “odder”"}),
    "what is no template": ("x\n{% if %}", {2: "Expected an expression"}),
    "what is not closed": ("{% for entry in timeline %}\nx\n", {2: "endfor"}),
    "a file that there is not": ('x\n{% include "gone" %}', {2: "there is no file “gone”"}),
    "an error": ("x\n<< 1 // 0 >>", {2: "division"}),
    "itself": ('x\n{% include "acme.wiki" %}', {2: "nested too deeply"}),
    "more than there is memory for": ('x\n<< "x" * 10**15 >>', {2: "it takes more memory than there is"}),
    "an element too many": ("x\n<< timeline[999] >>", {2: "[999] is asked of what has no such element"}),
    "no name": ('x\n<< incident[""] >>', {2: "[''] is asked of what has no such element"}),
    "a list as a name": ("x\n<< incident[[]] >>", {2: "[[]] is asked of what has no such element"}),
    "what an open incident does not have": ("x\n<< metadata.end >>", {2: "it prints None"}),
    "what an empty report does not have": ("x\n<< summary >>", {2: "it prints None"}),
    "a part of what is not known": ("x\n<< metadata.task.id >>", {2: "“id” is asked of what is not known there"}),
    "nothing": ("", {1: "it prints nothing"}),
    "blanks": (" \n\n", {1: "it prints nothing"}),
    "a comment": ("<# later #>", {1: "it prints nothing"}),
}
RIGHT = {
    "the operator's own text": "x",
    "what may be missing": '<< summary or "" >>x',
    "what is asked for first": "{% if nothing is defined %}<< nothing >>{% endif %}x",
    "a default": "<< nothing | default('x') >>",
    "names of its own": "{% set a = 1 %}{% macro m(b) %}<< b >>{% endmacro %}<< m(a) >>",
    "common parts": PARTS + "<< part.timeline_lines(times) >><< part.scorecard_table() >>",
    "a common part by its name": '{% from "wikitext.jinja" import absent as lack with context %}<< lack("task") >>',
    "another layout": '{% include "wikimedia.wiki" %}',
}


@pytest.fixture
def own(tmp_path):
    """The style of a layout that holds this text."""

    def make(text: str, **others: str):
        for name, written in {"acme.wiki": text, **others}.items():
            (tmp_path / name).write_text(written, encoding="utf-8")
        return reports.style("acme", tmp_path)

    return make


def said(line, file="acme.wiki"):
    return f"[irscribe] layout: {file}, line {line} cannot be used: "


@pytest.mark.parametrize(("text", "wanted"), MISTAKES.values(), ids=MISTAKES)
def test_every_mistake_is_one_line_with_its_file_and_line(own, text, wanted):
    found = mistakes(own(text))
    assert [each.partition(" cannot")[0] for each in found] == [said(line).partition(" cannot")[0] for line in wanted]
    assert all(why in sentence and "\n" not in sentence for why, sentence in zip(wanted.values(), found, strict=True))


@pytest.mark.parametrize(("text", "wanted"), MISTAKES.values(), ids=MISTAKES)
def test_a_report_that_meets_a_mistake_names_the_same_file_and_line(own, text, wanted):
    style, met = own(text), []
    for name in ("empty", "half", "full"):
        try:
            render(read((SPECIMENS / f"{name}.json").read_text()), "wikitext", style)
        except ReportError as error:
            met.append(str(error))
    assert met
    assert all(any(each.startswith(said(line)) for line in wanted) for each in met)


@pytest.mark.parametrize("text", [f"x<< {'1 + ' * 5000}1 >>", f"x<< 1{' | string' * 3000} >>", f"x<< {'(' * 3000}"])
def test_what_is_nested_too_deeply_even_to_be_read_is_said_so(own, text):
    assert mistakes(own(text)) == ("[irscribe] layout: acme.wiki cannot be used: it is nested too deeply.",)


BOUNDED = """
import resource, sys
from pathlib import Path
from irscribe.render.wikitext import mistakes
from tests import reports
style = reports.style("acme", Path(sys.argv[1]))
mistakes(reports.style())
resource.setrlimit(resource.RLIMIT_AS, (500_000_000, -1))
print(*mistakes(style), sep="\\n")
"""


def test_a_layout_that_prints_more_than_there_is_memory_for_is_said_so(own, tmp_path):
    own("x\n{% for each in range(10**6) %}" + "x" * 1000 + "{% endfor %}")
    command = [sys.executable, "-c", BOUNDED, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HANGS, check=True, cwd=ROOT)
    assert re.fullmatch(
        r"\[irscribe\] layout: acme\.wiki.* cannot be used: it takes more memory than .*\n", done.stdout
    )


def test_a_name_is_looked_at_where_hardly_any_report_prints_it(own):
    (found,) = mistakes(own("x{% if incident.private and incident.state == 'open' %}\n<< nothing >>{% endif %}"))
    assert found.startswith(said(2))


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_a_layout_that_any_report_can_be_written_in_has_no_mistakes(own, text):
    assert mistakes(own(text)) == ()


@pytest.mark.parametrize("layout", ["plain", "wikimedia", "wikimedia-2021", "wikimedia-2019"])
def test_the_shipped_layouts_have_no_mistakes(layout):
    assert mistakes(reports.style(layout)) == ()


def test_two_mistakes_in_a_line_are_two(own):
    assert len(mistakes(own("<< nothing >> << incident.never >>"))) == 2


def test_a_mistake_in_common_parts_of_ones_own_names_their_file(own):
    parts = "{% macro lines() %}\n<< incident.titel >>\n{% endmacro %}"
    (found,) = mistakes(own(PARTS + "x<< part.lines() >>", **{"wikitext.jinja": parts}))
    assert found.startswith(said(2, "wikitext.jinja"))


def test_a_layout_that_is_not_there_is_named_with_those_that_are(own):
    (found,) = mistakes(reports.style("acne", own("x").layouts))
    assert "there is no layout 'acne'. There are: acme, plain, wikimedia-2019" in found


def test_a_file_in_another_encoding_is_named(tmp_path):
    (tmp_path / "acme.wiki").write_bytes(b"caf\xe9 << incident.title >>")
    (found,) = mistakes(reports.style("acme", tmp_path))
    assert found == "[irscribe] layout: acme.wiki cannot be used: it is not UTF-8."


def test_an_edited_layout_is_looked_at_anew(own):
    assert len(mistakes(own("<< nothing >>"))) == 1
    assert mistakes(own("x")) == ()


@pytest.mark.parametrize("name", ["empty", "half", "full"])
def test_the_reports_that_layouts_are_held_against_are_reports(name):
    text = (SPECIMENS / f"{name}.json").read_text(encoding="utf-8")
    assert render(read(text), "json", reports.style()) == text


def test_the_full_report_leaves_no_part_empty_and_the_empty_one_every_part():
    full, empty = (json.loads((SPECIMENS / f"{name}.json").read_text()) for name in ("full", "empty"))
    assert all(full.values())
    assert {key for key, value in empty.items() if not value} >= {"summary", "timeline", "links", "scorecard", "gaps"}
