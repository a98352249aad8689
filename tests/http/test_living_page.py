"""The page of the wiki after its publication: it follows the record, and no word of a person is lost."""

from __future__ import annotations

import pytest

from irscribe.domain.intent import IntentState
from irscribe.domain.mark import as_typed
from irscribe.render import render
from irscribe.services.filing.page_edit import PageEdit
from irscribe.services.report import exports
from models import pages
from tests.http.desk import Desk
from tests.http.fake_mediawiki import Fault, Step
from tests.http.wikirules import ACCOUNT, Revision
from tests.talk import CHANNEL

TITLE = "Incidents/{:%Y-%m-%d} API returns 500"
REFUSING = {Fault.REDIRECT, Fault.FORBIDDEN_403, Fault.REVOKED, Fault.HTML_BEFORE, Fault.HTML_AFTER}


@pytest.fixture
def published(desk) -> Desk:
    desk.open()
    desk.say("alice", "!ir summary Nothing answers")
    desk.say("alice", "!ir publish")
    desk.work()
    return desk


def title(desk: Desk) -> str:
    return TITLE.format(desk.report().incident.opened_at)


def history(desk: Desk) -> list[Revision]:
    return desk.wiki.wiki.pages[title(desk)]


def text(desk: Desk) -> str:
    return history(desk)[-1].text


def ordered(desk: Desk, line: str) -> list[str]:
    """Have the page changed; what is said when it is done."""
    desk.say("alice", line)
    return desk.work()


def edit(desk: Desk, old: str, new: str) -> None:
    """A person edits the page."""
    assert old in text(desk)
    desk.wiki.wiki.write(title(desk), text(desk).replace(old, new), user="HumanEditor")


def as_recorded(desk: Desk) -> str:
    return render(desk.report(), "wikitext", exports.style(desk.application, published=True)).rstrip()


def test_the_page_is_brought_up_to_date_by_one_edit_whose_summary_says_what_changed(published):
    published.say("alice", "!ir summary Everything answers")
    published.say("alice", "!ir poorly Nobody was paged")
    (said,) = ordered(published, "!ir publish")
    assert text(published) == as_recorded(published)
    assert len(history(published)) == 2
    assert "Summary and What went poorly?" in history(published)[-1].comment
    assert "Timeline" not in history(published)[-1].comment
    assert published.fields()["published"] in said


def test_a_page_that_says_what_the_record_says_is_not_edited(published):
    (said,) = ordered(published, "!ir publish")
    assert "says what the record says" in said
    assert len(history(published)) == 1


def test_a_retitled_incident_keeps_its_page(published):
    before = title(published)
    published.say("alice", "!ir title Another name")
    published.say("alice", "!ir summary Everything answers")
    ordered(published, "!ir publish")
    assert list(published.wiki.wiki.pages) == [before]
    assert len(history(published)) == 2


def test_a_page_that_was_moved_is_found_where_it_is(published):
    published.wiki.wiki.move(title(published), "Incidents/Moved by hand")
    published.say("alice", "!ir summary Everything answers")
    (said,) = ordered(published, "!ir publish")
    assert published.wiki.wiki.pages["Incidents/Moved by hand"][-1].text == as_recorded(published)
    assert "Moved_by_hand" in said
    assert "Moved_by_hand" in published.fields()["published"]


def test_a_page_of_the_version_before_is_brought_up_to_date(published):
    with published.database.write() as session:
        session.exec_driver_sql("delete from page")
    published.say("alice", "!ir title Another name")
    published.say("alice", "!ir summary Everything answers")
    ordered(published, "!ir publish")
    assert "Everything answers" in text(published)
    assert len(history(published)) == 2


def test_a_record_from_a_backup_knows_the_page_again(published):
    with published.database.read() as session:
        kept = pages.get(session, 1)
    for words in ("slow", "dead"):
        published.say("alice", f"!ir poorly It was {words}")
        ordered(published, "!ir publish")
    with published.database.write() as session:
        pages.keep(session, 1, kept)
    published.say("alice", "!ir poorly Nobody was paged")
    ordered(published, "!ir publish")
    assert text(published) == as_recorded(published)


