"""The record as rows, to say that a line changed nothing."""

from __future__ import annotations

import re

from sqlalchemy import select

from models import metadata
from tests.talk import Talk

BESIDE_THE_RECORD = {"line", "person", "identity"}
"""The tables that hold every line and its sender, refused lines too."""


def record(talk: Talk) -> dict[str, list[tuple]]:
    """Every row of the record by table."""
    with talk.database.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table))]
            for table in metadata.sorted_tables
            if table.name not in BESIDE_THE_RECORD
        }


def kept_texts(talk: Talk) -> str:
    """Everything the database holds, in one text to look for words in."""
    with talk.database.read() as session:
        rows = [row for table in metadata.sorted_tables for row in session.execute(select(table))]
    return "\n".join(str(value) for row in rows for value in row if isinstance(value, str))


def refused(talk: Talk, nick: str, line: str, **more: object) -> str:
    """Say a line that is refused: one sentence, and nothing changed; the sentence."""
    before = record(talk)
    answers = talk.say(nick, line, **more)
    assert len(answers) == 1, answers
    assert record(talk) == before, answers
    return answers[0]


def expect_refusal(talk: Talk, nick: str, line: str, *named: str, **more: object) -> None:
    """Say a line that is refused with a sentence that names all of these, as words of their own."""
    said = refused(talk, nick, line, **more)
    assert [words for words in named if not re.search(rf"(?<!\w){re.escape(words)}(?!\w)", said)] == [], said
