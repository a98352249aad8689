"""The endpoint to which Alertmanager posts its alerts (prometheus.io/docs/alerting/latest/configuration, webhook)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hmac import compare_digest
from http import HTTPStatus
from typing import TYPE_CHECKING

from irscribe.domain.posts import BadPostError, PostedAlert, read_post
from irscribe.domain.prose import plural
from irscribe.integrations.http_server import LONGEST_BODY, answer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATH = "/alertmanager"
TRY_AGAIN = "5"
"""Seconds after which a post is worth another try."""


class AlertmanagerEndpoint:
    """A WSGI application; ``take`` gives True once all alerts of a post are recorded, else it is to be sent again."""

    def __init__(self, token: str | None, take: Callable[[Sequence[PostedAlert]], bool]) -> None:
        """Take posts with this token; None: from whoever can reach the address."""
        self._token = token
        self._take = take

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if environ["REQUEST_METHOD"] != "POST":
            sentence = "Alerts are sent with POST."
            return answer(environ, start_response, HTTPStatus.METHOD_NOT_ALLOWED, sentence, ("Allow", "POST"))
        if not self._is_allowed(environ):
            sentence, asks = "The token is missing or wrong.", ("WWW-Authenticate", "Bearer")
            return answer(environ, start_response, HTTPStatus.UNAUTHORIZED, sentence, asks)
        try:
            alerts = read_post(environ["wsgi.input"].read(LONGEST_BODY + 1))
        except BadPostError as error:
            return answer(environ, start_response, HTTPStatus.BAD_REQUEST, f"Nothing is taken: {error}.")
        if not self._take(alerts):
            sentence = "Nothing is taken: the record cannot be written just now."
            again = ("Retry-After", TRY_AGAIN)
            return answer(environ, start_response, HTTPStatus.SERVICE_UNAVAILABLE, sentence, again)
        return answer(environ, start_response, HTTPStatus.OK, f"{plural(len(alerts), 'alert')} taken.")

    def _is_allowed(self, environ: WSGIEnvironment) -> bool:
        """True for a request with the token; without a token for any but that of a page in somebody's browser."""
        if self._token is None:
            return "HTTP_ORIGIN" not in environ
        kind, _, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        return kind.lower() == "bearer" and compare_digest(given.strip().encode("latin-1"), self._token.encode())
