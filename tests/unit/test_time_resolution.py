"""The day rule: which moment a typed WHEN is."""

import re
import time as process_clock
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.errors import RefusedError
from irscribe.domain.moment import Moment, Precision, unstamp
from irscribe.domain.spelling import spell
from irscribe.domain.time_resolution import (
    LONGEST_AHEAD,
    LONGEST_OVER_MIDNIGHT,
    LONGEST_UNCLEAR_AHEAD,
    Context,
    carries_date,
    far_back,
    is_retrospective,
    require_when,
    resolve,
)
from irscribe.domain.when import parse

DAY = 24 * 60 * 60
_DATED = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
READINGS = re.compile(f"~?{_DATED}(?: - {_DATED})?")
AFTERNOON = "2019-10-07T16:00:30Z"


def at(stamped: str) -> datetime:
    return unstamp(stamped)


def live(said_at: str, typed: str) -> Moment:
    return resolve(parse(typed).when, context=Context(said_at=at(said_at)))


def retrospective(typed: str, *, day: date, said_at: str = "2019-10-20T09:00:00Z") -> Moment:
    return resolve(parse(typed).when, context=Context(said_at=at(said_at), retrospective=True, day=day))


@pytest.mark.parametrize("typed", ["text without a time", "now text"])
def test_nothing_typed_and_now_are_the_second_it_was_said(typed):
    assert live(AFTERNOON, typed) == Moment(at=at(AFTERNOON), precision=Precision.SECOND)


def test_fractions_of_the_server_time_are_dropped():
    said_at = at(AFTERNOON).replace(microsecond=999_999)
    assert resolve(None, context=Context(said_at=said_at)).at == at(AFTERNOON)


def test_a_said_at_of_another_zone_is_converted():
    said_at = at(AFTERNOON).astimezone(timezone(timedelta(hours=9)))
    moment = resolve(parse("yesterday 23:50").when, context=Context(said_at=said_at))
    assert moment.at == at("2019-10-06T23:50:00Z")
    assert moment.at.tzinfo is UTC


@pytest.mark.parametrize(
    ("said_at", "typed", "expected"),
    [
        (AFTERNOON, "15:40", "2019-10-07T15:40:00Z"),
        (AFTERNOON, "16:05", "2019-10-07T16:05:00Z"),
        (AFTERNOON, "17:01", "2019-10-06T17:01:00Z"),
        ("2019-10-07T00:02:00Z", "23:58", "2019-10-06T23:58:00Z"),
        ("2019-10-07T23:58:00Z", "00:01", "2019-10-08T00:01:00Z"),
        ("2019-10-07T23:58:00Z", "00:03", "2019-10-08T00:03:00Z"),
        ("2019-10-07T23:58:00Z", "00:59", "2019-10-07T00:59:00Z"),
        ("2019-10-07T00:00:00Z", "00:00", "2019-10-07T00:00:00Z"),
        ("2020-03-01T00:10:00Z", "23:50", "2020-02-29T23:50:00Z"),
        ("2019-03-01T00:10:00Z", "23:50", "2019-02-28T23:50:00Z"),
        ("2020-01-01T00:10:00Z", "23:50", "2019-12-31T23:50:00Z"),
        ("2019-12-31T23:59:00Z", "00:01", "2020-01-01T00:01:00Z"),
        ("2020-01-01T00:10:00Z", "yesterday 23:50", "2019-12-31T23:50:00Z"),
        ("2020-03-01T12:00:00Z", "yesterday 23:50", "2020-02-29T23:50:00Z"),
    ],
)
def test_a_bare_time_in_a_live_incident_is_the_latest_such_moment(said_at, typed, expected):
    assert live(said_at, typed) == Moment(at=at(expected))


@pytest.mark.parametrize(
    ("said_at", "typed", "expected"),
    [
        (AFTERNOON, "15:40+02:00", "2019-10-07T13:40:00Z"),
        (AFTERNOON, "00:30+02:00", "2019-10-06T22:30:00Z"),
        ("2019-10-06T22:40:00Z", "00:30+02:00", "2019-10-06T22:30:00Z"),
        ("2019-10-07T03:10:00Z", "22:05 -0500", "2019-10-07T03:05:00Z"),
        (AFTERNOON, "2019-10-07 00:30+02:00", "2019-10-06T22:30:00Z"),
        (AFTERNOON, "2019-10-06T22:05 -0500", "2019-10-07T03:05:00Z"),
        (AFTERNOON, "2019-10-06T22:05-05:00", "2019-10-07T03:05:00Z"),
    ],
)
def test_an_offset_is_converted_across_midnight(said_at, typed, expected):
    assert live(said_at, typed).at == at(expected)


