"""Listening: whether an incident's talk is kept, and the keeping itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from irscribe.config import Config
from irscribe.domain.alertlines import AlertLine
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.prose import plural
from irscribe.domain.record import Incident
from irscribe.domain.report import Status
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.talk import HeardLine, TalkHeard
from irscribe.services.context.contexts import IncidentContext
from models import Session, incidents, parts, talk
from models.visibility import OPERATOR

AFTER_RESOLVED = timedelta(hours=2)
"""Talk is kept for so long after the status became resolved."""
MOST_OPEN = 1000
"""Most open incidents to look at, the latest ones."""
LISTEN = "listen"
"""The field that holds what ``!ir listen`` chose: ``on`` or ``off``."""


def listens(session: Session, head: Incident, config: Config, casemapping: CaseMapping, *, at: datetime) -> bool:
    """True if the talk of an incident is kept at that moment.

    The talk of a retrospective incident is kept only if somebody has asked for that.
    """
    if not head.open:
        return False
    chosen = parts.fields(session, head.number).get(LISTEN)
    if chosen is None:
        wanted = head.live and config.listens_in(head.channel, casemapping)
    else:
        wanted = chosen == "on" and may_listen(head, config, casemapping)
    return wanted and not _is_long_resolved(session, head, at)


def may_listen(head: Incident, config: Config, casemapping: CaseMapping) -> bool:
    """True unless the settings say that the talk of this channel is not kept, or do not name a private one."""
    named = config.listen.named(head.channel, casemapping)
    return named if named is not None else not config.is_private(head.channel, casemapping)


def listened_channels(
    session: Session, config: Config, casemapping: CaseMapping, *, at: datetime
) -> frozenset[tuple[str, str]]:
    """Give the channels whose talk is kept for an incident, each with its network."""
    found = incidents.latest(session, limit=MOST_OPEN, only_open=True, reader=OPERATOR)
    return frozenset(
        (each.network, each.channel) for each in found if listens(session, each, config, casemapping, at=at)
    )


def keep(session: Session, event: TalkHeard, config: Config) -> None:
    """Keep lines for every incident that listens to their channel."""
    for (network, channel), lines in _by_place(event.lines).items():
        if all(isinstance(each.told, AlertLine) for each in lines):
            continue  # in a storm of alerts there is nothing else
        for head in incidents.open_in(session, network, channel):
            if listens(session, head, config, event.casemapping, at=lines[-1].heard_at):
                _keep_for(session, head, lines)


def begin(ctx: IncidentContext) -> Speech:
    """Keep the recent talk of an incident that was just opened, if it listens; the sentence that says so."""
    if not listens(ctx.session, ctx.incident, ctx.application.config, ctx.casemapping, at=ctx.request.heard_at):
        return ""
    taken = keep_recent(ctx)
    before = f", and so {'is' if taken == 1 else 'are'} {plural(taken, 'line')} from before" if taken else ""
    until = _for_how_long(ctx.application.config)
    return sentence(" I listen: what is said here is kept{}{}; {ir} listen off ends that.", until, before)


def keep_recent(ctx: IncidentContext) -> int:
    """Keep the recent talk of the channel for an incident, and listen from now on; give the number of lines."""
    head = ctx.incident
    recent = ctx.application.recent.until(head.network, head.channel, ctx.request.heard_at)
    added = talk.add(ctx.session, head, _worth_keeping(reversed(recent)))
    talk.set_heard_until(ctx.session, head.number, ctx.request.said_at)
    return added


def _for_how_long(config: Config) -> str:
    return f" until {plural(config.listen_days.days, 'day')} after the close" if config.listen_days else ""


def _keep_for(session: Session, head: Incident, lines: Sequence[HeardLine]) -> None:
    known = _boundary(session, head) if any(each.read_back for each in lines) else None
    new = [each for each in lines if not each.read_back or (known is not None and each.is_after(known))]
    if new:
        talk.add(session, head, _worth_keeping(new))
        talk.set_heard_until(session, head.number, max(each.said_at for each in new))


def _boundary(session: Session, head: Incident) -> datetime | None:
    """Give the moment after which lines that are read back are news: the last one heard, or the last ``listen on``.

    None if the incident was never listened to.
    """
    known, chosen_at = talk.heard_until(session, head.number), talk.field_since(session, head.number, LISTEN)
    return known if known is None or chosen_at is None else max(known, chosen_at)


def _worth_keeping(lines: Iterable[HeardLine]) -> Sequence[HeardLine]:
    """Leave out commands, which are lines of the record, and what is kept as alerts."""
    return [each for each in lines if not each.typed and not isinstance(each.told, AlertLine)]


def _by_place(lines: Iterable[HeardLine]) -> Mapping[tuple[str, str], Sequence[HeardLine]]:
    def place(line: HeardLine) -> tuple[str, str]:
        return line.network, line.channel

    return {where: list(some) for where, some in groupby(sorted(lines, key=place), key=place)}


def _is_long_resolved(session: Session, head: Incident, at: datetime) -> bool:
    if head.status is not Status.RESOLVED:
        return False
    since = talk.status_since(session, head.number)
    return since is not None and at - since > AFTER_RESOLVED
