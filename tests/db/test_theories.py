"""Theories: what is suspected is an entry, what becomes of it is another one, and the rest follows from both."""

from __future__ import annotations

import pytest

from irscribe.domain.report import Kind
from irscribe.render import render
from irscribe.services.report.exports import style
from tests.replies import entry, logged, note, taken_back
from tests.snapshot import expect_refusal, kept_texts

pytestmark = pytest.mark.every_case_on_postgresql


@pytest.fixture
def opened(talk):
    talk.say("alice", "!ir start API returns 500")
    return talk


def noted(number, theory, *, at="12:00"):
    told = f"; !ir theory {theory} likely, confirmed or ruled out says what becomes of it"
    hint = told if theory == 1 else ""
    return entry(number, f"theory {theory} logged", at=at) + hint


def states(talk):
    return [(each.number, each.text, str(each.state), each.why, each.entry) for each in talk.report().theories]


def test_a_theory_is_an_entry_with_a_number_of_its_own(opened):
    assert opened.say("bob", "!ir theory a bad deploy") == [noted(2, 1)]
    assert opened.say("carol", "!ir theory DNS") == [noted(3, 2)]
    assert opened.texts()[1:] == ["Theory 1: a bad deploy", "Theory 2: DNS"]
    assert [each.kind for each in opened.report().timeline[1:]] == [Kind.THEORY, Kind.THEORY]
    assert states(opened) == [(1, "a bad deploy", "open", None, 2), (2, "DNS", "open", None, 3)]


@pytest.mark.parametrize(
    ("typed", "state", "why", "text"),
    [
        ("1 ruled out the graphs are flat", "ruled out", "the graphs are flat", "ruled out: the graphs are flat"),
        ("#1 Ruled Out: flat", "ruled out", "flat", "ruled out: flat"),
        ("1 ruled-out", "ruled out", None, "ruled out"),
        ("1 likely – see the log", "likely", "see the log", "likely: see the log"),
        ("1 is confirmed, rollback helped", "confirmed", "rollback helped", "confirmed: rollback helped"),
    ],
)
def test_what_becomes_of_it_is_an_entry_too(opened, typed, state, why, text):
    opened.say("bob", "!ir theory a bad deploy")
    assert opened.say("carol", f"!ir theory {typed}") == [entry(3, f"theory 1 is {state}") + " (“a bad deploy”)"]
    assert opened.texts()[2] == f"Theory 1 {text}"
    assert states(opened) == [(1, "a bad deploy", state, why, 2)]
    (theory,) = opened.report().theories
    assert [(str(each.state), each.why, each.entry) for each in theory.judgements] == [(state, why, 3)]


def test_the_last_word_counts_and_the_open_ones_are_counted_and_recapped(opened):
    for line in ("theory a bad deploy", "theory DNS", "theory a full disk", "theory 2 ruled out", "theory 3 likely"):
        opened.say("bob", f"!ir {line}")
    assert "; 2 open theories; " in opened.say("bob", "!ir")[0]
    recap = [str(each.text) for each in opened.hear("dora", "!ir recap") if each.to == "dora"]
    assert len(recap) == 5
    assert recap[4] == "Asked: nothing open. Suspected: 1. “a bad deploy”; 3. “a full disk” (likely)."
    opened.say("bob", "!ir theory 3 ruled out it has 40 GB")
    opened.say("bob", "!ir theory 1 confirmed")
    assert "theor" not in opened.say("bob", "!ir")[0]
    assert opened.say("bob", "!ir theory") == [
        "Theory 1. a bad deploy (confirmed, #2)",
        "Theory 2. DNS (ruled out, #3)",
        "Theory 3. a full disk (ruled out: it has 40 GB, #4)",
    ]


def test_a_correction_of_the_entry_is_one_of_the_theory(opened):
    opened.say("bob", "!ir theory a bad deploi")
    opened.say("bob", "!ir theory 1 ruled out flat grafs")
    opened.say("bob", "!ir fix 2 s/deploi/deploy/")
    opened.say("bob", "!ir fix 3 s/grafs/graphs/")
    assert states(opened) == [(1, "a bad deploy", "ruled out", "flat graphs", 2)]
    opened.say("bob", "!ir fix 2 the deploy of noon")
    assert states(opened)[0][1] == "the deploy of noon"
    page = render(opened.report(), "text", style(opened.application))
    assert " Theory: the deploy of noon\n" in page
    assert "- Theory 1: the deploy of noon (ruled out: flat graphs)" in page


