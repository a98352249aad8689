"""Looking at incidents: the status line, lists, search, the recap, what is missing."""

from __future__ import annotations

import pytest

from models import SnapshotEndedError, searching
from tests.replies import NO_INCIDENTS, NONE_OPEN, ONLY_IN_ITS_CHANNEL, in_private, logged, nothing_holds
from tests.snapshot import expect_refusal

ELSEWHERE = "#elsewhere"
UNKNOWN = "There is no incident {} here: !ir list shows what there is."


@pytest.fixture
def incident(talk):
    talk.say("alice", "!ir start API returns 500")
    return talk


def test_the_status_is_one_line_with_everything_in_it(incident):
    for line in [
        "!ir sev 2",
        "!ir ic",
        "!ir impact Half of the requests fail.",
        "!ir impact +| Nobody can log in.",
        "!ir status identified it is the database",
    ]:
        incident.say("alice", line)
    incident.say("bob", "!ir join")
    incident.later(minutes=65)
    expected = (
        "1 “API returns 500”: severity 2, identified, open for 1 h 5 min; coordinator a\u200blice; "
        "2 responders: a\u200blice, b\u200bob; impact: Half of the requests fail. / Nobody can log in.; "
        "last update 12:00 “Status: identified – it is the database”."
    )
    assert incident.say("bob", "!ir") == [expected]
    assert incident.say("bob", "!ir status") == [expected]
    assert incident.say("bob", "!ir show 1") == incident.say("bob", "!ir show #1") == [expected]


def test_the_status_says_what_is_not_there_yet(incident):
    expected = (
        "1 “API returns 500”: investigating, open for less than a minute; no coordinator; 1 responder: a\u200blice; "
        "no impact yet; no update yet."
    )
    assert incident.say("bob", "!ir") == [expected]


def test_the_status_of_a_closed_incident_says_how_long_it_took(incident):
    incident.later(minutes=20)
    incident.say("alice", "!ir close")
    incident.later(days=3)
    assert "closed after 20 min" in incident.say("bob", "!ir")[0]


def test_the_status_shows_private_incidents_and_drills_as_such(talk):
    talk.say("alice", "!ir start --private --drill exercise")
    assert "private, drill, investigating" in talk.say("alice", "!ir")[0]


def test_an_update_of_another_day_carries_its_date(incident):
    incident.say("alice", "!ir update half of it is back")
    incident.later(days=1)
    assert "last update 2026-11-22 12:00 “half of it is back”" in incident.say("alice", "!ir")[0]


def test_the_status_stays_one_line_however_much_there_is_to_say(talk):
    talk.say("alice", f"!ir start {'title ' * 33}")
    for number in range(30):
        talk.say(f"person{number}", "!ir join")
    talk.say("alice", f"!ir impact {'impact ' * 45}")
    talk.say("alice", f"!ir update {'update ' * 45}")
    said = talk.say("alice", "!ir")
    assert len(said) == 1
    assert len(said[0].encode()) <= 510
    assert "31 responders" in said[0]


def test_incidents_are_listed_newest_first_and_four_at_a_time(talk):
    for number in range(1, 7):
        talk.say("alice", f"!ir start incident {number}", channel=f"#channel{number}")
    said = talk.say("bob", "!ir list")
    assert said[0] == "6 “incident 6”: open, investigating, opened 2026-11-22 12:00 in #channel6"
    assert [line.split()[0] for line in said] == ["6", "5", "4", "3"]


def test_a_longer_list_is_sent_in_private(talk):
    for number in range(1, 7):
        talk.say("alice", f"!ir start incident {number}", channel=f"#channel{number}")
    replies = talk.hear("bob", "!ir list 5")
    assert [(each.to, each.text.split()[0]) for each in replies] == [
        ("#incidents", "5"),
        *[("bob", str(number)) for number in (6, 5, 4, 3, 2)],
    ]
    assert str(replies[0].text) == in_private("5 incidents")
    assert len(talk.say("bob", "!ir list 2")) == 2


def test_open_incidents_are_listed_apart(talk):
    assert talk.say("alice", "!ir list") == [NO_INCIDENTS]
    talk.say("alice", "!ir start one")
    talk.say("alice", "!ir close")
    assert talk.say("alice", "!ir list open") == [NONE_OPEN]
    talk.say("alice", "!ir start two")
    assert [line.split()[0] for line in talk.say("alice", "!ir list open")] == ["2"]
    assert talk.say("alice", "!ir list")[1] == "1 “one”: closed, opened 2026-11-22 12:00 in #incidents"


@pytest.mark.parametrize("typed", ["list closed", "list 0", "list -1", "list ²", "show", "show one", "find"])
def test_what_cannot_be_looked_for_is_refused_with_what_can(incident, typed):
    assert incident.say("alice", f"!ir {typed}")[0].startswith(("Which one", "What shall I look for?"))


def test_an_unknown_number_is_refused(incident):
    assert incident.say("alice", "!ir show 7") == [UNKNOWN.format(7)]


