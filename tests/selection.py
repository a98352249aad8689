"""The tests of one run: the cases that PostgreSQL gets, and the order in which the workers take them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, islice

import pytest

LONGEST = ("test_killed.py", "test_standby.py", "test_mishaps.py", "test_life.py", "test_filing_killed.py")
EVERY_CASE = "every_case_on_postgresql"
"""The marker of tests whose cases differ in the statements that they send, so that each is worth a server."""
ALIKE = "alike_on_postgresql"
"""The marker of modules whose tests all send the same statements, so that one of them is enough for a server."""


def beyond_first_on_postgresql(items: Iterable[pytest.Item]) -> Sequence[pytest.Item]:
    """Give the cases that SQLite alone is enough for: all but the first of each test, or of a module of tests alike."""
    seen: set[str] = set()
    return [item for item in items if _is_on_postgresql(item) and not _is_first(item, seen)]


def ordered(items: Sequence[pytest.Item], *, workers: int) -> list[pytest.Item]:
    """Let some workers begin with tests that wait for servers, longest first, while the others use the processor.

    A worker is given the same number of tests in a row, and later takes over what others have not come to.
    """
    by_file = {path: list(tests) for path, tests in groupby(items, key=lambda item: item.path)}
    waiting = sorted((path for path in by_file if path.parent.name == "e2e"), key=_place)
    others = (test for path, tests in by_file.items() if path not in waiting for test in tests)
    waiters = max(1, workers - workers // 2)
    result: list[pytest.Item] = []
    for number in range(workers):
        mine = waiting[number::waiters] if number < waiters else []
        result += (test for path in mine for test in by_file[path])
        result += islice(others, max(0, (number + 1) * len(items) // workers - len(result)))
    return [*result, *others]


def _place(path) -> int:
    return LONGEST.index(path.name) if path.name in LONGEST else len(LONGEST)


def _is_on_postgresql(item: pytest.Item) -> bool:
    case = getattr(item, "callspec", None)
    return case is not None and case.params.get("talk") == "postgresql" and item.get_closest_marker(EVERY_CASE) is None


def _is_first(item: pytest.Item, seen: set[str]) -> bool:
    test = item.nodeid.partition("[")[0] if item.get_closest_marker(ALIKE) is None else str(item.path)
    is_first = test not in seen
    seen.add(test)
    return is_first
