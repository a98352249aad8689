"""What the bot could not hear is said in the record of every incident that was live meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

from irscribe.domain.hearing import Hearing
from models import Session, hearings, incidents

SHORTEST = timedelta(seconds=1)
"""A shorter silence shows in no report."""


def listen(session: Session, event: Hearing) -> None:
    """Keep until when the network was heard; hearing it again ends a gap."""
    live = hearings.live(session, event.network)
    if not live:
        return
    if event.again:
        before = hearings.until(session, event.network)
        for number, since in live.items():
            _leave_gap(session, number, begins=max(before or since, since), ends=event.at)
    hearings.extend(session, event.network, event.at)


def _leave_gap(session: Session, number: int, *, begins: datetime, ends: datetime) -> None:
    if ends - begins >= SHORTEST:
        incidents.add_gap(session, number, {"begins": begins, "ends": ends})
