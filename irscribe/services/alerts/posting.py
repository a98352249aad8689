"""Records the alerts that Alertmanager posts, in the incidents of their channels."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from irscribe.domain.alerts import Telling
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.posts import PostedAlert
from irscribe.services.alerts.recording import incident_in, record
from irscribe.services.context.application import ApplicationContext
from models import Session, networks

log = logging.getLogger(__name__)


def take(session: Session, application: ApplicationContext, posted: Sequence[PostedAlert], now: datetime) -> bool:
    """Record alerts, and hold them as those that were heard of; False if no network is known yet.

    The same post twice is as one.
    """
    known = networks.last(session)
    if known is None:
        return False
    by_channel: dict[str, list[Telling]] = {}
    for each in posted:
        channel = _channel(application, each, known.naming.casemapping)
        by_channel.setdefault(channel, []).append(each.by(now))
    for channel, tellings in by_channel.items():
        head = incident_in(session, known.network, channel)
        if head is not None:
            record(session, head, tellings, application.config.alerts, now=now)
        for told in tellings:
            application.held_alerts.hear(known.network, channel, told, now=now)
    return True


def _channel(application: ApplicationContext, posted: PostedAlert, casemapping: CaseMapping) -> str:
    """Give the channel of an alert, folded: that of its label if the bot serves it, else that of the settings."""
    config = application.config
    served = {casemapping.fold(each) for each in config.channels}
    wanted = casemapping.fold(posted.channel)
    if wanted in served:
        return wanted
    other = config.webhook.channel or config.channels[0]
    if posted.channel:
        log.warning("an alert for %s, which is not served, went to %s", posted.channel, other)
    return casemapping.fold(other)