@pytest.mark.parametrize(
    ("typed", "begin", "end"),
    [
        ("14:00-15:30", "2019-10-07T14:00:00Z", "2019-10-07T15:30:00Z"),
        ("15:50-17:30", "2019-10-07T15:50:00Z", "2019-10-07T17:30:00Z"),
        ("20:00-05:00", "2019-10-06T20:00:00Z", "2019-10-07T05:00:00Z"),
        ("yesterday 23:50 - 00:10", "2019-10-06T23:50:00Z", "2019-10-07T00:10:00Z"),
        ("2019-02-28 23:00–01:00", "2019-02-28T23:00:00Z", "2019-03-01T01:00:00Z"),
        ("2019-01-07 14:00 - 2019-10-07 15:30", "2019-01-07T14:00:00Z", "2019-10-07T15:30:00Z"),
        ("14:00+02:00-15:30+02:00", "2019-10-07T12:00:00Z", "2019-10-07T13:30:00Z"),
        ("2019-10-06 23:30Z - 2019-10-07 02:00+02:00", "2019-10-06T23:30:00Z", "2019-10-07T00:00:00Z"),
        ("14:00-02:00", "2019-10-07T14:00:00Z", "2019-10-08T02:00:00Z"),
        ("2019-10-06 23:50-00:10", "2019-10-06T23:50:00Z", "2019-10-07T00:10:00Z"),
        ("01:00+02:00-23:00+02:00", "2019-10-06T23:00:00Z", "2019-10-07T21:00:00Z"),
    ],
)
def test_a_bare_end_is_the_first_such_time_after_the_begin(typed, begin, end):
    assert live(AFTERNOON, typed) == Moment(at=at(begin), until=at(end))


def test_seconds_on_one_end_make_the_range_precise_to_the_second():
    assert live(AFTERNOON, "14:00-15:30:10").precision is Precision.SECOND


def test_days_are_precise_to_the_day():
    begin, end = at("2019-10-06T00:00:00Z"), at("2019-10-07T00:00:00Z")
    assert live(AFTERNOON, "2019-10-07") == Moment(at=end, precision=Precision.DAY)
    assert live(AFTERNOON, "2019-10-06 - 2019-10-07") == Moment(at=begin, until=end, precision=Precision.DAY)


def test_a_time_not_known_has_no_place_of_its_own():
    assert live(AFTERNOON, "??:??") == Moment(at=None, precision=Precision.UNKNOWN)


@pytest.mark.parametrize(
    ("typed", "expected", "precision"),
    [
        ("-10m", "2019-10-07T15:50:00Z", Precision.MINUTE),
        ("10m ago", "2019-10-07T15:50:00Z", Precision.MINUTE),
        ("-1h30m", "2019-10-07T14:30:00Z", Precision.MINUTE),
        ("-2d", "2019-10-05T16:00:00Z", Precision.MINUTE),
        ("-17h", "2019-10-06T23:00:00Z", Precision.MINUTE),
        ("-40s", "2019-10-07T15:59:50Z", Precision.SECOND),
    ],
)
def test_that_long_ago_counts_from_when_it_was_said(typed, expected, precision):
    assert live(AFTERNOON, typed) == Moment(at=at(expected), precision=precision)


def test_approximate_is_kept():
    assert live(AFTERNOON, "~15:20") == Moment(at=at("2019-10-07T15:20:00Z"), approximate=True)


@pytest.mark.parametrize(
    "typed", ["2019-10-07 16:06", "2019-10-08", "today 23:00", "2019-10-08 14:00-15:30", "2099-01-01"]
)
def test_a_begin_more_than_five_minutes_ahead_is_refused(typed):
    with pytest.raises(RefusedError, match=r"is in the future \(it is 2019-10-07 16:00 UTC\)"):
        live(AFTERNOON, typed)


