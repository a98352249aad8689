"""Follow-ups filed under the incident's task and read back, and the outbox that shows what waits."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from tests.http import fake_mediawiki as wiki
from tests.http.desk import Desk
from tests.http.fake_mediawiki import Step
from tests.http.fake_phabricator import Fault
from tests.http.phabricatorworld import ALICE, BOB, BOT, FOLLOWUP, SRE

EDIT = "maniphest.edit"


@pytest.fixture
def filed(desk_with) -> Desk:
    """An incident with its task and two actionables."""
    desk = desk_with(phabricator__people=MappingProxyType({"robert": "bob"}), phabricator__private_policy="sre")
    desk.accounts["rob"] = "robert"
    desk.open()
    desk.file()
    desk.say("rob", "!ir join")
    desk.say("alice", "!ir action put back the old kernel @rob")
    desk.say("alice", "!ir action write a runbook @nobody")
    return desk


def _followups(desk: Desk) -> list:
    return [task for task in desk.phabricator.world.tasks if task.parents]


def test_every_actionable_gets_a_task_under_the_incidents(filed):
    assert "2 follow-ups" in filed.say("alice", "!ir actions file")[0]
    (said,) = filed.work()
    first, second = _followups(filed)
    assert (first.title, second.title) == ("put back the old kernel", "write a runbook")
    assert {tuple(each.projects) for each in (first, second)} == {(FOLLOWUP,)}
    assert {tuple(each.subscribers) for each in (first, second)} == {(BOT,)}
    assert {tuple(each.parents) for each in (first, second)} == {(filed.phabricator.world.task(1).phid,)}
    assert (first.owner, second.owner) == (BOB, None)
    assert all(f"{filed.phabricator.url}/T{each.id}" in said for each in (first, second))
    assert [each.task.id for each in filed.report().actionables] == ["T2", "T3"]


def test_one_actionable_is_filed_alone_and_the_rest_later(filed):
    filed.say("alice", "!ir action 2 file")
    filed.work()
    assert [each.title for each in _followups(filed)] == ["write a runbook"]
    assert "has a task already" in filed.say("alice", "!ir action 2 file")[0]
    assert "1 follow-up" in filed.say("alice", "!ir actions file")[0]
    filed.work()
    assert len(_followups(filed)) == 2
    assert "has its task already" in filed.say("alice", "!ir actions file")[0]


def test_the_task_of_a_follow_up_says_by_which_day_it_is_due(filed):
    filed.say("alice", "!ir action 1 due 2026-12-24")
    filed.say("alice", "!ir actions file")
    filed.work()
    first, second = (each.description for each in _followups(filed))
    assert "It is due 2026-12-24." in first
    assert "due" not in second
    filed.say("alice", "!ir actions sync")
    filed.work()
    assert str(filed.report().actionables[0].due) == "2026-12-24"


def test_what_is_on_its_way_is_not_filed_again(filed):
    filed.say("alice", "!ir action 1 file")
    assert "on its way" in filed.say("alice", "!ir action 1 file")[0]
    assert "1 follow-up" in filed.say("alice", "!ir actions file")[0]
    assert "on their way" in filed.say("alice", "!ir actions file")[0]
    filed.work()
    assert len(_followups(filed)) == 2


def test_follow_ups_need_the_incidents_task(desk):
    desk.open()
    desk.say("alice", "!ir action write a runbook")
    assert "!ir task file" in desk.say("alice", "!ir actions file")[0]


def test_follow_ups_asked_for_with_the_task_come_behind_it(desk):
    desk.open()
    for line in ("!ir action write a runbook", "!ir task file", "!ir actions file"):
        desk.say("alice", line)
    desk.phabricator.fail(EDIT, Fault.DATABASE_DOWN)
    assert len(desk.work()) == 1
    desk.persevere()
    assert [each.title for each in _followups(desk)] == ["write a runbook"]


def test_follow_ups_of_a_private_incident_have_its_policy(filed):
    filed.say("alice", "!ir private on")
    filed.say("alice", "!ir actions file")
    filed.work()
    assert {(each.view, each.edit) for each in _followups(filed)} == {(SRE, SRE)}


def test_an_actionable_dropped_while_it_waited_is_not_filed(filed):
    filed.say("alice", "!ir action 1 file")
    filed.say("alice", "!ir action drop 1")
    assert "gone" in filed.work()[0]
    assert not _followups(filed)


def test_a_task_given_to_an_actionable_meanwhile_is_not_doubled(filed):
    filed.say("alice", "!ir action 1 file")
    filed.say("alice", "!ir action 1 T1")
    assert "meanwhile" in filed.work()[0]
    assert not _followups(filed)


def test_sync_reads_titles_states_and_owners_back(filed):
    filed.say("alice", "!ir actions file")
    filed.work()
    world = filed.phabricator.world
    world.task(2).title, world.task(2).status = "Put back the kernel of October", "progress"
    world.task(3).owner, world.task(3).status, world.task(3).closed = ALICE, "resolved", 1
    filed.say("alice", "!ir actions sync")
    assert "read back" in filed.work()[0]
    one, two = filed.say("alice", "!ir actions")
    assert "“Put back the kernel of October”, In Progress" in one
    assert "Resolved" in two
    assert "done" in two
    first, second = filed.report().actionables
    assert (first.task.title, first.owner, first.done) == ("Put back the kernel of October", "rob", False)
    assert (second.task.status, second.owner, second.done) == ("Resolved", "alice", True)
    assert filed.report().metadata.task.title.startswith("Incident ")


def test_sync_brings_no_title_that_few_may_see_into_the_report(filed):
    filed.phabricator.world.task(1).title = "Hole in the login"
    filed.phabricator.world.task(1).view = SRE
    filed.say("alice", "!ir actions sync")
    assert "few eyes" in filed.work()[0]
    assert filed.report().metadata.task.title is None


def test_what_was_filed_of_a_redacted_actionable_is_named_and_its_title_forgotten(filed):
    filed.say("alice", "!ir actions file")
    filed.work()
    filed.say("alice", "!ir actions sync")
    filed.work()
    said = filed.say("alice", "!ir redact action 1 a password")[0]
    assert f"{filed.phabricator.url}/T2" in said
    filed.say("alice", "!ir redact title a password")
    filed.database.forget_deleted()
    kept = b"".join(path.read_bytes() for path in filed.folder.glob("talk.db*"))
    assert b"old kernel" not in kept
    assert b"API returns" not in kept


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_the_titles_of_tasks_do_not_bring_back_what_is_redacted(filed, when):
    filed.say("alice", "!ir actions file")
    filed.work()
    filed.say("alice", "!ir actions sync")

    def redact():
        for what in ("action 1", "title"):
            filed.say("alice", f"!ir redact {what} a password")

    if when == "before":
        redact()
    else:
        filed.phabricator.meanwhile["maniphest.search"] = redact
    filed.phabricator.world.task(3).status = "progress"
    assert "read back" in filed.work()[0]
    assert filed.report().actionables[0].task.status == "In Progress"
    filed.database.forget_deleted()
    kept = b"".join(path.read_bytes() for path in filed.folder.glob("talk.db*"))
    assert b"old kernel" not in kept
    assert b"API returns" not in kept


def test_sync_of_no_task_is_refused(desk):
    desk.open()
    assert "!ir task file" in desk.say("alice", "!ir actions sync")[0]


def test_the_outbox_shows_what_waits_since_when_and_why(filed):
    filed.phabricator.read_only = True
    filed.say("alice", "!ir actions file")
    filed.work()
    first, second = filed.say("alice", "!ir outbox")
    assert "the task of the actionable 1, waiting since" in first
    assert "tried 1 time" in first
    assert "next at" in first
    assert "read-only" in first
    assert "read-only" in second


def test_what_waits_is_told_once_and_once_when_it_is_done(filed):
    filed.phabricator.read_only = True
    filed.say("alice", "!ir actions file")
    (said,) = filed.work()
    assert "actionables 1 and 2" in said
    for _ in range(3):
        filed.later(hours=1)
        assert filed.work() == []
    filed.phabricator.read_only = False
    filed.later(hours=1)
    (said,) = filed.work()
    assert "actionable 1" in said
    assert "actionable 2" in said


def test_what_is_dropped_is_not_sent(filed):
    filed.phabricator.read_only = True
    filed.say("alice", "!ir action 1 file")
    filed.work()
    (left,) = filed.waiting()
    assert "trusted" in filed.say("rob", f"!ir outbox drop {left.id}")[0]
    assert filed.say("alice", f"!ir outbox drop {left.id}")[0] == "Dropped: the task of the actionable 1."
    filed.phabricator.read_only = False
    filed.later(hours=1)
    assert filed.work() == []
    assert not _followups(filed)
    assert filed.say("alice", "!ir outbox") == ["Nothing of 1 waits to be sent."]


def test_what_is_dropped_while_it_may_be_done_says_so(filed):
    filed.phabricator.fail(EDIT, Fault.CUT_AFTER)
    filed.say("alice", "!ir action 1 file")
    assert "may be done all the same" in filed.work()[0]
    assert "nobody heard" in filed.say("alice", f"!ir outbox drop {filed.waiting()[0].id}")[0]


def test_a_retry_does_not_wait(filed):
    filed.phabricator.read_only = True
    filed.say("alice", "!ir action 1 file")
    filed.work()
    filed.phabricator.read_only = False
    filed.say("alice", f"!ir outbox retry {filed.waiting()[0].id}")
    assert len(filed.work()) == 1


@pytest.mark.parametrize("line", ["!ir outbox retry 99", "!ir outbox drop 99"])
def test_what_is_not_in_the_outbox_is_neither_retried_nor_dropped(filed, line):
    assert "no 99 in the outbox" in filed.say("alice", line)[0]


def test_what_is_asked_in_private_is_answered_in_the_channel(filed):
    said = filed.say("alice", "!ir actions file", channel=None)
    assert "in #incidents" in said[0]
    assert len(filed.work()) == 1


def test_waits_grow_and_differ(filed):
    filed.phabricator.read_only = True
    filed.say("alice", "!ir action 1 file")
    waits = []
    for _ in range(12):
        filed.work()
        (left,) = filed.waiting()
        waits.append((left.due_at - filed.now).total_seconds())
        filed.now = left.due_at
    assert waits[0] < 15
    assert max(waits) <= 15 * 60 * 1.2
    assert waits[-1] > 15 * 60 * 0.7
    assert len(set(waits)) == len(waits)


def test_a_server_that_asks_for_time_gets_it(desk):
    desk.open()
    desk.say("alice", "!ir publish")
    desk.wiki.fail(Step.EDIT, wiki.Fault.THROTTLED_429)
    desk.work()
    (left,) = desk.waiting()
    assert (left.due_at - desk.now).total_seconds() >= 90
