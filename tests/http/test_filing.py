"""The incident's task: drafted without a server, filed once, told how the incident goes on."""

from __future__ import annotations

import html
import re
from types import MappingProxyType
from urllib.parse import parse_qs, urlsplit

import pytest

from irscribe.config import Subscribe
from irscribe.domain.events import Export
from irscribe.domain.request import Reply
from irscribe.domain.taskfields import TaskField
from irscribe.engine.purge import Purge
from irscribe.engine.report_files import ReportFiles
from irscribe.services.filing import draft_form
from tests.http.desk import ADDRESS
from tests.http.phabricatorworld import ALICE, BOB, BOT, INCIDENT, SRE
from tests.talk import CHANNEL

LINE = 400
WORDS = "word " * 50


def _form(said: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(ADDRESS.search(said)[0]).query)


def _summarise(desk, *texts: str) -> None:
    desk.say("alice", f"!ir summary {texts[0]}")
    for text in texts[1:]:
        desk.say("alice", f"!ir summary + {text}")


def _drafted(desk, *summary: str) -> tuple[list[Reply], list[Export]]:
    """The replies to a draft of a task, and the files that are written for it."""
    desk.open("API returns 500", more="--sev 2")
    _summarise(desk, *summary)
    outcome = desk.handle(desk.request("alice", "!ir task draft"))
    return [each for each in outcome if isinstance(each, Reply)], [each for each in outcome if isinstance(each, Export)]


def test_a_draft_that_fits_into_no_line_goes_to_the_person_whole(desk_with):
    replies, files = _drafted(desk_with(phabricator__token=None), "Nothing answers")
    here, there = replies
    assert (here.to, there.to) == (CHANNEL, "alice")
    assert there.recipient_keys
    assert "private" in str(here.text)
    form = _form(str(there.text))
    assert form["title"][0].endswith("API returns 500")
    assert form["tags"] == ["wikimedia-incident"]
    assert form["priority"] == ["high"]
    assert "Nothing answers" in form["description"][0]
    assert "Timeline" in form["description"][0]
    assert files == []


def test_a_draft_that_is_too_long_for_that_has_the_beginning_of_the_summary_and_a_file(desk_with):
    (here,), (file,) = _drafted(desk_with(phabricator__token=None), *[WORDS] * 6)
    assert len(str(here.text).encode()) <= LINE
    form = _form(str(here.text))
    assert form["title"][0].endswith("API returns 500")
    assert form["tags"] == ["wikimedia-incident"]
    assert set(form["description"][0].split()) == {"word", "…"}
    assert (file.forms, file.to) == (("remarkup",), CHANNEL)


def test_a_draft_has_a_page_with_a_link_to_the_form_where_reports_can_be_opened(desk_with):
    desk = desk_with(phabricator__token=None, reports_url="https://reports.example.org")
    _, (file,) = _drafted(desk, "</textarea><b>", *[WORDS] * 6)
    files = ReportFiles(desk.database, desk.application, forgetting=Purge(desk.database))
    assert "https://reports.example.org/incident-1.draft.html" in str(files.write_and_tell(file).text)
    page = (desk.config.reports / "incident-1.draft.html").read_text()
    assert page.count("<textarea") == page.count("</textarea>") == 1
    (link,) = re.findall(r'<a href="([^"]+)">', page)
    assert "word word" in _form(html.unescape(link))["description"][0]
    desk.say("alice", "!ir redact summary a password")
    files.rewrite_due()
    assert "word word" not in (desk.config.reports / "incident-1.draft.html").read_text()


def test_a_page_says_to_paste_a_description_that_no_form_takes(desk_with):
    desk = desk_with(phabricator__token=None, reports_url="https://reports.example.org")
    desk.open()
    _summarise(desk, *[WORDS] * 30)
    page = draft_form.page(desk.report(), desk.application)
    assert "paste the description" in page
    (link,) = re.findall(r'<a href="([^"]+)">', page)
    assert "description" not in _form(html.unescape(link))


def test_the_draft_of_a_private_incident_lies_where_only_the_operator_finds_it(desk_with):
    desk = desk_with(phabricator__token=None, reports_url="https://reports.example.org")
    desk.open("API returns 500", more="--private")
    _summarise(desk, *[WORDS] * 6)
    (file,) = [each for each in desk.handle(desk.request("alice", "!ir task draft")) if isinstance(each, Export)]
    assert file.forms == ("remarkup",)


def test_a_draft_of_the_longest_title_names_the_file(desk):
    desk.open("é" * 200)
    _summarise(desk, *[WORDS] * 6)
    assert not ADDRESS.search(desk.say("alice", "!ir task draft")[0])


