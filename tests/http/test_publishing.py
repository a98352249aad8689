"""The report's page: made once, never overwritten, whatever goes wrong on the way."""

from __future__ import annotations

import pytest

from irscribe.domain.intent import IntentState
from irscribe.render import render
from irscribe.services.report import exports
from tests.http.desk import Desk
from tests.http.fake_mediawiki import Fault, Step
from tests.http.wikirules import ACCOUNT

PAGES = {Fault.HTML_BEFORE, Fault.HTML_AFTER}
REFUSING = {Fault.REDIRECT, Fault.FORBIDDEN_403, Fault.REVOKED}
"""The faults that a person has to mend; so are HTML pages in answer to a query, as the address may be wrong."""
HARMLESS = {Fault.HTTP_1_0, Fault.LOST_SESSION, Fault.STALE_TOKEN}
"""The faults that one more login mends, or that do no harm."""


@pytest.fixture
def ready(desk) -> Desk:
    desk.open()
    desk.say("alice", "!ir summary Nothing answers")
    desk.say("alice", "!ir publish")
    return desk


def _pages(desk: Desk) -> list[tuple[str, int]]:
    return [(title, len(revisions)) for title, revisions in desk.wiki.wiki.pages.items()]


def _one_page(desk: Desk) -> None:
    assert _pages(desk) == [(f"Incidents/{desk.report().incident.opened_at:%Y-%m-%d} API returns 500", 1)]
    assert "published" in desk.fields()


def test_a_published_page_is_told_with_its_address(ready):
    (said,) = ready.work()
    _one_page(ready)
    (revisions,) = ready.wiki.wiki.pages.values()
    assert "Nothing answers" in revisions[0].text
    assert ready.fields()["published"] in said


def test_a_published_page_carries_no_checks_and_the_file_here_does(ready):
    ready.say("alice", "!ir close")
    ready.say("alice", "!ir impact It was away for 3 days")
    ready.work()
    (revisions,) = ready.wiki.wiki.pages.values()
    report, style = ready.report(), exports.style(ready.application)
    local = render(report, "wikitext", style)
    assert report.missing
    assert report.warnings
    for checks in ("Still missing", "Please check", report.warnings[0]):
        assert checks in local
        assert checks not in revisions[0].text
    assert "* …" in revisions[0].text


def test_a_page_that_is_on_its_way_is_not_published_twice(ready):
    assert "on its way" in ready.say("alice", "!ir publish")[0]
    ready.work()
    _one_page(ready)


def test_a_page_of_somebody_else_is_left_alone_and_the_text_lies_here(ready):
    title = f"Incidents/{ready.report().incident.opened_at:%Y-%m-%d} API returns 500"
    ready.wiki.wiki.write(title, "by hand")
    (said,) = ready.work()
    assert ready.wiki.wiki.pages[title][-1].text == "by hand"
    assert "http" in said
    assert "incident-1.wiki" in said
    assert "Nothing answers" in (ready.config.reports / "incident-1.wiki").read_text()


def test_what_was_refused_is_published_under_another_title_when_asked_again(ready):
    ready.wiki.wiki.write(f"Incidents/{ready.report().incident.opened_at:%Y-%m-%d} API returns 500", "by hand")
    ready.work()
    ready.say("alice", "!ir title API is slow")
    ready.say("alice", "!ir publish")
    assert "API_is_slow" in ready.work()[0]
    assert ready.waiting() == []


def test_a_page_that_is_byte_for_byte_ours_counts_as_done(ready):
    ready.work()
    with ready.database.write() as session:
        session.exec_driver_sql("delete from field where name = 'published'")
    ready.say("alice", "!ir publish")
    assert "is published" in ready.work()[0]
    _one_page(ready)


def test_a_private_incident_is_not_published(desk):
    desk.open(more="--private")
    assert "private" in desk.say("alice", "!ir publish")[0]
    assert desk.work() == []
    assert not desk.wiki.wiki.calls


def test_an_incident_that_became_private_while_it_waited_is_not_published(ready):
    ready.say("alice", "!ir private on")
    assert "private" in ready.work()[0]
    assert not ready.wiki.wiki.pages


def test_an_untitled_incident_is_not_published(desk):
    desk.say("alice", "!ir start")
    assert "!ir title" in desk.say("alice", "!ir publish")[0]


def test_publishing_without_a_login_names_the_wiki_and_the_setting(desk_with):
    desk = desk_with(mediawiki__password=None)
    desk.open()
    assert desk.say("alice", "!ir publish")[0].startswith("Wikitech is not set up ([mediawiki] account and password")