def test_a_note_three_seconds_in_the_future_is_taken():
    assert live(AFTERNOON, "16:00:33").at == at("2019-10-07T16:00:33Z")
    assert live(AFTERNOON, "2019-10-07 16:00:33").at == at("2019-10-07T16:00:33Z")


@pytest.mark.parametrize(
    ("said_at", "typed", "to_come", "past"),
    [
        ("2019-10-07T23:00:00Z", "23:10", "2019-10-07 23:10", "2019-10-06 23:10"),
        ("2019-10-07T23:00:00Z", "23:10:05", "2019-10-07 23:10:05", "2019-10-06 23:10:05"),
        ("2019-10-07T23:00:00Z", "23:10-23:20", "2019-10-07 23:10", "2019-10-06 23:10 - 2019-10-06 23:20"),
        ("2019-10-07T23:00:00Z", "~23:10-23:20", "2019-10-07 23:10", "~2019-10-06 23:10 - 2019-10-06 23:20"),
        ("2019-10-07T23:00:00Z", "23:50-00:10", "2019-10-07 23:50", "2019-10-06 23:50 - 2019-10-07 00:10"),
        ("2019-10-07T23:00:00Z", "23:10-22:50", "2019-10-07 23:10", "2019-10-06 23:10 - 2019-10-07 22:50"),
        (
            "2019-10-07T23:00:00Z",
            "23:10-23:20:30",
            "2019-10-07 23:10:00",
            "2019-10-06 23:10:00 - 2019-10-06 23:20:30",
        ),
        ("2019-10-07T23:00:00Z", "~00:00", "2019-10-08 00:00", "~2019-10-07 00:00"),
        ("2019-10-07T23:58:00Z", "00:04", "2019-10-08 00:04", "2019-10-07 00:04"),
        ("2019-10-07T23:00:00Z", "01:30+02:00", "2019-10-07 23:30", "2019-10-06 23:30"),
    ],
)
def test_a_bare_time_within_the_next_hour_is_refused_with_both_readings(said_at, typed, to_come, past):
    with pytest.raises(RefusedError) as refusal:
        live(said_at, typed)
    assert READINGS.findall(str(refusal.value)) == [to_come, past]


def test_a_bare_time_within_the_next_hour_is_not_offered_with_an_end_that_would_be_refused():
    with pytest.raises(RefusedError, match=r"ends .* before it begins"):
        live("2019-10-07T23:00:00Z", "23:10 - 2019-10-06 20:00")


def test_a_time_of_yesterday_within_the_next_hour_is_taken_with_its_day():
    assert live("2019-10-07T23:00:00Z", "yesterday 23:10").at == at("2019-10-06T23:10:00Z")
    assert retrospective("23:10", day=date(2019, 10, 6)).at == at("2019-10-06T23:10:00Z")


@pytest.mark.parametrize(
    ("typed", "swapped", "overnight"),
    [
        ("23:05-22:55", "2019-10-07 22:55 - 2019-10-07 23:05", "2019-10-07 23:05 - 2019-10-08 22:55"),
        ("yesterday 23:05 - 22:55", "2019-10-06 22:55 - 2019-10-06 23:05", "2019-10-06 23:05 - 2019-10-07 22:55"),
        ("14:00-14:00", "2019-10-07 14:00", "2019-10-07 14:00 - 2019-10-08 14:00"),
        ("~23:05-22:55", "~2019-10-07 22:55 - 2019-10-07 23:05", "~2019-10-07 23:05 - 2019-10-08 22:55"),
        ("14:00–02:01", "2019-10-07 02:01 - 2019-10-07 14:00", "2019-10-07 14:00 - 2019-10-08 02:01"),
    ],
)
def test_a_bare_end_before_its_begin_is_refused_with_both_readings(typed, swapped, overnight):
    with pytest.raises(RefusedError, match="ends before it begins") as refusal:
        live("2019-10-07T23:30:00Z", typed)
    assert READINGS.findall(str(refusal.value)) == [swapped, overnight]


@pytest.mark.parametrize("typed", ["2019-10-07 15:00 - 2019-10-07 14:59", "2019-10-07 - 2019-10-06"])
def test_a_range_that_ends_before_it_begins_is_refused(typed):
    with pytest.raises(RefusedError, match=r"That range ends \(.*\) before it begins"):
        live(AFTERNOON, typed)


