"""``python -m tests.pictures``: pictures of reports in ``var/pictures/``, as screens and paper show them.

It needs Debian's ``chromium`` and ``poppler-utils``. Names of reports (see ``tests/drawn.py``) choose among them.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from irscribe.render import render
from tests import chromium, reports
from tests.drawn import DRAWN
from tests.packages import apt_line

FOLDER = Path(__file__).parents[1] / "var" / "pictures"
WIDTHS = (1280, 390, 320)


def main(names: Sequence[str]) -> int:
    """Take the pictures of the named reports, or of all; say which page is wider than its screen."""
    if missing := chromium.missing():
        print(f"No pictures: {apt_line(*missing)}")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with chromium.browser() as page:
        for name in names or DRAWN:
            path = FOLDER / f"{name}.html"
            path.write_text(render(DRAWN[name](), "html", reports.style()), encoding="utf-8")
            _on_screens(page, path)
            _on_paper(page, path)
    return 0


def _on_screens(page: chromium.Page, path: Path) -> None:
    for width in WIDTHS:
        for dark in (False, True):
            page.show(path, width=width, dark=dark)
            picture = path.with_name(f"{path.stem}-{width}{'-dark' if dark else ''}.png")
            picture.write_bytes(page.picture())
            print(picture, "" if page.fits() else "is wider than its screen")


def _on_paper(page: chromium.Page, path: Path) -> None:
    sheets = path.with_suffix(".pdf")
    sheets.write_bytes(page.print())
    subprocess.run(["pdftoppm", "-r", "70", "-png", sheets, path.with_suffix("")], check=True)
    print(sheets)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
