"""Texts removed for good, and what stays of them."""

from __future__ import annotations

import pytest

from models import outbox
from models.tables import field
from tests.organisations import wikimedia
from tests.replies import logged, taken_back
from tests.snapshot import kept_texts, refused

WORD = "hunter2"

pytestmark = pytest.mark.every_case_on_postgresql


@pytest.fixture
def config():
    return wikimedia()


@pytest.fixture
def opened(talk):
    talk.say("alice", "!ir start API returns 500")
    talk.say("bob", "!ir join")
    return talk


def test_an_authors_entry_is_gone_from_everywhere_and_a_tombstone_stays(opened):
    opened.say("bob", "!log 25:10 the password is hunter2")
    opened.say("bob", "!log the password is hunter2")
    opened.say("bob", "!log + OUTAGE hunter2 BEGINS")
    opened.say("alice", "!ir fix 2 s/password/pass phrase/")
    opened.say("alice", "!ir strike 2 leaks hunter2")
    opened.say("bob", "!ir unstrike 2")

    (answer,) = opened.say("bob", "!ir redact 2 held a password")

    assert answer.startswith("#2 is redacted: the text is gone here for good.")
    assert WORD not in kept_texts(opened)
    assert WORD not in answer
    assert opened.texts() == ["Incident opened."]
    assert "[redacted: held a password]" in opened.hear("carol", "!ir history 2")[1].text
    assert opened.say("bob", "!log next") == [logged(3)]


def test_the_kept_lines_of_corrections_go_too(opened):
    opened.say("bob", "!log the password is hunter3")
    opened.say("bob", "!ir fix 2 s/hunter3/hunter2/")
    opened.say("bob", "!ir fix 2 s/hunter2/xxx/")

    opened.say("bob", "!ir redact 2 held a password")
    assert "hunter" not in kept_texts(opened)


def test_a_text_that_was_taken_back_can_still_be_redacted(opened):
    opened.say("bob", "!log the password is hunter2")
    opened.say("bob", "!ir undo")

    opened.say("bob", "!ir redact 2 held a password")
    assert WORD not in kept_texts(opened)


def test_a_line_that_waited_in_vain_goes_with_its_twin(talk):
    talk.say("bob", "!log the password is hunter2")
    talk.say("bob", "!ir start slow")
    talk.say("bob", "!log the password is hunter2")

    talk.say("bob", "!ir redact 2 held a password")
    assert WORD not in kept_texts(talk)


def test_the_same_words_in_another_entry_stay(opened):
    opened.say("bob", "!log it is broken")
    opened.say("carol", "!log it is broken")

    opened.say("bob", "!ir redact 2 wrong")
    assert opened.texts()[1:] == ["it is broken"]


def test_an_author_may_redact_what_a_responder_corrected(opened):
    opened.say("bob", "!log the password is hunter2")
    opened.say("alice", "!ir fix 2 s/pass/PASS/")

    assert opened.say("bob", "!ir redact 2 held a password")[0].startswith("#2 is redacted")


def test_texts_of_others_need_somebody_trusted(opened):
    opened.say("bob", "!log the password is hunter2")
    opened.say("bob", "!ir summary the password is hunter2")

    assert "only an operator of the channel may do that." in refused(opened, "alice", "!ir redact 2 held a password")
    assert "only an operator of the channel may do that." in refused(
        opened, "alice", "!ir redact summary held a password"
    )
    opened.operators.add("alice")
    opened.say("alice", "!ir redact 2 held a password")
    opened.say("alice", "!ir redact summary held a password")
    assert WORD not in kept_texts(opened)


@pytest.mark.parametrize("name", ["summary", "impact", "detection", "paged", "metrics"])
def test_a_field_is_gone_with_all_it_said_before(opened, name):
    opened.say("bob", f"!ir {name} 35 hunter2")
    opened.say("bob", f"!ir {name} 36 hunter2 again")

    (answer,) = opened.say("bob", f"!ir redact {name} held a password")

    assert answer.startswith(f"{name.capitalize()} is redacted")
    assert WORD not in kept_texts(opened)


def test_a_field_that_was_emptied_can_still_be_redacted(opened):
    opened.say("bob", "!ir summary hunter2")
    opened.say("bob", "!ir summary -")

    opened.say("bob", "!ir redact summary held a password")
    assert WORD not in kept_texts(opened)


@pytest.mark.parametrize(
    ("add", "name"),
    [
        ("!ir well hunter2", "well 1"),
        ("!ir poorly hunter2", "poorly 1"),
        ("!ir lucky hunter2", "lucky 1"),
        ("!ir link https://example.org/hunter2 hunter2", "link 1"),
        ("!ir action change hunter2 @bob", "action 1"),
    ],
)
def test_an_item_is_gone_and_its_number_stays_taken(opened, add, name):
    before = opened.report()
    opened.say("bob", add)

    (answer,) = opened.say("bob", f"!ir redact {name} held a password")

    assert answer.startswith(f"{name.capitalize()} is redacted")
    assert WORD not in kept_texts(opened)
    assert opened.report() == before
    opened.say("bob", add.replace("hunter2", "this"))
    assert "2" in opened.say("bob", f"!ir {name.split()[0]} drop 2")[0]


