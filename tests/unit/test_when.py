"""The WHEN grammar: what is a time, what is text, what is refused."""

import string
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from irscribe.domain.errors import RefusedError
from irscribe.domain.moment import Precision
from irscribe.domain.when import EARLIEST_YEAR, DayName, Parsed, Point, Unclear, When, Word, parse

FIFTEEN_FORTY = Point(clock=time(15, 40))
TWO_TO_HALF_PAST_THREE = When(begin=Point(clock=time(14, 0)), end=Point(clock=time(15, 30)))
SEVENTH = date(2019, 10, 7)


def at_offset(hours: float) -> When:
    return When(begin=Point(clock=time(15, 40), offset=timedelta(hours=hours)))


def dated(day: date | DayName, clock: time) -> When:
    return When(begin=Point(day=day, clock=clock))


def seconds(clock: time) -> When:
    return When(begin=Point(clock=clock, precision=Precision.SECOND))


@pytest.mark.parametrize(
    ("typed", "when"),
    [
        ("15:40", When(begin=FIFTEEN_FORTY)),
        ("9:40", When(begin=Point(clock=time(9, 40)))),
        ("00:00", When(begin=Point(clock=time(0, 0)))),
        ("15:40:05", seconds(time(15, 40, 5))),
        ("15:40:00", seconds(time(15, 40))),
        ("15:40:05.999999", seconds(time(15, 40, 5))),
        ("15:40:05,123", seconds(time(15, 40, 5))),
        ("15:40Z", When(begin=FIFTEEN_FORTY)),
        ("15:40 UTC", When(begin=FIFTEEN_FORTY)),
        ("15:40UTC", When(begin=FIFTEEN_FORTY)),
        ("15:40 GMT", When(begin=FIFTEEN_FORTY)),
        ("2019-10-07", When(begin=Point(day=SEVENTH, precision=Precision.DAY))),
        ("2019-10-07 14:00", dated(SEVENTH, time(14, 0))),
        ("2019-10-07T14:00Z", dated(SEVENTH, time(14, 0))),
        ("2020-02-29 14:00", dated(date(2020, 2, 29), time(14, 0))),
        ("yesterday 23:50", dated(DayName.YESTERDAY, time(23, 50))),
        ("yesterday at 23:50", dated(DayName.YESTERDAY, time(23, 50))),
        ("Today At 23:50", dated(DayName.TODAY, time(23, 50))),
        ("Yesterday 23:50", dated(DayName.YESTERDAY, time(23, 50))),
        ("today 00:10", dated(DayName.TODAY, time(0, 10))),
        ("now", When(begin=Word.NOW)),
        ("??:??", When(begin=Word.UNKNOWN)),
    ],
)
def test_a_time_is_read_as_typed(typed, when):
    assert parse(f"{typed} the switch died") == Parsed(when=when, rest="the switch died")


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("15:40+02:00", 2),
        ("15:40+0200", 2),
        ("15:40+02", 2),
        ("15:40 +0200", 2),
        ("15:40 +02:00", 2),
        ("15:40 +0530", 5.5),
        ("15:40 -0500", -5),
        ("15:40-0500", -5),
        ("15:40 -0330", -3.5),
        ("15:40 UTC+2", 2),
        ("15:40 UTC-5", -5),
        ("15:40 GMT+05:30", 5.5),
        ("[15:40 -0500]", -5),
    ],
)
def test_an_offset_is_read_glued_and_after_a_blank(typed, hours):
    assert parse(f"{typed} text") == Parsed(when=at_offset(hours), rest="text")


@pytest.mark.parametrize(
    "typed",
    [
        "~15:40",
        "~ 15:40",
        "15:40 (approximately)",
        "15:40 (Approximately)",
        "15:40 (approx.)",
        "ca. 15:40",
        "ca.15:40",
        "ca 15:40",
        "[~15:40]",
        "~[15:40]",
        "(15:40 (approximately))",
        "[15:40] (approximately)",
        "~15:40 UTC",
    ],
)
def test_an_approximate_time_says_so(typed):
    assert parse(f"{typed} text") == Parsed(when=When(begin=FIFTEEN_FORTY, approximate=True), rest="text")


@pytest.mark.parametrize(
    "typed",
    ["15:40", "14:00-15:30", "2019-10-07", "2019-10-07 14:00", "yesterday 23:50", "-10m", "10m ago", "now", "??:??"],
)
def test_a_tilde_and_brackets_stand_around_any_form(typed):
    plain = parse(f"{typed} text").when
    assert plain is not None
    approximate = When(begin=plain.begin, end=plain.end, approximate=True)
    assert parse(f"~{typed} text").when == parse(f"[~{typed}] text").when == approximate
    assert parse(f"[{typed}] text") == parse(f"( {typed} ) text") == Parsed(when=plain, rest="text")