@pytest.mark.parametrize("typed", ["-999999d", "-99999d", "2019-10-07 14:00 - 9999-12-31 23:59 -0500"])
def test_a_time_out_of_reach_is_refused(typed):
    with pytest.raises(RefusedError, match="further away than I can count"):
        live(AFTERNOON, typed)


@pytest.mark.parametrize("typed", ["00:01 - 9999-12-31 23:59", "2019-01-01 - 2020-01-03"])
def test_a_range_of_more_than_a_year_is_refused(typed):
    with pytest.raises(RefusedError, match="longer than a year"):
        live(AFTERNOON, typed)


def test_a_range_of_a_year_is_taken():
    assert live(AFTERNOON, "2019-01-01 - 2020-01-02").until == at("2020-01-02T00:00:00Z")


def test_a_bare_time_in_a_retrospective_incident_is_of_the_day_before_it():
    assert retrospective("23:50", day=date(2019, 10, 7)).at == at("2019-10-07T23:50:00Z")
    assert retrospective("00:10", day=date(2019, 10, 8)).at == at("2019-10-08T00:10:00Z")
    assert retrospective("14:00", day=date(2020, 2, 29), said_at=AFTERNOON.replace("2019", "2020")).at == at(
        "2020-02-29T14:00:00Z"
    )


def test_a_range_over_midnight_in_a_retrospective_incident_ends_on_the_next_day():
    moment = retrospective("23:50-00:10", day=date(2019, 12, 31), said_at="2020-01-20T09:00:00Z")
    assert moment == Moment(at=at("2019-12-31T23:50:00Z"), until=at("2020-01-01T00:10:00Z"))


def test_a_bare_time_still_to_come_on_the_day_of_a_closed_incident_is_refused():
    with pytest.raises(RefusedError, match="2019-10-20 18:00 is in the future"):
        retrospective("18:00", day=date(2019, 10, 20))


def test_the_day_of_the_entry_before_does_not_count_while_an_incident_is_live():
    context = Context(said_at=at(AFTERNOON), day=date(2019, 1, 7))
    assert resolve(parse("15:40").when, context=context).at == at("2019-10-07T15:40:00Z")


def test_an_incident_of_nine_months_takes_bare_times_as_of_today():
    assert live("2020-07-01T09:00:00Z", "08:55").at == at("2020-07-01T08:55:00Z")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati"])
def test_the_zone_of_the_process_and_its_clock_changes_move_nothing(monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    process_clock.tzset()
    try:
        assert live("2021-10-31T01:10:00Z", "00:50").at == at("2021-10-31T00:50:00Z")
        assert live("2021-10-31T03:00:00Z", "00:30-02:30").until == at("2021-10-31T02:30:00Z")
        assert live("2021-03-28T02:30:00Z", "-90m").at == at("2021-03-28T01:00:00Z")
    finally:
        monkeypatch.undo()
        process_clock.tzset()


def test_a_note_without_a_time_is_refused_while_an_incident_is_written_down_afterwards():
    context = Context(said_at=at(AFTERNOON), retrospective=True, day=date(2019, 1, 7))
    with pytest.raises(RefusedError, match="`now` if you mean now"):
        require_when(parse("text").when, context=context)
    require_when(parse("now text").when, context=context)
    require_when(None, context=Context(said_at=at(AFTERNOON)))


@pytest.mark.parametrize(
    ("typed", "dated"),
    [
        ("2019-10-06 14:00", True),
        ("2019-10-06", True),
        ("yesterday 23:50", True),
        ("2019-10-05 23:50-00:10", True),
        ("15:40", False),
        ("14:00-15:30", False),
        ("-2d", False),
        ("now", False),
        ("??:??", False),
        ("text", False),
    ],
)
def test_a_typed_date_moves_the_day_of_what_this_person_types_next(typed, dated):
    assert carries_date(parse(typed).when) is dated


@pytest.mark.parametrize(
    ("typed", "previous", "hint"),
    [
        ("00:10", "2019-10-07T23:50:00Z", True),
        ("11:49", "2019-10-07T23:50:00Z", True),
        ("11:50", "2019-10-07T23:50:00Z", False),
        ("00:10-00:20", "2019-10-07T23:50:00Z", True),
        ("00:10", None, False),
        ("2019-10-07 00:10", "2019-10-07T23:50:00Z", False),
        ("-15d", "2019-10-07T23:50:00Z", False),
        ("??:??", "2019-10-07T23:50:00Z", False),
        ("text", "2019-10-21T23:50:00Z", False),
    ],
)
def test_a_bare_time_more_than_twelve_hours_before_the_entry_before_it_gets_a_hint(typed, previous, hint):
    context = Context(
        said_at=at("2019-10-20T09:00:00Z"),
        retrospective=True,
        day=date(2019, 10, 7),
        previous=at(previous) if previous else None,
    )
    when = parse(typed).when
    assert far_back(when, resolve(when, context=context), context=context) is hint


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2019-10-06 16:00", True),
        ("2019-10-06 16:00:29", True),
        ("2019-10-06 16:00:30", False),
        ("2019-10-06", True),
        ("15:40", False),
        ("-2d", True),
        ("??:??", False),
        ("", False),
    ],
)
def test_an_incident_opened_for_more_than_a_day_ago_is_retrospective(typed, expected):
    assert is_retrospective(live(AFTERNOON, typed), at(AFTERNOON)) is expected


