"""The bot on ngIRCd, a network without accounts, server time or message ids."""

from __future__ import annotations

import shutil
import socket
import subprocess
from time import monotonic

import pytest

from irscribe.demo import Client
from tests.botprocess import BotProcess, free_port

SETTINGS = """
[Global]
Name = irc.ngircd.test
Info = test
AdminEMail = nobody@localhost
Listen = 127.0.0.1
Ports = {port}
MotdPhrase = hello
[Limits]
MaxConnectionsIP = 0
MaxJoins = 0
MaxNickLength = 30
MaxPenaltyTime = 0
[Options]
DNS = no
Ident = no
PAM = no
"""
START_SECONDS = 5.0


@pytest.fixture
def ngircd(tmp_path):
    """A running ngIRCd, and settings for it in ``config.ini``: host and port."""
    program = shutil.which("ngircd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        pytest.skip("ngIRCd is not here: sudo apt-get install ngircd")
    port = free_port()
    (tmp_path / "ngircd.conf").write_text(SETTINGS.format(port=port))
    (tmp_path / "config.ini").write_text(
        f'[core]\nhost = 127.0.0.1\nport = {port}\nuse_ssl = false\nchannels = "#ops"\n'
    )
    with subprocess.Popen(
        [program, "-n", "-f", "ngircd.conf"], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        _await_port(port)
        yield "127.0.0.1", port
        server.terminate()


def _await_port(port: int) -> None:
    end = monotonic() + START_SECONDS
    while monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    pytest.fail("ngIRCd does not listen")


def test_people_without_accounts_are_served(ngircd, tmp_path):
    with BotProcess(tmp_path) as bot, Client("alice", ngircd) as alice:
        bot.ready()
        alice.join("#ops")
        alice.say("#ops", "!ir start API returns 500")
        alice.expect("#ops <irscribe> .*#1 ")
        alice.say("#ops", "!log OUTAGE BEGINS")
        alice.expect("#ops <irscribe> #2 .*logged")
        assert bot.stop() == 0


def test_the_bot_speaks_no_faster_than_it_may(ngircd, tmp_path):
    with BotProcess(tmp_path) as bot, Client("alice", ngircd) as alice:
        bot.ready()
        alice.join("#ops")
        alice.say("#ops", "!ir start API returns 500")
        alice.expect("#ops <irscribe> .*#1 ")
        began = monotonic()
        for number in range(30):
            alice.send(f"PRIVMSG #ops :!log note {number}")
        alice.expect("#ops <irscribe> #.*–#31 logged", 20.0)
        said = [line for line in alice.lines if "logged" in line]
        assert len(said) <= 5 + (monotonic() - began)
