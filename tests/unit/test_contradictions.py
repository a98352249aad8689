"""Outage markers that contradict each other, or the start and the end of the report."""

import sys
from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.contradictions import find_contradictions
from irscribe.domain.marker import find
from irscribe.domain.moment import Precision, unstamp
from irscribe.domain.outages import Span, find_outages
from irscribe.domain.report import Author, Entry, Kind

DAY = unstamp("2019-10-07T00:00:00Z")
WHOLE_DAY = Span(start=DAY, end=None)


def clock(spelled: str) -> datetime:
    hour, minute = map(int, spelled.split(":"))
    return DAY + timedelta(hours=hour, minutes=minute)


def entry(number: int, line: str) -> Entry:
    """An entry of ``15:45 OUTAGE BEGINS``; the time may be ``??:??`` or ``day``."""
    time, _, text = line.partition(" ")
    unknown, day = time == "??:??", time == "day"
    return Entry(
        number=number,
        at=None if unknown else DAY if day else clock(time),
        until=None,
        precision=Precision.UNKNOWN if unknown else Precision.DAY if day else Precision.MINUTE,
        approximate=False,
        text=text,
        speaker=None,
        author=Author(nick="hieu", account=None),
        marker=find(text),
        recorded_at=DAY,
        kind=Kind.OUTAGE,
        version=1,
    )


def contradictions(lines: str, *, span: Span = WHOLE_DAY):
    return find_contradictions([entry(n, line) for n, line in enumerate(lines.split("; "), 1)], span)


def said(lines: str, *, span: Span = WHOLE_DAY) -> list[str]:
    return [each.sentence for each in contradictions(lines, span=span)]


@pytest.mark.parametrize(
    "lines",
    [
        "15:45 OUTAGE BEGINS; 16:30 OUTAGE for most VMs ENDS; 19:15 USER-FACING TOOLFORGE OUTAGE ENDS",
        "10:00 OUTAGE BEGINS; 11:00 OUTAGE ENDS; 12:00 OUTAGE BEGINS; 13:00 OUTAGE ENDS",
        "11:00 OUTAGE ENDS; 10:00 OUTAGE BEGINS",
        "10:00 NFS OUTAGE BEGINS; 10:10 DNS OUTAGE BEGINS; 11:00 OUTAGE for nfs ENDS; 11:10 OUTAGE ENDS",
        "10:00 OUTAGE BEGINS; 10:10 NFS OUTAGE BEGINS; 10:20 NFS OUTAGE ENDS; 10:30 OUTAGE ENDS",
        "10:00 OUTAGE BEGINS; 10:20 NFS OUTAGE ENDS; 10:30 NFS OUTAGE BEGINS; 10:40 NFS OUTAGE ENDS",
        "10:00 OUTAGE BEGINS; 10:20 NFS OUTAGE ENDS; 10:30 OUTAGE ENDS; 11:00 OUTAGE BEGINS; 11:10 NFS OUTAGE ENDS",
        "??:?? OUTAGE BEGINS; 11:00 OUTAGE ENDS",
        "10:00 OUTAGE BEGINS; ??:?? OUTAGE ENDS; 11:00 OUTAGE BEGINS",
        "day OUTAGE BEGINS; 11:00 OUTAGE ENDS",
        "10:00 OUTAGE BEGINS; day OUTAGE ENDS",
        "10:00 no marker at all",
    ],
)
def test_markers_that_fit_together_contradict_nothing(lines):
    assert said(lines) == []


