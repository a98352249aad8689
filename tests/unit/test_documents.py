"""The documents name only files that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")
FILE = re.compile(r"`([\w.]+/[\w/.]+\.\w+)`")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_link_leads_to_a_file(path):
    links = LINK.findall(path.read_text(encoding="utf-8"))
    assert [each for each in links if not (path.parent / each).exists()] == []


def test_the_files_of_the_architecture_are_there():
    named = FILE.findall((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
    folders = (ROOT, ROOT / "irscribe")
    assert len(named) > 50
    assert [each for each in named if not any((folder / each).exists() for folder in folders)] == []
