"""One line's turn: everything a use-case needs to know about who typed it, where, and in which transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from irscribe.domain.events import Outcome
from irscribe.domain.permission import Standing
from irscribe.domain.record import Incident
from irscribe.domain.request import Acknowledged, Reply, Request, fold
from irscribe.domain.sentence import Speech
from irscribe.services.context.application import ApplicationContext
from models import Session
from models.changes import AuditContext
from models.entries import Typist

AT_MOST = 4
"""Lines an answer may have in the channel; a longer one goes to the person in private."""

LINE = 380
"""Bytes that reach everybody uncut, whatever the names in front of them."""


@dataclass(frozen=True, kw_only=True)
class CommandContext:
    """A request being served; ``person`` and ``line`` are their numbers in the database."""

    session: Session
    request: Request
    application: ApplicationContext
    now: datetime
    person: int
    line: int

    @property
    def channel(self) -> str | None:
        """The channel it was said in, folded."""
        return None if self.request.channel is None else fold(self.request.channel)

    @property
    def typist(self) -> Typist:
        """Who typed it."""
        who = self.request.person
        return Typist(person=self.person, nick=who.nick, account=who.account)

    def reply(self, text: Speech, acknowledged: Acknowledged | None = None) -> Reply:
        """A line where the request came from."""
        return Reply(
            to=self.request.origin, text=text, acknowledged=acknowledged, recipient_keys=self.request.recipient_keys
        )

    def tell(self, text: Speech) -> Reply:
        """A line in private to who asked, and to nobody else who has their nick by then."""
        who = self.request.person
        return Reply(to=who.nick, text=text, urgent=False, recipient_keys=who.keys)

    def answer(self, lines: Sequence[Speech], *, about: str) -> Outcome:
        """A list: here while it is short, else in private with one line here that says so."""
        if sum(1 + self._size(line) // LINE for line in lines) <= AT_MOST or self.request.channel is None:
            return [self.reply(line) for line in lines]
        return self.answer_in_private(lines, about=about)

    def answer_flowing(self, beginning: Speech, rest: Speech, *, about: str) -> Outcome:
        """A long sentence: here while it fits into the lines an answer may have, else in private."""
        text = beginning + rest
        if self._size(text) <= AT_MOST * LINE:
            return [self.reply(text)]
        return self.answer_in_private([text], about=about)

    def answer_in_private(self, lines: Sequence[Speech], *, about: str) -> Outcome:
        """A list for one person's eyes, and one line here that says so."""
        told: Outcome = [self.tell(line) for line in lines]
        return told if self.request.channel is None else [self.reply(f"{about}: sent to you in private."), *told]

    def _size(self, speech: Speech) -> int:
        """Bytes of it once it is said."""
        return len(self.application.spoken(speech, self.request.channel).encode())


@dataclass(frozen=True, kw_only=True)
class IncidentContext(CommandContext):
    """A turn about an incident; what needs a look into the database is looked up when it is first asked for."""

    incident: Incident
    find_standing: Callable[[CommandContext, Incident], Standing]

    @cached_property
    def standing(self) -> Standing:
        """What the person is to the incident."""
        return self.find_standing(self, self.incident)

    @property
    def aside(self) -> bool:
        """Whether the incident is not plainly the one the channel speaks of."""
        return self.incident.open_here > 1

    @property
    def number(self) -> int:
        """The incident's number."""
        return self.incident.number

    @property
    def afterwards(self) -> bool:
        """Whether notes are written down after the event, so that each says when it happened."""
        return not self.incident.live

    @property
    def audit(self) -> AuditContext:
        """What the log keeps of every change made in this turn."""
        return AuditContext(
            incident=self.number,
            line=self.line,
            person=self.person,
            nick=self.request.person.nick,
            at=self.request.heard_at,
        )

    def say(self, text: Speech) -> Outcome:
        """One line where the request came from."""
        return [self.reply(text)]
