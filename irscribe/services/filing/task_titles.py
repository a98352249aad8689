"""Titles read from tasks: those of tasks that are for few eyes only are in no report that everybody may read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from irscribe.domain.intent import IntentKind
from irscribe.services.context.application import ApplicationContext
from models import Session, incidents, outbox, parts
from models.changes import AuditContext
from models.visibility import is_public


def forget_titles(session: Session, application: ApplicationContext, tasks: Collection[str], *, at: datetime) -> None:
    """Remove the titles read from these tasks before from all public incidents, and from their report files."""
    named = [each for task in tasks for each in parts.with_title_of(session, task)]
    public = {number for number in {each[0] for each in named} if _may_be_read(session, application, number)}
    for number, subject in named:
        if number in public:
            _forget(session, number, subject, at=at)
    for number in public:
        outbox.add(session, number=number, kind=IntentKind.REWRITE, at=at)


def _may_be_read(session: Session, application: ApplicationContext, number: int) -> bool:
    """True if everybody may read the report of an incident, whose tasks are those of this server."""
    found = incidents.get(session, number)
    here = application.tracker(parts.fields(session, number)) == application.config.phabricator.url
    return found is not None and is_public(found) and here


def _forget(session: Session, number: int, subject: int, *, at: datetime) -> None:
    audit = AuditContext(incident=number, line=None, person=None, nick="", at=at)
    if subject:
        parts.set_point(session, audit, "action", subject, values={"task_title": None})
    else:
        parts.set_field(session, audit, "task_title", None)
