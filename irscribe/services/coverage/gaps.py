"""Gaps: recorded in every incident that was live, and filled with the lines that were read back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from irscribe.config import LogMode, LogModes
from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.events import Outcome
from irscribe.domain.prose import listing, plural, spans, without_ping
from irscribe.domain.record import RetainedLine
from irscribe.domain.report import Gap
from irscribe.domain.request import LineKind, Reply, Request
from irscribe.domain.sentence import Speech, joined, sentence
from models import Session, coverage, lines, origins

SHORTEST = timedelta(seconds=1)
"""A shorter gap is none."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""A line of a gap may have been said up to this long before it by the server's clock."""
NAMED = 3
"""The most lines that a reply names of those that were not taken."""


def extend(session: Session, event: HeardUntil) -> None:
    """Record until when channels were heard: when the bot leaves, and as long as an incident is live."""
    for channel in map(event.casemapping.fold, event.channels):
        if event.over or coverage.live_incidents(session, event.network, channel):
            coverage.extend(session, event.network, channel, event.until)


def is_news(session: Session, request: Request) -> bool:
    """True if a line that is read back was said in a gap, and is not in the record."""
    heard = coverage.heard_until(session, request.network, request.folded_places)
    return heard is not None and request.said_at > heard - CLOCKS_DIFFER and not lines.heard_before(session, request)


def rejoin(session: Session, event: ChannelRejoined, modes: LogModes) -> Outcome:
    """Record the gap in each live incident of the channel, and say once when it was and what was read back."""
    gap = _record_gaps(session, event)
    channel = event.folded_channel
    coverage.extend(session, event.network, channel, event.at)
    read_back = lines.read_back(session, event.network, channel, since=event.at, said_before=event.said_before)
    done = list(_describe(session, _told(read_back, modes.of(channel, event.casemapping))))
    text = _sentence(gap, done)
    return [Reply(to=event.channel, text=text)] if text else []


def _record_gaps(session: Session, event: ChannelRejoined) -> Gap | None:
    """Record a gap in every incident that was live meanwhile, each once; give the longest of them."""
    heard = coverage.heard_until(session, event.network, [event.folded_channel])
    if heard is None:
        return None
    gaps = []
    for number, since in coverage.live_incidents(session, event.network, event.folded_channel).items():
        recorded = coverage.last_recorded(session, number, before=event.at)
        begins = max(heard, since, recorded or heard)
        if event.at - begins >= SHORTEST:
            if all(known["ends"] != event.at for known in coverage.gaps(session, number)):
                coverage.add_gap(session, number, {"begins": begins, "ends": event.at})
            gaps.append(Gap(begins=begins, ends=event.at))
    return min(gaps, key=lambda gap: gap.begins, default=None)


def _told(read_back: Sequence[RetainedLine], mode: LogMode) -> Sequence[RetainedLine]:
    """Give the lines to speak of: all, but no ``!log`` where that is another bot's."""
    return [each for each in read_back if mode is LogMode.FULL or each.kind != LineKind.LOG]


def _describe(session: Session, read_back: Sequence[RetainedLine]) -> Iterator[Speech]:
    """Say by disposition what became of lines that were read back."""
    by_disposition: dict[str, list[RetainedLine]] = defaultdict(list)
    for each in read_back:
        by_disposition[
            "done" if each.kind == LineKind.INCIDENT and each.disposition == "taken" else each.disposition
        ].append(each)
    yield from _entries(session, by_disposition["taken"])
    if by_disposition["done"]:
        yield f"{plural(len(by_disposition['done']), 'command')} carried out"
    if by_disposition["waiting"]:
        yield sentence("{} kept for {ir} adopt", plural(len(by_disposition["waiting"]), "note"))
    if by_disposition["refused"]:
        yield f"not taken, please type again: {_who_when(by_disposition['refused'])}"


def _entries(session: Session, taken: Sequence[RetainedLine]) -> Iterator[str]:
    numbers: dict[int, set[int]] = defaultdict(set)
    for each in taken:
        for incident, number, _ in origins.made_by(session, each.id):
            numbers[incident].add(number)
    for incident, found in numbers.items():
        yield f"{spans(found)} logged" + (f" in {incident}" if len(numbers) > 1 else "")


def _who_when(refused: Sequence[RetainedLine]) -> str:
    named = [f"{without_ping(each.nick)} {each.said_at:%H:%M}" for each in refused[:NAMED]]
    more = len(refused) - len(named)
    return listing([*named, f"{more} more"] if more else named)


def _sentence(gap: Gap | None, done: Sequence[Speech]) -> Speech:
    back = joined("; ", done)
    if gap is None:
        return sentence("Read back what I missed: {}.", back) if back else ""
    if back:
        return sentence("I was away {}; read back: {}.", _span(gap), back)
    return f"I was away {_span(gap)}: what was said here then is not recorded."


def _span(gap: Gap) -> str:
    begins, ends = gap.begins, gap.ends or gap.begins
    if begins.date() != ends.date():
        return f"{begins:%Y-%m-%d %H:%M} – {ends:%Y-%m-%d %H:%M}"
    spelling = "%H:%M:%S" if _minute(begins) == _minute(ends) else "%H:%M"
    return f"{begins:{spelling}}–{ends:{spelling}}"


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
