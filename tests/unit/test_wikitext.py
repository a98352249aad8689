import html
import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from irscribe.domain.errors import ReportError
from irscribe.domain.report import Item, Link, State, Task
from irscribe.render import render, wording
from irscribe.render.facts import facts as head_of
from irscribe.render.pieces import PieceKind, pieces
from irscribe.render.tidy import printable
from irscribe.render.wikimarkup import Writer, escape, plain
from tests import reports
from tests.golden import assert_golden

LAYOUTS = ("plain", "wikimedia", "wikimedia-2021", "wikimedia-2019")
MADE = {
    "2019-10-07": reports.seed_2019,
    "2021-11-02": reports.seed_2021,
    "maximal": reports.maximal,
    "watched": reports.watched,
    "empty": reports.empty,
}
TOKENS = [case["rendered"] for case in reports.NASTY]
TOKENS += ["[[", "]]", "{{", "}}", "{|", "|}", "|-", "||", "!!", "'", "''", "'''''", "~~~~", "~", "__TOC__", "_", "<b>"]
TOKENS += [
    "<!--",
    "-->",
    "&lt;",
    "&",
    "#",
    "*",
    ":",
    ";",
    "=",
    "-",
    "----",
    " ",
    "\n",
    "RFC 12",
    "ISBN 12",
    "mailto:a@b",
]
TOKENS += [
    "https://x.example/",
    "http://[::1]/",
    "//",
    "T123",
    "T1",
    "OUTAGE BEGINS",
    "é",
    "\uff3f\uff3f",
    "-{",
    "(",
    ")",
]

OUR_LINK = re.compile(r"\[(https?://[^\s\[\]{}|<>\"']+) ([^\[\]]+)\]", re.IGNORECASE)
OUR_TASK = re.compile(r"\[\[phab:(T[0-9]{2,7})\]\]")
# The addresses that MediaWiki links without brackets, still with the punctuation that it leaves out at their end.
FREE_LINK = re.compile(r"\b(?i:https?)://[^\[\]<>\"\x00-\x20\x7f\s\ufffd]+", re.ASCII)
ENDS_FREE_LINK = re.compile(r"&(?:lt|gt|nbsp|#x0*(?:3[CcEe]|[Aa]0)|#0*(?:60|62|160));.*")
WRITE = Writer(tracker="https://phabricator.example.org", prefix="phab")
typed, blocks, bullets, link, spoken = WRITE.typed, WRITE.blocks, WRITE.bullets, WRITE.link, WRITE.spoken
EDGE = "\x01"
ACTIVE = re.compile(
    r"[\[\]{}|<>\n]|''|~~~|__|\uff3f\uff3f|!!|://|&(?=[#\w])(?!(?:#[0-9]+|lt|gt|amp);)|(?:RFC|PMID|ISBN)\s|mailto:\S"
)
LINE_START = re.compile(r"[*#:;=!+~_'-]")


def page(report, layout="wikimedia", **own):
    return render(report, "wikitext", reports.style(layout, **own))


def free_link(url):
    """The part of a piece that looks like an address that MediaWiki makes a link of."""
    kept = ENDS_FREE_LINK.sub("", url)
    return kept.rstrip(",;.:!?" if "(" in kept else ",;.:!?)")


def without_our_markup(wikitext):
    shown = OUR_LINK.sub(rf"{EDGE}\2{EDGE}", str(wikitext).replace("<br>", "\r"))
    shown = OUR_TASK.sub(rf"{EDGE}\1{EDGE}", shown)
    return FREE_LINK.sub(_without_free_link, shown)


def _without_free_link(found):
    link = free_link(found[0])
    assert not re.search(r"[{}|~]{2}|''|__|&#", link)
    inactive = link.replace("://", f":{EDGE}//").replace("mailto:", f"mailto{EDGE}:").replace("&", f"&{EDGE}")
    return f"{EDGE}{inactive}{EDGE}{found[0][len(link) :]}"


