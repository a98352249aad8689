"""The rows of bars on the timeline: what lasted, and how long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from irscribe.domain.duration import spell_minutes
from irscribe.domain.moment import Precision
from irscribe.domain.outages import partial_ends
from irscribe.domain.report import Entry, Gap, Kind, Report, Role, Status
from irscribe.domain.reportparts import TheoryState
from irscribe.render import particulars, tokens, wording
from irscribe.render.axis import Axis
from irscribe.render.bars import Span
from irscribe.render.moments import lasts

_STATUS = re.compile(r"Status: (\w+)")


@dataclass(frozen=True, kw_only=True)
class Content:
    """The spans of a row; ``kind`` selects their style."""

    label: str
    kind: str
    spans: tuple[Span, ...]


def above(report: Report) -> Iterator[Content]:
    """The rows above the entries; one of them may be empty."""
    incident = report.incident
    length = spell_minutes(report.durations.open_minutes) if report.durations.open_minutes is not None else "still open"
    lasted = Span(begins=incident.opened_at, ends=incident.closed_at, label=length, title=f"Incident: {length}")
    yield Content(label="Incident", kind="incident", spans=(lasted,))
    yield Content(label="Status", kind="state", spans=tuple(_states(report)))
    yield Content(label="Outage", kind="outage", spans=tuple(_outages(report)))
    yield Content(label="Alerts", kind="alert", spans=tuple(_alerts(report)))


def below(report: Report, axis: Axis, *, dated: bool) -> Iterator[Content]:
    """The rows below the entries; one of them may be empty."""
    yield Content(label="Coordinator", kind="role", spans=tuple(_terms(report, coordinating=True)))
    yield Content(label="Roles", kind="role", spans=tuple(_terms(report, coordinating=False)))
    yield Content(label="People", kind="person", spans=tuple(_people(report)))
    yield Content(label="Theories", kind="theory", spans=tuple(_theories(report)))
    yield Content(label="Ranges", kind="range", spans=tuple(_ranges(report, dated=dated)))
    yield Content(label="Not heard", kind="gap", spans=tuple(_gaps(report, axis)))


def is_point(entry: Entry) -> bool:
    """True if an entry is drawn as a token: it has an exact time and no end."""
    return entry.at is not None and entry.until is None and entry.precision is not Precision.DAY


def is_left_out(gap: Gap, axis: Axis) -> bool:
    """True if all of a gap lies within a break."""
    return gap.ends is not None and axis.leaves_out(gap.begins, gap.ends)


def _gaps(report: Report, axis: Axis) -> Iterator[Span]:
    """The spans of the gaps; one within a break would not be seen."""
    for gap in report.gaps:
        if not is_left_out(gap, axis):
            yield Span(begins=gap.begins, ends=gap.ends, label="", title=wording.gap(gap))


def _states(report: Report) -> Iterator[Span]:
    """The spans from each change of state to the next."""
    changes = [(entry.at, _state(entry)) for entry in report.timeline if entry.at and entry.kind is Kind.STATUS]
    known = [(at, state) for at, state in changes if state]
    ends = [*(at for at, _ in known[1:]), report.incident.closed_at]
    for (begins, state), until in zip(known, ends, strict=False):
        if until is None or until >= begins:
            yield Span(begins=begins, ends=until, label=state, title=f"{begins:%H:%M} {state}")


def _state(entry: Entry) -> str:
    found = _STATUS.match(entry.text)
    return found[1] if found and found[1] in set(Status) else ""


def _outages(report: Report) -> Iterator[Span]:
    for outage, sentence in zip(report.durations.outages, wording.outages(report), strict=True):
        length = "no end" if outage.minutes is None else spell_minutes(outage.minutes)
        label = f"{length} {outage.scope}" if outage.scope else length
        ticks = tuple(part.at for part in partial_ends(report.timeline, outage))
        yield Span(begins=outage.begins, ends=outage.ends, label=_short(label), title=sentence, ticks=ticks)


def _alerts(report: Report) -> Iterator[Span]:
    """The spans of the alerts, with a tick where one fired last; none ends that was not said to be over."""
    for each in report.alerts:
        label = f"{each.name} ({each.count} times)" if each.count > 1 else each.name
        again = (each.last_at,) if each.last_at > each.first_at else ()
        ends, title = each.over_at and max(each.over_at, each.first_at), particulars.alert(each)
        yield Span(begins=each.first_at, ends=ends, label=_short(label), title=title, ticks=_before(ends, again))


def _theories(report: Report) -> Iterator[Span]:
    """The spans from the entry that says a theory to the one that rules it out or confirms it."""
    told = {entry.number: entry.at for entry in report.timeline if entry.at}
    for each in report.theories:
        judged = [at for judgement in each.judgements if (at := told.get(judgement.entry))]
        begins = told.get(each.entry)
        is_settled = each.state in (TheoryState.CONFIRMED, TheoryState.RULED_OUT)
        ends = judged[-1] if is_settled and judged else report.incident.closed_at
        if begins and (ends is None or ends >= begins):
            label = f"{each.number}: {each.state}: {each.text}"
            ticks = _before(ends, [at for at in judged if at > begins])
            yield Span(begins=begins, ends=ends, label=_short(label), title=particulars.theory(each), ticks=ticks)


def _before(ends: datetime | None, moments: Iterable[datetime]) -> tuple[datetime, ...]:
    return tuple(each for each in moments if ends is None or each < ends)


def _terms(report: Report, *, coordinating: bool) -> Iterator[Span]:
    """The spans of the coordinators, or of the other roles; the last of each role lasts to the close."""
    for term in report.roles:
        ends = term.until or report.incident.closed_at
        is_wanted = (term.role == Role.COORDINATOR) is coordinating
        if is_wanted and term.since and (ends is None or ends > term.since):
            label = term.name if coordinating else f"{term.role}: {term.name}"
            title = f"{term.role}: {term.name}{_clocks(term.since, ends)}"
            yield Span(begins=term.since, ends=ends, label=_short(label), title=title)


def _people(report: Report) -> Iterator[Span]:
    """The spans of the responders of whom it is known when they came."""
    for each in report.metadata.responders:
        ends = each.left_at or report.incident.closed_at
        if each.joined_at and (ends is None or ends > each.joined_at):
            label = f"{each.name}: {each.focus}" if each.focus else each.name
            title = f"{label}{_clocks(each.joined_at, ends)}"
            yield Span(begins=each.joined_at, ends=ends, label=_short(label), title=title)


def _clocks(begins: datetime, ends: datetime | None) -> str:
    return f", {begins:%H:%M} – {ends:%H:%M}" if ends else f", from {begins:%H:%M} on"


def _ranges(report: Report, *, dated: bool) -> Iterator[Span]:
    for entry in report.timeline:
        if entry.at and not is_point(entry):
            begins, ends = lasts(entry, entry.at)
            title = tokens.title(entry, dated=dated)
            yield Span(begins=begins, ends=ends, label=_number(entry), title=title)


def _number(entry: Entry) -> str:
    return f"~{entry.number}" if entry.approximate else str(entry.number)


def _short(label: str, most: int = 40) -> str:
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}…"
