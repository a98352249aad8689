"""A writer at work, and a database that takes nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from queue import SimpleQueue

from sqlalchemy import event

from irscribe.domain.events import Withdrawal
from irscribe.domain.request import Left, Renamed, Reply
from irscribe.engine.writer import Writer
from tests.waiting import HANGS

SOON = HANGS


class Desk:
    """A writer at work on the database of a conversation, and what it delivers."""

    def __init__(self, talk) -> None:
        self.talk = talk
        self.path = talk.database.file
        self.said: SimpleQueue[str] = SimpleQueue()
        self.found: list[list[str]] = []
        self.followed: list[str] = []
        self.writer = Writer(talk.database, talk.adapter, self._deliver)
        self.writer.clock = lambda: talk.now

    def submit(self, *lines: str, nick: str = "alice", **more: object) -> None:
        for line in lines:
            self.writer.submit(self.talk.request(nick, line, **more))

    def answers(self, count: int) -> list[str]:
        return [self.said.get(timeout=SOON) for _ in range(count)]

    def ask(self, line: str, **more: object) -> str:
        self.submit(line, **more)
        return self.answers(1)[0]

    def rows(self, statement: str) -> list[tuple]:
        with closing(sqlite3.connect(f"file:{self.path}?mode=rw", uri=True)) as other:
            return other.execute(statement).fetchall()

    def texts(self) -> list[str]:
        return [text for (text,) in self.rows("select text from entry_version order by number")]

    def set_on_checkout(self, pragma: str) -> None:
        """Have every connection set this before it is used; those there are by now are used no more."""
        engine = self.talk.database.engine
        event.listen(engine, "checkout", lambda raw, *_: raw.execute(f"pragma {pragma}"))
        engine.dispose()

    def _deliver(self, outcome) -> None:
        for given in self.talk.look_up(outcome):
            each = given.reply if isinstance(given, Withdrawal) else given
            if isinstance(each, Reply):
                self.found.append(self.texts() if self.path and self.path.exists() else [])
                self.said.put(str(each.text))
            elif isinstance(each, Renamed | Left):
                self.followed.append(f"{each.person.nick} -> {each.nick}" if isinstance(each, Renamed) else each.nick)


@contextmanager
def locked(path):
    """Another program that writes, and takes its time."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        yield
        other.execute("rollback")
