"""Split commands: holds what a client may have cut in two, or its acknowledgement, until the rest has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto
from threading import Lock

from irscribe.domain.coverage import ChannelRejoined
from irscribe.domain.events import Event, Lookup, Outcome, Rest, Withdrawal
from irscribe.domain.request import REST_WITHIN, Identified, Left, LineKind, Renamed, Reply, Request
from irscribe.domain.talk import FOR_OTHER_BOTS


class Progress(Enum):
    """The progress of a split command."""

    HELD = auto()
    """Not carried out yet."""
    CARRIED_OUT = auto()
    """Carried out on arrival; a rest is put behind it, and the acknowledgement waits."""
    CLOSED = auto()
    """Carried out, and its acknowledgement waits no longer; the adapter takes or refuses a rest that still comes."""


@dataclass(kw_only=True)
class SplitCommand:
    """A command that may have been cut; ``whole`` is the first line and the rests so far, ``latest`` the last of these.

    ``replies`` are what was answered so far to the ``unanswered`` events made of it.
    """

    first: Request
    whole: Request
    latest: Request
    progress: Progress
    lines: int = 1
    unanswered: int = 0
    replies: Outcome = field(default_factory=list)

    def is_over(self, now: datetime) -> bool:
        """True if no rest can come any more; a clock that was set back holds nothing up."""
        return abs(now - self.latest.heard_at) > REST_WITHIN

    def is_continued_by(self, line: Request) -> bool:
        """True if a line of the same person at the same place is the rest."""
        is_plain = line.kind is LineKind.PLAIN and line.meant is None
        is_rest = is_plain and not line.text.lstrip().startswith(FOR_OTHER_BOTS)
        return is_rest and abs(line.said_at - self.latest.said_at) <= REST_WITHIN

    def is_overtaken_by(self, event: Event) -> bool:
        """True if an event may be about the same incident, or makes somebody else of the person."""
        match event:
            case Request():
                return event.network == self.first.network and not _channels(event).isdisjoint(_channels(self.first))
            case ChannelRejoined():
                return event.network == self.first.network and event.folded_channel in _channels(self.first)
            case Renamed() | Identified():
                return event.person.mask_key == self.first.person.mask_key
            case Left():
                return self.first.casemapping.same(event.nick, self.first.person.nick)
        return False

    def add(self, rest: Request) -> None:
        """Put a rest behind it."""
        text = rest.text.strip()
        self.whole = replace(self.whole, line=f"{self.whole.line} {text}", text=f"{self.whole.text} {text}")
        self.latest = rest
        self.lines += 1

    def take_replies(self) -> Outcome:
        """Give what there is to say: an acknowledgement with the number of lines taken for one, or the last refusal."""
        replies, self.replies = self.replies, []
        if self.lines > 1 and replies and isinstance(replies[0], Lookup):
            return [replace(replies[0], lines=self.lines), *replies[1:]]
        if self.lines > 1 and replies and isinstance(replies[0], Withdrawal) and replies[0].reply is not None:
            return [replace(replies[0], reply=replies[0].reply.of_lines(self.lines)), *replies[1:]]
        if self.lines == 1 or not replies or not isinstance(replies[0], Reply):
            return replies
        if replies[0].refusal:
            return replies[-1:]
        if any(isinstance(each, Reply) and each.refusal for each in replies):
            return replies
        return [replies[0].of_lines(self.lines), *replies[1:]]


class SplitCommands:
    """The split commands of the last three seconds, one a person and place; turns lines into events to carry out.

    Lines arrive on the reader's thread, and are carried out on the writer's.
    """

    def __init__(self, takes_rest: Callable[[Request], bool]) -> None:
        """Hold every command that may have been cut and that does not take a rest once it is carried out."""
        self._takes_rest = takes_rest
        self._waiting: dict[tuple[str, str, str], SplitCommand] = {}
        self._answering: dict[int, SplitCommand] = {}
        self._due: Outcome = []
        self._lock = Lock()

    def awaits_rest(self, request: Request) -> bool:
        """True if a plain line may be the rest of a split command."""
        with self._lock:
            begun = self._waiting.get(_place(request))
            return begun is not None and not begun.is_over(request.heard_at)

    def arrive(self, event: Event) -> list[Event]:
        """Give the events to carry out now that this one is here, in their order: none for talk in a channel.

        Talk that nearly names a command is one, as it may be answered.
        """
        with self._lock:
            if isinstance(event, Request):
                return [*self._finish_over(event.heard_at), *self._hear(event)]
            if isinstance(event, Renamed):
                self._acknowledge_before(event)
            return [*self._close_overtaken(event), event]

    def hold_replies(self, event: Event, outcome: Outcome) -> Outcome:
        """Give what to do once an event is committed or refused; replies to a split command may be held back."""
        with self._lock:
            split = self._answering.pop(id(event), None)
            if split is None:
                return outcome
            split.replies += outcome
            split.unanswered -= 1
            return self._take_replies(split)

    def release(self, now: datetime) -> list[Event]:
        """Give the held commands that no rest can follow any more."""
        with self._lock:
            return self._finish_over(now)

    def end(self) -> list[Event]:
        """Give all held commands, as the bot ends."""
        with self._lock:
            return self._finish([*self._waiting.values()])

    def take_due(self) -> Outcome:
        """Give the acknowledgements that wait no longer."""
        with self._lock:
            due, self._due = self._due, []
            return due

    def next_release(self) -> datetime | None:
        """Give the moment at which the next wait is over; None if nothing waits."""
        with self._lock:
            ends = [each.latest.heard_at + REST_WITHIN + datetime.resolution for each in self._waiting.values()]
            return min(ends, default=None)

    def _hear(self, line: Request) -> list[Event]:
        begun = self._waiting.get(_place(line))
        if begun is not None and begun.is_continued_by(line):
            return self._continue(begun, line)
        finished = self._finish([begun] if begun else [])
        if line.is_talk:
            return finished if line.meant is None else [*finished, line]
        return [*finished, *self._close_overtaken(line), *self._begin(line)]

    def _begin(self, request: Request) -> list[Event]:
        if not request.may_be_cut:
            return [request]
        progress = Progress.CARRIED_OUT if self._takes_rest(request) else Progress.HELD
        split = SplitCommand(first=request, whole=request, latest=request, progress=progress)
        self._waiting[_place(request)] = split
        return [] if progress is Progress.HELD else [self._hand_out(split, request)]

    def _continue(self, split: SplitCommand, line: Request) -> list[Event]:
        """Put the rest behind a held command; behind one that was carried out the adapter puts it, or refuses it."""
        is_held = split.progress is Progress.HELD
        split.add(line)
        events = [] if is_held else [self._hand_out(split, Rest(beginning=split.first, line=line))]
        return events if line.is_long else [*events, *self._finish([split])]

    def _close_overtaken(self, event: Event) -> list[Event]:
        """Give the held commands that an event must not overtake; their rests are refused from now on."""
        overtaken = [each for each in self._waiting.values() if each.progress is Progress.HELD]
        return [self._carry_out(each) for each in overtaken if each.is_overtaken_by(event)]

    def _acknowledge_before(self, renamed: Renamed) -> None:
        """Release acknowledgements for the old nick: those in the outgoing queue go to the new nick."""
        for split in self._waiting.values():
            if split.progress is Progress.CARRIED_OUT and split.is_overtaken_by(renamed):
                split.progress = Progress.CLOSED
                self._due += self._take_replies(split)

    def _finish_over(self, now: datetime) -> list[Event]:
        return self._finish([each for each in self._waiting.values() if each.is_over(now)])

    def _finish(self, over: Iterable[SplitCommand]) -> list[Event]:
        """Forget split commands; give those of them that were held."""
        events: list[Event] = []
        for split in over:
            del self._waiting[_place(split.first)]
            if split.progress is Progress.HELD:
                events.append(self._carry_out(split))
            else:
                self._due += self._take_replies(split)
        return events

    def _carry_out(self, split: SplitCommand) -> Event:
        split.progress = Progress.CLOSED
        return self._hand_out(split, split.whole)

    def _hand_out(self, split: SplitCommand, event: Request | Rest) -> Event:
        """Let the answer to an event be one to the split command."""
        self._answering[id(event)] = split
        split.unanswered += 1
        return event

    def _take_replies(self, split: SplitCommand) -> Outcome:
        waits = split.progress is Progress.CARRIED_OUT and self._waiting.get(_place(split.first)) is split
        return [] if split.unanswered or waits else split.take_replies()


def _place(request: Request) -> tuple[str, str, str]:
    """Give who spoke where: a rest has the same."""
    return request.network, request.folded_channel or "", request.person.key


def _channels(request: Request) -> frozenset[str]:
    """Give the channels whose incidents a line may be about."""
    return frozenset(request.folded_places)
