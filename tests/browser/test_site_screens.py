"""The site in Chromium: on a phone and a desktop, in the light and in the dark, from a folder and from a server."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import pytest

from irscribe.config import Listen
from irscribe.engine.site_server import SiteServer
from tests import chromium, reports, sites
from tests.packages import apt_line
from tests.waiting import HANGS

pytestmark = pytest.mark.skipif(not chromium.PROGRAM, reason=f"no browser: {apt_line('chromium')}")

ROOT = Path(__file__).parents[2]
AXE = Path(os.environ.get("IRSCRIBE_TEST_AXE", ROOT / "node_modules/axe-core/axe.min.js"))
PAGES = (
    "index.html",
    "incidents/6/index.html",
    "incidents/1/index.html",
    "followups/index.html",
    "scorecards/index.html",
    "statistics/index.html",
    "years/2019/index.html",
)
VIOLATIONS = """axe.run({resultTypes: ['violations']}).then(found =>
  found.violations.map(each => `${each.id}: ${each.nodes.map(node => node.target).join(' ')}`))"""
LIVE_WITHIN = 5.0
TOO_LOW = """[...document.querySelectorAll(
  'nav a, .line a, .filter input, .site-title a, .newest a, .stacks th > a, .entries a, .timeline .n')]
  .filter(each => Math.max(...[...each.getClientRects()].map(box => box.height)) < 40).map(each => each.outerHTML)"""
TOO_SMALL = """[...document.querySelectorAll('body *:not(svg *)')]
  .filter(each => parseFloat(getComputedStyle(each).fontSize) < 14).map(each => each.outerHTML)"""


@pytest.fixture
def served(tmp_path):
    sites.write(tmp_path, [sites.ongoing()])
    server = SiteServer(tmp_path, Listen("127.0.0.1", 0))
    server.start()
    yield tmp_path, f"http://{server.address}"
    server.stop(HANGS)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_and_is_without_error_and_loads_nothing_from_elsewhere(page, folder, path):
    for width in (320, 900, 1280):
        for dark in (False, True):
            page.show(folder / path, width=width, dark=dark)
            assert page.fits(), (width, dark)
            assert page.problems == []
            assert [each for each in page.asked_for if not each.startswith(folder.as_uri())] == []
    assert page.ask("getComputedStyle(document.body).backgroundColor") == "rgb(22, 25, 29)"


@pytest.mark.skipif(not AXE.exists(), reason="no axe-core: npm install --no-save axe-core")
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(page, folder, path):
    for width in (320, 1280):
        for dark in (False, True):
            page.show(folder / path, width=width, dark=dark)
            page.ask(AXE.read_text(encoding="utf-8") + ";0")
            assert page.ask(VIOLATIONS) == [], (width, dark)


@pytest.mark.parametrize("path", PAGES)
def test_on_a_phone_a_finger_hits_and_no_text_is_small(page, folder, path):
    page.show(folder / path, width=320)
    assert page.ask(TOO_LOW) == []
    assert page.ask(TOO_SMALL) == []


def test_on_a_phone_short_values_share_a_line_and_a_category_is_said_once(page, folder):
    page.show(folder / "scorecards/index.html", width=320)
    lines = "[...document.querySelectorAll('[data-label=Yes]')].map(each => [each, each.nextElementSibling])"
    assert page.ask(f"{lines}.every(([yes, no]) => yes.offsetTop === no.offsetTop)")
    said = "[...document.querySelector('.rows').querySelectorAll('[data-label=Category]')]"
    shown = page.ask(f"{said}.filter(each => each.checkVisibility()).map(each => each.textContent)")
    assert shown == ["People", "Process", "Tooling"]


def test_times_have_the_readers_own_time_as_a_title(page, folder):
    page.show(folder / "incidents/6/index.html", width=1280)
    assert page.ask("document.querySelector('time').title").endswith("your time")


def test_the_filter_leaves_what_holds_all_words(page, folder):
    page.show(folder / "index.html", width=1280)
    rows = "[...document.querySelectorAll('tbody tr')].filter(each => each.checkVisibility()).length"
    before = page.ask(rows)
    page.ask(
        "(() => { const input = document.querySelector('.filter input'); input.value = 'vps 2021';"
        "input.dispatchEvent(new Event('input', {bubbles: true})) })()"
    )
    assert (before, page.ask(rows)) == (5, 1)
    assert page.ask("document.querySelector('.filter output').textContent") == "1 shown"


def grown(*more):
    known = sites.ongoing()
    return replace(known, timeline=(*known.timeline, *more))


def shows(page, text, path="document.querySelector('main').textContent"):
    """Wait until the page shows a text; the seconds that took."""
    begun = monotonic()
    while text not in page.ask(path):
        assert monotonic() - begun < HANGS
        sleep(0.05)
    return monotonic() - begun


def test_a_new_entry_is_seen_within_seconds_and_the_place_is_kept(page, served):
    folder, address = served
    page.show(f"{address}/incidents/3/", width=390)
    page.ask("window.marker = 1; document.querySelector('.scroll').scrollLeft = 120; scrollTo(0, 700)")
    said = reports.entry(
        9, "2026-11-30 14:59", "nobody sees errors any more", recorded_at=reports.at("2026-11-30 14:59")
    )
    sites.write(folder, [grown(said)])
    took = shows(page, "nobody sees errors any more")
    assert took < LIVE_WITHIN
    assert page.ask("[window.marker, document.querySelector('.scroll').scrollLeft]") == [1, 120]
    assert page.ask("Math.abs(scrollY - 700) < 120")
    assert page.problems == []


def test_the_front_page_follows_too(page, served):
    folder, address = served
    page.show(f"{address}/", width=1280)
    known = sites.ongoing()
    sites.write(folder, [replace(known, impact="Nothing works any more.")])
    assert shows(page, "Nothing works any more.") < LIVE_WITHIN


def test_what_is_redacted_vanishes_from_the_page_that_is_open(page, served):
    folder, address = served
    page.show(f"{address}/incidents/3/", width=1280)
    assert "pooled db1012 out" in page.ask("document.body.textContent")
    known = sites.ongoing()
    sites.write(folder, [replace(known, timeline=tuple(each for each in known.timeline if each.number != 5))])
    begun = monotonic()
    while "pooled db1012 out" in page.ask("document.documentElement.outerHTML"):
        assert monotonic() - begun < LIVE_WITHIN


def test_a_server_that_is_gone_is_said(page, tmp_path):
    sites.write(tmp_path, [sites.ongoing()])
    server = SiteServer(tmp_path, Listen("127.0.0.1", 0))
    server.start()
    page.show(f"http://{server.address}/incidents/3/", width=1280)
    server.stop(HANGS)
    shows(page, "cannot be loaded", "document.getElementById('checked').textContent")


@pytest.mark.parametrize("path", PAGES)
def test_on_paper_nothing_is_cut_or_torn(page, folder, path):
    page.show(folder / path, width=673, medium="print")
    assert page.fits()
    rules = "[...document.querySelectorAll('tr, figure')].map(each => getComputedStyle(each).breakInside)"
    assert {*page.ask(rules)} <= {"avoid"}
    rules = "[...document.querySelectorAll('h2, section > .lead')].map(each => getComputedStyle(each).breakAfter)"
    assert {*page.ask(rules)} <= {"avoid"}
    assert page.ask("[...document.querySelectorAll('#years + *')].every(each => each.checkVisibility())")
    assert page.print().startswith(b"%PDF")
