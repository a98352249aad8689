"""An incident that is over takes no updates until reopen, a final report takes no changes until review."""

from __future__ import annotations

from irscribe.domain.errors import RefusedError
from irscribe.domain.report import DocumentStatus
from irscribe.domain.sentence import Speech, sentence
from irscribe.services.context.contexts import IncidentContext

SPOKEN = {DocumentStatus.DRAFT: "a draft", DocumentStatus.REVIEW: "up for review", DocumentStatus.FINAL: "final"}


def require_open(ctx: IncidentContext, *, otherwise: str = "") -> None:
    """Let pass what only an incident takes that goes on; ``otherwise`` is another way.

    Raises RefusedError where it is over.
    """
    if not ctx.incident.open:
        name, state = ctx.incident.name, ctx.incident.state
        raise RefusedError(sentence("Incident {} is {}: {ir} reopen opens it again{}.", name, state, otherwise))


def require_notes_taken(ctx: IncidentContext) -> None:
    """Let a note pass, or anything else that changes what the report says.

    Raises RefusedError where the report is final.
    """
    if is_final(ctx):
        raise RefusedError(sentence("The report of {} is final: {}.", ctx.number, way_back(ctx)))


def is_final(ctx: IncidentContext) -> bool:
    """Whether the report takes no changes."""
    return ctx.incident.document_status is DocumentStatus.FINAL


def way_back(ctx: IncidentContext) -> Speech:
    """How the report takes changes again."""
    return sentence("{ir} review @{} (a responder may) opens it", ctx.number)