def linked(wikitext):
    """The addresses that MediaWiki makes links to, as far as they are shown as they were typed."""
    bracketed = [html.unescape(found[2]) for found in OUR_LINK.finditer(str(wikitext))]
    bare = [free_link(found[0]) for found in FREE_LINK.finditer(OUR_LINK.sub("", str(wikitext).replace("<br>", " ")))]
    return sorted([*bracketed, *map(html.unescape, bare)])


def as_read(wikitext):
    return html.unescape(without_our_markup(wikitext)).replace("\r", "\n").replace(EDGE, "")


def assert_shows(wikitext, text):
    assert not ACTIVE.search(without_our_markup(wikitext))
    assert not LINE_START.match(wikitext)
    assert as_read(wikitext) == text


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", MADE)
def test_every_report_is_written_as_its_golden_page(name, layout):
    assert_golden(f"{name}.{layout}.wiki", page(MADE[name](), layout))


@pytest.mark.parametrize("case", reports.NASTY, ids=lambda case: case["id"])
def test_a_nasty_text_shows_as_it_was_typed(case):
    assert_shows(typed(case["rendered"]), case["rendered"])
    assert_shows(plain(case["rendered"]), case["rendered"])


@pytest.mark.parametrize("case", reports.NASTY, ids=lambda case: case["id"])
def test_a_nasty_text_is_spelled_as_it_was_measured(case):
    assert escape(case["rendered"]) == case["wikitext"]


@pytest.mark.parametrize("case", reports.NASTY, ids=lambda case: case["id"])
def test_a_text_that_nobody_cleaned_stays_on_its_line(case):
    assert not ACTIVE.search(without_our_markup(typed(case["input"])))


@example("https://x.example/mailto:a@b")
@given(st.lists(st.sampled_from(TOKENS)).map("".join))
def test_whatever_is_put_together_shows_as_it_was_typed(text):
    tidy = re.sub(r"[^\S\n]+", " ", text.replace("\u2028", "\n")).strip()
    assert_shows(typed(text), tidy)


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_any_text_at_all_can_be_written_to_a_file(text):
    assert not ACTIVE.search(without_our_markup(typed(text).encode().decode()))


@given(st.lists(st.sampled_from(TOKENS)).map("".join))
def test_a_paragraph_begins_no_list_heading_or_indented_block(text):
    for paragraph in blocks(text).split("\n\n"):
        assert not LINE_START.match(paragraph)
        assert not paragraph.startswith(" ")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("case", reports.NASTY, ids=lambda case: case["id"])
def test_a_nasty_text_changes_no_line_of_the_page_but_its_own(case, layout):
    text = case["rendered"] or "—"
    harmless, hostile = (page(reports.saying(said), layout).split("\n") for said in ("XYZZY", text))
    assert len(hostile) == len(harmless)
    for line, pattern in zip(hostile, harmless, strict=True):
        assert as_read(line) == as_read(pattern).replace("XYZZY", text)
        assert ACTIVE.findall(without_our_markup(line)) == ACTIVE.findall(without_our_markup(pattern))


@given(st.lists(st.sampled_from([*TOKENS, "https://x.example/a_(b)", "https://x.example/?a=1&b", ")", "_", ";", "`"])))
def test_the_wiki_links_what_is_an_address_and_nothing_else(parts):
    text = "".join(parts)
    addresses = [each.text for each in pieces(printable(text)) if each.kind is PieceKind.URL]
    assert linked(typed(text)) == sorted(addresses)


@pytest.mark.parametrize(
    "text",
    [
        "https://w.wiki/5JP",
        "see https://w.wiki/5JP, then",
        "(see https://w.wiki/5JP) twice",
        "HTTPS://w.wiki/5JP.",
        "https://grafana.example/d/x?var=a&from=now-1h&to=now",
        "https://example.org/wiki/Foo_(bar) it was",
    ],
)
def test_an_address_that_needs_no_markup_has_none(text):
    assert typed(text) == text


