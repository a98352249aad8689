"""Links notes to the place where another bot has logged them: that bot says so behind the line."""

from __future__ import annotations

from datetime import datetime, timedelta

from irscribe.domain.alertlines import LoggedAt
from irscribe.domain.report import DocumentStatus
from irscribe.domain.talk import HeardLine, TalkHeard
from models import Session, incidents, loglinks, parts
from models.changes import AuditContext

ANSWERED_WITHIN = timedelta(minutes=1)
"""The longest time between a line and the answer of the bot that logs it."""
SECTION = "link"


def take(session: Session, event: TalkHeard, now: datetime) -> None:
    """Keep the addresses that lines name, each with the note that it answers."""
    for line in event.lines:
        if isinstance(line.told, LoggedAt):
            _link(session, line, line.told.url, now)


def _link(session: Session, line: HeardLine, url: str, now: datetime) -> None:
    since = line.said_at - ANSWERED_WITHIN
    found = loglinks.unanswered(session, line.network, line.channel, since=since, until=line.said_at)
    head = incidents.get(session, found[0]) if found else None
    if found is None or head is None or head.document_status is DocumentStatus.FINAL:
        return
    number, entry_number = found
    loglinks.add(session, number, entry_number, url)
    if any(each.url == url for each in parts.points(session, number, SECTION)):
        return
    audit = AuditContext(incident=number, line=None, person=None, nick=line.nick, at=now)
    parts.add_point(session, audit, SECTION, {"url": url, "text": f"log entry of #{entry_number}"})
