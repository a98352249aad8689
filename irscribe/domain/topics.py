"""The bot's own segment of a channel's topic, such as ``[irscribe 12: monitoring, IC taavi]``; the rest is people's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from irscribe.domain.report import Status

APART = timedelta(minutes=5)
"""The shortest time between two changes of a channel's topic."""
_BRACKETS = str.maketrans("[]", "()")


@dataclass(frozen=True, kw_only=True)
class Topic:
    """The topic of a channel (name as spelled) that the bot may set; ``room`` is the most bytes a topic may have."""

    channel: str
    text: str
    room: int


@dataclass(frozen=True, kw_only=True)
class TopicChange:
    """A change of the topic of a channel (name as spelled) that was ``before``; an empty segment removes the bot's."""

    channel: str
    before: str
    segment: str
    name: str

    def applied_to(self, topic: str) -> str:
        """Give a topic with this segment, or without any."""
        return with_segment(topic, self.segment, name=self.name)


@dataclass(frozen=True, kw_only=True)
class TopicSet:
    """The topic of a channel (folded name) is what the bot has set: the server has said so."""

    network: str
    channel: str
    topic: str


@dataclass(frozen=True, kw_only=True)
class Segment:
    """The bot's segment of one topic: what it set last, at ``set_at``, and what became of that.

    ``sent`` is empty once the bot has asked for its removal. ``seen`` is true while a segment of the bot is known to
    stand there, ``given_up`` after somebody removed that of this incident.
    """

    incident: int
    sent: str
    set_at: datetime
    seen: bool = False
    given_up: bool = False


def spellings(name: str, number: int, status: Status, coordinator: str | None) -> Sequence[str]:
    """Spell the segment of an incident, the longest way first."""
    who = "" if coordinator is None else f", IC {'_'.join(coordinator.translate(_BRACKETS).split())}"
    return list(
        dict.fromkeys((f"[{name} {number}: {status}{who}]", f"[{name} {number}: {status}]", f"[{name} {number}]"))
    )


def shown(topic: str, *, name: str) -> str:
    """Find the segment of the bot of this name in a topic; empty if there is none."""
    found = _pattern(name).search(topic)
    return found[0] if found else ""


def with_segment(topic: str, segment: str, *, name: str) -> str:
    """Put a segment in the place of the one that is there, else behind what people wrote; an empty one removes it."""
    found = _pattern(name).search(topic)
    if found is None:
        return f"{topic} {segment}" if topic and segment else topic or segment
    before, behind = topic[: found.start()], topic[found.end() :]
    if segment:
        return f"{before}{segment}{behind}"
    if before.endswith(" "):
        return before[:-1] + behind
    return before + behind.removeprefix(" ")


def follow(segment: Segment, topic: Topic, *, name: str) -> Segment:
    """Note what became of a segment, now that the channel has this topic."""
    found = shown(topic.text, name=name)
    if not segment.sent:
        return replace(segment, seen=segment.seen and bool(found))
    if found == segment.sent:
        return replace(segment, seen=True)
    return segment if found or not segment.seen else replace(segment, seen=False, given_up=True)


def fitting(topic: Topic, spelled: Sequence[str], *, name: str) -> str:
    """Give the longest spelling with which a topic stays whole; empty if none does."""
    return next(_fitting(topic, spelled, name=name), "")


def _fitting(topic: Topic, spelled: Sequence[str], *, name: str) -> Iterator[str]:
    return (each for each in spelled if len(with_segment(topic.text, each, name=name).encode()) <= topic.room)


@lru_cache(10)
def _pattern(name: str) -> re.Pattern[str]:
    status = "|".join(Status)
    return re.compile(rf"\[{re.escape(name)} \d+(?:: (?:{status})(?:, IC [^\s\[\]]+)?)?\]")
