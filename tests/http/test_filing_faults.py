"""Exactly one task, one comment and one set of follow-ups, whatever goes wrong, and whenever."""

from __future__ import annotations

import pytest

from irscribe.domain.intent import IntentState
from tests.http.desk import Desk
from tests.http.fake_phabricator import Fault
from tests.http.phabricatorworld import TOKEN

EDIT = "maniphest.edit"
REFUSING = {
    Fault.REVOKED,
    Fault.DISABLED,
    Fault.UNINSTALLED,
    Fault.REDIRECT,
    Fault.TOO_LARGE,
    Fault.FORBIDDEN,
}
"""The faults that a person has to mend."""
HARMLESS = {Fault.HTTP_1_0}
WAITING = sorted(set(Fault) - REFUSING - HARMLESS)
QUESTIONS = ("project.search", "maniphest.status.search", "maniphest.priority.search", "user.search")
LOOKS = ("user.whoami", "maniphest.search")


@pytest.fixture
def ready(desk) -> Desk:
    """An incident that needs every question to be filed."""
    desk.open(more="--sev 1")
    desk.say("alice", "!ir ic me")
    desk.say("alice", "!ir task file")
    return desk


@pytest.fixture
def closing(desk_with) -> Desk:
    """An incident that was filed and is closed now, which its task does not know yet."""
    desk = desk_with(phabricator__status_closed="resolved")
    desk.open()
    desk.file()
    desk.say("alice", "!ir close")
    return desk


def _one_task(desk: Desk) -> None:
    assert [task.id for task in desk.phabricator.world.tasks] == [int(desk.fields()["task"][1:])]


@pytest.mark.parametrize("fault", WAITING)
def test_exactly_one_task_whatever_happens_and_when_it_starts_anew_behind_it(ready, fault, caplog):
    ready.phabricator.fail(EDIT, fault)
    waits = ready.work()
    ready.start()
    done = ready.persevere()
    _one_task(ready)
    assert len(waits) == len(done) == 1
    assert f"{ready.phabricator.url}/T1" in done[0]
    assert not ready.leaks(caplog.text)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("fault", [Fault.DATABASE_DOWN, Fault.READ_ONLY, Fault.SILENT_BEFORE, Fault.HALF_AFTER])
def test_a_look_that_fails_is_no_proof_that_nothing_is_there(ready, look, fault):
    ready.phabricator.fail(EDIT, Fault.GATEWAY_TIMEOUT_AFTER)
    ready.phabricator.fail(look, fault)
    ready.work()
    ready.persevere()
    _one_task(ready)


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_that_is_refused_keeps_that_it_may_be_done(ready, look):
    ready.phabricator.fail(EDIT, Fault.CUT_AFTER)
    ready.phabricator.fail(look, Fault.REVOKED)
    ready.work()
    ready.persevere()
    (left,) = ready.waiting()
    assert left.state is IntentState.REFUSED
    assert "after a look" in ready.say("alice", f"!ir outbox retry {left.id}")[0]
    ready.persevere()
    _one_task(ready)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("fault", [Fault.DATABASE_DOWN, Fault.SILENT_BEFORE, Fault.TOO_MANY_REQUESTS])
def test_a_question_without_an_answer_only_delays(ready, question, fault):
    ready.phabricator.fail(question, fault)
    ready.work()
    ready.persevere()
    _one_task(ready)


@pytest.mark.parametrize("fault", [Fault.DATABASE_DOWN, Fault.SILENT_BEFORE, Fault.TOO_MANY_REQUESTS])
def test_a_question_without_an_answer_only_delays_the_closing(closing, fault):
    closing.phabricator.fail("maniphest.status.search", fault)
    closing.work()
    assert (closing.phabricator.world.task(1).status, closing.phabricator.world.comments(1)) == ("progress", [])
    closing.persevere()
    assert closing.phabricator.world.task(1).status == "resolved"
    assert len(closing.phabricator.world.comments(1)) == 1


