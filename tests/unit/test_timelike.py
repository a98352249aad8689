"""Text that begins like a time and is none: which WHEN it may have been meant as."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from irscribe.domain import timelike
from irscribe.domain.errors import RefusedError
from irscribe.domain.timelike import Today, spell_time, suggest
from irscribe.domain.when import parse

TODAY = Today(said_at=datetime(2026, 11, 30, 12, 0, 20, tzinfo=UTC), near=date(2026, 11, 30))


def meant(text, today=TODAY):
    found = suggest(text, today)
    return found and found.when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("15:40-restart", "15:40"),
        ("15:40:deploy", "15:40"),
        ("15:40. Restarted", "15:40"),
        ("[15:40]text", "15:40"),
        ("(15:40 restart began)", "15:40"),
        ("15:40+20:00 text", "15:40"),
        ("3:40 pm text", "15:40"),
        ("3:40PM text", "15:40"),
        ("3.40pm switch died", "15:40"),
        ("from 14:00 onwards", "14:00"),
        ("since 9:05 text", "09:05"),
        ("1540Z text", "15:40"),
        ("1540 UTC text", "15:40"),
        ("22.40 switch died", "22:40"),
        ("22.40: switch died", "22:40"),
        ("22.40 deployed the fix", "22:40"),
        ("1.45 hello", "01:45"),
        ("1.45", "01:45"),
        ("2240 switch died", "22:40"),
        ("2240: hosts went down", "22:40"),
        ("[2240] switch died", "22:40"),
        ("0005", "00:05"),
        ("at 2240 text", "22:40"),
        ("1:4 x", "01:04"),
        ("22:4 x", "22:04"),
        ("01h45 x", "01:45"),
        ("22H40: x", "22:40"),
    ],
)
def test_a_time_in_another_spelling_is_meant_to_the_minute(text, when):
    assert meant(text) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("15:40ish switch died", "~15:40"),
        ("~15:40ish switch died", "~15:40"),
        ("~22.40 switch died", "~22:40"),
        ("2240ish switch died", "~22:40"),
        ("around 22.40 text", "~22:40"),
        ("At around 9:05 text", "~09:05"),
        ("3pm", "~15:00"),
        ("3 p.m. text", "~15:00"),
        ("12am text", "~00:00"),
        ("12pm text", "~12:00"),
        ("noon: failed over", "~12:00"),
        ("around noon text", "~12:00"),
        ("Midday text", "~12:00"),
        ("midnight text", "~00:00"),
    ],
)
def test_a_time_that_was_typed_as_approximate_stays_so(text, when):
    assert meant(text) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("T-5m failed over", "11:55"),
        ("T-5 failed over", "11:55"),
        ("T-5: failed over", "11:55"),
        ("T-1h30m: failed over", "10:30"),
        ("T-10min failed over", "11:50"),
        ("T-13h failed over", "2026-11-29 23:00"),
        ("+5m x", "11:55"),
        ("+10m x", "11:50"),
        ("+1h x", "11:00"),
        ("half an hour ago x", "~11:30"),
        ("an hour ago x", "~11:00"),
        ("Two hours ago: x", "~10:00"),
        ("five minutes ago x", "~11:55"),
        ("about 10 minutes ago x", "~11:50"),
        ("around -10m x", "~11:50"),
    ],
)
def test_a_span_means_the_time_that_long_ago(text, when):
    assert meant(text) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2019/10/07 14:00 text", "2019-10-07 14:00"),
        ("2019-10-07T14 text", "2019-10-07"),
        ("since 2019-10-07 14:00", "2019-10-07 14:00"),
        ("2019-10-07 22.40 text", "2019-10-07 22:40"),
        ("2019-10-07 around noon text", "~2019-10-07 12:00"),
        ("Nov 29 22:40 x", "2026-11-29 22:40"),
        ("November 29, 22:40 x", "2026-11-29 22:40"),
        ("Nov 29th at 2240 x", "2026-11-29 22:40"),
        ("29 Nov 22:40 x", "2026-11-29 22:40"),
        ("29. November 22.40 x", "2026-11-29 22:40"),
        ("Nov 29 2025 22:40 x", "2025-11-29 22:40"),
        ("29.11. 22:40 x", "2026-11-29 22:40"),
        ("29.11 22:40 x", "2026-11-29 22:40"),
        ("10.11. 22:40 x", "2026-11-10 22:40"),
        ("29.11.2025 22:40 x", "2025-11-29 22:40"),
        ("Dec 1 22:40 x", "2025-12-01 22:40"),
        ("yesterday hi", "2026-11-29"),
        ("yesterday", "2026-11-29"),
        ("Yesterday, we saw this", "2026-11-29"),
        ("yesterday 22.40 x", "yesterday 22:40"),
        ("yesterday around 3pm x", "~yesterday 15:00"),
        ("today 22.40 x", "today 22:40"),
    ],
)
def test_a_day_goes_with_its_time(text, when):
    assert meant(text) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("01:30 to 01:40 hi", "01:30-01:40"),
        ("01:30 until 01:40", "01:30-01:40"),
        ("~01:30 till 01:40: hi", "~01:30-01:40"),
        ("from 11:00 to 11:30 it broke", "11:00-11:30"),
        ("between 11:00 and 11:30 it broke", "11:00-11:30"),
        ("2019-10-07 14:00 to 15:00 x", "2019-10-07 14:00-15:00"),
        ("yesterday at 22:40 to 23:00 x", "yesterday at 22:40-23:00"),
    ],
)
def test_two_times_with_a_word_between_them_are_a_range(text, when):
    assert meant(text) == when


def test_a_date_without_a_year_is_the_nearest_to_the_incident_that_is_not_to_come():
    assert meant("Oct 7 14:00 x", Today(said_at=TODAY.said_at, near=date(2019, 10, 7))) == "2019-10-07 14:00"
    assert meant("29.2. 14:00 x", Today(said_at=TODAY.said_at, near=date(2025, 1, 1))) == "2024-02-29 14:00"


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("22.40: switch died", "22.40"),
        ("at 22.40 switch died", "22.40"),
        ("15:40ish, switch died", "15:40ish"),
        ("half an hour ago it broke", "half an hour ago"),
        ("yesterday evening", "yesterday"),
        ("01:30 to 01:40 hi", "01:30 to 01:40"),
        ("29.11. 22:40 x", "29.11. 22:40"),
    ],
)
def test_the_words_that_were_typed_are_told_apart(text, typed):
    found = suggest(text, TODAY)
    assert found is not None
    assert found.typed == typed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2 servers down",
        "+5 hosts",
        "+5 hosts down",
        "+20% latency",
        "+5m users affected",
        "+10m latency",
        "10m users affected",
        "3.5k errors",
        "10x traffic",
        "80:20 rule",
        "1:1 with the vendor",
        "3:1 majority",
        "2:1 split",
        "10:20:30:40 flapping",
        "12:34::1 unreachable",
        "in 2 servers down",
        "from 3 servers",
        "5 pm2 processes",
        "2240 hosts down",
        "1003 is back",
        "1200 of them",
        "2000 req/s",
        "2240ms",
        "2460 restarted",
        "12.50 GB free",
        "1.45 GB left",
        "1.45 gb left",
        "12.50 euro",
        "12.50 EUR lost",
        "3.50 euros",
        "1.45 million rows",
        "1.45% errors",
        "1.45 % errors",
        "1.30 released",
        "1.45 rolled back",
        "1.45.0-wmf.3 deployed",
        "10.20.30 released",
        "10.64.0.1 down",
        "10.64.32.0/22 unreachable",
        "1003.eqiad down",
        "v1.45 deployed",
        "01h45 of downtime",
        "T-1000 found",
        "T-5m2 found",
        "T-5-foo found",
        "T123456 filed",
        "noonday",
        "afternoon",
        "yesterday's deploy",
        "Yesterday’s deploy",
        "today we roll back",
        "an hour of silence",
        "half an hour later it broke",
        "May 4 servers be with you",
        "Nov 29 was quiet",
        "31.11. 22x",
        "now and 15:40",
        "15:40 it broke",
        "15:40 to be sure, we restarted it",
        "14:00-15:30 to 16:00 it broke",
        "2019-10-07 it broke",
        "-10m it broke",
        "10 minutes ago it broke",
        "yesterday at 22:40 it broke",
        "٢٢.٤٠ text",
    ],
)
def test_what_is_read_or_is_like_no_time_suggests_nothing(text):
    assert suggest(text, TODAY) is None


TOKENS = ["15:40", "22.40", "2240", "1:4", "01h45", "noon", "3pm", "ish", "T-5m", "+5m", "half an hour ago", "Nov 29 "]
TOKENS += ["29.11. ", "yesterday ", "2019-10-07", " to ", " at ", "from ", "between ", " and ", "about ", "9" * 40, "٣"]
PIECES = st.sampled_from([*"0123456789:-–—~[]()+., \tT", *TOKENS])


@given(st.text() | st.lists(PIECES, max_size=10).map("".join))
@example("9" * 6000)
@example("T-" + "9" * 6000 + "m")
@example("+999d999h999m x")
def test_what_is_suggested_is_a_when_and_what_was_typed_is_in_the_text(text):
    try:
        parse(text)
    except RefusedError:
        return
    if found := suggest(text, TODAY):
        parsed = parse(found.when)
        assert parsed.when is not None
        assert not parsed.rest
        assert found.typed in text


@given(
    st.from_regex(r"(at |~|\()?[0-9]{1,2}[:.][0-9]{2}( UTC|\)|Z|-[0-9]{2}:[0-9]{2})?[ ,:]*\w*", fullmatch=True)
    | st.text()
)
@example("08:45")
@example("(8:45), we think")
@example("25:00")
@example("-10m it went on")
@example("")
def test_a_time_that_is_spelled_is_a_when_and_stands_in_the_text(text):
    if found := spell_time(text, TODAY):
        parsed = parse(found.when)
        assert parsed.when is not None
        assert not parsed.rest
        assert found.typed in text


WORDS = ["T-5m", "noonish", "midday", "oct 3 14:00", "Sept. 12th,", "half an hour ago", "a minute ago", "an hour ago"]
BEGUN = st.sampled_from([*WORDS, "three days ago", "yesterday", "today", "-10m", "+5m", "3pm", "??", "2019/10/07"])


@given(
    before=st.sampled_from(["", "from ", "[", "~ around ", "ca. ", "(at about "]),
    words=st.lists(BEGUN | BEGUN.map(str.upper) | st.text(max_size=6), max_size=3),
)
def test_the_look_at_the_first_character_passes_over_no_suggestion(before, words):
    text = before + " ".join(words)
    try:
        parse(text)
    except RefusedError:
        return
    with patch.object(timelike, "_MAY_BEGIN_A_TIME", re.compile("")):
        expected = suggest(text, TODAY)
    assert suggest(text, TODAY) == expected
