"""Commands that a client cut in two: the plain line that follows is the rest."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from irscribe.domain.request import REST_WITHIN, Reply, Request, fold
from irscribe.services.turn import Outcome


def place_of(request: Request) -> tuple[str, str, str]:
    """Who spoke where: a rest belongs to the same."""
    return request.network, fold(request.channel or ""), request.person.key


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """A long command that was carried out; its acknowledgement waits for a rest that may follow."""

    request: Request
    line: int | None
    replies: Outcome

    def joined(self, rest: Request) -> Request:
        """The command as it was typed."""
        text = rest.text.strip()
        return replace(
            self.request, line=f"{self.request.line} {text}", text=f"{self.request.text} {text}", msgid=rest.msgid
        )


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
        """What may be said now that no rest has come."""
        over = [place for place, each in self.waiting.items() if now - each.request.heard_at >= REST_WITHIN]
        return [reply for place in over for reply in self.waiting.pop(place).replies]


def in_two_lines(replies: Outcome) -> Outcome:
    """The replies with the first one saying that two lines were taken for one."""
    if not replies or not isinstance(replies[0], Reply):
        return replies
    return [replace(replies[0], text=f"{replies[0].text} (2 lines)", acknowledged=None), *replies[1:]]
