"""One exchange with a service over HTTP: sent once, never redirected, and every failure said without secrets.

What was not done for certain is told apart from what may have been done. Only a failure before the request went out is
certain: servers go on working when the client or the proxy between has given up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from types import MappingProxyType

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from irscribe.domain.errors import OutcomeUnknownError, ServiceError, ServiceRefusedError, ServiceUnavailableError
from irscribe.domain.text import clean, cut
from irscribe.integrations.redaction import Redaction
from irscribe.integrations.transport import PASSING, REFUSING, Mishap, understand

AGENT = "irscribe/0.1.0"
TIMEOUTS = (5.0, 60.0)
"""Seconds to connect, and to wait for the next bytes; a busy Phorge takes more than ten."""

LONGEST_ANSWER = 32 * 1024 * 1024
"""Bytes; a page of a hundred tasks with long descriptions stays far below."""

_PIECE = 64 * 1024
_REDIRECTS = range(300, 400)
_LONGEST_QUOTE = 300


@dataclass(frozen=True, kw_only=True)
class Wire:
    """How a service is spoken to; ``section`` is where its settings are, ``contact`` how to reach the operator."""

    service: str
    section: str
    contact: str = ""
    ca_file: Path | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)
    timeouts: tuple[float, float] = TIMEOUTS
    cookies: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: the media type in lower case without parameters, headers by any case of their name."""

    status: int
    media: str
    text: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    def retry_after(self) -> int | None:
        """How many seconds the server wants to be left alone."""
        asked = self.headers.get("Retry-After", "").strip()
        return int(asked) if asked.isdecimal() else _seconds(self.headers.get("Date", ""), asked)


class Http:
    """One service's exchanges; in memory it keeps the cookies of a login where ``cookies`` says so."""

    def __init__(self, wire: Wire, *, adapter: HTTPAdapter | None = None) -> None:
        """Speak over a wire; ``adapter`` sends the requests, where it is not an ordinary one."""
        self.wire = wire
        self._adapter = adapter or HTTPAdapter(max_retries=0)
        self._redaction = Redaction(wire.secrets)
        self._session = self._open()

    def post(
        self, url: str, form: Mapping[str, str], *, changes: bool, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer to a form, whatever its status but a redirect or 429.

        ``changes`` says that the form would write something: then a lost answer is an unknown outcome, not a failure.

        Raises:
            ServiceRefusedError: a setting is wrong (address, certificate, proxy); nothing was done.
            ServiceUnavailableError: nothing was done; later it may work.
            OutcomeUnknownError: the request went out and no whole answer came back.

        """
        if changes:
            # a connection the server has closed meanwhile would make an unknown outcome of a clean one
            self._session.close()
        return self._exchange(requests.Request("POST", url, headers=headers, data=form), changes=changes)

    def get(self, url: str, query: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Answer:
        """The answer to a question; raises as ``post`` does, but no outcome is unknown."""
        return self._exchange(requests.Request("GET", url, headers=headers, params=query), changes=False)

    def forget(self) -> None:
        """Begin anew: no connection, no cookie."""
        self._session.close()
        self._session = self._open()

    def hide(self, secret: str) -> None:
        """Never let it be read in an error again."""
        self._redaction = Redaction((*self.wire.secrets, secret))

    def redact(self, text: str) -> str:
        """The text in one line, without what opens a door."""
        return clean(self._redaction.of(text))

    def quote(self, text: str) -> str:
        """A server's own words, fit to stand in a sentence."""
        return cut(self.redact(text), _LONGEST_QUOTE)

    def refused(self, sentence: str) -> ServiceRefusedError:
        """An error that waits for a human."""
        return ServiceRefusedError(self.redact(sentence))

    def unavailable(self, sentence: str, *, retry_after: int | None = None) -> ServiceUnavailableError:
        """An error that waits for the server."""
        return ServiceUnavailableError(self.redact(sentence), retry_after=retry_after)

    def lost(self, sentence: str, *, changes: bool) -> ServiceError:
        """An error of which only a reading request knows that nothing was done."""
        return OutcomeUnknownError(self.redact(sentence)) if changes else self.unavailable(sentence)

    def _open(self) -> requests.Session:
        session = requests.Session()
        session.headers["User-Agent"] = f"{AGENT} ({_ascii(self.wire.contact) or 'no contact set'})"
        session.auth = _leave_alone
        if not self.wire.cookies:
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            session.mount(scheme, self._adapter)
        return session

    def _exchange(self, request: requests.Request, *, changes: bool) -> Answer:
        try:
            with self._send(request) as response:
                answer = _read(response)
        except (OSError, HTTPError) as error:
            raise self._failure(understand(error), url=request.url or "", changes=changes) from None
        return self._checked(answer)

    def _send(self, request: requests.Request) -> requests.Response:
        verify = str(self.wire.ca_file) if self.wire.ca_file else True
        prepared = self._session.prepare_request(request)
        around = self._session.merge_environment_settings(prepared.url, {}, stream=True, verify=verify, cert=None)
        return self._session.send(prepared, timeout=self.wire.timeouts, allow_redirects=False, **around)

    def _failure(self, mishap: Mishap, *, url: str, changes: bool) -> ServiceError:
        wire = self.wire
        sentence = mishap.trouble.value.format(
            service=wire.service,
            section=wire.section,
            url=url,
            why=mishap.why,
            ca_file=wire.ca_file or "the file REQUESTS_CA_BUNDLE names",
            seconds=wire.timeouts[1],
        )
        if mishap.trouble in REFUSING:
            return self.refused(sentence)
        return self.unavailable(sentence) if mishap.trouble in PASSING else self.lost(sentence, changes=changes)

    def _checked(self, answer: Answer) -> Answer:
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise self.unavailable(f"{self.wire.service} asks for fewer requests.", retry_after=answer.retry_after())
        if answer.status in _REDIRECTS:
            to = self.quote(answer.headers.get("Location", "another address"))
            raise self.refused(
                f"{self.wire.service} sends requests on to {to}: write the address that answers itself, with https:// "
                f"where it has that, as [{self.wire.section}] url.",
            )
        return answer


def _read(response: requests.Response) -> Answer:
    return Answer(
        status=response.status_code,
        media=response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        text=_body(response).decode("utf-8", "replace"),
        headers=CaseInsensitiveDict(response.headers),
    )


def _body(response: requests.Response) -> bytes:
    """The whole body; what is longer than any answer counts as a broken one."""
    body = bytearray()
    for piece in response.iter_content(_PIECE):
        body += piece
        if len(body) > LONGEST_ANSWER:
            raise requests.exceptions.ContentDecodingError("longer than any answer")
    return bytes(body)


def _leave_alone(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No authentication of its own: without one, ``requests`` would send what ``.netrc`` has for the host."""
    return request


def _ascii(text: str) -> str:
    """What a header can carry."""
    return clean(text).encode("ascii", "replace").decode()


def _seconds(now: str, then: str) -> int | None:
    """From one HTTP date to another, by the server's clock; None where either is none."""
    try:
        return max(0, int((parsedate_to_datetime(then) - parsedate_to_datetime(now)).total_seconds()))
    except (TypeError, ValueError):
        return None
