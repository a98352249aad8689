"""Conclusions, links and actionables, as people type them in the channel."""

from __future__ import annotations

import pytest

from irscribe.domain.report import Item, Link
from tests.organisations import wikimedia
from tests.replies import in_private, item_added, item_continued, item_dropped, item_fixed, noted_none
from tests.snapshot import expect_refusal

PHABRICATOR = "https://phabricator.wikimedia.org"
BULLETS = {"well": "went_well", "poorly": "went_poorly", "lucky": "got_lucky"}
SPOKEN = {"well": "Went well", "poorly": "Went poorly", "lucky": "Got lucky"}


@pytest.fixture
def config():
    return wikimedia()


@pytest.fixture
def talk(talk):
    talk.say("alice", "!ir start API returns 500")
    return talk


def bullets(talk, verb):
    return getattr(talk.report().conclusions, BULLETS[verb])


def actions(talk):
    return [(each.text, each.task and each.task.id, each.owner, each.done) for each in talk.report().actionables]


@pytest.mark.parametrize("verb", BULLETS)
def test_bullets_are_added_continued_and_given_sub_bullets(talk, verb):
    assert talk.say("alice", f"!ir {verb} one") == [item_added(SPOKEN[verb], 1)]
    assert talk.say("alice", f"!ir {verb} + more") == [item_continued(SPOKEN[verb], 1)]
    assert talk.say("alice", f"!ir {verb} > under it") == [item_added(SPOKEN[verb], 2, under=1)]
    assert talk.say("alice", f"!ir {verb} > and this") == [item_added(SPOKEN[verb], 3, under=1)]
    assert talk.say("alice", f"!ir {verb} + too") == [item_continued(SPOKEN[verb], 3)]
    assert talk.say("alice", f"!ir {verb} two") == [item_added(SPOKEN[verb], 4)]
    assert bullets(talk, verb) == (
        Item(text="one more", items=(Item(text="under it"), Item(text="and this too"))),
        Item(text="two"),
    )


@pytest.mark.parametrize(
    "text", [">50% of pages", "+20% latency", "dropped 3 of them", "fix was quick", "drop it", "3 x"]
)
def test_a_text_that_only_looks_like_a_command_is_a_bullet(talk, text):
    assert talk.say("alice", f"!ir poorly {text}") == [item_added("Went poorly", 1)]
    assert bullets(talk, "poorly") == (Item(text=text),)


def test_a_bullet_is_dropped_with_what_stands_under_it_and_numbers_are_never_given_twice(talk):
    talk.say("alice", "!ir well one")
    talk.say("alice", "!ir well > under it")
    assert talk.say("alice", "!ir well drop #1") == [item_dropped("Went well", 1, "one")]
    assert bullets(talk, "well") == ()
    assert talk.say("alice", "!ir well two") == [item_added("Went well", 3)]
    expect_refusal(talk, "alice", "!ir well drop 1", "Went well 1 is not there", "!ir well lists")


def test_dropping_a_bullet_is_one_change_to_undo(talk):
    talk.say("alice", "!ir well one")
    talk.say("alice", "!ir well > under it")
    talk.say("alice", "!ir well drop 1")
    talk.say("alice", "!ir undo")
    assert bullets(talk, "well") == (Item(text="one", items=(Item(text="under it"),)),)


def test_a_bullet_is_fixed(talk):
    talk.say("alice", "!ir well one")
    assert talk.say("alice", "!ir well fix 1 the first") == [item_fixed("Went well", 1, was="one")]
    assert bullets(talk, "well") == (Item(text="the first"),)


def test_drop_and_fix_are_text_where_they_name_nothing(talk):
    talk.say("alice", "!ir well fix 7 disks were quick to replace")
    talk.say("alice", "!ir well drop 1 in traffic helped")
    assert [each.text for each in bullets(talk, "well")] == [
        "fix 7 disks were quick to replace",
        "drop 1 in traffic helped",
    ]


@pytest.mark.parametrize("verb", BULLETS)
def test_bullets_said_to_be_none_are_missing_no_longer(talk, verb):
    assert verb in talk.report().missing
    assert talk.say("alice", f"!ir {verb} none") == [noted_none(verb)]
    assert verb not in talk.report().missing
    assert talk.say("alice", f"!ir {verb}") == [f"{SPOKEN[verb]}: none."]
    talk.say("alice", f"!ir {verb} one")
    talk.say("alice", f"!ir {verb} drop 1")
    assert verb in talk.report().missing


