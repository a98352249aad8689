"""The bot killed at each step of each thing it does to tasks, and started again: it is done once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import count

import pytest

from tests.http.desk import Desk
from tests.http.fake_phabricator import FakePhabricator, Fault
from tests.http.patience import Killed, MortalAdapter
from tests.http.phabricatoredit import edit
from tests.http.phabricatorworld import ALICE, BOB, BOT, World

EDIT = "maniphest.edit"
NEVER = 10_000
"""Steps after which no bot here is killed."""
FEWEST_STEPS = 6


@dataclass(frozen=True)
class Deed:
    """Something the bot does to tasks: the lines before, those that bring it about, what a person writes meanwhile.

    ``doubtful`` is a line before them that brings about an edit whose answer is lost.
    """

    before: tuple[str, ...]
    lines: tuple[str, ...]
    meanwhile: str = ""
    doubtful: str = ""


FILED = ("!ir start --sev 2 API returns 500", "!ir ic me", "!ir action write a runbook @bob", "!ir task file")
DEEDS = {
    "the task and a follow-up": Deed(FILED[:-1], ("!ir task file", "!ir actions file")),
    "an update": Deed(FILED, ("!ir title Databases are slow", "!ir sev 1")),
    "the close": Deed(FILED, ("!ir title Databases are slow", "!ir close")),
    "a restriction": Deed((*FILED, "!ir actions file"), ("!ir private on",)),
    "a redaction": Deed((*FILED, "!log the password is hunter2"), ("!ir redact 2 a password",)),
    "a task that was there": Deed(("!ir start --sev 2 API returns 500", "!ir task T1"), ("!ir task file",)),
    "a restriction beside an edit in doubt": Deed(FILED, ("!ir private on",), doubtful="!ir sev 1"),
    "a redaction beside an edit in doubt": Deed(
        (*FILED, "!ir summary the password is hunter2"), ("!ir redact summary a password",), doubtful="!ir sev 1"
    ),
    "an edit in between": Deed(FILED, ("!ir title Databases are slow", "!ir close"), meanwhile="Their words"),
}


@dataclass(frozen=True)
class Before:
    """The moment before a deed: the bot's record, the server's world, the time. All runs of a deed begin there."""

    record: bytes
    world: World
    now: datetime


@pytest.mark.parametrize("name", DEEDS)
def test_what_is_killed_anywhere_is_done_once(name, tmp_path, phabricator, wiki):
    deed = DEEDS[name]

    @contextmanager
    def desk_in(name: str) -> Iterator[Desk]:
        (folder := tmp_path / name).mkdir()
        settings = {"phabricator__status_closed": "resolved", "phabricator__private_policy": "sre"}
        desk = Desk(folder, phabricator=phabricator, wiki=wiki, **settings)
        with closing(desk.database):
            yield desk

    def carried_out(steps: int) -> tuple[object, bool]:
        """The state of the server in the end, and True if the bot was killed after so many steps."""
        with desk_in(str(steps)) as desk:
            return _carry_out(deed, before, desk, steps=steps)

    with desk_in("before") as desk:
        before = _prepare(deed, desk)
    expected, _ = carried_out(NEVER)
    for steps in count():
        done, was_killed = carried_out(steps)
        assert done == expected, steps
        if not was_killed:
            break
    assert steps >= FEWEST_STEPS


def _prepare(deed: Deed, desk: Desk) -> Before:
    """Do everything before the deed, once."""
    if "!ir task T1" in deed.before:
        desk.phabricator.world.new_task(author=BOB, title="made by hand", description="by hand")
    for line in deed.before:
        desk.say("alice", line)
    desk.work()
    desk.later(minutes=6)
    if deed.doubtful:
        desk.phabricator.fail(EDIT, Fault.CUT_BEFORE)
        desk.say("alice", deed.doubtful)
        desk.work()
    desk.database.close()
    assert not (desk.folder / "talk.db-wal").exists()
    return Before((desk.folder / "talk.db").read_bytes(), desk.phabricator.world, desk.now)


def _carry_out(deed: Deed, before: Before, desk: Desk, *, steps: int) -> tuple[object, bool]:
    (desk.folder / "talk.db").write_bytes(before.record)
    desk.phabricator.world, desk.now = deepcopy(before.world), before.now
    if deed.meanwhile:
        desk.phabricator.meanwhile[EDIT] = partial(_by_hand, desk.phabricator, deed.meanwhile)
    desk.start(MortalAdapter(desk.phabricator, steps=steps))
    for line in deed.lines:
        desk.say("alice", line)
    was_killed = False
    try:
        desk.work()
    except Killed:
        was_killed = True
    desk.start()
    desk.persevere()
    return _standing(desk.phabricator), was_killed


def _by_hand(phabricator: FakePhabricator, text: str) -> None:
    transactions = [{"type": "description", "value": text}]
    edit(phabricator.world, ALICE, {"objectIdentifier": 1, "transactions": transactions})


def _standing(phabricator: FakePhabricator) -> object:
    """The tasks, with how often the bot changed each field and commented."""
    world = phabricator.world
    made = Counter((each.task, each.type) for each in world.changes if each.author == BOT)
    return [
        (
            (task.title, task.priority, task.owner, task.status, task.view, "hunter2" in task.description),
            {kind: times for (phid, kind), times in made.items() if phid == task.phid},
        )
        for task in world.tasks
    ]