def test_a_filed_task_has_everything(desk_with, phabricator):
    desk = desk_with(phabricator__projects=("wikimedia-incident", "SRE"))
    desk.open("API returns 500", more="--sev 1")
    desk.say("alice", "!ir ic me")
    desk.say("alice", "!ir summary Nothing answers")
    assert "Filing" in desk.say("alice", "!ir task file")[0]
    assert desk.work() == [f"The task of 1 is {phabricator.url}/T1"]
    task = phabricator.world.task(1)
    assert task.title.endswith("API returns 500")
    assert "Nothing answers" in task.description
    assert set(task.projects) == {INCIDENT, SRE}
    assert (task.priority, task.owner, task.status) == (100, ALICE, "progress")
    assert task.subscribers == [BOT]
    assert desk.report().metadata.task.id == "T1"
    assert "task" not in desk.report().missing


def test_a_filed_description_carries_no_checks_and_says_of_nothing_that_there_was_none(desk, phabricator):
    desk.open()
    desk.say("alice", "!ir impact down for 3 days")
    desk.say("alice", "!ir close")
    desk.file()
    report, description = desk.report(), phabricator.world.task(1).description
    assert report.missing
    assert report.warnings
    assert "Still missing" not in description
    assert "Please check" not in description
    assert "None" not in description
    assert "not recorded yet" in description


def test_a_task_without_severity_or_coordinator_is_the_servers_default(desk, phabricator):
    desk.open()
    desk.file()
    assert (phabricator.world.task(1).priority, phabricator.world.task(1).owner) == (90, None)


def test_who_coordinates_last_owns_the_task(desk_with, phabricator):
    desk = desk_with(phabricator__people=MappingProxyType({"robert": "bob"}))
    desk.accounts["rob"] = "robert"
    desk.open()
    desk.present = ("rob",)
    for line in ("!ir ic me", "!ir ic rob"):
        desk.say("alice", line)
    desk.file()
    assert phabricator.world.task(1).owner == BOB


def test_a_nick_without_an_account_owns_nothing(desk, phabricator):
    desk.open()
    desk.present = ("bob",)
    desk.say("alice", "!ir ic bob")
    desk.file()
    assert phabricator.world.task(1).owner is None


def test_what_is_typed_subscribes_nobody_and_writes_on_no_other_task(desk, phabricator):
    other = phabricator.world.new_task(title="another")
    desk.open("T1 @bob #sre")
    for line in (
        "!log @bob look at T1 and {T1}",
        "!ir summary @bob T1 #sre",
        "!ir well {F1} T1",
        "!ir action T1 and T2 do @bob",
    ):
        desk.say("alice", line)
    desk.file()
    desk.say("alice", "!ir actions file")
    desk.work()
    desk.say("alice", "!ir close")
    desk.work()
    assert all(task.subscribers == [BOT] for task in phabricator.world.tasks if task is not other)
    assert not [change for change in phabricator.world.changes if change.task == other.phid]


def test_nobody_but_the_trusted_files(desk, phabricator):
    desk.open()
    desk.say("mallory", "!ir join")
    for line in ("!ir task file", "!ir actions file", "!ir publish"):
        assert "trusted" in desk.say("mallory", line)[0]
    assert desk.work() == []
    assert not phabricator.calls


def test_filing_without_a_token_names_the_setting_and_the_draft(desk_with):
    desk = desk_with(phabricator__token=None)
    desk.open()
    said = desk.say("alice", "!ir task file")[0]
    assert "[phabricator] token" in said
    assert "!ir task draft" in said


def test_a_second_filing_is_refused_with_the_address_of_the_first(desk, phabricator):
    desk.open()
    desk.say("alice", "!ir task file")
    assert "on its way" in desk.say("alice", "!ir task file")[0]
    desk.work()
    assert f"{phabricator.url}/T1" in desk.say("alice", "!ir task file")[0]
    desk.say("alice", "!ir task -")
    assert f"{phabricator.url}/T1" in desk.say("alice", "!ir task file")[0]
    assert desk.work() == []
    assert len(phabricator.world.tasks) == 1


def test_after_it_was_said_that_there_is_no_task_another_one_is_filed(desk, phabricator):
    desk.open()
    desk.file()
    desk.say("alice", "!ir task -")
    (said,) = desk.say("alice", "!ir task file")
    assert f"It was filed as {phabricator.url}/T1" in said
    desk.say("alice", "!ir task none")
    (said,) = desk.say("alice", "!ir task file")
    assert f"Filing the task beside {phabricator.url}/T1" in said
    assert desk.work() == [f"The task of 1 is {phabricator.url}/T2"]
    assert desk.report().metadata.task.id == "T2"
    assert "T2" in desk.say("alice", "!ir task file")[0]