def test_an_item_that_was_dropped_can_still_be_redacted(opened):
    opened.say("bob", "!ir well hunter2")
    opened.say("bob", "!ir well drop 1")

    opened.say("bob", "!ir redact well 1 held a password")
    assert WORD not in kept_texts(opened)


def test_the_title_goes_from_where_it_was_first_typed_too(talk):
    talk.operators.add("alice")
    talk.say("alice", "!ir start hunter2 is broken")
    talk.say("bob", "!ir sev 2")
    talk.say("alice", "!ir sev 3")
    talk.say("alice", "!ir title hunter2 leaked")

    talk.say("alice", "!ir redact title held a password")

    assert WORD not in kept_texts(talk)
    facts = talk.report().incident
    assert (facts.title, facts.severity) == (None, 3)
    talk.say("alice", "!ir impact logins fail")
    assert talk.say("alice", "!ir undo") == [taken_back("impact", again="")]


def test_a_note_on_the_scorecard_is_gone_and_its_answer_stays(opened):
    opened.say("alice", "!ir close")
    opened.say("alice", "!ir score 3 no, hunter2 leaked")

    opened.say("alice", "!ir redact score 3 held a password")

    assert WORD not in kept_texts(opened)
    answer = opened.report().scorecard.answers[2]
    assert (answer.answer, answer.notes) == ("no", "")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "What? Type !ir redact N REASON"),
        ("2", "Why? Type !ir redact 2 REASON."),
        ("2 -", "Why? Type !ir redact 2 REASON."),
        ("summary", "Why? Type !ir redact summary REASON."),
        ("well", "!ir redact well N"),
        ("well 1", "Why? Type !ir redact well 1 REASON."),
        ("9 reason", "no entry 9"),
        ("well 9 reason", "no well 9"),
        ("summary reason", "no summary"),
        ("nonsense reason", "nonsense"),
    ],
)
def test_what_cannot_be_redacted_is_refused(opened, typed, said):
    opened.say("bob", "!log one")

    assert said in refused(opened, "bob", f"!ir redact {typed}").replace("type", "Type")


@pytest.mark.parametrize("then", ["!ir fix 2 two", "!ir move 2 11:00", "!ir strike 2", "!ir unstrike 2", "!log + two"])
def test_nothing_more_is_done_to_a_redacted_entry(opened, then):
    opened.say("bob", "!log one")
    opened.say("bob", "!ir redact 2 a password")

    assert "#2" in refused(opened, "bob", then)
    assert "already" in refused(opened, "bob", "!ir redact 2 again")


def test_the_answer_names_where_the_text_was_published(opened):
    opened.say("bob", "!log hunter2")
    with opened.database.write() as session:
        for name, value in (("filed", "T5"), ("published", "https://wiki.example.org/Incidents/1")):
            session.execute(field.insert().values(incident=1, name=name, value=value))

    (answer,) = opened.say("bob", "!ir redact 2 a password")
    assert "https://phabricator.wikimedia.org/T5" in answer
    assert "https://wiki.example.org/Incidents/1" in answer


def test_the_files_are_due_to_be_written_again_even_if_the_clock_is_set_back(opened):
    opened.say("bob", "!log hunter2")
    opened.say("bob", "!ir redact 2 a password")

    opened.later(hours=-1)
    with opened.database.read() as session:
        (due,) = outbox.rewrites(session)
    assert due.incident == 1


def test_a_redacted_bullet_leaves_what_others_put_under_it(opened):
    opened.say("alice", "!ir well A")
    opened.say("bob", "!ir well > B")
    opened.say("alice", "!ir redact well 1 leak")

    assert [each.text for each in opened.report().conclusions.went_well] == ["B"]


def test_nothing_puts_a_redacted_bullet_back_that_was_dropped_before(opened):
    opened.say("alice", "!ir well hunter2")
    opened.say("alice", "!ir well drop 1")
    opened.say("alice", "!ir redact well 1 leak")

    opened.say("alice", "!ir undo")
    assert opened.report().conclusions.went_well == ()


@pytest.mark.parametrize("whose", ["bob", "2"])
def test_what_somebody_is_on_is_redacted_by_name_or_number(opened, whose):
    opened.say("bob", "!ir focus reading hunter2")

    opened.say("bob", f"!ir redact focus {whose} a password")
    assert WORD not in kept_texts(opened)
    assert WORD not in opened.say("alice", "!ir who")[0]


def test_a_name_on_the_list_is_redacted(opened):
    opened.say("alice", "!ir add the password hunter2, carol")

    opened.say("alice", "!ir redact name the password hunter2 no name")
    assert WORD not in kept_texts(opened)
    assert [each.name for each in opened.report().metadata.responders] == ["alice", "bob", "carol"]


