"""The answerer: threads beside the writer that answer lookups from snapshots, and write the reports asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from threading import Condition, Thread
from time import monotonic
from typing import Protocol

from irscribe.domain.events import Export, Lookup, Outcome, Withdrawal
from irscribe.domain.request import Reply
from irscribe.engine.interpreter import Garbage
from irscribe.engine.rereading import as_answer, for_present_nick, lookups_of
from irscribe.engine.turns import Task, Turn, Turns
from models import FAILED, Database, Session, SnapshotEndedError, is_cut_off, reason

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""Most times that an answer is read, anew each time because something was withdrawn meanwhile."""
LINES_AT_ONCE = 25
"""Most lines of an answer that are delivered before others are answered."""
TOO_LONG = "That takes longer to look up than I may take, so I stopped: ask for less, or try again later."
NOT_READ = "The database could not be read just now, so I cannot answer: please ask again in a minute."
WITHDRAWN = "Something was taken out of the record while I looked, so this is not all: please ask again."
BROKEN = "That went wrong on my side, so I cannot answer; the log says more."
STOPPING = "I am about to stop, so I do not look that up: ask again when I am back."


class LookupHandler(Protocol):
    """Answers lookups."""

    def look_up(self, session: Session, lookup: Lookup) -> Outcome:
        """Answer a lookup from a snapshot.

        Raises one of ``models.FAILED`` if the database fails, and any error that is a fault of the program.
        """

    def refuse_lookup(self, lookup: Lookup, refusal: str) -> Outcome:
        """Give the outcome of a lookup that could not be answered."""


