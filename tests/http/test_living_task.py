"""The task follows the record, and what people change there stays theirs."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from irscribe.config import Subscribe
from irscribe.domain.intent import IntentKind
from irscribe.domain.taskfields import TaskField
from tests.http.desk import Desk
from tests.http.fake_phabricator import Fault
from tests.http.phabricatoredit import edit
from tests.http.phabricatorworld import ALICE, BOB, BOT, FOLLOWUP, INCIDENT, SRE, Task, World

EDIT, HISTORY = "maniphest.edit", "transaction.search"
LOST_ANSWERS = (Fault.CUT_AFTER, Fault.SILENT_AFTER, Fault.GATEWAY_TIMEOUT_AFTER, Fault.GATEWAY_TIMEOUT_LATER)
NEVER_ARRIVED = (Fault.CUT_BEFORE, Fault.BAD_GATEWAY_BEFORE, Fault.READ_ONLY, Fault.TOO_MANY_REQUESTS, Fault.FATAL)
THEIRS = {
    "title": "Their title",
    "description": "Their description",
    "priority": "low",
    "owner": "PHID-USER-5xf34nwam2gicfnoagr5",
    "status": "stalled",
}


@pytest.fixture
def filed(desk_with) -> Desk:
    """An incident that was filed, with every field set; its task was told five minutes ago."""
    desk = desk_with(phabricator__status_closed="resolved", phabricator__private_policy="sre")
    desk.open(more="--sev 2")
    desk.say("alice", "!ir ic me")
    desk.file()
    desk.later(minutes=5)
    return desk


def _task(desk: Desk, number: int = 1) -> Task:
    return desk.phabricator.world.task(number)


def _edits(desk: Desk) -> int:
    return desk.phabricator.methods().count(EDIT)


def _typed(desk: Desk, *lines: str) -> list[str]:
    for line in lines:
        desk.say("alice", line)
    return desk.work()


def _by_hand(world: World, number: int = 1, **fields: Any) -> None:
    """A person edits a task on the server."""
    transactions = [{"type": kind, "value": value} for kind, value in fields.items()]
    edit(world, ALICE, {"objectIdentifier": number, "transactions": transactions})


def _values(task: Task) -> dict[str, Any]:
    priorities = {25: "low"}
    return {
        "title": task.title,
        "description": task.description,
        "priority": priorities.get(task.priority),
        "owner": task.owner,
        "status": task.status,
    }


def test_the_task_reads_as_the_record_at_each_step(desk_with):
    desk = desk_with(phabricator__status_closed="resolved", reports_url="https://reports.example.org")
    desk.open()
    desk.file()
    steps = (
        (["!ir title Databases are slow"], lambda task: task.title.endswith("Databases are slow")),
        (["!ir sev 1"], lambda task: task.priority == 100),
        (["!ir ic me"], lambda task: task.owner == ALICE),
        (["!ir status monitoring"], lambda task: "its status is: monitoring" in task.description),
        (["!ir close"], lambda task: task.status == "resolved" and "still open" not in task.description),
        (["!ir review"], lambda task: "report: review" in task.description),
        (["!ir final! said so"], lambda task: "report: final" in task.description),
    )
    for lines, is_so in steps:
        desk.later(minutes=6)
        assert _typed(desk, *lines) == []
        assert is_so(_task(desk)), lines
    assert "https://reports.example.org/incident-1.html" in _task(desk).description
    assert "incidents on testnet" in _task(desk).description
    assert "scored" not in _task(desk).description
    assert len(desk.phabricator.world.comments(1)) == 1


def test_a_busy_incident_makes_one_edit_in_five_minutes(filed):
    before = _edits(filed)
    for minute in range(10):
        _typed(filed, f"!ir title Title {minute}", "!log something happened")
        filed.later(minutes=1)
    assert _edits(filed) - before == 2
    filed.later(minutes=5)
    filed.work()
    assert _task(filed).title.endswith("Title 9")


@pytest.mark.parametrize("line", ["!log a note", "!ir summary Nothing answers", "!ir sev 2", "!ir well it was quick"])
def test_what_is_no_occasion_makes_no_edit(filed, line):
    before = _edits(filed)
    _typed(filed, line)
    assert _edits(filed) == before


@pytest.mark.parametrize("line", ["!ir close", "!ir private on", "!ir redact 1 a secret"])
def test_what_is_pressing_does_not_wait(filed, line):
    _typed(filed, "!ir title Another one")
    before = _edits(filed)
    _typed(filed, line)
    assert _edits(filed) == before + 1


def test_what_is_pressing_takes_along_what_waits(filed):
    _typed(filed, "!ir title Another one")
    _typed(filed, "!ir title A third one")
    _typed(filed, "!ir close")
    assert _task(filed).title.endswith("A third one")
    filed.later(minutes=6)
    before = _edits(filed)
    filed.work()
    assert _edits(filed) == before


def test_a_redacted_text_leaves_the_description(filed):
    filed.say("alice", "!log the password is hunter2")
    _typed(filed, "!ir sev 1")
    assert "hunter2" in _task(filed).description
    _typed(filed, "!ir redact 2 a password")
    assert "hunter2" not in _task(filed).description


@pytest.mark.parametrize("field", THEIRS)
def test_what_a_person_changed_stays_theirs_and_is_said_once(filed, field):
    _by_hand(filed.phabricator.world, **{field: THEIRS[field]})
    filed.present, filed.accounts["bob"] = ("bob",), "bob"
    filed.say("bob", "!ir join")
    (said,) = _typed(filed, "!ir title Another one", "!ir sev 1", "!ir ic bob", "!ir close")
    assert f"changed the {field}" in said
    assert THEIRS[field] not in said
    assert _values(_task(filed))[field] == THEIRS[field]
    filed.later(minutes=6)
    assert _typed(filed, "!ir title A third one") == []
    assert _values(_task(filed))[field] == THEIRS[field]


def test_what_a_person_took_back_is_the_bots_again(filed):
    before = _task(filed).title
    _by_hand(filed.phabricator.world, title="Their title")
    _typed(filed, "!ir title Another one")
    _by_hand(filed.phabricator.world, title=before)
    filed.later(minutes=6)
    _typed(filed, "!ir title A third one")
    assert _task(filed).title.endswith("A third one")


@pytest.mark.parametrize("field", ["title", "description", "priority", "status"])
@pytest.mark.parametrize("fault", [None, *LOST_ANSWERS])
def test_an_edit_in_between_is_given_back_and_ours_is_a_comment(filed, field, fault):
    world = filed.phabricator.world
    if fault is not None:
        filed.phabricator.fail(EDIT, fault)
    filed.phabricator.meanwhile[EDIT] = lambda: _by_hand(world, **{field: THEIRS[field]})
    for line in ("!ir title Another one", "!ir sev 1", "!ir close"):
        filed.say("alice", line)
    said = [*filed.work(), *filed.persevere()]
    assert sum("at the same moment" in each for each in said) == 1
    assert _values(_task(filed))[field] == THEIRS[field]
    (closing, ours) = world.comments(1)
    assert "closed" in closing
    if field in {"title", "description"}:
        assert "Another one" in ours
    filed.later(minutes=6)
    assert _typed(filed, "!ir title A third one") == []
    assert _values(_task(filed))[field] == THEIRS[field]


@pytest.mark.parametrize("fault", [*LOST_ANSWERS, *NEVER_ARRIVED])
def test_what_is_given_back_is_given_back_once(filed, fault):
    world = filed.phabricator.world
    filed.phabricator.meanwhile[EDIT] = lambda: _by_hand(world, description="Their words")
    filed.phabricator.fail(EDIT, fault, passing=1)
    _typed(filed, "!ir title Another one")
    filed.start()
    filed.persevere()
    assert _task(filed).description == "Their words"
    assert len(world.comments(1)) == 1


def test_a_second_edit_in_between_is_given_back_too(filed):
    world = filed.phabricator.world

    def twice() -> None:
        _by_hand(world, description="Their first words")
        filed.phabricator.meanwhile[HISTORY] = lambda: None
        filed.phabricator.meanwhile["maniphest.status.search"] = late

    def late() -> None:
        filed.phabricator.meanwhile[EDIT] = lambda: _by_hand(world, description="Their last words")

    filed.phabricator.meanwhile[EDIT] = twice
    _typed(filed, "!ir title Another one")
    filed.persevere()
    assert _task(filed).description == "Their last words"


@pytest.mark.parametrize("fault", sorted({*Fault} - {Fault.HTTP_1_0}))
def test_exactly_one_edit_whatever_happens_to_it(filed, fault):
    filed.phabricator.fail(EDIT, fault)
    _typed(filed, "!ir title Another one")
    filed.start()
    for left in filed.waiting():
        filed.say("alice", f"!ir outbox retry {left.id}")
    filed.persevere()
    titles = [each for each in filed.phabricator.world.changes if each.type == "title" and each.author == BOT]
    assert len(titles) == 2
    assert _task(filed).title.endswith("Another one")


@pytest.mark.parametrize("fault", [Fault.DATABASE_DOWN, Fault.SILENT_BEFORE, Fault.HALF_AFTER])
@pytest.mark.parametrize("call", ["maniphest.search", HISTORY, "user.whoami"])
def test_a_question_without_an_answer_only_delays_an_update(filed, call, fault):
    filed.phabricator.fail(call, fault)
    _typed(filed, "!ir title Another one")
    filed.start()
    filed.persevere()
    assert sum(each.type == "title" and each.author == BOT for each in filed.phabricator.world.changes) == 2


def test_an_edit_that_arrives_behind_the_one_sent_again_is_put_right_without_a_change(filed):
    filed.phabricator.fail(EDIT, Fault.GATEWAY_TIMEOUT_LATER)
    _typed(filed, "!ir title Databases are slow", "!ir sev 1")
    filed.later(minutes=6)
    _typed(filed, "!ir title Databases are down", "!ir sev 3")
    expected = _values(_task(filed))
    assert expected["title"].endswith("down")
    filed.phabricator.settle()
    assert _values(_task(filed)) != expected
    filed.later(minutes=6)
    assert filed.work() == []
    assert _values(_task(filed)) == expected
    assert filed.waiting() == []


def test_what_a_person_wrote_after_an_edit_was_sent_again_stays(filed):
    filed.phabricator.fail(EDIT, Fault.GATEWAY_TIMEOUT_LATER)
    _typed(filed, "!ir title Databases are slow", "!ir sev 1")
    filed.later(minutes=6)
    filed.work()
    _by_hand(filed.phabricator.world, title="Their title", priority="low")
    filed.later(minutes=6)
    (said,) = filed.work()
    assert "somebody else changed the title and the priority" in said
    assert _task(filed).title == "Their title"
    assert filed.persevere() == []


def test_what_happens_while_the_filing_is_in_doubt_reaches_the_task(desk_with):
    desk = desk_with(phabricator__status_closed="resolved")
    desk.open()
    desk.say("alice", "!log the password is hunter2")
    desk.phabricator.fail(EDIT, Fault.CUT_AFTER)
    desk.file()
    assert "hunter2" in _task(desk).description
    _typed(desk, "!ir title Another one", "!ir close", "!ir redact 2 a password")
    desk.persevere()
    assert _task(desk).status == "resolved"
    assert _task(desk).title.endswith("Another one")
    assert "hunter2" not in _task(desk).description
    assert "still open" not in _task(desk).description
    assert len(desk.phabricator.world.comments(1)) == 1


def test_an_update_that_was_tried_again_by_hand_says_how_it_ended(filed):
    filed.phabricator.fail(EDIT, Fault.REVOKED)
    _typed(filed, "!ir title Another one")
    (left,) = filed.waiting()
    assert "is done" in _typed(filed, f"!ir outbox retry {left.id}")[0]


def test_a_refusal_is_said_once_however_much_is_typed_meanwhile(filed):
    filed.phabricator.world.tokens.clear()
    said = _typed(filed, "!ir close")
    for title in ("One", "Two"):
        filed.later(minutes=6)
        said += _typed(filed, f"!ir title {title}", "!log 12:00 something else")
    assert len(said) == 1
    assert len(_typed(filed, "!ir reopen")) == 1


def test_a_refusal_is_in_the_log(filed, caplog):
    filed.phabricator.fail(EDIT, Fault.TOO_LARGE)
    _typed(filed, "!ir title Another one")
    assert "was refused" in caplog.text


def test_what_happened_while_no_bot_was_there_is_caught_up_with(filed):
    filed.say("alice", "!ir close")
    filed.start()
    filed.work()
    assert _task(filed).status == "resolved"


def test_a_task_filed_by_a_version_that_kept_nothing_is_followed_as_well(filed):
    with filed.database.write() as session:
        session.exec_driver_sql("DELETE FROM sent")
    _by_hand(filed.phabricator.world, priority="low")
    _typed(filed, "!ir title Another one", "!ir sev 1")
    assert _task(filed).title.endswith("Another one")
    assert _values(_task(filed))["priority"] == "low"


def test_tags_follow_the_severity_until_somebody_takes_one_off(desk_with):
    desk = desk_with(phabricator__severity_projects=MappingProxyType({1: "sre", 2: "sustainability_incident_followup"}))
    desk.open(more="--sev 1")
    desk.file()
    assert set(_task(desk).projects) == {INCIDENT, SRE}
    desk.later(minutes=6)
    _typed(desk, "!ir sev 2")
    assert set(_task(desk).projects) == {INCIDENT, FOLLOWUP}
    _task(desk).projects.remove(FOLLOWUP)
    desk.later(minutes=6)
    assert "changed the tags" in _typed(desk, "!ir sev 1")[0]
    assert _task(desk).projects == [INCIDENT]


def test_responders_become_subscribers_once(desk_with):
    desk = desk_with(phabricator__subscribe=Subscribe.RESPONDERS)
    desk.open()
    desk.file()
    assert set(_task(desk).subscribers) == {BOT, ALICE}
    _task(desk).subscribers.remove(ALICE)
    desk.accounts["bob"] = "bob"
    desk.say("bob", "!ir join")
    desk.later(minutes=6)
    _typed(desk, "!ir sev 1")
    assert set(_task(desk).subscribers) == {BOT, BOB}


@pytest.mark.parametrize("nick", ["bob", "@bob"])
def test_a_nick_without_an_account_subscribes_nobody(desk_with, nick):
    desk = desk_with(phabricator__subscribe=Subscribe.RESPONDERS)
    desk.open()
    desk.say("alice", f"!ir add {nick}")
    desk.file()
    assert set(_task(desk).subscribers) == {BOT, ALICE}


def test_a_task_that_was_there_before_is_changed_as_far_as_the_settings_say(desk_with):
    desk = desk_with(phabricator__existing=(TaskField.PRIORITY,))
    desk.phabricator.world.new_task(author=BOB, title="made by hand", description="by hand")
    desk.open(more="--task T1 --sev 1")
    desk.file()
    desk.later(minutes=6)
    _typed(desk, "!ir title Another one", "!ir sev 2", "!ir close")
    task = _task(desk)
    assert (task.title, task.description, task.status, task.priority) == ("made by hand", "by hand", "open", 80)


def test_follow_ups_follow_their_text_and_owner(filed):
    filed.say("alice", "!ir action write a runbook")
    filed.say("alice", "!ir actions file")
    filed.work()
    filed.later(minutes=6)
    _typed(filed, "!ir action fix 1 write two runbooks", "!ir action 1 @bob")
    assert _task(filed, 2).title == "write two runbooks"
    assert _task(filed, 2).owner == BOB


def test_an_incident_that_becomes_private_restricts_its_tasks_at_once(filed):
    filed.say("alice", "!ir action write a runbook")
    filed.say("alice", "!ir actions file")
    filed.work()
    _typed(filed, "!ir private on")
    assert {(_task(filed, each).view, _task(filed, each).edit) for each in (1, 2)} == {(SRE, SRE)}


def _filed_again_too_late(desk: Desk, line: str) -> None:
    """Two calls are carried out, the first one later than ``settle``."""
    desk.phabricator.fail(EDIT, Fault.GATEWAY_TIMEOUT_LATER)
    desk.say("alice", line)
    desk.work()
    for _ in range(2):
        desk.later(minutes=15)
        desk.work()
    desk.phabricator.settle()


def test_a_second_task_with_our_mark_is_named_once(desk):
    desk.open()
    _filed_again_too_late(desk, "!ir task file")
    desk.later(minutes=6)
    (said,) = _typed(desk, "!ir title Another one")
    assert f"{desk.phabricator.url}/T2 as well as {desk.phabricator.url}/T1" in said
    desk.later(minutes=6)
    assert _typed(desk, "!ir title A third one") == []
    assert "as well as" not in _typed(desk, "!ir actions sync")[0]


@pytest.mark.parametrize("line", ["!ir action fix 1 write two runbooks", "!ir actions sync"])
def test_a_second_task_of_a_follow_up_is_named_too(filed, line):
    filed.say("alice", "!ir action write a runbook")
    _filed_again_too_late(filed, "!ir actions file")
    filed.later(minutes=6)
    (said,) = _typed(filed, line)
    assert f"{filed.phabricator.url}/T3 as well as {filed.phabricator.url}/T2" in said


def test_a_task_that_may_not_be_edited_gets_the_comment_and_that_is_said(filed):
    _task(filed).edit = "no-one"
    _task(filed).owner = None
    (said,) = _typed(filed, "!ir close")
    assert "The comment is at" in said
    assert len(filed.phabricator.world.comments(1)) == 1


def test_updates_are_composed_when_they_are_sent_and_only_one_waits(filed):
    filed.phabricator.read_only = True
    for title in ("One", "Two", "Three"):
        _typed(filed, f"!ir title {title}", "!ir close", "!ir reopen")
    assert [each.kind for each in filed.waiting()] == [IntentKind.UPDATE]
    filed.phabricator.read_only = False
    filed.persevere()
    assert _task(filed).title.endswith("Three")
