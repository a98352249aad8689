"""Two bots on one PostgreSQL: one speaks, one stands by and takes over when the other is gone."""

from __future__ import annotations

import json
import re
import signal
from collections import Counter
from contextlib import ExitStack, contextmanager
from threading import Event, Thread
from time import monotonic

import pytest
from sqlalchemy.engine import make_url

from irscribe.demo import Client
from tests.botprocess import closed_port
from tests.ircservers import expect_logged, plain, write_settings
from tests.lives import ForkedBot, command
from tests.postgres import scratch_database
from tests.proxy import Proxy
from tests.replies import LOGGED, TAKEN_BACK
from tests.waiting import HANGS, slowness

TAKEN_OVER = 15.0
SAFE = HANGS
PAUSE = 0.05
STANDS_BY = "Another bot is at work on this database (from 127.0.0.1, connected since "
FILING = "[phabricator]\nurl = http://127.0.0.1:1\ntoken = cli-nothing"


class Writer:
    """Somebody who notes something all the while, whoever takes it down."""

    def __init__(self, address) -> None:
        self._client = Client("bob", address)
        self._client.join("#ops")
        self._done = Event()
        self._thread = Thread(target=self._write, daemon=True)
        self._thread.start()

    def _write(self) -> None:
        number = 0
        while not self._done.wait(PAUSE):
            number += 1
            self._client.send(f"PRIVMSG #ops :!log note {number}")

    def acknowledged(self) -> list[int]:
        """The numbers of the entries whose recording was said, in the order it was."""
        said = (re.match(rf"#ops <irscribe_*> #(\d+) \S+ {LOGGED}$", line) for line in self._client.lines)
        return [int(found[1]) for found in said if found]

    def stop(self) -> None:
        self._done.set()
        self._thread.join()
        self._client.settle()
        self._client.expect("<irscribe_*> #")
        self._client.quit()


@pytest.fixture
def bots(tmp_path, inspircd):
    """Starts a bot in a folder of that name; ``proxied`` ones reach the database by a way that can be cut."""
    with ExitStack() as stack:
        url = make_url(stack.enter_context(scratch_database()))
        proxy = stack.enter_context(Proxy((url.host, url.port)))
        ways = {False: url, True: url.set(host="127.0.0.1", port=proxy.address[1])}

        @contextmanager
        def start(name, *, proxied=False, core=None):
            folder = tmp_path / name
            folder.mkdir(exist_ok=True)
            where = ways[proxied].render_as_string(hide_password=False)
            own = f"limit = none\ntrusted = alice!*@*\ndatabase = {where}\n{FILING}"
            write_settings(folder, core=core or plain(inspircd), own=own)
            assert command("migrate", folder=folder).returncode == 0
            with ForkedBot(folder) as bot:
                yield bot

        yield start, proxy


def report(folder, number):
    return json.loads(command("export", str(number), "--format", "json", folder=folder).stdout)


def check(folder, number, acknowledged):
    """Check that every acknowledged note is recorded, none twice or out of order, and none acknowledged twice."""
    timeline = report(folder, number)["timeline"]
    notes = [(entry["number"], entry["text"]) for entry in timeline if entry["text"].startswith("note ")]
    assert max(Counter(text for _, text in notes).values()) == 1
    assert [text for _, text in sorted(notes)] == sorted((text for _, text in notes), key=lambda text: int(text[5:]))
    assert set(acknowledged) <= {number for number, _ in notes}
    assert max(Counter(acknowledged).values()) == 1