class Answerer:
    """One thread for lookups and one for reports; each person is served in the order of their lines."""

    def __init__(
        self,
        database: Database,
        handler: LookupHandler,
        *,
        write: Callable[[Export], Reply],
        deliver: Callable[[Outcome], None],
        take_back: Callable[[Collection[int]], Sequence[Reply]] = lambda _: (),
    ) -> None:
        """Answer from a database, write reports with ``write``, and deliver what is to be done.

        ``take_back`` gives the lines of answers that wait to be said, and makes sure that neither they are nor what
        would be said unasked about the withdrawn incidents that it is given.
        """
        self._database = database
        self._handler = handler
        self._write = write
        self._deliver = deliver
        self._take_back = take_back
        self._withdrawn = database.withdrawals
        self._garbage = Garbage()
        self._turns = Turns(self._refuse)
        self._changed = Condition()
        self._stopped = False
        self._threads = [
            Thread(target=self._run, args=(kind,), name=name, daemon=True)
            for kind, name in ((Lookup, "lookups"), (Export, "reports"))
        ]

    def start(self) -> None:
        """Begin to answer."""
        for each in self._threads:
            each.start()

    def stop(self, timeout: float) -> None:
        """Answer what waits for at most ``timeout`` seconds; refuse the rest in words."""
        end = monotonic() + timeout
        with self._changed:
            self._changed.wait_for(lambda: not self._turns, timeout if self._threads[0].is_alive() else 0)
            self._stopped = True
            self._changed.notify_all()
            self._database.snapshots.interrupt()
            for turn in self._turns.drain():
                self._deliver(self._turns.finish(turn, self._refuse(turn.task, STOPPING)))
        for each in self._threads:
            if each.is_alive():
                each.join(max(0.0, end - monotonic()))

    def deliver(self, outcome: Outcome) -> None:
        """Deliver what may be done now; keep lookups, exports and what must wait behind them."""
        with self._changed:
            withdrawn = frozenset(each.incident for each in outcome if isinstance(each, Withdrawal))
            self._withdraw(withdrawn)
            self._deliver(self._turns.arrange([each for each in outcome if not _tells_of(each, withdrawn)]))
            if self._turns:
                self._changed.notify_all()

    def wait_until_idle(self, timeout: float) -> bool:
        """Wait until nobody waits for an answer; False after ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._turns, timeout)

    def _withdraw(self, incidents: Collection[int] = ()) -> None:
        """If something was withdrawn, have the answers that wait to be said read anew before anything else is said.

        A commit may withdraw something and name no ``incidents``, as when a responder leaves.
        """
        if incidents or self._withdrawn != self._database.withdrawals:
            self._withdrawn = self._database.withdrawals
            self._turns.leave_out_quotes()
            for lookup in reversed(lookups_of(self._take_back(incidents))):
                self._turns.put_back(lookup)

    def _run(self, kind: type[Task]) -> None:
        while (turn := self._take(kind)) is not None:
            task = turn.task
            try:
                with self._garbage.put_off():
                    self._do(turn, task)
            except Exception:
                log.exception("an answer failed")
                self._finish(turn, self._refuse(task, BROKEN))

    def _do(self, turn: Turn, task: Task) -> None:
        if isinstance(task, Lookup):
            self._answer(turn, task)
        else:
            self._finish(turn, [self._write(task)])

    def _take(self, kind: type[Task]) -> Turn | None:
        """Wait for a task; None at the end."""
        with self._changed:
            while not self._stopped:
                turn = self._turns.next(kind)
                if turn is not None:
                    return turn
                self._changed.wait()
        return None

    def _answer(self, turn: Turn, lookup: Lookup) -> None:
        """Answer a lookup; if something was withdrawn since its snapshot was opened, it is read anew.

        So it is once if the connection breaks: the next one may be good.
        """
        refusal = WITHDRAWN
        for attempt in range(ATTEMPTS):
            seen = self._database.withdrawals
            try:
                with self._database.snapshot() as session:
                    outcome = self._handler.look_up(session, lookup)
            except FAILED as error:
                if not attempt and is_cut_off(error):
                    continue
                refusal = self._explain(error)
                if self._database.withdrawals == seen:
                    break
            else:
                if self._say(turn, as_answer(lookup, outcome), seen=seen):
                    return
        self._finish(turn, self._refuse(lookup, refusal))

    def _say(self, turn: Turn, outcome: Outcome, *, seen: int) -> bool:
        """Deliver an answer, a long one in parts between which others are answered; False if nothing may be said.

        That is so if something was withdrawn since. Its acknowledgement is delivered under the same lock, and so after
        each part that was delivered before; then the rest is read anew, with what waits of those parts.
        """
        for begin in range(0, max(1, len(outcome)), LINES_AT_ONCE):
            part = outcome[begin : begin + LINES_AT_ONCE]
            with self._changed:
                if self._database.withdrawals != seen:
                    if begin:
                        self._withdraw()
                        rest = [each for each in outcome[begin:] if isinstance(each, Reply)]
                        self._finish(turn, [self._turns.take_back(turn, rest)])
                    return bool(begin)
                if begin + len(part) < len(outcome):
                    self._deliver([] if self._stopped else turn.moved(part))
                else:
                    self._finish(turn, part)
        return True

    def _finish(self, turn: Turn, outcome: Outcome) -> None:
        """Deliver the end of an answer, and what waited behind it."""
        with self._changed:
            if not self._stopped:
                self._deliver(self._turns.finish(turn, outcome))
                self._changed.notify_all()

    def _explain(self, error: Exception) -> str:
        if isinstance(error, SnapshotEndedError):
            return TOO_LONG
        log.error("a lookup failed: %s", reason(error))
        return NOT_READ

    def _refuse(self, task: Task, refusal: str) -> Outcome:
        if isinstance(task, Lookup):
            return for_present_nick(task, self._handler.refuse_lookup(task, refusal))
        return [Reply(to=task.to, text=refusal, recipient_keys=task.recipient_keys, refusal=True)]


def _tells_of(each: object, withdrawn: Collection[int]) -> bool:
    """True for an unasked line about a withdrawn incident: the same transaction may have made both."""
    return isinstance(each, Reply) and not each.tells_of.isdisjoint(withdrawn)
