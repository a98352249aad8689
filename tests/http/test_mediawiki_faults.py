from __future__ import annotations

import logging

import pytest

from irscribe.domain.errors import OutcomeUnknownError, ServiceError, ServiceRefusedError, ServiceUnavailableError
from irscribe.integrations.mediawiki import BearerToken, Page, connect
from tests.http.fake_mediawiki import Fault, Step, running_wiki
from tests.http.publishing import ADDRESS, BOT, SUMMARY, TEXT, TITLE, client, edits
from tests.http.wikirules import ACCOUNT, BEARER, PASSWORD


@pytest.fixture
def fake():
    with running_wiki() as fake:
        yield fake


# secrets


class Everything(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def logged():
    handler, root = Everything(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler.lines
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    ("login", "step"),
    [(BOT, step) for step in Step] + [(BearerToken(BEARER), step) for step in (Step.QUERY, Step.EDIT)],
)
@pytest.mark.parametrize("fault", list(Fault))
def test_no_failure_shows_a_secret(fake, logged, login, step, fault):
    fake.fail(step, fault)
    wiki = client(fake, login=login)
    said = [repr(wiki), repr(login), repr(vars(wiki))]
    try:
        said.append(repr(wiki.publish(TITLE, TEXT, summary=SUMMARY)))
    except ServiceError as error:
        said += [str(error), repr(error), repr(error.__cause__), repr(error.__context__)]
    assert fake.planned == []
    queries = [value for call in fake.wiki.calls for value in call.query.values()]
    kept = [session.csrf for session in fake.wiki.sessions.values() if len(session.csrf) > 2]
    for secret in [PASSWORD, BEARER, *fake.wiki.sessions, *kept]:
        assert not [line for line in said + logged + queries if secret in line]


def test_a_client_is_made_without_a_word_to_the_wiki(fake):
    wiki = connect(fake.url, BOT, name="the wiki", contact="ops@example.org")
    assert fake.steps == []
    assert wiki.publish(TITLE, TEXT, summary=SUMMARY).created
    assert PASSWORD not in repr(wiki)


# faults


LOOKED_AT = (OutcomeUnknownError, ServiceUnavailableError, ServiceRefusedError)


def insist(fake) -> Page:
    """Do as the outbox does, each time as if the bot had been started anew: look, and publish if nothing is there."""
    for _ in range(4):
        wiki = client(fake)
        try:
            return wiki.look(TITLE, TEXT) or wiki.publish(TITLE, TEXT, summary=SUMMARY)
        except LOOKED_AT:
            continue
    pytest.fail("the page was never published")


RECOVERABLE = [fault for fault in Fault if fault is not Fault.REVOKED]


@pytest.mark.parametrize(("step", "passing"), [*((step, 0) for step in Step), (Step.QUERY, 1)])
@pytest.mark.parametrize("fault", RECOVERABLE)
def test_whatever_goes_wrong_there_is_one_page_in_the_end(fake, fault, step, passing):
    fake.fail(step, fault, passing=passing)
    page = insist(fake)
    assert page.url == ADDRESS
    assert fake.planned == []
    assert [revision.user for revision in fake.wiki.pages[TITLE]] == [ACCOUNT]
    assert list(fake.wiki.pages) == [TITLE]


@pytest.mark.parametrize("second", RECOVERABLE)
@pytest.mark.parametrize("first", [Fault.SILENT_AFTER, Fault.CUT_AFTER, Fault.CUT_BEFORE])
def test_two_edits_that_go_wrong_still_leave_one_page(fake, first, second):
    fake.fail(Step.EDIT, first)
    fake.fail(Step.QUERY, second, passing=2)
    insist(fake)
    assert fake.planned == []
    assert len(fake.wiki.pages[TITLE]) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault.CUT_BEFORE,
        Fault.CUT_AFTER,
        Fault.HALF_AFTER,
        Fault.HTML_AFTER,
        Fault.LIST_AFTER,
        Fault.ERROR_500_AFTER,
        Fault.GATEWAY_504_AFTER,
        Fault.SILENT_BEFORE,
        Fault.SILENT_AFTER,
        Fault.INTERNAL_ERROR_AFTER,
        Fault.BUSY_503,
    ],
)
def test_an_edit_without_an_answer_is_neither_done_nor_undone(fake, fault):
    fake.fail(Step.EDIT, fault)
    with pytest.raises(OutcomeUnknownError):
        client(fake).publish(TITLE, TEXT, summary=SUMMARY)
    assert len(fake.steps) == 4


@pytest.mark.parametrize("step", [Step.LOGIN_TOKEN, Step.LOGIN, Step.QUERY])
@pytest.mark.parametrize(
    "fault",
    [
        Fault.CUT_BEFORE,
        Fault.HALF_AFTER,
        Fault.ERROR_500_BEFORE,
        Fault.GATEWAY_504_AFTER,
        Fault.SILENT_BEFORE,
        Fault.INTERNAL_ERROR_BEFORE,
        Fault.BUSY_503,
        Fault.THROTTLED_429,
    ],
)
def test_before_the_edit_nothing_is_in_doubt(fake, step, fault):
    fake.fail(step, fault)
    with pytest.raises(ServiceUnavailableError) as refusal:
        client(fake).publish(TITLE, TEXT, summary=SUMMARY)
    assert fake.wiki.pages == {}
    assert refusal.value.retry_after == {Fault.BUSY_503: 120, Fault.THROTTLED_429: 90}.get(fault)


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("fault", [Fault.WRONG_TYPE, Fault.HTTP_1_0])
def test_an_answer_that_is_right_but_for_its_label_is_taken(fake, step, fault):
    fake.fail(step, fault)
    assert client(fake).publish(TITLE, TEXT, summary=SUMMARY).created


def test_a_person_who_was_faster_is_not_overwritten(fake):
    fake.meanwhile[Step.EDIT] = lambda: fake.wiki.write(TITLE, "A person's page.")
    with pytest.raises(ServiceRefusedError, match="somebody else"):
        client(fake).publish(TITLE, TEXT, summary=SUMMARY)
    assert [revision.text for revision in fake.wiki.pages[TITLE]] == ["A person's page."]


def test_two_bots_that_publish_at_once_make_one_page_between_them(fake):
    other = client(fake)
    fake.meanwhile[Step.EDIT] = lambda: other.publish(TITLE, TEXT, summary=SUMMARY)
    assert client(fake).publish(TITLE, TEXT, summary=SUMMARY) == Page(url=ADDRESS, revision=1)
    assert len(fake.wiki.pages[TITLE]) == 1


def test_a_person_who_edits_before_the_bot_looks_keeps_the_page(fake):
    fake.fail(Step.EDIT, Fault.CUT_AFTER)
    with pytest.raises(OutcomeUnknownError):
        client(fake).publish(TITLE, TEXT, summary=SUMMARY)
    fake.wiki.write(TITLE, "Better words.")
    assert client(fake).look(TITLE, TEXT) == Page(url=ADDRESS, revision=1, revised=True)
    assert len(edits(fake)) == 1