def test_the_one_that_stands_by_takes_over_from_one_that_was_killed(bots, inspircd, tmp_path):
    start, _ = bots
    with ExitStack() as stack:
        first = stack.enter_context(start("first")).ready()
        second = stack.enter_context(start("second"))
        expect_logged(second, STANDS_BY)
        alice = stack.enter_context(Client("alice", inspircd.address))
        alice.join("#ops")
        alice.expect_presence("irscribe", "#ops")
        for line, answer in (
            ("!ir start the first one", "#ops <irscribe> Incident 1 "),
            ("!ir close", "private <irscribe> .*1/15 "),
            ("!ir start the second one", "#ops <irscribe> Incident 2 "),
            ("!ir ic me", "#ops <irscribe> .*alice becomes IC"),
        ):
            alice.say("#ops", line)
            alice.expect(answer)
        alice.say("irscribe", "yes")
        alice.expect("private <irscribe> .*2/15 ")
        writer = Writer(inspircd.address)
        alice.expect("#ops <irscribe> #9 ")
        killed = monotonic()
        first.tell(signal.SIGKILL)
        alice.expect("! irscribe quit")
        alice.expect("#ops ! irscribe join", SAFE)
        alice.expect("#ops <irscribe> #", SAFE)
        assert monotonic() - killed < TAKEN_OVER * slowness()
        alice.say("irscribe", "no, nobody was paged")
        alice.expect("private <irscribe> .*3/15 ")
        alice.say("#ops", "!ir")
        alice.expect("#ops <irscribe> 2 “the second one”: .*coordinator")
        alice.say("#ops", "!ir undo")
        alice.expect(f"#ops <irscribe> {TAKEN_BACK}")
        with start("first") as again:
            expect_logged(again, STANDS_BY)
            writer.stop()
            assert second.stop() == 0
            alice.expect("! irscribe quit")
            alice.expect("#ops ! irscribe join", SAFE)
            assert again.stop() == 0
        check(tmp_path / "first", 2, writer.acknowledged())
        answers = report(tmp_path / "first", 1)["scorecard"]["answers"]
        assert [(each["answer"], each["notes"]) for each in answers[:3]] == [
            ("yes", ""),
            ("no", "nobody was paged"),
            (None, ""),
        ]


def test_one_that_froze_or_lost_its_database_gives_way_and_comes_back(bots, inspircd, tmp_path):
    start, proxy = bots
    with ExitStack() as stack:
        first = stack.enter_context(start("first")).ready()
        second = stack.enter_context(start("second", proxied=True))
        expect_logged(second, STANDS_BY)
        alice = stack.enter_context(Client("alice", inspircd.address))
        alice.join("#ops")
        alice.say("#ops", "!ir start a long one")
        alice.expect("#ops <irscribe> Incident 1 ")
        alice.say("#ops", "!ir task file")
        alice.expect("#ops <irscribe> .*task")
        writer = Writer(inspircd.address)
        alice.expect("#ops <irscribe> #9 ")

        first.tell(signal.SIGSTOP)
        alice.expect("#ops ! irscribe_ join", SAFE)
        alice.expect("#ops <irscribe_> #", SAFE)
        first.tell(signal.SIGCONT)
        alice.expect("! irscribe quit", SAFE)
        alice.expect("! irscribe_ nick", SAFE)
        alice.say("#ops", "!ir outbox")
        alice.expect("#ops <irscribe> .*task", SAFE)

        proxy.cut()
        alice.expect("#ops ! irscribe_ join", SAFE)
        alice.expect("! irscribe quit .*Another bot takes over", SAFE)
        alice.expect("! irscribe_ nick", SAFE)
        alice.say("#ops", "!ir who")
        alice.expect("#ops <irscribe> On 1: ")
        proxy.mend()
        writer.stop()
        assert first.stop() == 0
        alice.expect("#ops ! irscribe join", SAFE)
        assert second.stop() == 0
        check(tmp_path / "first", 1, writer.acknowledged())


def test_who_cannot_get_onto_the_network_leaves_the_turn_to_others_and_who_missed_one_comes_anew(
    bots, inspircd, tmp_path
):
    start, _ = bots
    with ExitStack() as stack:
        port = stack.enter_context(closed_port())
        nowhere = f"host = 127.0.0.1\nport = {port}\nuse_ssl = false"
        lost = stack.enter_context(start("lost", core=nowhere))
        expect_logged(lost, "trying again in")
        first = stack.enter_context(start("first")).ready()
        alice = stack.enter_context(Client("alice", inspircd.address))
        alice.join("#ops")
        alice.say("#ops", "!ir start a long one")
        alice.expect("#ops <irscribe> Incident 1 ")

        first.tell(signal.SIGSTOP)
        with start("second") as second:
            alice.expect("#ops ! irscribe_ join", SAFE)
            for number in range(1, 4):
                alice.say("#ops", f"!log note {number}")
                alice.expect("#ops <irscribe_> #")
            second.tell(signal.SIGKILL)
        alice.expect("! irscribe_ quit")
        first.tell(signal.SIGCONT)
        alice.expect("! irscribe quit", SAFE)
        alice.expect("#ops ! irscribe join", SAFE)
        alice.say("#ops", "!log note 4")
        alice.expect("#ops <irscribe> #5 ")
        assert first.stop() == 0
        assert lost.stop() == 0
        check(tmp_path / "first", 1, [2, 3, 4, 5])