def test_undo_takes_back_the_last_word(opened):
    opened.say("bob", "!ir theory a bad deploy")
    before = opened.report().theories
    opened.say("bob", "!ir theory 1 ruled out")
    assert opened.say("bob", "!ir undo") == [taken_back(note(3, "Theory 1 ruled out"))]
    assert opened.report().theories == before
    assert opened.say("bob", "!ir undo") == [taken_back(note(2, "Theory 1: a bad deploy"))]
    assert opened.report().theories == ()
    assert opened.say("bob", "!ir theory DNS") == [noted(4, 2)]


def test_a_struck_one_is_none_until_it_is_put_back(opened):
    opened.say("bob", "!ir theory a bad deploy")
    opened.say("bob", "!ir strike 2 nonsense")
    assert opened.report().theories == ()
    expect_refusal(opened, "bob", "!ir theory 1 likely", "There is no theory 1 in 1: !ir theory lists them.")
    opened.say("bob", "!ir unstrike 2")
    assert states(opened) == [(1, "a bad deploy", "open", None, 2)]


def test_a_redaction_of_the_entry_leaves_nothing_of_the_theory(opened):
    opened.say("bob", "!ir theory the key hunter2 leaked")
    opened.say("bob", "!ir theory 1 ruled out hunter2 is old")
    opened.say("bob", "!ir redact 2 a secret")
    opened.say("bob", "!ir redact 3 a secret")
    assert "hunter2" not in kept_texts(opened)
    assert opened.report().theories == ()
    expect_refusal(opened, "bob", "!ir redact theory 1 a secret", "!ir theory names them")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("theory 9 likely", "There is no theory 9 in 1"),
        ("theory 1 open", "Theory 1 is open already"),
        ("theory 1 confimed yes", "confimed is no state: did you mean !ir theory 1 confirmed?"),
        ("theory 1 ruledout", "ruledout is no state: did you mean !ir theory 1 ruled out?"),
        ("theory likely 1", "Which one? Type !ir theory N likely"),
        ("theory 1", "Is 1 the incident?"),
        ("theory -", "There is no text there"),
    ],
)
def test_what_is_no_theory_and_no_state_is_refused(opened, line, said):
    opened.say("bob", "!ir theory a bad deploy")
    expect_refusal(opened, "bob", f"!ir {line}", said)


def test_a_text_may_begin_with_a_number(opened):
    assert opened.say("bob", "!ir theory 2 disks are full") == [noted(2, 1)]
    assert opened.say("bob", "!ir theory 1 disk is full") == [noted(3, 2)]
    assert [each[1] for each in states(opened)] == ["2 disks are full", "1 disk is full"]


def test_afterwards_it_needs_a_time(talk):
    talk.say("alice", "!ir start 2019-10-07 14:00 wmcs-network")
    expect_refusal(talk, "alice", "!ir theory DNS", "time")
    assert talk.say("alice", "!ir theory 15:00 DNS")[0].startswith("#1 2019-10-07 15:00 theory 1 logged")
    assert talk.say("alice", "!ir theory 1 ruled out 15:30 the resolver answers")[0].startswith(
        "#2 2019-10-07 15:30 theory 1 is ruled out"
    )
    assert states(talk) == [(1, "DNS", "ruled out", "the resolver answers", 1)]


def test_one_that_is_cut_in_two_is_whole(opened):
    text = "the database " + "x" * 380
    opened.say("bob", f"!ir theory {text}")
    opened.say("bob", "is slow")
    assert states(opened) == [(1, f"{text} is slow", "open", None, 2)]


def test_a_note_is_no_theory(opened):
    assert opened.say("bob", "!log Theory 1: DNS") == [logged(2)]
    assert opened.report().theories == ()
