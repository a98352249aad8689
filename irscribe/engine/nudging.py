"""Nudging: asks at intervals what is to be said unasked, and hands that to the writer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock

from irscribe.domain.attendance import Arrival, Attendance, Observed, UnaskedDue
from irscribe.domain.request import Renamed
from irscribe.domain.talk import HeardLine
from irscribe.engine.arrivals import Arrivals
from irscribe.services.announcements import greetings, telling
from irscribe.services.context.application import ApplicationContext
from irscribe.services.nudges import speaking
from models import Database, Session

REMEMBERED_FOR = timedelta(hours=1)
"""The time for which the last line of each person is remembered; that of the last person always."""
MOST_SPEAKERS = 1000
"""Most people of one channel to remember."""


Sight = Callable[[], Attendance]
"""Gives the people in the channels of a connection, to any thread."""


class Nudging:
    """Remembers in memory who was heard when; the database says what is due and what was said.

    A look reads only. A line that is due becomes an event for the writer, which looks again and marks the line before
    it says it: changes made meanwhile count, and nothing is said twice.
    """

    def __init__(
        self,
        database: Database,
        application: ApplicationContext,
        *,
        submit: Callable[[UnaskedDue], None],
        heard: Callable[[], Collection[str]],
    ) -> None:
        """Begin with nothing heard; ``submit`` hands an event to the writer.

        ``heard`` gives the channels (folded names) in which nothing is missed any more.
        """
        self.clock: Callable[[], datetime] = partial(datetime.now, UTC)
        self._database, self._application, self._submit = database, application, submit
        self._heard = heard
        self._sight: Sight | None = None
        self._spoken: dict[str, dict[str, datetime]] = {}
        self._gone_since: dict[int, datetime] = {}
        self._arrivals = Arrivals()
        self._lock = Lock()

    def watch(self, sight: Sight | None) -> None:
        """See through this connection from now on; None: see nothing."""
        self._sight = sight
        self._gone_since = {}

    def hear(self, line: HeardLine) -> None:
        """Remember when a person said a line in a channel; called on the reader's thread."""
        if line.role.is_bot:
            return
        at, speaker = line.said_at if line.read_back else line.heard_at, _speaker(line.nick, line.account)
        with self._lock:
            spoken = self._spoken.setdefault(line.channel, {})
            spoken[speaker] = max(at, spoken.get(speaker, at))
            if len(spoken) > MOST_SPEAKERS:
                del spoken[min(spoken, key=spoken.__getitem__)]

    def arrive(self, arrival: Arrival) -> None:
        """Note that somebody has joined a channel; called on the reader's thread."""
        if not self._application.config.greet.is_off:
            self._arrivals.note(arrival, self.clock())

    def rename(self, renamed: Renamed) -> None:
        """Take somebody for the same person under a new nick."""
        self._arrivals.rename(renamed.person.nick, renamed.nick)
        account = renamed.person.account
        before, now = _speaker(renamed.person.nick, account), _speaker(renamed.nick, account)
        with self._lock:
            for spoken in self._spoken.values():
                if before in spoken:
                    spoken[now] = spoken.pop(before)

    def look(self) -> None:
        """Look what is due about open incidents."""
        self._look(with_closed=False)

    def look_at_closed(self) -> None:
        """Look what is due about all incidents."""
        self._look(with_closed=True)

    def _look(self, *, with_closed: bool) -> None:
        sight = self._sight
        if sight is None:
            return
        attendance = sight()
        now, heard = self.clock(), self._heard()
        channels = {name: people for name, people in attendance.channels.items() if name in heard}
        attendance = replace(attendance, channels=channels)
        observed = Observed(attendance=attendance, spoken=self._recent(now), with_closed=with_closed)
        with self._database.read() as session:
            observed = replace(
                observed, gone_since=self._follow_gone(speaking.gone_coordinators(session, observed), now)
            )
            observed = replace(observed, arrived=self._to_greet(session, observed, now))
            is_due = speaking.is_due(session, self._application, observed, now)
            is_due = is_due or telling.is_due(session, self._application, observed, now)
        if is_due:
            self._submit(UnaskedDue(observed=observed))

    def _to_greet(self, session: Session, observed: Observed, now: datetime) -> tuple[Arrival, ...]:
        settled = self._arrivals.settled(now)
        due = [each for each in settled if greetings.is_due(session, self._application, observed, each, now)]
        return self._arrivals.take(due, settled, now)

    def _recent(self, now: datetime) -> Mapping[str, Mapping[str, datetime]]:
        """Give who spoke lately, and forget who did so long ago."""
        with self._lock:
            for channel, spoken in self._spoken.items():
                last = max(spoken.values())
                self._spoken[channel] = {
                    key: at for key, at in spoken.items() if at == last or now - at <= REMEMBERED_FOR
                }
            return {channel: dict(spoken) for channel, spoken in self._spoken.items()}

    def _follow_gone(self, gone: frozenset[int], now: datetime) -> Mapping[int, datetime]:
        """Note since when each coordinator is gone; one who was seen again begins anew."""
        before = self._gone_since
        self._gone_since = {number: min(before.get(number, now), now) for number in gone}
        return dict(self._gone_since)


def _speaker(nick: str, account: str | None) -> str:
    """Give the key of a person among those who spoke."""
    return f"nick:{nick}" if account is None else f"account:{account}"
