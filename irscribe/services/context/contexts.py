"""The contexts that use-cases take: one request with its sender, its time and its transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.events import Lookup, Outcome
from irscribe.domain.permission import Standing
from irscribe.domain.record import Incident
from irscribe.domain.request import Acknowledged, Reply, Request
from irscribe.domain.sentence import Speech
from irscribe.services.context.application import ApplicationContext
from models import Session
from models.changes import AuditContext
from models.entries import Typist
from models.visibility import Reader, in_channel, in_private, may_see

MOST_CHANNEL_LINES = 4
"""The most lines of an answer in the channel; a longer answer goes to the person in private."""

LINE_BYTES = 380
"""Bytes of a line that reach everybody uncut, with names of any length in front of them."""


@dataclass(frozen=True, kw_only=True)
class CommandContext:
    """A request that is being carried out; ``person`` and ``line`` are their numbers in the database."""

    session: Session
    request: Request
    application: ApplicationContext
    now: datetime
    person: int
    line: int

    @property
    def channel(self) -> str | None:
        """The channel of the line, folded; None for a private message."""
        return self.request.folded_channel

    @property
    def casemapping(self) -> CaseMapping:
        """The case mapping of the network that the line came from."""
        return self.request.casemapping

    @property
    def reader(self) -> Reader:
        """The reader of an answer that is given here."""
        return in_private(self.person) if self.channel is None else in_channel(self.request.network, self.channel)

    def may_see(self, incident: Incident) -> bool:
        """True if this person may see an incident here."""
        return may_see(self.session, self.reader, incident)

    @property
    def typist(self) -> Typist:
        """The person who typed the line."""
        who = self.request.person
        return Typist(person=self.person, nick=who.nick, account=who.account)

    def reply(self, text: Speech, acknowledged: Acknowledged | None = None) -> Reply:
        """Make a reply to the place that the request came from."""
        return Reply(
            to=self.request.origin,
            text=text,
            acknowledged=acknowledged,
            recipient_keys=self.request.recipient_keys,
            asker=self.request.asker,
        )

    def tell(self, text: Speech) -> Reply:
        """Make a private reply to the person who asked; somebody else who has the nick by then does not get it."""
        who = self.request.person
        return Reply(to=who.nick, text=text, urgent=False, recipient_keys=who.keys, informs=True)

    def inform(self, text: Speech) -> Outcome:
        """Answer with one line at the place that the request came from; it acknowledges nothing."""
        return [replace(self.reply(text), informs=True)]

    def answer(self, lines: Sequence[Speech], *, about: str) -> Outcome:
        """Answer with a list: here if it is short, else in private with a line here that says so."""
        if sum(1 + self._size(line) // LINE_BYTES for line in lines) <= MOST_CHANNEL_LINES:
            return [each for line in lines for each in self.inform(line)]
        return self.answer_in_private(lines, about=about)

    def answer_flowing(self, beginning: Speech, rest: Speech, *, about: str) -> Outcome:
        """Answer with a long sentence: here if it fits into the lines of an answer, else in private."""
        text = beginning + rest
        if self._size(text) <= MOST_CHANNEL_LINES * LINE_BYTES:
            return self.inform(text)
        return self.answer_in_private([text], about=about)

    def answer_in_private(self, lines: Sequence[Speech], *, about: str) -> Outcome:
        """Answer with a list in private, and one line here that says so."""
        told: Outcome = [self.tell(line) for line in lines]
        return told if self.request.channel is None else [*self.inform(f"{about}: sent to you in private."), *told]

    def _size(self, speech: Speech) -> int:
        """The bytes of a sentence when it is said."""
        return len(self.application.spoken(speech, self.request.channel, self.casemapping).encode())


@dataclass(frozen=True, kw_only=True)
class IncidentContext(CommandContext):
    """A command context about one incident; values from the database are read when they are first needed."""

    incident: Incident
    find_standing: Callable[[CommandContext, Incident], Standing]

    @cached_property
    def standing(self) -> Standing:
        """The standing of the person in the incident."""
        return self.find_standing(self, self.incident)

    @property
    def aside(self) -> bool:
        """True if a reply has to name the incident: several are open here, or this is not its own channel."""
        return self.incident.open_here > 1 or self.channel not in (None, self.incident.channel)

    @property
    def number(self) -> int:
        """The incident's number."""
        return self.incident.number

    @property
    def afterwards(self) -> bool:
        """True if notes are typed after the event, so that each needs a time."""
        return not self.incident.live

    @property
    def audit(self) -> AuditContext:
        """The audit context of the changes that the request makes."""
        return AuditContext(
            incident=self.number,
            line=self.line,
            person=self.person,
            nick=self.request.person.nick,
            at=self.request.heard_at,
        )

    def look_up(self, work: Callable[[IncidentContext], Outcome], *, if_unread: Speech) -> Lookup:
        """Have a function say more from a snapshot, after the commit and in the order of this person's lines."""
        return Lookup(
            request=self.request,
            person=self.person,
            line=self.line,
            now=self.now,
            incident=self.number,
            work=work,
            if_unread=if_unread,
        )

    def say(self, text: Speech) -> Outcome:
        """Answer with one line at the place that the request came from."""
        return [self.reply(text)]