def test_incidents_are_shown_and_found_from_any_channel(incident):
    assert incident.say("bob", "!ir show 1", channel=ELSEWHERE)[0].startswith("1 “API returns 500”")
    assert incident.say("bob", "!ir find api", channel=ELSEWHERE) == ["1 “API returns 500”: API returns 500"]


def test_words_are_found_wherever_somebody_typed_them(incident):
    for line in [
        "!log the mail queue is long",
        "!ir summary the mail relay\u200b broke",
        "!ir poorly no mail runbook",
        "!ir action write a mail runbook",
        "!ir link https://example.org/mail",
        "!ir metrics mail latency",
    ]:
        incident.say("alice", line)
    replies = incident.hear("bob", "!ir find MAIL")
    assert str(replies[0].text) == in_private("6 hits")
    assert "1 “API returns 500” #2: the mail queue is long" in [str(each.text) for each in replies]


def test_all_the_words_must_be_in_one_text(incident):
    incident.say("alice", "!log the mail queue is long")
    incident.say("alice", "!log the site is slow")
    assert incident.say("bob", "!ir find queue mail") == ["1 “API returns 500” #2: the mail queue is long"]
    assert incident.say("bob", "!ir find queue slow") == [nothing_holds("queue", "slow")]


@pytest.mark.parametrize("word", ["100%", "a_b", "c\\d", "%", "_"])
def test_a_search_takes_every_letter_as_it_is(incident, word):
    incident.say("alice", "!log 1000 axb cxd")
    assert incident.say("bob", f"!ir find {word}") == [nothing_holds(word)]
    incident.say("alice", f"!log it says {word} here")
    assert incident.say("bob", f"!ir find {word}") == [f"1 “API returns 500” #3: it says {word} here"]


def test_a_word_is_looked_for_once_however_often_it_is_typed(incident):
    incident.say("alice", "!log the replica lags")
    once, again = (incident.say("bob", f"!ir find {words}") for words in ("lags", "lags LAGS Lags " + "lags " * 60))
    assert once == again
    assert incident.say("bob", "!ir find none none NONE") == [nothing_holds("none")]


def test_of_too_many_words_the_first_are_looked_for_and_the_rest_is_named(incident):
    words = [f"word{number}" for number in range(1, 15)]
    incident.say("alice", f"!log {' '.join(words[:12])}")
    left_out = "I look for 12 different words at most, so not for “word13” and “word14”."
    assert incident.say("bob", f"!ir find {' '.join(words)}") == [
        f"1 “API returns 500” #2: {' '.join(words[:12])}",
        left_out,
    ]
    assert incident.say("bob", f"!ir find x {' '.join(words)}")[0].endswith(
        "so not for “word12”, “word13” and “word14”."
    )


def test_a_search_that_is_cut_short_says_so(incident, monkeypatch):
    found, read_on = searching.search, SnapshotEndedError

    def cut_short(*arguments, **more):
        yield from found(*arguments, **more)
        raise read_on

    monkeypatch.setattr(searching, "search", cut_short)
    hit, remark = incident.say("bob", "!ir find API")
    assert hit == "1 “API returns 500”: API returns 500"
    assert remark == "That took too long to look through all: older incidents may hold more."


def test_a_search_knows_capitals_beyond_english(incident):
    incident.say("alice", "!log Ärger im Rechenzentrum")
    incident.say("alice", "!log ÉTAT normal")
    assert "#2" in incident.say("bob", "!ir find ärger")[0]
    assert "#3" in incident.say("bob", "!ir find état")[0]


def test_what_was_struck_dropped_or_said_to_be_none_is_not_found(incident):
    incident.say("alice", "!log hapax one")
    incident.say("alice", "!ir strike 2")
    incident.say("alice", "!ir well hapax two")
    incident.say("alice", "!ir well drop 1")
    incident.say("alice", "!ir lucky none")
    assert incident.say("bob", "!ir find hapax") == [nothing_holds("hapax")]
    assert incident.say("bob", "!ir find none") == [nothing_holds("none")]


@pytest.fixture
def secret(talk):
    talk.say("alice", "!ir start --private leaked key")
    talk.say("alice", "!log the key of the mail server")
    return talk


def test_a_private_incident_does_not_exist_in_other_channels(secret):
    for line in ["!ir show 1", "!ir switch 1", "!log @1 text", "!ir summary @1 text", "!ir status @1"]:
        assert secret.say("alice", line, channel=ELSEWHERE) == [UNKNOWN.format(1)]
    assert secret.say("alice", "!ir list", channel=ELSEWHERE) == [NO_INCIDENTS]
    assert secret.say("alice", "!ir list open", channel=ELSEWHERE) == [NONE_OPEN]
    assert secret.say("alice", "!ir find key", channel=ELSEWHERE) == [nothing_holds("key")]


