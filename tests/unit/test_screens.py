"""Reports as Chromium lays them out, on the narrowest phone, on a desktop and on paper."""

from __future__ import annotations

import pytest

from irscribe.render import render
from tests import chromium, reports
from tests.drawn import DRAWN
from tests.packages import apt_line

pytestmark = pytest.mark.skipif(not chromium.PROGRAM, reason=f"no browser: {apt_line('chromium')}")

MARKS_ALONE = """[...document.querySelectorAll('.when small')].filter(mark => {
  const before = document.createRange()
  before.setStart(mark.closest('.when'), 0)
  before.setEndBefore(mark)
  const last = [...before.getClientRects()].filter(each => each.width).at(-1)
  return last.bottom <= mark.getBoundingClientRect().top
}).length"""
TIMES_TOO_WIDE = "[...document.querySelectorAll('.when')].filter(each => each.scrollWidth > each.clientWidth).length"
CROSSING = """(() => {
  const box = each => each.getBoundingClientRect()
  const strips = [...document.querySelectorAll('.strip')].map(box)
  const texts = [...document.querySelectorAll('.chart text')].filter(each => !each.closest('.break'))
  return texts.filter(each => strips.some(strip =>
    box(each).left < strip.right && strip.left < box(each).right)).map(each => each.textContent)
})()"""
INDENTS = """[...document.querySelectorAll('.timeline .what')]
  .map(each => Math.round(each.getBoundingClientRect().left - each.parentNode.getBoundingClientRect().left))"""
INDENTS_OF_FACTS = """[...document.querySelectorAll('.metadata tr')].filter(each => each.offsetHeight > 45)
  .map(each => Math.round(each.cells[1].getBoundingClientRect().left - each.getBoundingClientRect().left))"""
REGION = """(() => {
  const region = document.querySelector('.scroll')
  region.focus()
  const hint = getComputedStyle(document.querySelector('.hint')).display
  return [document.activeElement === region, region.scrollWidth > region.clientWidth, hint !== 'none']
})()"""


@pytest.fixture(scope="module")
def page():
    with chromium.browser() as shown:
        yield shown


@pytest.fixture(scope="module", params=DRAWN)
def path(request, tmp_path_factory):
    written = tmp_path_factory.mktemp("report") / f"{request.param}.html"
    written.write_text(render(DRAWN[request.param](), "html", reports.style()), encoding="utf-8")
    return written


@pytest.mark.parametrize("width", [320, 390, 760, 1280])
def test_nothing_runs_past_the_margin(page, path, width):
    page.show(path, width=width)
    assert page.fits()
    assert page.ask(MARKS_ALONE) == 0
    assert page.ask(TIMES_TOO_WIDE) == 0


def test_the_drawing_scrolls_on_a_phone_and_says_so_and_takes_the_focus(page, path):
    page.show(path, width=320)
    assert page.ask(REGION) == [True, True, True]


def test_on_a_phone_entries_and_facts_have_the_whole_width(page, path):
    page.show(path, width=320)
    assert {*page.ask(INDENTS)} <= {0, 14}
    assert {*page.ask(INDENTS_OF_FACTS)} <= {0}


def test_the_drawing_is_whole_on_a_desktop(page, path):
    page.show(path, width=1280)
    assert page.ask(REGION) == [True, False, False]
    assert page.ask(CROSSING) == []


def test_the_drawing_is_whole_on_paper_and_no_row_is_torn(page, path):
    page.show(path, width=673, medium="print")
    assert page.ask(REGION)[1:] == [False, False]
    assert page.ask(TIMES_TOO_WIDE) == 0
    rules = "[...document.querySelectorAll('tr, li, figure')].map(each => getComputedStyle(each).breakInside)"
    assert {*page.ask(rules)} == {"avoid"}