def test_an_edit_that_was_kept_is_read_as_it_was_written():
    edit = PageEdit(title="Incidents/x", url="u", base=3, text="a\n{é", parts={"a": "b"}, changed=("c",), kept=("d",))
    assert PageEdit.read(edit.write()) == edit
    before = PageEdit.read("Incidents/x\n{{irdoc}}\n== Summary ==\n")
    assert (before.title, before.base, before.text) == ("Incidents/x", 0, "{{irdoc}}\n== Summary ==\n")


# A person's edit


def test_a_page_that_a_person_edited_is_not_replaced(published):
    edit(published, "Nothing answers", "Nothing answered for an hour")
    published.say("alice", "!ir poorly Nobody was paged")
    (said,) = ordered(published, "!ir publish")
    assert len(history(published)) == 2
    for told in ("!ir publish diff", "!ir publish merge", published.fields()["published"]):
        assert told in said
    assert published.waiting() == []


def test_the_difference_is_a_file_and_the_wikis_own_comparison(published):
    edit(published, "Nothing answers", "Nothing answered for an hour")
    published.say("alice", "!ir poorly Nobody was paged")
    (said,) = ordered(published, "!ir publish diff")
    assert "What went poorly?" in said
    assert "Summary" in said
    assert f"?diff={history(published)[-1].number}&oldid={history(published)[0].number}" in said
    assert "incident-1.page.wiki" in said
    assert (published.config.reports / "incident-1.page.wiki").read_text().rstrip() == as_recorded(published)
    assert len(history(published)) == 2


def test_a_merge_changes_the_parts_that_nobody_touched(published):
    edit(published, "Nothing answers", "Nothing answered for an hour")
    published.say("alice", "!ir summary Everything answers")
    published.say("alice", "!ir poorly Nobody was paged")
    (said,) = ordered(published, "!ir publish merge")
    assert "Nobody was paged" in text(published)
    assert "Nothing answered for an hour" in text(published)
    assert "Everything answers" not in text(published)
    assert "as people left it: Summary" in said
    assert text(published).replace("Nothing answered for an hour", "Everything answers") == as_recorded(published)


def test_after_a_merge_a_persons_words_are_still_theirs(published):
    edit(published, "Nothing answers", "Nothing answered for an hour")
    for words in ("Nobody was paged", "The runbook was old"):
        published.say("alice", f"!ir poorly {words}")
        ordered(published, "!ir publish merge")
        published.say("alice", f"!ir summary {words}")
        assert "not replaced" in ordered(published, "!ir publish")[0]
    ordered(published, "!ir publish merge")
    assert "Nothing answered for an hour" in text(published)
    assert "The runbook was old" in text(published)
    assert [each.user for each in history(published)] == [ACCOUNT, "HumanEditor", ACCOUNT, ACCOUNT]


def test_a_page_whose_words_a_person_put_back_is_the_bots_again(published):
    edit(published, "Nothing answers", "Spam")
    edit(published, "Spam", "Nothing answers")
    published.say("alice", "!ir summary Everything answers")
    ordered(published, "!ir publish")
    assert text(published) == as_recorded(published)


def test_an_edit_at_the_same_moment_is_lost_neither_where_the_wiki_keeps_both_nor_afterwards(published):
    published.say("alice", "!ir poorly Nobody was paged")
    published.wiki.meanwhile[Step.EDIT] = lambda: edit(published, "Nothing answers", "Nothing answered for an hour")
    ordered(published, "!ir publish")
    assert "Nobody was paged" in text(published)
    assert "Nothing answered for an hour" in text(published)
    published.say("alice", "!ir summary Everything answers")
    assert "not replaced" in ordered(published, "!ir publish")[0]
    ordered(published, "!ir publish merge")
    assert "Nothing answered for an hour" in text(published)


