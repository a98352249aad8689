"""One attempt at an intent: look for the result of an earlier one, send, record the result.

No transaction is open while it waits for a service.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from irscribe.domain.errors import (
    OutcomeUnknownError,
    ReportError,
    ServiceError,
    ServiceRefusedError,
    ServiceUnavailableError,
)
from irscribe.domain.intent import PAGES, Intent, IntentKind, IntentState
from irscribe.engine.outbox_files import OutboxFiles
from irscribe.engine.outbox_order import retry_wait
from irscribe.services.context.application import ApplicationContext
from irscribe.services.filing.attempt import Attempt, Delivery, Prepared, Pressing, attempt_of
from irscribe.services.filing.clients import Clients
from irscribe.services.filing.deliveries import DELIVERIES
from irscribe.services.filing.summary import DeliverySummary
from models import Database, Session, incidents, outbox, sent

log = logging.getLogger(__name__)

COMPARED = ("private", "closed_at", "status", "document_status")
"""Columns of the incident that must be as they were when a text was composed, for it to be sent."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A failed attempt, and the number of the incident's last redaction when it began.

    ``certain`` is true if neither it nor an attempt before it can have had any effect.
    """

    intent: Intent
    error: ServiceError
    redacted: int
    certain: bool = False

    @property
    def forgetting(self) -> Mapping[str, object]:
        """The columns of the intent to empty if the attempt certainly had no effect."""
        return {"sent_at": None, "text": ""} if self.certain else {}


class Attempts:
    """Makes the attempts at the intents for one service, one after another."""

    def __init__(
        self,
        database: Database,
        application: ApplicationContext,
        *,
        clients: Clients,
        files: OutboxFiles,
        clock: Callable[[], datetime],
        finished: Callable[[IntentKind], None],
    ) -> None:
        """Work on a database with these clients; call ``finished`` with the kind of each intent that is done."""
        self._database = database
        self._application = application
        self._clients = clients
        self._files = files
        self._clock = clock
        self._finished = finished

    def carry_out(self, intent: Intent, done: DeliverySummary) -> Failure | None:
        """Make one attempt, unless another bot makes it."""
        with self._database.write() as session:
            # An attempt that ends without a word, as by a kill, is repeated when one that failed would be.
            taken = outbox.take(session, intent, until=self._clock() + retry_wait(intent.attempts))
        if taken is None:
            return None
        with self._database.read() as session:
            attempt = attempt_of(session, self._application, taken, at=self._clock())
            redacted = outbox.last_redaction(session, taken.incident)
        delivery = DELIVERIES[taken.kind]
        try:
            found = self._look(attempt, delivery, done, redacted=redacted)
        except ServiceError as error:
            return Failure(intent=taken, error=error, redacted=redacted)
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
                self._files.write(attempt.intent.incident, delivery.form)
            self._files.write_what_it_links_to(attempt, prepared.text)
            if self._mark(attempt, prepared, prepared.text if delivery.keeps_text else "", redacted=redacted):
                self._finish(attempt, prepared.send(), done)
        except OutcomeUnknownError as doubt:
            return Failure(intent=attempt.intent, error=doubt, redacted=redacted)
        except (ServiceRefusedError, ServiceUnavailableError) as error:
            certain = not self._may_arrive(attempt)
            return Failure(intent=attempt.intent, error=error, redacted=redacted, certain=certain)
        except ReportError as error:
            refusal = ServiceRefusedError(error.sentence)
            return Failure(intent=attempt.intent, error=refusal, redacted=redacted, certain=True)
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
                outbox.put_back(session, intent, due_at=self._clock())
                return False
            sent_at, sending = self._clock(), IntentState.SENDING.value
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
        self._finished(attempt.intent.kind)

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
