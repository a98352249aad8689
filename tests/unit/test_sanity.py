from datetime import UTC, datetime, timedelta

import pytest

from irscribe.domain.marker import outage_marker
from irscribe.domain.moment import Precision
from irscribe.domain.outages import Span, find_outages
from irscribe.domain.report import Author, Entry, Kind, MarkerKind, State
from irscribe.domain.sanity import warnings

BEGINS, ENDS = MarkerKind.BEGINS, MarkerKind.ENDS


def at(hour, minute):
    return datetime(2021, 11, 2, hour, minute, tzinfo=UTC)


def marked(*marks):
    return [
        Entry(
            number=number,
            at=time,
            until=None,
            precision=Precision.MINUTE,
            approximate=False,
            text="",
            speaker=None,
            author=Author(nick="hieu", account=None),
            marker=outage_marker(kind, scope),
            recorded_at=time,
            kind=Kind.OUTAGE,
            version=1,
        )
        for number, (time, kind, scope) in enumerate(marks, start=1)
    ]


START, END = at(11, 35), at(13, 20)


def check(*marks, start=START, end=END, state=State.CLOSED, **prose):
    entries = marked(*marks)
    outages = find_outages(entries, open_=state is State.OPEN)
    return warnings(
        state=state,
        span=Span(start=start, end=end),
        outages=outages,
        entries=entries,
        prose=prose,
        closed_at=None,
    )


def test_a_length_in_prose_that_start_and_end_contradict_is_named():
    assert check(impact="For about 1 hour, VMs may have had trouble") == (
        "impact says “about 1 hour”; start and end are 1 h 45 min apart",
    )


@pytest.mark.parametrize("said", ["1 hour 45 minutes", "about 105 minutes", "1h45m", "1.75 hours", "1h44m"])
def test_a_length_that_agrees_with_start_and_end_is_fine(said):
    assert check(impact=f"VMs were cut off for {said}.") == ()


@pytest.mark.parametrize(
    "said",
    ["about 1 hour and 40 minutes", "1 hour 40 minutes", "100 minutes", "almost 2 hours", "1 h 50 min", "~1.5 h"],
)
def test_a_rounded_length_is_no_contradiction(said):
    assert check(impact=f"For {said}, VMs may have had trouble") == ()


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("10 minutes", 12),
        ("20 minutes", 24),
        ("half an hour", 34),
        ("about an hour", 45),
        ("5 minutes", 6),
        ("1 h", 67),
    ],
)
def test_what_people_round_to_follows_how_long_it_was(said, minutes):
    end = START + timedelta(minutes=minutes)
    assert check(end=end, impact=f"It was away for {said}.") == ()


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("10 minutes", 5),
        ("15 minutes", 8),
        ("15 minutes", 22),
        ("half an hour", 45),
        ("an hour", 45),
        ("about an hour", 30),
        ("1 hour 17 minutes", 105),
        ("2 hours", 105),
        ("about 3 hours", 105),
    ],
)
def test_a_figure_that_no_rounding_explains_is_named(said, minutes):
    (named,) = check(end=START + timedelta(minutes=minutes), impact=f"It was away for {said}.")
    assert f"“{said}”" in named


def test_a_section_is_named_once_and_every_section_is_read():
    said = check(summary="down for 20 minutes, then for 3 hours", impact="DNS was out for half an hour")
    assert [each.partition(";")[0] for each in said] == ["summary says “20 minutes”", "impact says “half an hour”"]


def test_a_length_may_agree_with_an_outage_or_a_partial_end():
    marks = [(at(12, 0), BEGINS, None), (at(12, 45), ENDS, "most VMs"), (at(15, 30), ENDS, "Toolforge")]
    agreed = "Ssh was broken for 45 minutes, Toolforge for three and a half hours"
    assert check(*marks, start=at(12, 0), end=at(15, 30), impact=agreed) == ()
    assert check(*marks, start=at(12, 0), end=at(15, 30), impact="Ssh was broken for an hour") == (
        "impact says “an hour”; start and end are 3 h 30 min apart",
    )


def test_without_an_end_only_the_markers_are_known():
    marks = [(at(12, 0), BEGINS, "NFS"), (at(12, 45), ENDS, "NFS")]
    said = check(*marks, end=None, state=State.OPEN, impact="NFS was away for an hour")
    assert said == ("impact says “an hour”; the markers are 45 min apart",)


def test_nothing_is_said_while_nothing_is_known():
    assert check(end=None, state=State.OPEN, impact="down for 20 minutes", summary=None) == ()


def test_an_end_before_the_start_is_named():
    assert check(start=at(13, 20), end=at(11, 35), impact="down for 20 minutes") == (
        "end (2021-11-02 11:35 UTC) is before start (2021-11-02 13:20 UTC)",
    )


def test_an_outage_that_never_ended_is_named_once_the_incident_is_closed():
    marks = [(at(12, 0), BEGINS, "NFS"), (at(12, 30), BEGINS, None)]
    assert check(*marks) == (
        "the outage “for NFS” that began at 2021-11-02 12:00 UTC has no end",
        "the outage that began at 2021-11-02 12:30 UTC has no end",
    )
    assert check(*marks, state=State.OPEN) == ()


def test_markers_that_contradict_each_other_are_named_while_it_is_open_and_after():
    marks = [(at(12, 0), BEGINS, None), (at(12, 10), BEGINS, None), (at(12, 30), ENDS, None)]
    sentence = "#2 begins the outage at 12:10, which has been going on since 12:00 (#1)"
    assert check(*marks) == check(*marks, state=State.OPEN) == (sentence,)


def test_a_marker_after_the_end_is_named():
    marks = [(at(12, 0), BEGINS, None), (at(18, 0), ENDS, None)]
    assert check(*marks) == ("#2 ends the outage at 18:00, after the end at 13:20",)


def test_of_many_lengths_few_are_named():
    marks = [(START + timedelta(minutes=7 * n * n), (BEGINS, ENDS)[n % 2], None) for n in range(12)]
    (said,) = check(*marks, end=None, impact="Out for 40 hours.")
    assert said.count("min") <= 6
    assert said.endswith(" other lengths apart")


def test_where_so_many_markers_stand_that_any_figure_is_that_of_some_two_none_is_doubted():
    marks = [(START + timedelta(minutes=7 * n), (BEGINS, ENDS)[n % 2], None) for n in range(120)]
    assert check(*marks, end=None, impact="Out for 400 hours.") == ()
