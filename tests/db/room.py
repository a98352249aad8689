"""A writer and an answerer at work, and all that is said."""

from __future__ import annotations

from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event

from irscribe.domain.events import Withdrawal
from irscribe.domain.request import Reply
from irscribe.engine.answering import Answerer
from irscribe.engine.purge import Purge
from irscribe.engine.report_files import ReportFiles
from irscribe.engine.writer import Writer
from tests.waiting import HANGS


class Gate:
    """The adapter, whose answers to lookups wait for the test: read already, and not said yet."""

    def __init__(self, adapter) -> None:
        self.adapter = adapter
        self.read, self.opened = SimpleQueue(), Event()
        self.opened.set()

    def __getattr__(self, name):
        return getattr(self.adapter, name)

    def look_up(self, session, lookup):
        outcome = self.adapter.look_up(session, lookup)
        self.read.put(lookup.request.person.nick)
        assert self.opened.wait(HANGS)
        return outcome


class Room:
    """A writer and an answerer at work on a conversation, and all that is said, in its order."""

    def __init__(self, talk) -> None:
        self.talk, self.gate = talk, Gate(talk.adapter)
        self.said: SimpleQueue[tuple[str, str]] = SimpleQueue()
        self.deliver_first = lambda: None
        self.on_said = lambda _text: None
        self.files = ReportFiles(talk.database, talk.application, forgetting=Purge(talk.database))
        self.answerer = Answerer(talk.database, self.gate, write=self.files.write_and_tell, deliver=self._deliver)
        self.writer = Writer(talk.database, self.gate, self._pass_on)
        self.writer.clock = lambda: talk.now

    def ask(self, nick: str, line: str, **more: object) -> None:
        self.writer.submit(self.talk.request(nick, line, **more))

    def answers(self, count: int) -> list[str]:
        return [self.said.get(timeout=HANGS)[1] for _ in range(count)]

    @contextmanager
    def held_up(self, nick: str, line: str, **more: object):
        """Ask something whose answer is read from now on, and said at the end of the block."""
        self.gate.opened.clear()
        self.ask(nick, line, **more)
        assert self.gate.read.get(timeout=HANGS) == nick
        yield
        self.gate.opened.set()

    def _pass_on(self, outcome) -> None:
        if outcome:
            self.deliver_first()
        self.answerer.deliver(outcome)

    def _deliver(self, outcome) -> None:
        for each in outcome:
            if isinstance(each, Withdrawal):
                self.files.withdraw(each, deliver=self._deliver)
            elif isinstance(each, Reply):
                self.said.put((each.to, str(each.text)))
                self.on_said(str(each.text))
