"""A service manager is told that the bot works, that it still works, and that it ends."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest

from irscribe.runtime.servicemanager import ServiceManager
from tests.waiting import HANGS

SOON = HANGS
A_TENTH_OF_A_SECOND = "100000"


@pytest.fixture
def listener():
    # Not pytest's own folder: the name of a socket has room for 107 bytes.
    with TemporaryDirectory() as folder, closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as there:
        there.bind(str(Path(folder, "notify")))
        there.settimeout(SOON)
        yield there


def _well() -> bool:
    return True


def test_it_hears_that_the_bot_works_and_that_it_ends(listener):
    manager = ServiceManager({"NOTIFY_SOCKET": listener.getsockname()})
    manager.ready(_well)
    manager.stopping()
    assert [listener.recv(99), listener.recv(99)] == [b"READY=1", b"STOPPING=1"]


def test_an_abstract_socket_is_reached_too():
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as there:
        there.bind("")  # the kernel chooses an abstract name
        there.settimeout(SOON)
        name = there.getsockname().decode()
        ServiceManager({"NOTIFY_SOCKET": name.replace("\0", "@", 1)}).ready(_well)
        assert there.recv(99) == b"READY=1"


def test_it_hears_again_and_again_that_the_bot_is_well(listener):
    manager = ServiceManager({"NOTIFY_SOCKET": listener.getsockname(), "WATCHDOG_USEC": A_TENTH_OF_A_SECOND})
    manager.ready(_well)
    assert [listener.recv(99) for _ in range(4)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1", b"WATCHDOG=1"]
    manager.stopping()


def test_a_bot_that_is_not_well_is_silent_and_says_why_in_its_log(listener, caplog):
    asked = iter([False, False, True])
    done = Event()

    def is_well() -> bool:
        answer = next(asked, None)
        if answer is None:
            done.set()
        return bool(answer)

    manager = ServiceManager({"NOTIFY_SOCKET": listener.getsockname(), "WATCHDOG_USEC": A_TENTH_OF_A_SECOND})
    manager.ready(is_well)
    assert done.wait(SOON)
    manager.stopping()
    assert [listener.recv(99) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]
    assert "The writer is stuck; the service manager is left to start the bot again." in caplog.messages


def test_without_a_service_manager_nothing_is_said(caplog):
    manager = ServiceManager({})
    manager.ready(_well)
    manager.stopping()
    assert caplog.messages == []


def test_a_service_manager_that_is_gone_is_one_line_in_the_log(tmp_path, caplog):
    ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")[-90:]}).ready(_well)
    (said,) = (each for each in caplog.messages if "stuck" not in each)  # the watchdog of the test before may be late
    assert said.startswith("The service manager cannot be told READY=1: ")