@pytest.mark.parametrize(
    ("lines", "sentence", "numbers"),
    [
        (
            "10:00 OUTAGE BEGINS; 10:30 OUTAGE BEGINS",
            "#2 begins the outage at 10:30, which has been going on since 10:00 (#1)",
            {1, 2},
        ),
        (
            "10:00 NFS OUTAGE BEGINS; 10:30 OUTAGE for nfs BEGINS",
            "#2 begins the outage “for nfs” at 10:30, which has been going on since 10:00 (#1)",
            {1, 2},
        ),
        ("10:00 OUTAGE ENDS", "#1 ends the outage at 10:00, and nothing says when it began", {1}),
        (
            "09:00 DNS OUTAGE BEGINS; 10:00 NFS OUTAGE ENDS",
            "#2 ends the outage “NFS” at 10:00, and nothing says when it began",
            {2},
        ),
        (
            "10:00 OUTAGE ENDS; 10:30 OUTAGE BEGINS",
            "#1 ends the outage at 10:00, before it begins at 10:30 (#2)",
            {1, 2},
        ),
        (
            "10:00 OUTAGE BEGINS; 10:30 OUTAGE ENDS; 11:00 OUTAGE ENDS",
            "#3 ends the outage at 11:00, which ended at 10:30 already (#2)",
            {2, 3},
        ),
        (
            "10:00 OUTAGE BEGINS; 10:30 NFS OUTAGE ENDS; 11:00 NFS OUTAGE ENDS",
            "#3 ends the outage “NFS” at 11:00, which ended at 10:30 already (#2)",
            {2, 3},
        ),
        (
            "10:00 OUTAGE BEGINS; 10:30 OUTAGE ENDS; 11:00 NFS OUTAGE ENDS",
            "#3 ends the outage “NFS” at 11:00, which ended at 10:30 already (#2)",
            {2, 3},
        ),
        (
            "10:30 OUTAGE BEGINS; 11:00 OUTAGE ENDS; 10:00 OUTAGE BEGINS",
            "#1 begins the outage at 10:30, which has been going on since 10:00 (#3)",
            {1, 3},
        ),
    ],
)
def test_a_contradiction_is_said_with_the_entries_it_is_about(lines, sentence, numbers):
    (found,) = contradictions(lines)
    assert found.sentence == sentence
    assert found.entries == numbers
    assert str(found.remedy).startswith("!ir ")
    assert not found.bounds


def test_times_of_several_days_are_said_with_their_dates():
    (found,) = contradictions("10:00 OUTAGE BEGINS; 34:00 OUTAGE BEGINS")
    assert "at 2019-10-08 10:00, which has been going on since 2019-10-07 10:00 (#1)" in found.sentence


@pytest.mark.parametrize(
    ("lines", "start", "end", "sentence"),
    [
        ("10:00 OUTAGE BEGINS", "11:00", None, "#1 begins the outage at 10:00, before the start at 11:00"),
        ("10:00 no marker", "11:00", "10:30", "end (2019-10-07 10:30 UTC) is before start (2019-10-07 11:00 UTC)"),
        (
            "10:00 OUTAGE BEGINS; 12:00 OUTAGE ENDS",
            "10:00",
            "11:00",
            "#2 ends the outage at 12:00, after the end at 11:00",
        ),
        ("12:00 OUTAGE BEGINS", "10:00", "11:00", "#1 begins the outage at 12:00, after the end at 11:00"),
    ],
)
def test_a_marker_outside_start_and_end_contradicts_them(lines, start, end, sentence):
    (found,) = contradictions(lines, span=Span(start=clock(start), end=clock(end) if end else None))
    assert found.sentence == sentence
    assert {each.value for each in found.bounds} == {word for word in ("start", "end") if f"{word} " in sentence}


@pytest.mark.parametrize(
    ("lines", "late"),
    [("10:00 OUTAGE BEGINS; 12:01 OUTAGE ENDS", True), ("10:00 OUTAGE BEGINS; 12:00 OUTAGE ENDS", False)],
)
def test_an_outage_that_ends_after_the_incident_was_closed_contradicts_the_closing(lines, late):
    entries = [entry(n, line) for n, line in enumerate(lines.split("; "), 1)]
    found = find_contradictions(entries, WHOLE_DAY, closed_at=clock("12:00") + timedelta(seconds=30))
    assert not found
    found = find_contradictions(entries, WHOLE_DAY, closed_at=clock("12:00"))
    sentence = "#2 ends the outage at 12:01, after the incident was closed at 12:00"
    assert [each.sentence for each in found] == [sentence] * late


