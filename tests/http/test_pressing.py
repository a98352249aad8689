"""A pressing change does not wait until it is known whether an edit before it arrived, where that does no harm."""

from __future__ import annotations

import pytest

from tests.http.desk import Desk
from tests.http.fake_phabricator import Fault
from tests.http.phabricatoredit import edit
from tests.http.phabricatorworld import ALICE, BOT, SRE

EDIT = "maniphest.edit"
IN_DOUBT = [Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.GATEWAY_TIMEOUT_LATER]


@pytest.fixture
def filed(desk_with) -> Desk:
    """An incident that was filed with a password in its summary, more than five minutes ago."""
    desk = desk_with(phabricator__private_policy="sre", phabricator__status_closed="resolved")
    desk.open(more="--sev 2")
    desk.say("alice", "!ir summary The password is hunter2")
    desk.file()
    desk.later(minutes=6)
    return desk


def _left_in_doubt(desk: Desk, fault: Fault, line: str = "!ir title Databases are slow") -> None:
    desk.phabricator.fail(EDIT, fault)
    desk.say("alice", line)
    desk.work()


def _commented(desk: Desk) -> int:
    return sum(each.author == BOT and each.type == "comment" for each in desk.phabricator.world.changes)


@pytest.mark.parametrize("fault", IN_DOUBT)
def test_a_restriction_goes_at_once(filed, fault):
    _left_in_doubt(filed, fault)
    filed.say("alice", "!ir private on")
    said = filed.work()
    assert filed.phabricator.world.task(1).view == SRE
    assert sum("is for those" in each for each in [*said, *filed.persevere()]) == 1
    assert filed.phabricator.world.task(1).title.endswith("Databases are slow")
    assert filed.waiting() == []


@pytest.mark.parametrize("fault", IN_DOUBT)
def test_a_redacted_text_goes_at_once_and_for_good(filed, fault):
    _left_in_doubt(filed, fault)
    filed.say("alice", "!ir redact summary a password")
    filed.work()
    task = filed.phabricator.world.task(1)
    assert "hunter2" not in task.description
    said = filed.persevere()
    assert "hunter2" not in task.description
    assert task.title.endswith("Databases are slow")
    assert not any("somebody" in each for each in said)
    assert filed.waiting() == []


@pytest.mark.parametrize("fault", IN_DOUBT)
@pytest.mark.parametrize("line", ["!ir private on", "!ir redact summary a password"])
def test_what_presses_and_is_itself_in_doubt_is_sent_again_at_once(filed, fault, line):
    _left_in_doubt(filed, fault, line)
    filed.later(seconds=15)
    filed.work()
    task = filed.phabricator.world.task(1)
    assert task.view == SRE if "private" in line else "hunter2" not in task.description
    filed.persevere()
    assert "hunter2" not in task.description or "private" in line
    assert filed.waiting() == []


@pytest.mark.parametrize("fault", IN_DOUBT)
def test_a_close_in_doubt_is_told_once_when_something_presses_behind_it(filed, fault):
    _left_in_doubt(filed, fault, "!ir close")
    filed.say("alice", "!ir redact summary a password")
    filed.work()
    assert "hunter2" not in filed.phabricator.world.task(1).description
    filed.persevere()
    assert filed.phabricator.world.task(1).status == "resolved"
    assert _commented(filed) == 1
    assert "hunter2" not in filed.phabricator.world.task(1).description


@pytest.mark.parametrize("fault", IN_DOUBT)
def test_what_a_person_wrote_meanwhile_stays(filed, fault):
    _left_in_doubt(filed, fault)
    edit(
        filed.phabricator.world,
        ALICE,
        {"objectIdentifier": 1, "transactions": [{"type": "description", "value": "Their words"}]},
    )
    filed.say("alice", "!ir redact summary a password")
    filed.work()
    filed.persevere()
    assert filed.phabricator.world.task(1).description == "Their words"


def test_a_filing_in_doubt_is_looked_for_at_once(desk_with):
    desk = desk_with(phabricator__private_policy="sre")
    desk.open()
    desk.phabricator.fail(EDIT, Fault.CUT_AFTER)
    desk.file()
    desk.say("alice", "!ir private on")
    desk.work()
    assert desk.phabricator.world.task(1).view == SRE


def test_a_restriction_does_not_wait_behind_the_pauses_between_attempts(filed):
    filed.say("alice", "!ir title Databases are slow")
    for _ in range(6):
        filed.phabricator.fail(EDIT, Fault.READ_ONLY)
        filed.work()
        filed.later(minutes=15)
    filed.phabricator.fail(EDIT, Fault.READ_ONLY)
    filed.work()
    filed.say("alice", "!ir private on")
    filed.work()
    assert filed.phabricator.world.task(1).view == SRE


def test_an_ordinary_update_that_was_refused_is_tried_at_the_next_change_and_shown_until_then(filed):
    filed.phabricator.fail(EDIT, Fault.TOO_LARGE)
    filed.say("alice", "!ir title Databases are slow")
    (said,) = filed.work()
    assert "Not done" in said
    for line in ("!ir status", "!ir missing"):
        assert "Refused, and not sent: the update of the task (!ir outbox says why)." in filed.say("alice", line)[0]
    filed.later(minutes=6)
    filed.say("alice", "!ir sev 1")
    filed.work()
    assert filed.phabricator.world.task(1).title.endswith("Databases are slow")
    assert "Refused" not in filed.say("alice", "!ir status")[0]
    assert filed.waiting() == []