def test_none_is_refused_while_there_are_some(talk):
    talk.say("alice", "!ir well one")
    expect_refusal(talk, "alice", "!ir well none", "1 already", "!ir well drop N")
    talk.say("alice", "!ir well two")
    expect_refusal(talk, "alice", "!ir well none", "2 already", "!ir well drop N")


@pytest.mark.parametrize(
    "typed",
    [
        "action fix the mail server",
        "action drop the old tables",
        "action done is better than perfect",
        "well done",
        "well done by bob",
        "well drop 2 hosts from the pool",
        "ask done yet?",
    ],
)
def test_a_text_that_begins_like_a_change_is_a_text(talk, typed):
    assert " 1 " in talk.say("alice", f"!ir {typed}")[0]


def test_a_fix_of_an_item_that_is_not_there_is_a_text_and_says_so(talk):
    assert talk.say("alice", "!ir action fix 9 foo") == [
        item_added("Actionable", 1) + " There is no 9 to fix, so this is a new one: !ir action drop 1 takes it out."
    ]
    assert "There is no 3 to fix" in talk.say("alice", "!ir well fix 3 foo")[0]


def test_bullets_are_listed_with_their_numbers(talk):
    assert talk.say("alice", "!ir poorly") == ["Went poorly: nothing yet. !ir poorly TEXT adds one."]
    talk.say("alice", "!ir poorly one")
    talk.say("alice", "!ir poorly > under it")
    assert talk.say("alice", "!ir poorly") == ["Went poorly 1. one", "Went poorly 2 (under 1). under it"]
    for _ in range(4):
        talk.say("alice", "!ir poorly more")
    assert talk.say("alice", "!ir poorly") == [in_private("Went poorly, 6 lines")]


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("well + more", "There is nothing to go on with: !ir well TEXT adds the first one."),
        ("well > under", "There is nothing to stand under: !ir well TEXT adds the first one."),
        ("well +", "There is no text behind +"),
        ("well -", "Which one shall go? Type !ir well drop N, or !ir well none."),
        ("well drop 1", "Went well 1 is not there"),
        ("link see the wiki", "“see” is no link"),
        ("link javascript:alert(1)", "is no link"),
        ("link https://", "is no link"),
        ("link + more", "There is nothing to go on with"),
        ("action T123", "What is to be done?"),
        ("action @andrew T123", "What is to be done?"),
        ("action done 1", "Actionable 1 is not there"),
        ("action drop 1", "Actionable 1 is not there"),
        ("action done", "Which one? Type !ir action done N, one at a time."),
        ("action done all", "!ir action done N"),
        ("action done 1, 2 and 3", "!ir action done N"),
        ("action Drop", "!ir action drop N"),
        ("action fix", "!ir action fix N TEXT"),
        ("action fix 1", "!ir action fix N TEXT"),
        ("well drop", "!ir well drop N"),
        ("well drop all", "!ir well drop N"),
        ("link drop", "!ir link drop N"),
        ("link fix 9 https://example.org", "Link 9 is not there: !ir link lists what is."),
        ("ask done", "!ir ask done N"),
        ("ask done all", "!ir ask done N"),
    ],
)
def test_what_is_no_bullet_is_refused_and_changes_nothing(talk, typed, complaint):
    before = talk.report()
    assert complaint in talk.say("alice", f"!ir {typed}")[0]
    assert talk.report() == before


