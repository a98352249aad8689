"""Hearing: takes every line of the channels, for what is held in memory and, in batches, for the record."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from irscribe.domain.alertlines import AlertLine
from irscribe.domain.alerts import telling_of
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.events import Event
from irscribe.domain.request import Left, LineKind, Renamed, Request
from irscribe.domain.talk import HeardLine, TalkHeard
from irscribe.services.context.application import ApplicationContext
from irscribe.services.talk.listening import listened_channels
from models import FAILED, Database, incidents

MOST_PENDING = 5000
"""Most lines that wait for the next batch; of more the oldest are lost to kept talk, as they would be to a gap."""
ABOUT_TALK = "^"
"""Begins a note that takes in what was said."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """The channels, each with its network, whose talk is kept, and those in which an open incident takes alerts."""

    talk: frozenset[tuple[str, str]] = frozenset()
    alerts: frozenset[tuple[str, str]] = frozenset()

    def includes(self, line: HeardLine) -> bool:
        """True if a line is for the record."""
        place = line.network, line.channel
        return place in self.talk or (line.told is not None and place in self.alerts)


class Hearing:
    """Hands on the lines heard, many in one event: lines that nobody listens to cost the database nothing.

    Lines are heard on the reader's thread and handed on by a job. Lines that somebody is to find in kept talk, or to
    remove from it, are handed on before their command.
    """

    def __init__(
        self,
        application: ApplicationContext,
        database: Database,
        *,
        submit: Callable[[TalkHeard], None],
        clock: Callable[[], datetime],
    ) -> None:
        """Begin with nothing heard; ``submit`` hands an event to the writer."""
        self.casemapping = CaseMapping.ASCII
        self._recent, self._held_alerts = application.recent, application.held_alerts
        self._config = application.config
        self._database, self._submit, self._clock = database, submit, clock
        self._pending: deque[HeardLine] = deque(maxlen=MOST_PENDING)
        self._wanted: Wanted | None = None
        self._changes = 0
        self._lock, self._noting = Lock(), Lock()

    def hear(self, line: HeardLine) -> None:
        """Take a line of a served channel."""
        is_news = self._recent.hear(line, folded_nick=self.casemapping.fold(line.nick))
        if is_news and isinstance(line.told, AlertLine):
            told = telling_of(line.told, line)
            self._held_alerts.hear(line.network, line.channel, told, now=line.heard_at)
        self._pending.append(line)

    def note(self, _incidents: frozenset[int] = frozenset()) -> None:
        """Note that incidents changed, so that the lines of other channels may be wanted now."""
        with self._noting:
            self._changes += 1
            self._wanted = None

    def arrive(self, event: Event) -> None:
        """Prepare for an event that is handed to the writer next."""
        match event:
            case Renamed():
                fold = event.person.casemapping.fold
                self._recent.rename(fold(event.person.nick), fold(event.nick))
            case Left():
                self._recent.leave(event.casemapping.fold(event.nick))
            case Request() if event.kind is LineKind.INCIDENT or event.text.lstrip().startswith(ABOUT_TALK):
                self._hand_on(self._wanted)

    def flush(self) -> None:
        """Hand on what was heard since the last time, and forget what is too old."""
        self._recent.expire(self._clock())
        self._held_alerts.expire(self._clock())
        if not self._pending:
            return
        wanted = self._wanted
        self._hand_on(self._look() if wanted is None else wanted)

    def disconnect(self) -> None:
        """Handle the end of a connection."""
        self._recent.disconnect()

    def _look(self) -> Wanted | None:
        """Read which lines are wanted; None while the database does not say.

        Until it is read nothing is known, so that a command that comes meanwhile finds every line handed on.
        """
        before = self._changes
        try:
            with self._database.read() as session:
                talk = listened_channels(session, self._config, self.casemapping, at=self._clock())
                found = Wanted(talk, incidents.open_places(session))
        except FAILED:
            return None
        with self._noting:
            if self._changes == before:
                self._wanted = found
        return found

    def _hand_on(self, wanted: Wanted | None) -> None:
        """Hand on the lines that are wanted, all if None; both threads keep the order of the lines."""
        with self._lock:
            lines = [self._pending.popleft() for _ in range(len(self._pending))]
            if wanted is not None:
                lines = [each for each in lines if wanted.includes(each)]
            if lines:
                self._submit(TalkHeard(lines=tuple(lines), casemapping=self.casemapping))