def test_an_edit_at_the_same_moment_of_the_same_words_wins(published):
    published.say("alice", "!ir summary Everything answers")
    published.wiki.meanwhile[Step.EDIT] = lambda: edit(published, "Nothing answers", "Nothing answered for an hour")
    assert "nothing was overwritten" in ordered(published, "!ir publish")[0]
    assert "not replaced" in published.persevere()[0]
    assert "Nothing answered for an hour" in text(published)


@pytest.mark.parametrize("line", ["!ir publish", "!ir publish diff", "!ir publish merge"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n== Timeline", "\n\n\n== Timeline"),
        (
            "=== What went poorly? ===\n* …\n\n=== Where did we get lucky? ===",
            "=== Where did we get lucky? ===\n* …\n\n=== What went poorly? ===",
        ),
    ],
    ids=["blank lines", "another order"],
)
def test_a_page_that_people_only_set_in_another_way_says_what_the_record_says(published, line, old, new):
    edit(published, old, new)
    (said,) = ordered(published, line)
    assert "says what the record says" in said
    assert len(history(published)) == 2


def test_a_merge_with_nothing_but_blank_lines_to_change_changes_nothing(published):
    edit(published, "Nothing answers", "Nothing answered for an hour")
    edit(published, "\n== Timeline", "\n\n\n== Timeline")
    edit(published, "\n== Detection", "\n\n\n== Detection")
    (said,) = ordered(published, "!ir publish merge")
    assert "Nothing to merge" in said
    assert "(Summary)" in said
    assert len(history(published)) == 4


# A deleted page


def test_a_deleted_page_is_said_to_be_deleted_by_whom_and_comes_back_when_insisted(published):
    address = published.fields()["published"]
    published.wiki.wiki.delete(title(published), reason="no public incident")
    (said,) = ordered(published, "!ir publish")
    for told in ("WikiAdmin", "no public incident", address, "!ir publish!"):
        assert told in as_typed(said)
    assert not published.wiki.wiki.pages
    assert "publish!" in ordered(published, "!ir publish merge")[0]
    (said,) = ordered(published, "!ir publish!")
    assert address in said
    assert text(published) == as_recorded(published)


# Following


def test_a_followed_page_is_brought_up_to_date_at_most_once_in_ten_minutes(published):
    published.say("alice", "!ir publish follow")
    published.work()
    published.say("alice", "!ir status identified a bad deploy")
    published.say("alice", "!ir status monitoring rolled back")
    assert published.work() == []
    assert len(history(published)) == 1
    published.later(minutes=10)
    assert published.work() == []
    assert len(history(published)) == 2
    assert text(published) == as_recorded(published)


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ([], "!ir status resolved"),
        ([], "!ir close"),
        (["!ir close"], "!ir reopen"),
        ([], "!ir cancel a test"),
        ([], "!ir review"),
        (["!ir review"], "!ir draft"),
        (["!ir close"], "!ir final! no time"),
        (["!ir status resolved"], "!ir undo"),
    ],
)
def test_a_page_that_follows_is_brought_up_to_date(published, before, line):
    for each in ["!ir publish follow", *before]:
        published.say("alice", each)
    published.later(minutes=11)
    published.work()
    count = len(history(published))
    published.say("alice", line)
    published.later(minutes=11)
    published.work()
    assert len(history(published)) == count + 1
    assert text(published) == as_recorded(published)


@pytest.mark.parametrize("call", [Step.QUERY, Step.EDIT])
def test_a_change_while_the_page_is_being_brought_up_to_date_is_not_forgotten(published, call):
    published.say("alice", "!ir publish follow")
    published.work()
    published.say("alice", "!ir status identified")
    published.later(minutes=11)
    published.wiki.meanwhile[call] = lambda: published.say("alice", "!ir status monitoring")
    published.persevere()
    assert "status is: monitoring" in text(published)
    assert text(published) == as_recorded(published)


def test_following_can_be_undone(published):
    published.say("alice", "!ir publish follow")
    published.work()
    assert "page follows" in published.say("alice", "!ir undo")[0]
    assert "does not follow" in published.say("alice", "!ir publish follow off")[0]


