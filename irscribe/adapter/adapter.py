"""The adapter: one event at a time, step by step, inside the writer's transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from irscribe.adapter import beside, lookups
from irscribe.adapter.conversation import Conversation
from irscribe.adapter.limits import Admission, Counts, Limits, follow
from irscribe.adapter.outcomes import to_asker, without_public_replies
from irscribe.adapter.requests import NOTES, as_command, as_kept
from irscribe.commands import About, Command, read
from irscribe.config import LogMode
from irscribe.domain.errors import KeptError, RefusedError, UnknownVerbError
from irscribe.domain.events import AlertsPosted, Event, Lookup, NamesakeJoined, Outcome, PostAnswered, Rest, StepDown
from irscribe.domain.request import Identified, Left, LineKind, Renamed, Request, refused
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import visible
from irscribe.services.context import permission, target
from irscribe.services.context.application import ApplicationContext
from irscribe.services.context.contexts import CommandContext
from irscribe.services.coverage.gaps import is_news
from irscribe.services.incident import manual
from irscribe.services.people.identity import identify, rename
from irscribe.services.revision import continuation, final_report
from irscribe.services.scorecard import dialogue
from irscribe.services.talk import notes
from models import FAILED, Savepoint, Session, lines, persons

log = logging.getLogger(__name__)

BROKEN = "That went wrong on my side and nothing was recorded; the log says more. Please type it again."
LOG = sentence("{log}")

Work = Callable[[CommandContext], Outcome]
"""A use-case that carries out one line."""


class Adapter:
    """Carries out events with the use-cases; remembers only how fast people type, and how often they were answered."""

    def __init__(self, application: ApplicationContext) -> None:
        """Carry out events with these settings."""
        self.application = application
        self.limits = Limits.of(application.config)
        self.conversation = Conversation(application.commands, application.config.log_modes)

    def handle(self, session: Session, event: Event, now: datetime) -> Outcome:
        """Carry an event out; the outcome is for after the commit.

        Raises what the database fails with; any other error is logged and answered, and nothing of the event stays.
        """
        try:
            match event:
                case Request():
                    return to_asker(self._answer(session, event, now), event)
                case Rest():
                    beginning = as_command(event.beginning)
                    outcome = self._continue(session, replace(event, beginning=beginning), now)
                    return to_asker(outcome, event.line)
                case _:
                    with Savepoint(session):
                        return self._follow(session, event, now)
        except FAILED:
            raise
        except Exception:
            log.exception("a request failed and was rolled back")
            return self.refuse(event, BROKEN)

    def look_up(self, session: Session, lookup: Lookup) -> Outcome:
        """Answer a lookup from a snapshot.

        Raises one of ``models.FAILED`` if the database fails, and any error that is a fault of the program.
        """
        return without_public_replies(lookups.answer(session, lookup, self.application), lookup.request)

    def refuse_lookup(self, lookup: Lookup, refusal: str) -> Outcome:
        """Give the outcome of a lookup that could not be answered."""
        return without_public_replies(lookups.refuse(lookup, refusal), lookup.request)

    def takes_rest(self, request: Request) -> bool:
        """True if the rest of a split command can be appended to the command after that is carried out."""
        return continuation.takes_rest(as_command(request), self.application.commands)

    def has_recorded(self, session: Session, events: Sequence[Event]) -> bool:
        """True if a line of these events is in the record, and so everything of the same transaction."""
        typed = [each.line if isinstance(each, Rest) else each for each in events]
        return lines.any_kept(session, [each for each in typed if isinstance(each, Request)])

    def refuse(self, event: Event, refusal: str) -> Outcome:
        """Give the outcome of an event that was not recorded: a refusal of a line that is for this bot.

        A namesake then makes this bot step down, and a change of nick is followed although it is not recorded.
        """
        match event:
            case NamesakeJoined():
                return [StepDown()]
            case Renamed() | Left():
                return [event]
            case Rest():
                return self.refuse(event.beginning, refusal)
            case Request() if not self._is_for_others(event):
                return self._refuse(event, refusal)
            case AlertsPosted():
                return [PostAnswered(post=event, is_recorded=False)]
        return []

    def remember_limits(self) -> Callable[[], None]:
        """Remember how much each person may type; the function it gives restores that after a failed transaction."""
        restores = [each.remember() for each in self._counts]

        def restore() -> None:
            for each in restores:
                each()

        return restore

    @property
    def _counts(self) -> Sequence[Counts]:
        return *self.limits.counts, *self.conversation.counts

    def _follow(self, session: Session, event: Event, now: datetime) -> Outcome:
        """Record what became of people; every other event is carried out beside the conversation."""
        match event:
            case Renamed():
                rename(session, event)
                follow(self._counts, event)
                return [event]
            case Left():
                return [event]
            case Identified():
                identify(session, event)
                return []
        return beside.carry_out(session, self.application, event, now)

    def _answer(self, session: Session, request: Request, now: datetime) -> Outcome:
        """Take a line through the steps: is it for this bot and new, not too fast, for which use-case; record it."""
        if request.meant is not None and self._hears(request):
            return self.conversation.answer_near_miss(session, request, now=now)
        if self._is_for_others(request) or (request.read_back and not is_news(session, request)):
            return []
        too_fast = self._limit(request)
        if too_fast is not None:
            return too_fast
        if self._answers_question(session, request):
            return self._record(session, request, now, dialogue.hear)
        request = as_command(request)
        if self.conversation.leaves_alone(request, now=now, asked=partial(_is_asked, session, request)):
            return []
        return self._record(session, request, now, self._command if request.kind is LineKind.INCIDENT else self._note)

    def _continue(self, session: Session, rest: Rest, now: datetime) -> Outcome:
        """Take the rest of a split command through the same steps, where its beginning is in the record."""
        beginning = None if self._is_for_others(rest.beginning) else lines.find(session, rest.beginning)
        if beginning is None:
            return []
        outcome = self._limit(rest.line)
        if outcome is None:
            work = partial(continuation.complete, beginning=beginning, typed=rest.beginning)
            outcome = self._record(session, rest.line, now, work)
        return [] if self._is_quiet(rest.beginning) else outcome

    def _limit(self, request: Request) -> Outcome | None:
        """Count a line; give the outcome of one that is dropped, None for one that is heard."""
        match self.limits.admit(request):
            case Admission.HEARD:
                return None
            case Admission.DROPPED:
                return []
        log.warning("%s types too fast; what follows is dropped", request.person.mask)
        return self._refuse(request, self.limits.sentence(request))

    def _hears(self, request: Request) -> bool:
        """True unless a line is by a relay, which types nothing, or by somebody whom the settings ignore."""
        return (
            request.bridge is None
            and not self.limits.ignores(request.person)
            and not self.limits.is_relay(request.person)
        )

    def _answers_question(self, session: Session, request: Request) -> bool:
        """True for an answer to a question of the scorecard; every other line in private is a command."""
        if request.kind is not LineKind.PLAIN:
            return False
        person = persons.known(session, request.network, request.person.key)
        return person is not None and dialogue.expects(session, person, request.text)

    def _record(self, session: Session, request: Request, now: datetime, work: Work) -> Outcome:
        """Record a line and carry it out, in a savepoint: of a refused one nothing stays but the line."""
        try:
            with Savepoint(session):
                person = persons.meet(session, request.network, request.person)
                line = lines.add(session, request, person=person, disposition="taken")
                ctx = CommandContext(
                    session=session, request=request, application=self.application, now=now, person=person, line=line
                )
                outcome = work(ctx)
        except lines.HeardBeforeError:
            return []
        except RefusedError as refusal:
            outcome = self._record_refused(session, request, refusal)
        return without_public_replies(outcome, request)

    def _record_refused(self, session: Session, request: Request, refusal: RefusedError) -> Outcome:
        person = persons.meet(session, request.network, request.person)
        waits = isinstance(refusal, KeptError) and request.kind in NOTES
        kept = as_kept(request, waits=waits)
        lines.add(session, kept, person=person, disposition="waiting" if waits else "refused")
        if waits and self.limits.is_relay(request.person):
            return []  # Machines log all day long, and none of them reads how its line is taken in.
        return self._refuse(request, refusal.sentence)

    def _refuse(self, request: Request, sentence: Speech) -> Outcome:
        if self._is_quiet(request):
            return []
        return [refused(request, sentence)]

    def _note(self, ctx: CommandContext) -> Outcome:
        quiet = self._is_quiet(ctx.request)
        if ctx.request.text.strip().lower() == "help":
            permission.require_on_irc(ctx)
            return [] if quiet else manual.help_with_notes(ctx)
        permission.require_known(ctx)
        permission.require_alone(ctx, "log", spoken=LOG)
        replies = notes.note(ctx, quiet=quiet)
        return [] if quiet else replies

    def _command(self, ctx: CommandContext) -> Outcome:
        permission.require_on_irc(ctx)
        try:
            command = read(ctx.request.text, self.application.commands)
        except UnknownVerbError as unknown:
            asked = ctx.channel is None and dialogue.asked(ctx.session, ctx.person) is not None
            raise RefusedError(self.conversation.refuse(ctx.request, unknown, asked=asked)) from unknown
        about = _permitted(ctx, command)
        work = partial(self.application.commands.functions[command.verb.name], command=command)
        return [lookups.ask(about, command, work)] if command.is_among(command.verb.reads_only) else work(about)

    def _is_for_others(self, request: Request) -> bool:
        """True for what people say to each other, for nothing, and for ``!log`` in a channel where that is off."""
        if request.kind is LineKind.PLAIN:
            return request.is_talk or not visible(request.text)
        return request.kind is LineKind.LOG and self._mode(request) is LogMode.OFF

    def _is_quiet(self, request: Request) -> bool:
        return request.kind is LineKind.LOG and self._mode(request) is LogMode.QUIET

    def _mode(self, request: Request) -> LogMode:
        modes = self.application.config.log_modes
        return modes.of(request.channel, request.casemapping) if request.channel else LogMode.FULL


def _is_asked(session: Session, request: Request) -> bool:
    """True if the sender of a line is asked a question of the scorecard."""
    person = persons.known(session, request.network, request.person.key)
    return person is not None and dialogue.asked(session, person) is not None


def _permitted(ctx: CommandContext, command: Command) -> CommandContext:
    """Give the context of a command that this person may use: that of its incident, if it is about one.

    Raises RefusedError for any other command.
    """
    verb = command.verb
    if verb.unconditional:
        return ctx
    permission.require_known(ctx)
    if verb.about is not About.INCIDENT:
        permission.require_alone(ctx, verb.name, spoken=sentence("{ir} {}", verb.name))
        return ctx
    about = target.context_of(ctx, target.find(ctx, command.incident))
    final_report.require_unfinished(about, command)
    permission.require_command(about, command)
    return about
