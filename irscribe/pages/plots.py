"""Plots of figures by quarter, as images in SVG; the library is loaded when the first one is made."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from math import ceil, log10

WIDTH, HEIGHT = 800, 300
COLOURS = """
.axis text, .axis text.major, .title { fill: #565d66 }
.axis .line, .axis .guide.line, .axis .major.guide.line { stroke: #d8d5cc; stroke-dasharray: none }
.series .reactive { fill: #24567d; stroke: none }
@media (prefers-color-scheme: dark) {
.axis text, .axis text.major, .title { fill: #a3a9b1 }
.axis .line, .axis .guide.line, .axis .major.guide.line { stroke: #353b43 }
.series .reactive { fill: #8fc1e6 }
}
"""
"""The colours of the stylesheet: an image sees none of it, but it does see the colour scheme."""

_LEVEL_LABELS = 10
"""Most labels that have room beside each other."""

_MOST_STEPS = 5

_CHANGES_EACH_TIME = re.compile(r"<!--.*?-->|<script.*?</script>", re.DOTALL)
"""The library writes the date of today, and an identifier that it draws anew."""


def plot(title: str, points: Sequence[tuple[str, float | None]], *, unit: str) -> str:
    """Draw a bar for each quarter, the oldest first; None leaves the place of a bar empty."""
    from pygal import Bar
    from pygal.style import Style

    _leave_imports_alone()
    chart = Bar(
        css=["file://style.css", "file://graph.css", f"inline:{COLOURS}"],
        explicit_size=True,
        height=HEIGHT,
        js=[],
        margin=8,
        no_prefix=True,
        rounded_bars=2,
        show_legend=False,
        show_x_guides=False,
        style=Style(
            background="transparent",
            font_family="system-ui, sans-serif",
            label_font_size=13,
            major_label_font_size=13,
            opacity=1,
            plot_background="transparent",
            title_font_size=13,
            transition="none",
        ),
        truncate_label=-1,
        value_formatter=lambda value: f"{value:g}",
        width=WIDTH,
        x_label_rotation=35 if len(points) > _LEVEL_LABELS else 0,
        y_title=unit,
    )
    chart.y_labels = _labels(max((value or 0 for _, value in points), default=0))
    chart.x_labels = [name for name, _ in points]
    chart.add(title, [value for _, value in points])
    drawn: str = chart.render(is_unicode=True)
    return _CHANGES_EACH_TIME.sub("", drawn)


def _leave_imports_alone() -> None:
    """Remove the library's finder of maps, which Python 3.11 warns of at each import that fails later."""
    sys.meta_path[:] = [each for each in sys.meta_path if hasattr(each, "find_spec")]


def _labels(highest: float) -> Sequence[int]:
    """Give the numbers at the left: whole ones, from 0 to the first that is not below the highest."""
    wanted = max(1, highest / _MOST_STEPS)
    power = 10 ** int(log10(wanted))
    step = next(each * power for each in (1, 2, 5, 10) if each * power >= wanted)
    return range(0, ceil(highest / step) * step + 1, step)