def test_a_task_given_by_hand_is_commented_on(desk, phabricator):
    phabricator.world.new_task(title="made by hand", status="stalled")
    desk.open(more="--task T1")
    desk.say("alice", "!ir summary Nothing answers")
    desk.say("alice", "!ir task file")
    assert f"{phabricator.url}/T1" in desk.work()[0]
    assert [task.status for task in phabricator.world.tasks] == ["stalled"]
    assert "Nothing answers" in phabricator.world.comments(1)[0]


@pytest.mark.parametrize(
    ("existing", "said"),
    [
        ((TaskField.STATUS, TaskField.OWNER), "set its status, set its owner and comment again"),
        ((), "and may comment again at the close"),
    ],
)
def test_naming_a_task_that_was_there_says_what_filing_would_change(desk_with, phabricator, existing, said):
    desk = desk_with(phabricator__existing=existing)
    phabricator.world.new_task(title="made by hand")
    desk.open()
    (answer,) = desk.say("alice", "!ir task T1")
    (at_start,) = desk.say("alice", "!ir start! --task T1 The database is slow")
    for each in (answer, at_start):
        assert "I change nothing there" in each
        assert said in each
    assert said in desk.say("alice", "!ir task file")[0]


def test_what_filing_would_change_later_is_said_too(desk_with, phabricator):
    later = {"status_open": "", "status_closed": "resolved", "comment_on_close": False}
    settings = {f"phabricator__{name}": value for name, value in later.items()}
    desk = desk_with(phabricator__subscribe=Subscribe.RESPONDERS, phabricator__existing=(TaskField.STATUS,), **settings)
    phabricator.world.new_task(title="made by hand")
    desk.open()
    (said,) = desk.say("alice", "!ir task T1")
    assert "and may set its status at the close and subscribe the responders" in said


def test_a_task_that_the_bot_filed_for_another_incident_keeps_its_title_and_text(desk, phabricator):
    desk.open()
    desk.file()
    desk.say("alice", "!ir start! --task T1 The database is slow")
    desk.file()
    desk.later(minutes=6)
    desk.say("alice", "!ir title The database is very slow")
    desk.work()
    task = phabricator.world.task(1)
    assert task.title.endswith("API returns 500")
    assert "slow" not in task.description


@pytest.mark.parametrize(("edit", "status"), [("users", "progress"), ("no-one", "open")])
def test_a_task_given_by_hand_is_in_progress_where_the_bot_may_edit_it(desk, phabricator, edit, status):
    phabricator.world.new_task(title="made by hand", edit=edit)
    desk.open(more="--task T1")
    desk.file()
    assert (len(phabricator.world.comments(1)), phabricator.world.task(1).status) == (1, status)


def test_a_task_given_while_the_filing_waits_is_not_doubled(desk, phabricator):
    desk.open()
    desk.say("alice", "!ir task file")
    phabricator.world.new_task(title="made by hand")
    desk.say("alice", "!ir task T1")
    assert "meanwhile" in desk.work()[0]
    assert len(phabricator.world.tasks) == 1


def test_a_private_incident_is_filed_with_its_policy_in_one_call(desk_with, phabricator):
    desk = desk_with(phabricator__private_policy="sre")
    desk.open(more="--private")
    desk.file()
    task = phabricator.world.task(1)
    assert (task.view, task.edit) == (SRE, SRE)
    assert phabricator.methods().count("maniphest.edit") == 1


def test_a_private_incident_is_not_filed_without_a_policy(desk, phabricator):
    desk.open(more="--private")
    assert "private_policy" in desk.say("alice", "!ir task file")[0]
    assert desk.work() == []


def test_a_task_that_people_opened_to_some_is_not_told_of_a_private_incident(desk_with, phabricator):
    desk = desk_with(phabricator__private_policy="sre")
    desk.open()
    desk.file()
    phabricator.world.task(1).view = INCIDENT
    desk.say("alice", "!ir private on")
    desk.say("alice", "!ir summary A secret")
    desk.say("alice", "!ir close")
    said = desk.work()
    assert "private_policy" in said[0]
    assert phabricator.world.comments(1) == []
    phabricator.world.task(1).view = SRE
    desk.say("alice", f"!ir outbox retry {desk.waiting()[-1].id}")
    desk.work()
    assert "A secret" in phabricator.world.comments(1)[0]


