"""Commands of more than 400 bytes, which a client may have cut in two."""

from __future__ import annotations

import pytest

from irscribe.config import load
from irscribe.domain.events import Rest
from irscribe.domain.request import CUT_FROM
from tests.replies import TAKEN_BACK, continued, fixed, logged, struck, taken_in
from tests.snapshot import kept_texts, record
from tests.talk import Talk

WORDS = "the recursors answer with the wrong origin address and " * 8
REST = "nothing reaches the file servers any more"


@pytest.fixture
def opened(talk):
    talk.say("alice", "!ir start API returns 500")
    return talk


def long(command: str) -> str:
    line = f"{command} {WORDS.strip()}"
    assert len(line.encode()) > CUT_FROM
    return line


def test_the_acknowledgement_of_a_long_line_waits_three_seconds(opened):
    assert opened.say("bob", long("!log")) == []
    opened.later(seconds=3)
    assert opened.release() == []
    opened.later(seconds=1)

    assert opened.release() == [logged(2)]
    assert opened.release() == []


def test_a_clock_that_is_set_back_makes_nobody_wait(opened):
    opened.say("bob", long("!log"))
    opened.later(hours=-5)

    assert opened.release() == [logged(2)]


def test_what_is_said_after_the_clock_was_set_back_is_just_talk(opened):
    opened.say("bob", long("!log"))
    opened.later(hours=-5)

    assert opened.say("bob", REST) == [logged(2)]
    assert opened.texts()[1:] == [WORDS.strip()]


def test_a_line_of_400_bytes_is_acknowledged_at_once(opened):
    line = "!log " + "x" * (CUT_FROM - len("!log "))

    assert opened.say("bob", line) == [logged(2)]


def test_a_plain_line_within_three_seconds_is_the_rest(opened):
    opened.say("bob", long("!log"))
    opened.later(seconds=3)

    assert opened.say("bob", REST) == [logged(2, lines=2)]
    assert opened.texts()[1:] == [f"{WORDS.strip()} {REST}"]
    assert opened.release() == []


@pytest.mark.parametrize(("end", "start"), [(" ", ""), ("", " "), (" ", " ")])
def test_a_blank_at_the_cut_is_one_blank(opened, end, start):
    opened.say("bob", long("!log") + end)
    opened.say("bob", start + REST)

    assert opened.texts()[1:] == [f"{WORDS.strip()} {REST}"]


def test_a_later_plain_line_is_just_talk(opened):
    opened.say("bob", long("!log"))
    opened.later(seconds=3.5)

    assert opened.say("bob", REST) == [logged(2)]
    assert opened.texts()[1:] == [WORDS.strip()]


def test_only_one_plain_line_is_the_rest(opened):
    opened.say("bob", long("!log"))
    opened.say("bob", REST)

    assert opened.say("bob", "by the way, lunch?") == []
    assert opened.texts()[1:] == [f"{WORDS.strip()} {REST}"]


def test_a_line_cut_into_three_is_whole(opened):
    opened.say("bob", long("!log"))
    opened.later(seconds=2)
    assert opened.say("bob", WORDS.strip()) == []
    opened.later(seconds=2)

    assert opened.say("bob", REST) == [logged(2, lines=3)]
    assert opened.texts()[1:] == [f"{WORDS.strip()} {WORDS.strip()} {REST}"]
    opened.say("bob", "!ir undo")
    assert opened.texts() == ["Incident opened."]


def test_a_command_cut_into_three_is_whole(opened):
    opened.say("alice", long("!ir action"))
    opened.say("alice", WORDS.strip())

    assert opened.say("alice", f"{REST} T123")[0].endswith("(3 lines)")
    (action,) = opened.report().actionables
    assert (action.number, action.text) == (1, f"{WORDS.strip()} {WORDS.strip()} {REST}")


def test_a_long_rest_is_acknowledged_after_three_seconds(opened):
    opened.say("bob", long("!log"))
    opened.say("bob", WORDS.strip())
    opened.later(seconds=4)

    assert opened.release() == [logged(2, lines=2)]


def test_what_somebody_else_says_is_no_rest(opened):
    opened.say("bob", long("!log"))

    assert opened.say("carol", REST) == []
    assert opened.say("bob", REST) == [logged(2, lines=2)]


@pytest.mark.parametrize("line", ["!ack 5", "!bash", "@help", " !resolve 7"])
def test_a_command_for_another_bot_is_no_rest(opened, line):
    opened.say("bob", long("!log"))

    assert opened.say("bob", line) == [logged(2)]
    assert opened.texts()[1:] == [WORDS.strip()]


