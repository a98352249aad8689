"""Reads Conduit's answers: a result, or one of the three kinds of errors.

The status tells little: nearly every error comes with 200, some with 500, and an HTML page may come with either. So an
answer counts only as JSON with the envelope's three keys; any other is read by its status (measured with Phorge).
"""

from __future__ import annotations

import json
import re
from html import unescape
from http import HTTPStatus
from typing import Any

from irscribe.domain.errors import OtherServiceError, ServiceError
from irscribe.integrations.http import Answer, Http

ENVELOPE_KEYS = frozenset({"result", "error_code", "error_info"})
JSON = "application/json"

_TOKEN_CODES = frozenset({"ERR-INVALID-SESSION", "ERR-INVALID-AUTH"})
_CALL_CODE = "ERR-CONDUIT-CALL"
_ERROR_PREFIX = "ERR"
_READ_ONLY = "read-only mode"
_DATABASE_ERROR = re.compile(r"#(?P<number>\d{4}): ")
_DATA_AT_FAULT = frozenset({"1366", "1406"})
"""MySQL's numbers for a value that the column cannot hold."""
_GONE_MEANWHILE = frozenset({"2006", "2013"})
"""MySQL's numbers for a broken connection, perhaps during a commit."""

_TITLE = re.compile(r"<title>(?P<title>.*?)</title>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_LIST = re.compile(r"Validation errors:\s*-\s*|\n\s*-\s*")
_WRONG_HOST = "Site Not Found"


def read(answer: Answer, http: Http, *, changes: bool) -> Any:
    """Give the result in an answer to one call; ``changes`` as in ``Http.post``.

    Raises:
        ServiceError: one of the three kinds.

    """
    envelope = _envelope(answer)
    if envelope is None:
        raise _no_envelope(answer, http, changes=changes)
    if envelope["error_code"] is None:
        return envelope["result"]
    raise _error(str(envelope["error_code"]), str(envelope["error_info"]), http, changes=changes)


def _envelope(answer: Answer) -> dict[str, Any] | None:
    if answer.media != JSON:
        return None
    try:
        document = json.loads(answer.text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) and document.keys() >= ENVELOPE_KEYS else None


def _error(code: str, info: str, http: Http, *, changes: bool) -> ServiceError:
    said = http.quote(_plain(info))
    if code in _TOKEN_CODES:
        return http.refused(f"{http.wire.subject} does not accept [phabricator] token: {said}")
    if code == _CALL_CODE:
        return http.refused(f"{http.wire.subject} does not offer what irscribe needs: {said}")
    if not code.startswith(_ERROR_PREFIX):
        # The code is a PHP class: an exception outside of the method, perhaps after its work.
        return http.lost(f"{http.wire.subject} failed inside: {said}", changes=changes)
    return _refusal(info, said, http, changes=changes)


def _refusal(info: str, said: str, http: Http, *, changes: bool) -> ServiceError:
    database = _DATABASE_ERROR.search(info)
    if _READ_ONLY in info:
        return http.unavailable(f"{http.wire.subject} is in read-only mode.")
    if database is None or database["number"] in _DATA_AT_FAULT:
        return http.refused(f"{http.wire.subject} refused: {said}")
    if database["number"] in _GONE_MEANWHILE:
        return http.lost(f"{http.wire.subject} lost its database: {said}", changes=changes)
    return http.unavailable(f"{http.wire.subject} cannot write at the moment: {said}")


def _no_envelope(answer: Answer, http: Http, *, changes: bool) -> ServiceError:
    page = http.quote(_page_title(answer))
    status = f"{answer.status} {_phrase(answer.status)}".strip()
    if page == _WRONG_HOST:
        return http.refused(
            f"{http.wire.subject} has no site by the name in [phabricator] url: write the one it knows itself by."
        )
    if answer.status in _SENTENCES:
        return http.refused(_SENTENCES[answer.status].format(service=http.wire.service, status=status))
    if answer.status == HTTPStatus.REQUEST_TIMEOUT:
        return http.unavailable(f"{http.wire.subject} got only a part of the request.")
    if answer.status in _CLIENT_ERRORS:
        return http.refused(f"Nothing at [phabricator] url speaks Conduit ({status}): check that address.")
    if answer.status in _SUCCESSES and answer.media != JSON and not changes:
        return OtherServiceError(
            http.redact(f"The server at [phabricator] url is not {http.wire.service}: check the address and its port.")
        )
    what = f"the page “{page}”" if page else "something that is no Conduit answer"
    return http.lost(
        f"{http.wire.subject} answered {status} with {what}: check [phabricator] url if this lasts.", changes=changes
    )


_CLIENT_ERRORS = range(400, 500)
_SUCCESSES = range(200, 300)
_BLOCKED = (
    "Something before {service} lets no request of irscribe pass ({status}): it may want an operator's contact in "
    "[irscribe] contact, or its owner's leave."
)
_SENTENCES: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: _BLOCKED,
    HTTPStatus.FORBIDDEN: _BLOCKED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The text is too long for what stands before {service} ({status}).",
}
"""Statuses that a proxy answers itself, with a sentence for each; nothing reached the service."""


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _page_title(answer: Answer) -> str:
    found = _TITLE.search(answer.text)
    return _plain(found["title"]) if found else ""


def _plain(text: str) -> str:
    """Turn a text that may hold HTML and a list into prose."""
    return unescape(_TAG.sub("", _LIST.sub(" ", text))).strip()
