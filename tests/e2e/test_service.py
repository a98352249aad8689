"""The bot under a service manager: what it is told, and what the exit code says."""

from __future__ import annotations

import configparser
import signal
import socket
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from irscribe.cli.run import NOT_WELCOME
from tests.botprocess import BotProcess, closed_port, free_port
from tests.waiting import HANGS

UNIT = Path(__file__).parents[2] / "deploy" / "irscribe.service"


@pytest.fixture
def manager(monkeypatch):
    with TemporaryDirectory() as folder, closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as there:
        there.bind(str(Path(folder, "notify")))
        there.settimeout(HANGS)
        monkeypatch.setenv("NOTIFY_SOCKET", there.getsockname())
        monkeypatch.setenv("WATCHDOG_USEC", "400000")
        yield there


def test_it_says_that_it_works_that_it_still_does_and_that_it_ends(manager, tmp_path):
    with BotProcess(tmp_path, "--embedded", "--port", str(free_port())) as bot:
        bot.ready()
        assert [manager.recv(99), manager.recv(99)] == [b"READY=1", b"WATCHDOG=1"]
        assert bot.stop() == 0
    said = {manager.recv(99)}
    while b"STOPPING=1" not in said:
        said.add(manager.recv(99))
    assert said <= {b"WATCHDOG=1", b"STOPPING=1"}


def test_it_works_for_the_service_manager_while_its_network_is_down(manager, tmp_path):
    with closed_port() as port:
        (tmp_path / "config.ini").write_text(
            f'[core]\nhost = 127.0.0.1\nport = {port}\nuse_ssl = false\nchannels = "#ops"\n'
        )
        with BotProcess(tmp_path) as bot:
            assert manager.recv(99) == b"READY=1"
            bot.tell(signal.SIGTERM)
            assert bot.ended() == 0


def test_the_unit_starts_it_again_unless_a_human_has_to_act_first():
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read(UNIT, encoding="utf-8")
    service = unit["Service"]
    assert service["Type"] == "notify"
    assert service["Restart"] == "on-failure"
    assert set(service["RestartPreventExitStatus"].split()) == {"2", str(NOT_WELCOME)}
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
