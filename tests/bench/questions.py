"""The commands that are compared on a young and on an old database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from irscribe.render import FORMATS
from tests.bench.words import COMMON, NOWHERE, RARE

FOUND, SHOWN, LISTED = 3, 12, 4
"""Entries with the rare word; entries that ``find`` shows at most; incidents that ``list`` shows."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A command, the lines that are its answer, and what makes that it can be asked again."""

    name: str
    line: str
    until: str
    times: int = 1
    back: str = ""
    back_until: str = ""


ORDINARY: Sequence[Question] = (
    Question(name="`!log TEXT`", line="!log traffic is moved away from it", until=r"^#\d+ .*logged$"),
    Question(name="`!ir status`", line="!ir status", until="no update yet"),
    Question(name="`!ir list`", line="!ir list", until=", opened ", times=LISTED),
    Question(name="`!ir find`, a rare word", line=f"!ir find {RARE}", until=f" #.*{RARE}", times=FOUND),
    Question(name="`!ir find`, a common word", line=f"!ir find {COMMON}", until=f"^{SHOWN} hits"),
    Question(name="`!ir find`, a word that is nowhere", line=f"!ir find {NOWHERE}", until="^Nothing holds"),
    Question(name="`!ir export json`", line="!ir export json", until="^The report of "),
    Question(name="`!ir export`, all formats", line="!ir export", until="^The report of "),
    Question(name="`!ir close`", line="!ir close", until=" is closed", back="!ir reopen", back_until=" is open again"),
)


def long_questions(number: int) -> Sequence[Question]:
    """The exports of the incident that is long, a format at a time."""
    return [
        Question(name=f"`!ir export {form}`", line=f"!ir export @{number} {form}", until="^The report of ")
        for form in FORMATS
    ]
