"""A channel that the bot watches: people come, talk and go, the clock is turned, and what is said unasked is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from irscribe.domain.attendance import Arrival, Attendance, Seen, UnaskedDue
from irscribe.domain.coverage import HeardUntil
from irscribe.domain.request import Reply, Request
from irscribe.domain.talk import HeardLine, Role
from irscribe.domain.topics import Topic, TopicChange, TopicSet
from irscribe.engine.nudging import Nudging
from tests.talk import CHANNEL, NETWORK, Talk

TICK = timedelta(minutes=1)
"""The time between two looks of the bot in these tests; the real one looks more often."""


@dataclass(frozen=True)
class Unasked:
    """One line said unasked."""

    at: datetime
    to: str
    text: str

    def __str__(self) -> str:
        return f"{self.at:%H:%M} {self.to} {self.text}"


class Watch:
    """The real job on a real record, with the clock of the conversation."""

    def __init__(self, talk: Talk, *, people: tuple[str, ...] = ("alice", "bob")) -> None:
        self.talk = talk
        self.people: dict[str, tuple[str, ...]] = {CHANNEL: people}
        self.split: tuple[str, ...] = ()
        self.strangers: set[str] = set()
        """Nicks that somebody else has taken."""
        self.said: list[Unasked] = []
        self.topics: dict[str, str] = {}
        """The topic of each channel in which the bot may set it."""
        self.topics_set: list[tuple[datetime, str]] = []
        self.loses_topics = False
        self.bots: set[str] = set()
        # As in a bot that is in the channel: without this each look would have the time of the last line to record.
        talk.handle(HeardUntil(network=NETWORK, channels=(CHANNEL,), until=talk.now, over=False))
        self.restart()

    def restart(self) -> None:
        """Forget what a process remembers."""
        self.due: list[UnaskedDue] = []
        self.nudging = Nudging(
            self.talk.database, self.talk.application, submit=self.due.append, heard=lambda: self.people
        )
        self.nudging.clock = lambda: self.talk.now
        self.nudging.watch(self.attendance)

    def attendance(self) -> Attendance:
        return Attendance(
            network=NETWORK,
            casemapping=self.talk.naming.casemapping,
            channels={name: tuple(map(self.seen, nicks)) for name, nicks in self.people.items()},
            split=tuple(map(self.seen, self.split)),
            topics={name: Topic(channel=name, text=text, room=300) for name, text in self.topics.items()},
        )

    def join(self, nick: str, *, channel: str = CHANNEL) -> None:
        """Somebody joins a channel."""
        self.people[channel] = (*self.people.get(channel, ()), nick)
        self.nudging.arrive(Arrival(nick=nick, channel=channel))

    def die(self) -> None:
        """Kill the bot in the moment after it has marked what is due, before any of it is on the network."""
        self.nudging.look_at_closed()
        for event in self.due:
            self.talk.handle(event)
        self.restart()

    def seen(self, nick: str) -> Seen:
        person = self.talk.person(nick)
        keys = (replace(person, host="elsewhere") if nick in self.strangers else person).keys
        return Seen(nick=nick, keys=keys, is_bot=nick in self.bots)

    def say(self, nick: str, line: str, **more: object) -> list[str]:
        """Say a line, be it a command or talk; what the bot answers."""
        self.talk.present = self.people.get(str(more.get("channel", CHANNEL)), ())
        request = self.talk.request(nick, line, **more)
        self.hear(request)
        return [str(each.text) for each in self.talk.handle(request) if isinstance(each, Reply)]

    def hear(self, request: Request, *, role: Role = Role.PERSON) -> None:
        """Hear a line of a channel."""
        if request.folded_channel is not None:
            line = HeardLine(
                network=request.network,
                channel=request.folded_channel,
                nick=request.person.nick,
                account=request.person.account,
                msgid=request.msgid,
                said_at=request.said_at,
                heard_at=request.heard_at,
                text=request.line,
                role=role,
            )
            self.nudging.hear(line)

    def look(self) -> list[Unasked]:
        """Look once, and say what is due."""
        self.nudging.look_at_closed()
        events, self.due[:] = list(self.due), []
        outcome = [each for event in events for each in self.talk.handle(event)]
        self._set_topics(each for each in outcome if isinstance(each, TopicChange))
        said = [each for each in outcome if isinstance(each, Reply)]
        told = [
            Unasked(self.talk.now, each.to, self.talk.application.spoken(each.text, each.to, self.casemapping))
            for each in said
        ]
        self.said += told
        return told

    def wait(self, *, every: timedelta = TICK, **span: float) -> list[Unasked]:
        """Let the time pass and look at intervals; what was said meanwhile."""
        end, told = self.talk.now + timedelta(**span), []
        while self.talk.now < end:
            self.talk.now = min(end, self.talk.now + every)
            told += self.look()
        return told

    def _set_topics(self, changes: Iterable[TopicChange]) -> None:
        for each in changes:
            if self.loses_topics:
                continue
            topic = self.topics[each.channel] = each.applied_to(self.topics[each.channel])
            self.topics_set.append((self.talk.now, topic))
            self.talk.handle(TopicSet(network=NETWORK, channel=each.channel, topic=topic))

    @property
    def casemapping(self):
        return self.talk.naming.casemapping
