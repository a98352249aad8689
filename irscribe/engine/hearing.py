"""Hearing: takes every line of the channels, for recent talk and, in batches, for kept talk."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from threading import Lock

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.events import Event
from irscribe.domain.request import Left, LineKind, Renamed, Request
from irscribe.domain.talk import HeardLine, TalkHeard
from irscribe.services.context.application import ApplicationContext
from irscribe.services.talk.listening import listened_channels
from models import FAILED, Database

MOST_PENDING = 5000
"""Most lines that wait for the next batch; of more the oldest are lost to kept talk, as they would be to a gap."""
ABOUT_TALK = "^"
"""Begins a note that takes in what was said."""


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
        self._recent, self._config = application.recent, application.config
        self._database, self._submit, self._clock = database, submit, clock
        self._pending: deque[HeardLine] = deque(maxlen=MOST_PENDING)
        self._listened: frozenset[tuple[str, str]] | None = None
        self._lock = Lock()

    def hear(self, line: HeardLine) -> None:
        """Take a line of a served channel."""
        self._recent.hear(line, folded_nick=self.casemapping.fold(line.nick))
        self._pending.append(line)

    def note(self, _incidents: frozenset[int] = frozenset()) -> None:
        """Note that incidents changed, so that others may be listened to now."""
        self._listened = None

    def arrive(self, event: Event) -> None:
        """Prepare for an event that is handed to the writer next."""
        match event:
            case Renamed():
                fold = event.person.casemapping.fold
                self._recent.rename(fold(event.person.nick), fold(event.nick))
            case Left():
                self._recent.leave(event.casemapping.fold(event.nick))
            case Request() if event.kind is LineKind.INCIDENT or event.text.lstrip().startswith(ABOUT_TALK):
                self._hand_on(self._listened)

    def flush(self) -> None:
        """Hand on what was heard since the last time, and forget what is too old."""
        self._recent.expire(self._clock())
        if not self._pending:
            return
        listened = self._listened
        if listened is None:
            listened = self._look()
        self._hand_on(listened)

    def disconnect(self) -> None:
        """Handle the end of a connection."""
        self._recent.disconnect()

    def _look(self) -> frozenset[tuple[str, str]] | None:
        """Read which channels are listened to; None while the database does not say."""
        # Set before the reading: a commit meanwhile asks for another one.
        known: frozenset[tuple[str, str]] = frozenset()
        self._listened = known
        try:
            with self._database.read() as session:
                found = listened_channels(session, self._config, self.casemapping, at=self._clock())
        except FAILED:
            self._listened = None
            return None
        if self._listened is known:
            self._listened = found
        return found

    def _hand_on(self, listened: frozenset[tuple[str, str]] | None) -> None:
        """Hand on the lines of these channels, of all if None; both threads keep the order of the lines."""
        with self._lock:
            lines = [self._pending.popleft() for _ in range(len(self._pending))]
            if listened is not None:
                lines = [each for each in lines if (each.network, each.channel) in listened]
            if lines:
                self._submit(TalkHeard(lines=tuple(lines), casemapping=self.casemapping))
