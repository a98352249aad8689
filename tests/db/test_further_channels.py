"""An incident that is current in another channel as well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from irscribe.config import load
from irscribe.domain.alertlines import read_told
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.naming import Naming, NetworkNamed
from irscribe.domain.request import Present
from irscribe.domain.talk import Role
from models import further_channels
from tests.replies import RESPONDER, denied, logged, taken_back
from tests.snapshot import expect_refusal, kept_texts
from tests.talk import NETWORK

OTHER, HIDDEN = "#Databases", "#hidden"

pytestmark = pytest.mark.every_case_on_postgresql


@pytest.fixture
def config():
    return replace(load(None), channels=("#incidents", OTHER, HIDDEN), private_channels=(HIDDEN,))


@pytest.fixture
def opened(talk):
    talk.present = ("alice", "bob")
    talk.say("alice", "!ir start API returns 500")
    return talk


def test_notes_of_the_other_channel_go_into_it(opened):
    said = opened.hear("alice", "!ir also #databases")
    assert [each.to for each in said] == ["#incidents", OTHER]
    assert str(said[0].text).startswith("1 “API returns 500” is current in #Databases as well: !log TEXT there")
    assert str(said[1].text).startswith("Incident 1 “API returns 500” of #incidents is current here as well: !log TEXT")
    assert opened.say("dora", "!log db1003 is slow", channel=OTHER) == [logged(2, incident=1)]
    assert opened.say("dora", "!log @1 so is db1004", channel=OTHER) == [logged(3, incident=1)]
    assert opened.say("dora", "!ir", channel=OTHER)[0].startswith("1 “API returns 500”: investigating")
    assert opened.say("dora", "!ir start slow queries", channel=OTHER)[0].startswith(
        "Incident 1 “API returns 500” is open"
    )
    assert opened.say("alice", "!log here too") == [logged(4)]
    assert opened.say("alice", "!ir also") == [
        "1 is current in #Databases as well: type !ir also #channel or !ir also none."
    ]


def test_none_ends_it_and_undo_brings_it_back(opened):
    opened.say("alice", "!ir also #databases")
    assert opened.say("alice", "!ir also none") == ["1 is not current in #Databases any more."]
    assert opened.say("dora", "!ir", channel=OTHER)[0].startswith("No incident is open here")
    expect_refusal(opened, "dora", "!log @1 too late", "belongs to #incidents", channel=OTHER)
    assert opened.say("alice", "!ir undo") == [taken_back("where it is current")]
    assert opened.say("dora", "!log in time", channel=OTHER) == [logged(2, incident=1)]
    opened.say("alice", "!ir also none")
    expect_refusal(opened, "alice", "!ir also none", "in its own channel only")


def test_undo_takes_it_back_and_what_was_current_there_is_again(opened):
    opened.say("dora", "!ir start slow queries", channel=OTHER)
    opened.say("dora", "!ir close", channel=OTHER)
    opened.say("alice", "!ir also #databases")
    assert opened.say("dora", "!ir", channel=OTHER)[0].startswith("1 ")
    assert opened.say("alice", "!ir undo") == [taken_back("being current in #Databases")]
    assert opened.say("dora", "!ir", channel=OTHER)[0].startswith("2 “slow queries”: ")


def test_the_other_channel_may_open_its_own_and_switch(opened):
    opened.say("alice", "!ir also #databases")
    opened.say("dora", "!ir start! slow queries", channel=OTHER)
    assert opened.say("dora", "!log in 2", channel=OTHER) == [logged(2)]
    assert opened.say("dora", "!ir switch 1", channel=OTHER)[0].startswith(
        "Incident 1 “API returns 500” is the current"
    )
    assert opened.say("dora", "!log in 1", channel=OTHER) == [logged(2, incident=1)]
    assert opened.say("alice", "!ir")[0].startswith("1 ")


def test_its_operators_have_no_rights_over_an_incident_of_another_channel(opened):
    opened.say("alice", "!ir also #databases")
    (answer,) = opened.say("mallory", "!ir close", channel=OTHER, operator=True)
    assert answer.startswith(denied("close", RESPONDER.partition(";")[0]))
    assert opened.say("mallory", "!ir cancel no", channel=OTHER, operator=True)[0].startswith(denied("cancel", "")[:-1])
    assert opened.say("mallory", "!ir close", operator=True)[0].startswith("Incident 1 “API returns 500” is closed")


def test_in_private_it_is_one_incident_for_somebody_who_is_in_both_channels(opened):
    opened.say("alice", "!ir also #databases")
    both = {"channel": None, "shared": ("#incidents", OTHER)}
    assert opened.say("alice", "status", **both)[0].startswith("1 “API")
    assert opened.say("dora", "log @1 from afar", channel=None, shared=(OTHER,))[0].startswith("#2 12:00 logged")


def test_a_private_incident_is_in_no_other_channel(opened):
    opened.say("alice", "!ir also #databases")
    opened.say("alice", "!ir private on")
    assert opened.say("dora", "!ir", channel=OTHER)[0].startswith("No incident is open here")
    assert opened.say("dora", "!log @1 psst", channel=OTHER)[0].startswith("There is no incident 1 here")
    opened.say("alice", "!ir also none")
    expect_refusal(opened, "alice", "!ir also #databases", "is private")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("also #elsewhere", "I do not serve #elsewhere"),
        ("also databases", "“databases” is no channel"),
        ("also #incidents", "is the channel of 1 anyway"),
        ("also #hidden", "opens only private incidents"),
    ],
)
def test_what_is_no_other_channel_is_refused(opened, line, said):
    expect_refusal(opened, "alice", f"!ir {line}", said)


def test_who_is_not_in_the_channel_does_not_bring_it_there(opened):
    here = opened.people("#incidents")
    elsewhere = {"present": lambda channel: here if channel == "#incidents" else []}
    expect_refusal(opened, "alice", "!ir also #databases", "I do not see you in #Databases", **elsewhere)
    there = {"present": lambda channel: [Present(person=opened.person("alice"))] if channel == "#databases" else here}
    assert "is current in #Databases" in opened.say("alice", "!ir also #databases", **there)[0]


def test_it_does_not_push_out_an_open_incident_and_needs_a_responder(opened):
    opened.say("dora", "!ir start slow queries", channel=OTHER)
    expect_refusal(opened, "alice", "!ir also #databases", "In #Databases incident 2 is open")
    opened.say("bob", "!ir join")
    assert opened.say("bob", "!ir also #databases")[0].startswith(denied("also", "only the incident's opener"))


def test_a_redaction_reaches_what_was_typed_in_the_other_channel(opened):
    opened.say("alice", "!ir also #databases")
    opened.say("dora", "!log 25:10 the password is hunter2", channel=OTHER)
    opened.say("alice", "!log the password is hunter2")
    opened.say("alice", "!ir also none")
    opened.say("alice", "!ir redact 2 a secret")
    assert "hunter2" not in kept_texts(opened)


def test_a_redaction_reaches_what_was_heard_in_the_other_channel(opened):
    leak = "FIRING: TokenHunter2Leaked: in public #page"
    opened.operators.add("alice")
    opened.say("alice", "!ir also #databases")
    opened.chat("jinxer-wm", leak, channel="#databases", role=Role.ALERT_BOT, told=read_told(leak))
    assert [each.name for each in opened.report().alerts] == ["TokenHunter2Leaked"]
    opened.say("alice", "!ir redact alert 1 a secret")
    opened.say("alice", "!ir also none")
    opened.say("dora", "!ir start slow queries", channel=OTHER)
    assert "Hunter2" not in kept_texts(opened)


def test_another_case_mapping_moves_the_channel_too(opened):
    config = replace(opened.config, channels=("#incidents", "#a[b]"))
    object.__setattr__(opened.application, "config", config)
    opened.say("alice", "!ir also #a[b]")
    opened.naming = Naming(casemapping=CaseMapping.ASCII, has_accounts=True)
    for naming in (Naming(casemapping=CaseMapping.RFC1459, has_accounts=True), opened.naming):
        opened.handle(NetworkNamed(network=NETWORK, naming=naming))
    with opened.database.read() as session:
        assert [each.channel for each in further_channels.of_incident(session, 1)] == ["#a[b]"]
    assert opened.say("dora", "!log still here", channel="#a[b]") == [logged(2, incident=1)]
    assert opened.say("alice", "!log and here") == [logged(3)]