def test_closing_comments_with_summary_impact_duration_and_link(desk_with, phabricator):
    desk = desk_with(reports_url="https://reports.example.org")
    desk.open()
    desk.file()
    for line in ("!ir summary Nothing answers", "!ir impact Half of the users", "!log OUTAGE BEGINS"):
        desk.say("alice", line)
    desk.later(hours=2)
    desk.say("alice", "!log OUTAGE ENDS")
    desk.say("alice", "!ir close")
    assert desk.work() == []
    comment = phabricator.world.comments(1)[0]
    for part in ("Nothing answers", "Half of the users", "2 h", "https://reports.example.org/incident-1.html"):
        assert part in comment
    assert (desk.config.reports / "incident-1.html").exists()
    assert phabricator.world.task(1).status == "open"


def test_reopening_puts_the_task_back_in_progress_and_a_second_close_comments_again(desk, phabricator):
    desk.open()
    desk.file()
    for line in ("!ir close", "!ir reopen", "!ir close"):
        desk.say("alice", line)
        desk.work()
    assert len(phabricator.world.comments(1)) == 2
    assert [each.fields["new"] for each in phabricator.world.changes if each.type == "status"][1:] == [
        "open",
        "progress",
        "open",
    ]


def test_what_happens_while_the_server_is_away_is_told_once(desk, phabricator):
    desk.open()
    desk.file()
    for line in ("!ir close", "!ir reopen", "!ir close"):
        desk.say("alice", line)
    desk.work()
    assert len(phabricator.world.comments(1)) == 1


def test_taking_back_the_close_puts_the_task_back_in_progress(desk, phabricator):
    desk.open()
    desk.file()
    desk.say("alice", "!ir close")
    desk.work()
    desk.say("alice", "!ir undo")
    desk.work()
    assert phabricator.world.task(1).status == "progress"


def test_a_refused_update_is_tried_again_with_the_next_one(desk, phabricator):
    desk.open()
    desk.file()
    tokens = dict(phabricator.world.tokens)
    phabricator.world.tokens.clear()
    desk.say("alice", "!ir close")
    assert "[phabricator] token" in desk.work()[0]
    phabricator.world.tokens |= tokens
    for line in ("!ir reopen", "!ir close"):
        desk.say("alice", line)
        desk.work()
    assert len(phabricator.world.comments(1)) == 1
    assert desk.waiting() == []


def test_a_task_that_somebody_closed_stays_closed(desk, phabricator):
    desk.open()
    desk.file()
    phabricator.world.task(1).status = "resolved"
    phabricator.world.task(1).closed = 1
    desk.say("alice", "!ir close")
    desk.work()
    assert phabricator.world.task(1).status == "resolved"
    assert len(phabricator.world.comments(1)) == 1


def test_a_close_that_resolves_leaves_the_task_without_an_owner(desk_with, phabricator):
    desk = desk_with(phabricator__status_closed="resolved")
    desk.open()
    desk.file()
    desk.say("alice", "!ir close")
    desk.work()
    assert (phabricator.world.task(1).status, phabricator.world.task(1).owner) == ("resolved", None)


def test_an_incident_closed_before_it_is_filed_has_the_status_of_a_closed_one(desk_with, phabricator):
    desk = desk_with(phabricator__status_closed="resolved")
    desk.open()
    desk.say("alice", "!ir close")
    desk.file()
    assert phabricator.world.task(1).status == "resolved"


def test_cancelling_is_told_with_its_reason(desk, phabricator):
    desk.open()
    desk.file()
    desk.say("alice", "!ir cancel a test gone astray")
    desk.work()
    assert "a test gone astray" in phabricator.world.comments(1)[0]


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("projects", ("nonesuch",), "projects"),
        ("priorities", MappingProxyType({1: "urgent"}), "priorities"),
        ("status_open", "doing", "status_open"),
        ("private_policy", "nonesuch", "private_policy"),
    ],
)
def test_a_setting_the_server_does_not_know_is_named(desk_with, phabricator, setting, value, named):
    desk = desk_with(**{f"phabricator__{setting}": value})
    desk.open(more="--sev 1 --private" if setting == "private_policy" else "--sev 1")
    said = desk.file()
    assert f"[phabricator] {named}" in said[0]
    assert not phabricator.world.tasks


def test_what_was_filed_is_no_part_of_the_report(desk):
    desk.open()
    desk.file()
    assert set(desk.fields()) >= {"filed", "task"}
    assert "filed" not in repr(desk.report())
