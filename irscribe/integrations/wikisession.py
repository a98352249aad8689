"""A conversation with a wiki's API: logged in once, logged in again once when the wiki has forgotten it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar

from irscribe.domain.errors import ServiceError, ServiceRefusedError
from irscribe.integrations.http import Answer, Http
from irscribe.integrations.wikirefusals import Advice, Complaint, LoggedOutError, find_complaint, understand

log = logging.getLogger(__name__)

Body = Mapping[str, Any]
Result = TypeVar("Result")

# plain texts in a shape that tells a wrong password from a throttled login, and true from the empty string
_MANNER = MappingProxyType({"format": "json", "formatversion": "2", "errorformat": "plaintext", "errorlang": "en"})
_JSON = "application/json"
_CLOSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


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
    """What was agreed with the wiki: who we are there. It raises what its ``Http`` raises, and says no no but once."""

    def __init__(self, url: str, login: BotPassword | BearerToken, http: Http) -> None:
        self.url = url
        self.http = http
        self.account: str | None = None
        self._login = login
        self._rejection: ServiceRefusedError | None = None

    def logged_in(self, work: Callable[[], Result]) -> Result:
        """What ``work`` returns, done while logged in, and anew after one more login if the wiki forgot the first."""
        try:
            return self._known(work)
        except LoggedOutError:
            self.http.forget()
            self.account = None
            return self._known(work)

    def ask(self, query: Body) -> Body:
        """The answer to a question, asked in our name."""
        return self._read(self.http.get(self.url, self._signed(query), headers=self._headers()))

    def change(self, form: Body) -> Body:
        """The answer to something that writes; raises OutcomeUnknownError where it may have been done."""
        answer = self.http.post(self.url, self._signed(form), changes=True, headers=self._headers())
        return self._read(answer, changes=True)

    def fail(self, complaint: Complaint, *, changes: bool = False) -> NoReturn:
        """Raise what the complaint means."""
        log.warning("The wiki refuses: %s", self.http.quote(f"{complaint.code}: {complaint.text}"))
        raise understand(complaint, http=self.http, changes=changes)

    def find(self, body: Body, *path: str) -> Any:
        """What lies at ``path``; an answer without it comes from something else than a wiki."""
        found: Any = body
        for name in path:
            if not isinstance(found, dict) or name not in found:
                raise self._no_wiki()
            found = found[name]
        return found

    def _known(self, work: Callable[[], Result]) -> Result:
        if self.account is None:
            self.account = self._introduce()
        return work()

    def _signed(self, given: Body) -> dict[str, str]:
        # without the asserts a lost session writes as an anonymous address
        asserted = {"assert": "user", "assertuser": self.account} if self.account else {}
        return {**_MANNER, **asserted, **given}

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._login.secret}"} if isinstance(self._login, BearerToken) else {}

    # logging in

    def _introduce(self) -> str:
        """The account's name, after a login or by the token."""
        if isinstance(self._login, BearerToken):
            return self._identify()
        return self._log_in(self._login)

    def _identify(self) -> str:
        try:
            body = self.ask({"action": "query", "meta": "userinfo", "assert": "user"})
        except LoggedOutError:
            raise self.http.refused(f"The wiki does not accept the token: {Advice.TOKEN}.") from None
        return str(self.find(body, "query", "userinfo", "name"))

    def _log_in(self, login: BotPassword) -> str:
        if self._rejection is not None:
            # a sixth failure within five minutes keeps out the right password as well
            raise self._rejection
        asked = self.ask({"action": "query", "meta": "tokens", "type": "login"})
        token = self.find(asked, "query", "tokens", "logintoken")
        form = {"action": "login", "lgname": login.name, "lgpassword": login.secret, "lgtoken": token}
        body = self._read(self.http.post(self.url, {**_MANNER, **form}, changes=False))
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
            raise

    def _lost_login(self) -> ServiceError:
        """The wiki did not see its own cookie again."""
        if self.url.startswith("http:"):
            return self.http.refused("The wiki loses the login on the way: set [mediawiki] url to its https: address.")
        return self.http.unavailable("The wiki lost the login on the way.")

    # reading

    def _read(self, answer: Answer, *, changes: bool = False) -> Body:
        """The answer's body, if it is one of the API and no refusal."""
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
        """What to make of an answer that is not one of the API: a server's or a proxy's own page, or half of one."""
        status = answer.status
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return self._broken(answer, changes=changes)
        if status == HTTPStatus.OK and (changes or answer.media == _JSON):
            return self.http.lost("The wiki's answer could not be read.", changes=changes)
        if status in _CLOSED:
            return self.http.refused(
                f"The wiki shuts {self.url} to the bot ({status}): check [mediawiki], and [irscribe] contact."
            )
        return self._no_wiki()

    def _broken(self, answer: Answer, *, changes: bool) -> ServiceError:
        sentence = f"The wiki has a fault of its own ({answer.status})."
        if changes:
            return self.http.lost(sentence, changes=changes)
        return self.http.unavailable(sentence, retry_after=answer.retry_after())

    def _no_wiki(self) -> ServiceRefusedError:
        return self.http.refused(
            f"What answers at {self.url} is not the API of a wiki: set [mediawiki] url to the address of its api.php, "
            "which Special:Version names.",
        )


def _parse(text: str) -> dict[str, Any] | None:
    try:
        body = json.loads(text)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _warnings(body: Body) -> list[str]:
    warnings = body.get("warnings")
    return [str(each.get("text")) for each in warnings if isinstance(each, dict)] if isinstance(warnings, list) else []
