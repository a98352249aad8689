"""The Conduit client tells a server's failures apart: refused, to be sent again, or of unknown outcome."""

import logging
from traceback import format_exception

import pytest

from irscribe.domain.errors import OutcomeUnknownError, ServiceError, ServiceRefusedError, ServiceUnavailableError
from tests.http.fake_phabricator import Fault, running_phabricator
from tests.http.filing import client, draft, just_now, task
from tests.http.phabricatorworld import BOT, TOKEN

REFUSED, UNAVAILABLE, UNKNOWN = ServiceRefusedError, ServiceUnavailableError, OutcomeUnknownError
FILING = {
    Fault.CUT_BEFORE: UNKNOWN,
    Fault.CUT_AFTER: UNKNOWN,
    Fault.HALF_AFTER: UNKNOWN,
    Fault.HALF_CHUNK_AFTER: UNKNOWN,
    Fault.SILENT_BEFORE: UNKNOWN,
    Fault.SILENT_AFTER: UNKNOWN,
    Fault.WRONG_TYPE_AFTER: UNKNOWN,
    Fault.HTML_BEFORE: UNKNOWN,
    Fault.HTML_AFTER: UNKNOWN,
    Fault.LIST_AFTER: UNKNOWN,
    Fault.NO_JSON_AFTER: UNKNOWN,
    Fault.NOTHING_AFTER: UNKNOWN,
    Fault.DATABASE_DOWN: UNKNOWN,
    Fault.LOG_FAILED_AFTER: UNKNOWN,
    Fault.FATAL: UNKNOWN,
    Fault.EXCEPTION_AFTER: UNKNOWN,
    Fault.LOCK_WAIT: UNAVAILABLE,
    Fault.READ_ONLY: UNAVAILABLE,
    Fault.BAD_GATEWAY_BEFORE: UNKNOWN,
    Fault.BUSY_BEFORE: UNKNOWN,
    Fault.GATEWAY_TIMEOUT_BEFORE: UNKNOWN,
    Fault.GATEWAY_TIMEOUT_AFTER: UNKNOWN,
    Fault.GATEWAY_TIMEOUT_LATER: UNKNOWN,
    Fault.TOO_MANY_REQUESTS: UNAVAILABLE,
    Fault.TOO_LARGE: REFUSED,
    Fault.FORBIDDEN: REFUSED,
    Fault.REDIRECT: REFUSED,
    Fault.REVOKED: REFUSED,
    Fault.DISABLED: REFUSED,
    Fault.UNINSTALLED: REFUSED,
}
"""The error that filing raises, for each fault."""

HARMLESS = {Fault.HTTP_1_0}
MARKER = "irscribe:7:task"


@pytest.fixture
def fake():
    with running_phabricator() as server:
        yield server


@pytest.fixture
def conduit(fake):
    return client(fake.url, fake=fake)


def test_every_fault_has_a_meaning():
    assert set(FILING) | HARMLESS == set(Fault)


@pytest.mark.parametrize("fault", sorted(FILING))
def test_a_failed_filing_is_refused_or_postponed_or_unknown(fake, conduit, fault):
    fake.fail("maniphest.edit", fault)
    with pytest.raises(FILING[fault]):
        conduit.create_task(draft())
    fake.settle()
    assert len(fake.world.tasks) == 0 or FILING[fault] is UNKNOWN
    assert fake.methods().count("maniphest.edit") <= 1


@pytest.mark.parametrize("fault", sorted(fault for fault, kind in FILING.items() if kind is UNKNOWN))
def test_looking_before_sending_again_leaves_exactly_one_task(fake, conduit, fault):
    since = just_now()
    fake.fail("maniphest.edit", fault)
    with pytest.raises(UNKNOWN):
        conduit.create_task(draft())
    fake.settle()
    filed = conduit.find_task(MARKER, author=BOT, since=since) or conduit.create_task(draft())
    assert [task.id for task in fake.world.tasks] == [filed.number]


LOST_COMMENTS = {fault for fault, kind in FILING.items() if kind is UNKNOWN} - {Fault.NOTHING_AFTER}


@pytest.mark.parametrize("fault", sorted(LOST_COMMENTS))
def test_looking_before_saying_it_again_leaves_exactly_one_comment(fake, conduit, fault):
    conduit.create_task(draft())
    since = just_now()
    fake.fail("maniphest.edit", fault)
    with pytest.raises(UNKNOWN):
        conduit.comment(task(conduit, 1), "Closed.")
    fake.settle()
    if not conduit.find_comment(1, "Closed.", author=BOT, since=since):
        conduit.comment(task(conduit, 1), "Closed.")
    assert fake.world.comments(1) == ["Closed."]


@pytest.mark.parametrize("fault", sorted(fault for fault, kind in FILING.items() if kind is UNAVAILABLE))
def test_what_was_postponed_can_be_sent_again_at_once(fake, conduit, fault):
    fake.fail("maniphest.edit", fault)
    with pytest.raises(UNAVAILABLE):
        conduit.create_task(draft())
    assert conduit.create_task(draft()).number == 1
    assert len(fake.world.tasks) == 1