@pytest.mark.parametrize(
    ("typed", "text", "task", "owner"),
    [
        ("add a runbook", "add a runbook", None, None),
        ("add a runbook T234834", "add a runbook", "T234834", None),
        ("add a runbook, T234834", "add a runbook", "T234834", None),
        ("add a runbook (T234834)", "add a runbook (T234834)", "T234834", None),
        ("add a runbook: T234834", "add a runbook", "T234834", None),
        ("add a runbook - T234834", "add a runbook", "T234834", None),
        ("add a runbook T234834.", "add a runbook", "T234834", None),
        (f"add a runbook {PHABRICATOR}/T234834", "add a runbook", "T234834", None),
        ("add a runbook @andrew", "add a runbook", None, "andrew"),
        ("add a runbook @andrew T234834", "add a runbook", "T234834", "andrew"),
        ("add a runbook T234834 @andrew", "add a runbook", "T234834", "andrew"),
        ("add a runbook, @andrew, T234834", "add a runbook", "T234834", "andrew"),
        ("add a runbook (T234834) @andrew", "add a runbook (T234834)", "T234834", "andrew"),
        ("add a runbook @andrew (T234834)", "add a runbook (T234834)", "T234834", "andrew"),
        ("add a runbook (@andrew, T234834)", "add a runbook (@andrew, T234834)", "T234834", "andrew"),
        ("after T234834 is done add a runbook", "after T234834 is done add a runbook", "T234834", None),
        ("see T234834, then T234876", "see T234834, then T234876", "T234876", None),
        ("mail root@example.org", "mail root@example.org", None, None),
        ("mail ops@ T1 hosts", "mail ops@ T1 hosts", "T1", None),
        ("watch it (T96853)", "watch it (T96853)", "T96853", None),
        ("fix the thing in T345 and T346", "fix the thing in T345 and T346", "T346", None),
        ("add a runbook for T99 @bob", "add a runbook for T99", "T99", "bob"),
        ("use port T80x", "use port T80x", None, None),
        ("rename MULTI-T123", "rename MULTI-T123", None, None),
        ("tell @andrew about it", "tell @andrew about it", None, None),
        ("add a t234834", "add a t234834", None, None),
        ("3 hosts need a reboot", "3 hosts need a reboot", None, None),
        ("done 3 of 4: reboot the last", "done 3 of 4: reboot the last", None, None),
        ("fix (the (nested)) case", "fix (the (nested)) case", None, None),
    ],
)
def test_an_actionable_takes_its_task_and_owner_from_its_end(talk, typed, text, task, owner):
    talk.say("alice", f"!ir action {typed}")
    assert actions(talk) == [(text, task, owner, False)]


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("watch the fix in [[phab:T181315]]", "T181315"),
        ("roll out (T96853) everywhere", "T96853"),
        (f"see {PHABRICATOR}/T5#99 for the plan", "T5"),
        ("T5 needs a review, T5 first", "T5"),
        ("see phab:T5", "T5"),
        ("a runbook (and T5)", "T5"),
        ("compare T5 with T6 there", None),
        ("the page https://en.wikipedia.org/wiki/T34 is down", None),
        ("host T5.example.org and db-T5", None),
        ("release T1.5 again", None),
    ],
)
def test_the_only_task_an_actionable_names_is_its_task_and_stays_in_its_text(talk, text, task):
    talk.say("alice", f"!ir action {text}")
    assert actions(talk) == [(text, task, None, False)]


def test_a_task_that_is_only_spoken_of_does_not_replace_the_one_there_is(talk):
    talk.say("alice", "!ir action add a runbook T1")
    talk.say("alice", "!ir action + as T2 asks for")
    assert actions(talk) == [("add a runbook as T2 asks for", "T1", None, False)]
    talk.say("alice", "!ir action fix 1 add what T3 asks for")
    assert actions(talk) == [("add what T3 asks for", "T3", None, False)]


def test_adding_an_actionable_says_what_was_understood(talk):
    assert talk.say("alice", "!ir action add a runbook @andrew T234834") == [
        f"Actionable 1 added: {PHABRICATOR}/T234834, owner a\u200bndrew."
    ]
    assert talk.say("alice", "!ir action add a test") == [item_added("Actionable", 2)]


@pytest.mark.parametrize("typed", ["@andrew writes a runbook by friday", "add a runbook, @andrew, due friday"])
def test_an_actionable_that_names_somebody_and_has_no_owner_says_so(talk, typed):
    (reply,) = talk.say("alice", f"!ir action {typed}")
    assert reply == item_added("Actionable", 1) + " It has no owner: !ir action 1 assign NAME."
    assert actions(talk) == [(typed, None, None, False)]
    assert talk.say("alice", "!ir action add a test") == [item_added("Actionable", 2)]
    assert talk.say("alice", "!ir action mail noc@example.org") == [item_added("Actionable", 3)]


def test_an_actionable_goes_on_and_may_bring_its_task_later(talk):
    talk.say("alice", "!ir action add a runbook T1")
    talk.say("alice", "!ir action + for T1 and T2 hosts")
    assert actions(talk) == [("add a runbook for T1 and T2 hosts", "T1", None, False)]
    talk.say("alice", "!ir action + and a test @andrew T234834")
    assert actions(talk) == [("add a runbook for T1 and T2 hosts and a test", "T234834", "andrew", False)]


