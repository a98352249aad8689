"""A person who changes nick stays the same person."""

from __future__ import annotations

from dataclasses import replace

from irscribe.domain.request import Renamed
from models import Session, lines


def rename(session: Session, event: Renamed) -> None:
    """Recognise somebody under the new nick too; one never met is nobody's business."""
    number = lines.known(session, event.network, event.person.key)
    if number is None:
        return
    after = replace(event.person, nick=event.nick)
    lines.recognise(session, event.network, key=after.key, number=number, nick=event.nick)
