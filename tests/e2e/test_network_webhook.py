"""The bot killed while Alertmanager posts to it: what is sent again makes nothing double, and nothing is lost."""

from __future__ import annotations

import json
import os
from contextlib import closing, suppress
from random import Random
from threading import Thread
from time import sleep

import pytest
import requests

from tests.botprocess import free_port
from tests.crowd import Crowd
from tests.examples import NOTHING_SKIPPED
from tests.ircservers import plain, write_settings
from tests.lives import Life, command
from tests.posts import TOKEN, alert, post
from tests.scribes import UNDISTURBED
from tests.waiting import HANGS

KILLS = int(os.environ.get("IRSCRIBE_KILLS") or (40 if NOTHING_SKIPPED else 8))
LONGEST_LIFE = 0.15
"""Most seconds between the first of the posts and the kill."""
SOME = 4


@pytest.fixture
def address(tmp_path, network):
    port = free_port()
    (tmp_path / "token").write_text(TOKEN)
    own = f"{UNDISTURBED}\n[webhook]\nlisten = 127.0.0.1:{port}\ntoken_file = token\n"
    write_settings(tmp_path, core=plain(network), own=own)
    return f"http://127.0.0.1:{port}/alertmanager"


def send(address: str, name: str) -> bool:
    """One try of Alertmanager; True if it was told that the alert is taken."""
    with suppress(requests.RequestException):
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return requests.post(address, data=post(alert(name)), headers=headers, timeout=HANGS).status_code == 200
    return False


def test_what_is_sent_until_it_is_taken_is_there_once(tmp_path, network, address):
    chance = Random()  # noqa: S311 - when it is killed
    names, taken = [f"Alert{number}" for number in range(KILLS * SOME)], set()
    with closing(Crowd(network.address, "alice")) as crowd:
        with Life(tmp_path):
            crowd.play_until(crowd.sees_bot)
            assert crowd.ask("alice", "!ir start API returns 500")
        crowd.forget_bot()
        for life in range(KILLS):
            with Life(tmp_path):
                crowd.play_until(crowd.sees_bot)
                tries = [Thread(target=_send, args=(address, each, taken)) for each in names[life * SOME :][:SOME]]
                for each in tries:
                    each.start()
                sleep(chance.uniform(0, LONGEST_LIFE))
            crowd.forget_bot()
            for each in tries:
                each.join()
        acknowledged = frozenset(taken)
        with Life(tmp_path):
            crowd.play_until(crowd.sees_bot)
            recorded = _counted(tmp_path)
            assert acknowledged <= recorded.keys()
            for name in names:
                assert send(address, name)
    assert _counted(tmp_path) == dict.fromkeys(names, 1)


def _send(address: str, name: str, taken: set[str]) -> None:
    if send(address, name):
        taken.add(name)


def _counted(folder) -> dict[str, int]:
    report = json.loads(command("export", "1", "--format", "json", folder=folder).stdout)
    return {each["name"]: each["count"] for each in report["alerts"]}