def test_actionables_are_done_given_away_and_dropped(talk):
    talk.say("alice", "!ir action add a runbook")
    talk.say("alice", "!ir action add a test")
    assert talk.say("alice", "!ir action done 1") == ["Actionable 1 is done."]
    assert talk.say("alice", "!ir action #1 done") == ["Actionable 1 is done."]
    assert talk.say("alice", "!ir action 2 @andrew") == ["Actionable 2 is a\u200bndrew's now."]
    assert talk.say("alice", "!ir action #2 T234834") == [f"Actionable 2 is {PHABRICATOR}/T234834 now."]
    assert actions(talk) == [("add a runbook", None, None, True), ("add a test", "T234834", "andrew", False)]
    assert talk.say("alice", "!ir action drop 1") == [item_dropped("Actionable", 1, "add a runbook")]
    assert [each.number for each in talk.report().actionables] == [2]


def test_giving_away_an_actionable_that_is_not_there_is_refused(talk):
    expect_refusal(talk, "alice", "!ir action 7 @andrew", "Actionable 7 is not there", "!ir actions lists")


def test_a_fixed_actionable_keeps_its_owner_and_task_unless_others_are_typed(talk):
    talk.say("alice", "!ir action add a runbok @andrew T1")
    talk.say("alice", "!ir action fix 1 add a runbook")
    assert actions(talk) == [("add a runbook", "T1", "andrew", False)]
    talk.say("alice", "!ir action fix 1 add a runbook T2")
    assert actions(talk) == [("add a runbook", "T2", "andrew", False)]


def test_actionables_are_listed_without_waking_anybody(talk):
    assert talk.say("alice", "!ir actions") == ["Incident 1 has no actionables yet: !ir action TEXT adds one."]
    talk.say("alice", "!ir action add a runbook @andrew T234834")
    talk.say("alice", "!ir action add a test")
    talk.say("alice", "!ir action done 2")
    assert talk.say("bob", "!ir actions") == [
        f"Actionable 1. add a runbook ({PHABRICATOR}/T234834, a\u200bndrew)",
        "Actionable 2. add a test (done)",
    ]


def test_actionables_said_to_be_none_are_missing_no_longer(talk):
    assert talk.say("alice", "!ir action none") == [noted_none("action")]
    assert "action" not in talk.report().missing
    assert talk.say("alice", "!ir actions") == ["Actionable: none."]


@pytest.mark.parametrize(
    ("typed", "url", "title"),
    [
        ("https://tools.wmflabs.org/sal/tools", "https://tools.wmflabs.org/sal/tools", None),
        ("https://example.org/a_(b)?q=1#x the page", "https://example.org/a_(b)?q=1#x", "the page"),
        ("HTTP://EXAMPLE.ORG", "HTTP://EXAMPLE.ORG", None),
        ("<https://example.org/> a page", "https://example.org/", "a page"),
        (f"{PHABRICATOR}/T234834 phab:T234834", f"{PHABRICATOR}/T234834", "phab:T234834"),
    ],
)
def test_a_link_is_an_address_with_a_title_or_without(talk, typed, url, title):
    assert talk.say("alice", f"!ir link {typed}") == [item_added("Link", 1)]
    assert talk.report().links == (Link(url=url, title=title),)


def test_a_link_is_fixed_continued_and_dropped(talk):
    talk.say("alice", "!ir link https://example.org/a one")
    assert talk.say("alice", "!ir link + page") == [item_continued("Link", 1)]
    assert talk.report().links[0].title == "one page"
    assert talk.say("alice", "!ir link fix 1 https://example.org/b") == [
        item_fixed("Link", 1, was="https://example.org/a")
    ]
    assert talk.report().links == (Link(url="https://example.org/b", title=None),)
    assert talk.say("alice", "!ir link drop 1") == [item_dropped("Link", 1, "https://example.org/b")]
    assert talk.say("alice", "!ir link none") == [noted_none("link")]


def test_conclusions_are_written_down_after_the_close_too(talk):
    talk.say("alice", "!ir close")
    assert talk.say("alice", "!ir well rollback took a minute") == [item_added("Went well", 1)]


def test_names_copied_from_replies_are_kept_as_they_were_typed(talk):
    talk.say("alice", "!ir title b\u200bob broke it")
    talk.say("alice", "!ir action call him @b\u200bob T\u200b77")
    talk.say("alice", "!log a\u200blice logs")
    (point,) = talk.report().actionables
    assert (point.owner, point.task and point.task.id) == ("bob", "T77")
    assert talk.report().incident.title == "bob broke it"
    assert "alice logs" in talk.texts()
    assert "“bob broke it”" in talk.say("alice", "!ir find bob")[0]
