"""The lines that are said unasked: what each says, to whom, and the nudges that it gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from irscribe.domain.mark import harmless
from irscribe.domain.nudges import Nudge
from irscribe.domain.record import Incident
from irscribe.domain.request import Reply
from irscribe.domain.sentence import Speech, joined, sentence
from irscribe.domain.text import cut
from irscribe.services.context.application import ApplicationContext
from irscribe.services.context.contexts import LINE_BYTES
from irscribe.services.context.unasked import unasked_line

TITLE_SHOWN = 60
"""Bytes of a title."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line to say unasked, and the nudges of each incident to mark before it is said.

    ``channel`` is the folded name of a channel, whose budget the line needs; None for a line in private. A line that
    ``suggests`` is about the start of an incident that nobody opened.
    """

    to: str
    text: Speech
    given: Mapping[int, Sequence[Nudge]]
    channel: str | None = None
    recipient_keys: frozenset[str] = frozenset()
    suggests: bool = False

    @property
    def reply(self) -> Reply:
        """The line as it goes out, behind everything that answers somebody."""
        return unasked_line(self.to, self.text, tells_of=self.given, recipient_keys=self.recipient_keys)


def named(incident: Incident) -> str:
    """Name an incident by its number and its title, with which nothing reacts."""
    title = harmless(cut(incident.title, TITLE_SHOWN)) if incident.title else ""
    return f"{incident.number} “{title}”" if title else str(incident.number)


def in_one_line(phrases: Iterable[Speech], application: ApplicationContext) -> Speech:
    """Join phrases to one line; those that do not fit are counted."""
    known = list(phrases)
    for count in range(len(known), 0, -1):
        left = len(known) - count
        text = sentence("{}{}.", joined("; ", known[:count]), f"; and {left} more" if left else "")
        if count == 1 or len(application.spoken(text).encode()) <= LINE_BYTES:
            return text
    return ""
