"""A text that leaves the bot holds as much as fits, its search text, and a way to the rest."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest

from irscribe.integrations.tasks import fit_text, fit_title
from irscribe.render.taskmarkup import ON_SERVER
from irscribe.services.application import build_application
from irscribe.services.filing.draft_form import page, short_form, whole_form
from irscribe.services.filing.drafts import FITS, closing_comment, description, report_url, title
from tests import reports
from tests.organisations import wikimedia

DESCRIPTION_BYTES = 64_000
ENTRIES = 5000
SEARCH_TEXT = "irscribe-1-00ff"


@pytest.fixture
def application():
    return build_application(replace(wikimedia(), reports_url="https://reports.example.org"))


@pytest.fixture
def long():
    """An incident of five thousand entries."""
    note = reports.entry(1, "2019-10-07 15:00", "")
    entries = (replace(note, number=number, text=f"something happened, number {number}") for number in range(ENTRIES))
    return replace(reports.seed_2019(), timeline=tuple(entries))


def test_a_timeline_that_is_too_long_is_shortened_in_its_middle(long, application):
    text = description(long, application, search_text=SEARCH_TEXT)
    assert FITS / 2 < len(text.encode()) <= DESCRIPTION_BYTES
    for part in ("number 0\n", f"number {ENTRIES - 1}\n", "https://reports.example.org/incident-1.html", SEARCH_TEXT):
        assert part in text
    assert f"number {ENTRIES // 2}\n" not in text
    assert "== Actionables ==" in text


def test_without_a_place_to_read_the_rest_the_bot_is_named(long, application):
    text = description(long, replace(application, config=replace(application.config, reports_url=None)))
    assert "!ir export" in text
    assert "var/reports" not in text


def test_a_private_report_has_no_address(long, application):
    private = replace(long, incident=replace(long.incident, private=True))
    assert report_url(private, application) is None
    assert "reports.example.org" not in description(private, application)


def test_what_is_too_long_without_a_timeline_is_cut_behind_a_line(long, application):
    text = description(replace(long, timeline=(), summary="word " * 40_000), application, search_text=SEARCH_TEXT)
    assert len(text.encode()) <= DESCRIPTION_BYTES
    assert SEARCH_TEXT in text
    assert "left out" in text


@pytest.mark.parametrize("report", [reports.empty(), reports.maximal(), reports.seed_2019(), reports.seed_2021()])
@pytest.mark.parametrize("room", [100, 250, 380])
def test_a_form_fits_into_its_room_and_holds_whole_words_of_the_summary(report, application, room):
    url = short_form(report, application, room=room)
    if url is None:
        assert room < 250
        return
    assert len(url) <= room
    form = parse_qs(urlsplit(url).query)
    assert form["title"] == [title(report)]
    words = (report.summary or "").split()
    beginnings = [str(ON_SERVER.blocks(" ".join(words[:count]))) for count in range(len(words) + 1)]
    whole = str(ON_SERVER.blocks(report.summary or ""))
    assert form.get("description", [""])[0].removesuffix(" …") in (*beginnings, whole)


def test_a_form_holds_the_whole_report_where_there_is_room(application, long):
    whole = whole_form(reports.empty(), application)
    assert whole is not None
    assert "== Timeline ==" in parse_qs(urlsplit(whole).query)["description"][0]
    assert whole_form(long, application) is None


@pytest.mark.parametrize(
    "typed", [case["rendered"] for case in reports.NASTY], ids=[case["id"] for case in reports.NASTY]
)
def test_a_hostile_title_is_text_in_the_form_and_on_the_page_to_file_it_with(typed, application):
    report = reports.empty()
    report = replace(report, incident=replace(report.incident, title=typed))
    parsed = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page(report, application))
    (link,) = parsed.iter("a")
    form = parse_qs(urlsplit(link.get("href")).query)
    assert link.get("href").startswith(f"{application.config.phabricator.url.rstrip('/')}/maniphest/task/edit/form/")
    assert form["title"] == [fit_title(title(report))]
    assert form["description"] == [fit_text(description(report, application))]
    (heading,), (shown,) = parsed.iter("h1"), parsed.iter("textarea")
    assert "".join(heading.itertext()).split() == title(report).split()
    assert shown.text.strip("\n") == description(report, application).strip("\n")
    assert {each.tag for each in parsed.iter() if isinstance(each.tag, str)} == {
        *("html", "head", "meta", "title", "style", "body", "h1", "p", "a", "label", "textarea")
    }


def test_a_drill_is_called_one(application):
    report = reports.empty()
    assert title(replace(report, incident=replace(report.incident, drill=True))).startswith("Drill ")


def test_a_comment_says_how_long_it_lasted(application):
    said = closing_comment(reports.seed_2019(), application, search_text=SEARCH_TEXT)
    assert "lasted" in said
    assert said.endswith(f"{{anchor #{SEARCH_TEXT}}}\n")
