"""``make pictures``: pictures of reports and of the site in ``var/pictures/``, as screens and paper show them.

It needs Debian's ``chromium``, and for paper ``poppler-utils``. Names choose some: ``python -m tests.pictures docs``
(for reports see ``tests/drawn.py``).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from irscribe.render import render
from tests import chromium, reports, sites
from tests.drawn import DRAWN
from tests.packages import apt_line

FOLDER = Path(__file__).parents[1] / "var" / "pictures"
DOCUMENTS = Path(__file__).parents[1] / "docs" / "pictures"
WIDTHS = (1280, 390, 320)
DOCUMENTED = (("incident.png", "incidents/6/index.html", 1000, 1240, 0.7), ("phone.png", "index.html", 360, 640, 0.8))
"""Each picture with its page, the size of its part of that in pixels, and the scale."""


def main(names: Sequence[str]) -> int:
    """Take the pictures of the named reports, or of all; say which page is wider than its screen."""
    if not chromium.PROGRAM:
        print(f"No pictures: {apt_line('chromium')}")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = names or ("site", "docs", *DRAWN)
    with chromium.browser() as page:
        if "site" in wanted:
            _of_the_site(page)
        if "docs" in wanted:
            _of_the_documents(page)
        for name in (each for each in wanted if each in DRAWN):
            path = FOLDER / f"{name}.html"
            path.write_text(render(DRAWN[name](), "html", reports.style()), encoding="utf-8")
            _on_screens(page, path)
            _on_paper(page, path)
    return 0


def _of_the_site(page: chromium.Page) -> None:
    folder = FOLDER / "site"
    sites.write(folder)
    for path in sorted(folder.rglob("*.html")):
        _on_screens(page, path, stem=f"site-{'-'.join(path.relative_to(folder).with_suffix('').parts)}")


def _of_the_documents(page: chromium.Page) -> None:
    """Take the pictures that README and docs/look.md show."""
    folder = FOLDER / "site"
    sites.write(folder)
    for name, path, width, height, scale in DOCUMENTED:
        page.show(folder / path, width=width)
        (DOCUMENTS / name).write_bytes(page.picture(height, scale))
        print(DOCUMENTS / name)


def _on_screens(page: chromium.Page, path: Path, *, stem: str = "") -> None:
    for width in WIDTHS:
        for dark in (False, True):
            page.show(path, width=width, dark=dark)
            picture = FOLDER / f"{stem or path.stem}-{width}{'-dark' if dark else ''}.png"
            picture.write_bytes(page.picture())
            print(picture, "" if page.fits() else "is wider than its screen")


def _on_paper(page: chromium.Page, path: Path) -> None:
    sheets = path.with_suffix(".pdf")
    sheets.write_bytes(page.print())
    print(sheets)
    if missing := chromium.missing():
        print(f"No pictures of its sheets: {apt_line(*missing)}")
        return
    subprocess.run(["pdftoppm", "-r", "70", "-png", sheets, path.with_suffix("")], check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
