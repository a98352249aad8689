"""The adapter: one request at a time, inside the writer's transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from irscribe.adapter.cut import Beginning, Beginnings, in_two_lines
from irscribe.adapter.routes import ABOUT_AN_INCIDENT, ALONE
from irscribe.commands import read
from irscribe.config import LogMode
from irscribe.domain.errors import ForbiddenError, KeptError, RefusedError
from irscribe.domain.permission import NEEDED
from irscribe.domain.request import Family, Renamed, Reply, Request
from irscribe.services import addressing, continuing, helping, noting, scoring
from irscribe.services.renaming import rename
from irscribe.services.turn import House, Outcome, Turn
from models import UNUSABLE, Session, lines, scores

log = logging.getLogger("sopel.irscribe.adapter")

BROKEN = "That went wrong on my side and nothing was recorded; the log says more. Please type it again."
NOTES = (Family.LOG, Family.NOTE)


class Adapter:
    """Serves requests with the use-cases; remembers nothing but the commands that may have been cut."""

    def __init__(self, house: House) -> None:
        """Serve in a house."""
        self.house = house
        self.beginnings = Beginnings()

    def handle(self, session: Session, event: Request | Renamed, now: datetime) -> Outcome:
        """Carry out what was typed; the replies are to be said once the transaction is committed.

        Raises what the database fails with; what else goes wrong is rolled back, logged and answered.
        """
        go_back = self.remember()
        try:
            with session.begin_nested():
                return self._carry_out(session, event, now)
        except UNUSABLE:
            raise
        except Exception:
            log.exception("a request failed and was rolled back")
            go_back()
            return self.refuse(event, BROKEN)

    def refuse(self, event: Request | Renamed, sentence: str) -> Outcome:
        """One line to who typed it, unless that was nothing this bot answers."""
        if isinstance(event, Renamed) or (event.family is Family.PLAIN and event.channel is not None):
            return []
        off = event.family is Family.LOG and self._mode(event) is LogMode.OFF
        return [] if off else self._refuse(event, sentence)

    def remember(self) -> Callable[[], None]:
        """The way back to what is held back now, for a transaction that comes to nothing."""
        before = self.beginnings.copied()

        def go_back() -> None:
            self.beginnings = before

        return go_back

    def _carry_out(self, session: Session, event: Request | Renamed, now: datetime) -> Outcome:
        if isinstance(event, Renamed):
            rename(session, event)
            return []
        beginning = self.beginnings.take(event)
        if beginning is not None and event.family is Family.PLAIN and event.channel is not None:
            return self._finish(session, beginning, event, now)
        before = beginning.replies if beginning else []
        line, replies = self._serve(session, event, now)
        if event.may_be_cut:
            self.beginnings.keep(Beginning(request=event, line=line, replies=replies))
            return before
        return [*before, *replies]

    def release(self, now: datetime) -> Outcome:
        """The acknowledgements that waited for the rest of a line, and wait no longer."""
        return self.beginnings.release(now)

    def _serve(self, session: Session, request: Request, now: datetime) -> tuple[int | None, Outcome]:
        """The number of the kept line, and what to say."""
        if request.family is Family.PLAIN:
            return self._hear(session, request, now)
        if request.family is Family.LOG and self._mode(request) is LogMode.OFF:
            return None, []
        work = self._note if request.family in NOTES else self._command
        return self._try(session, request, now, work)

    def _try(
        self, session: Session, request: Request, now: datetime, work: Callable[[Turn], Outcome]
    ) -> tuple[int | None, Outcome]:
        """Do the work in a savepoint, so that a refusal leaves nothing behind but the line."""
        person = lines.meet(session, request.network, request.person)
        try:
            with session.begin_nested():
                line = lines.add(session, request, person=person, fate="taken")
                if line is None:
                    return None, []
                turn = Turn(session=session, request=request, house=self.house, now=now, person=person, line=line)
                return line, work(turn)
        except RefusedError as refusal:
            fate = "waiting" if isinstance(refusal, KeptError) else "refused"
            return lines.add(session, request, person=person, fate=fate), self._refuse(request, str(refusal))

    def _refuse(self, request: Request, sentence: str) -> Outcome:
        if self._is_quiet(request):
            return []
        return [Reply(to=request.channel or request.person.nick, text=sentence)]

    def _note(self, turn: Turn) -> Outcome:
        quiet = self._is_quiet(turn.request)
        if turn.request.family is Family.LOG and turn.request.text.strip().lower() == "help":
            return [] if quiet else helping.help_with_notes(turn)
        replies = noting.note(turn, quiet=quiet)
        return [] if quiet else replies

    def _command(self, turn: Turn) -> Outcome:
        command = read(turn.request.text)
        alone = ALONE.get(command.verb.name)
        if alone is not None:
            return alone(turn, command)
        case = addressing.case_of(turn, addressing.find(turn, command.incident))
        if case.standing < command.verb.standing:
            raise ForbiddenError(f"!ir {command.verb.name}: {NEEDED[command.verb.standing]}")
        return ABOUT_AN_INCIDENT[command.verb.name](case, command)

    def _hear(self, session: Session, request: Request, now: datetime) -> tuple[int | None, Outcome]:
        person = lines.known(session, request.network, request.person.key)
        if person is None or request.channel is not None or scores.dialogue_with(session, person) is None:
            return None, []
        return self._try(session, request, now, scoring.hear)

    def _finish(self, session: Session, beginning: Beginning, rest: Request, now: datetime) -> Outcome:
        """Carry out the whole of a command whose rest has come."""
        if beginning.line is None:
            return beginning.replies
        line = beginning.line

        def append(turn: Turn) -> Outcome:
            done = continuing.append_rest(turn, line)
            if done is not None:
                return done
            continuing.take_back(turn, line)
            return self._serve(session, beginning.joined(rest), now)[1]

        _, replies = self._try(session, rest, now, append)
        return in_two_lines(replies) or beginning.replies

    def _mode(self, request: Request) -> LogMode:
        return self.house.config.log_modes.of(request.channel) if request.channel else LogMode.FULL

    def _is_quiet(self, request: Request) -> bool:
        return request.family is Family.LOG and self._mode(request) is LogMode.QUIET
