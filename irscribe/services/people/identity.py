"""Recognises a person under another nick, and after a login."""

from __future__ import annotations

from dataclasses import replace

from irscribe.domain.request import Identified, Renamed
from models import Session, persons


def rename(session: Session, event: Renamed) -> None:
    """Recognise a known person under the new nick, and no longer under the old one, which others may take."""
    number = persons.known(session, event.network, event.person.key)
    if number is not None and event.nick != event.person.nick:
        persons.forget(session, event.network, event.person.mask_key)
        persons.recognise(session, event.network, replace(event.person, nick=event.nick), number)


def identify(session: Session, event: Identified) -> None:
    """Recognise a known person by the account they have logged in to."""
    if persons.known(session, event.network, event.person.mask_key) is not None:
        persons.meet(session, event.network, event.person)
