from __future__ import annotations

import re
from itertools import chain

import pytest

from irscribe.render import TEMPLATES

SHEET = (TEMPLATES / "look.css").read_text(encoding="utf-8")
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\brgb\(|\bhsl\(", re.IGNORECASE)
ROOTS = [dict(re.findall(r"--([\w-]+): ([^;]+);", block)) for block in re.findall(r":root \{([^}]*)\}", SHEET)]
LIGHT, DARK, PRINT = ROOTS[0], ROOTS[0] | ROOTS[1], ROOTS[0] | ROOTS[2]
SCHEMES = pytest.mark.parametrize("colours", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])

TEXTS = [
    *(("ink", behind) for behind in ("paper", "faint", "alarm-soft", "calm-soft")),
    *(("soft", behind) for behind in ("paper", "alarm-soft")),
    *(("link", behind) for behind in ("paper", "alarm-soft", "calm-soft")),
    *(("paper", behind) for behind in ("ink", "alarm")),
]
LINES = [(line, "paper") for line in ("ink", "soft", "alarm", "calm")]


def luminance(colour):
    """The relative luminance of WCAG 2.1."""
    digits = colour.removeprefix("#")
    pairs = [each * 2 for each in digits] if len(digits) == 3 else [digits[at : at + 2] for at in (0, 2, 4)]
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (int(pair, 16) / 255 for pair in pairs)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@SCHEMES
@pytest.mark.parametrize(("text", "behind"), TEXTS)
def test_text_has_the_contrast_of_wcag_aa(colours, text, behind):
    assert contrast(colours[text], colours[behind]) >= 4.5


@SCHEMES
@pytest.mark.parametrize(("line", "behind"), LINES)
def test_lines_that_mean_something_have_the_contrast_of_wcag_aa(colours, line, behind):
    assert contrast(colours[line], colours[behind]) >= 3


def test_white_on_black_has_the_highest_contrast_there_is():
    assert contrast("#fff", "#000000") == pytest.approx(21)


def test_every_colour_stands_at_the_top_of_the_stylesheet():
    rules = re.sub(r":root \{[^}]*\}", "", SHEET)
    names = ("report.html", "report-body.html", "timeline.svg")
    templates = [(TEMPLATES / name).read_text(encoding="utf-8") for name in names]
    assert [COLOUR.findall(text) for text in (rules, *templates)] == [[]] * 4


def test_every_name_that_is_used_is_defined_and_the_other_way_round():
    used = {*re.findall(r"var\(--([\w-]+)\)", SHEET)}
    assert used == {*chain.from_iterable(ROOTS)}
