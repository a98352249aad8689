"""Years of incidents, written straight into the tables: what a bot finds that has served for long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Table, insert

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.naming import STRICTEST, NetworkNamed
from irscribe.domain.request import Person
from models import Database, Session, networks, words
from models.migrating import migrate
from models.tables import channel, entry, entry_version, field, identity, incident, item, line, person, responder
from tests.bench.baselines.place import HOST
from tests.bench.words import sentences

BEGAN = datetime(2015, 1, 1, tzinfo=UTC)
APART = timedelta(hours=7)
PEOPLE = 500
PRESENT = 5
EVERY_PRIVATE = 100
ENTRIES_PER_TRANSACTION = 10_000
"""Entries in a transaction."""
INCIDENTS_PER_TRANSACTION = 400
"""Incidents whose words are read in a transaction."""
NETWORK = HOST
"""An ngIRCd does not say what its network is called, so the bot calls it by its host."""

EVERYBODY = tuple(
    Person(nick=f"person{number}", user=f"~person{number}", host=f"host{number}.example.org", account=None)
    for number in range(1, PEOPLE + 1)
)
"""All people of the history; their numbers in the database count from 1."""

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The numbers of incidents and of entries, those of the long incident among them, and the channel of all."""

    incidents: int
    entries: int
    long: int
    channel: str

    @property
    def long_one(self) -> int:
        """The number of the incident that is long: in the middle."""
        return (self.incidents + 1) // 2

    def sizes(self) -> Iterator[tuple[int, int]]:
        """Each incident's number and how many entries it has."""
        others = self.entries - self.long
        share, left = divmod(others, self.incidents - 1) if self.incidents > 1 else (0, 0)
        for number in range(1, self.incidents + 1):
            if number == self.long_one:
                yield number, self.long
            else:
                yield number, share + (left > 0)
                left -= 1


def write_history(file: Path, scope: Scope) -> None:
    """Make a database of this program's schema, and fill it."""
    database = Database(f"sqlite:///{file}")
    migrate(database)
    with database.write() as session:
        networks.remember(session, NetworkNamed(network=NETWORK, naming=STRICTEST), at=BEGAN)
        _write_people(session)
    history = History(scope)
    for batch in history.batches():
        with database.write() as session:
            for table, rows in batch.items():
                session.execute(insert(table), rows)
    _read_words(database)
    database.close()


def _read_words(database: Database) -> None:
    """Bring the index of words up to date, as the bot does beside the conversation."""
    going = True
    while going:
        with database.write() as session:
            going = all(words.catch_up(session) for _ in range(INCIDENTS_PER_TRANSACTION))


def _write_people(session: Session) -> None:
    numbered = list(enumerate(EVERYBODY, 1))
    people = [{"id": number, "network": NETWORK, "nick": who.nick} for number, who in numbered]
    session.execute(insert(person), people)
    session.execute(
        insert(identity), [{"network": NETWORK, "key": who.key, "person": number} for number, who in numbered]
    )


class History:
    """The rows of it all, in an order that the tables take."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._random = Random(2019)  # noqa: S311 - words, no secrets
        self._sentences = sentences(self._random)
        self._lines = 0

    def batches(self) -> Iterator[Mapping[Table, Sequence[Row]]]:
        """Rows by table, so many entries at once; the last batch lets the channel speak of the last incident."""
        batch = _empty()
        for number, size in self._scope.sizes():
            self._add(batch, number, size)
            if len(batch[entry]) >= ENTRIES_PER_TRANSACTION:
                yield batch
                batch = _empty()
        last = {
            "network": NETWORK,
            "channel": CaseMapping.ASCII.fold(self._scope.channel),
            "incident": self._scope.incidents,
        }
        yield {**{table: rows for table, rows in batch.items() if rows}, channel: [last]}

    def _add(self, batch: Mapping[Table, list[Row]], number: int, size: int) -> None:
        opened = BEGAN + number * APART
        present = self._random.sample(range(1, PEOPLE + 1), PRESENT)
        batch[incident].append(self._head(number, size, opened, opener=present[0]))
        for place, who in enumerate(present, 1):
            batch[responder].append(_responder(number, place, who, opened))
        for name in ("summary", "impact"):
            batch[field].append({"incident": number, "name": name, "value": next(self._sentences)})
        for place, section in enumerate(("well", "poorly", "action"), 1):
            batch[item].append({"incident": number, "section": section, "number": place, "text": next(self._sentences)})
        for place in range(1, size + 1):
            self._add_entry(batch, number, place, self._random.choice(present), opened + place * timedelta(seconds=7))

    def _head(self, number: int, size: int, opened: datetime, *, opener: int) -> Row:
        return {
            "number": number,
            "network": NETWORK,
            "channel": CaseMapping.ASCII.fold(self._scope.channel),
            "channel_name": self._scope.channel,
            "opener": opener,
            "title": next(self._sentences)[:60],
            "state": "closed",
            "status": "resolved",
            "document_status": "final",
            "severity": number % 4 or None,
            "private": number % EVERY_PRIVATE == 0 and number != self._scope.long_one,
            "drill": False,
            "retrospective": False,
            "opened_at": opened,
            "closed_at": opened + size * timedelta(seconds=8),
            "entries": size,
        }

    def _add_entry(self, batch: Mapping[Table, list[Row]], number: int, place: int, who: int, at: datetime) -> None:
        self._lines += 1
        text = next(self._sentences)
        nick = EVERYBODY[who - 1].nick
        batch[line].append(_line(self._lines, CaseMapping.ASCII.fold(self._scope.channel), who, at, text))
        own = {"incident": number, "number": place, "version": 1, "person": who, "nick": nick}
        batch[entry].append({**own, "account": None, "recorded_at": at})
        batch[entry_version].append(
            {
                **own,
                "line": self._lines,
                "made_at": at,
                "at": at,
                "precision": "second",
                "approximate": False,
                "text": text,
                "kind": "note",
            }
        )


def _empty() -> dict[Table, list[Row]]:
    return {table: [] for table in (line, incident, responder, field, item, entry, entry_version)}


def _line(number: int, folded: str, who: int, at: datetime, text: str) -> Row:
    somebody = EVERYBODY[who - 1]
    return {
        "id": number,
        "network": NETWORK,
        "channel": folded,
        "person": who,
        "nick": somebody.nick,
        "user": somebody.user,
        "host": somebody.host,
        "said_at": at,
        "heard_at": at,
        "kind": "log",
        "text": f"!log {text}",
        "body": text,
        "disposition": "taken",
    }


def _responder(number: int, place: int, who: int, at: datetime) -> Row:
    nick = EVERYBODY[who - 1].nick
    return {"incident": number, "number": place, "person": who, "name": nick, "nick": nick, "joined_at": at}
