"""Commands that a client cut in two: the plain line that follows is the rest."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from irscribe.domain.request import REST_WITHIN, LineKind, Reply, Request, fold
from irscribe.domain.sentence import sentence
from irscribe.services.context.contexts import Outcome

OTHERS_OWN = ("!", "@")
"""What begins a line that is for another bot, whoever typed what before it."""


def place_of(request: Request) -> tuple[str, str, str]:
    """Who spoke where: a rest belongs to the same."""
    return request.network, fold(request.channel or ""), request.person.key


@dataclass(frozen=True, kw_only=True)
class Served:
    """What became of a request: the number of the kept line, if it was kept, and what to say."""

    line: int | None = None
    replies: Outcome = field(default_factory=list)
    refused: bool = False


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """A long command that was carried out; its acknowledgement waits for a rest that may follow.

    ``latest`` is the last of the ``lines`` that the request was put together of.
    """

    request: Request
    served: Served
    latest: Request
    lines: int = 1

    @property
    def replies(self) -> Outcome:
        """What there is to say, the first of it with the number of lines that were taken for one."""
        replies = self.served.replies
        if self.lines == 1 or not replies or not isinstance(replies[0], Reply):
            return replies
        return [
            replace(replies[0], text=sentence("{} ({} lines)", replies[0].text, self.lines), acknowledged=None),
            *replies[1:],
        ]

    def goes_on_with(self, event: Request) -> bool:
        """Whether a line is the rest of this command."""
        plain = event.kind is LineKind.PLAIN and not event.text.lstrip().startswith(OTHERS_OWN)
        return plain and abs(event.said_at - self.latest.said_at) <= REST_WITHIN

    def joined(self, rest: Request) -> Request:
        """The command as it was typed."""
        text = rest.text.strip()
        return replace(self.request, line=f"{self.request.line} {text}", text=f"{self.request.text} {text}")


@dataclass
class Beginnings:
    """The long commands of the last three seconds, by who typed them where."""

    waiting: dict[tuple[str, str, str], Beginning] = field(default_factory=dict)

    def keep(self, beginning: Beginning) -> None:
        """Wait for the rest of a command."""
        self.waiting[place_of(beginning.request)] = beginning

    def take(self, request: Request) -> Beginning | None:
        """The command that this person typed here just before."""
        return self.waiting.pop(place_of(request), None)

    def copied(self) -> Beginnings:
        """These, to go back to."""
        return Beginnings(dict(self.waiting))

    def release(self, now: datetime) -> Outcome:
        """What may be said now that no rest has come; a clock that was set back holds nothing up."""
        over = [place for place, each in self.waiting.items() if abs(now - each.latest.heard_at) > REST_WITHIN]
        return [reply for place in over for reply in self.waiting.pop(place).replies]
