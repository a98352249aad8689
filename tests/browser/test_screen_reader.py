"""The site as a screen reader gets it: the accessibility tree of Chromium."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic, sleep

import pytest

from irscribe.config import Listen
from irscribe.engine.site_server import SiteServer
from tests import chromium, reports, sites
from tests.packages import apt_line
from tests.waiting import HANGS

pytestmark = pytest.mark.skipif(not chromium.PROGRAM, reason=f"no browser: {apt_line('chromium')}")

OUTPUT = "document.querySelector('.filter output')"
TYPE = """(() => { const input = document.querySelector('.filter input'); input.focus(); input.value = 'vps';
  input.dispatchEvent(new Event('input', {bubbles: true})) })()"""
COUNT = f"""window.told = 0; new MutationObserver(changes => {{ window.told += changes.length }})
  .observe({OUTPUT}, {{childList: true, characterData: true, subtree: true}})"""
FILTER = f"""(() => {{ const box = document.querySelector('.filter'), input = box.querySelector('input');
  return [box.checkVisibility(), input.value, document.activeElement === input, {OUTPUT}.textContent] }})()"""


@pytest.fixture
def served(tmp_path):
    sites.write(tmp_path)
    server = SiteServer(tmp_path, Listen("127.0.0.1", 0))
    server.start()
    yield tmp_path, f"http://{server.address}"
    server.stop(HANGS)


def test_the_drawing_is_one_image_with_one_name(page, folder):
    page.show(folder / "incidents/1/index.html", width=1280)
    heard = page.heard()
    (drawing,) = [name for role, name in heard if role == "image" and "Timeline" in name]
    assert drawing.startswith("Timeline. From 2019-10-07 14:00 to 2019-10-07 20:15 UTC: 12 entries, 1 outage")
    assert [name for role, name in heard if role == "group"] == []
    assert ("StaticText", "17:00") not in heard


def test_a_partial_end_is_told_from_the_end(page, folder):
    page.show(folder / "incidents/1/index.html", width=1280)
    assert ("cell", "2019-10-07 19:15:00 over at 16:30 for most VMs") in page.heard()


def test_a_dash_is_words(page, folder):
    page.show(folder / "incidents/1/index.html", width=1280)
    heard = page.heard()
    behind = heard[heard.index(("rowheader", "Coordinators")) :]
    assert next(name for role, name in behind if role == "cell") == "not recorded"


def test_an_open_incident_says_its_status_when_and_by_whom_its_newest_entry_is(page, folder):
    page.show(folder / "index.html", width=1280)
    assert ("heading", "Status: Monitoring API returns 500") in page.heard()
    page.show(folder / "incidents/6/index.html", width=1280)
    heard = page.heard()
    newest = heard.index(("link", "Newest entry"))
    said = "".join(name for role, name in heard[newest : newest + 12] if role == "StaticText")
    assert "2026-11-30 14:58 UTC: error rate is below 0.1 % for the first time since 13:50 by" in said
    assert ("link", "Entry 8") in heard
    assert ("list", "Notices") not in heard


def test_the_filter_keeps_its_words_and_the_focus_and_is_not_told_again_when_the_page_is_renewed(page, served):
    folder, address = served
    page.show(f"{address}/", width=1280)
    page.ask(TYPE)
    page.ask(COUNT)
    before = page.ask(FILTER)
    ongoing = replace(sites.every_kind()[-1], impact="Nothing works any more.")
    another = replace(ongoing, incident=replace(ongoing.incident, number=7))
    sites.write(folder, [*sites.every_kind()[:-1], ongoing, another])
    begun = monotonic()
    while page.ask("document.querySelectorAll('article.now').length") != 2:
        assert monotonic() - begun < HANGS
        sleep(0.05)
    assert before[:3] == [True, "vps", True]
    assert page.ask(FILTER) == before
    assert page.ask("window.told") == 0
    assert reports.seed_2021().incident.title in page.ask("document.querySelector('main').innerText")
    assert page.problems == []
