"""Notices a bot that answers ours: each line of ours provokes one of its own, which provokes the next of ours.

A line shows that no person typed it by its words, not by its speed, as people paste and programs send commands: it
repeats what our bot has just said, or calls our bot by its nick with the very line that was refused an instant ago.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from threading import Lock
from time import monotonic
from typing import Any

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.mark import as_typed
from irscribe.domain.request import LineKind, Person, Reply, Request

ROUNDS = 3
"""So many lines of somebody in a row, each provoked by one of ours, show a bot."""
LET_ALONE_FOR = 300.0
"""Seconds for which no more such lines are taken from it, counted from the last one."""
PROVOKED_WITHIN = 10.0
"""Seconds after a line of ours in which one that repeats it was provoked by it."""
INSTANT = 0.5
"""Seconds after a refusal in which nobody reads it and types the same again."""
LEAST_WORDS, LEAST_PART = 2, 0.8
"""A line repeats ours if it holds this part of our words; a line of fewer words is too short to tell."""
REMEMBERED_LINES = 8
"""Lines of ours to remember for each place."""
REMEMBERED = 256
"""Most places, and most people, to remember."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Said:
    """A line of ours: its words, the key of the person whom it answers, the monotonic time."""

    words: frozenset[str]
    person_key: str
    refusal: bool
    at: float


@dataclass(frozen=True, kw_only=True)
class Rounds:
    """The last line of somebody in a place, its monotonic time, and how many lines in a row ours provoked.

    Until the time ``let_alone_until`` provoked lines are let alone, and so is ``last_round``, the line that showed a
    bot, even if nothing provoked it.
    """

    line: str = ""
    at: float = -inf
    count: int = 0
    let_alone_until: float = -inf
    last_round: str | None = None


class Loops:
    """Remembers the lines that were said lately, and those that came back; any thread may call it."""

    def __init__(self, *, prefix: str, clock: Callable[[], float] = monotonic) -> None:
        """Begin with nothing; ``prefix`` stands before a command that does not call the bot by its nick."""
        self._prefix, self._clock = prefix, clock
        self._said: dict[str, deque[Said]] = {}
        self._rounds: dict[tuple[str, str], Rounds] = {}
        self._lock = Lock()

    def said(self, reply: Reply) -> None:
        """Remember a line that was sent."""
        said = Said(words=_words(str(reply.text)), person_key=reply.person_key, refusal=reply.refusal, at=self._clock())
        with self._lock:
            place = _place(reply.to)
            lines = self._said.pop(place, None) or deque(maxlen=REMEMBERED_LINES)
            lines.append(said)
            self._said[place] = lines
            _forget_oldest(self._said)

    def lets_alone(self, request: Request) -> bool:
        """True if a line is one more round with a bot, so that it is neither carried out nor answered."""
        if request.read_back:
            return False
        now, place = self._clock(), _place(request.origin)
        with self._lock:
            before = self._rounds.pop((place, request.person.key), Rounds())
            rounds = _next(before, request.line, now, is_provoked=self._is_provoked(request, before, now))
            self._rounds[place, request.person.key] = rounds
            _forget_oldest(self._rounds)
        is_let_alone = rounds.let_alone_until > before.let_alone_until
        if is_let_alone and now >= before.let_alone_until:
            _log_loop(request.person)
        return is_let_alone

    def _is_provoked(self, request: Request, before: Rounds, now: float) -> bool:
        lines = [each for each in self._said.get(_place(request.origin), ()) if now - each.at <= PROVOKED_WITHIN]
        words = _words(request.line)
        if any(_repeats(words, each.words) for each in lines):
            return True
        if request.line != before.line or not self._calls_by_nick(request):
            return False
        answer = next((each for each in reversed(lines) if each.person_key == request.person.key), None)
        return answer is not None and answer.refusal and answer.at >= max(before.at, now - INSTANT)

    def _calls_by_nick(self, request: Request) -> bool:
        return request.kind is not LineKind.PLAIN and not request.line.lstrip().startswith(self._prefix)


def _next(before: Rounds, line: str, now: float, *, is_provoked: bool) -> Rounds:
    """Count a line; if it is let alone, the time for which that lasts begins anew."""
    count = before.count + 1 if is_provoked else 0
    if now < before.let_alone_until and (is_provoked or line == before.last_round):
        return replace(before, line=line, at=now, count=0, let_alone_until=now + LET_ALONE_FOR)
    if count >= ROUNDS:
        return Rounds(line=line, at=now, let_alone_until=now + LET_ALONE_FOR, last_round=line)
    return replace(before, line=line, at=now, count=count)


def _place(name: str) -> str:
    """Fold the name of a place by the mapping that takes the most names for one: no rights hang on it."""
    return CaseMapping.RFC1459.fold(name)


def _words(text: str) -> frozenset[str]:
    return frozenset(as_typed(text).lower().split())


def _repeats(words: frozenset[str], said: frozenset[str]) -> bool:
    return len(said) >= LEAST_WORDS and len(words & said) >= LEAST_PART * len(said)


def _forget_oldest(remembered: dict[Any, Any]) -> None:
    if len(remembered) > REMEMBERED:
        del remembered[next(iter(remembered))]


def _log_loop(person: Person) -> None:
    log.warning(
        "%s answers what the bot says, like another bot: such lines of it are let alone for %d minutes",
        person.mask,
        LET_ALONE_FOR / 60,
    )
