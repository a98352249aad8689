"""A site to look at: incidents of every kind, one of them open, made of reports without a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from irscribe.domain.report import Kind, Report, Status
from irscribe.domain.reportparts import Alert, Figure, Judgement, RoleTerm, Theory, TheoryState
from irscribe.engine.site_folder import SiteFolder
from irscribe.pages import Site, incident, whole
from irscribe.pages.overviews import overview
from irscribe.render.readers import public
from tests import drawn, reports
from tests.reports import at, entry

URL = "https://incidents.example.org"


def site(url: str | None = URL) -> Site:
    return Site(title="Incidents of Example", url=url, style=replace(reports.style(), published=True))


def write(folder: Path, some: Sequence[Report] | None = None, url: str | None = URL) -> None:
    """Write a site of these reports, or of those that show something of everything."""
    made, target = site(url), SiteFolder(folder)
    shown = [public(each) for each in (every_kind() if some is None else some)]
    for report in shown:
        target.put(incident.files(made, report))
    target.put(whole.fixed())
    for part in whole.parts(made, [overview(each) for each in shown]):
        target.put(part.make())


def every_kind() -> list[Report]:
    """One report of each kind, with numbers of their own, over several years."""
    base = [reports.seed_2019(), reports.seed_2021(), drawn.three_days(), drawn.day_before(), scored(), ongoing()]
    return [_numbered(each, number) for number, each in enumerate(base, 1)]


def scored() -> Report:
    """A report with everything in it, for everybody, and no drill."""
    full = reports.maximal()
    return replace(full, incident=replace(full.incident, private=False, drill=False))


def ongoing() -> Report:
    """An incident that is open: people come and go, the coordinator changes, a status is known."""
    said = (
        entry(1, "2026-11-30 13:58", "Incident opened. alice becomes IC.", kind=Kind.LIFECYCLE),
        drawn.outage(2, "2026-11-30 13:50", "first 500s. OUTAGE BEGINS", drawn.BEGINS),
        entry(3, "2026-11-30 14:05", "Status: identified – two replicas lag by an hour", kind=Kind.STATUS),
        entry(4, "2026-11-30 14:20", "FIRING: [4x] ReplicaLag (eqiad)", kind=Kind.ALERT),
        entry(5, "2026-11-30 14:31", "pooled db1012 out, see https://grafana.example/d/replicas"),
        entry(6, "2026-11-30 14:40", "bob becomes IC.", kind=Kind.ROLE),
        entry(7, "2026-11-30 14:52", "Status: monitoring – errors are falling", kind=Kind.STATUS),
        entry(9, "2026-11-30 14:12", "Theory 1: the deploy of 13:45", kind=Kind.THEORY),
        entry(10, "2026-11-30 14:26", "Theory 1 ruled out: rolled back, no change", kind=Kind.THEORY),
        entry(11, "2026-11-30 14:28", "Theory 2: a schema change holds a lock", kind=Kind.THEORY),
        entry(12, "2026-11-30 14:45", "Theory 2 likely: the lag began with it", kind=Kind.THEORY),
        entry(8, "2026-11-30 14:58", "error rate is below 0.1 % for the first time since 13:50"),
    )
    return replace(
        reports.empty(),
        incident=replace(
            reports.empty().incident,
            id="2026-11-30 API returns 500",
            title="API returns 500",
            status=Status.MONITORING,
            opened_at=at("2026-11-30 13:58"),
            severity=2,
        ),
        metadata=replace(
            reports.empty().metadata,
            start=at("2026-11-30 13:50"),
            responders=tuple(_people()),
            coordinators=("alice", "bob"),
        ),
        roles=(
            RoleTerm(role="coordinator", name="alice", since=at("2026-11-30 13:58"), until=at("2026-11-30 14:40")),
            RoleTerm(role="coordinator", name="bob", since=at("2026-11-30 14:40"), until=None),
            RoleTerm(role="comms", name="carol", since=at("2026-11-30 14:12"), until=None),
        ),
        durations=replace(reports.empty().durations, outages=(_outage(),)),
        theories=tuple(_theories()),
        alerts=tuple(_alerts()),
        impact_figures=(Figure(name="users", value=1200, text="1200"),),
        impact="One in five requests to the API fails; the website is slow.",
        timeline=tuple(replace(each, recorded_at=max(each.at, at("2026-11-30 13:58"))) for each in said),
        actionables=(replace(reports.maximal().actionables[0], owner="alice", number=1),),
    )


def _theories():
    for number, text, said, judged, state, why in (
        (1, "the deploy of 13:45", 9, 10, TheoryState.RULED_OUT, "rolled back, no change"),
        (2, "a schema change holds a lock", 11, 12, TheoryState.LIKELY, "the lag began with it"),
    ):
        judgements = (Judgement(state=state, why=why, entry=judged),)
        yield Theory(number=number, text=text, state=state, why=why, entry=said, judgements=judgements)


def _alerts():
    for name, first, last, count, over in (
        ("ReplicaLag (eqiad)", "13:55", "14:40", 4, None),
        ("APIErrors", "13:52", "13:52", 1, "14:50"),
    ):
        yield Alert(
            name=name,
            source="alert-bot",
            first_at=at(f"2026-11-30 {first}"),
            last_at=at(f"2026-11-30 {last}"),
            count=count,
            over_at=at(f"2026-11-30 {over}") if over else None,
            paged=count == 1,
        )


def _people():
    known = reports.maximal().metadata.responders[0]
    for name, focus, joined, left in (
        ("alice", "IC", "13:58", "14:45"),
        ("bob", "replicas", "14:02", None),
        ("carol", "telling users", "14:10", None),
    ):
        yield replace(
            known,
            name=name,
            nick=name,
            account=f"account-of-{name}",
            focus=focus,
            joined_at=at(f"2026-11-30 {joined}"),
            left_at=at(f"2026-11-30 {left}") if left else None,
        )


def _outage():
    known = reports.maximal().durations.outages[0]
    return replace(known, begins=at("2026-11-30 13:50"), ends=None, scope=None, minutes=None)


def _numbered(report: Report, number: int) -> Report:
    return replace(report, incident=replace(report.incident, number=number))
