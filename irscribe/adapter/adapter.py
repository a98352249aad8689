"""The adapter: one request at a time, inside the writer's transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from irscribe.adapter.cut import Beginning, Beginnings, Served
from irscribe.adapter.limits import Admission, Limits
from irscribe.adapter.routes import ABOUT_AN_INCIDENT, ALONE
from irscribe.commands import read, read_note
from irscribe.config import LogMode
from irscribe.domain.coverage import ChannelRejoined, HeardUntil, NamesakeJoined
from irscribe.domain.errors import KeptError, RefusedError
from irscribe.domain.request import Identified, Left, LineKind, Renamed, Reply, Request, StepDown
from irscribe.domain.sentence import Speech, sentence
from irscribe.services.context import permission, target
from irscribe.services.context.application import ApplicationContext
from irscribe.services.context.contexts import CommandContext, Outcome
from irscribe.services.coverage.gaps import come_back, listen, was_missed
from irscribe.services.incident import manual
from irscribe.services.people.identity import identify, rename
from irscribe.services.revision import continuation, final_report
from irscribe.services.scorecard import dialogue
from irscribe.services.timeline import notes
from models import FAILED, Savepoint, Session, lines, persons

log = logging.getLogger(__name__)

BROKEN = "That went wrong on my side and nothing was recorded; the log says more. Please type it again."
LOG = sentence("{log}")
NOTES = (LineKind.LOG, LineKind.NOTE)

Event = Request | Renamed | Left | Identified | HeardUntil | ChannelRejoined | NamesakeJoined


class Adapter:
    """Serves requests with the use-cases; remembers only commands that may have been cut, and how fast people type."""

    def __init__(self, application: ApplicationContext) -> None:
        """Serve in a house."""
        self.application = application
        self.beginnings = Beginnings()
        self.limits = Limits.of(application.config)

    def handle(self, session: Session, event: Event, now: datetime) -> Outcome:
        """Carry out what was typed; the replies are to be said once the transaction is committed.

        Raises what the database fails with; what else goes wrong is rolled back, logged and answered.
        """
        go_back = self.remember()
        try:
            return self._carry_out(session, event, now)
        except FAILED:
            raise
        except Exception:
            log.exception("a request failed and was rolled back")
            go_back()
            return self.refuse(event, BROKEN)

    def has_recorded(self, session: Session, events: Sequence[Event]) -> bool:
        """Whether a line of these events is in the record, and so all that was carried out with it."""
        return lines.any_kept(session, [each for each in events if isinstance(each, Request)])

    def refuse(self, event: Event, sentence: str) -> Outcome:
        """One line to who typed it, unless that was nothing this bot answers; a challenge that stands is lost.

        Nicks change hands whatever is recorded of it.
        """
        if isinstance(event, NamesakeJoined):
            return [StepDown()]
        if isinstance(event, Renamed | Left):
            return [event]
        if not isinstance(event, Request) or (event.kind is LineKind.PLAIN and event.channel is not None):
            return []
        return [] if self._is_off(event) else self._refuse(event, sentence)

    def remember(self) -> Callable[[], None]:
        """The way back to what is held back now, for a transaction that comes to nothing."""
        beginnings, limits = self.beginnings.copied(), self.limits.copied()

        def go_back() -> None:
            self.beginnings, self.limits = beginnings, limits

        return go_back

    def _carry_out(self, session: Session, event: Event, now: datetime) -> Outcome:
        if isinstance(event, Request):
            return self._answer(session, event, now)
        with Savepoint(session):
            return self._take_note(session, event)

    def _take_note(self, session: Session, event: Event) -> Outcome:
        """What became of people and channels."""
        match event:
            case ChannelRejoined():
                return come_back(session, event, self.application.config.log_modes)
            case HeardUntil():
                listen(session, event)
            case Renamed():
                rename(session, event)
                return [event]
            case Left():
                return [event]
            case Identified():
                identify(session, event)
        return []

    def _answer(self, session: Session, event: Request, now: datetime) -> Outcome:
        request = self._as_note(event)
        if self._is_off(request) or (request.missed and not was_missed(session, request)):
            return []
        match self.limits.admit(request):
            case Admission.DROPPED:
                return []
            case Admission.DROPPED_ALOUD:
                log.warning("%s types too fast; what follows is dropped", request.person.mask)
                return self.refuse(request, self.limits.sentence(request.person))
        return self._go_on(session, request, now)

    def _go_on(self, session: Session, request: Request, now: datetime) -> Outcome:
        """Take a line for the rest of the one before, or for itself."""
        beginning = self.beginnings.take(request)
        if beginning is not None and beginning.goes_on_with(request):
            return self._finish(session, beginning, request, now)
        before = beginning.replies if beginning else []
        served = self._serve(session, request, now)
        if request.may_be_cut:
            self.beginnings.keep(Beginning(request=request, served=served, latest=request))
            return before
        return [*before, *served.replies]

    def _as_note(self, request: Request) -> Request:
        """``irscribe: log …`` is a note as any, whoever owns ``!log``: it names this bot."""
        if request.kind is not LineKind.INCIDENT:
            return request
        names = self.application.config.names
        text = read_note(request.text, {"log", "note", *names.log, *names.note})
        return request if text is None else replace(request, kind=LineKind.NOTE, text=text)

    def release(self, now: datetime) -> Outcome:
        """The acknowledgements that waited for the rest of a line, and wait no longer."""
        return self.beginnings.release(now)

    def _serve(self, session: Session, request: Request, now: datetime) -> Served:
        if request.kind is LineKind.PLAIN:
            return self._hear(session, request, now)
        return self._try(session, request, now, self._work_for(request))

    def _work_for(self, request: Request) -> Callable[[CommandContext], Outcome]:
        return self._note if request.kind in NOTES else self._command

    def _try(
        self, session: Session, request: Request, now: datetime, work: Callable[[CommandContext], Outcome]
    ) -> Served:
        """Do the work in a Savepoint, so that a refusal leaves nothing behind but the line."""
        served = self._try_aloud(session, request, now, work)
        return _not_aloud(served, request.channel) if request.missed else served

    def _try_aloud(
        self, session: Session, request: Request, now: datetime, work: Callable[[CommandContext], Outcome]
    ) -> Served:
        try:
            with Savepoint(session):
                person = persons.meet(session, request.network, request.person)
                line = lines.add(session, request, person=person, disposition="taken")
                ctx = CommandContext(
                    session=session, request=request, application=self.application, now=now, person=person, line=line
                )
                return Served(line=line, replies=work(ctx))
        except lines.HeardBeforeError:
            return Served()
        except RefusedError as refusal:
            return self._keep_refused(session, request, refusal)

    def _keep_refused(self, session: Session, request: Request, refusal: RefusedError) -> Served:
        person = persons.meet(session, request.network, request.person)
        waits = isinstance(refusal, KeptError) and request.kind in NOTES
        kept = _as_kept(request, waits=waits)
        line = lines.add(session, kept, person=person, disposition="waiting" if waits else "refused")
        return Served(line=line, replies=self._refuse(request, refusal.sentence), refused=True)

    def _refuse(self, request: Request, sentence: Speech) -> Outcome:
        if self._is_quiet(request):
            return []
        return [Reply(to=request.origin, text=sentence, recipient_keys=request.recipient_keys)]

    def _note(self, ctx: CommandContext) -> Outcome:
        quiet = self._is_quiet(ctx.request)
        if ctx.request.text.strip().lower() == "help":
            return [] if quiet else manual.help_with_notes(ctx)
        permission.require_known(ctx)
        permission.require_alone(ctx, "log", spoken=LOG)
        replies = notes.note(ctx, quiet=quiet)
        return [] if quiet else replies

    def _command(self, ctx: CommandContext) -> Outcome:
        command = read(ctx.request.text)
        verb = command.verb.name
        if verb == "help":
            return manual.help_with(ctx, command)
        permission.require_known(ctx)
        if verb in ALONE:
            permission.require_alone(ctx, verb, spoken=sentence("{ir} {}", verb))
            return ALONE[verb](ctx, command)
        about = target.context_of(ctx, target.find(ctx, command.incident))
        final_report.require_unfinished(about, command)
        permission.require(about, verb, command.verb.standing)
        return ABOUT_AN_INCIDENT[verb](about, command)

    def _hear(self, session: Session, request: Request, now: datetime) -> Served:
        person = persons.known(session, request.network, request.person.key)
        if person is None or request.channel is not None or dialogue.asked(session, person) is None:
            return Served()
        return self._try(session, request, now, dialogue.hear)

    def _finish(self, session: Session, beginning: Beginning, rest: Request, now: datetime) -> Outcome:
        """Carry out the whole of a command whose rest has come."""
        begun, whole = beginning.served, beginning.joined(rest)
        line = begun.line
        if line is None:
            return beginning.replies

        def go_on(ctx: CommandContext) -> Outcome:
            said = continuation.complete(ctx, line, whole, carry_out=self._work_for(whole))
            return begun.replies if said is None else said

        served = self._try(session, rest, now, go_on)
        if served.refused:
            said = [] if self._is_quiet(beginning.request) else served.replies
            return said if begun.refused else [*beginning.replies, *said]
        return self._finished(
            Beginning(
                request=whole, served=replace(begun, replies=served.replies), latest=rest, lines=beginning.lines + 1
            )
        )

    def _finished(self, whole: Beginning) -> Outcome:
        if not whole.latest.is_long:
            return whole.replies
        self.beginnings.keep(whole)
        return []

    def _mode(self, request: Request) -> LogMode:
        return self.application.config.log_modes.of(request.channel) if request.channel else LogMode.FULL

    def _is_off(self, request: Request) -> bool:
        return request.kind is LineKind.LOG and self._mode(request) is LogMode.OFF

    def _is_quiet(self, request: Request) -> bool:
        return request.kind is LineKind.LOG and self._mode(request) is LogMode.QUIET


def _as_kept(request: Request, *, waits: bool) -> Request:
    """What is kept of a refused line: a note may be looked for later, of all else nothing was made."""
    if waits:
        return replace(request, channel=request.place)
    return request if request.kind in NOTES else replace(request, line="", text="")


def _not_aloud(served: Served, channel: str | None) -> Served:
    """What became of a line that was read back, without what would have been said in its channel at the time."""
    replies = [each for each in served.replies if not isinstance(each, Reply) or each.to != channel]
    return replace(served, replies=replies)
