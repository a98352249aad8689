"""Opening an incident, and which incident a line belongs to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, literal, select

from irscribe.config import load
from irscribe.domain.report import Kind
from irscribe.services.context.contexts import LINE_BYTES
from models.incidents import HIGHEST_NUMBER
from models.tables import incident
from tests.replies import NO_INCIDENTS, ONLY_IN_ITS_CHANNEL, listens, logged, on_list, taken_back, taken_in, value_set
from tests.snapshot import expect_refusal, refused
from tests.talk import CHANNEL, Talk

ELSEWHERE = "#elsewhere"
BELONGS = "Incident 1 belongs to #elsewhere: type it there, or to me in private while you are in #elsewhere."


def facts(talk, number=1):
    return talk.report(number).incident


def test_an_opened_incident_has_a_number_a_first_entry_and_its_opener_as_responder(talk):
    assert talk.say("alice", "!ir start API returns 500") == [
        f"Incident 1 “API returns 500” has been open since 12:00. {logged(1)}. !log TEXT writes the timeline."
        + listens()
    ]
    report = talk.report()
    assert [(entry.number, entry.text, entry.kind) for entry in report.timeline] == [
        (1, "Incident opened.", Kind.LIFECYCLE)
    ]
    assert [each.name for each in report.metadata.responders] == ["alice"]
    assert report.incident.id == "2026-11-22 API returns 500"


def test_an_incident_may_be_opened_without_a_title(talk):
    assert talk.say("alice", "!incident start")[0].startswith("Incident 1 (untitled) has been open")
    assert facts(talk).title is None
    assert facts(talk).id == "2026-11-22"


@pytest.mark.parametrize(
    "typed",
    [
        "--private --drill --sev 2 --task T123 11:30 API returns 500",
        "11:30 --private --drill --sev 2 --task T123 API returns 500",
        "--sev 2 --drill 11:30 --task T123 --private API returns 500",
        "--task https://phabricator.wikimedia.org/T123 --private --sev 2 --drill 11:30: API returns 500",
    ],
)
def test_options_stand_before_the_title_on_either_side_of_the_time(talk, typed):
    assert "(severity 2, private, drill)" in talk.say("alice", f"!ir start {typed}")[0]
    head = facts(talk)
    assert (head.title, head.severity, head.private, head.drill) == ("API returns 500", 2, True, True)
    assert head.opened_at == datetime(2026, 11, 22, 11, 30, tzinfo=UTC)
    assert talk.report().metadata.task.id == "T123"
    assert talk.report().timeline[0].at == head.opened_at


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("--sev high API returns 500", "“high” is no severity"),
        ("--sev", "no severity"),
        ("--task 123 API returns 500", "“123” is no task"),
        ("--secret API returns 500", "I do not know --secret"),
        ("-p API returns 500", "I do not know -p"),
        ("—private API returns 500", "I do not know —private"),
        ("2026-11-22 12:30 API returns 500", "is in the future"),
        ("??:?? API returns 500", "An incident needs a time"),
        ("15:40 CET API returns 500", "CET can mean more than one time"),
        ("\x02\x03\u200b", "shows nothing"),
        ("x" * 400, "400 bytes, and 200 is the most"),
        ("é" * 101, "202 bytes"),
    ],
)
def test_what_cannot_open_an_incident_is_refused_with_the_reason(talk, typed, complaint):
    said = talk.say("alice", f"!ir start {typed}")
    talk.later(seconds=4)
    refusal = said + talk.release()
    assert len(refusal) == 1
    assert complaint in refusal[0]
    assert talk.say("alice", "!ir list") == [NO_INCIDENTS]


def test_an_incident_of_another_day_is_written_down_afterwards(talk):
    said = talk.say("alice", "!ir start 2019-10-07 14:00 wmcs-network")
    assert said == [
        "Incident 1 “wmcs-network” has been open since 2019-10-07 14:00. !log 15:40 TEXT writes the timeline."
    ]
    assert talk.report().timeline == ()
    assert facts(talk).id == "2019-10-07 wmcs-network"


def test_an_incident_that_began_within_a_day_is_live(talk):
    assert talk.say("alice", "!ir start -23h slow site")[0].startswith(
        f"Incident 1 “slow site” has been open since 2026-11-21 13:00. {logged(1, at='2026-11-21 13:00')}."
    )
    assert [(entry.at.day, entry.at.hour) for entry in talk.report().timeline] == [(21, 13)]


def test_a_second_incident_is_refused_with_the_number_of_the_first(talk):
    talk.say("alice", "!ir start one")
    expect_refusal(
        talk, "bob", "!ir start two", "Incident 1 “one” is open", "!ir join to take part", "!ir start! TITLE"
    )


def test_a_second_incident_may_be_insisted_on_and_is_then_the_current_one(talk):
    talk.say("alice", "!ir start one")
    talk.say("alice", "!ir start! two")
    assert talk.say("alice", "!log a note") == [logged(2, incident=2)]
    assert talk.texts(2) == ["Incident opened.", "a note"]


def two_of_which_the_current_one_is_closed(talk):
    talk.say("alice", "!ir start one")
    talk.say("alice", "!ir start! two")
    talk.say("alice", "!ir close")


def test_beside_a_closed_current_one_every_answer_leads_to_the_one_that_is_open(talk):
    two_of_which_the_current_one_is_closed(talk)
    refusal = "Incident 1 “one” is open here: !ir join @1 to take part, !ir switch 1 to make it the current one, "
    assert talk.say("bob", "!ir start three")[0].startswith(refusal)
    assert talk.say("bob", "!ir join the database") == [
        on_list(2, "the database") + " 2 is closed; 1 “one” is open here: !ir join @1."
    ]
    assert talk.say("bob", "!ir join @1") == [on_list(1)]
    assert "1 “one” is open here and !ir adopt @1 takes your line in there" in talk.say("bob", "!log a note")[0]
    expect_refusal(talk, "alice", "!ir adopt", "Incident 2 is closed", "!ir adopt @1", "1 “one”")
    assert talk.say("bob", "!ir adopt @1") == [taken_in(2)]


def test_a_private_incident_that_is_open_beside_a_closed_one_is_named_to_nobody_outside(talk):
    talk.say("alice", "!ir start --private secret")
    talk.say("alice", "!ir start! two")
    talk.say("alice", "!ir close")
    assert "secret" not in talk.say("bob", "!ir join @2", channel=None)[0]
    assert "secret" not in talk.say("bob", "!ir start three", channel=None)[0]


def test_another_channel_has_an_incident_of_its_own(talk):
    talk.say("alice", "!ir start one")
    talk.say("alice", "!ir start two", channel=ELSEWHERE)
    assert talk.say("alice", "!log here") == [logged(2)]
    assert talk.texts() == ["Incident opened.", "here"]


def test_the_reply_to_start_counts_the_notes_that_wait(talk):
    talk.say("alice", "!log too old")
    talk.later(hours=1, minutes=1)
    talk.say("alice", "!log the site is slow")
    assert talk.say("bob", "!ir start")[0].endswith("1 note from before waits: !ir adopt takes it in.")


def test_a_channel_set_private_opens_only_private_incidents(tmp_path):
    path = tmp_path / "config.ini"
    path.write_text('[core]\nchannels = "#incidents"\n[irscribe]\nprivate_channels = "#Incidents"\n')
    talk = Talk(tmp_path, config=load(path))
    assert "(private)" in talk.say("alice", "!ir start secret")[0]
    assert facts(talk).private
    expect_refusal(talk, "alice", "!ir private off", "only private incidents", "1")
    talk.database.close()


def test_switching_changes_which_incident_the_channel_speaks_of(talk):
    talk.say("alice", "!ir start one")
    talk.say("alice", "!ir start! two")
    assert talk.say("alice", "!ir switch 1") == ["Incident 1 “one” is the current one here now: notes go there."]
    assert talk.say("alice", "!log a note") == [logged(2, incident=1)]
    assert talk.say("alice", "!ir switch #2") == talk.say("alice", "!ir switch @2")


def test_switching_says_whether_notes_go_there(talk):
    talk.say("alice", "!ir start one")
    talk.say("alice", "!ir close")
    talk.say("alice", "!ir start two")
    assert talk.say("alice", "!ir switch 1")[0].endswith("now: it is closed, and takes notes that begin with a time.")
    talk.say("alice", "!ir final! enough", operator=True)
    assert talk.say("alice", "!ir switch 1")[0].endswith("now: its report is final and takes no notes.")


@pytest.mark.parametrize("number", ["7", "0", "two", ""])
def test_switching_to_what_is_not_there_is_refused(talk, number):
    talk.say("alice", "!ir start one")
    assert talk.say("alice", f"!ir switch {number}")[0].startswith(("There is no incident", "Which one?"))


def test_an_incident_of_another_channel_cannot_be_made_the_current_one(talk):
    talk.say("alice", "!ir start one", channel=ELSEWHERE)
    assert talk.say("alice", "!ir switch 1") == [BELONGS]


def test_an_address_holds_for_its_line_only(talk):
    talk.say("alice", "!ir start one")
    talk.say("alice", "!ir start! two")
    assert talk.say("alice", "!log @1 11:40 a note") == [logged(2, at="11:40", incident=1)]
    assert talk.say("alice", "!ir summary @1 of the first") == [value_set("Summary")]
    assert talk.say("alice", "!ir summary of the second") == [value_set("Summary")]
    assert [talk.report(number).summary for number in (1, 2)] == ["of the first", "of the second"]


def test_an_address_reaches_incidents_of_this_channel_only(talk):
    talk.say("alice", "!ir start one", channel=ELSEWHERE)
    for line in ("!log @1 a note", "!ir summary @1 text", "!ir status @1"):
        assert talk.say("alice", line) == [BELONGS]
    shared = (CHANNEL, ELSEWHERE)
    assert talk.say("alice", "!log @1 a note", channel=None, shared=shared) == [logged(2)]


def test_an_incident_of_another_network_is_said_to_be_there(talk):
    talk.say("alice", "!ir start one", network="othernet")
    said = ["Incident 1 belongs to #incidents on othernet: type it there."]
    assert talk.say("alice", "!ir status @1") == said
    assert talk.say("alice", "!ir status @1", channel=None) == said


def test_a_closed_incident_stays_the_current_one_for_commands(talk):
    talk.say("alice", "!ir start one")
    talk.say("alice", "!ir close")
    assert talk.say("alice", "!ir summary afterwards") == [value_set("Summary")]
    assert "is closed; your line is kept" in talk.say("alice", "!log too late")[0]
    assert talk.say("alice", "!log 11:59 in time") == [logged(3, at="11:59", incident="closed 1")]


def test_a_private_message_means_the_only_incident_in_a_shared_channel(talk):
    talk.say("alice", "!ir start one")
    assert talk.say("bob", "!log from home", channel=None) == [logged(2)]


def test_a_private_message_means_the_open_incident_where_another_is_closed(talk):
    talk.say("alice", "!ir start one")
    talk.say("alice", "!ir close")
    talk.say("alice", "!ir start two", channel=ELSEWHERE)
    shared = (CHANNEL, ELSEWHERE)
    assert talk.say("alice", "!log a note", channel=None, shared=shared) == [logged(2)]
    assert talk.texts(2)[-1] == "a note"


def test_a_private_message_that_may_mean_several_incidents_is_asked_about(talk):
    talk.say("alice", "!ir start one")
    talk.say("alice", "!ir start two", channel=ELSEWHERE)
    shared = (CHANNEL, ELSEWHERE)
    expect_refusal(talk, "alice", "!ir status", "several", "@1 and @2", channel=None, shared=shared)
    assert talk.say("alice", "!log @2 a note", channel=None, shared=shared) == [logged(2)]


def test_a_private_message_reaches_no_incident_of_a_channel_that_is_not_shared(talk):
    talk.say("alice", "!ir start one", channel=ELSEWHERE)
    assert talk.say("bob", "!ir status", channel=None)[0].startswith("No incident is open in a channel we share")
    said = "Incident 1 belongs to #elsewhere, where I do not see you: join #elsewhere first."
    assert talk.say("bob", "!log @1 a note", channel=None) == [said]


def test_an_incident_may_be_opened_in_private_for_the_channel_that_is_shared(talk):
    assert talk.say("alice", "!ir start one", channel=None)[0].startswith("Incident 1 “one” has been open since ")
    assert facts(talk).channel == CHANNEL
    assert logged(2) in talk.say("bob", "!log a note")


def test_where_several_channels_are_shared_an_incident_is_opened_in_its_channel(talk):
    refusal = talk.say("alice", "!ir start one", channel=None, shared=(CHANNEL, ELSEWHERE))
    assert refusal == [ONLY_IN_ITS_CHANNEL]


@pytest.mark.parametrize("line", ["!ir", "!ir status", "!ir summary text", "!ir undo", "!ir join"])
def test_without_an_incident_a_command_is_refused_with_the_way_to_open_one(talk, line):
    assert talk.say("alice", line) == ["No incident is open here: !ir start TITLE opens one."]


@pytest.mark.parametrize(
    "typed",
    [
        *("--severity 1 API is down", "--sev=1 API is down", "--severity=SEV1 API is down", "sev1 API is down"),
        *("SEV 1: API is down", "severity 1 API is down", "sev-1 - API is down", "11:30 sev1 API is down"),
        "sev1 11:30 API is down",
    ],
)
def test_a_severity_may_stand_in_front_of_the_title(talk, typed):
    assert "“API is down”" in (said := talk.say("alice", f"!ir start {typed}")[0])
    assert "(severity 1)" in said
    assert (facts(talk).severity, facts(talk).title) == (1, "API is down")


@pytest.mark.parametrize("typed", ["sev15 alerts", "several hosts are down", "sev1ch is down", "severe 1 packet loss"])
def test_a_title_that_only_begins_like_a_severity_is_one(talk, typed):
    talk.say("alice", f"!ir start {typed}")
    assert (facts(talk).severity, facts(talk).title) == (None, typed)


def test_a_severity_alone_opens_an_untitled_incident(talk):
    talk.say("alice", "!ir start sev 2")
    assert (facts(talk).severity, facts(talk).title) == (2, None)


def test_a_title_for_an_incident_that_has_none_is_offered(talk):
    talk.say("alice", "!ir start")
    said = refused(talk, "alice", "!ir start API returns 500")
    assert talk.say("alice", said.partition(": ")[2].partition(" names it")[0]) == [
        "Incident 1 is “API returns 500” now."
    ]
    assert "title" not in refused(talk, "alice", "!ir start API returns 500").removeprefix("Incident 1")


def test_a_title_is_offered_to_an_untitled_incident_that_is_not_the_current_one(talk):
    talk.say("alice", "!ir start")
    talk.say("alice", "!ir start! two")
    talk.say("alice", "!ir close")
    said = refused(talk, "alice", "!ir start API returns 500")
    assert said.startswith("Incident 1 (untitled) is open here: !ir title @1 API returns 500 names it, !ir join @1")


@pytest.mark.parametrize("words", ["Zürich says no " * 20, "x" * 250])
@pytest.mark.parametrize("beginning", ["start ", "start 11:30 --sev 1 ", "start! ", "title "])
def test_the_part_of_a_title_that_fits_is_offered(talk, words, beginning):
    if not beginning.startswith("start "):
        talk.say("alice", "!ir start")
    said = refused(talk, "alice", f"!ir {beginning}{words}")
    assert f"has {len(words.strip().encode())} bytes" in said
    assert len(said.encode()) <= LINE_BYTES
    offered = said.partition("This fits: ")[2]
    assert offered.startswith(f"!ir {beginning}{words[:10]}")
    assert not offered.endswith((" ", "say", "n"))
    assert "This fits" not in talk.say("alice", offered)[0]


def test_a_title_is_set_and_says_what_it_was(talk):
    talk.say("alice", "!ir start")
    assert talk.say("alice", "!ir title") == ["Incident 1 (untitled). !ir title TEXT names it."]
    assert talk.say("alice", "!ir title API returns 500") == ["Incident 1 is “API returns 500” now."]
    assert talk.say("alice", "!ir title API is back") == ["Incident 1 is “API is back” now (was: “API returns 500”)."]
    assert talk.say("alice", "!ir undo") == [taken_back("title", again="API returns 500")]
    assert facts(talk).title == "API returns 500"


def test_opening_is_not_taken_back_like_a_slip(talk):
    talk.say("alice", "!ir start one")
    assert "nothing of yours to take back" in talk.say("alice", "!ir undo")[0]
    assert talk.texts() == ["Incident opened."]


def test_behind_the_last_number_there_is_an_incident_is_refused(talk):
    talk.say("alice", "!ir start one")
    others = [column for column in incident.c if column is not incident.c.number]
    copied = select(literal(HIGHEST_NUMBER), *others).where(incident.c.number == 1)
    with talk.database.write() as session:
        session.execute(insert(incident).from_select(["number", *others], copied))
    refusal = "There is no number behind 2147483647, which one has: I can open no other."
    assert talk.say("alice", "!ir start two", channel=ELSEWHERE) == [refusal]