@pytest.mark.parametrize("dash", ["-", " - ", "–", " – ", "—", " — ", "- ", " -"])
def test_a_range_is_read_with_any_dash_and_any_blanks(dash):
    assert parse(f"14:00{dash}15:30 text") == Parsed(when=TWO_TO_HALF_PAST_THREE, rest="text")


def test_hours_and_minutes_after_a_minus_are_the_end_of_a_range_and_no_offset():
    night = When(begin=Point(clock=time(20, 0)), end=Point(clock=time(5, 0)))
    assert parse("20:00-05:00 text").when == night
    assert parse("20:00 UTC-05:00 text").when == night


@pytest.mark.parametrize(
    ("typed", "clock", "hours"),
    [
        ("2026-11-28T21:14-07:00", time(21, 14), -7),
        ("2026-11-28t21:14-03:30", time(21, 14), -3.5),
        ("[2026-11-28T21:14-00:00]", time(21, 14), 0),
        ("2026-11-28T21:14+07:00", time(21, 14), 7),
    ],
)
def test_a_date_time_with_a_t_carries_an_offset_as_in_rfc_3339_and_is_no_range(typed, clock, hours):
    offset = timedelta(hours=hours)
    begin = Point(day=date(2026, 11, 28), clock=clock, offset=offset)
    assert parse(f"{typed} text") == Parsed(when=When(begin=begin), rest="text")


def test_both_ends_of_a_range_may_be_as_in_rfc_3339():
    when = parse("2026-11-28T21:14-07:00 - 2026-11-28T22:14-07:00: text").when
    begin = Point(day=date(2026, 11, 28), clock=time(21, 14), offset=timedelta(hours=-7))
    assert when == When(begin=begin, end=Point(day=begin.day, clock=time(22, 14), offset=begin.offset))


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-28 21:14-07:00 text",
        "2026-11-28  21:14-07:00: text",
        "~2026-11-28 21:14-07:00 text",
        "[2026-11-28 21:14-07:00] text",
        "at 2026-11-28 21:14-07:00 text",
        "2026-11-28 21:14 UTC-07:00 text",
    ],
)
def test_a_dated_time_with_a_blank_and_what_may_be_offset_or_end_is_unclear(typed):
    when, rest = parse(typed).when, parse(typed).rest
    assert isinstance(when.begin, Unclear)
    assert rest == "text"
    offset, range_ = (parse(reading).when for reading, _ in when.begin.readings)
    begin = Point(day=date(2026, 11, 28), clock=time(21, 14))
    approximate = typed.startswith("~")
    assert offset == When(begin=replace(begin, offset=timedelta(hours=-7)), approximate=approximate)
    assert range_ == When(begin=begin, end=Point(clock=time(7, 0)), approximate=approximate)


def test_the_second_end_of_a_range_may_have_an_offset_and_is_no_range_itself():
    when = parse("2026-11-28 20:00 - ~2026-11-28 21:14-07:00 text").when
    ((reading, _),) = when.begin.readings
    assert reading == "~2026-11-28 20:00 - 2026-11-28T21:14-07:00"
    assert parse(reading).when.end.offset == timedelta(hours=-7)


@pytest.mark.parametrize("end", ["15:30", "13:00", "00:10", "07:45"])
def test_a_dated_time_with_a_blank_and_what_is_nobodys_offset_is_a_range(end):
    when = parse(f"2026-11-28 21:14-{end} text").when
    assert when is not None
    assert when.end == Point(clock=time.fromisoformat(end))


@pytest.mark.parametrize("end", ["15:30", "22:30"])
def test_a_date_time_with_a_t_and_no_offset_may_only_be_a_range(end):
    assert [reading for reading, _ in parse(f"2026-11-28T21:14-{end} text").when.begin.readings] == [
        f"2026-11-28 21:14 - {end}"
    ]
    with pytest.raises(RefusedError, match="is no offset from UTC, and a range has two ends"):
        parse(f"2026-11-28 20:00 - 2026-11-28T21:14-{end} text")


@pytest.mark.parametrize("typed", ["25:00 PST x", "2026-11-28 24:10-05:00 x", "2026-11-28T24:10-14:30 x"])
def test_what_is_no_time_of_day_is_no_question_of_offsets(typed):
    with pytest.raises(RefusedError, match="is no time of day"):
        parse(typed)


