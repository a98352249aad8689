"""The connection through which the outgoing queue sends, as the queue sees it."""

from __future__ import annotations

from typing import Protocol

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.topics import TopicChange


class Sender(Protocol):
    """A connection that sends lines, from any thread."""

    @property
    def casemapping(self) -> CaseMapping:
        """The case mapping of its network."""

    def __call__(self, target: str, text: str) -> None:
        """Send one line.

        Raises ConnectionError when there is no connection.
        """

    def line_limit(self, target: str) -> int:
        """The number of bytes of text that reach the target in one line."""

    def reaches(self, target: str, recipient_keys: frozenset[str]) -> bool:
        """True if a line to the target arrives now; for a channel the bot must be in it.

        If there are recipient keys, the nick must belong to the person with one of them.
        """

    def is_busy(self) -> bool:
        """True if the network is known not to have taken the last line yet."""

    def set_topic(self, change: TopicChange) -> None:
        """Change the topic of a channel, if it is still as it was; nothing happens where that is not possible."""
