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
from irscribe.domain.errors import KeptError, RefusedError
from irscribe.domain.hearing import Challenge, Hearing, Return
from irscribe.domain.request import Family, Identified, Left, Renamed, Reply, Request, Surrender
from irscribe.services import addressing, continuing, finality, helping, noting, permitting, questioning
from irscribe.services.house import House
from irscribe.services.listening import come_back, listen, was_missed
from irscribe.services.recognising import identify, rename
from irscribe.services.turn import Outcome, Turn
from models import FAILED, Savepoint, Session, lines, persons

log = logging.getLogger(__name__)

BROKEN = "That went wrong on my side and nothing was recorded; the log says more. Please type it again."
NOTES = (Family.LOG, Family.NOTE)

Event = Request | Renamed | Left | Identified | Hearing | Return | Challenge


class Adapter:
    """Serves requests with the use-cases; remembers only commands that may have been cut, and how fast people type."""

    def __init__(self, house: House) -> None:
        """Serve in a house."""
        self.house = house
        self.beginnings = Beginnings()
        self.limits = Limits.of(house.config)

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
        if isinstance(event, Challenge):
            return [Surrender()]
        if isinstance(event, Renamed | Left):
            return [event]
        if not isinstance(event, Request) or (event.family is Family.PLAIN and event.channel is not None):
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
            case Return():
                return come_back(session, event, self.house.config.log_modes)
            case Hearing():
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
        if request.family is not Family.INCIDENT:
            return request
        names = self.house.config.names
        text = read_note(request.text, {"log", "note", *names.log, *names.note})
        return request if text is None else replace(request, family=Family.NOTE, text=text)

    def release(self, now: datetime) -> Outcome:
        """The acknowledgements that waited for the rest of a line, and wait no longer."""
        return self.beginnings.release(now)

    def _serve(self, session: Session, request: Request, now: datetime) -> Served:
        if request.family is Family.PLAIN:
            return self._hear(session, request, now)
        return self._try(session, request, now, self._work_for(request))

    def _work_for(self, request: Request) -> Callable[[Turn], Outcome]:
        return self._note if request.family in NOTES else self._command

    def _try(self, session: Session, request: Request, now: datetime, work: Callable[[Turn], Outcome]) -> Served:
        """Do the work in a Savepoint, so that a refusal leaves nothing behind but the line."""
        served = self._try_aloud(session, request, now, work)
        return _not_aloud(served, request.channel) if request.missed else served

    def _try_aloud(self, session: Session, request: Request, now: datetime, work: Callable[[Turn], Outcome]) -> Served:
        try:
            with Savepoint(session):
                person = persons.meet(session, request.network, request.person)
                line = lines.add(session, request, person=person, fate="taken")
                turn = Turn(session=session, request=request, house=self.house, now=now, person=person, line=line)
                return Served(line=line, replies=work(turn))
        except lines.HeardBeforeError:
            return Served()
        except RefusedError as refusal:
            return self._keep_refused(session, request, refusal)

    def _keep_refused(self, session: Session, request: Request, refusal: RefusedError) -> Served:
        person = persons.meet(session, request.network, request.person)
        waits = isinstance(refusal, KeptError) and request.family in NOTES
        kept = _as_kept(request, waits=waits)
        line = lines.add(session, kept, person=person, fate="waiting" if waits else "refused")
        return Served(line=line, replies=self._refuse(request, str(refusal)), refused=True)

    def _refuse(self, request: Request, sentence: str) -> Outcome:
        if self._is_quiet(request):
            return []
        return [Reply(to=request.origin, text=sentence, whom=request.whom)]

    def _note(self, turn: Turn) -> Outcome:
        quiet = self._is_quiet(turn.request)
        if turn.request.text.strip().lower() == "help":
            return [] if quiet else helping.help_with_notes(turn)
        permitting.require_known(turn)
        permitting.require_alone(turn, "log", spoken="!log")
        replies = noting.note(turn, quiet=quiet)
        return [] if quiet else replies

    def _command(self, turn: Turn) -> Outcome:
        command = read(turn.request.text)
        verb = command.verb.name
        if verb == "help":
            return helping.help_with(turn, command)
        permitting.require_known(turn)
        if verb in ALONE:
            permitting.require_alone(turn, verb, spoken=f"!ir {verb}")
            return ALONE[verb](turn, command)
        case = addressing.case_of(turn, addressing.find(turn, command.incident))
        finality.require_unfinished(case, command)
        permitting.require(case, verb, command.verb.standing)
        return ABOUT_AN_INCIDENT[verb](case, command)

    def _hear(self, session: Session, request: Request, now: datetime) -> Served:
        person = persons.known(session, request.network, request.person.key)
        if person is None or request.channel is not None or questioning.asked(session, person) is None:
            return Served()
        return self._try(session, request, now, questioning.hear)

    def _finish(self, session: Session, beginning: Beginning, rest: Request, now: datetime) -> Outcome:
        """Carry out the whole of a command whose rest has come."""
        begun, whole = beginning.served, beginning.joined(rest)
        line = begun.line
        if line is None:
            return beginning.replies

        def go_on(turn: Turn) -> Outcome:
            said = continuing.complete(turn, line, whole, carry_out=self._work_for(whole))
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
        return self.house.config.log_modes.of(request.channel) if request.channel else LogMode.FULL

    def _is_off(self, request: Request) -> bool:
        return request.family is Family.LOG and self._mode(request) is LogMode.OFF

    def _is_quiet(self, request: Request) -> bool:
        return request.family is Family.LOG and self._mode(request) is LogMode.QUIET


def _as_kept(request: Request, *, waits: bool) -> Request:
    """What is kept of a refused line: a note may be looked for later, of all else nothing was made."""
    if waits:
        return replace(request, channel=request.place)
    return request if request.family in NOTES else replace(request, line="", text="")


def _not_aloud(served: Served, channel: str | None) -> Served:
    """What became of a line that was read back, without what would have been said in its channel at the time."""
    replies = [each for each in served.replies if not isinstance(each, Reply) or each.to != channel]
    return replace(served, replies=replies)
