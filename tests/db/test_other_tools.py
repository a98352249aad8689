"""The lines of other tools, typed at the bot."""

from __future__ import annotations

import pytest

from tests.othertools import BEFORE, LINES, Outcome
from tests.snapshot import record
from tests.talk import Talk

LEAST_UNDERSTOOD, LEAST_ANSWERED = 0.4, 0.9
"""The share of lines that are carried out; the share of those that are, or are refused with what to type."""


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.tool}: {line.typed}")
def test_a_line_of_another_tool_is_carried_out_or_refused_with_what_to_type(tmp_path, line):
    answer = line.answer(tmp_path)
    assert line.is_met_by(answer), answer.text


def test_what_is_refused_changes_nothing(filed: Talk):
    for line in BEFORE:
        filed.say("alice", line)
    before = record(filed)
    for line in LINES:
        if line.outcome in (Outcome.HINTED, Outcome.UNKNOWN):
            filed.say("alice", f"!ir {line.typed}")
    assert record(filed) == before


def test_most_lines_are_understood_or_answered_with_what_to_type():
    counts = {each: sum(line.outcome is each for line in LINES) / len(LINES) for each in Outcome}
    assert counts[Outcome.UNDERSTOOD] >= LEAST_UNDERSTOOD
    assert counts[Outcome.UNDERSTOOD] + counts[Outcome.HINTED] >= LEAST_ANSWERED