def test_to_follow_a_report_that_is_not_published_publishes_it(desk):
    desk.open()
    desk.say("alice", "!ir publish follow")
    assert "is published" in desk.work()[0]
    assert "already" in desk.say("alice", "!ir publish follow")[0]


def test_a_page_that_is_followed_no_longer_stays_as_it_is(published):
    published.say("alice", "!ir publish follow")
    published.work()
    published.say("alice", "!ir status identified")
    published.say("alice", "!ir publish follow off")
    published.say("alice", "!ir status monitoring")
    published.later(minutes=30)
    assert published.work() == []
    assert len(history(published)) == 1
    assert "does not follow" in published.say("alice", "!ir publish follow off")[0]


def test_a_followed_page_that_a_person_edited_is_told_once(published):
    published.say("alice", "!ir publish follow")
    published.work()
    edit(published, "Nothing answers", "Nothing answered for an hour")
    said = []
    for state in ("identified", "monitoring", "resolved"):
        published.say("alice", f"!ir status {state}")
        published.later(minutes=11)
        said += published.work()
    assert sum("!ir publish merge" in each for each in said) == 1
    assert len(history(published)) == 2
    ordered(published, "!ir publish merge")
    assert "Nothing answered for an hour" in text(published)
    assert published.waiting() == []


def test_only_trusted_people_let_a_page_be_followed_or_merged(published):
    for word in ("follow", "follow off", "merge", "diff"):
        assert "trusted" in published.say("bob", f"!ir publish {word}")[0]
    published.say("alice", "!ir status identified")
    published.later(minutes=30)
    assert published.work() == []


@pytest.mark.parametrize("line", ["!ir close", "!ir review", "!ir final! no time"])
def test_it_is_said_that_a_page_is_older_than_the_record_and_what_to_type(published, line):
    if line.startswith("!ir final"):
        published.say("alice", "!ir close")
    assert "older than the record" in " ".join(published.say("alice", line))
    published.say("alice", "!ir publish follow")
    published.work()
    published.say("alice", "!ir reopen")
    assert not [each for each in published.say("alice", "!ir close") if "older than" in each]


def test_a_page_with_words_of_a_person_is_said_to_need_a_merge(published):
    edit(published, "Nothing answers", "Nothing answered for an hour")
    published.say("alice", "!ir poorly Nobody was paged")
    ordered(published, "!ir publish merge")
    assert "!ir publish merge" in " ".join(published.say("alice", "!ir close"))


def test_nothing_is_said_of_a_page_that_there_is_not(desk):
    desk.open()
    assert "older" not in " ".join(desk.say("alice", "!ir close"))


def test_a_page_that_became_private_is_not_touched(published):
    published.say("alice", "!ir publish follow")
    published.work()
    published.say("alice", "!ir status identified")
    published.say("alice", "!ir private on")
    published.later(minutes=30)
    published.work()
    assert "private" in published.say("alice", "!ir publish")[0]
    assert len(history(published)) == 1


def test_a_redacted_text_goes_from_the_page_when_it_is_published_again(published):
    published.say("alice", "!ir redact summary a password")
    ordered(published, "!ir publish")
    assert "Nothing answers" not in text(published)


def test_a_redacted_text_goes_from_a_followed_page_at_once(published):
    published.say("alice", "!ir publish follow")
    published.work()
    published.say("alice", "!ir status identified")
    published.say("alice", "!ir redact summary a password")
    published.work()
    assert "Nothing answers" not in text(published)


def test_the_page_is_named_where_one_looks_for_it(published):
    address = published.fields()["published"]
    for line in ("!ir status", "!ir show 1", "!ir list"):
        assert address in published.say("alice", line)[0]
    assert any(address in str(each.text) for each in published.hear("alice", "!ir recap") if each.to != CHANNEL)
    published.say("alice", "!ir export")
    report, style = published.report(), exports.style(published.application)
    for form in ("text", "markdown", "html"):
        assert address in render(report, form, style)
    assert address not in render(report, "json", style)


