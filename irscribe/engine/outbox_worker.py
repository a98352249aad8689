"""The outbox worker of one service: carries out each of its intents once, and reports the result.

After a call without an answer the worker looks for its result at the service, and repeats the call only when the first
one cannot arrive any more. No transaction is open while the worker waits for a service.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import groupby

from irscribe.domain.errors import HiddenTaskError, ServiceRefusedError, ServiceUnavailableError
from irscribe.domain.intent import Intent, IntentKind, IntentState
from irscribe.domain.request import Reply
from irscribe.engine.following import Following
from irscribe.engine.outbox_attempt import Attempts, Failure
from irscribe.engine.outbox_files import OutboxFiles
from irscribe.engine.outbox_order import ready, retry_wait
from irscribe.engine.report_files import ReportFiles
from irscribe.services.context.application import ApplicationContext
from irscribe.services.filing.clients import Clients
from irscribe.services.filing.summary import Batches, DeliverySummary
from irscribe.services.filing.task_titles import forget_titles
from models import Database, Session, outbox

log = logging.getLogger(__name__)

FOLLOW_UPS_AT_ONCE = 20
"""The most follow-ups that are filed before the outbox is looked at again for something pressing."""
FOLLOWED = frozenset({IntentKind.TASK, IntentKind.COMMENT, IntentKind.UPDATE, IntentKind.RESTORE})
"""Kinds of intents after which others may be due at once."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """The service of a worker: its kinds, and ``following``, which adds intents that changed incidents need."""

    kinds: Collection[IntentKind]
    following: Following | None = None


class OutboxWorker:
    """Carries out the intents for one service one after another."""

    def __init__(
        self,
        database: Database,
        application: ApplicationContext,
        *,
        service: Service,
        clients: Clients,
        files: ReportFiles,
        deliver: Callable[[Iterable[Reply]], None],
    ) -> None:
        """Work on a database for one service with these clients; write report files, deliver replies."""
        self._database = database
        self._service = service
        self._application = application
        self._files = OutboxFiles(application, files)
        self._deliver = deliver
        self.clock: Callable[[], datetime] = partial(datetime.now, UTC)
        self._attempts = Attempts(
            database,
            application,
            clients=clients,
            files=self._files,
            clock=self._now,
            finished=self._go_on_behind,
        )
        self._goes_on = self._stopping = False

    def stop(self) -> None:
        """Begin no further intent."""
        self._stopping = True

    def run_due(self) -> None:
        """Carry out the intents that are due, then those that waited for a task filed just now or follow from one."""
        self._goes_on, batches = True, Batches(self._deliver, clock=self.clock)
        try:
            while self._goes_on and not self._stopping:
                self._goes_on = False
                if self._service.following is not None:
                    self._service.following.catch_up(self.clock)
                self._carry_out_due(batches)
        finally:
            batches.end()

    def _carry_out_due(self, batches: Batches) -> None:
        """Carry out the intents that are due, grouped by incident and kind; of many follow-ups some at a time."""
        with self._database.read() as session:
            due = ready(session, self.clock(), self._service.kinds)
        for _, some in groupby(due, key=lambda intent: (intent.incident, intent.kind)):
            if self._stopping:
                return
            group = list(some)
            at_once = FOLLOW_UPS_AT_ONCE if group[0].kind is IntentKind.FOLLOW_UP else len(group)
            left = self._carry_out_some(group, batches.of(group), at_once=at_once)
            self._goes_on = self._goes_on or left > 0
            batches.tell(group, left=left)

    def _carry_out_some(self, intents: Sequence[Intent], done: DeliverySummary, *, at_once: int) -> int:
        """Carry out so many in order; once the service is out of reach, postpone the rest untried.

        Give how many are left to carry out now.
        """
        for number, intent in enumerate(intents[:at_once]):
            failure = self._attempts.carry_out(intent, done)
            if failure is None:
                continue
            if isinstance(failure.error, ServiceRefusedError):
                self._set_aside(failure, done)
                continue
            behind = [replace(failure, intent=each, certain=False) for each in intents[number + 1 :]]
            waiting = [each.intent for each in (failure, *behind) if self._postpone(each)]
            done.wait(waiting, failure.error)
            return 0
        return max(0, len(intents) - at_once)

    def _now(self) -> datetime:
        return self.clock()

    def _go_on_behind(self, kind: IntentKind) -> None:
        self._goes_on = self._goes_on or kind in FOLLOWED

    def _set_aside(self, failure: Failure, done: DeliverySummary) -> None:
        reason = self._application.spoken(failure.error.sentence) + self._files.copy_of(failure.intent)
        log.warning("%s of incident %d was refused: %s", failure.intent.name, failure.intent.incident, failure.error)
        with self._database.write() as session:
            refused, why = IntentState.REFUSED.value, _unless_redacted(session, failure, reason)
            values = {"state": refused, "due_at": self.clock(), "reason": why, "told": True, **failure.forgetting}
            if isinstance(failure.error, HiddenTaskError):
                forget_titles(session, self._application, [failure.error.task], at=self.clock())
            is_set_aside = outbox.put_back(session, failure.intent, **values)
        if is_set_aside and not _is_known(failure.intent, reason):
            done.refuse(failure.intent, reason)

    def _postpone(self, failure: Failure) -> bool:
        intent, error = failure.intent, failure.error
        log.warning("%s of incident %d waits: %s", intent.name, intent.incident, error)
        wait = retry_wait(intent.attempts, error.retry_after if isinstance(error, ServiceUnavailableError) else None)
        values = {"state": IntentState.WAITING.value, "due_at": self.clock() + wait, "told": True}
        with self._database.write() as session:
            why = _unless_redacted(session, failure, self._application.spoken(error.sentence))
            return outbox.put_back(session, intent, reason=why, **values, **failure.forgetting)


def _is_known(intent: Intent, reason: str) -> bool:
    """True if it was said before that this intent is refused, and why, and nobody has asked since."""
    return intent.told and intent.reason == reason


def _unless_redacted(session: Session, failure: Failure, reason: str) -> str | None:
    """Give the reason of a failure, which may quote what was sent; None if something was redacted meanwhile."""
    return reason if outbox.last_redaction(session, failure.intent.incident) == failure.redacted else None
