"""The courier: carries out what the outbox holds, once, and says what became of it.

A request whose answer never came is looked for, and sent again only when it cannot arrive any more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from random import SystemRandom
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from irscribe.config import Config
from irscribe.domain.errors import (
    OutcomeUnknownError,
    ServiceRefusedError,
    ServiceUnavailableError,
)
from irscribe.domain.intent import Intent, IntentKind, IntentState
from irscribe.domain.report import Report
from irscribe.domain.request import Reply
from irscribe.services.reporting import report_of
from irscribe.services.turn import House
from models import Database, outbox

if TYPE_CHECKING:
    from irscribe.services.delivering import Clients, Delivery, Job

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
QUIET = frozenset({IntentKind.UPDATE})
"""Kinds nobody asked for by name, which are told only once they had to wait."""


class Courier:
    """Works through the outbox, one intent after another, in one thread."""

    def __init__(
        self, database: Database, house: House, deliver: Callable[[Iterable[Reply]], None], clients: Clients
    ) -> None:
        """Work for a house on its database with these clients, and deliver what there is to say."""
        self._database = database
        self._house = house
        self._deliver = deliver
        self._clients = clients
        self._woken = Event()
        self._stopping = False
        # A daemon: a server that hangs for a minute must not keep the process from ending.
        self._thread = Thread(target=self._run, name="courier", daemon=True)

    def start(self, guard: Callable[[Callable[[], None]], bool]) -> None:
        """Begin to work; ``guard`` does a piece of work and survives it."""
        self._guard = guard
        self._thread.start()

    def wake(self) -> None:
        """Look into the outbox now."""
        self._woken.set()

    def stop(self, timeout: float) -> None:
        """End, after what is under way if that is soon done."""
        self._stopping = True
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _run(self) -> None:
        while not self._stopping:
            self._woken.wait()
            self._woken.clear()
            self._guard(self.run_due)

    def run_due(self) -> None:
        """Carry out what is due."""
        with self._database.read() as session:
            due = outbox.due(session, datetime.now(UTC), rewriting=False)
        for intent in due:
            if self._stopping:
                return
            self._carry_out(intent)

    def _carry_out(self, intent: Intent) -> None:
        try:
            job, outcome = self._attempt(intent)
        except ServiceRefusedError as refusal:
            self._set_aside(intent, str(refusal))
        except ServiceUnavailableError as failure:
            self._postpone(intent, str(failure), retry_after=failure.retry_after, sent=False)
        except OutcomeUnknownError as doubt:
            self._postpone(intent, str(doubt), retry_after=None, sent=True)
        else:
            self._finish(job, outcome)

    def _attempt(self, intent: Intent) -> tuple[Job, Any]:
        """The job and what came of it, now or in an attempt before."""
        # Loaded here: most bots never file anything, and start the sooner.
        delivering = import_module("irscribe.services.delivering")
        delivery: Delivery = delivering.DELIVERIES[intent.kind]
        with self._database.read() as session:
            report = report_of(session, self._house, intent.incident)
        text = intent.text or delivery.compose(intent, report, self._house)
        job = delivering.Job(intent=intent, report=report, house=self._house, text=text, task=_task(report))
        if intent.sent_at is not None:
            found = delivery.look(job, self._clients)
            if found is not None:
                return job, found
            self._refuse_too_early(intent)
        self._mark_sent(intent, text)
        return job, delivery.send(job, self._clients)

    def _refuse_too_early(self, intent: Intent) -> None:
        settle = timedelta(seconds=self._house.config.phabricator.settle)
        if intent.kind is not IntentKind.PAGE and intent.sent_at and datetime.now(UTC) - intent.sent_at < settle:
            raise OutcomeUnknownError(intent.reason or "The answer never came; it may still be carried out.")

    def _mark_sent(self, intent: Intent, text: str) -> None:
        with self._database.write() as session:
            outbox.set_outcome(
                session,
                intent.id,
                state=IntentState.SENDING.value,
                attempts=intent.attempts + 1,
                sent_at=datetime.now(UTC),
                text=text,
            )

    def _finish(self, job: Job, outcome: Any) -> None:
        record = import_module("irscribe.services.delivering").DELIVERIES[job.intent.kind].record
        with self._database.write() as session:
            sentence = record(session, job, outcome)
            outbox.set_outcome(session, job.intent.id, state=IntentState.DONE.value, reason=None)
        if job.intent.kind not in QUIET or job.intent.told:
            self._tell(job.intent, sentence)

    def _set_aside(self, intent: Intent, reason: str) -> None:
        with self._database.write() as session:
            outbox.set_outcome(
                session, intent.id, state=IntentState.REFUSED.value, reason=reason, sent_at=None, told=True
            )
        self._tell(
            intent, f"Not done, {intent.name} of {intent.incident}: {reason} Then: !ir outbox retry {intent.id}."
        )

    def _postpone(self, intent: Intent, reason: str, *, retry_after: int | None, sent: bool) -> None:
        with self._database.write() as session:
            attempts = (outbox.get(session, intent.id) or intent).attempts
            values: dict[str, object] = {} if sent else {"sent_at": None}
            outbox.set_outcome(
                session,
                intent.id,
                state=IntentState.WAITING.value,
                due_at=datetime.now(UTC) + _wait(attempts, retry_after),
                reason=reason,
                told=True,
                **values,
            )
        log.warning("%s of incident %d waits: %s", intent.name, intent.incident, reason)
        if not intent.told:
            self._tell(intent, f"{reason} {intent.name.capitalize()} of {intent.incident} waits, and I keep trying.")

    def _tell(self, intent: Intent, sentence: str) -> None:
        if intent.to:
            self._deliver([Reply(to=intent.to, text=sentence)])


class LazyClients:
    """The clients of the settings, each made when first asked for."""

    def __init__(self, config: Config) -> None:
        """Make clients for these settings."""
        self._config = config
        self._made: dict[str, Any] = {}

    def phabricator(self) -> Any:
        """The server tasks are filed on.

        Raises ServiceRefusedError where none is set up.
        """
        settings = self._config.phabricator
        if settings.token is None:
            raise ServiceRefusedError("Phabricator is not set up: [phabricator] token opens it.")
        if "phabricator" not in self._made:
            http = import_module("irscribe.integrations.http")
            wire = http.Wire(
                service="Phabricator", section="phabricator", contact=self._config.contact, ca_file=settings.ca_file
            )
            client = import_module("irscribe.integrations.conduit").Conduit
            self._made["phabricator"] = client(settings.url, settings.token.reveal(), http.Http(wire))
        return self._made["phabricator"]

    def wiki(self) -> Any:
        """The wiki pages are published on.

        Raises ServiceRefusedError where none is set up.
        """
        settings = self._config.mediawiki
        if "wiki" not in self._made:
            module = import_module("irscribe.integrations.mediawiki")
            if settings.url is None or (settings.token is None and settings.password is None):
                raise ServiceRefusedError("The wiki is not set up: [mediawiki] url, and password or token.")
            login = (
                module.BearerToken(settings.token.reveal())
                if settings.token
                else module.BotPassword(settings.account, settings.password.reveal() if settings.password else "")
            )
            self._made["wiki"] = module.connect(
                settings.url, login, contact=self._config.contact, ca_file=settings.ca_file
            )
        return self._made["wiki"]


def _wait(attempts: int, retry_after: int | None) -> timedelta:
    """How long to wait after so many attempts: doubling, jittered, and not less than the server asked for."""
    wait: timedelta = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts, 12)) * SystemRandom().uniform(0.8, 1.2)
    return max(wait, timedelta(seconds=retry_after or 0))


def _task(report: Report) -> int | None:
    task = report.metadata.task
    return int(task.id.removeprefix("T")) if task else None