# Exactly once


@pytest.mark.parametrize("line", ["!ir publish", "!ir publish merge"])
@pytest.mark.parametrize(
    ("step", "passing", "fault"),
    [
        *((Step.EDIT, 0, fault) for fault in sorted(set(Fault) - REFUSING)),
        *((Step.QUERY, passing, fault) for fault in sorted(set(Fault) - REFUSING) for passing in (0, 1)),
    ],
)
def test_exactly_one_revision_whatever_happens_and_when_it_starts_anew_behind_it(
    published, line, step, passing, fault, caplog
):
    if "merge" in line:
        edit(published, "Nothing answers", "Nothing answered for an hour")
    before = len(history(published))
    published.say("alice", "!ir poorly Nobody was paged")
    published.wiki.fail(step, fault, passing=passing)
    said = ordered(published, line)
    published.start()
    said += published.persevere()
    assert len(history(published)) == before + 1
    assert sum("is up to date" in each for each in said) == 1
    assert not published.leaks(caplog.text)
    published.say("alice", "!ir lucky It was Sunday")
    ordered(published, line)
    assert "It was Sunday" in text(published)


@pytest.mark.parametrize(
    ("step", "passing"), [(Step.EDIT, 0), (Step.QUERY, 0), (Step.QUERY, 1), (Step.QUERY, 2)], ids=str
)
@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.SILENT_BEFORE, Fault.ERROR_500_AFTER, Fault.LOST_SESSION])
def test_a_deleted_page_is_put_there_again_once(published, step, passing, fault):
    published.wiki.wiki.delete(title(published))
    published.wiki.fail(step, fault, passing=passing)
    said = ordered(published, "!ir publish!")
    published.start()
    said += published.persevere()
    assert len(history(published)) == 1
    assert sum("is published" in each for each in said) == 1


@pytest.mark.parametrize("passing", [0, 1])
@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.SILENT_BEFORE, Fault.ERROR_500_AFTER, Fault.LOST_SESSION])
def test_a_comparison_edits_nothing_and_is_told_once(published, fault, passing):
    with published.database.write() as session:
        session.exec_driver_sql("delete from page")
    edit(published, "Nothing answers", "Nothing answered for an hour")
    published.wiki.fail(Step.QUERY, fault, passing=passing)
    said = ordered(published, "!ir publish diff")
    published.start()
    said += published.persevere()
    assert len(history(published)) == 2
    assert sum("changed by people: Summary" in each for each in said) == 1


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.SILENT_AFTER, Fault.CUT_BEFORE])
def test_a_followed_page_gets_one_revision_too(published, fault):
    published.say("alice", "!ir publish follow")
    published.work()
    published.later(minutes=11)
    published.wiki.fail(Step.EDIT, fault)
    published.say("alice", "!ir status identified")
    published.work()
    published.say("alice", "!ir poorly Nobody was paged")
    published.start()
    published.persevere()
    assert len(history(published)) == 2
    ordered(published, "!ir publish")
    assert text(published) == as_recorded(published)


def test_a_text_redacted_while_the_outcome_is_unknown_goes_from_the_page(published):
    published.say("alice", "!ir poorly hunter2 was the password")
    published.wiki.fail(Step.EDIT, Fault.CUT_AFTER)
    ordered(published, "!ir publish")
    assert "hunter2" in text(published)
    published.say("alice", "!ir redact poorly 1 a password")
    published.database.forget_deleted()
    assert all(b"hunter2" not in path.read_bytes() for path in published.folder.glob("talk.db*"))
    published.persevere()
    assert "hunter2" not in text(published)


def test_what_a_person_must_mend_stands_in_the_outbox(published):
    published.say("alice", "!ir poorly Nobody was paged")
    published.wiki.wiki.revoke()
    assert "[mediawiki]" in ordered(published, "!ir publish")[0]
    assert published.waiting()[0].state is IntentState.REFUSED
