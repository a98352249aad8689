from __future__ import annotations

import json
from pathlib import Path

import pytest

from irscribe.domain.errors import OutcomeUnknownError, ServiceRefusedError, ServiceUnavailableError
from irscribe.integrations.http import Http, Wire
from irscribe.integrations.wikirefusals import Complaint, LoggedOutError, PageExistsError, find_complaint, understand

RECORDINGS = Path(__file__).parents[1] / "http" / "recordings" / "mediawiki.json"
ERRORS = [
    exchange["response"]["json"]
    for exchange in json.loads(RECORDINGS.read_text())
    if "MediaWiki-API-Error" in exchange["response"]["headers"]
]
LATER = {"maxlag", "ratelimited", "readonly"}
FORGOTTEN = {"badtoken", "assertuserfailed", "assertnameduserfailed"}
HTTP = Http(Wire(service="The wiki", section="mediawiki", secrets=("hunter2hunter2",)))


def complaint_of(body) -> Complaint:
    complaint = find_complaint(body)
    assert complaint is not None
    return complaint


def kind_of(code: str) -> type[Exception]:
    if code in FORGOTTEN:
        return LoggedOutError
    if code in LATER:
        return ServiceUnavailableError
    return PageExistsError if code == "articleexists" else ServiceRefusedError


@pytest.mark.parametrize("body", ERRORS, ids=lambda body: complaint_of(body).code)
def test_every_recorded_refusal_becomes_a_sentence_of_its_kind(body):
    complaint = complaint_of(body)
    error = understand(complaint, http=HTTP, changes=True)
    assert type(error) is kind_of(complaint.code)
    assert str(error).endswith(".")
    assert not set("{}") & set(str(error))
    assert "None" not in str(error)


@pytest.mark.parametrize("body", ERRORS, ids=lambda body: complaint_of(body).code)
def test_both_shapes_of_a_refusal_say_the_same(body):
    old = complaint_of(body)
    data = {name: value for name, value in old.data.items() if name not in {"code", "info", "text", "module"}}
    new = complaint_of({"errors": [{"code": old.code, "text": old.text, "data": data, "module": "edit"}]})
    assert str(understand(new, http=HTTP, changes=True)) == str(understand(old, http=HTTP, changes=True))


@pytest.mark.parametrize("body", [{}, {"edit": {"result": "Success"}}, {"error": "text"}, {"errors": []}])
def test_what_is_no_refusal_is_none(body):
    assert find_complaint(body) is None


def test_a_server_that_fails_in_an_edit_may_have_made_it():
    complaint = Complaint(code="internal_api_error_DBQueryError", text="[0ffee] Caught exception")
    assert type(understand(complaint, http=HTTP, changes=True)) is OutcomeUnknownError
    assert type(understand(complaint, http=HTTP, changes=False)) is ServiceUnavailableError


def test_a_server_that_repeats_the_password_is_not_quoted_with_it():
    complaint = Complaint(code="unheard-of", text="hunter2hunter2 is\nno {password}")
    assert (
        str(understand(complaint, http=HTTP, changes=True)) == "The wiki refuses: **** is no {password} (unheard-of)."
    )
