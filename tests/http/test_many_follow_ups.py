"""Many follow-ups: few lines in the channel, each task whole, and nobody waits for them."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from tests.http.desk import Desk
from tests.http.fake_phabricator import Fault
from tests.http.phabricatorworld import BOB, SRE

EDIT = "maniphest.edit"
MANY = 22
TAKES_ONE_MORE = """
create trigger takes_one_more before update on outbox
when new.state = 'done' and new.subject = 2 begin select raise(abort, 'full'); end
"""
"""The database fails where the second follow-up is done."""


@pytest.fixture
def many(desk_with) -> Desk:
    """A filed incident with more follow-ups than are filed at once, of which the last has an owner nobody knows."""
    desk = desk_with(
        phabricator__followup_priority="low",
        phabricator__private_policy="sre",
        reports_url="https://reports.example.org",
    )
    desk.open()
    desk.say("alice", "!ir summary Nothing answered for an hour.")
    for number in range(1, MANY):
        desk.say("alice", f"!ir action number {number} @bob")
    desk.say("alice", f"!ir action number {MANY} @zora")
    desk.file()
    desk.say("alice", "!ir actions file")
    return desk


def _tasks(desk: Desk) -> list:
    return [task for task in desk.phabricator.world.tasks if task.parents]


def test_one_line_with_the_range_of_tasks_and_those_without_an_owner(many):
    (said,) = many.work()
    url = many.phabricator.url
    for part in (f"{MANY} follow-ups", f"from {url}/T2 to {url}/T{MANY + 1}", f"actionables {MANY}"):
        assert part in said


def test_each_carries_its_priority_a_sentence_of_the_incident_and_the_link(many):
    many.work()
    for task in _tasks(many):
        assert task.priority == 25
        assert "Nothing answered for an hour." in task.description
        assert "https://reports.example.org/incident-1.html" in task.description
    assert {task.owner for task in _tasks(many)} == {BOB, None}


def test_the_report_that_they_link_to_is_written_once(many):
    file = many.config.reports / "incident-1.html"
    many.say("alice", "!log more was said")
    many.work()
    assert file.exists()
    file.write_text("as it was")
    many.say("alice", "!ir action one more")
    many.say("alice", "!ir actions file")
    many.work()
    assert file.read_text() == "as it was"


def test_an_unknown_owner_is_in_the_description_and_missing_until_there_is_a_known_one(many):
    many.work()
    assert "zora" in _tasks(many)[-1].description
    assert "owner" in many.report().missing
    many.later(minutes=6)
    many.say("alice", f"!ir action {MANY} @bob")
    many.work()
    assert _tasks(many)[-1].owner == BOB
    assert "zora" not in _tasks(many)[-1].description
    assert "owner" not in many.report().missing


def test_an_outage_in_the_middle_is_said_once_and_everything_is_filed_once(many):
    many.phabricator.fail(EDIT, Fault.DATABASE_DOWN, passing=15)
    said = many.work()
    assert sum("look before" in each for each in said) == 1
    many.persevere()
    assert sorted(task.title for task in _tasks(many)) == sorted(f"number {each}" for each in range(1, MANY + 1))


def test_what_takes_long_is_said_to_go_on_once(many):
    many.outbox_worker.clock = _slow_clock(many)
    said = many.work()
    assert sum("to go" in each for each in said) == 1
    assert len(said) == 2


def test_private_does_not_wait_behind_them(many):
    def once_some_are_filed() -> None:
        if len(_tasks(many)) < 5:
            many.phabricator.meanwhile[EDIT] = once_some_are_filed
        else:
            many.say("alice", "!ir private on")

    many.phabricator.meanwhile[EDIT] = once_some_are_filed
    many.work()
    many.persevere()
    assert {task.view for task in many.phabricator.world.tasks} == {SRE}
    restricted = [change.task for change in many.phabricator.world.changes if change.type == "view"]
    filed = [change.task for change in many.phabricator.world.changes if change.type == "create"]
    assert len(filed) == MANY + 1
    assert many.phabricator.world.task(1).phid in restricted


def test_that_many_tasks_are_restricted_is_said_once(many):
    many.work()
    many.say("alice", "!ir private on")
    said = many.work()
    assert sum("private_policy" in each for each in said) == 1
    assert f"{MANY + 1} tasks" in " ".join(said)


def test_a_close_is_no_reason_to_look_at_each_follow_up(many):
    many.work()
    before = len(many.phabricator.calls)
    many.say("alice", "!ir close")
    many.work()
    assert len(many.phabricator.calls) - before < MANY


def test_a_sync_counts_and_names_what_is_not_there(desk):
    desk.open()
    desk.file()
    for number in (1, 7, 9):
        desk.say("alice", f"!ir action something T{number}")
    desk.say("alice", "!ir actions sync")
    (said,) = desk.work()
    assert "1 of 3 tasks" in said
    assert "T7 and T9" in said


def _slow_clock(desk: Desk):
    def clock():
        desk.later(seconds=1)
        return desk.now

    return clock


def test_what_was_filed_before_the_database_failed_is_told(desk):
    desk.open()
    for number in (1, 2):
        desk.say("alice", f"!ir action number {number}")
    desk.file()
    desk.say("alice", "!ir actions file")
    with desk.database.write() as session:
        session.exec_driver_sql(TAKES_ONE_MORE)
    told = len(desk.told)
    with pytest.raises(IntegrityError):
        desk.outbox_worker.run_due()
    (said,) = [str(each.text) for each in desk.told[told:]]
    assert "/T2" in said
    assert "/T3" not in said
    with desk.database.write() as session:
        session.exec_driver_sql("drop trigger takes_one_more")
    assert ["/T3" in each for each in desk.persevere()] == [True]
    assert len(_tasks(desk)) == 2
