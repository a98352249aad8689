"""The JSON that Alertmanager posts: read whole, or refused with a reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.alertlines import AlertState
from irscribe.domain.posts import SOURCE, BadPostError, read_post
from irscribe.domain.text import visible
from tests.posts import alert, post
from tests.strategies import any_text
from tests.talk import NOON


def test_an_alert_is_read_with_its_times_and_words():
    (read,) = read_post(post(alert(irc_channel="#ops")))
    assert (read.channel, read.told.name, read.told.source) == ("#ops", "ProbeDown", SOURCE)
    assert (read.told.state, read.told.at, read.told.until) == (AlertState.FIRING, NOON, None)
    assert (read.told.text, read.told.paged) == ("FIRING: ProbeDown: ProbeDown is broken", True)


def test_its_end_is_read_with_both_times():
    (read,) = read_post(post(alert(until=NOON + timedelta(minutes=5))))
    assert (read.told.state, read.told.until - read.told.at) == (AlertState.OVER, timedelta(minutes=5))
    assert read.told.over_text == "RESOLVED: ProbeDown: ProbeDown is broken"


def test_what_is_no_page_is_none():
    assert not read_post(post(alert(severity="warning")))[0].told.paged
    assert read_post(post(alert(severity="warning", note="see #page")))[0].told.paged


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ("2026-11-22T12:00:00.123456789Z", NOON.replace(microsecond=123456)),
        ("2026-11-22T13:00:00+01:00", NOON),
        ("2026-11-22T12:00:00Z", NOON),
    ],
)
def test_times_are_read_as_go_writes_them(given, at):
    assert read_post(post(alert() | {"startsAt": given}))[0].told.at == at


def test_a_clock_that_is_ahead_makes_nothing_happen_later_than_now():
    (read,) = read_post(post(alert(at=NOON + timedelta(hours=1), until=NOON + timedelta(hours=2))))
    told = read.by(NOON)
    assert (told.at, told.until) == (NOON, NOON)


def test_alerts_with_other_labels_have_other_fingerprints():
    several = [alert(instance=each) for each in ("a", "b", "a")]
    for each in several:
        del each["fingerprint"]
    first, second, third = (each.told.firing for each in read_post(post(*several)))
    assert first == third
    assert first != second


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "no post"),
        (b"null", "no post"),
        (post(version="3"), "no post"),
        (post(alerts={}), "`alerts` is no list"),
        (post(7), "alert 1 is no object"),
        (post(alert(), alert() | {"labels": []}), "alert 2: `labels`"),
        (post(alert() | {"labels": {"alertname": 7}}), "alert 1: `labels`"),
        (post(alert() | {"annotations": "x"}), "alert 1: `annotations`"),
        (post(alert() | {"status": "burning"}), "alert 1: `status`"),
        (post(alert() | {"startsAt": "noon"}), "alert 1: `startsAt`"),
        (post(alert() | {"startsAt": 7}), "alert 1: `startsAt`"),
        (post(alert() | {"startsAt": None}), "alert 1: `startsAt`"),
        (post(alert() | {"startsAt": "2026-11-22T12:00:00"}), "alert 1: `startsAt`"),
        (post(alert() | {"startsAt": "9999-12-31T23:59:59-23:59"}), "alert 1: `startsAt`"),
        (post(alert() | {"startsAt": "0001-01-01T00:00:00+14:00"}), "alert 1: `startsAt`"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_read(body, reason):
    with pytest.raises(BadPostError, match=reason):
        read_post(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=10), children, max_size=3),
    max_leaves=10,
)
SOME_OF_IT = st.dictionaries(st.sampled_from([*alert()]), JSON, max_size=4)


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_body_is_too_much_for_it(body):
    with pytest.raises(BadPostError):
        read_post(body)


@given(SOME_OF_IT)
def test_no_alert_is_too_much_for_it(changed):
    try:
        (read,) = read_post(post(alert() | changed))
    except BadPostError:
        return
    assert visible(read.told.name)
    assert read.told.at.tzinfo is UTC


@given(any_text(), any_text())
def test_whatever_it_is_called_it_has_a_name_that_can_be_shown(name, summary):
    (read,) = read_post(post(alert() | {"labels": {"alertname": name}, "annotations": {"summary": summary}}))
    assert visible(read.told.name)
    assert "\n" not in read.told.text
    assert datetime(2026, 1, 1, tzinfo=UTC) < read.told.at