def test_the_next_command_of_the_same_person_releases_the_acknowledgement(opened):
    opened.say("bob", long("!log"))

    assert opened.say("bob", "!log short") == [logged(2), logged(3)]


def test_two_long_lines_are_acknowledged_in_turn(opened):
    opened.say("bob", long("!log"))

    assert opened.say("bob", long("!log")) == [logged(2)]
    assert opened.say("bob", REST) == [logged(3, lines=2)]


def test_a_rest_may_hold_the_end_of_an_outage(opened):
    opened.say("bob", long("!log"))
    opened.say("bob", "OUTAGE ENDS")

    assert opened.report().timeline[1].marker.phrase == "OUTAGE ENDS"


def test_undo_takes_both_lines_back(opened):
    before = opened.report()
    opened.say("bob", long("!log"))
    opened.say("bob", REST)

    assert opened.say("bob", "!ir undo")[0].startswith(f"{TAKEN_BACK}#2 “")
    assert opened.report() == before


def test_somebody_may_log_in_between(opened):
    opened.say("bob", long("!log"))
    opened.say("carol", "!log me too")

    assert opened.say("bob", REST) == [logged(2, lines=2)]
    assert opened.texts()[1:] == [f"{WORDS.strip()} {REST}", "me too"]


def test_a_long_continuation_is_continued(opened):
    opened.say("bob", "!log first")
    opened.say("bob", long("!log +"))

    assert opened.say("bob", REST) == [continued(2, lines=2)]
    assert opened.texts()[1:] == [f"first {WORDS.strip()} {REST}"]
    opened.say("bob", "!ir undo")
    assert opened.texts()[1:] == ["first"]


@pytest.mark.parametrize("section", ["summary", "impact", "detection"])
def test_a_cut_section_is_whole(opened, section):
    opened.say("alice", f"!ir {section} before")
    opened.say("alice", long(f"!ir {section}"))

    assert opened.say("alice", REST)[0].endswith("(2 lines)")
    assert getattr(opened.report(), section) == f"{WORDS.strip()} {REST}"
    opened.say("alice", "!ir undo")
    assert getattr(opened.report(), section) == "before"


def test_a_cut_paragraph_is_whole(opened):
    opened.say("alice", "!ir summary before")
    opened.say("alice", long("!ir summary +|"))
    opened.say("alice", REST)

    assert opened.report().summary == f"before\n\n{WORDS.strip()} {REST}"


def test_a_cut_actionable_has_the_owner_and_the_task_of_its_rest(opened):
    opened.say("alice", long("!ir action"))

    assert opened.say("alice", f"{REST} @bob T123")[0].endswith("(2 lines)")
    (action,) = opened.report().actionables
    assert (action.number, action.text, action.owner, action.task.id) == (1, f"{WORDS.strip()} {REST}", "bob", "T123")


def test_a_cut_bullet_is_whole_and_the_next_one_has_the_next_number(opened):
    opened.say("alice", long("!ir well"))
    opened.say("alice", REST)
    opened.say("alice", "!ir well next")

    assert [item.text for item in opened.report().conclusions.went_well] == [f"{WORDS.strip()} {REST}", "next"]


def test_a_cut_status_changes_the_state_once(opened):
    opened.say("alice", long("!ir status monitoring"))

    assert opened.say("alice", REST)[0].endswith("(2 lines)")
    assert opened.texts()[-1] == f"Status: monitoring – {WORDS.strip()} {REST}"
    assert len(opened.texts()) == 2


@pytest.mark.parametrize("command", ["update", "decided", "public"])
def test_a_cut_update_is_one_entry(opened, command):
    opened.say("alice", long(f"!ir {command}"))
    opened.say("alice", REST)

    assert len(opened.texts()) == 2
    assert opened.texts()[-1].endswith(f"{WORDS.strip()} {REST}")


def test_a_cut_correction_is_carried_out_whole(opened):
    opened.say("bob", "!log it is broken")
    opened.say("bob", f"!ir fix 2 s/broken/{WORDS.strip()}")

    assert opened.say("bob", "and back/") == [fixed(2, lines=2)]
    assert opened.texts()[1:] == [f"it is {WORDS.strip()} and back"]
    opened.say("bob", "!ir undo")
    assert opened.texts()[1:] == ["it is broken"]


def test_a_cut_reason_stays_out_of_the_text(opened):
    opened.say("bob", "!log it is broken")
    opened.say("bob", long("!ir strike 2"))

    assert opened.say("bob", REST) == [struck(2, lines=2)]
    opened.say("bob", "!ir unstrike 2")
    assert opened.texts()[1:] == ["it is broken"]


