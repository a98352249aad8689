from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.marker import find
from irscribe.domain.moment import Precision
from irscribe.domain.outages import Span, find_outages, find_span, measure
from irscribe.domain.report import Author, DocumentStatus, Entry, IncidentFacts, Kind, Outage, State, Status

NOON = datetime(2019, 10, 7, 12, 0, tzinfo=UTC)


def clock(spelled):
    hour, minute = map(int, spelled.split(":"))
    return NOON.replace(hour=hour, minute=minute)


def entries(*lines):
    """Entries of lines like ``15:45 OUTAGE BEGINS``, numbered as they come; ``??:??`` is an unknown time."""
    return [entry(number, *line.split(" ", 1)) for number, line in enumerate(lines, start=1)]


def entry(number, time, text):
    at = None if time == "??:??" else clock(time)
    return Entry(
        number=number,
        at=at,
        until=None,
        precision=Precision.UNKNOWN if at is None else Precision.MINUTE,
        approximate=False,
        text=text,
        speaker=None,
        author=Author(nick="hieu", account=None),
        marker=find(text),
        recorded_at=NOON,
        kind=Kind.NOTE,
        version=1,
    )


def facts(*, opened="14:00", closed="19:15"):
    return IncidentFacts(
        number=1,
        id="2019-10-07 wmcs-network",
        title="wmcs-network",
        state=State.CLOSED if closed else State.OPEN,
        status=Status.RESOLVED,
        document_status=DocumentStatus.DRAFT,
        severity=None,
        private=False,
        drill=False,
        channel="#incidents",
        network="libera",
        opened_at=clock(opened),
        closed_at=clock(closed) if closed else None,
    )


def spans(*lines, open_=False):
    """The outages as ``15:45-19:15 scope``; a question mark for an end that never came."""
    return [spelled(each) for each in find_outages(entries(*lines), open_=open_)]


def spelled(outage):
    ends = f"{outage.ends:%H:%M}" if outage.ends else "?"
    return f"{outage.begins:%H:%M}-{ends} {outage.scope or ''}".strip()


def durations(timeline, *, opened="14:00", closed="19:15", start=None, end=None):
    about = facts(opened=opened, closed=closed)
    return measure(about, timeline, span=find_span(about, timeline, start=start, end=end))


def test_the_network_outage_of_2019_lasted_210_minutes():
    timeline = entries(
        "14:00 Andrew begins upgrading OpenStack services",
        "15:40 cloudnet1003 takes over",
        "15:45 OUTAGE BEGINS",
        "15:50 Lots of things are starting to break",
        "16:30 OUTAGE for most VMs ENDS Once all the services are restarted",
        "19:15 normal toolforge behavior is restored. USER-FACING TOOLFORGE OUTAGE ENDS",
        "20:15 Bryan clears out the tail end of the pending mail",
    )
    found = durations(timeline)
    assert found.outages == (Outage(begins=clock("15:45"), ends=clock("19:15"), scope=None, minutes=210),)
    assert found.outage_minutes == 210
    assert found.to_first_entry_minutes == 5
    assert found.open_minutes == 315


def test_without_markers_an_outage_lasts_from_start_to_end():
    found = durations([], start=clock("11:35"), end=clock("13:20"))
    assert (found.outage_minutes, found.outages, found.to_first_entry_minutes) == (105, (), None)


def test_an_open_incident_has_no_figures_yet():
    found = durations(entries("15:45 OUTAGE BEGINS", "16:00 OUTAGE ENDS"), closed=None)
    assert (found.outage_minutes, found.open_minutes) == (None, None)
    assert [spelled(each) for each in found.outages] == ["15:45-16:00"]


def test_an_outage_that_never_ended_leaves_the_total_unknown():
    found = durations(entries("15:45 OUTAGE BEGINS", "16:00 NFS OUTAGE BEGINS", "16:30 OUTAGE ENDS"))
    assert found.outage_minutes is None
    assert [each.minutes for each in found.outages] == [45, None]


def test_an_end_before_the_start_gives_no_minutes():
    assert durations([], start=clock("13:20"), end=clock("11:35")).outage_minutes is None


def test_overlapping_outages_count_once():
    timeline = entries(
        "10:00 NFS OUTAGE BEGINS",
        "10:20 DNS OUTAGE BEGINS",
        "10:30 NFS OUTAGE ENDS",
        "10:50 DNS OUTAGE ENDS",
        "12:00 OUTAGE BEGINS",
        "12:10 OUTAGE ENDS",
    )
    assert durations(timeline).outage_minutes == 60


