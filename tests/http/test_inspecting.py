"""``check`` judges Phabricator and the wiki, and names the setting to change."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from irscribe.config import Secret
from irscribe.services.filing.clients import LazyClients
from irscribe.services.filing.inspection import Verdict, inspect_phabricator, inspect_wiki
from tests.http.desk import settings
from tests.http.fake_mediawiki import Fault as WikiFault
from tests.http.fake_mediawiki import Step
from tests.http.fake_phabricator import Fault
from tests.http.phabricatorworld import INCIDENT, TOKEN
from tests.http.wikirules import PASSWORD


@pytest.fixture
def look(tmp_path, phabricator, wiki):
    """The points about a service, with these settings."""

    def inspect(service, *, templates=(), **more):
        config = settings(tmp_path, phabricator, wiki, **more)
        clients = LazyClients(config)
        if service == "tasks":
            return list(inspect_phabricator(config, clients))
        return list(inspect_wiki(config, clients, templates=templates))

    return inspect


def test_what_is_well_says_who_and_what(look):
    points = look("tasks", phabricator__private_policy="sre", phabricator__people=MappingProxyType({"rob": "bob"}))
    assert {point.verdict for point in points} == {Verdict.WELL}
    said = "\n".join(point.text for point in points)
    for part in ("as incidentbot", f"wikimedia-incident ({INCIDENT})", "1=unbreak", "In Progress", "sre", "bob"):
        assert part in said


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("projects", ("nonesuch",)),
        ("followup_projects", ("nonesuch",)),
        ("priorities", MappingProxyType({1: "urgent"})),
        ("status_open", "doing"),
        ("status_closed", "done"),
        ("private_policy", "nonesuch"),
        ("people", MappingProxyType({"rob": "nobody"})),
        ("token", Secret("api-" + "y" * 28)),
        ("url", "http://localhost:1"),
    ],
)
def test_what_is_wrong_names_its_setting(look, setting, value):
    ill = [point for point in look("tasks", **{f"phabricator__{setting}": value}) if point.verdict is not Verdict.WELL]
    assert len(ill) == 1
    assert f"[phabricator] {setting}" in ill[0].text
    assert ill[0].verdict is (Verdict.PASSING if setting == "url" else Verdict.WRONG)
    assert TOKEN not in repr(ill)


def test_a_server_that_is_away_is_said_once_and_nobodys_fault(look, phabricator):
    phabricator.fail("project.search", Fault.DATABASE_DOWN)
    points = look("tasks")
    assert [point.verdict for point in points] == [Verdict.WELL, Verdict.PASSING]


@pytest.mark.parametrize(("form", "wrong"), [("default", 0), ("7", 0), ("99", 1)])
def test_a_form_that_is_not_there_is_named(look, form, wrong):
    ill = [each for each in look("tasks", phabricator__form=form) if each.verdict is not Verdict.WELL]
    assert [each.verdict for each in ill] == [Verdict.WRONG] * wrong
    assert all("[phabricator] form" in each.text for each in ill)


def test_a_page_that_is_no_server_for_tasks_is_a_mistake(look, phabricator):
    phabricator.fail("user.whoami", Fault.HTML_BEFORE)
    (point,) = look("tasks")
    assert point.verdict is Verdict.WRONG
    assert "[phabricator] url" in point.text


def test_without_a_token_nothing_is_asked(look, phabricator):
    (point,) = look("tasks", phabricator__token=None)
    assert point.verdict is Verdict.WELL
    assert phabricator.calls == []


def test_a_wiki_in_order_says_who_may(look):
    points = look("wiki")
    assert {point.verdict for point in points} == {Verdict.WELL}
    assert "IncidentBot" in points[0].text


def test_a_wiki_without_a_way_in_names_the_settings(look):
    (point,) = look("wiki", mediawiki__password=None)
    assert point.verdict is Verdict.WRONG
    assert "[mediawiki] account and password, or token" in point.text


def test_a_wrong_password_is_wrong_and_a_wiki_that_is_away_is_not(look, wiki):
    (wrong,) = look("wiki", mediawiki__password=Secret("wrong"))
    assert wrong.verdict is Verdict.WRONG
    assert PASSWORD not in wrong.text
    wiki.fail(Step.QUERY, WikiFault.ERROR_500_BEFORE)
    (away,) = look("wiki")
    assert away.verdict is Verdict.PASSING


def test_a_read_only_wiki_is_nobodys_fault(look, wiki):
    wiki.wiki.readonly = "Failover"
    assert {point.verdict for point in look("wiki")} <= {Verdict.WELL, Verdict.PASSING}


def test_the_templates_that_the_wiki_has_not_are_named_in_one_warning(look, wiki):
    wiki.wiki.write("Template:Irdoc", "{{notice}}")
    used = ("irdoc", "Incident scorecard", "TOC")
    points = look("wiki", templates=used)
    (ill,) = [point for point in points if point.verdict is not Verdict.WELL]
    assert ill.verdict is Verdict.PASSING
    assert "{{Incident scorecard}} and {{TOC}}" in ill.text
    assert "irdoc" not in ill.text
    assert "[irscribe] layout" in ill.text


def test_a_wiki_that_has_every_template_is_well(look, wiki):
    for name in ("Irdoc", "TOC"):
        wiki.wiki.write(f"Template:{name}", "x")
    assert {point.verdict for point in look("wiki", templates=("irdoc", "TOC"))} == {Verdict.WELL}


def test_more_templates_than_one_query_takes_are_all_asked_for(look, wiki):
    used = tuple(f"t{number}" for number in range(120))
    for name in used[:-1]:
        wiki.wiki.write(f"Template:{name.upper()}", "x")
    (ill,) = [point for point in look("wiki", templates=used) if point.verdict is not Verdict.WELL]
    assert "no template {{t119}}" in ill.text
    assert wiki.steps.count(Step.QUERY) == 1 + 3


def test_a_wiki_that_does_not_answer_for_its_templates_is_nobodys_fault(look, wiki):
    wiki.fail(Step.QUERY, WikiFault.ERROR_500_BEFORE, passing=1)
    points = look("wiki", templates=("irdoc",))
    assert [point.verdict for point in points] == [Verdict.WELL, Verdict.WELL, Verdict.PASSING]


def test_a_wiki_that_refuses_the_login_is_not_asked_for_templates(look):
    (point,) = look("wiki", mediawiki__password=Secret("wrong"), templates=("irdoc",))
    assert point.verdict is Verdict.WRONG


def test_a_wiki_without_any_login_is_not_called(look, wiki):
    (point,) = look("wiki", mediawiki__account="", mediawiki__password=None)
    assert point.verdict is Verdict.WELL
    assert wiki.steps == []


def test_a_token_without_the_address_of_its_server_is_wrong(look):
    (point,) = look("tasks", phabricator__url=None)
    assert (point.verdict, "[phabricator]" in point.text) == (Verdict.WRONG, True)


def test_nothing_is_written(look, phabricator, wiki):
    look("tasks")
    look("wiki")
    assert phabricator.world.tasks == []
    assert wiki.wiki.pages == {}