@pytest.mark.parametrize("fault", sorted(set(FILING) - {Fault.GATEWAY_TIMEOUT_LATER, Fault.READ_ONLY}))
def test_a_question_is_never_left_with_an_unknown_outcome(fake, conduit, fault):
    fake.fail("user.whoami", fault)
    with pytest.raises(UNAVAILABLE if FILING[fault] is UNKNOWN else FILING[fault]):
        conduit.whoami()


@pytest.mark.parametrize("fault", sorted(set(FILING) - {Fault.GATEWAY_TIMEOUT_LATER, Fault.READ_ONLY}))
@pytest.mark.parametrize(
    "looking", ["find_task", "find_comment", "tasks", "projects", "people", "statuses", "priorities"]
)
def test_a_failure_to_look_is_an_error_and_never_looks_like_emptiness(fake, conduit, looking, fault):
    fake.world.new_task(description=MARKER)
    method, ask = LOOKING[looking]
    fake.fail(method, fault)
    with pytest.raises(ServiceError) as failure:
        ask(conduit)
    assert not isinstance(failure.value, OutcomeUnknownError)


LOOKING = {
    "find_task": ("maniphest.search", lambda conduit: conduit.find_task(MARKER, author=BOT, since=just_now())),
    "find_comment": ("transaction.search", lambda conduit: conduit.find_comment(1, "x", author=BOT, since=just_now())),
    "tasks": ("maniphest.search", lambda conduit: conduit.tasks([1])),
    "projects": ("project.search", lambda conduit: conduit.projects(["sre"])),
    "people": ("user.search", lambda conduit: conduit.people(["alice"])),
    "statuses": ("maniphest.status.search", lambda conduit: conduit.statuses()),
    "priorities": ("maniphest.priority.search", lambda conduit: conduit.priorities()),
}


def test_a_failure_on_a_later_page_is_no_end_of_the_search(fake, conduit):
    for number in range(150):
        fake.world.new_task(description=MARKER if number == 0 else "")
    fake.fail("maniphest.search", Fault.BAD_GATEWAY_BEFORE, passing=1)
    with pytest.raises(ServiceUnavailableError):
        conduit.find_task(MARKER, author=BOT, since=just_now())


@pytest.mark.parametrize("fault", sorted(HARMLESS))
def test_an_old_way_of_speaking_is_understood(fake, conduit, fault):
    fake.fail("maniphest.edit", fault)
    assert conduit.create_task(draft()).number == 1


@pytest.mark.parametrize("fault", sorted(FILING))
def test_no_failure_shows_the_token_in_its_words_or_in_a_log(fake, fault, caplog):
    caplog.set_level(logging.DEBUG)
    token = "cli-" + "secret0" * 4
    fake.world.tokens = {token: BOT}
    fake.fail("maniphest.edit", fault)
    conduit = client(fake.url, token=token, fake=fake)
    with pytest.raises(ServiceError) as failure:
        conduit.create_task(draft())
    shown = [str(failure.value), repr(failure.value), caplog.text, repr(conduit), *format_exception(failure.value)]
    assert "secret0" not in "".join(shown)


@pytest.mark.parametrize("token", ["api-short", "abc-" + "z" * 28, TOKEN.upper(), "api-" + "y" * 28, "pässwort/ü\"'"])
def test_a_token_the_server_repeats_is_not_repeated_by_us_and_its_setting_is_named(fake, token):
    with pytest.raises(ServiceRefusedError, match=r"\[phabricator\] token") as refusal:
        client(fake.url, token=token).whoami()
    assert token not in str(refusal.value)
    assert "****" in str(refusal.value)


@pytest.mark.parametrize("token", ["", "  "])
def test_no_token_names_its_setting(fake, token):
    with pytest.raises(ServiceRefusedError, match=r"\[phabricator\] token"):
        client(fake.url, token=token).whoami()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault.REVOKED, r"\[phabricator\] token"),
        (Fault.DISABLED, r"\[phabricator\] token.*not permitted to use the API"),
        (Fault.REDIRECT, r"https://phabricator.example.org/.*\[phabricator\] url"),
        (Fault.FORBIDDEN, r"403 Forbidden.*\[irscribe\] contact"),
        (Fault.TOO_LARGE, r"too long"),
        (Fault.UNINSTALLED, r"'Maniphest', which is not enabled"),
        (Fault.HTML_BEFORE, r"“Authentication Failure”.*\[phabricator\] url"),
        (Fault.READ_ONLY, r"read-only"),
        (Fault.LOCK_WAIT, r"Lock wait timeout"),
        (Fault.SILENT_AFTER, r"did not answer within \d+ seconds"),
    ],
)
def test_a_failure_says_what_to_look_at(fake, conduit, fault, said):
    fake.fail("maniphest.edit", fault)
    with pytest.raises(ServiceError, match=said):
        conduit.create_task(draft())


def test_a_server_in_read_only_mode_still_answers_questions(fake, conduit):
    fake.read_only = True
    assert conduit.whoami().phid == BOT
    with pytest.raises(ServiceUnavailableError):
        conduit.create_task(draft())
    fake.read_only = False
    assert conduit.create_task(draft()).number == 1
