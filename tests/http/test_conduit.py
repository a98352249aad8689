"""The Conduit client against a server that behaves as the real one did."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.errors import ServiceRefusedError
from irscribe.integrations.conduit import connect
from irscribe.integrations.tasks import Account, FiledTask, Priority, Status, TaskChange
from irscribe.services.filing import phabricator_names
from tests.http.fake_phabricator import running_phabricator
from tests.http.filing import client, draft, just_now, status, task
from tests.http.phabricatorworld import (
    ALICE,
    BOB,
    BOT,
    CAROL_DISABLED,
    FOLLOWUP,
    INCIDENT,
    TOKEN,
    World,
)

EVER = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def fake():
    with running_phabricator() as server:
        yield server


@pytest.fixture
def conduit(fake):
    return client(fake.url)


def test_the_account_of_the_token_is_known(conduit):
    assert conduit.whoami() == Account(phid=BOT, name="incidentbot")


def test_a_task_is_filed_whole_in_one_call_and_known_by_its_address(fake, conduit):
    filed = conduit.create_task(
        draft(priority="high", projects=(INCIDENT, FOLLOWUP), owner=ALICE, subtype="bug", view=INCIDENT, edit=INCIDENT),
    )
    task = fake.world.task(1)
    assert filed == FiledTask(number=1, phid=task.phid, url=f"{fake.url}/T1")
    assert (task.title, task.description, task.priority) == ("NFS is down", "`irscribe:7:task`", 80)
    assert (task.projects, task.owner, task.subtype) == ([INCIDENT, FOLLOWUP], ALICE, "bug")
    assert (task.view, task.edit) == (INCIDENT, INCIDENT)
    assert fake.methods().count("maniphest.edit") == 1


def test_nobody_but_the_account_is_subscribed_to_what_it_files(fake, conduit):
    conduit.create_task(draft(owner=ALICE))
    assert fake.world.task(1).subscribers == [BOT]


def test_a_task_without_wishes_gets_none_of_them(fake, conduit):
    conduit.create_task(draft())
    sent = fake.calls[-1].parameters["transactions"]
    assert [transaction["type"] for transaction in sent] == ["title", "description"]
    assert "objectIdentifier" not in fake.calls[-1].parameters


def test_a_task_can_be_filed_in_a_status_of_the_servers(fake, conduit):
    conduit.create_task(draft(status=status(conduit, "progress")))
    assert fake.world.task(1).status == "progress"


def test_a_task_filed_as_closed_is_nobodys(fake, conduit):
    conduit.create_task(draft(status=status(conduit, "resolved")))
    assert (fake.world.task(1).status, fake.world.task(1).owner) == ("resolved", None)


def test_a_follow_up_hangs_below_its_incident(fake, conduit):
    incident = conduit.create_task(draft())
    conduit.create_task(draft(title="Add an alert", parent=incident.phid))
    assert fake.world.task(2).parents == [incident.phid]
    assert fake.world.task(1).subtasks == [fake.world.task(2).phid]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"priority": "urgent"}, "unbreak, triage, high, medium, low, lowest"),
        ({"owner": "PHID-USER-aaaaaaaaaaaaaaaaaaaa"}, "is not a valid user"),
        ({"parent": "PHID-TASK-aaaaaaaaaaaaaaaaaaaa"}, "does not identify a visible task"),
        ({"view": "no-one"}, "no longer allow you to view"),
        ({"subtype": "nosuch"}, "is not a valid subtype"),
    ],
)
def test_what_the_server_refuses_is_said_in_its_words_on_one_line(fake, conduit, wish, said):
    with pytest.raises(ServiceRefusedError, match=f"^Phabricator refused: .*{said}") as refusal:
        conduit.create_task(draft(**wish))
    assert "\n" not in str(refusal.value)
    assert "Validation errors" not in str(refusal.value)
    assert fake.world.tasks == []


def test_a_title_is_made_one_that_the_server_takes(fake, conduit):
    conduit.create_task(draft(title="\x02a\nb\tc " + "🔥" * 300))
    assert fake.world.task(1).title.startswith("a b c 🔥")
    assert len(fake.world.task(1).title) <= 255


def test_a_change_is_one_call_and_leaves_the_rest_alone(fake, conduit):
    conduit.create_task(draft(priority="high"))
    progress = status(conduit, "progress")
    change = TaskChange(title="NFS was down", status=progress, add_projects=(INCIDENT,), comment="Why.")
    conduit.edit_task(task(conduit, 1), change)
    changed = fake.world.task(1)
    assert (changed.title, changed.status, changed.projects) == ("NFS was down", "progress", [INCIDENT])
    assert changed.priority == 80
    assert fake.world.comments(1) == ["Why."]
    assert fake.methods().count("maniphest.edit") == 2


def test_a_change_of_nothing_is_not_sent(fake, conduit):
    fake.world.new_task()
    conduit.edit_task(task(conduit, 1), TaskChange())
    assert "maniphest.edit" not in fake.methods()


@pytest.mark.parametrize("number", [0, None, ""])
def test_a_change_without_a_number_is_never_sent_as_it_would_file_a_task(fake, conduit, number):
    fake.world.new_task()
    unnumbered = replace(task(conduit, 1), number=number)
    with pytest.raises(ValueError, match=r".*"):
        conduit.edit_task(unnumbered, TaskChange(title="new"))
    assert "maniphest.edit" not in fake.methods()


@pytest.mark.parametrize("keyword", ["done", "Resolved", "closed"])
def test_a_status_the_server_would_take_without_knowing_it_is_refused_with_those_it_knows(conduit, keyword):
    with pytest.raises(ServiceRefusedError, match="open, stalled, progress, resolved"):
        phabricator_names.status(conduit, keyword, setting="status_closed")


def test_a_project_that_is_hidden_from_the_bot_is_refused(conduit):
    with pytest.raises(ServiceRefusedError, match="no project private-project"):
        phabricator_names.projects(conduit, ("wikimedia-incident", "private-project"), setting="projects")


def test_the_server_is_asked_nothing_again_that_is_known(fake, conduit):
    fake.world.new_task()
    known, resolved = task(conduit, 1), status(conduit, "resolved")
    before = len(fake.calls)
    conduit.create_task(draft(status=resolved, projects=(INCIDENT,)))
    conduit.edit_task(known, TaskChange(status=resolved, add_projects=(INCIDENT,), comment="Closed."))
    assert fake.methods()[before:] == ["maniphest.edit", "maniphest.edit"]


def test_closing_does_not_make_the_account_owner_of_what_is_nobodys(fake, conduit):
    conduit.create_task(draft())
    conduit.edit_task(task(conduit, 1), TaskChange(status=status(conduit, "resolved")))
    assert (fake.world.task(1).status, fake.world.task(1).owner) == ("resolved", None)


def test_closing_leaves_a_task_to_its_owner(fake, conduit):
    conduit.create_task(draft(owner=ALICE))
    conduit.edit_task(task(conduit, 1), TaskChange(status=status(conduit, "resolved")))
    assert fake.world.task(1).owner == ALICE


def test_closing_a_task_for_somebody_makes_them_its_owner(fake, conduit):
    conduit.create_task(draft())
    conduit.edit_task(task(conduit, 1), TaskChange(status=status(conduit, "resolved"), owner=BOB))
    assert fake.world.task(1).owner == BOB


def test_a_task_can_be_taken_from_its_owner(fake, conduit):
    conduit.create_task(draft(owner=ALICE))
    conduit.edit_task(task(conduit, 1), TaskChange(unassign=True))
    assert fake.world.task(1).owner is None


def test_a_comment_is_found_by_its_author_and_its_search_text(fake, conduit):
    conduit.create_task(draft())
    conduit.comment(task(conduit, 1), "Closed.\r\nIt took 3 hours.\n{anchor #irscribe-7-12ab}")
    assert conduit.find_comment(1, "irscribe-7-12ab", author=BOT, since=just_now())
    assert not conduit.find_comment(1, "irscribe-7-12", author=BOT, since=just_now())
    assert not conduit.find_comment(1, "irscribe-7-12ab", author=ALICE, since=just_now())


def test_a_comment_from_before_is_not_taken_for_one_of_now():
    now = EVER.timestamp()
    with running_phabricator(World(now=lambda: now)) as fake:
        conduit = client(fake.url)
        conduit.create_task(draft())
        conduit.comment(task(conduit, 1), "Reopened.")
        assert conduit.find_comment(1, "Reopened.", author=BOT, since=EVER)
        assert not conduit.find_comment(1, "Reopened.", author=BOT, since=EVER + timedelta(days=2))


def test_a_comment_is_found_behind_many_others(fake, conduit):
    conduit.create_task(draft())
    conduit.comment(task(conduit, 1), "the first")
    for number in range(120):
        fake.world.record(fake.world.task(1), BOT, "comment", {}, f"another {number}")
    assert conduit.find_comment(1, "the first", author=BOT, since=just_now())


def test_a_task_is_found_by_its_search_text_whatever_else_was_filed(fake, conduit):
    for title in ("mine", "other"):
        fake.world.new_task(title=title, description=f"see `irscribe:{title}`")
    for number in range(210):
        fake.world.new_task(title=f"later {number}", description="nothing")
    found = conduit.find_task("irscribe:mine", author=BOT, since=just_now())
    assert found == FiledTask(number=1, phid=fake.world.task(1).phid, url=f"{fake.url}/T1")
    assert fake.methods().count("maniphest.search") == 3


def test_of_two_tasks_with_one_search_text_the_first_is_meant(fake, conduit):
    for _ in range(2):
        fake.world.new_task(description="`irscribe:7`")
    assert conduit.find_task("irscribe:7", author=BOT, since=just_now()).number == 1


@pytest.mark.parametrize("description", ["irscribe:71", "xirscribe:7", "irscribe:7-2", "irscribe:7:task"])
def test_a_search_text_inside_of_another_is_not_that_one(fake, conduit, description):
    fake.world.new_task(description=description)
    assert conduit.find_task("irscribe:7", author=BOT, since=just_now()) is None


def test_another_persons_task_with_the_search_text_is_not_ours(fake, conduit):
    fake.world.new_task(author=ALICE, description="`irscribe:7`")
    assert conduit.find_task("irscribe:7", author=BOT, since=just_now()) is None


@pytest.mark.parametrize(("search_text", "author"), [("", BOT), ("irscribe:7", "")])
def test_looking_without_a_text_or_an_author_is_never_sent_as_it_would_find_anything(
    fake, conduit, search_text, author
):
    with pytest.raises(ValueError, match=r".*"):
        conduit.find_task(search_text, author=author, since=just_now())
    assert fake.calls == []


def test_looking_reaches_back_before_any_difference_of_clocks(fake, conduit):
    conduit.create_task(draft())
    assert conduit.find_task("irscribe:7:task", author=BOT, since=just_now() + timedelta(hours=12)) is not None
    assert conduit.find_task("irscribe:7:task", author=BOT, since=datetime(1970, 1, 1, tzinfo=UTC)) is not None


def test_what_became_of_tasks_is_read_with_the_names_of_their_owners(fake, conduit):
    conduit.create_task(draft(owner=ALICE))
    conduit.create_task(draft(title="Add an alert"))
    conduit.edit_task(task(conduit, 2), TaskChange(status=status(conduit, "declined")))
    states = conduit.tasks([1, 2, 99, 1])
    assert sorted(states) == [1, 2]
    assert (states[1].title, states[1].owner, states[1].status, states[1].closed) == (
        "NFS is down",
        "alice",
        "open",
        False,
    )
    assert (states[2].owner, states[2].status, states[2].status_name, states[2].closed) == (
        None,
        "declined",
        "Declined",
        True,
    )
    assert (states[1].url, states[1].phid) == (f"{fake.url}/T1", fake.world.task(1).phid)


def test_what_became_of_no_task_is_not_asked(fake, conduit):
    assert conduit.tasks([]) == {}
    assert fake.calls == []


def test_what_became_of_many_tasks_is_read_in_parts(fake, conduit):
    for number in range(1, 251):
        fake.world.new_task(title=f"task {number}")
    assert len(conduit.tasks(range(1, 251))) == 250


def test_projects_are_found_by_any_spelling_of_their_slug_and_left_out_when_unknown_or_hidden(conduit):
    asked = [
        "wikimedia-incident",
        "#wikimedia-incident",
        "Sustainability (Incident Followup)",
        "nope",
        "private-project",
    ]
    assert conduit.projects(asked) == {
        "wikimedia-incident": INCIDENT,
        "#wikimedia-incident": INCIDENT,
        "Sustainability (Incident Followup)": FOLLOWUP,
    }


def test_people_are_found_in_any_case_and_left_out_when_unknown_or_disabled(conduit):
    assert conduit.people(["Alice", "@bob", "carol-disabled", "nobody"]) == {"Alice": ALICE, "@bob": BOB}


@pytest.mark.parametrize("nothing", [[], [""], [" "]])
def test_nobody_and_no_project_are_not_asked_for_as_that_would_find_everybody(fake, conduit, nothing):
    assert conduit.people(nothing) == {}
    assert conduit.projects(nothing) == {}
    assert conduit.names(None for _ in nothing) == {}
    assert fake.calls == []


def test_accounts_are_named_even_when_disabled(conduit):
    assert conduit.names([ALICE, CAROL_DISABLED, None]) == {ALICE: "alice", CAROL_DISABLED: "carol-disabled"}


def test_priorities_and_statuses_are_the_servers(conduit):
    assert Priority(keywords=("medium", "normal"), name="Medium", number="50") in conduit.priorities()
    assert Status(keyword="progress", name="In Progress", closed=False) in conduit.statuses()
    assert [status.keyword for status in conduit.statuses() if status.closed] == [
        "resolved",
        "invalid",
        "duplicate",
        "declined",
    ]


def test_a_server_is_connected_to_with_its_settings(fake):
    assert connect(fake.url, TOKEN, name="Phabricator", contact="ops@example.org").whoami().phid == BOT
    assert "ops@example.org" in fake.calls[0].headers["User-Agent"]


@pytest.mark.parametrize("ending", ["", "/", "//"])
def test_a_slash_behind_the_address_does_not_matter(fake, ending):
    assert client(fake.url + ending).whoami().name == "incidentbot"


def test_blanks_around_the_token_do_not_matter(fake):
    assert client(fake.url, token=f" {TOKEN}\n").whoami().name == "incidentbot"


@given(text=st.text(), title=st.text())
def test_any_text_is_found_again_as_it_was_said(shared, title, text):
    fake, conduit = shared
    filed = conduit.create_task(draft(title=title, description=text))
    conduit.comment(task(conduit, filed.number), f"{text} said:{filed.number}")
    assert conduit.find_comment(filed.number, f"said:{filed.number}", author=BOT, since=just_now())
    assert conduit.tasks([filed.number])[filed.number].description == fake.world.task(filed.number).description


@pytest.fixture(scope="module")
def shared():
    with running_phabricator() as server:
        yield server, client(server.url)
