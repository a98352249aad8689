"""Private means private, also afterwards: what is public is named, restricted, or left to a person."""

from __future__ import annotations

import pytest

from irscribe.services.filing import draft_form
from irscribe.services.filing.clients import LazyClients
from irscribe.services.filing.inspection import Verdict, inspect_phabricator
from tests.http import fake_mediawiki as wiki
from tests.http.desk import Desk, settings
from tests.http.fake_mediawiki import Step
from tests.http.fake_phabricator import Fault
from tests.http.phabricatorworld import BOT, SRE, Project

OUTSIDERS = Project(9, "PHID-PROJ-outsidersoutsiders00", "Outsiders", "outsiders")


def _filed(desk: Desk) -> Desk:
    """An incident whose task and follow-up are filed, and whose page is published."""
    desk.open()
    desk.say("alice", "!ir action write a runbook")
    for line in ("!ir task file", "!ir actions file", "!ir publish"):
        desk.say("alice", line)
    desk.work()
    return desk


def test_everything_public_is_named_and_what_can_be_restricted_is(desk_with):
    desk = _filed(desk_with(phabricator__private_policy="sre"))
    (said,) = desk.say("alice", "!ir private on")
    for part in ("/T1", "/T2", "I restrict", desk.fields()["published"]):
        assert part in said
    done = " ".join(desk.work())
    assert "/T1 is for those" in done
    assert "/T2 is for those" in done
    assert {(each.view, each.edit) for each in desk.phabricator.world.tasks} == {(SRE, SRE)}


def test_without_a_policy_a_person_is_asked(desk):
    _filed(desk)
    (said,) = desk.say("alice", "!ir private on")
    assert "Still public" in said
    assert "[phabricator] private_policy" in said
    assert desk.work() == []
    assert {each.view for each in desk.phabricator.world.tasks} == {"users"}


def test_a_task_that_was_there_before_is_left_to_people(desk_with):
    desk = desk_with(phabricator__private_policy="sre")
    desk.phabricator.world.new_task(title="made by hand")
    desk.open(more="--task T1")
    desk.file()
    assert "My text at" in desk.say("alice", "!ir private on")[0]


def test_a_task_that_was_only_named_is_said_not_to_be_the_bots(desk_with):
    desk = desk_with(phabricator__private_policy="sre")
    desk.phabricator.world.new_task(title="made by hand")
    desk.open(more="--task T1")
    assert "I did not file" in desk.say("alice", "!ir private on")[0]


def test_every_task_with_a_text_of_the_bot_is_named_also_one_that_is_named_no_more(desk_with):
    desk = desk_with(phabricator__private_policy="sre")
    for title in ("made by hand", "made by hand, too"):
        desk.phabricator.world.new_task(title=title)
    desk.open(more="--task T1")
    desk.file()
    for line in ("!ir action write a runbook", "!ir actions file", "!ir task T2"):
        desk.say("alice", line)
        desk.work()
    desk.file()
    desk.say("alice", "!ir action drop 1")
    (redacted,) = desk.say("alice", "!ir redact title named a customer")
    (said,) = desk.say("alice", "!ir private on")
    assert all(f"history and comments of {desk.phabricator.url}/{each}" in redacted for each in ("T1", "T2"))
    left = said.partition("My text at ")[2]
    assert all(f"{desk.phabricator.url}/{each}" in left for each in ("T1", "T2", "T3"))
    assert "I did not file" not in said


def test_what_may_be_public_already_is_said(desk):
    desk.open()
    desk.say("alice", "!ir publish")
    desk.wiki.fail(Step.EDIT, wiki.Fault.CUT_AFTER)
    desk.work()
    (said,) = desk.say("alice", "!ir private on")
    assert "maybe public already: the page" in said
    assert "public all the same" in " ".join(desk.persevere())


def test_a_task_found_after_the_incident_became_private_is_said_to_be_public(desk):
    desk.open()
    desk.say("alice", "!ir task file")
    desk.phabricator.fail("maniphest.edit", Fault.CUT_AFTER)
    desk.work()
    desk.say("alice", "!ir private on")
    assert "public all the same" in " ".join(desk.persevere())


def test_the_draft_of_a_private_incident_has_its_own_tags(desk_with):
    desk = desk_with(phabricator__private_projects=("sre",))
    desk.open(more="--private")
    form = draft_form.whole_form(desk.report(), desk.application)
    assert "tags=sre" in form
    assert "wikimedia-incident" not in form


def test_public_report_files_are_named(desk):
    desk.open()
    desk.config.reports.mkdir()
    (desk.config.reports / "incident-1.html").write_text("")
    assert "public report files" in desk.say("alice", "!ir private on")[0]


