"""A person stays the same person: under another nick, and once they have logged in."""

from __future__ import annotations

from dataclasses import replace

from irscribe.domain.request import Identified, Renamed
from models import Session, persons


def rename(session: Session, event: Renamed) -> None:
    """Recognise somebody under the new nick, and whoever takes the old one no longer; one never met is no matter."""
    number = persons.known(session, event.network, event.person.key)
    if number is not None and event.nick != event.person.nick:
        persons.forget(session, event.network, event.person.mask_key)
        persons.recognise(session, event.network, replace(event.person, nick=event.nick), number)


def identify(session: Session, event: Identified) -> None:
    """Recognise by their account somebody whom the bot met without; one never met is nobody's business."""
    if persons.known(session, event.network, event.person.mask_key) is not None:
        persons.meet(session, event.network, event.person)