def test_publishing_without_a_wiki_names_what_writes_the_page(desk_with):
    desk = desk_with(mediawiki__url=None)
    desk.open()
    assert "!ir export wikitext" in desk.say("alice", "!ir publish")[0]


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        *((Step.EDIT, fault) for fault in sorted(set(Fault) - REFUSING - HARMLESS)),
        *((Step.QUERY, fault) for fault in sorted(set(Fault) - REFUSING - HARMLESS - PAGES)),
    ],
)
def test_exactly_one_page_whatever_happens_and_when_it_starts_anew_behind_it(ready, step, fault, caplog):
    ready.wiki.fail(step, fault)
    said = ready.work()
    ready.start()
    said += ready.persevere()
    _one_page(ready)
    assert sum("is published" in each for each in said) == 1
    assert not ready.leaks(caplog.text)


@pytest.mark.parametrize("step", [Step.LOGIN_TOKEN, Step.LOGIN])
@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.ERROR_500_BEFORE, Fault.READONLY, Fault.THROTTLED_429])
def test_a_login_that_fails_only_delays(ready, fault, step):
    ready.wiki.fail(step, fault)
    ready.work()
    ready.persevere()
    _one_page(ready)


@pytest.mark.parametrize("fault", sorted(HARMLESS))
def test_what_one_more_login_gets_over_is_not_even_told(ready, fault):
    ready.wiki.fail(Step.EDIT, fault)
    (said,) = ready.work()
    assert "is published" in said
    _one_page(ready)


def test_a_revoked_password_names_the_setting_and_is_told_nowhere(ready, caplog):
    ready.wiki.wiki.revoke()
    (said,) = ready.work()
    assert "[mediawiki]" in said
    assert ready.waiting()[0].state is IntentState.REFUSED
    assert not ready.leaks(caplog.text)


@pytest.mark.parametrize("fault", sorted(REFUSING | PAGES))
def test_what_a_person_must_mend_waits_for_the_retry(ready, fault, caplog):
    ready.wiki.fail(Step.QUERY, fault)
    (said,) = ready.work()
    (left,) = ready.waiting()
    assert f"!ir outbox retry {left.id}" in said
    assert "incident-1.wiki" in said
    assert not ready.leaks(caplog.text)


def test_a_page_renamed_while_its_outcome_is_unknown_is_not_doubled(ready):
    ready.wiki.fail(Step.EDIT, Fault.CUT_AFTER)
    ready.work()
    ready.say("alice", "!ir title Another name")
    ready.say("alice", "!ir summary And another summary")
    ready.persevere()
    _one_page(ready)


def test_what_the_wiki_did_not_take_is_written_anew_later(ready):
    ready.wiki.fail(Step.EDIT, Fault.READONLY)
    ready.work()
    ready.say("alice", "!ir summary Something answers by now")
    ready.persevere()
    (revisions,) = ready.wiki.wiki.pages.values()
    assert "Something answers by now" in revisions[0].text


def test_a_text_redacted_while_the_outcome_is_unknown_is_gone_here_and_said_to_be_there(ready):
    ready.wiki.fail(Step.EDIT, Fault.CUT_AFTER)
    ready.work()
    ready.say("alice", "!ir redact summary a password")
    ready.database.forget_deleted()
    assert all(b"Nothing answers" not in path.read_bytes() for path in ready.folder.glob("talk.db*"))
    said = ready.persevere()
    assert _pages(ready)[0][1] == 1
    assert "nothing was overwritten" in said[0]


@pytest.mark.parametrize("step", [Step.LOGIN, Step.QUERY])
def test_why_a_page_was_refused_brings_no_title_back_that_was_redacted_meanwhile(ready, step):
    title = f"Incidents/{ready.report().incident.opened_at:%Y-%m-%d} API returns 500"
    ready.wiki.wiki.write(title, "by hand")
    ready.wiki.meanwhile[step] = lambda: ready.say("alice", "!ir redact title a password")
    ready.work()
    ready.database.forget_deleted()
    kept = b"".join(path.read_bytes() for path in ready.folder.glob("talk.db*"))
    assert b"API" not in kept


def test_what_was_published_is_named_by_a_redaction(ready):
    ready.work()
    assert ready.fields()["published"] in ready.say("alice", "!ir redact summary a password")[0]


def test_the_account_is_the_bots(ready):
    ready.work()
    (revisions,) = ready.wiki.wiki.pages.values()
    assert revisions[0].user == ACCOUNT
