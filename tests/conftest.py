"""What holds for every test: no zone but ours, no network but loopback, and in CI nothing left out."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from ipaddress import ip_address

import pytest
from hypothesis import settings

os.environ["TZ"] = "Asia/Kathmandu"
time.tzset()

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
"""The same examples each time: what a search finds by chance is found where somebody can look at it."""

SKIPS_FAIL = os.environ.get("IRSCRIBE_NO_SKIPS", "") not in {"", "0"}


settings.load_profile("ci" if SKIPS_FAIL else "here")


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
    if SKIPS_FAIL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"