def test_what_is_private_already_had_nothing_public(desk_with):
    desk = desk_with(phabricator__private_policy="sre")
    desk.open(more="--private")
    desk.file()
    (desk.folder / "reports-private").mkdir()
    (desk.folder / "reports-private" / "incident-1.html").write_text("")
    assert desk.say("alice", "!ir private on") == ["Incident 1 is private now."]


def test_nothing_that_is_public_is_nothing_to_name(desk):
    desk.open()
    assert desk.say("alice", "!ir private on") == ["Incident 1 is private now."]


def test_what_is_public_still_is_named_each_time(desk):
    _filed(desk)
    for _ in range(2):
        (said,) = desk.say("alice", "!ir private on")
        assert "[phabricator] private_policy" in said
        assert desk.fields()["published"] in said
    assert "as far as I know" in said


def test_what_is_restricted_is_not_named_again(desk_with):
    desk = _filed(desk_with(phabricator__private_policy="sre"))
    desk.say("alice", "!ir private on")
    desk.work()
    (said,) = desk.say("alice", "!ir private on")
    assert "/T1" not in said
    assert "/T2" not in said
    assert desk.fields()["published"] in said


def test_a_restriction_that_failed_is_tried_again_when_it_is_asked_for_again(desk_with):
    desk = _filed(desk_with(phabricator__private_policy="sre"))
    desk.phabricator.fail("maniphest.edit", Fault.TOO_LARGE)
    desk.say("alice", "!ir private on")
    desk.work()
    (said,) = desk.say("alice", "!ir private on")
    assert "I restrict that now" in said
    desk.work()
    assert {each.view for each in desk.phabricator.world.tasks} == {SRE}


def test_quickly_private_and_public_again_ends_as_typed_last(desk_with):
    desk = _filed(desk_with(phabricator__private_policy="sre"))
    for line in ("!ir private on", "!ir private off", "!ir private on"):
        desk.say("alice", line)
    desk.work()
    assert {each.view for each in desk.phabricator.world.tasks} == {SRE}
    assert desk.waiting() == []


@pytest.mark.parametrize("line", ["!ir actions sync", "!ir close"])
def test_the_title_of_a_task_that_people_restrict_leaves_the_report(desk, line):
    _filed(desk)
    for task in desk.phabricator.world.tasks:
        task.title = "A hole in the login"
    desk.say("alice", "!ir actions sync")
    desk.work()
    assert "hole" in repr(desk.report())
    for task in desk.phabricator.world.tasks:
        task.view = SRE
    desk.later(minutes=6)
    desk.say("alice", "!ir action fix 1 write a long runbook")
    desk.say("alice", line)
    desk.work()
    desk.later(minutes=6)
    desk.work()
    assert "hole" not in repr(desk.report())


@pytest.mark.parametrize("in_doubt", [False, True])
def test_a_title_leaves_other_reports_when_the_bot_restricts_the_task(desk_with, in_doubt):
    desk = _filed(desk_with(phabricator__private_policy="sre"))
    desk.phabricator.world.task(1).title = "A hole in the login"
    desk.say("alice", "!ir start! --task T1 The database is slow")
    desk.say("alice", "!ir action look at it T1")
    desk.say("alice", "!ir actions sync")
    desk.work()
    assert repr(desk.report(2)).count("hole") == 2
    if in_doubt:
        desk.later(minutes=6)
        desk.phabricator.fail("maniphest.edit", Fault.CUT_BEFORE)
        desk.say("alice", "!ir @1 sev 2")
        desk.work()
    desk.say("alice", "!ir @1 private on")
    desk.work()
    assert "hole" not in repr(desk.report(2))


HIDDEN, NOT_TO_BE_EDITED = {"view": "admin", "edit": "admin"}, {"view": SRE, "edit": "admin"}


@pytest.mark.parametrize(("restricted", "in_doubt"), [(HIDDEN, False), (HIDDEN, True), (NOT_TO_BE_EDITED, False)])
def test_a_refused_update_takes_the_title_of_a_task_for_few_eyes_out_of_the_report(desk, restricted, in_doubt):
    _filed(desk)
    task = desk.phabricator.world.task(1)
    task.title = "A hole in the login"
    desk.say("alice", "!ir actions sync")
    desk.work()
    assert "hole" in repr(desk.report())
    desk.later(minutes=6)
    if in_doubt:
        desk.phabricator.fail("maniphest.edit", Fault.CUT_BEFORE)
        desk.say("alice", "!ir sev 1")
        desk.work()
        desk.later(minutes=6)
    for policy, value in restricted.items():
        setattr(task, policy, value)
    desk.say("alice", "!ir sev 2")
    assert any("Not done" in each for each in desk.work())
    assert "hole" not in repr(desk.report())


