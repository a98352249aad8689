"""Refuses updates of an incident that is over, and changes of a final report."""

from __future__ import annotations

from irscribe.domain.errors import RefusedError
from irscribe.domain.report import DocumentStatus
from irscribe.domain.sentence import Speech, sentence
from irscribe.services.context.contexts import IncidentContext

SPOKEN = {DocumentStatus.DRAFT: "a draft", DocumentStatus.REVIEW: "up for review", DocumentStatus.FINAL: "final"}


def require_open(ctx: IncidentContext, *, otherwise: str = "") -> None:
    """Require an open incident; ``otherwise`` names another way for the refusal.

    Raises RefusedError if it is over.
    """
    if not ctx.incident.open:
        name, state = ctx.incident.name, ctx.incident.state
        raise RefusedError(sentence("Incident {} is {}: {ir} reopen opens it again{}.", name, state, otherwise))


def require_notes_taken(ctx: IncidentContext) -> None:
    """Require a report that takes notes and other changes.

    Raises RefusedError if the report is final.
    """
    if is_final(ctx):
        raise RefusedError(sentence("The report of {} is final: {}.", ctx.number, way_back(ctx)))


def is_final(ctx: IncidentContext) -> bool:
    """True if the report takes no changes."""
    return ctx.incident.document_status is DocumentStatus.FINAL


def way_back(ctx: IncidentContext) -> Speech:
    """Say how the report takes changes again."""
    return sentence("{ir} review @{} (a responder may) opens it", ctx.number)