def test_what_would_end_an_outage_of_a_part_names_the_part():
    (found,) = contradictions("10:00 NFS OUTAGE BEGINS; 10:30 OUTAGE for nfs BEGINS")
    assert "!ir outage ends WHEN for nfs says" in str(found.remedy)


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        ("10:00 OUTAGE BEGINS; 11:00 OUTAGE ENDS", "10:00", "11:00"),
        ("10:00 OUTAGE BEGINS; 11:00 OUTAGE ENDS", "09:00", "13:00"),
        ("10:00 OUTAGE BEGINS; 11:00 OUTAGE ENDS; 12:00 OUTAGE BEGINS", "10:00", "11:00"),
        ("day OUTAGE BEGINS", "10:00", "11:00"),
    ],
)
def test_markers_from_start_to_end_contradict_neither(lines, start, end):
    assert said(lines, span=Span(start=clock(start), end=clock(end))) == []


MARKS = st.lists(
    st.builds(
        "{} {}OUTAGE {}".format,
        st.sampled_from(["10:00", "10:30", "11:00", "11:30", "12:00", "??:??", "day"]),
        st.sampled_from(["", "NFS ", "DNS "]),
        st.sampled_from(["BEGINS", "ENDS"]),
    ),
    min_size=1,
    max_size=10,
)


@given(MARKS, st.randoms(use_true_random=False))
def test_the_order_in_which_entries_are_handed_over_does_not_matter(lines, random):
    entries = [entry(number, line) for number, line in enumerate(lines, 1)]
    shuffled = random.sample(entries, len(entries))
    assert find_contradictions(shuffled, WHOLE_DAY) == find_contradictions(entries, WHOLE_DAY)


@given(MARKS)
def test_every_contradiction_is_about_entries_that_are_markers_there(lines):
    for found in contradictions("; ".join(lines)):
        assert found.entries <= set(range(1, len(lines) + 1))
        assert "\n" not in found.sentence


@given(st.lists(st.sampled_from(["", "NFS ", "DNS "]), unique=True, min_size=1), st.integers(1, 4))
def test_outages_that_begin_and_end_in_turn_never_contradict_each_other(scopes, rounds):
    lines = [
        f"{hour:02}:{minute:02} {scope}OUTAGE {word}"
        for hour in range(10, 10 + rounds)
        for place, scope in enumerate(scopes)
        for minute, word in ((place * 10, "BEGINS"), (place * 10 + 5, "ENDS"))
    ]
    assert said("; ".join(lines)) == []
    assert len(find_outages([entry(n, line) for n, line in enumerate(lines, 1)], open_=False)) == len(lines) // 2


def calls_for(lines: list[str]) -> int:
    """The number of calls and returns of functions that it takes to find the contradictions in these lines."""
    entries = [entry(number, line) for number, line in enumerate(lines, 1)]
    counted = Counter()
    before = sys.getprofile()
    sys.setprofile(lambda _frame, event, _argument: counted.update([event]))
    try:
        find_contradictions(entries, WHOLE_DAY)
    finally:
        sys.setprofile(before)
    return counted.total()


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("??:?? S{} OUTAGE BEGINS", "10:00 T{} OUTAGE ENDS"),
        ("10:00 S{} OUTAGE BEGINS", "??:?? T{} OUTAGE ENDS"),
        ("10:00 S{} OUTAGE BEGINS", "11:00 T{} OUTAGE ENDS"),
        ("10:00 NFS OUTAGE BEGINS", "10:00 T{} OUTAGE ENDS"),
        ("10:00 S{} OUTAGE BEGINS", "11:00 OUTAGE ENDS"),
    ],
)
def test_ten_times_the_markers_take_ten_times_the_work(begins, ends):
    few, many = (
        calls_for([line.format(n) for line in (begins, ends) for n in range(markers)]) for markers in (40, 400)
    )
    assert many < 12 * few