def test_taking_back_that_it_is_public_names_it_all_again(desk_with):
    desk = _filed(desk_with(phabricator__private_policy="sre"))
    for line in ("!ir private on", "!ir private off"):
        desk.say("alice", line)
    assert "/T1" in desk.say("alice", "!ir undo")[0]


def test_a_page_that_is_public_all_the_same_is_not_said_to_be_unpublished(desk):
    _filed(desk)
    desk.say("alice", "!ir private on")
    (said,) = desk.say("alice", "!ir publish")
    assert desk.fields()["published"] in said
    assert "not published" not in said


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.CUT_BEFORE, Fault.READ_ONLY, Fault.FATAL])
def test_a_restriction_is_said_once_it_is_done_whatever_happens_to_it(desk_with, fault):
    desk = desk_with(phabricator__private_policy="sre")
    desk.open()
    desk.file()
    desk.phabricator.fail("maniphest.edit", fault)
    desk.say("alice", "!ir private on")
    desk.work()
    desk.start()
    said = desk.persevere()
    assert sum("is for those" in each for each in said) == 1
    assert desk.phabricator.world.task(1).view == SRE


def test_private_does_not_wait_for_settle_behind_an_update_in_doubt(desk_with):
    desk = desk_with(phabricator__private_policy="sre")
    desk.open()
    desk.file()
    desk.phabricator.fail("maniphest.edit", Fault.CUT_AFTER)
    desk.later(minutes=6)
    desk.say("alice", "!ir title Another one")
    desk.work()
    desk.say("alice", "!ir private on")
    desk.work()
    assert desk.phabricator.world.task(1).view == SRE


def test_a_comment_is_not_made_where_the_restriction_was_refused(desk_with):
    desk = desk_with(phabricator__private_policy="sre")
    desk.open()
    desk.file()
    desk.phabricator.world.task(1).edit = "no-one"
    for line in ("!ir private on", "!ir summary A secret", "!ir close"):
        desk.say("alice", line)
    desk.work()
    assert desk.phabricator.world.comments(1) == []


@pytest.mark.parametrize("way_back", ["!ir private off", "!ir undo"])
def test_titles_read_from_restricted_tasks_do_not_become_public(desk_with, way_back):
    desk = _filed(desk_with(phabricator__private_policy="sre"))
    desk.say("alice", "!ir private on")
    desk.work()
    for task in desk.phabricator.world.tasks:
        task.title = "A hole in the login"
    desk.say("alice", "!ir actions sync", channel="#incidents")
    desk.work()
    assert "hole" in repr(desk.report())
    if way_back == "!ir undo":
        desk.say("alice", "!ir undo")
    else:
        desk.say("alice", way_back)
    assert "hole" not in repr(desk.report())


def test_private_tasks_have_tags_of_their_own(desk_with):
    desk = desk_with(phabricator__private_policy="sre", phabricator__private_projects=("sre",))
    desk.open(more="--private")
    desk.say("alice", "!ir action write a runbook")
    desk.file()
    desk.say("alice", "!ir actions file")
    desk.work()
    assert [each.projects for each in desk.phabricator.world.tasks] == [[SRE], [SRE]]


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [
        ("sre", Verdict.WELL),
        ("users", Verdict.PASSING),
        ("public", Verdict.PASSING),
        ("admin", Verdict.WRONG),
        ("no-one", Verdict.WRONG),
        ("outsiders", Verdict.WRONG),
    ],
)
def test_check_proves_that_the_bot_sees_what_it_restricts(tmp_path, phabricator, wiki, policy, verdict):
    phabricator.world.projects.append(OUTSIDERS)
    config = settings(tmp_path, phabricator, wiki, phabricator__private_policy=policy)
    points = [each for each in inspect_phabricator(config, LazyClients(config)) if "private_policy" in each.text]
    assert [each.verdict for each in points] == [verdict]


def test_check_lets_an_administrator_restrict_to_administrators(tmp_path, phabricator, wiki):
    bot = phabricator.world.user(BOT)
    phabricator.world.users = [each for each in phabricator.world.users if each is not bot]
    phabricator.world.users.append(type(bot)(bot.id, bot.phid, bot.name, bot.real_name, (*bot.roles, "admin")))
    config = settings(tmp_path, phabricator, wiki, phabricator__private_policy="admin")
    points = list(inspect_phabricator(config, LazyClients(config)))
    assert {each.verdict for each in points} == {Verdict.WELL}
