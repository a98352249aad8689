"""Rules for every test: no time zone but ours, no network but loopback, and in CI no skipped test."""

from __future__ import annotations

import gc
import os
import socket
import time
from collections import Counter
from collections.abc import Generator, Iterator
from ipaddress import ip_address

import pytest
from hypothesis import settings

from tests.examples import NOTHING_SKIPPED, load_profile
from tests.memory import use_memory_for_files
from tests.packages import apt_line, packages_of
from tests.selection import beyond_first_on_postgresql, ordered
from tests.waiting import HANGS

os.environ["TZ"] = "Asia/Kathmandu"
time.tzset()

load_profile()
use_memory_for_files()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Spare the garbage collector the many thousand tests, all of which stay until the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the cases that SQLite alone is enough for, but not in the deep profile; order the rest."""
    if settings.get_current_profile_name() != "deep":
        left_out = {*beyond_first_on_postgresql(items)}
        config.hook.pytest_deselected(items=[*left_out])
        items[:] = [item for item in items if item not in left_out]
    items[:] = ordered(items, workers=int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


@pytest.fixture(autouse=True, scope="session")
def patient_snapshots() -> Iterator[None]:
    """A snapshot lasts longer than the bot's: what is read in one has to be read on a busy machine, too."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("models.snapshots", "models.postgresql"):
            patch.setattr(f"{module}.LONGEST", HANGS)
        yield


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