@pytest.mark.parametrize("behind", [":", "!", "))", ";", "'", "*", "|", "]", "}", "_", "~", ' "', "<"])
def test_an_address_with_something_behind_it_that_would_join_it_is_marked(behind):
    for end in ("", " then", "."):
        assert linked(typed(f"https://w.wiki/a{behind}{end}")) == ["https://w.wiki/a"]
        assert linked(typed(f"https://w.wiki/a_(b){behind}{end}")) == ["https://w.wiki/a_(b)"]


def test_a_task_in_a_command_is_no_link():
    assert typed("run `grep T1234 log`, see T1234") == "run `grep T1234 log`, see [[phab:T1234]]"
    assert typed("`T1234 is not closed") == "`[[phab:T1234]] is not closed"


def test_a_url_is_a_link_that_keeps_its_text():
    assert typed("see https://example.org/a_(b)?x=1&y={z}, then") == (
        "see [https://example.org/a_(b)?x=1&amp;y=%7Bz%7D https&#58;//example.org/a_(b)?x=1&amp;y=&#123;z&#125;], then"
    )


def test_a_task_number_is_a_link_to_the_tracker():
    assert typed("(see T291813), phab:T1") == "(see [[phab:T291813]]), phab:T1"


def test_the_marker_is_bold_and_a_task_in_it_still_a_link():
    entry = reports.maximal().timeline[1]
    assert spoken(entry) == "5xx rise. '''OUTAGE for [[phab:T390513]] BEGINS'''"


def test_a_quote_stands_behind_its_speaker_once():
    quote = reports.maximal().timeline[3]
    assert spoken(quote).startswith("&lt;cdanis&gt; ms-fe1009")
    assert spoken(replace(quote, text="it swaps")) == "&lt;cdanis&gt; it swaps"


def test_a_line_feed_in_an_entry_is_a_line_break_and_no_bullet():
    assert typed("two lines:\n* the second") == "two lines:<br>&#42; the second"


def test_sub_items_are_nested_bullets():
    items = (Item(text="Neutron misbehaved", items=(Item(text="hard to debug"),)), Item(text="* star"))
    assert bullets(items) == "* Neutron misbehaved\n** hard to debug\n* &#42; star\n"


def test_a_link_without_a_title_shows_its_address():
    assert link(Link(url="https://example.org/x", title=None)) == "https://example.org/x"
    assert link(Link(url="https://example.org/x", title=" ")) == "https://example.org/x"
    assert link(Link(url="https://example.org/{x}", title=None)).startswith("[https://example.org/%7Bx%7D ")


def test_what_is_no_web_address_is_never_a_link():
    assert link(Link(url="javascript:alert(1)", title="[x]")) == "javascript:alert(1) &#91;x&#93;"


def test_a_timeline_of_one_day_has_no_dates_and_one_of_two_days_has_them():
    assert "\n*14:00 – 15:30 various" in page(reports.seed_2019())
    assert "\n*16:20 (approximately) After" in page(reports.seed_2019())
    assert "\n*2024-12-30 22:45 5xx" in page(reports.maximal())
    assert "\n*2024-12-30 23:30 – 2024-12-31 00:30 two lines" in page(reports.maximal())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_has_every_part(layout):
    written = page(reports.maximal(), layout)
    for part in (
        "T390513",
        "35 (batphone)",
        "Emperor",
        "proxies",
        "2024-12-31 01:10",
        "p99",
        "Swift ran out of memory",
    ):
        assert part in written
    for part in (
        "thumbnails failed",
        "SwiftTooManyMediaUploads",
        "*??:?? somebody",
        "since 2019",
        "It was night",
        "SAL",
    ):
        assert part in written
    for part in (
        "Limit memory",
        "T390600",
        "(owner: Emperor)",
        " (done)" if layout == "plain" else " {{Done}}",
        "no pages &#124; batphone",
        "could not hear",
    ):
        assert part in written
    assert "'''OUTAGE ENDS'''" in written
    assert written.count('rowspan="5"') == 3