def test_a_private_incident_is_like_any_other_in_its_own_channel(secret):
    assert secret.say("bob", "!ir list")[0].startswith("1 “leaked key”: open, investigating, private")
    assert secret.say("bob", "!ir show 1")[0].startswith("1 “leaked key”: private")
    assert len(secret.say("bob", "!ir find key")) == 2
    secret.say("alice", "!ir close")
    assert secret.say("bob", "!ir list")[0].startswith("1 “leaked key”: closed, private")


def test_a_private_incident_answers_its_responders_in_private(secret):
    assert secret.say("alice", "!ir status", channel=None)[0].startswith("1 “leaked key”")
    assert secret.say("alice", "!ir show 1", channel=None)[0].startswith("1 “leaked key”")
    assert secret.say("alice", "!log @1 from home", channel=None) == [logged(3)]
    assert len(secret.say("alice", "!ir find key", channel=None)) == 2


def test_a_private_incident_does_not_exist_for_others_in_private(secret):
    assert secret.say("bob", "!ir show 1", channel=None) == [UNKNOWN.format(1)]
    assert secret.say("bob", "!log @1 text", channel=None) == [UNKNOWN.format(1)]
    assert secret.say("bob", "!ir join @1", channel=None) == [UNKNOWN.format(1)]
    assert secret.say("bob", "!ir status", channel=None)[0].startswith("No incident is open in a channel we share")
    assert secret.say("bob", "!ir find key", channel=None) == [nothing_holds("key")]
    assert secret.say("bob", "!ir start", channel=None) == [ONLY_IN_ITS_CHANNEL]
    secret.say("bob", "!ir join")
    assert secret.say("bob", "!ir status", channel=None)[0].startswith("1 “leaked key”")


def test_the_recap_is_five_lines_in_private(incident):
    for line in [
        "!ir ic me",
        "!ir impact logins fail",
        "!ir decided we roll back",
        "!ir decided nobody deploys",
        "!ir ask who owns the mail server?",
        "!ir ask what changed at 11:50?",
        "!ir ask done 2",
        "!ir update half of it is back",
    ]:
        incident.say("alice", line)
    replies = incident.hear("Bob", "!ir recap")
    assert [each.to for each in replies] == ["#incidents", *["Bob"] * 5]
    assert [str(each.text) for each in replies] == [
        in_private("Recap of 1"),
        "1 “API returns 500”: investigating, open for less than a minute; last update 12:00 “half of it is back”.",
        "Coordinator a\u200blice; 1 responder: a\u200blice.",
        "Impact: logins fail.",
        "Decided: 12:00 “nobody deploys”; 12:00 “we roll back”.",
        "Asked: 1. “who owns the mail server?”.",
    ]


def test_a_recap_of_nothing_says_so(incident):
    assert [str(each.text) for each in incident.hear("bob", "!ir recap", channel=None)][1:] == [
        "No coordinator; 1 responder: a\u200blice.",
        "Impact: not known yet.",
        "Decided: nothing yet.",
        "Asked: nothing open.",
    ]


def test_questions_are_asked_listed_and_settled(incident):
    assert incident.say("bob", "!ir ask") == ["No question is open: !ir ask TEXT asks one."]
    assert incident.say("bob", "!ir ask who?") == ["Question 1 is open: !ir ask done 1 when it is answered."]
    assert incident.say("bob", "!ir ask") == ["Question 1. who?"]
    expect_refusal(incident, "carol", "!ir ask done 1: it was bob", "!ir ask done 1 alone", "!ir decided TEXT")
    assert incident.say("bob", "!ir ask") == ["Question 1. who?"]
    assert incident.say("carol", "!ir ask done #1") == ["Question 1 is answered: “who?”."]
    expect_refusal(incident, "carol", "!ir ask done 1", "Question 1 is not open", "!ir ask lists")


def test_what_is_missing_is_said_with_what_contradicts_itself(incident):
    assert incident.say("alice", "!ir missing")[0].startswith("1 “API returns 500”: still missing: summary, impact,")
    incident.say("alice", "!ir impact for 3 hours")
    incident.say("alice", "!log 11:00 OUTAGE BEGINS")
    incident.say("alice", "!log 11:10 OUTAGE ENDS")
    assert "Check: impact says “3 hours”" in incident.say("alice", "!ir missing")[0]


def test_of_many_contradictions_the_first_are_named_and_the_rest_are_counted(incident):
    for minute in range(10, 20):
        incident.say("alice", f"!log 11:{minute} NFS-{minute} OUTAGE ENDS")
    (said,) = incident.say("alice", "!ir missing")
    warnings = incident.report().warnings
    assert [each for each in warnings if each in said] == list(warnings[:3])
    assert said.endswith(f" {len(warnings) - 3} more: !ir export shows all of them.")
    assert len(warnings) >= 10


def test_the_last_update_is_the_latest_by_its_own_time(talk):
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!ir update half the cells are back")
    talk.say("alice", "!ir public 11:30 posted “investigating”")

    assert "last update 12:00 “half the cells are back”" in talk.say("bob", "!ir status")[0]
