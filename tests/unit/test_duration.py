import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from irscribe.domain.duration import Mention, mentions, spell_minutes


@pytest.mark.parametrize(
    ("minutes", "spelled"),
    [
        (0, "less than a minute"),
        (45, "45 min"),
        (60, "1 h"),
        (105, "1 h 45 min"),
        (1565, "1 d 2 h 5 min"),
        (2885, "2 d 5 min"),
    ],
)
def test_minutes_are_spelled_with_every_unit_they_reach(minutes, spelled):
    assert spell_minutes(minutes) == spelled


@pytest.mark.parametrize(
    ("text", "words", "minutes"),
    [
        ("For about 1 hour and 40 minutes, services", "about 1 hour and 40 minutes", 100),
        ("about 1 hour 40 minutes", "about 1 hour 40 minutes", 100),
        ("broken for about an hour.", "about an hour", 60),
        ("down for an hour and a half", "an hour and a half", 90),
        ("it took a day", "a day", 1440),
        ("90 minutes of downtime", "90 minutes", 90),
        ("a 90-minute outage", "90-minute", 90),
        ("2h30m down", "2h30m", 150),
        ("down 2h30", "2h30", 150),
        ("(1.5 hours)", "1.5 hours", 90),
        ("half an hour", "half an hour", 30),
        ("one and a half hours", "one and a half hours", 90),
        ("two hours, 5 mins", "two hours, 5 mins", 125),
        ("1 day, 3 hours and 5 minutes", "1 day, 3 hours and 5 minutes", 1625),
        ("~2 hours", "~2 hours", 120),
        ("2 hours 30 hosts were down", "2 hours", 120),
    ],
)
def test_a_length_in_prose_is_read(text, words, minutes):
    about = words.startswith(("about", "~"))
    assert mentions(text) == (Mention(words=words, minutes=minutes, about=about),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no figures here",
        "50 errors a minute",
        "every 5 minutes",
        "within 10 minutes",
        "30 minutes later",
        "over an hour",
        "more than 2 hours",
        "up to 3 hours",
        "10-15 minutes",
        "two to three hours",
        "1,500 minutes",
        "2 H100 cards",
        "5m requests",
        "3 D printers",
        "3D printers",
        "16:30 hours",
        "T12 minutes",
    ],
)
def test_rates_bounds_ranges_and_points_in_time_are_no_length(text):
    assert mentions(text) == ()


def test_every_length_of_a_text_is_read():
    assert [each.minutes for each in mentions("NFS was down for 45 minutes. DNS: 3 hours.")] == [45, 180]


@given(st.integers(min_value=1, max_value=100_000))
@example(21 * 24 * 60)
def test_what_is_spelled_is_read_back(minutes):
    spelled = spell_minutes(minutes)
    assert mentions(f"down for {spelled} in all") == (Mention(words=spelled, minutes=minutes),)


@given(st.text(st.sampled_from("1 0.,hdm-and half inute") | st.characters()))
def test_any_text_can_be_read_and_every_mention_is_a_part_of_it(text):
    assert all(each.words in text and each.minutes >= 0 for each in mentions(text))