@pytest.mark.parametrize("layout", [each for each in LAYOUTS if each != "plain"])
def test_a_draft_is_in_the_category_of_drafts_too(layout):
    assert "[[Category:Incident documentation drafts]]" in page(reports.empty(), layout)
    assert "[[Category:Incident documentation drafts]]" not in page(reports.maximal(), layout)


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_the_plain_layout_needs_nothing_of_the_wiki(made):
    style = replace(reports.style("plain"), tracker=None, task_prefix="")
    assert not re.search(r"\{\{|\[\[|<!--|__", render(made(), "wikitext", style))


def test_the_plain_layout_holds_every_fact_of_the_other_formats():
    report, style = reports.maximal(), reports.style("plain")
    written = as_read(render(report, "wikitext", style))
    facts = re.findall(r'^! scope="row" \| (.+)$', written, re.MULTILINE)
    assert {*facts} >= {each.label for each in head_of(report)}
    for outage in wording.outages(report):
        assert f"* {outage}\n" in written


def test_a_task_is_a_link_to_its_address_where_the_wiki_has_no_prefix_for_it():
    address = "https://tasks.example.org/T45"
    assert Writer(tracker="https://tasks.example.org").typed("see T45") == f"see [{address} T45]"
    assert Writer(tracker=None, prefix="phab").typed("see T45") == "see T45"
    known = Task(id="T45", url=address)
    assert Writer(tracker=None).task(known) == f"[{address} T45]"
    assert Writer(tracker=None).task(replace(known, url=None)) == "T45"


def test_what_was_said_to_be_none_is_told_from_what_is_missing():
    silent = page(reports.empty())
    settled = page(replace(reports.empty(), missing=()))
    assert "=== What went well? ===\n* …" in silent
    assert "=== What went well? ===\n* None" in settled
    assert "| coordinators =\n" in silent
    assert "| coordinators = No ICs\n" in settled
    assert "| metrics =\n" in silent
    for layout, name in (
        ("wikimedia", "| metrics ="),
        ("wikimedia", "| task ="),
        ("wikimedia-2019", "* Metrics affected:"),
        ("wikimedia-2019", "* Incident task:"),
        ("wikimedia-2021", "Incident Task\n|"),
        ("plain", "Relevant metrics / SLOs\n|"),
    ):
        assert f"{name} None\n" in page(replace(reports.empty(), missing=()), layout)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_all_responders_are_listed_once_it_is_known_what_one_of_them_did(layout):
    written = page(reports.maximal(), layout)
    assert "* jynus: IC\n* &#91;&#91;cdanis&#93;&#93;: proxies" in written
    assert "\n* Emperor\n" in written


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_scorecard_without_an_answer_is_no_table_of_dashes(layout):
    card = reports.maximal().scorecard
    blank = replace(card, answers=tuple(replace(each, answer=None, score=None) for each in card.answers), total=0)
    written = page(replace(reports.maximal(), scorecard=replace(blank, complete=False)), layout)
    assert "rowspan" not in written
    assert "| —\n|\n|-" not in written


@pytest.mark.parametrize(
    ("layout", "where"),
    [
        ("plain", '! scope="row" | Severity\n| 2\n|-'),
        ("wikimedia", "}}\n\n'''Severity''': 2\n"),
        ("wikimedia-2021", '! scope="row" | Severity\n| colspan="3" | 2\n|-'),
        ("wikimedia-2019", "\n* Severity: 2\n* Start:"),
    ],
)
def test_the_severity_stands_with_the_metadata(layout, where):
    assert where in page(reports.maximal(), layout)
    assert "Severity" not in page(reports.seed_2019(), layout)


def test_the_layout_of_2021_has_the_scorecard_before_the_actionables():
    written = page(reports.seed_2021(), "wikimedia-2021")
    assert written.index("== Scorecard ==") < written.index("== Actionables ==")


