"""The topics of the channels: sets the bot's segment, and gives back what people wrote at the same moment."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from threading import Lock
from time import monotonic

from sopel.bot import Sopel
from sopel.tools.target import Channel

from irscribe.domain.topics import Topic, TopicChange, TopicSet
from irscribe.runtime.triggers import network_of

ANSWERED_WITHIN = 60.0
"""Seconds after which a server that has not answered a TOPIC will not do so any more."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A change on its way to the server; ``theirs`` is what somebody else has set before it arrives there."""

    change: TopicChange
    sent: str
    since: float
    theirs: str | None = None


class Topics:
    """The topics of one connection. The reader's thread reports what the server says; any thread sets a topic.

    A topic is replaced as a whole. If somebody else sets it between our last look and the arrival of our change, the
    server tells us of theirs before ours: we set it once more, from theirs.
    """

    def __init__(self, bot: Sopel) -> None:
        self._bot = bot
        self._pending: dict[str, Pending] = {}
        self._refused: dict[str, tuple[int, bool]] = {}
        self._lock = Lock()

    def of(self, folded: str) -> Topic | None:
        """Give the topic of a channel (folded name); None if it cannot be set now."""
        channel = self._channel(folded)
        with self._lock:
            pending = self._pending.get(folded)
            if pending is not None and monotonic() - pending.since <= ANSWERED_WITHIN:
                return None
            self._pending.pop(folded, None)
            if channel is None or self._refused.get(folded) == self._rights(channel):
                return None
        return Topic(channel=str(channel.name), text=str(channel.topic), room=self._room(channel))

    def set(self, change: TopicChange) -> None:
        """Change a topic if it is still as it was."""
        folded = self._bot.fold(change.channel)
        topic = self.of(folded)
        if topic is not None and topic.text == change.before:
            self._send(change, change.applied_to(topic.text))

    def changed(self, name: str, topic: str, *, by_bot: bool) -> None:
        """Handle a TOPIC of the server."""
        folded = self._bot.fold(name)
        with self._lock:
            pending = self._pending.get(folded)
            if pending is not None and not by_bot:
                self._pending[folded] = replace(pending, theirs=topic)
            elif pending is not None:
                del self._pending[folded]
        if by_bot and pending is not None:
            self._arrived(folded, pending, topic)

    def refused(self, name: str) -> None:
        """Handle the refusal of a TOPIC: nothing is tried until the bot's rights in the channel change."""
        folded = self._bot.fold(name)
        with self._lock:
            pending = self._pending.pop(folded, None)
        if pending is not None:
            self._leave_alone(folded, "the bot is no operator there")

    def _arrived(self, folded: str, pending: Pending, topic: str) -> None:
        """Note that a change was carried out; correct one that cost people's words."""
        if topic != pending.sent:
            self._leave_alone(folded, "the server cut it")
            self._send(replace(pending.change, segment=""), pending.change.before)
        elif pending.theirs is not None and pending.theirs != pending.change.before:
            self._give_back(folded, pending.change, pending.theirs)
        else:
            event = TopicSet(network=network_of(self._bot), channel=folded, topic=topic)
            self._bot.memory["app"].submit(event)

    def _give_back(self, folded: str, change: TopicChange, theirs: str) -> None:
        """Set the topic of somebody else again, with our segment if that fits."""
        channel = self._channel(folded)
        whole = change.applied_to(theirs)
        fits = channel is not None and len(whole.encode()) <= self._room(channel)
        self._send(replace(change, before=theirs), whole if fits else theirs)

    def _leave_alone(self, folded: str, reason: str) -> None:
        channel = self._channel(folded)
        if channel is not None:
            with self._lock:
                self._refused[folded] = self._rights(channel)
            log.warning("The topic of %s is left alone: %s.", channel.name, reason)

    def _send(self, change: TopicChange, topic: str) -> None:
        pending = Pending(change=change, sent=topic, since=monotonic())
        with self._lock:
            self._pending[self._bot.fold(change.channel)] = pending
        backend = self._bot.backend
        backend.send_command("TOPIC", change.channel, text=topic)

    def _channel(self, folded: str) -> Channel | None:
        return self._bot.channels.get(self._bot.make_identifier(folded))

    def _rights(self, channel: Channel) -> tuple[int, bool]:
        """Give what decides whether the bot may set a topic: its status, and whether only operators may."""
        return channel.privileges.get(self._bot.nick, 0), "t" in channel.modes

    def _room(self, channel: Channel) -> int:
        """Give the most bytes of a topic that reach everybody whole; a TOPIC is a little shorter than a PRIVMSG."""
        most = self._bot.isupport.get("TOPICLEN")
        whole: int = self._bot.voice.line_limit(str(channel.name))
        return min(most, whole) if isinstance(most, int) and most > 0 else whole
