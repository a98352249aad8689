"""Reports whose drawing is worth a look: the reference incidents, and what is awkward to draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from irscribe.domain.moment import Precision
from irscribe.domain.outages import find_span, measure
from irscribe.domain.report import Entry, Gap, Kind, Marker, MarkerKind, Report
from tests import reports
from tests.reports import at, entry, outage

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
HOSTILE = (
    f"<script>alert(1)</script> {LONG_WORD} https://grafana.example/d/{'x' * 120}?var={{eqiad}}&from=now-1h "
    "`journalctl -u nova-fullstack --since '2019-10-07 14:00' | grep -v INFO` \u202e\u05d0 ''wiki'' T234834"
)
BEGINS = Marker(kind=MarkerKind.BEGINS, phrase="OUTAGE BEGINS", scope=None)
ENDS = Marker(kind=MarkerKind.ENDS, phrase="OUTAGE ENDS", scope=None)


_FIRST = {
    "09:10": "OUTAGE BEGINS",
    "09:14": "Status: investigating",
    "09:40": "NFS clients hang",
    "10:25": "failed over to labstore1005",
    "11:55": "Status: identified – the switch drops frames",
    "12:30": "spare switch ordered",
}
_SECOND = {
    "08:30": "switch is there",
    "09:20": "cabled",
    "10:05": "half of the racks moved",
    "11:45": "Status: monitoring",
}
_THIRD = {
    "08:50": "rest of the racks moved",
    "11:00": "no drops for an hour",
    "12:10": "OUTAGE ENDS",
    "15:40": "Closed.",
}


def day_before() -> Report:
    """The incident of 2019 with an entry of the afternoon before, and one that knows only its day."""
    early = entry(20, "2019-10-06 15:10", "new kernel on cloudnet1003")
    deployed = entry(21, "2019-10-05 00:00", "cloudnet1004 reimaged", precision=Precision.DAY)
    base = reports.seed_2019()
    return _with_timeline(base, [deployed, early, *base.timeline, entry(22, None, "somebody restarted a switch")])


def three_days() -> Report:
    """An outage of three days whose nights were quiet, with partial ends, states and a gap."""
    drawn = _with_timeline(reports.seed_2019(), [*_of_three_days()], "2019-10-07 09:10", "2019-10-09 15:40")
    away = (Gap(begins=at("2019-10-08 03:00"), ends=at("2019-10-08 03:02")),)
    return replace(drawn, gaps=(*away, Gap(begins=at("2019-10-08 10:15"), ends=at("2019-10-08 11:20"))))


def ten_partial_ends() -> Report:
    """An outage that ends for ten scopes, one after another."""
    said = [outage(1, "2019-10-07 14:00", "OUTAGE BEGINS", BEGINS)]
    for number in range(2, 12):
        phrase, scope = f"OUTAGE for cluster-{number} ENDS", f"for cluster-{number}"
        marker = Marker(kind=MarkerKind.ENDS, phrase=phrase, scope=scope)
        said.append(outage(number, f"2019-10-07 {14 + number // 2}:{number % 2 * 3}5", phrase, marker))
    said.append(outage(12, "2019-10-07 20:10", "OUTAGE ENDS", ENDS))
    return _with_timeline(reports.seed_2019(), said, "2019-10-07 14:00", "2019-10-07 20:20")


def hostile() -> Report:
    """Long words, addresses, code and signs that turn the direction, in each place that a person can fill."""
    return reports.saying(HOSTILE)


DRAWN: Mapping[str, Callable[[], Report]] = {
    "2019": reports.seed_2019,
    "2021": reports.seed_2021,
    "maximal": reports.maximal,
    "day-before": day_before,
    "three-days": three_days,
    "partial-ends": ten_partial_ends,
    "hostile": hostile,
}
"""The reports by name."""


def _of_three_days() -> Iterator[Entry]:
    number = 0
    for day, clocks in ((7, _FIRST), (8, _SECOND), (9, _THIRD)):
        for clock, text in clocks.items():
            number += 1
            when = f"2019-10-{day:02} {clock}"
            marker = {"OUTAGE BEGINS": BEGINS, "OUTAGE ENDS": ENDS}.get(text)
            kind = Kind.STATUS if text.startswith("Status") else Kind.NOTE
            yield outage(number, when, text, marker) if marker else entry(number, when, text, kind=kind)


def _with_timeline(base: Report, timeline: list[Entry], opened: str | None = None, closed: str | None = None) -> Report:
    """The report with another timeline, and all that follows from it."""
    facts = base.incident
    if opened and closed:
        facts = replace(facts, opened_at=at(opened), closed_at=at(closed))
    span = find_span(facts, timeline)
    metadata = replace(base.metadata, start=span.start, end=span.end)
    durations = measure(facts, timeline, span=span)
    return replace(base, incident=facts, metadata=metadata, durations=durations, timeline=tuple(timeline))