@pytest.mark.parametrize(
    "typed", ["!ir fix 2 s/hunter2/xx/", "!ir lgo my hunter2", "!ir find hunter2", "!log 25:10 it was hunter2"]
)
def test_what_came_to_nothing_does_not_keep_a_word_of_it(opened, typed):
    opened.say("bob", "!log the password is hunter2")
    opened.say("carol", typed)

    opened.say("bob", "!ir redact 2 held a password")
    assert WORD not in kept_texts(opened)


@pytest.mark.parametrize("typed", ["who", "missing", "recap", "actions", "history 2", "switch 1"])
def test_a_question_with_a_word_of_it_behind_does_not_keep_it(opened, typed):
    opened.say("bob", "!log the password is hunter2")
    opened.say("carol", f"!ir {typed} hunter2")

    opened.say("bob", "!ir redact 2 held a password")
    assert WORD not in kept_texts(opened)


@pytest.mark.parametrize("then", ["yes, of course", "skip"])
def test_who_was_paged_goes_from_the_evidence_of_the_scorecard_too(opened, then):
    opened.say("alice", "!ir paged 3 (hunter2)")
    opened.say("alice", "!ir close")
    opened.say("alice", "!ir score yn")
    assert "people paged: 3 (hunter2)" in kept_texts(opened)
    opened.say("alice", then, channel=None)

    opened.say("alice", "!ir redact paged held a password")
    assert WORD not in kept_texts(opened)
    answer = opened.report().scorecard.answers[2]
    assert (answer.suggested, answer.notes) == (None, "of course" if then != "skip" else "")


@pytest.mark.parametrize("then", ["!ir undo", "!ir ic me", "!ir ic none"])
def test_the_name_of_a_coordinator_goes_with_that_on_the_list(opened, then):
    opened.say("alice", "!ir add hunter2")
    opened.say("alice", "!ir ic hunter2")
    opened.say("alice", then)
    opened.say("alice", "!ir redact name hunter2 no name")
    opened.say("alice", "!ir redact 1 no name")
    opened.say("alice", "!ir redact 2 no name")
    assert WORD not in kept_texts(opened)
    for _ in range(3):
        opened.say("alice", "!ir undo")
    assert WORD not in kept_texts(opened)


def test_the_name_of_another_coordinator_stays(opened):
    opened.say("alice", "!ir add hunter2")
    opened.say("alice", "!ir ic hunter2")
    opened.say("alice", "!ir ic me")
    opened.say("alice", "!ir redact name hunter2 no name")
    assert opened.report().metadata.coordinators == ("alice",)


def test_a_name_that_was_taken_back_can_still_be_redacted_and_its_number_is_nobody_elses(opened):
    opened.say("alice", "!ir add the password hunter2")
    opened.say("alice", "!ir undo")
    opened.say("carol", "!ir join the database")
    opened.say("alice", "!ir redact name the password hunter2 no name")
    assert WORD not in kept_texts(opened)
    assert [(each.name, each.focus) for each in opened.report().metadata.responders][-1] == ("carol", "the database")


def test_why_a_report_is_final_although_parts_are_missing_can_be_redacted(opened):
    opened.operators.add("alice")
    opened.say("alice", "!ir close")
    opened.say("alice", "!ir final! hunter2 is not to be known")
    assert WORD in kept_texts(opened)
    assert opened.say("alice", "!ir redact final a password")[0].startswith("Final in closed 1 is redacted")
    assert WORD not in kept_texts(opened)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("3 @1 held a password", "!ir redact @1 3 REASON"),
        ("#3 @1: held a password", "!ir redact @1 3 REASON"),
        ("3 @1", "!ir redact @1 3 REASON"),
        ("summary @1 held a password", "!ir redact @1 summary REASON"),
        ("well 1 @1 held a password", "!ir redact @1 well 1 REASON"),
        ("name bob @1 held a password", "!ir redact @1 name 2 REASON"),
    ],
)
def test_an_address_in_the_place_of_a_reason_removes_nothing_for_good(opened, typed, right):
    for line in ("!log one", "!log two", "!ir summary text", "!ir well rollback"):
        opened.say("bob", line)

    assert right in refused(opened, "bob", f"!ir redact {typed}")


def test_a_nick_may_begin_a_reason(opened):
    opened.say("bob", "!log one")

    assert "is redacted" in opened.say("bob", "!ir redact 2 @4chan was named")[0]


def test_a_redaction_says_which_incident_it_was_in_where_that_is_not_plain(opened):
    opened.say("bob", "!log one")
    opened.say("bob", "!ir summary text")
    opened.say("alice", "!ir start! another")

    assert opened.say("bob", "!ir redact @1 2 wrong")[0].startswith("#2 in 1 is redacted: ")
    opened.say("alice", "!ir close @1")
    assert opened.say("bob", "!ir redact @1 summary wrong")[0].startswith("Summary in closed 1 is redacted: ")
