"""One exchange with a service over HTTP: sent once, never redirected; errors do not show secrets.

A request that was certainly not carried out is distinguished from one that may have been. Only a failure before the
request was sent is certain: servers go on working after the client or a proxy has given up.
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
from irscribe.domain.prose import capital
from irscribe.domain.text import clean, cut
from irscribe.integrations.redaction import Redaction
from irscribe.integrations.transport import PASSING, REFUSING, Mishap, understand

AGENT = "irscribe/0.1.0"
TIMEOUTS = (5.0, 60.0)
"""Seconds to wait for a connection, and for the next bytes; a busy Phorge takes more than ten."""

LONGEST_ANSWER = 32 * 1024 * 1024
"""Bytes of an answer at most; a page of a hundred tasks with long descriptions stays far below."""

_BYTES_PER_READ = 64 * 1024
_REDIRECTS = range(300, 400)
_LONGEST_QUOTE = 300


@dataclass(frozen=True, kw_only=True)
class Wire:
    """The parameters of a service; ``service`` is its name in sentences, ``section`` that of its settings.

    ``contact`` is an address of the operator.
    """

    service: str
    section: str
    contact: str = ""
    ca_file: Path | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)
    timeouts: tuple[float, float] = TIMEOUTS
    cookies: bool = False

    @property
    def subject(self) -> str:
        """The name of the service where it begins a sentence."""
        return capital(self.service)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer; ``media`` is the media type in lower case without parameters, ``headers`` ignore case."""

    status: int
    media: str
    text: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    def retry_after(self) -> int | None:
        """Give the seconds after which the server allows the next request; None if it does not say."""
        asked = self.headers.get("Retry-After", "").strip()
        return int(asked) if asked.isdecimal() else _seconds(self.headers.get("Date", ""), asked)


class Http:
    """The exchanges with one service; keeps cookies, in memory, if ``Wire.cookies`` is true."""

    def __init__(self, wire: Wire, *, adapter: HTTPAdapter | None = None) -> None:
        """Take the parameters of a service; ``adapter`` sends the requests if it is not an ordinary one."""
        self.wire = wire
        self._adapter = adapter or HTTPAdapter(max_retries=0)
        self._redaction = Redaction(wire.secrets)
        self._session = self._open()

    def post(
        self, url: str, form: Mapping[str, str], *, changes: bool, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a form; give the answer of any status but a redirect or 429.

        ``changes``: the form would write something, so that a lost answer is an unknown outcome, not a failure.

        Raises:
            ServiceRefusedError: a setting is wrong (address, certificate, proxy); nothing was done.
            ServiceUnavailableError: nothing was done; later it may work.
            OutcomeUnknownError: the request was sent and no complete answer came.

        """
        if changes:
            # A failure over a connection that the server has closed meanwhile would count as an unknown outcome.
            self._session.close()
        return self._exchange(requests.Request("POST", url, headers=headers, data=form), changes=changes)

    def get(self, url: str, query: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Answer:
        """Send a query; give the answer. Raises as ``post`` does, except OutcomeUnknownError."""
        return self._exchange(requests.Request("GET", url, headers=headers, params=query), changes=False)

    def forget(self) -> None:
        """Close the connection and drop the cookies."""
        self._session.close()
        self._session = self._open()

    def hide(self, secret: str) -> None:
        """Remove this secret from the texts of errors from now on."""
        self._redaction = Redaction((*self.wire.secrets, secret))

    def redact(self, text: str) -> str:
        """Give the text in one line, without secrets."""
        return clean(self._redaction.of(text))

    def quote(self, text: str) -> str:
        """Give a server's own words for a quotation: in one line, without secrets, not too long."""
        return cut(self.redact(text), _LONGEST_QUOTE)

    def refused(self, sentence: str) -> ServiceRefusedError:
        """Make an error that needs a person."""
        return ServiceRefusedError(self.redact(sentence))

    def unavailable(self, sentence: str, *, retry_after: int | None = None) -> ServiceUnavailableError:
        """Make an error after which a later attempt may succeed; ``retry_after`` is in seconds."""
        return ServiceUnavailableError(self.redact(sentence), retry_after=retry_after)

    def lost(self, sentence: str, *, changes: bool) -> ServiceError:
        """Make the error for a lost answer: an unknown outcome, or for a reading request a mere failure."""
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
            subject=wire.subject,
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
            raise self.unavailable(f"{self.wire.subject} asks for fewer requests.", retry_after=answer.retry_after())
        if answer.status in _REDIRECTS:
            to = self.quote(answer.headers.get("Location", "another address"))
            raise self.refused(
                f"{self.wire.subject} sends requests on to {to}: write the address that answers itself, with https:// "
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
    """Read the whole body; a body longer than ``LONGEST_ANSWER`` counts as broken."""
    body = bytearray()
    for piece in response.iter_content(_BYTES_PER_READ):
        body += piece
        if len(body) > LONGEST_ANSWER:
            raise requests.exceptions.ContentDecodingError("longer than any answer")
    return bytes(body)


def _leave_alone(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Add no authentication; without this, ``requests`` would send the password that ``.netrc`` has for the host."""
    return request


def _ascii(text: str) -> str:
    """Give the text in ASCII, for a header."""
    return clean(text).encode("ascii", "replace").decode()


def _seconds(now: str, then: str) -> int | None:
    """Give the seconds from one HTTP date to another; None if one of them is malformed."""
    try:
        return max(0, int((parsedate_to_datetime(then) - parsedate_to_datetime(now)).total_seconds()))
    except (TypeError, ValueError):
        return None