@given(st.datetimes(min_value=datetime(EARLIEST_YEAR, 1, 1)), st.integers(0, 12 * 60 + 59))  # noqa: DTZ001 - the offset is typed
def test_every_western_offset_behind_a_t_is_read_and_never_a_range(moment, minutes):
    parsed = parse(f"{moment:%Y-%m-%dT%H:%M}-{minutes // 60:02}:{minutes % 60:02} text")
    begin = Point(day=moment.date(), clock=time(moment.hour, moment.minute), offset=timedelta(minutes=-minutes))
    assert parsed == Parsed(when=When(begin=begin), rest="text")


@pytest.mark.parametrize(
    "typed",
    ["15:40", "~15:40", "15:40Z", "14:00-15:30", "2019-10-07 14:00", "2019-10-07", "yesterday 23:50", "[15:40]"],
)
@pytest.mark.parametrize("at", ["at", "At", "AT "])
def test_at_before_a_time_changes_nothing(typed, at):
    assert parse(f"{at} {typed}: text") == parse(f"{typed}: text")


@pytest.mark.parametrize("text", ["at now it broke", "at -10m", "at ??:?? text", "at last", "at 80:20", "attic 15:40"])
def test_at_before_anything_else_is_text(text):
    assert parse(text) == Parsed(when=None, rest=text)


def test_each_end_of_a_range_may_carry_a_date_or_an_offset():
    when = parse("2019-10-07 23:00+02:00 - 2019-10-08 01:00 -0500 text").when
    assert when == When(
        begin=Point(day=SEVENTH, clock=time(23, 0), offset=timedelta(hours=2)),
        end=Point(day=date(2019, 10, 8), clock=time(1, 0), offset=timedelta(hours=-5)),
    )


def test_days_make_a_range_too():
    when = parse("2019-10-07 - 2019-10-08 text").when
    first = Point(day=SEVENTH, precision=Precision.DAY)
    assert when == When(begin=first, end=Point(day=date(2019, 10, 8), precision=Precision.DAY))


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("-10m", timedelta(minutes=10)),
        ("-1h30m", timedelta(hours=1, minutes=30)),
        ("-2d", timedelta(days=2)),
        ("-90s", timedelta(seconds=90)),
        ("-1d2h3m4s", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("10m ago", timedelta(minutes=10)),
        ("1h30m ago", timedelta(minutes=90)),
        ("10 minutes ago", timedelta(minutes=10)),
        ("1 hour 30 min ago", timedelta(minutes=90)),
    ],
)
def test_that_long_ago_is_read_as_a_span(typed, span):
    assert parse(f"{typed}: text") == Parsed(when=When(begin=span), rest="text")


@pytest.mark.parametrize(
    "typed",
    ["15:40: text", "15:40, text", "15:40 - text", "15:40 – text", "15:40— text", "15:40 : text", "  15:40   text"],
)
def test_one_separator_between_time_and_text_is_eaten(typed):
    assert parse(typed) == Parsed(when=When(begin=FIFTEEN_FORTY), rest="text")


@pytest.mark.parametrize("text", ["- text", "-v is missing", ":) fine again", "-5% traffic", "(approximately 3 hosts)"])
def test_what_is_no_lone_separator_stays_in_the_text(text):
    assert parse(f"15:40: {text}").rest == text


@pytest.mark.parametrize("text", ["-v is missing", ":) fine again", "-5% traffic", "–5 °C in the rack"])
def test_a_separator_glued_to_the_text_belongs_to_the_text(text):
    assert parse(f"15:40 {text}").rest == text


def test_a_dash_before_a_word_ends_the_time_and_begins_no_range():
    assert parse("14:00 - restart") == Parsed(when=When(begin=Point(clock=time(14, 0))), rest="restart")


@pytest.mark.parametrize("text", ["+20 servers added", "80:20 rule", "ESTABLISHED", "est", "WEST-coast", "UTCish"])
def test_words_after_a_time_that_only_look_like_a_part_of_it_are_text(text):
    assert parse(f"15:40 {text}") == Parsed(when=When(begin=FIFTEEN_FORTY), rest=text)


def test_an_abbreviation_behind_a_given_offset_is_text():
    assert parse("15:40+01:00 CET noon peak") == Parsed(when=at_offset(1), rest="CET noon peak")


