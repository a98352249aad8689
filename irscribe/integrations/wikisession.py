"""A session with a wiki's API: logs in once, and once more if the wiki has forgotten the login."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from time import monotonic
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar

from irscribe.domain.errors import ServiceError, ServiceRefusedError
from irscribe.integrations.http import Answer, Http
from irscribe.integrations.wikirefusals import Advice, Complaint, LoggedOutError, find_complaint, understand

log = logging.getLogger(__name__)

Body = Mapping[str, Any]
Result = TypeVar("Result")

# In this format a wrong password differs from a throttled login, and true from the empty string.
_FORMAT = MappingProxyType({"format": "json", "formatversion": "2", "errorformat": "plaintext", "errorlang": "en"})
_JSON = "application/json"
MOST_REJECTIONS = 4
REJECTIONS_SECONDS = 300.0
"""After five rejected logins in this time the wiki would refuse the right password too."""
_LOCKED_OUT = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


@dataclass(frozen=True)
class BotPassword:
    """A login made on Special:BotPasswords; ``name`` is ``Account@application``."""

    name: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class BearerToken:
    """An owner-only OAuth 2 token, which needs no login."""

    secret: str = field(repr=False)


class WikiSession:
    """A login and its requests; raises what its ``Http`` raises. A rejected login is tried again, but not too often."""

    def __init__(self, url: str, login: BotPassword | BearerToken, http: Http) -> None:
        self.url = url
        self.http = http
        self.account: str | None = None
        self._login = login
        self._rejection: ServiceRefusedError | None = None
        self._rejected_at: list[float] = []

    def logged_in(self, work: Callable[[], Result]) -> Result:
        """Call ``work`` while logged in, again after a new login if the wiki forgot the first; give its result."""
        try:
            return self._with_account(work)
        except LoggedOutError:
            self.http.forget()
            self.account = None
            return self._with_account(work)

    def ask(self, query: Body) -> Body:
        """Send a query with the login; give the answer."""
        return self._read(self.http.get(self.url, self._signed(query), headers=self._headers()))

    def change(self, form: Body) -> Body:
        """Send a form that writes; give the answer. Raises OutcomeUnknownError if it may have been carried out."""
        answer = self.http.post(self.url, self._signed(form), changes=True, headers=self._headers())
        return self._read(answer, changes=True)

    def fail(self, complaint: Complaint, *, changes: bool = False) -> NoReturn:
        """Log a refusal and raise its error."""
        log.warning("The wiki refuses: %s", self.http.quote(f"{complaint.code}: {complaint.text}"))
        raise understand(complaint, http=self.http, changes=changes)

    def find(self, body: Body, *path: str) -> Any:
        """Give the value at ``path``; raise ServiceRefusedError if it is missing, as the answer is not a wiki's."""
        found: Any = body
        for name in path:
            if not isinstance(found, dict) or name not in found:
                raise self._no_wiki()
            found = found[name]
        return found

    def page(self, title: str, query: Mapping[str, Any]) -> dict[str, Any]:
        """Give the page of that title in an answer; raise if the wiki reads the title as another one or as invalid."""
        pages = query.get("pages") or [{}]
        page: dict[str, Any] = pages[0]
        if "invalid" in page:
            reason = page.get("invalidreason")
            self.fail(Complaint(code="invalidtitle", text=_reason(reason)))
        if page.get("title") != title or "special" in page:
            self.fail(Complaint(code="invalidtitle", text=f"it makes {page.get('title') or 'none'} of {title}"))
        return page

    def _with_account(self, work: Callable[[], Result]) -> Result:
        if self.account is None:
            self.account = self._authenticate()
        return work()

    def _signed(self, given: Body) -> dict[str, str]:
        # Without the asserts a request of a lost session would be carried out anonymously.
        asserted = {"assert": "user", "assertuser": self.account} if self.account else {}
        return {**_FORMAT, **asserted, **given}

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._login.secret}"} if isinstance(self._login, BearerToken) else {}

    # Logging in.

    def _authenticate(self) -> str:
        """Log in, or use the token; give the account's name."""
        if isinstance(self._login, BearerToken):
            return self._identify()
        return self._log_in(self._login)

    def _identify(self) -> str:
        try:
            body = self.ask({"action": "query", "meta": "userinfo", "assert": "user"})
        except LoggedOutError:
            raise self.http.refused(f"{self.http.wire.subject} does not accept the token: {Advice.TOKEN}.") from None
        return str(self.find(body, "query", "userinfo", "name"))

    def _log_in(self, login: BotPassword) -> str:
        self._rejected_at = [each for each in self._rejected_at if monotonic() - each < REJECTIONS_SECONDS]
        if self._rejection is not None and len(self._rejected_at) >= MOST_REJECTIONS:
            raise self._rejection
        asked = self.ask({"action": "query", "meta": "tokens", "type": "login"})
        token = self.find(asked, "query", "tokens", "logintoken")
        form = {"action": "login", "lgname": login.name, "lgpassword": login.secret, "lgtoken": token}
        body = self._read(self.http.post(self.url, {**_FORMAT, **form}, changes=False))
        said = self.find(body, "login")
        if self.find(said, "result") != "Success":
            self._refuse(said)
        return str(self.find(said, "lgusername"))

    def _refuse(self, said: Body) -> NoReturn:
        reason = said.get("reason")
        if not isinstance(reason, dict):
            reason = {"code": "sessionlost" if reason is None else "unknown", "text": reason}
        if reason.get("code") == "sessionlost":
            raise self._lost_login()
        try:
            self.fail(Complaint(code=str(reason.get("code")), text=str(reason.get("text"))))
        except ServiceRefusedError as error:
            self._rejection = error
            self._rejected_at.append(monotonic())
            raise

    def _lost_login(self) -> ServiceError:
        """Make the error for a wiki that did not get its own cookie back."""
        if self.url.startswith("http:"):
            return self.http.refused(
                f"{self.http.wire.subject} loses the login on the way: set [mediawiki] url to its https: address."
            )
        return self.http.unavailable(f"{self.http.wire.subject} lost the login on the way.")

    # reading

    def _read(self, answer: Answer, *, changes: bool = False) -> Body:
        """Give the answer's body; raise if it is a refusal or not of the API."""
        body = _parse(answer.text)
        if body is None or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise self._unreadable(answer, changes=changes)
        complaint = find_complaint(body, retry_after=answer.retry_after())
        if complaint is not None:
            self.fail(complaint, changes=changes)
        if answer.status != HTTPStatus.OK:
            raise self._unreadable(answer, changes=changes)
        for warning in _warnings(body):
            log.warning("The wiki warns: %s", self.http.quote(warning))
        return body

    def _unreadable(self, answer: Answer, *, changes: bool) -> ServiceError:
        """Make the error for an answer that is not of the API: a page of a server or proxy, or an incomplete answer."""
        status = answer.status
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return self._broken(answer, changes=changes)
        if status == HTTPStatus.OK and (changes or answer.media == _JSON):
            return self.http.lost(f"The answer of {self.http.wire.service} could not be read.", changes=changes)
        if status in _LOCKED_OUT:
            return self.http.refused(
                f"{self.http.wire.subject} shuts {self.url} to the bot ({status}): check [mediawiki], and [irscribe] "
                "contact."
            )
        return self._no_wiki()

    def _broken(self, answer: Answer, *, changes: bool) -> ServiceError:
        sentence = f"{self.http.wire.subject} has a fault of its own ({answer.status})."
        if changes:
            return self.http.lost(sentence, changes=changes)
        return self.http.unavailable(sentence, retry_after=answer.retry_after())

    def _no_wiki(self) -> ServiceRefusedError:
        return self.http.refused(
            f"The address {self.url} is not that of a wiki's API: set [mediawiki] url to the address of its api.php, "
            "which Special:Version names.",
        )


def _parse(text: str) -> dict[str, Any] | None:
    try:
        body = json.loads(text)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _reason(reason: Any) -> str:
    return str(reason.get("text")) if isinstance(reason, dict) else str(reason)


def _warnings(body: Body) -> list[str]:
    warnings = body.get("warnings")
    return [str(each.get("text")) for each in warnings if isinstance(each, dict)] if isinstance(warnings, list) else []
