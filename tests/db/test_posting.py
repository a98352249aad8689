"""Alerts that Alertmanager posts: into the incident of their channel, each once, however often they are sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.config import Webhook, load
from irscribe.domain.alertlines import read_told
from irscribe.domain.alerts import Known, follow
from irscribe.domain.events import AlertsPosted, PostAnswered
from irscribe.domain.naming import NetworkNamed
from irscribe.domain.posts import read_post
from irscribe.domain.report import Kind
from irscribe.domain.talk import Role
from irscribe.services.context import held_alerts
from tests.posts import alert, post
from tests.snapshot import kept_texts
from tests.talk import CHANNEL, NETWORK, NOON, Talk
from tests.watch import Watch

pytestmark = pytest.mark.alike_on_postgresql

OPS = "#ops"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def config():
    return replace(load(None), channels=(CHANNEL, OPS))


@pytest.fixture
def met(talk):
    """A conversation on a network that the bot has met."""
    talk.handle(NetworkNamed(network=NETWORK, naming=talk.naming))
    return talk


@pytest.fixture
def opened(met):
    met.say("bob", "!ir start API returns 500")
    return met


def send(talk: Talk, *alerts: dict) -> bool:
    """Post alerts; True if they are recorded."""
    (answered,) = talk.handle(AlertsPosted(alerts=read_post(post(*alerts)), tell=lambda _is_recorded: None))
    assert isinstance(answered, PostAnswered)
    return answered.is_recorded


def kept(talk: Talk, number: int = 1) -> list[tuple[str, int, bool]]:
    return [(each.name, each.count, each.over_at is not None) for each in talk.report(number).alerts]


def entered(talk: Talk, number: int = 1) -> list[str]:
    return [each.text for each in talk.report(number).timeline if each.kind is Kind.ALERT]


def test_an_alert_goes_into_the_open_incident_with_its_own_times(opened):
    opened.later(minutes=10)
    assert send(opened, alert(at=NOON + MINUTE))
    assert send(opened, alert(at=NOON + MINUTE, until=NOON + 8 * MINUTE))
    (one,) = opened.report().alerts
    assert (one.source, one.first_at, one.over_at) == ("Alertmanager", NOON + MINUTE, NOON + 8 * MINUTE)
    assert entered(opened) == ["FIRING: ProbeDown: ProbeDown is broken"]


def test_a_redacted_alert_does_not_come_back_when_it_is_posted_again(opened):
    opened.operators.add("bob")
    assert send(opened, alert("Hunter2Leaked"))
    opened.say("bob", "!ir redact alert 1 a secret")
    opened.later(minutes=5)
    assert send(opened, alert("Hunter2Leaked"), alert())
    assert send(opened, alert("Hunter2Leaked", until=NOON + MINUTE))
    assert kept(opened) == [("ProbeDown", 1, False)]
    assert "Hunter2" not in kept_texts(opened)


def test_a_second_try_makes_nothing_double(opened):
    sent = (alert(), alert("DiskFull", until=NOON + MINUTE), alert(instance="web2"))
    assert send(opened, *sent)
    once = opened.report()
    for _ in range(3):
        opened.later(minutes=5)
        assert send(opened, *sent)
        assert opened.report() == once


def test_an_alert_with_several_instances_is_over_when_all_of_them_are(opened):
    opened.later(minutes=10)
    send(opened, alert(instance="a"), alert(instance="b"))
    send(opened, alert(instance="a", until=NOON + MINUTE))
    assert kept(opened) == [("ProbeDown", 2, False)]
    send(opened, alert(instance="b", until=NOON + 4 * MINUTE))
    assert opened.report().alerts[0].over_at == NOON + 4 * MINUTE


def test_the_same_alert_over_irc_is_one(opened):
    line = "FIRING: ProbeDown: ProbeDown is broken #page"
    send(opened, alert(at=opened.now))
    opened.chat("jinxer-wm", line, role=Role.ALERT_BOT, told=read_told(line))
    assert kept(opened) == [("ProbeDown", 1, False)]
    opened.later(minutes=5)
    over = "RESOLVED: ProbeDown: ProbeDown is broken #page"
    opened.chat("jinxer-wm", over, role=Role.ALERT_BOT, told=read_told(over))
    send(opened, alert(at=NOON, until=opened.now))
    assert [(count, is_over) for _, count, is_over in kept(opened)] == [(1, True)]


def test_it_fires_again_once_it_was_over(opened):
    opened.later(hours=1)
    send(opened, alert(until=NOON + MINUTE))
    send(opened, alert(at=NOON + 30 * MINUTE))
    assert kept(opened) == [("ProbeDown", 2, False)]


def test_the_label_names_the_channel(opened):
    opened.say("bob", "!ir start the other", channel=OPS)
    send(opened, alert("A"), alert("B", irc_channel=OPS), alert("C", irc_channel="#OPS"))
    assert [name for name, *_ in kept(opened, 1)] == ["A"]
    assert [name for name, *_ in kept(opened, 2)] == ["B", "C"]


def test_a_channel_that_is_not_served_is_that_of_the_settings(tmp_path, caplog):
    settings = replace(load(None), channels=(CHANNEL, OPS), webhook=Webhook(channel=OPS))
    talk = Talk(tmp_path, config=settings)
    talk.handle(NetworkNamed(network=NETWORK, naming=talk.naming))
    talk.say("bob", "!ir start the other", channel=OPS)
    send(talk, alert("A"), alert("B", irc_channel="#nowhere"))
    assert [name for name, *_ in kept(talk)] == ["A", "B"]
    assert "an alert for #nowhere, which is not served, went to #ops" in caplog.messages
    talk.database.close()


def test_with_nothing_open_they_are_held_for_the_start(met):
    assert send(met, alert(at=NOON - 2 * MINUTE))
    assert send(met, alert(at=NOON - 2 * MINUTE))
    met.later(minutes=5)
    met.say("bob", "!ir start API returns 500")
    assert kept(met) == [("ProbeDown", 1, False)]
    send(met, alert(at=NOON - 2 * MINUTE))
    assert kept(met) == [("ProbeDown", 1, False)]
    send(met, alert(at=NOON - 2 * MINUTE, until=NOON))
    assert kept(met) == [("ProbeDown", 1, True)]


def test_of_one_that_comes_and_goes_only_the_latest_firings_are_held(met, monkeypatch):
    monkeypatch.setattr(held_alerts, "MOST_FIRINGS", 3)
    for _ in range(10):
        met.later(minutes=2)
        send(met, alert(at=met.now - MINUTE, until=met.now))
    send(met, alert(at=met.now - MINUTE, until=met.now))
    (held,) = met.application.held_alerts.of(NETWORK, CHANNEL, now=met.now)
    assert (held.alert.count, len(held.firings)) == (10, 3)


def test_they_count_for_the_suggestion(met):
    watch = Watch(met)
    send(met, alert("A"), alert("B"))
    assert len(watch.wait(minutes=6)) == 1


def test_before_any_network_is_known_it_is_to_be_tried_again(talk):
    assert not send(talk, alert())


class TestFollowing:
    """The knowledge of an alert does not depend on how often it was told, or in how many posts."""

    TELLINGS = st.lists(
        st.tuples(
            st.sampled_from("ab"),
            st.integers(min_value=0, max_value=5),
            st.none() | st.integers(min_value=5, max_value=9),
        ),
        max_size=8,
    )

    @given(TELLINGS, st.data())
    def test_the_same_tellings_again_change_nothing(self, tellings, data):
        told = [
            read_post(post(alert(instance=one, at=NOON + begin * MINUTE, until=end and NOON + end * MINUTE)))[0].told
            for one, begin, end in tellings
        ]
        known: Known | None = None
        for each in told:
            known = follow(known, each)
        again = known
        for each in data.draw(st.lists(st.sampled_from(told), max_size=8)) if told else ():
            again = follow(again, each)
        assert again == known
