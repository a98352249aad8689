"""Every recorded failure of a real server has its meaning; any answer is a result or one of three errors."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.errors import OutcomeUnknownError, ServiceError, ServiceRefusedError, ServiceUnavailableError
from irscribe.integrations import envelope
from irscribe.integrations.http import Answer, Http, Wire
from tests.http.phabricatorworld import TOKEN

HTTP = Http(Wire(service="Phabricator", section="phabricator", secrets=(TOKEN,)))
RECORDED = json.loads((Path(__file__).parent / "recordings" / "conduit.json").read_text())["exchanges"]
ANSWERED = [one for one in RECORDED if one["status"] not in {None, 302, 429}]
FAILED = [one for one in ANSWERED if not isinstance(one.get("body"), dict) or one["body"]["error_code"] is not None]
SUCCEEDED = [one for one in ANSWERED if one not in FAILED]

UNKNOWN_BY_NAME = {
    "dbreadonly.create",
    "db_too_many_connections.create",
    "dbtable_missing.create",
    "dbdown.create",
    "fpmdown.create",
    "proxy_timeout.create",
}
LATER_BY_NAME = {"rowlock.edit"}


def answer(exchange):
    body = exchange.get("body")
    text = (
        json.dumps(body) if isinstance(body, dict) else body or f"<html><title>{exchange.get('title')}</title></html>"
    )
    return Answer(status=exchange["status"], media=exchange["media"].partition(";")[0], text=text)


def ids(exchanges):
    return [f"{one['file']}-{one['name']}" for one in exchanges]


def expected(exchange):
    if exchange["name"] in UNKNOWN_BY_NAME:
        return OutcomeUnknownError
    read_only = isinstance(exchange.get("body"), dict) and "read-only" in exchange["body"]["error_info"]
    return ServiceUnavailableError if read_only or exchange["name"] in LATER_BY_NAME else ServiceRefusedError


WRITES = [one for one in FAILED if one["path"] == "/api/maniphest.edit"]


@pytest.mark.parametrize("exchange", WRITES, ids=ids(WRITES))
def test_a_recorded_failure_to_write_is_of_its_kind(exchange):
    with pytest.raises(expected(exchange)):
        envelope.read(answer(exchange), HTTP, changes=True)


@pytest.mark.parametrize("exchange", FAILED, ids=ids(FAILED))
def test_no_recorded_failure_shows_a_token_or_more_than_a_line(exchange):
    for changes in (True, False):
        with pytest.raises(ServiceError) as failure:
            envelope.read(answer(exchange), HTTP, changes=changes)
        said = str(failure.value)
        assert "xxxx" not in said
        assert "\n" not in said
        assert len(said.encode()) < 420


@pytest.mark.parametrize("exchange", SUCCEEDED, ids=ids(SUCCEEDED))
def test_a_recorded_success_is_its_result(exchange):
    assert envelope.read(answer(exchange), HTTP, changes=True) == exchange["body"]["result"]


@pytest.mark.parametrize(
    ("info", "kind"),
    [
        ("#1213: Deadlock found when trying to get lock; try restarting transaction", ServiceUnavailableError),
        ("#1040: Too many connections", ServiceUnavailableError),
        ("#1290: The server is running with the --read-only option", ServiceUnavailableError),
        ("#2006: MySQL server has gone away", OutcomeUnknownError),
        ("#2013: Lost connection to MySQL server during query", OutcomeUnknownError),
        ("#1406: Data too long for column 'title' at row 1", ServiceRefusedError),
        ("Task #1205 is no number: write another", ServiceRefusedError),
    ],
)
def test_an_error_of_the_database_is_read_by_its_number(info, kind):
    with pytest.raises(kind):
        envelope.read(_error("ERR-CONDUIT-CORE", info), HTTP, changes=True)


def test_html_in_the_servers_words_is_not_repeated():
    info = 'Parent <a href="/w/x/">x</a> &lt;does&gt; not exist.\n  - one\n  - two'
    with pytest.raises(ServiceRefusedError, match=r"^Phabricator refused: Parent x <does> not exist\. one two$"):
        envelope.read(_error("ERR-CONDUIT-CORE", info), HTTP, changes=True)


@pytest.mark.parametrize("code", ["ERR_BAD_TASK", "ERR-INVALID-CONSTRAINT", "ERR-BAD-TASK"])
def test_an_error_by_any_of_its_names_is_a_refusal(code):
    with pytest.raises(ServiceRefusedError):
        envelope.read(_error(code, "No such Maniphest task exists."), HTTP, changes=True)


@pytest.mark.parametrize("status", [400, 404, 405, 410, 421])
def test_a_page_that_says_the_request_was_wrong_means_nothing_was_done(status):
    with pytest.raises(ServiceRefusedError, match=r"\[phabricator\] url"):
        envelope.read(Answer(status=status, media="text/html", text=""), HTTP, changes=True)


def test_a_request_that_came_too_slowly_can_be_sent_again():
    with pytest.raises(ServiceUnavailableError):
        envelope.read(Answer(status=408, media="text/html", text=""), HTTP, changes=True)


def _error(code, info):
    body = {"result": None, "error_code": code, "error_info": info}
    return Answer(status=200, media="application/json", text=json.dumps(body))


answers = st.builds(
    Answer,
    status=st.integers(100, 599),
    media=st.sampled_from(["application/json", "text/html", ""]),
    text=st.text()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(sorted(envelope.ENVELOPE_KEYS)), inner),
        max_leaves=8,
    ).map(json.dumps),
)


def outcome(answer, *, changes):
    try:
        return "done", envelope.read(answer, HTTP, changes=changes)
    except ServiceError as error:
        return type(error), str(error)


@given(answers)
def test_any_answer_is_a_result_or_one_of_the_three_errors(given_answer):
    kind, said = outcome(given_answer, changes=True)
    reading = outcome(given_answer, changes=False)[0]
    if kind is OutcomeUnknownError:
        assert issubclass(reading, ServiceUnavailableError)
    else:
        assert reading == kind
    assert kind == "done" or said


@given(st.text(), st.sampled_from(["application/json", "text/html"]), st.integers(500, 599))
def test_no_page_of_a_failing_server_proves_that_nothing_was_done(text, media, status):
    with pytest.raises(OutcomeUnknownError):
        envelope.read(Answer(status=status, media=media, text=text), HTTP, changes=True)
