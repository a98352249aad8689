"""A service that does not answer holds up nothing that is for the other one."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread

import pytest

from irscribe.adapter import Adapter
from irscribe.domain.casemapping import CaseMapping
from irscribe.engine.app import App
from irscribe.services.application import build_application
from tests.http import fake_mediawiki, fake_phabricator
from tests.http.desk import settings
from tests.http.phabricatorworld import SRE
from tests.replies import LOGGED
from tests.talk import CHANNEL, Talk
from tests.waiting import HANGS, wait_until

ENDS_WITHIN = 8.0


class Silent:
    """A server that takes every connection, and never says a word."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.taken: list[socket.socket] = []
        self._thread = Thread(target=self._take, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(HANGS)
        for each in self.taken:
            each.close()

    def _take(self) -> None:
        try:
            while True:
                self.taken.append(self._socket.accept()[0])
        except OSError:
            return


class Voice:
    """A connection that keeps what is said."""

    casemapping = CaseMapping.RFC1459

    def __init__(self) -> None:
        self.said: SimpleQueue[str] = SimpleQueue()

    def __call__(self, _target, text):
        self.said.put(text)

    def line_limit(self, _target):
        return 400

    def reaches(self, _target, _whom):
        return True

    def is_busy(self):
        return False

    def await_line(self, part):
        while part not in (said := self.said.get(timeout=HANGS)):
            pass
        return said


@pytest.fixture
def silent():
    return Silent()


@contextmanager
def _running(folder, phabricator, wiki, silent, **more):
    """A whole app, and the function that says a line of Alice's and gives the first answer that holds a part."""
    config = settings(folder, phabricator, wiki, database=f"sqlite:///{folder / 'app.db'}", pace=None, **more)
    talk, voice = Talk(folder, config=config), Voice()
    talk.accounts["alice"] = "alice"
    app = App(build_application(config), Adapter)
    app.start()
    assert app.take_leader_lock()
    app.attach(voice)

    def say(line, part):
        app.submit(talk.request("alice", line, channel=CHANNEL))
        return voice.await_line(part)

    try:
        yield say
    finally:
        # First, so that no thread of the app is left that waits for it.
        silent.close()
        app.stop(ENDS_WITHIN)
        talk.database.close()


def test_a_wiki_that_does_not_answer_does_not_hold_up_a_task_that_becomes_private(tmp_path, phabricator, wiki, silent):
    settings = {"phabricator__private_policy": "sre", "mediawiki__url": f"{silent.url}/w/api.php"}
    with _running(tmp_path, phabricator, wiki, silent, **settings) as say:
        say("!ir start API returns 500", "has been open since")
        say("!ir task file", "I say when it is done")
        wait_until(lambda: phabricator.world.tasks, HANGS, "the task is not filed")
        say("!ir publish", "Publishing")
        wait_until(lambda: silent.taken, HANGS, "the other service was not asked")
        say("!ir private on", "I restrict that now")
        wait_until(lambda: phabricator.world.task(1).view == SRE, HANGS, "the task is not restricted")
        assert len(silent.taken) == 1


def test_a_task_server_that_does_not_answer_does_not_hold_up_the_page(tmp_path, phabricator, wiki, silent):
    with _running(tmp_path, phabricator, wiki, silent, phabricator__url=silent.url) as say:
        say("!ir start API returns 500", "has been open since")
        say("!ir task file", "I say when it is done")
        wait_until(lambda: silent.taken, HANGS, "the other service was not asked")
        say("!ir publish", "is published")
        assert len(silent.taken) == 1


def test_while_both_services_are_away_notes_go_on_and_when_they_are_back_each_gets_its_own_once(desk):
    desk.open()
    for _ in range(3):
        desk.phabricator.fail("maniphest.edit", fake_phabricator.Fault.CUT_BEFORE)
        desk.wiki.fail(fake_mediawiki.Step.EDIT, fake_mediawiki.Fault.CUT_BEFORE)
    for line in ("!ir task file", "!ir publish"):
        desk.say("alice", line)
    assert len(desk.work()) == len(desk.waiting()) == 2
    for number in (1, 2):
        assert LOGGED in desk.say("alice", f"!log still broken {number}")[0]
        desk.later(minutes=15)
        assert desk.work() == []
    assert not desk.phabricator.world.tasks
    assert not desk.wiki.wiki.pages
    assert len(desk.persevere()) == 2
    (task,), (page,) = desk.phabricator.world.tasks, desk.wiki.wiki.pages.values()
    assert (task.title.endswith("API returns 500"), len(page)) == (True, 1)
