"""A final report takes no changes until somebody types review."""

from __future__ import annotations

from irscribe.domain.errors import RefusedError
from irscribe.domain.report import DocumentStatus
from irscribe.services.context.contexts import IncidentContext


def require_notes_taken(ctx: IncidentContext) -> None:
    """Let a note pass, or anything else that changes what the report says.

    Raises RefusedError where the report is final.
    """
    if is_final(ctx):
        raise RefusedError(f"The report of {ctx.number} is final: {way_back(ctx)}.")


def is_final(ctx: IncidentContext) -> bool:
    """Whether the report takes no changes."""
    return ctx.incident.document_status is DocumentStatus.FINAL


def way_back(ctx: IncidentContext) -> str:
    """How the report takes changes again."""
    return f"!ir review @{ctx.number} (a responder may) opens it"
