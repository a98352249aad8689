"""The values of one attempt at an intent, and the steps of a delivery."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.errors import ServiceRefusedError
from irscribe.domain.intent import Intent, IntentKind
from irscribe.domain.record import SentPage
from irscribe.domain.report import Report, Task
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.taskfields import Sent
from irscribe.services.context.application import ApplicationContext
from irscribe.services.filing.clients import Clients
from irscribe.services.filing.occasion import Occasion, occasions
from irscribe.services.report.assembly import outline_for, report_of
from models import Session, networks, outbox, pages, sent, team
from models.changes import AuditContext

PUBLIC_ALL_THE_SAME = (
    " The incident is private by now, and this is public all the same: somebody has to see to it there."
)
"""Said of a result that was found after the incident had become private."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One attempt at an intent.

    ``report`` is an outline with only that follow-up if the intent is about one. ``casemapping`` is that of the
    incident's network, ``coordinator`` the account of the present or last coordinator, ``at`` the time at which the
    attempt began. ``sent`` is what the intent's task was last set to, ``occasion`` what an
    update now is about. ``page`` is the wiki page as the bot last left it, ``page_url`` its address. ``repeated`` are
    the intents that filed a task and took several attempts, ``doubles`` the further tasks that the channel was told of.
    """

    intent: Intent
    report: Report
    application: ApplicationContext
    at: datetime
    coordinator: str | None
    casemapping: CaseMapping
    sent: Mapping[str, Sent]
    occasion: Occasion
    repeated: Sequence[Intent]
    doubles: Sequence[str]
    page_url: str | None
    page: SentPage | None = None

    @property
    def task(self) -> Task | None:
        """The incident's task."""
        return self.report.metadata.task

    @property
    def required_task(self) -> Task:
        """The incident's task.

        Raises ServiceRefusedError if there is none.
        """
        if self.task is None:
            raise ServiceRefusedError(
                sentence("The incident has no task any more: type {ir} task file, or {ir} task TASK.")
            )
        return self.task

    @property
    def audit(self) -> AuditContext:
        """The audit context of changes that the delivery makes: nobody typed them."""
        return AuditContext(incident=self.intent.incident, line=None, person=None, nick="", at=self.at)


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A call to a service, with all names looked up: its text, and the function that makes it and gives the result.

    ``sending`` is what the call sets of ``task``, which is None while it has no number yet.
    """

    text: str
    send: Callable[[], Any]
    sending: tuple[Sent, ...] = ()
    task: str | None = None


@dataclass(frozen=True, kw_only=True)
class Pressing:
    """The steps taken at once while it is in doubt whether an earlier attempt had its effect.

    ``prepare`` only reads, and gives None if nothing presses. Its call has its effect once however often it is sent,
    before or after the one in doubt. ``record`` is that of a delivery.
    """

    prepare: Callable[[Attempt, Clients], Prepared | None]
    record: Callable[[Session, Attempt, Any], Speech]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """The steps by which one kind of intent is carried out.

    ``look`` gives the result of an earlier attempt, None if there is none. ``prepare`` only reads. ``record`` writes
    a result into the record, and gives the sentence for the channel, which may be empty. A ``repeatable`` call has its
    effect once however often it is sent. If ``keeps_text``, the outbox keeps the text, because only the text identifies
    the result. ``form`` is the format of a file that is written for the sentence to name, empty for none.
    """

    look: Callable[[Attempt, Clients], Any]
    prepare: Callable[[Attempt, Clients], Prepared]
    record: Callable[[Session, Attempt, Any], Speech]
    repeatable: bool = False
    keeps_text: bool = False
    form: str = ""
    pressing: Pressing | None = None


def attempt_of(session: Session, application: ApplicationContext, intent: Intent, *, at: datetime) -> Attempt:
    """Begin an attempt at an intent, with the record as it is now."""
    report = _report(session, application, intent)
    return Attempt(
        intent=intent,
        report=report,
        application=application,
        at=at,
        coordinator=_coordinator(session, intent.incident),
        casemapping=networks.casemapping_of(session, report.incident.network),
        sent=sent.of(session, intent.incident, intent.subject),
        occasion=occasions(session, intent.incident, (intent.subject,))[intent.subject],
        repeated=outbox.repeated(session, intent.incident, (IntentKind.TASK, IntentKind.FOLLOW_UP)),
        doubles=sent.doubles(session, intent.incident),
        page_url=report.metadata.page,
        page=pages.get(session, intent.incident),
    )


def _report(session: Session, application: ApplicationContext, intent: Intent) -> Report:
    """Give the report, of which the task of a follow-up needs little: a long batch must not read it all each time."""
    if intent.subject:
        return outline_for(session, application, intent.incident, followup=intent.subject)
    return report_of(session, application, intent.incident)


def _coordinator(session: Session, incident: int) -> str | None:
    terms = team.terms(session, incident)
    if not terms or terms[-1].person is None:
        return None
    listed = team.responders(session, incident)
    return next((each.account for each in listed if each.person == terms[-1].person), None)