@pytest.mark.parametrize("typed", ["15:40", "15:40:", " 15:40 ", "[15:40]", "15:40 -", "now", "-10m"])
def test_a_time_with_no_text_leaves_the_text_empty(typed):
    parsed = parse(typed)
    assert parsed.when is not None
    assert parsed.rest == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2 servers down",
        "3.5k errors",
        "10x traffic",
        "80:20 rule",
        "80:90",
        "in 2 servers down",
        "10:20:30:40 flapping",
        "10:20:30:40:50:60 flapping",
        "25:10:30:40:50:60 flapping",
        "10:20:ab:cd:ef:01 flapping",
        "12:34::1 unreachable",
        "nowhere to go",
        "Now serving errors",
        "yesterday we saw this",
        "10m users affected",
        "-10 is the limit",
        "-10mish",
        "- text",
        "~20 servers",
        "ca. 20 servers",
        "from 3 servers",
        "5 pm2 processes",
        "2240 hosts down",
        "2240 users affected",
        "1003 is back",
        "1004 was drained",
        "1200 of them",
        "2000 req/s",
        "1500 processes",
        "2240ms",
        "2460 restarted",
        "2260 restarted",
        "12.50 GB free",
        "12.50% errors",
        "10.20.30 released",
        "10.64.0.1 down",
        "1003.eqiad down",
        "1.30 released",
        "3.50 euros",
        "T-5",
        "T-1000 found",
        "T-5m2 found",
        "T123456 filed",
        "noonday",
        "afternoon",
        "١٥:٤٠ text",
        "１５:４０ text",
    ],
)
def test_text_that_is_no_time_is_left_alone(text):
    assert parse(text) == Parsed(when=None, rest=text)


@pytest.mark.parametrize(
    "typed",
    ["24:00", "24:00 text", "29:59 x", "15:60 x", "15:40:75 x", "14:00-24:00 x", "2019-10-07 24:00 x", "[25:10] x"],
)
def test_an_hour_from_24_to_29_and_a_minute_from_60_are_refused(typed):
    with pytest.raises(RefusedError, match=r"is no time of day \(those are 00:00 to 23:59\)"):
        parse(typed)


@pytest.mark.parametrize("typed", ["2026-02-30 14:00", "2019-02-29 x", "2019-13-01 x", "2019-00-00", "0219-10-07 x"])
def test_a_day_that_does_not_exist_is_refused(typed):
    with pytest.raises(RefusedError, match=r"is no date I can use: type a day that exists, as YYYY-MM-DD"):
        parse(typed)


ZONES = [
    "CET",
    "CEST",
    "BST",
    "IST",
    "EST",
    "EDT",
    "CST",
    "CDT",
    "MST",
    "MDT",
    "PST",
    "PDT",
    "EET",
    "EEST",
    "WET",
    "WEST",
]
ZONES += ["MSK", "JST", "AEST", "AEDT"]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "typed", ["15:40{}", "15:40 {} x", "15:40 {}: x", "[15:40 {}] x", "14:00-15:40 {} x", "2019-10-07 15:40 {} x"]
)
def test_an_ambiguous_zone_is_refused_with_the_way_to_give_an_offset(typed, zone):
    with pytest.raises(RefusedError, match=rf"^{zone} can mean .* type the offset in its place \(\+01:00, -0500\)"):
        parse(typed.format(zone))


@pytest.mark.parametrize("typed", ["2019-10-07 - 14:00 x", "14:00 - 2019-10-07 x"])
def test_a_range_from_a_day_to_a_time_is_refused(typed):
    with pytest.raises(RefusedError, match="make no range"):
        parse(typed)


@pytest.mark.parametrize("typed", ["-99999999999d", f"-{'9' * 5000}m x", f"{'9' * 400}h ago x"])
def test_an_absurd_span_is_refused(typed):
    with pytest.raises(RefusedError, match="longer ago than I can count"):
        parse(typed)


TOKENS = ["15:40", "24:00", "2019-10-07", "2019-02-30", "??:??", "now", "yesterday ", "-10m", " ago", "CET", " UTC"]
TOKENS += [
    "+02:00",
    " -0500",
    "ca. ",
    " (approximately)",
    "ish",
    "pm",
    "from ",
    "at ",
    "T-5m",
    "T21:14-07:00",
    "22.40",
    "2240",
    "noon",
    "9" * 60,
    "٣",
    "ſ",
    "İ",
]
PIECES = st.sampled_from([*"0123456789:-–—~[]()+., \t?ZTm", *TOKENS])


@given(st.text() | st.lists(PIECES, max_size=12).map("".join))
@example("9" * 6000)
@example("-" + "9" * 6000 + "d")
@example("2019-10-07" * 50)
def test_any_text_is_a_time_or_text_or_refused_and_nothing_of_it_is_lost(text):
    try:
        parsed = parse(text)
    except RefusedError:
        return
    assert text.endswith(parsed.rest)
    if parsed.when is None:
        assert parsed.rest == text.lstrip()


@given(st.text(string.ascii_lowercase + string.digits + "% ", min_size=1).map(str.strip).filter(bool))
def test_text_behind_a_time_comes_back_as_typed(text):
    assert parse(f"2019-10-07 15:40Z: {text}").rest == text
