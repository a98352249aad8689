"""A request as it is carried out, and as it is kept."""

from __future__ import annotations

from dataclasses import replace

from irscribe.domain.request import LineKind, Request

NOTES = (LineKind.LOG, LineKind.NOTE)


def as_command(request: Request) -> Request:
    """Take a line in private for a command: there it needs no prefix."""
    return request if request.kind is not LineKind.PLAIN else replace(request, kind=LineKind.INCIDENT)


def as_kept(request: Request, *, waits: bool) -> Request:
    """Give the part of a refused line to keep: a note may be looked for later; a command keeps no text."""
    if waits:
        return replace(request, channel=request.place)
    return request if request.kind in NOTES else replace(request, line="", text="")
