"""Answers to lines that hold no command: a mistyped name, talk to the bot, thanks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from irscribe.adapter.limits import Admission, Counts, key_of
from irscribe.commands import Commands, read
from irscribe.config import LogMode, LogModes, Pace
from irscribe.domain.answers import USAGE, answer_in, is_nearly_answer
from irscribe.domain.courtesy import begins_a_sentence, is_courtesy, is_phrase
from irscribe.domain.errors import RefusedError, UnknownVerbError
from irscribe.domain.events import Outcome
from irscribe.domain.request import LineKind, Reply, Request
from irscribe.domain.sentence import Speech, sentence
from models import Session, incidents

NEAR_MISSES = Pace(1, 1 / 600)
"""A person is told in a channel once in ten minutes that the name of a command was mistyped."""
TALK = Pace(1, 1 / 60)
"""Talk to the bot in a channel is answered once a minute a person."""
IN_PRIVATE = Pace(5, 1 / 60)
"""A person is told in private five times, then once a minute: two bots that answer each other fall silent.

A line with the prefix is always answered: no answer of a bot begins so.
"""
IN_DIALOGUE = Pace(20, 1 / 60)
"""The same of a person who is asked the scorecard, and has to learn what the answers are."""

MEANT = {
    LineKind.INCIDENT: sentence("Nothing was done: did you mean {ir} …? {ir} help lists what there is."),
    LineKind.LOG: sentence("Nothing was logged: did you mean {log} TEXT?"),
    LineKind.NOTE: sentence("Nothing was logged: did you mean {note} TEXT?"),
}
SORRY = sentence("Sorry, I did not understand that. {ir} help says what I can do for you.")
NOT_UNDERSTOOD = "I did not understand that: help lists what you can type to me."
NOTHING_ASKED = sentence("I am asking you nothing just now: {ir} score asks the scorecard, help lists the rest.")
NEITHER = f"That is no answer and no command: {USAGE}"


class Conversation:
    """Decides what is said to a line that holds no command; remembers only how often each person was answered."""

    def __init__(self, commands: Commands, modes: LogModes) -> None:
        """Begin with nobody answered yet."""
        self._commands = commands
        self._modes = modes
        self._near_misses, self._talk, self._in_private = Counts(NEAR_MISSES), Counts(TALK), Counts(IN_PRIVATE)
        self._in_dialogue = Counts(IN_DIALOGUE)
        self.counts = (self._near_misses, self._talk, self._in_private, self._in_dialogue)

    def answer_near_miss(self, session: Session, request: Request, *, now: datetime) -> Outcome:
        """Say what to type instead of a mistyped name, while an incident is open where no other bot owns ``!log``."""
        if request.meant is None or request.channel is None or request.read_back:
            return []
        key, is_full = key_of(request), self._modes.of(request.channel, request.casemapping) is LogMode.FULL
        if not is_full or not self._near_misses.has_left(key, now):
            return []
        if not incidents.open_in(session, request.network, request.casemapping.fold(request.channel)):
            return []
        self._near_misses.admit(key, now)
        return [Reply(to=request.channel, text=MEANT[request.meant], refusal=True)]

    def leaves_alone(self, request: Request, *, now: datetime, asked: Callable[[], bool]) -> bool:
        """True for a courtesy, and for a line that is not understood if its sender was told so often enough.

        Each call counts a line that is not understood. ``asked`` tells whether its sender is asked a question.
        """
        if request.kind is not LineKind.INCIDENT:
            return False
        if not request.to_bot and request.channel is not None and not is_courtesy(request.text):
            return False
        unknown = self._unknown(request.text)
        if unknown is None:
            return request.to_bot and is_phrase(request.text)
        if is_courtesy(request.text):
            return True
        counts = self._counts_for(request, unknown, asked=asked)
        return counts is not None and counts.admit(key_of(request), now) is not Admission.HEARD

    def refuse(self, request: Request, unknown: UnknownVerbError, *, asked: bool) -> Speech:
        """Give the refusal of a line without a known verb; ``asked`` is true while its sender is asked a question."""
        if request.channel is None and request.to_bot and not asked and answer_in(request.text):
            return NOTHING_ASKED
        if asked and is_nearly_answer(request.text):
            return NEITHER
        if not request.to_bot or _is_mistyped(request, unknown):
            return unknown.sentence
        if request.channel is not None:
            return SORRY
        return NEITHER if asked else NOT_UNDERSTOOD

    def _unknown(self, text: str) -> UnknownVerbError | None:
        try:
            read(text, self._commands)
        except UnknownVerbError as unknown:
            return unknown
        except RefusedError:
            return None
        return None

    def _counts_for(self, request: Request, unknown: UnknownVerbError, *, asked: Callable[[], bool]) -> Counts | None:
        """Give what counts the answers to such a line; None if each is answered, as a command is."""
        if not request.to_bot:
            return None
        if request.channel is None:
            return self._in_dialogue if asked() else self._in_private
        return None if _is_mistyped(request, unknown) else self._talk


def _is_mistyped(request: Request, unknown: UnknownVerbError) -> bool:
    """True if a verb may be meant: the line is no talk."""
    return unknown.suggested and not begins_a_sentence(request.text)
