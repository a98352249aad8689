"""What holds for every test: no zone but ours, no network but loopback, and in CI nothing left out."""

from __future__ import annotations

import os
import socket
import time
from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_address
from itertools import groupby, islice

import pytest

from tests.examples import NOTHING_SKIPPED, load_profile
from tests.packages import apt_line, packages_of

os.environ["TZ"] = "Asia/Kathmandu"
time.tzset()

load_profile()

LONGEST = ("test_killed.py", "test_standby.py", "test_mishaps.py", "test_life.py", "test_filing_killed.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each worker begins with its share of what waits for servers, the longest first: none is left with it in the end.

    A worker is given the same number of tests in a row, and later what others have not come to.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    by_file = {path: list(tests) for path, tests in groupby(items, key=lambda item: item.path)}
    waiting = sorted(
        (path for path in by_file if path.parent.name == "e2e"),
        key=lambda path: LONGEST.index(path.name) if path.name in LONGEST else len(LONGEST),
    )
    others = (test for path, tests in by_file.items() if path not in waiting for test in tests)
    ordered: list[pytest.Item] = []
    for number in range(workers):
        ordered += (test for path in waiting[number::workers] for test in by_file[path])
        ordered += islice(others, max(0, (number + 1) * len(items) // workers - len(ordered)))
    items[:] = [*ordered, *others]


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def checked(method):
        def dial(self, address):
            if self.family != socket.AF_UNIX and not _is_loopback(address[0]):
                pytest.fail(f"a test tried to reach {address}", pytrace=True)
            return method(self, address)

        return dial

    monkeypatch.setattr(socket.socket, "connect", checked(connect))
    monkeypatch.setattr(socket.socket, "connect_ex", checked(connect_ex))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """At the end, each reason for skipping with the number of its tests, and the one line that installs all of it."""
    yield
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.getreports("skipped"))
    for reason, number in reasons.most_common():
        terminalreporter.write_line(f"skipped {number}: {reason}")
    if missing := packages_of([*reasons]):
        terminalreporter.write_line(f"To run what was skipped: {apt_line(*missing)}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    report = yield
    _refuse_skip(report)
    return report


def _refuse_skip(report) -> None:
    if NOTHING_SKIPPED and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"