@pytest.mark.parametrize("fault", sorted(REFUSING))
def test_what_a_person_must_mend_waits_for_the_retry(ready, fault, caplog):
    ready.phabricator.fail(EDIT, fault)
    (said,) = ready.work()
    (left,) = ready.waiting()
    assert f"!ir outbox retry {left.id}" in said
    ready.later(hours=1)
    assert ready.work() == []
    ready.say("alice", f"!ir outbox retry {left.id}")
    assert len(ready.work()) == 1
    _one_task(ready)
    assert not ready.leaks(caplog.text)


def test_the_answer_of_http_1_0_is_one(ready):
    ready.phabricator.fail(EDIT, Fault.HTTP_1_0)
    ready.work()
    _one_task(ready)


def test_a_token_the_server_repeats_is_nowhere(desk, caplog):
    desk.phabricator.world.tokens.clear()
    desk.open()
    (said,) = desk.file()
    assert "[phabricator] token" in said
    assert TOKEN not in " ".join(desk.say("alice", "!ir outbox"))
    assert not desk.leaks(caplog.text)


def test_what_may_still_come_is_not_sent_again(ready):
    ready.phabricator.fail(EDIT, Fault.GATEWAY_TIMEOUT_LATER)
    ready.work()
    for _ in range(7):
        ready.later(seconds=15)
        ready.work()
    assert ready.phabricator.methods().count(EDIT) == 1
    ready.phabricator.settle()
    ready.persevere()
    assert ready.phabricator.methods().count(EDIT) == 1
    _one_task(ready)


@pytest.mark.parametrize("fault", WAITING)
def test_exactly_one_comment_whatever_happens_to_it(desk, fault):
    desk.phabricator.world.new_task(title="made by hand")
    desk.open(more="--task T1")
    desk.say("alice", "!ir task file")
    desk.phabricator.fail(EDIT, fault)
    desk.work()
    desk.start()
    desk.persevere()
    assert len(desk.phabricator.world.comments(1)) == 1


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.GATEWAY_TIMEOUT_LATER, Fault.READ_ONLY, Fault.FATAL])
def test_exactly_one_closing_comment_whatever_happens_to_it(desk, fault):
    desk.open()
    desk.file()
    desk.say("alice", "!ir close")
    desk.phabricator.fail(EDIT, fault)
    desk.work()
    desk.start()
    desk.persevere()
    assert len(desk.phabricator.world.comments(1)) == 1
    assert desk.phabricator.world.task(1).status == "open"


@pytest.mark.parametrize(
    ("fault", "passing"),
    [*((fault, 1) for fault in WAITING), (Fault.CUT_AFTER, 0), (Fault.DATABASE_DOWN, 0), (Fault.CUT_AFTER, 2)],
)
def test_exactly_one_set_of_follow_ups_wherever_it_breaks(desk, fault, passing):
    desk.open()
    desk.file()
    for text in ("one", "two", "three"):
        desk.say("alice", f"!ir action {text}")
    desk.say("alice", "!ir actions file")
    desk.phabricator.fail(EDIT, fault, passing=passing)
    waits = desk.work()
    desk.start()
    desk.persevere()
    assert sorted(task.title for task in desk.phabricator.world.tasks if task.parents) == ["one", "three", "two"]
    assert sum("keep trying" in said or "look before" in said for said in waits) == 1


def test_a_redacted_text_does_not_leave_after_all(ready):
    ready.say("alice", "!log the password is hunter2")
    ready.phabricator.read_only = True
    ready.work()
    ready.say("alice", "!ir redact 2 a password")
    ready.phabricator.read_only = False
    ready.persevere()
    assert "hunter2" not in ready.phabricator.world.task(1).description
    _one_task(ready)


def test_two_bots_on_one_record_file_once(ready):
    ready.phabricator.fail(EDIT, Fault.CUT_AFTER)
    first = ready.outbox_worker
    ready.start()
    ready.work()
    first.run_due()
    ready.persevere()
    first.run_due()
    _one_task(ready)
    assert ready.phabricator.methods().count(EDIT) == 1
