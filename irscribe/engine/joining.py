"""Several replies in one line: acknowledgements of the same kind, and lines of a list for which others wait."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, groupby

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.request import Acknowledged, Reply
from irscribe.domain.sentence import without_quotes

SEPARATOR = " · "
"""Stands between the lines of a list that are said as one."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A reply or its rest, or replies to say as one line; ``since``: monotonic time of queuing, in seconds."""

    replies: tuple[Reply, ...]
    since: float

    @property
    def reply(self) -> Reply:
        """The reply to send."""
        return combine(self.replies)

    @property
    def to(self) -> str:
        """The nick or channel that it is for."""
        return self.replies[0].to

    @property
    def recipient_keys(self) -> frozenset[str]:
        """The keys of the one person that it is for; empty if it is for anybody there."""
        return self.replies[0].recipient_keys

    @property
    def person_key(self) -> str:
        """The key of its person; empty for acknowledgements in a channel, as those of several people are combined."""
        first = self.replies[0]
        return "" if self.can_be_joined and not first.recipient_keys else first.person_key

    @property
    def urgent(self) -> bool:
        """True if it goes before lists."""
        return self.replies[0].urgent

    @property
    def idle(self) -> bool:
        """True if everything else goes before it."""
        return self.replies[0].idle

    @property
    def can_be_joined(self) -> bool:
        """True if it is an acknowledgement that can be combined with others."""
        return self.replies[0].acknowledged is not None

    def without_quotes(self) -> Waiting:
        """Give the same replies without what they quote."""
        return replace(self, replies=tuple(replace(each, text=without_quotes(each.text)) for each in self.replies))

    def moved(self, to: str, casemapping: CaseMapping) -> Waiting:
        """Give the same replies for another target."""
        return replace(self, replies=tuple(each.moved(to, casemapping) for each in self.replies))


def size(reply: Reply) -> int:
    """Give the bytes of a reply's text."""
    return len(str(reply.text).encode("utf-8", "replace"))


def combine(replies: Sequence[Reply]) -> Reply:
    """Combine several replies into one line: ``#8–#14 logged``, or lines of a list with ``SEPARATOR`` between them."""
    if len(replies) == 1:
        return replies[0]
    spoken_of = [each.acknowledged for each in replies if each.acknowledged is not None]
    if not spoken_of:
        return replace(replies[0], text=SEPARATOR.join(str(each.text) for each in replies))
    return replace(replies[0], text=f"{', '.join(_ranges(_numbers(spoken_of)))} {spoken_of[0].label}")


def with_those_alike(first: Waiting, queue: deque[Waiting]) -> Waiting:
    """Take the acknowledgements that are like the first one out of a queue, and combine them with it."""
    waiting = list(queue)
    alike = [each for each in waiting if _are_alike(first.reply, each.reply)]
    queue.clear()
    queue.extend(each for each in waiting if not _are_alike(first.reply, each.reply))
    return replace(first, replies=tuple(chain(first.replies, *(each.replies for each in alike))))


def with_those_that_fit(first: Waiting, queue: deque[Waiting], room: int) -> Waiting:
    """Take the next lines of a list out of a queue as far as they fit into ``room`` bytes together with the first."""
    replies, left = [*first.replies], room - size(first.reply)
    while queue and (left := left - len(SEPARATOR.encode()) - size(queue[0].reply)) >= 0:
        replies += queue.popleft().replies
    return replace(first, replies=tuple(replies))


def _numbers(spoken_of: Iterable[Acknowledged]) -> Sequence[int]:
    return sorted({number for each in spoken_of for number in range(each.first, each.last + 1)})


def _ranges(numbers: Iterable[int]) -> Iterator[str]:
    steps = count()
    for _, run in groupby(numbers, key=lambda number: number - next(steps)):
        first, *more = run
        yield f"#{first}–#{more[-1]}" if more else f"#{first}"


def _are_alike(one: Reply, other: Reply) -> bool:
    first, second = one.acknowledged, other.acknowledged
    if first is None or second is None:
        return False
    return (one.to, first.incident, first.label) == (other.to, second.incident, second.label)