def test_a_cut_outage_keeps_one_marker(opened):
    opened.say("bob", long("!ir outage begins"))
    opened.say("bob", REST)

    (marked,) = [entry for entry in opened.report().timeline if entry.marker]
    assert marked.marker.scope == f"for {WORDS.strip()} {REST}"


def test_a_cut_closing_reason_is_one(opened):
    opened.operators.add("alice")
    opened.say("alice", long("!ir cancel"))

    assert opened.say("alice", REST)[0].endswith("(2 lines)")
    assert opened.texts()[-1] == f"Incident cancelled: {WORDS.strip()} {REST}"
    assert opened.report().incident.state == "cancelled"


def test_a_cut_reason_for_a_redaction_changes_nothing_more(opened):
    opened.say("bob", "!log hunter2")
    opened.say("bob", long("!ir redact 2"))

    (answer,) = opened.say("bob", REST)
    assert answer.startswith("#2 is redacted")
    assert "hunter2" not in kept_texts(opened)


def test_a_long_refused_line_is_refused_once_and_its_rest_changes_nothing(opened):
    before = record(opened)
    assert opened.say("bob", long("!log 25:10")) == []

    (answer,) = opened.say("bob", REST)
    assert "25:10" in answer
    assert "(2 lines)" not in answer
    assert record(opened) == before


def test_a_long_title_is_refused_whole(opened):
    before = record(opened)
    opened.say("alice", long("!ir title"))

    (answer,) = opened.say("alice", REST)
    assert "bytes" in answer
    assert record(opened) == before


def test_a_cut_note_that_waits_is_adopted_whole(talk):
    assert talk.say("bob", long("!log")) == []
    (answer,) = talk.say("bob", REST)
    assert "kept for an hour" in answer

    talk.say("alice", "!ir start slow")
    assert talk.say("alice", "!ir adopt") == [taken_in(2)]
    assert f"{WORDS.strip()} {REST}" in talk.texts()


def test_the_rest_of_a_line_heard_twice_is_taken_once(opened):
    opened.say("bob", long("!log"), msgid="a")
    opened.say("bob", REST, msgid="b")
    before = record(opened)

    assert opened.say("bob", long("!log"), msgid="a") == []
    assert opened.say("bob", REST, msgid="b") == []
    assert record(opened) == before


def test_a_rest_whose_commit_was_not_answered_is_found_in_the_record(opened):
    beginning, rest = opened.request("bob", long("!log")), opened.request("bob", REST)
    opened.handle(beginning)
    with opened.database.read() as session:
        assert not opened.adapter.has_recorded(session, [Rest(beginning=beginning, line=rest)])
    opened.handle(rest)
    with opened.database.read() as session:
        assert opened.adapter.has_recorded(session, [Rest(beginning=beginning, line=rest)])


def test_a_redaction_reaches_both_lines(opened):
    opened.say("bob", long("!log"))
    opened.say("bob", "and the password is hunter2")

    opened.say("bob", "!ir redact 2 held a password")
    assert "hunter2" not in kept_texts(opened)
    assert "recursors" not in kept_texts(opened)


def test_a_redaction_of_a_cut_section_reaches_both_lines(opened):
    opened.say("alice", long("!ir summary"))
    opened.say("alice", "and the password is hunter2")

    opened.say("alice", "!ir redact summary held a password")
    assert "hunter2" not in kept_texts(opened)
    assert "recursors" not in kept_texts(opened)


def test_a_redaction_with_a_cut_reason_says_that_it_took_two_lines(opened):
    opened.say("bob", "!log the password is hunter2")
    said = [opened.say("bob", line) for line in (long("!ir redact 2"), "which is not ours to show")]
    assert "(2 lines)" in " ".join([*said[0], *said[1], *opened.release()])


def test_a_cut_line_in_a_quiet_channel_is_recorded_whole_in_silence(tmp_path):
    quiet = quiet_talk(tmp_path)
    quiet.say("alice", "!ir start slow")

    assert quiet.say("bob", long("!log")) == []
    assert quiet.say("bob", REST) == []
    assert quiet.release() == []
    assert quiet.texts()[1:] == [f"{WORDS.strip()} {REST}"]
    quiet.database.close()


def test_a_cut_command_in_private_goes_on_in_private(opened):
    opened.say("alice", long("!ir summary"), channel=None)

    assert opened.say("alice", REST, channel=None)[0].endswith("(2 lines)")
    assert opened.report().summary == f"{WORDS.strip()} {REST}"


def quiet_talk(folder):
    settings = folder / "config.ini"
    settings.write_text("[core]\nchannels = #incidents\n[irscribe]\nlog_mode = quiet\n", encoding="utf-8")
    return Talk(folder, config=load(settings))
