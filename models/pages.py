"""The wiki pages of incidents, each as the bot last left it."""

from __future__ import annotations

import json

from sqlalchemy import delete, insert, select

from irscribe.domain.record import SentPage
from models.database import Session
from models.pagetables import page


def get(session: Session, number: int) -> SentPage | None:
    """Give the page of an incident; None if the bot has sent none, or a version before this one sent it."""
    row = session.execute(select(page).where(page.c.incident == number)).mappings().first()
    if row is None:
        return None
    kept = {name: row[name] for name in ("title", "revision", "digest", "sent_at")}
    return SentPage(**kept, parts=json.loads(row["parts"]))


def keep(session: Session, number: int, sent: SentPage) -> None:
    """Keep the page of an incident as it is now."""
    session.execute(delete(page).where(page.c.incident == number))
    values = {name: getattr(sent, name) for name in ("title", "revision", "digest", "sent_at")}
    session.execute(insert(page).values(incident=number, parts=json.dumps(dict(sent.parts)), **values))
