"""The pages of the site, as files and as browsers without script read them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import PurePosixPath
from posixpath import normpath
from xml.etree import ElementTree as ET

import html5lib
import pytest
from hypothesis import given

from irscribe.domain.report import State, Task
from irscribe.pages import incident, lists, statistics, whole
from irscribe.pages.overviews import overview
from irscribe.pages.plots import plot
from irscribe.render.json import read
from irscribe.render.readers import public
from tests import reading, reports, sites, strategies
from tests.examples import few_examples

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("site")
    sites.write(made)
    return made


def every_page(folder):
    return sorted(folder.rglob("*.html"))


def of(report):
    """Both files about an incident, as texts."""
    return "".join(incident.files(sites.site(), public(report)).values())


def front(*some):
    return reading.seen(lists.front_page(sites.site(), whole.newest_first(map(overview, some)))["index.html"])


def shared(*some):
    """All files that are about several incidents, as one text."""
    made = whole.parts(sites.site(), [overview(public(each)) for each in some])
    return "".join(text for part in made for text in part.make().values())


def test_every_page_is_valid_html(folder):
    for path in every_page(folder):
        parser = html5lib.HTMLParser(strict=True)
        parser.parse(path.read_text(encoding="utf-8"))
        assert parser.errors == []


@few_examples()
@given(strategies.reports())
def test_whatever_is_typed_gives_valid_pages_and_data(report):
    known = public(report)
    files = {**incident.files(sites.site(), known)}
    for part in whole.parts(sites.site(), [overview(known)]):
        files |= part.make()
    for path, text in files.items():
        if path.endswith(".html"):
            html5lib.HTMLParser(strict=True).parse(text)
        elif path.endswith(".json"):
            json.loads(text)
        elif path.endswith((".atom", ".svg")):
            ET.fromstring(text)  # noqa: S314 - written above


def test_every_link_within_the_site_leads_to_a_file_and_a_place_in_it(folder):
    ids = {
        str(path.relative_to(folder)): {
            each.get("id") for each in reading.page(path.read_text(encoding="utf-8")).iter() if each.get("id")
        }
        for path in every_page(folder)
    }
    for page in ids:
        for link in reading.links((folder / page).read_text(encoding="utf-8")):
            if re.match(r"\w+:", link):
                continue
            path, _, place = link.partition("#")
            target = normpath(PurePosixPath(page).parent / path) if path else page
            assert (folder / target).is_file(), (page, link)
            assert not place or place in ids[target], (page, link)


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline(folder):
    for path in every_page(folder):
        page = reading.page(path.read_text(encoding="utf-8"))
        loaded = [each.get("src") or each.get("href") for tag in ("script", "link", "img") for each in page.iter(tag)]
        assert [each for each in loaded if not each or re.match(r"\w+:|//|/", each)] == []
        assert not list(page.iter("style"))
        assert [each for each in page.iter() if "style" in each.attrib] == []
        (policy,) = [each.get("content") for each in page.iter("meta") if each.get("http-equiv") == CSP]
        assert "unsafe" not in policy
        assert policy.startswith("default-src 'none'")


CSP = "Content-Security-Policy"


def test_an_entry_has_an_address():
    assert '<li id="e7"' in of(sites.ongoing())


def test_only_a_page_that_grows_reloads_itself_without_script(folder):
    growing = {
        str(path.relative_to(folder)) for path in every_page(folder) if 'http-equiv="refresh"' in path.read_text()
    }
    assert growing == {"index.html", "incidents/6/index.html"}


def test_what_the_public_is_not_to_see_is_nowhere():
    full = sites.scored()
    told = replace(
        full,
        metadata=replace(
            full.metadata,
            task=Task(id="T1", url="https://tasks.example/T1", title="SECRET-TITLE", status="SECRET-STATUS"),
            responders=tuple(replace(each, account="SECRET-ACCOUNT") for each in full.metadata.responders),
        ),
        timeline=tuple(replace(each, author=replace(each.author, account="SECRET-ACCOUNT")) for each in full.timeline),
        actionables=tuple(
            replace(
                each, task=Task(id="T2", url="https://tasks.example/T2", title="SECRET-TITLE", status="SECRET-STATUS")
            )
            for each in full.actionables
        ),
        scorecard=replace(
            full.scorecard,
            answers=tuple(
                replace(each, answer=None, suggested=replace(each.suggested, evidence="SECRET-EVIDENCE"))
                for each in full.scorecard.answers
            ),
        ),
        missing=("summary",),
        warnings=("SECRET-WARNING",),
    )
    files = of(told) + shared(told)
    assert re.findall(r"SECRET-\w+", files) == []
    assert "Still missing" not in files
    assert "Please check" not in files


def test_a_suggestion_that_was_taken_is_shown():
    full = sites.scored()
    assert "The record suggests yes" in of(full)


def test_the_report_as_data_reads_back():
    made = incident.files(sites.site(), public(sites.scored()))[incident.data_of(12)]
    report = read(made)
    assert (report.missing, report.warnings) == ((), ())
    assert report.incident.title == "Swift | proxies <eqiad>"


@pytest.mark.parametrize("change", [{"drill": True}, {"state": State.CANCELLED}], ids=["drill", "cancelled"])
def test_a_drill_and_a_cancelled_incident_have_a_page_and_are_in_no_list(change):
    full = sites.scored()
    hidden = replace(full, incident=replace(full.incident, title="CANARY", **change))
    assert "CANARY" in of(hidden) or "Drill" in of(hidden)
    assert "CANARY" not in shared(hidden)


def test_the_front_page_begins_with_what_is_open():
    text = front(sites.ongoing(), reports.seed_2019())
    for part in ("1 incident open now", "Monitoring", "coordinated by bob", "One in five requests", "below 0.1 %"):
        assert part in text
        assert text.index(part) < text.index("wmcs-network")


def test_the_front_page_says_that_nothing_is_open_and_what_was_last():
    text = front(reports.seed_2019())
    assert "No incident is open" in text
    assert "wmcs-network, was closed on 2019-10-07 19:15" in text


def test_follow_ups_stand_by_owner_oldest_first():
    full = sites.scored()
    older = replace(full, incident=replace(full.incident, number=1), metadata=replace(full.metadata, start=None))
    older = replace(older, incident=replace(older.incident, opened_at=reports.at("2019-01-01 00:00")))
    page = lists.follow_ups_page(sites.site(), whole.newest_first([overview(full), overview(older)]))
    text = reading.seen(page["followups/index.html"])
    assert "4 open follow-ups" in text
    assert "Write runbook" not in text
    assert text.index("[[cdanis]]") < text.index("Emperor")
    assert text.index("2019-01-01") < text.index("2024-12-30")


def test_figures_say_of_how_many_and_what_share_lacks_them():
    found = statistics.figures([overview(sites.ongoing()), overview(reports.seed_2019())])
    outage = next(each for each in found.parts if each.id == "outage")
    assert outage.sentence == "Median 3 h 30 min, longest 3 h 30 min. n = 1; 50 % of the incidents lack it."
    assert [(each.name, *each.cells) for each in outage.rows] == [
        ("2026 Q4", "—", "—", "0", "100 %"),
        ("2019 Q4", "3 h 30 min", "3 h 30 min", "1", "0 %"),
    ]


def test_scorecards_are_counted_by_question_category_and_quarter(folder):
    text = reading.seen((folder / "scorecards/index.html").read_text(encoding="utf-8"))
    assert "Of 5 incidents that are closed, 2 have a scorecard with an answer, and 3 lack one (60 %)." in text
    assert "33 % (n = 3)" in text


def test_a_plot_is_the_same_each_time_and_asks_nobody_for_anything():
    drawn = plot("Incidents", [("2019 Q4", 3), ("2020 Q1", None)], unit="incidents")
    assert drawn == plot("Incidents", [("2019 Q4", 3), ("2020 Q1", None)], unit="incidents")
    assert "script" not in drawn
    assert re.findall(r"url\(|@import|href=", drawn) == []
    ET.fromstring(drawn)  # noqa: S314 - drawn above


def test_the_feeds_tell_of_incidents_and_their_status_updates_newest_first(folder):
    atom = ET.parse(folder / "feed.atom").getroot()  # noqa: S314 - written above
    titles = [each.findtext(f"{ATOM}title") for each in atom.iter(f"{ATOM}entry")]
    assert titles[0] == "Status: monitoring – 6: API returns 500"
    assert "Opened – 6: API returns 500" in titles
    feed = json.loads((folder / "feed.json").read_text(encoding="utf-8"))
    assert [each["title"] for each in feed["items"]] == titles
    assert feed["items"][0]["url"] == f"{sites.URL}/incidents/6/index.html#e7"
    assert len({each["id"] for each in feed["items"]}) == len(titles)
    assert [each["date_published"] for each in feed["items"]] == sorted(
        (each["date_published"] for each in feed["items"]), reverse=True
    )


def test_feeds_of_a_site_without_an_address_name_none(tmp_path):
    sites.write(tmp_path, url=None)
    assert "home_page_url" not in json.loads((tmp_path / "feed.json").read_text(encoding="utf-8"))


def test_the_incidents_are_data_by_year(folder):
    index = json.loads((folder / "incidents.json").read_text(encoding="utf-8"))
    assert [(each["year"], each["incidents"]) for each in index["years"]] == [
        (2026, 1),
        (2024, 1),
        (2021, 1),
        (2019, 3),
    ]
    year = json.loads((folder / index["years"][-1]["file"]).read_text(encoding="utf-8"))
    assert {each["outage_minutes"] for each in year["incidents"]} == {210, 3060}
    assert all((folder / each["page"]).is_file() and (folder / each["report"]).is_file() for each in year["incidents"])


def test_the_same_record_gives_the_same_bytes(folder, tmp_path):
    sites.write(tmp_path)
    for path in folder.rglob("*"):
        if path.is_file():
            assert (tmp_path / path.relative_to(folder)).read_bytes() == path.read_bytes()