def test_a_cancelled_incident_says_so():
    cancelled = replace(reports.empty(), incident=replace(reports.empty().incident, state=State.CANCELLED))
    assert "'''This incident was cancelled.'''" in page(cancelled)


def test_a_scorecard_of_a_version_nobody_knows_is_shown_in_its_own_words():
    scorecard = replace(reports.maximal().scorecard, version="acme-1")
    assert "Were fewer than five people paged?" in page(replace(reports.maximal(), scorecard=scorecard))


def test_a_scorecard_that_counts_points_shows_points_and_their_total():
    written = page(reports.seed_2021(), "wikimedia-2021")
    table = written[written.index("== Scorecard ==") : written.index("== Actionables ==")]
    assert re.findall(r"\n\| ([0-9])\n", table) == [*"101110011001110", "9"]
    assert '! scope="row" colspan="2" | Total score\n| 9\n' in written


def test_an_organisation_adds_a_layout_with_a_file(tmp_path):
    (tmp_path / "acme.wiki").write_text(
        '{% import "wikitext.jinja" as part with context %}\n'
        '== << incident.title >> ==\n<< part.timeline_lines("UTC") >>',
        encoding="utf-8",
    )
    written = page(reports.maximal(), "acme", layouts=tmp_path)
    assert written.startswith("== Swift &#124; proxies &lt;eqiad&gt; ==\n''UTC''\n\n*2024-12-30 kernel upgraded\n")


def test_a_layout_that_was_edited_is_followed_at_once(tmp_path):
    written = {}
    for title in ("summary", "what happened"):
        (tmp_path / "acme.wiki").write_text(f"== {title} ==\n<< incident.title >>", encoding="utf-8")
        written[title] = page(reports.maximal(), "acme", layouts=tmp_path)
    assert written["what happened"] == written["summary"].replace("summary", "what happened") != written["summary"]


def test_a_layout_goes_before_the_shipped_one_from_the_moment_it_is_there(tmp_path):
    shipped = page(reports.maximal(), layouts=tmp_path)
    (tmp_path / "wikimedia.wiki").write_text("ours", encoding="utf-8")
    assert page(reports.maximal(), layouts=tmp_path) == "ours\n" != shipped


def test_an_unknown_layout_is_refused_with_what_there_is(tmp_path):
    (tmp_path / "acme.wiki").write_text("x", encoding="utf-8")
    with pytest.raises(
        ReportError, match=r"^\[irscribe\] layout: .*'nope'.* acme, plain, wikimedia-2019, wikimedia-2021, wikimedia"
    ):
        page(reports.empty(), "nope", layouts=tmp_path)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "sub/inner", "", ".", "wikimedia.wiki", "wikitext"])
def test_a_layout_name_leads_nowhere_else(tmp_path, name):
    folder = tmp_path / "layouts"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "inner.wiki").write_text("x", encoding="utf-8")
    (tmp_path / "secret.wiki").write_text("x", encoding="utf-8")
    with pytest.raises(ReportError, match="there is no layout"):
        page(reports.empty(), name, layouts=folder)


BROKEN = [
    "{% if %}",
    "<< nothing >>",
    "<< incident.nothing >>",
    '{% include "gone" %}',
    "<< 1 // 0 >>",
    "<< summary() >>",
]
BROKEN += ['{% include "acme.wiki" %}', "{% if 1 %}" * 150 + "{% endif %}" * 150, "<< " + "(" * 300 + ")" * 300 + " >>"]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_layout_is_refused_by_its_name(tmp_path, broken):
    (tmp_path / "acme.wiki").write_text(broken, encoding="utf-8")
    with pytest.raises(ReportError, match=r"layout: acme\.wiki.* cannot be used"):
        page(reports.empty(), "acme", layouts=tmp_path)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", MADE)
def test_blocks_stand_one_empty_line_apart(name, layout):
    written = page(MADE[name](), layout)
    assert "\n\n\n" not in written
    assert written.endswith("\n")
    assert not re.search(r"[ \t]$", written, re.MULTILINE)