SAID = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive, the zone is given


def utc(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def placed(typed: str, said_at: datetime) -> Moment | str:
    """The moment of a WHEN in a live incident, or why it is refused."""
    try:
        return resolve(parse(f"{typed} text").when, context=Context(said_at=said_at))
    except RefusedError as refusal:
        return str(refusal)


@given(said_at=SAID, typed=st.times(), hours=st.integers(-12, 14))
def test_a_bare_time_is_within_the_day_that_ends_five_minutes_from_now_or_refused_within_the_hour(
    said_at, typed, hours
):
    sign = " -" if hours < 0 else "+"
    found = placed(f"{typed:%H:%M:%S}{sign}{abs(hours):02}00", said_at)
    ahead = timedelta(seconds=(seconds_of(typed) - hours * 3600 - seconds_of(said_at.time())) % DAY)
    if LONGEST_AHEAD < ahead <= LONGEST_UNCLEAR_AHEAD:
        assert "still to come" in found
        return
    limit = utc(said_at) + LONGEST_AHEAD
    assert limit - timedelta(days=1) < found.at <= limit
    assert (found.at + timedelta(hours=hours)).time() == utc(typed)


@given(said_at=SAID, begin=st.times(), end=st.times())
def test_a_bare_range_is_read_as_typed_or_refused_but_never_lasts_most_of_a_day_by_mistake(said_at, begin, end):
    found = placed(f"{begin:%H:%M} - {end:%H:%M}", said_at)
    if isinstance(found, str):
        assert "still to come" in found or "ends before it begins" in found
        return
    length = found.until - found.at
    assert timedelta() < length < timedelta(days=1)
    assert length <= LONGEST_OVER_MIDNIGHT or found.until.date() == found.at.date()


CLOSE_TO_NOW = st.timedeltas(timedelta(hours=-1), timedelta(hours=2))


@given(said_at=SAID, begin=st.times() | CLOSE_TO_NOW, end=st.times(), mark=st.sampled_from(["", "~"]))
def test_what_a_refused_time_or_range_may_be_typed_as_is_taken_as_it_says(said_at, begin, end, mark):
    begin = begin if isinstance(begin, time) else (said_at + begin).time()
    for ends in ([begin], [begin, end]):
        for clock in ("%H:%M", "%H:%M:%S"):
            typed = [f"{each:{clock}}" for each in ends]
            assert_readings_are_taken(placed(mark + "-".join(typed), said_at), typed, said_at, approximate=bool(mark))


def assert_readings_are_taken(refusal: Moment | str, typed: list[str], said_at: datetime, *, approximate: bool) -> None:
    """Each reading that a refusal offers is of the times typed, and is accepted as it stands."""
    readings = READINGS.findall(refusal) if isinstance(refusal, str) else []
    if readings and "still to come" in refusal:
        assert "is in the future" in placed(readings.pop(0), said_at)
    for reading in readings:
        moment = placed(reading, said_at)
        assert spell(moment) == reading
        assert moment.approximate is approximate
        assert {each.time() for each in (moment.at, moment.until) if each} == {
            time.fromisoformat(each) for each in typed
        }


def seconds_of(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second


@given(said_at=SAID, text=st.text("0123456789:-~ TZ+dhm?now[]", max_size=30))
def test_whatever_is_typed_becomes_a_moment_or_is_refused(said_at, text):
    try:
        moment = resolve(parse(text).when, context=Context(said_at=said_at))
    except RefusedError:
        return
    assert moment.at is None or moment.at.utcoffset() == timedelta()


DATED = "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:]{5,8}(?:-[0-9]{2}:[0-9]{2})?"
OFFERED = re.compile(rf"(?:type|or) (~?{DATED}(?: - (?:{DATED}|[0-9:]+))?)")


def refusal_of(typed: str, said_at: str) -> str:
    with pytest.raises(RefusedError) as refusal:
        live(said_at, typed)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("said_at", "typed", "offered"),
    [
        (
            "2026-11-30T12:39:00Z",
            "2026-11-28 21:14-07:00",
            ["2026-11-28T21:14-07:00", "2026-11-28 21:14 - 07:00"],
        ),
        ("2026-11-30T12:39:00Z", "2026-11-29 10:28-05:00", ["2026-11-29T10:28-05:00"]),
        ("2026-11-30T12:39:00Z", "~2026-11-30 01:30-12:00", ["~2026-11-30 01:30 - 12:00"]),
        ("2026-11-30T12:39:00Z", "2026-11-28T21:14-22:30", ["2026-11-28 21:14 - 22:30"]),
        (
            "2026-11-30T12:39:00Z",
            "2026-11-28T17:09-14:31",
            ["2026-11-28 14:31 - 2026-11-28 17:09", "2026-11-28 17:09 - 2026-11-29 14:31"],
        ),
        (
            "2026-11-29T12:39:00Z",
            "2026-11-29 10:28-05:00",
            ["2026-11-29 05:00 - 2026-11-29 10:28", "2026-11-29 10:28 - 2026-11-30 05:00"],
        ),
        ("2026-11-30T12:39:00Z", "2026-12-24 10:28-11:00", []),
        ("2026-11-30T12:39:00Z", "2026-11-30 16:00 - 02:00", []),
        ("2026-11-30T12:39:00Z", "2026-11-30 14:00 - 12:00", ["2026-11-30 12:00 - 2026-11-30 14:00"]),
    ],
)
def test_only_readings_that_are_accepted_are_offered(said_at, typed, offered):
    assert OFFERED.findall(refusal_of(typed, said_at)) == offered
    assert all(live(said_at, reading).at for reading in offered)


def test_where_no_reading_is_accepted_the_refusal_says_why():
    assert "is in the future" in refusal_of("2026-12-24 10:28-11:00", "2026-11-30T12:39:00Z")
    assert "is in the future" in refusal_of("2026-11-30 16:00 - 15:00", "2026-11-30T02:39:00Z")


CLOCKS = st.times().map("{:%H:%M}".format)
ENDS = st.builds("{:02}:{}".format, st.integers(0, 23), st.sampled_from(["00", "30", "14"]))


@given(
    said_at=SAID,
    days=st.integers(-2, 2),
    typed=st.tuples(
        st.sampled_from(["", "~", "at "]), st.sampled_from(["", " ", "T"]), CLOCKS, st.sampled_from(["-", " - "]), ENDS
    ),
)
def test_every_reading_that_a_refusal_offers_is_accepted_at_that_moment_and_is_what_it_says(said_at, days, typed):
    mark, joint, begin, dash, end = typed
    day = f"{said_at + timedelta(days=days):%Y-%m-%d}{joint}" if joint else ""
    found = placed(f"{mark}{day}{begin}{dash}{end}", said_at)
    for reading in OFFERED.findall(found) if isinstance(found, str) else []:
        again = placed(reading, said_at)
        assert isinstance(again, Moment), (found, again)
        assert again.approximate is (mark == "~")
        assert ("behind UTC" in found and "T" in reading) or f"{again.at:%Y-%m-%d %H:%M}" in reading
