"""A channel to talk in: the real adapter on a real database, with a clock that the test turns."""

from __future__ import annotations

import atexit
import itertools
import re
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from irscribe.adapter import Adapter
from irscribe.commands import recogniser
from irscribe.config import Config, load
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.events import Event, Lookup, Outcome, Withdrawal
from irscribe.domain.mark import as_typed
from irscribe.domain.naming import Naming
from irscribe.domain.report import Report
from irscribe.domain.request import Person, Present, Renamed, Reply, Request
from irscribe.domain.talk import HeardLine, TalkHeard
from irscribe.engine.hearing import Hearing
from irscribe.engine.split_commands import SplitCommands
from irscribe.services.application import build_application
from irscribe.services.report.assembly import report_of
from models import Database
from models.migrating import migrate
from tests.statements import share_statements

CHANNEL = "#incidents"
NETWORK = "testnet"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MSGIDS = itertools.count(1)


class Talk:
    """People in a channel and the bot; every line is a transaction, as in the writer."""

    def __init__(
        self, folder: Path, *, config: Config | None = None, url: str | None = None, alone: bool = False
    ) -> None:
        given = config or load(None)
        own = {"reports": folder / "reports"} if given.reports == load(None).reports else {}
        self.config = replace(given, **own)
        self.database = Database(url or f"sqlite:///{folder / 'talk.db'}", alone=alone)
        share_statements(self.database.engine)
        share_statements(self.database.snapshots.engine)
        if url is None and not (folder / "talk.db").exists():
            shutil.copyfile(empty_file(), folder / "talk.db")
        elif url is not None and self.database.version() is None:
            with closing(Database(url)) as verb:
                migrate(verb)
        if alone:
            self.database.take_leader_lock()
        self.application = build_application(self.config)
        self.adapter = Adapter(self.application)
        self.split_commands = SplitCommands(self.adapter.takes_rest)
        self.hearing = Hearing(self.application, self.database, submit=self.handle, clock=lambda: self.now)
        self.hearing.casemapping = CaseMapping.RFC1459
        self.database.after_commit = self.hearing.note
        self.now = NOON
        self.operators: set[str] = set()
        self.accounts: dict[str, str] = {}
        self.present: tuple[str, ...] = ()
        self.naming = Naming(casemapping=CaseMapping.RFC1459, has_accounts=True)

    def say(self, nick: str, line: str, *, channel: str | None = CHANNEL, **more: object) -> list[str]:
        """Say a line in the channel (None: in private to the bot); what the bot answers there."""
        return [
            str(reply.text) for reply in self.hear(nick, line, channel=channel, **more) if reply.to == (channel or nick)
        ]

    def hear(self, nick: str, line: str, *, channel: str | None = CHANNEL, **more: object) -> list[Reply]:
        """Say a line; every reply to anybody."""
        outcome = self.handle(self.request(nick, line, channel=channel, **more))
        said = (each.reply if isinstance(each, Withdrawal) else each for each in outcome)
        return [each for each in said if isinstance(each, Reply)]

    def chat(self, nick: str, text: str, *, channel: str = CHANNEL, **more: object) -> None:
        """Say something to the others, which the bot hears and hands on; ``more`` are fields of the heard line."""
        self.hearing.hear(self.heard(nick, text, channel=channel, **more))
        self.hearing.flush()
        self.later(milliseconds=1)

    def heard(self, nick: str, text: str, *, channel: str = CHANNEL, **more: object) -> HeardLine:
        """A line that somebody says to the others, as the bot hears it."""
        self.later(milliseconds=1)
        person = self.person(nick)
        values = {
            "network": NETWORK,
            "channel": channel,
            "nick": nick,
            "account": person.account,
            "msgid": f"m{next(MSGIDS)}",
            "said_at": self.now,
            "heard_at": self.now,
            "text": text,
        }
        return HeardLine(**{**values, **more})

    def handle(self, event: Event) -> Outcome:
        if not isinstance(event, TalkHeard):
            self.hearing.arrive(event)
        return self._carry_out(self.split_commands.arrive(event))

    def release(self) -> list[str]:
        """Let the time that passed do its work; what the bot says then."""
        outcome = self._carry_out(self.split_commands.release(self.now))
        return [str(each.text) for each in outcome if isinstance(each, Reply)]

    def request(self, nick: str, line: str, *, channel: str | None = CHANNEL, **more: object) -> Request:
        typed = recogniser(self.config.names).recognise(as_typed(line), private=channel is None)
        values = {
            "kind": typed.kind,
            "person": self.person(nick),
            "network": NETWORK,
            "channel": channel,
            "shared": () if channel else (CHANNEL,),
            "line": line,
            "text": typed.text,
            "to_bot": typed.to_bot,
            "meant": typed.meant,
            "said_at": self.now,
            "heard_at": self.now,
            "msgid": f"m{next(MSGIDS)}",
            "operator": nick in self.operators,
            "present": self.people,
            "named": tuple(self.person(each) for each in self.present if _names(as_typed(line), each)),
        }
        return Request(**{**values, **more})

    def person(self, nick: str) -> Person:
        return Person(
            nick=nick, user=f"~{nick}", host=f"{nick}.example", account=self.accounts.get(nick), naming=self.naming
        )

    def people(self, _channel: str) -> list[Present]:
        """The people in the channel, as far as the test names them."""
        return [Present(person=self.person(each), operator=each in self.operators) for each in self.present]

    def rename(self, nick: str, new: str) -> None:
        self.handle(Renamed(person=self.person(nick), network=NETWORK, nick=new))

    def later(self, **span: float) -> None:
        """Turn the clock on by so many seconds, minutes, hours, days."""
        self.now += timedelta(**span)

    def report(self, number: int = 1) -> Report:
        with self.database.read() as session:
            return report_of(session, self.application, number)

    def texts(self, number: int = 1) -> list[str]:
        """The timeline's texts in order."""
        return [entry.text for entry in self.report(number).timeline]

    def _carry_out(self, events: list[Event]) -> Outcome:
        outcome = self.split_commands.take_due()
        for event in events:
            with self.database.write() as session:
                done = self.adapter.handle(session, event, self.now)
            outcome += self.split_commands.hold_replies(event, done)
        return self.look_up(outcome)

    def look_up(self, outcome: Outcome) -> Outcome:
        """Answer the lookups of an outcome, as the answerer does beside the writer; here nothing goes on meanwhile."""
        return [answer for each in outcome for answer in (self._answer(each) if isinstance(each, Lookup) else [each])]

    def _answer(self, lookup: Lookup) -> Outcome:
        with self.database.snapshot() as session:
            return self.adapter.look_up(session, lookup)


@cache
def empty_file() -> Path:
    """An empty record, migrated once for all tests of a process."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder)
    with closing(Database(f"sqlite:///{folder / 'empty.db'}")) as database:
        migrate(database)
    return folder / "empty.db"


def _names(line: str, nick: str) -> bool:
    return re.search(rf"\b{nick}\b", line, re.IGNORECASE) is not None
