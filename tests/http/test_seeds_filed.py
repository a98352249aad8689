"""The two reference incidents, filed and published."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from irscribe.domain.report import DocumentStatus
from irscribe.integrations.tasks import fit_text
from irscribe.render import render
from irscribe.render.taskmarkup import JOINT
from irscribe.services.filing.task_text import description
from irscribe.services.report.exports import style
from tests.http.desk import Desk
from tests.http.phabricatorworld import BOT, Task

EDIT = "maniphest.edit"
SEEDS = Path(__file__).parents[1] / "seeds"
OF_2019, OF_2021 = "2019-10-07-wmcs-network", "2021-11-02-cloud-vps-networking"
GIVEN = {OF_2019: {234834, 234830, 234876, 234836}, OF_2021: {294853, 294955, 295288, 294956}}
"""The tasks people gave as tasks; others are only spoken of."""
SPOKEN_OF = 291813


WORKED_ON = "== What a person found out ==\nIt was always DNS."


def _lines(name: str) -> list[tuple[str, str]]:
    typed = (SEEDS / f"{name}.irc").read_text(encoding="utf-8").splitlines()
    return [(said[1], said[2]) for said in (re.fullmatch(r"<(\S+)> (.*)", line) for line in typed) if said]


def _hear(desk: Desk, said: tuple[str, str]) -> None:
    desk.later(seconds=5)
    desk.hear(*said)
    desk.release()


def _heard(desk: Desk, name: str) -> None:
    for said in _lines(name):
        _hear(desk, said)


@pytest.fixture(params=[OF_2019, OF_2021])
def told(request, desk) -> tuple[Desk, str]:
    """A desk that has heard a session, and a server with the tasks it speaks of."""
    for number in sorted(GIVEN[request.param] | {SPOKEN_OF}):
        desk.phabricator.world.new_task(title=f"made before {number}", number=number)
    _heard(desk, request.param)
    return desk, request.param


def _words(text: str) -> str:
    """The letters and figures of a text, whatever markup parts them."""
    return re.sub(r"&#\d+;|&\w+;|[\W_]", "", re.sub(r"https?://\S+|\[\S+ ", "", text))


def _filed(desk: Desk, name: str) -> str:
    """File the report; the text that Phabricator has then: the comment on the task of 2021, or the description."""
    world = desk.phabricator.world
    (said,) = desk.file()
    assert "http" in said
    if name == OF_2021:
        assert [task for task in world.tasks if task.author == BOT and task.title.startswith("Incident")] == []
        return world.comments(294853)[0]
    return world.tasks[-1].description


def test_a_seed_is_filed_whole_and_disturbs_only_the_tasks_it_was_given(told):
    desk, name = told
    text = _filed(desk, name).replace(JOINT, "")
    report = desk.report()
    assert all(part in text for part in (report.incident.id, *(each.text[:40] for each in report.actionables)))
    assert text.count("\n- ") >= len(report.timeline)
    world = desk.phabricator.world
    disturbed = {task.id for task in world.tasks for change in world.changes if change.task == task.phid}
    assert SPOKEN_OF not in disturbed
    assert all(set(task.subscribers) <= {BOT} for task in world.tasks)


@pytest.mark.parametrize("name", [OF_2019, OF_2021])
def test_a_seed_filed_early_reads_as_the_record_at_each_step(desk_with, name):
    desk = desk_with(phabricator__status_closed="resolved")
    first, *rest = [each for each in _lines(name) if not re.match(r"!ir task T", each[1])]
    desk.hear(*first)
    desk.file()
    for said in [*rest, ("alice", "!ir review"), ("alice", "!ir final! told")]:
        desk.later(minutes=6)
        edits = desk.phabricator.methods().count(EDIT)
        desk.hear(*said)
        desk.release()
        assert desk.work() == []
        _expect_as_recorded_there(desk, was_edited=desk.phabricator.methods().count(EDIT) > edits)
    task = desk.phabricator.world.tasks[0]
    assert desk.report().incident.document_status is DocumentStatus.FINAL
    assert task.description == _composed(desk, task)
    assert len(desk.phabricator.world.comments(task.id)) == 1


def _expect_as_recorded_there(desk: Desk, *, was_edited: bool) -> None:
    """The task says what the record says; a note is told with the next change of something else."""
    report, task = desk.report(), desk.phabricator.world.tasks[0]
    assert task.title == f"Incident {report.incident.id}"
    assert (task.status == "resolved") is (report.incident.closed_at is not None)
    assert ("still open" in task.description) is (report.incident.closed_at is None)
    assert f"Status: {report.incident.status} (report: {report.incident.document_status})" in task.description
    if was_edited:
        assert task.description == _composed(desk, task)


def _composed(desk: Desk, task: Task) -> str:
    """The description that a task should have by the record."""
    search_text = re.search(r"{anchor #(\S+)}", task.description)[1]
    return fit_text(description(desk.report(), desk.application, search_text=search_text, page=None))


def test_a_seed_is_published_whole(told):
    desk, _ = told
    desk.say("alice", "!ir publish")
    (said,) = desk.work()
    assert "is published" in said
    ((title, revisions),) = desk.wiki.wiki.pages.items()
    assert title == f"Incidents/{desk.report().incident.id}"
    assert all(_words(each.text) in _words(revisions[0].text) for each in desk.report().timeline)
    assert not desk.wiki.wiki.warnings


@pytest.mark.parametrize("name", [OF_2019, OF_2021])
def test_a_seed_published_early_follows_its_record_until_it_is_final(desk, name):
    lines = _lines(name)
    for said in lines[:3]:
        _hear(desk, said)
    desk.say("alice", "!ir publish follow")
    for number, said in enumerate([*lines[3:], ("alice", "!ir review"), ("alice", "!ir final! all is said")]):
        _hear(desk, said)
        desk.work()
        if number == len(lines) // 2:
            _work_on_the_page(desk)
        if said[1].startswith(("!ir status", "!ir close", "!ir review", "!ir final")):
            _expect_as_recorded(desk)
    ((_, revisions),) = desk.wiki.wiki.pages.items()
    assert WORKED_ON in revisions[-1].text
    assert "status=final" in revisions[-1].text
    assert not desk.wiki.wiki.warnings


def _work_on_the_page(desk: Desk) -> None:
    """A person adds a section, and somebody trusted has the rest brought up to date."""
    ((title, revisions),) = desk.wiki.wiki.pages.items()
    text = revisions[-1].text.replace("[[Category:", f"{WORKED_ON}\n\n[[Category:", 1)
    desk.wiki.wiki.write(title, text, user="HumanEditor")


def _expect_as_recorded(desk: Desk) -> None:
    """The page says what the record says, but for what a person added, once a merge has brought the two together."""
    desk.later(minutes=11)
    desk.work()
    ((_, revisions),) = desk.wiki.wiki.pages.items()
    if any(each.user == "HumanEditor" for each in revisions):
        desk.say("alice", "!ir publish merge")
        desk.work()
    shown = revisions[-1].text.replace(f"{WORKED_ON}\n\n", "")
    assert shown == render(desk.report(), "wikitext", style(desk.application, published=True)).rstrip()


def test_a_seeds_tasks_are_read_back(told):
    desk, name = told
    desk.say("alice", "!ir actions sync")
    assert "read back" in desk.work()[0]
    assert {each.task.title for each in desk.report().actionables if each.task} == {
        f"made before {number}" for number in GIVEN[name]
    }
