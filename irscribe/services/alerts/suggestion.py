"""Suggests the start of an incident that nobody opened: where several pages fire and go on firing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from irscribe.domain.alerts import Known
from irscribe.domain.mark import harmless
from irscribe.domain.prose import plural
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.text import cut
from irscribe.services.context.application import ApplicationContext
from irscribe.services.context.unasked import is_allowed
from models import Session, incidents, suggestions

AGAIN_AFTER = timedelta(hours=1)
"""The shortest time between two suggestions in a channel."""
NAMED = 4
NAME_BYTES = 60


def suggest(
    session: Session, application: ApplicationContext, *, network: str, channel: str, now: datetime
) -> Speech | None:
    """Give the line that is due in a channel (folded name), if it may be said there now."""
    place = {"network": network, "channel": channel}
    pages = _due(session, application, network, channel, now)
    if not pages or not is_allowed(session, application.config.unasked, now=now, **place):
        return None
    return sentence(
        "{} firing since {}, and no incident is open here: {}. {ir} start TITLE opens one; {ir} dismiss says "
        "that none is needed.",
        f"{plural(len(pages), 'page')} {'has' if len(pages) == 1 else 'have'} been",
        f"{pages[0].since:%H:%M}",
        named(pages),
    )


def firing_pages(application: ApplicationContext, network: str, channel: str, now: datetime) -> Sequence[Known]:
    """Give the pages that fire in a channel (folded name) as far as it was heard."""
    held = application.held_alerts.of(network, channel, now=now)
    return [each for each in held if each.alert.paged and each.is_firing]


def named(pages: Sequence[Known]) -> str:
    """Name pages so that nothing reacts."""
    names = ", ".join(harmless(cut(each.alert.name, NAME_BYTES)) for each in pages[:NAMED])
    return names if len(pages) <= NAMED else f"{names} and {len(pages) - NAMED} more"


def _due(
    session: Session, application: ApplicationContext, network: str, channel: str, now: datetime
) -> Sequence[Known]:
    wanted = application.config.suggest_start
    pages = firing_pages(application, network, channel, now) if wanted else ()
    if wanted is None or len(pages) < wanted.pages:
        return ()
    current = incidents.current(session, network, channel)
    if (current is not None and current.open) or incidents.open_in(session, network, channel):
        return ()
    last = suggestions.last(session, network, channel)
    if last.said_at is not None and abs(now - last.said_at) < AGAIN_AFTER:
        return ()
    # The pages that were firing at the close of the last incident were known to the person who closed it.
    known_until = [each for each in (last.dismissed_at, current.closed_at if current else None) if each]
    return wanted.due(pages, after=max(known_until, default=None), now=now)