def test_minutes_are_rounded_down():
    begin, end = entries("10:00 OUTAGE BEGINS", "10:01 OUTAGE ENDS")
    late = Entry(**{**vars(end), "at": end.at + timedelta(seconds=59)})
    assert durations([begin, late]).outage_minutes == 1


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("10:00 OUTAGE BEGINS; 11:00 OUTAGE ENDS; 12:00 OUTAGE STARTS; 13:00 OUTAGE ENDS", "10:00-11:00; 12:00-13:00"),
        ("10:00 NFS OUTAGE BEGINS; 11:00 OUTAGE for nfs ENDS", "10:00-11:00 NFS"),
        ("10:00 NFS OUTAGE BEGINS; 10:30 A OUTAGE BEGINS; 11:00 OUTAGE ENDS", "10:00-11:00 NFS; 10:30-11:00 A"),
        ("10:00 OUTAGE BEGINS; 10:30 NFS OUTAGE BEGINS; 11:00 OUTAGE ENDS", "10:00-11:00; 10:30-? NFS"),
        ("10:00 OUTAGE BEGINS; 10:30 NFS OUTAGE ENDS; 11:00 OUTAGE ENDS", "10:00-11:00"),
        ("10:00 OUTAGE BEGINS; 10:30 NFS OUTAGE ENDS; 11:00 DNS OUTAGE ENDS", "10:00-11:00"),
        ("10:00 OUTAGE BEGINS; 10:30 OUTAGE BEGINS; 11:00 OUTAGE ENDS", "10:00-11:00"),
        ("09:00 OUTAGE ENDS; 10:00 OUTAGE BEGINS; 11:00 OUTAGE ENDS", "10:00-11:00"),
        ("09:00 NFS OUTAGE ENDS; 10:00 OUTAGE BEGINS", "10:00-?"),
        (
            "10:00 OUTAGE BEGINS; 10:10 A OUTAGE BEGINS; 10:20 A OUTAGE ENDS; 10:30 A OUTAGE ENDS",
            "10:00-?; 10:10-10:20 A",
        ),
        ("11:00 OUTAGE ENDS; 10:00 OUTAGE BEGINS", "10:00-11:00"),
        ("10:00 OUTAGE BEGINS; ??:?? OUTAGE ENDS; 11:00 OUTAGE ENDS", "10:00-11:00"),
        ("10:00 OUTAGE ENDS", ""),
    ],
)
def test_markers_pair_up_by_scope_in_the_order_of_time(lines, expected):
    assert "; ".join(spans(*lines.split("; "))) == expected


def test_a_partial_end_closes_nothing_while_the_incident_is_open():
    lines = ["15:45 OUTAGE BEGINS", "16:30 OUTAGE for most VMs ENDS"]
    assert spans(*lines, open_=True) == ["15:45-?"]
    assert spans(*lines) == ["15:45-16:30"]


def test_start_and_end_come_from_markers_else_from_opening_and_closing():
    marked = entries("15:45 OUTAGE BEGINS", "16:30 OUTAGE for most VMs ENDS", "19:00 OUTAGE ENDS")
    assert find_span(facts(), marked) == Span(start=clock("15:45"), end=clock("19:00"))
    assert find_span(facts(), marked[:1]) == Span(start=clock("15:45"), end=clock("19:15"))
    assert find_span(facts(), []) == Span(start=clock("14:00"), end=clock("19:15"))
    assert find_span(facts(closed=None), []) == Span(start=clock("14:00"), end=None)


def test_start_and_end_as_set_win():
    marked = entries("15:45 OUTAGE BEGINS", "19:00 OUTAGE ENDS")
    span = find_span(facts(), marked, start=clock("11:35"), end=clock("13:20"))
    assert span == Span(start=clock("11:35"), end=clock("13:20"))


def test_an_end_before_the_first_begin_does_not_end_the_incident():
    assert find_span(facts(), entries("13:00 OUTAGE ENDS", "15:45 OUTAGE BEGINS")).end == clock("19:15")


def test_an_end_of_a_part_before_that_part_begins_is_not_the_end():
    marked = ["10:00 DNS OUTAGE BEGINS", "16:30 OUTAGE for most VMs ENDS"]
    assert find_span(facts(), entries(*marked)).end == clock("16:30")
    assert find_span(facts(), entries(*marked, "17:00 OUTAGE for most VMs BEGINS")).end == clock("19:15")
    assert find_span(facts(), entries(*marked, "17:00 OUTAGE BEGINS")).end == clock("19:15")


def test_the_first_entry_is_one_that_does_not_begin_the_outage():
    assert durations(entries("14:00 quiet", "15:45 OUTAGE BEGINS")).to_first_entry_minutes is None
    assert durations(entries("15:45 OUTAGE BEGINS", "15:45 already on it")).to_first_entry_minutes == 0


LINES = st.lists(
    st.builds(
        "{:02}:{:02} {}OUTAGE {}".format,
        st.integers(min_value=0, max_value=23),
        st.sampled_from([0, 30]),
        st.sampled_from(["", "NFS ", "DNS "]),
        st.sampled_from(["BEGINS", "ENDS"]),
    ),
    max_size=12,
)


@given(LINES)
def test_no_outage_ends_before_it_begins_and_the_total_never_exceeds_the_sum(lines):
    found = durations(entries(*lines))
    known = [each.minutes for each in found.outages if each.minutes is not None]
    assert all(minutes >= 0 for minutes in known)
    if found.outages and found.outage_minutes is not None:
        assert max(known) <= found.outage_minutes <= sum(known)


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_in_which_entries_are_handed_over_does_not_matter(lines, random):
    timeline = entries(*lines)
    shuffled = random.sample(timeline, len(timeline))
    assert find_outages(shuffled, open_=False) == find_outages(timeline, open_=False)
