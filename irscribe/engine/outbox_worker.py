"""The outbox worker of one service: carries out each of its intents once, and reports the result.

After a call without an answer the worker looks for its result at the service, and repeats the call only when the first
one cannot arrive any more. No transaction is open while the worker waits for a service.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from irscribe.domain.errors import (
    IrscribeError,
    OutcomeUnknownError,
    ReportError,
    ServiceError,
    ServiceRefusedError,
    ServiceUnavailableError,
)
from irscribe.domain.intent import PAGES, Intent, IntentKind, IntentState
from irscribe.domain.request import Reply
from irscribe.engine.following import Following
from irscribe.engine.outbox_order import ready, retry_wait
from irscribe.engine.report_files import ReportFiles
from irscribe.services.context.application import ApplicationContext
from irscribe.services.filing.attempt import Attempt, Delivery, Prepared, Pressing, attempt_of
from irscribe.services.filing.clients import Clients
from irscribe.services.filing.deliveries import DELIVERIES
from irscribe.services.filing.drafts import report_url
from irscribe.services.filing.summary import Batches, DeliverySummary
from irscribe.services.report.exports import existing_forms
from models import Database, Session, incidents, outbox, sent

log = logging.getLogger(__name__)

COMPARED = ("private", "closed_at", "status", "document_status")
"""Columns of the incident that must be as they were when a text was composed, for it to be sent."""
FOLLOW_UPS_AT_ONCE = 20
"""The most follow-ups that are filed before the outbox is looked at again for something pressing."""
FOLLOWED = frozenset({IntentKind.TASK, IntentKind.COMMENT, IntentKind.UPDATE, IntentKind.RESTORE})
"""Kinds of intents after which others may be due at once."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """The service of a worker: its kinds, and ``following``, which adds intents that changed incidents need."""

    kinds: Collection[IntentKind]
    following: Following | None = None


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A failed attempt; ``certain`` if neither it nor an attempt before it can have had any effect."""

    intent: Intent
    error: ServiceError
    certain: bool

    @property
    def forgetting(self) -> Mapping[str, object]:
        """The columns of the intent to empty if the attempt certainly had no effect."""
        return {"sent_at": None, "text": ""} if self.certain else {}


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
        self._clients = clients
        self._files = files
        self._deliver = deliver
        self.clock: Callable[[], datetime] = partial(datetime.now, UTC)
        self._redacted = 0
        self._goes_on = self._stopping = False

    def stop(self) -> None:
        """Begin no further intent."""
        self._stopping = True

    def run_due(self) -> None:
        """Carry out the intents that are due, then those that waited for a task filed just now or follow from one."""
        self._goes_on, batches = True, Batches(self._deliver, clock=self.clock)
        while self._goes_on and not self._stopping:
            self._goes_on = False
            if self._service.following is not None:
                self._service.following.catch_up(self.clock)
            self._carry_out_due(batches)
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
            failure = self._carry_out(intent, done)
            if failure is None:
                continue
            if isinstance(failure.error, ServiceRefusedError):
                self._set_aside(failure, done)
                continue
            behind = [Failure(intent=each, error=failure.error, certain=False) for each in intents[number + 1 :]]
            waiting = [each.intent for each in (failure, *behind) if self._postpone(each)]
            done.wait(waiting, failure.error)
            return 0
        return max(0, len(intents) - at_once)

    def _carry_out(self, intent: Intent, done: DeliverySummary) -> Failure | None:
        """Make one attempt, unless another bot makes it."""
        with self._database.write() as session:
            # An attempt that ends without a word, as by a kill, is repeated when one that failed would be.
            taken = outbox.take(session, intent, until=self.clock() + retry_wait(intent.attempts))
        if taken is None:
            return None
        with self._database.read() as session:
            attempt = attempt_of(session, self._application, taken, at=self.clock())
            redacted = self._redacted = outbox.last_redaction(session, taken.incident)
        delivery = DELIVERIES[taken.kind]
        try:
            found = self._look(attempt, delivery, done, redacted=redacted)
        except ServiceError as error:
            return Failure(intent=taken, error=error, certain=False)
        if found is None:
            return self._send(attempt, delivery, done, redacted=redacted)
        self._finish(attempt, found, done)
        return None

    def _look(self, attempt: Attempt, delivery: Delivery, done: DeliverySummary, *, redacted: int) -> Any:
        """Look for the result of an earlier attempt; None if there is none and none can come any more."""
        if attempt.intent.sent_at is None:
            return None
        found = delivery.look(attempt, self._clients)
        if found is None and not delivery.repeatable and self._may_arrive(attempt):
            if delivery.pressing is not None:
                self._send_pressing(attempt, delivery.pressing, done, redacted=redacted)
            raise OutcomeUnknownError(attempt.intent.reason or "The answer never came.")
        return found

    def _send_pressing(self, attempt: Attempt, pressing: Pressing, done: DeliverySummary, *, redacted: int) -> None:
        """Do what does not wait for the result of the earlier attempt; if that fails, the next look tries it again."""
        try:
            prepared = pressing.prepare(attempt, self._clients)
            if prepared is None or self._has_changed(attempt, redacted):
                return
            result = prepared.send()
        except ServiceError as error:
            log.warning("%s of incident %d waits: %s", attempt.intent.name, attempt.intent.incident, error)
            return
        with self._database.write() as session:
            told = pressing.record(session, attempt, result)
        done.say(attempt.intent, told)

    def _send(self, attempt: Attempt, delivery: Delivery, done: DeliverySummary, *, redacted: int) -> Failure | None:
        """Prepare the call, then mark the intent as being sent, then send: only a stop in between leaves a doubt."""
        try:
            prepared = delivery.prepare(attempt, self._clients)
            if delivery.form:
                self._write(attempt.intent.incident, delivery.form)
            self._write_what_it_links_to(attempt, prepared.text)
            if self._mark(attempt, prepared, prepared.text if delivery.keeps_text else "", redacted=redacted):
                self._finish(attempt, prepared.send(), done)
        except OutcomeUnknownError as doubt:
            return Failure(intent=attempt.intent, error=doubt, certain=False)
        except (ServiceRefusedError, ServiceUnavailableError) as error:
            return Failure(intent=attempt.intent, error=error, certain=not self._may_arrive(attempt))
        except ReportError as error:
            return Failure(intent=attempt.intent, error=ServiceRefusedError(error.sentence), certain=True)
        return None

    def _has_changed(self, attempt: Attempt, redacted: int) -> bool:
        with self._database.read() as session:
            return _differs(session, attempt, redacted)

    def _may_arrive(self, attempt: Attempt) -> bool:
        """True if the service may still carry out the call of an earlier attempt."""
        return attempt.intent.sent_at is not None and attempt.at - attempt.intent.sent_at < self._settle(attempt.intent)

    def _mark(self, attempt: Attempt, prepared: Prepared, kept: str, *, redacted: int) -> bool:
        """Mark the intent as being sent; False if the record has changed so that the text must be composed anew."""
        intent = attempt.intent
        with self._database.write() as session:
            if _differs(session, attempt, redacted):
                outbox.put_back(session, intent, due_at=self.clock())
                return False
            sent_at, sending = self.clock(), IntentState.SENDING.value
            due_at = sent_at + self._settle(intent)
            if not outbox.put_back(session, intent, state=sending, sent_at=sent_at, due_at=due_at, text=kept):
                return False
            if prepared.sending:
                sent.begin(session, intent.incident, intent.subject, prepared.sending, task=prepared.task)
            return True

    def _finish(self, attempt: Attempt, result: Any, done: DeliverySummary) -> None:
        with self._database.write() as session:
            if not outbox.finish(session, attempt.intent.id):
                return
            told = DELIVERIES[attempt.intent.kind].record(session, attempt, result)
            filed = result if attempt.intent.kind is IntentKind.FOLLOW_UP else None
            done.finish(attempt.intent, told, filed=filed)
        self._goes_on = self._goes_on or attempt.intent.kind in FOLLOWED

    def _set_aside(self, failure: Failure, done: DeliverySummary) -> None:
        reason = self._application.spoken(failure.error.sentence) + self._local_copy(failure.intent)
        log.warning("%s of incident %d was refused: %s", failure.intent.name, failure.intent.incident, failure.error)
        with self._database.write() as session:
            refused, why = IntentState.REFUSED.value, self._unless_redacted(session, failure.intent, reason)
            values = {"state": refused, "due_at": self.clock(), "reason": why, "told": True, **failure.forgetting}
            if outbox.put_back(session, failure.intent, **values) and not _is_known(failure.intent, reason):
                done.refuse(failure.intent, reason)

    def _postpone(self, failure: Failure) -> bool:
        intent, error = failure.intent, failure.error
        log.warning("%s of incident %d waits: %s", intent.name, intent.incident, error)
        wait = retry_wait(intent.attempts, error.retry_after if isinstance(error, ServiceUnavailableError) else None)
        values = {"state": IntentState.WAITING.value, "due_at": self.clock() + wait, "told": True}
        with self._database.write() as session:
            why = self._unless_redacted(session, intent, self._application.spoken(error.sentence))
            return outbox.put_back(session, intent, reason=why, **values, **failure.forgetting)

    def _unless_redacted(self, session: Session, intent: Intent, reason: str) -> str | None:
        """Give the reason of a failure, which may quote what was sent; None if something was redacted meanwhile."""
        return reason if outbox.last_redaction(session, intent.incident) == self._redacted else None

    def _write_what_it_links_to(self, attempt: Attempt, text: str) -> None:
        """Write the report that the text links to, so that the link works from the beginning.

        A follow-up only needs it to be there: many of them must not have it written many times.
        """
        link, incident = report_url(attempt.report, attempt.application), attempt.intent.incident
        is_there = attempt.intent.subject and "html" in existing_forms(self._application.config, incident)
        if link is not None and link in text and not is_there:
            self._write(incident, "html")

    def _local_copy(self, intent: Intent) -> str:
        """Write the page that the wiki refused into a file; a sentence that names the file, or an empty text."""
        if intent.kind is not IntentKind.PAGE:
            return ""
        names = self._write(intent.incident, "wikitext")
        return f" {self._files.where(intent.incident, names)}." if names else ""

    def _write(self, incident: int, form: str) -> Sequence[str]:
        try:
            return self._files.write(incident, (form,))
        except (IrscribeError, OSError) as error:
            log.warning("the report of %d could not be written: %s", incident, error)
            return ()

    def _settle(self, intent: Intent) -> timedelta:
        """The time in which the service of an intent may still carry out a call that it has not answered."""
        config = self._application.config
        settings = config.mediawiki if intent.kind in PAGES else config.phabricator
        return timedelta(seconds=settings.settle)


def _differs(session: Session, attempt: Attempt, redacted: int) -> bool:
    """True if the record has changed so that a text must be composed anew; ``redacted`` is its last redaction then."""
    now, facts = incidents.get(session, attempt.intent.incident), attempt.report.incident
    changed = now is None or any(getattr(now, name) != getattr(facts, name) for name in COMPARED)
    return changed or outbox.last_redaction(session, attempt.intent.incident) != redacted


def _is_known(intent: Intent, reason: str) -> bool:
    """True if it was said before that this intent is refused, and why, and nobody has asked since."""
    return intent.told and intent.reason == reason
