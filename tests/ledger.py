"""Keeps the lines typed and their acknowledgements, to compare them with the record."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from tests.crowd import Asked
from tests.replies import LOGGED

ENTERED = re.compile(rf"#(\d+) (?:\d{{4}}-\d\d-\d\d )?\d\d:\d\d (?:update )?{LOGGED}")


class Ledger:
    """Texts that the record must or may hold: a line without an answer was taken or not, a refused one was not.

    ``entries`` are the texts that an acknowledged entry may have by its number, ``values`` what was typed into a place
    of the report, in order.
    """

    def __init__(self) -> None:
        self.entries: dict[int, set[str]] = {}
        self.values: dict[str, list[str]] = defaultdict(list)
        self.refused: dict[str, str] = {}
        self._times: dict[int, str] = {}
        self._acknowledged: set[str] = set()
        self._perhaps: set[str] = set()

    def enter(self, text: str, answer: str | None, *, at: str | None = None) -> int | None:
        """A note was typed; its number, if it was acknowledged."""
        found = self._judge(text, answer, ENTERED)
        if found is None:
            return None
        number = int(found[1])
        assert number not in self.entries, f"#{number} was given twice"
        self.entries[number] = {text}
        if at is not None:
            self._times[number] = at
        return number

    def change(self, number: int, text: str, answer: str | None, *, done: str) -> bool:
        """An entry was to be changed; whether that was acknowledged."""
        found = self._judge(text, answer, re.compile(done))
        if found:
            self.entries[number] = {text}
        elif answer is None:
            self.entries[number].add(text)
        return found is not None

    def put(self, place: str, text: str, answer: str | None, *, done: str) -> None:
        """A value was typed over, or behind, those before it."""
        found = self._judge(text, answer, re.compile(done))
        if found:
            self._acknowledged.add(text)
        if found or answer is None:
            self.values[place].append(text)

    def expect_entries(self, report: Mapping[str, Any]) -> None:
        """Everything acknowledged is there once, under its number; all else was typed too, and is there once."""
        entries = {entry["number"]: entry for entry in report["timeline"]}
        assert sorted(entries) == [*range(1, len(entries) + 1)]
        texts = {number: entry["text"] for number, entry in entries.items() if entry["kind"] != "lifecycle"}
        assert _repeated(texts.values()) == []
        assert {number: texts.get(number) for number, may in self.entries.items() if texts.get(number) not in may} == {}
        others = {text for number, text in texts.items() if number not in self.entries} - self._perhaps
        assert {text: self.refused.get(text) for text in others} == {}
        assert {number: entries[number]["at"][:19] for number in self._times} == self._times
        assert _numbers_by_writer(texts[number] for number in sorted(texts))

    def expect_items(self, place: str, items: Sequence[str]) -> None:
        """Every acknowledged item is there once, and all stand as they were typed."""
        assert {*items} >= self._acknowledged.intersection(self.values[place])
        assert [text for text in self.values[place] if text in items] == [*items]

    def expect_value(self, place: str, value: str) -> None:
        """The last value that was acknowledged is there, or one that was typed after it."""
        known = [at for at, text in enumerate(self.values[place]) if text in self._acknowledged]
        assert value in self.values[place][max(known, default=0) :]

    def expect_changes(self, rows: Iterable[str]) -> None:
        """Every acknowledged value was written down once, whatever was put in its place later."""
        put = Counter(value for row in rows for value in json.loads(row).values() if isinstance(value, str))
        typed = {text for texts in self.values.values() for text in texts}
        assert {text: put[text] for text in typed if put[text] > 1} == {}
        assert {text for text in self._acknowledged if not put[text]} == set()

    def _judge(self, text: str, answer: str | None, done: re.Pattern[str]) -> re.Match[str] | None:
        found = done.match(answer or "")
        if answer is None:
            self._perhaps.add(text)
        elif found is None:
            self.refused[text] = answer
        return found


def expect_order(heard: Sequence[Asked]) -> None:
    """Entries are numbered in the order in which their lines reached the channel."""
    found = [ENTERED.match(asked.answer or "") for asked in heard]
    numbers = [int(each[1]) for each in found if each]
    assert numbers == sorted({*numbers})


def expect_gaps(report: Mapping[str, Any]) -> None:
    """A gap ends after it begins, and nothing was recorded in it."""
    for gap in report["gaps"]:
        assert gap["from"] < gap["until"]
        assert [entry for entry in report["timeline"] if gap["from"] < entry["recorded_at"] < gap["until"]] == []


def _repeated(texts: Iterable[str]) -> Sequence[str]:
    return [text for text, times in Counter(texts).items() if times > 1]


def _numbers_by_writer(texts: Iterable[str]) -> bool:
    """True if each writer's texts, which end with a number of theirs, stand in the order typed."""
    typed: dict[str, list[int]] = defaultdict(list)
    for text in texts:
        typed[text.split()[0]].append(int(text.split()[-1]))
    return all(one < other for numbers in typed.values() for one, other in pairwise(numbers))
