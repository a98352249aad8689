"""Turns a wiki's refusals into errors: with advice for a person, or to be tried later.

Every refusal of the API is an answer with status 200; the codes are those observed with MediaWiki 1.39.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from irscribe.domain.errors import ServiceError, ServiceRefusedError, ServiceUnavailableError
from irscribe.integrations.http import Http

_INTERNAL = "internal_api_error_"
_BAD_TOKEN = "mwoauth-"  # noqa: S105 - the beginning of error codes
_WAIT_FOR_LAG, _WAIT_FOR_RATE, _WAIT_FOR_RECOVERY = 5, 60, 300
"""Seconds to wait if the server names none."""


class Advice(StrEnum):
    """Advice for the operator, or for the person in the channel."""

    ACCOUNT = (
        "give its bot password the grant “Create, edit, and move pages” on Special:BotPasswords, and set [mediawiki] "
        "account and password"
    )
    LOGIN = "make a bot password on Special:BotPasswords, set [mediawiki] account and password, and restart the bot"
    TOKEN = "set [mediawiki] token to one of an owner-only OAuth 2 consumer, and restart the bot"  # noqa: S105 - advice
    TITLE = "give the incident another title, and publish again"
    ADMINISTRATOR = "a wiki administrator can help"


class LoggedOutError(ServiceUnavailableError):
    """The wiki has forgotten the login; nothing was done, and a new login may help."""


class PageExistsError(ServiceRefusedError):
    """There is a page of that title already; nothing was created."""


class PageChangedError(ServiceUnavailableError):
    """The page has another last revision than the one to be revised, or is gone; nothing was overwritten."""


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """A refusal in the server's words; ``data`` holds its further values, ``retry_after`` is in seconds."""

    code: str
    text: str
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    retry_after: int | None = None


def find_complaint(body: Mapping[str, Any], *, retry_after: int | None = None) -> Complaint | None:
    """Give the refusal in an answer, in either format of the API (``errorformat``); None if it is no refusal."""
    errors = body.get("errors")
    error = errors[0] if isinstance(errors, list) and errors else body.get("error")
    if not isinstance(error, dict):
        return None
    data = error.get("data")
    return Complaint(
        code=str(error.get("code", "unknown")),
        text=str(error.get("text", error.get("info", ""))),
        data=data if isinstance(data, dict) else error,
        retry_after=retry_after,
    )


def understand(complaint: Complaint, *, http: Http, changes: bool) -> ServiceError:
    """Give the error to raise; ``changes``: the refused request would have written something."""
    if complaint.code.startswith(_INTERNAL):
        return http.lost(f"{http.wire.subject} failed at the request ({http.quote(complaint.text)}).", changes=changes)
    if complaint.code in _LOGGED_OUT:
        return LoggedOutError(
            f"{http.wire.subject} forgets the bot's login at once: if [mediawiki] url begins with http:, set it to the "
            "https: address; else it may work later.",
        )
    if complaint.code == "articleexists":
        return PageExistsError(
            f"There is a page of that title on {http.wire.service} already; nothing was overwritten."
        )
    if complaint.code in _CHANGED:
        return PageChangedError(
            f"Somebody else changed the page on {http.wire.service} at this moment; nothing was overwritten."
        )
    if complaint.code in _LATER:
        wait = complaint.retry_after or _LATER[complaint.code].wait
        return http.unavailable(_said(complaint, http, _LATER[complaint.code].sentence), retry_after=wait)
    return http.refused(_said(complaint, http, _sentence(complaint.code)))


@dataclass(frozen=True)
class _Later:
    """A sentence, and the seconds to wait if the server names none."""

    sentence: str
    wait: int


_LOGGED_OUT = frozenset({"badtoken", "assertuserfailed", "assertnameduserfailed"})
_CHANGED = frozenset({"editconflict", "pagedeleted", "missingtitle"})
_LATER: Mapping[str, _Later] = MappingProxyType(
    {
        "maxlag": _Later(
            "{subject}'s database lags behind, and it takes no edits by bots until that is over.", _WAIT_FOR_LAG
        ),
        "ratelimited": _Later("The bot has used up the edits {service} allows it in a minute.", _WAIT_FOR_RATE),
        "readonly": _Later("{subject} is read-only: {detail}.", _WAIT_FOR_RECOVERY),
        "login-throttled": _Later(
            "{subject} takes no login for a while, after too many that failed.", _WAIT_FOR_RECOVERY
        ),
    },
)
_PROTECTED = (
    "{subject} protects this page: a wiki administrator can lift the protection; if it is not the incident's page yet, "
    f"{Advice.TITLE}."
)
_UNFIT = f"{{subject}} takes no page of this title ({{detail}}): {Advice.TITLE}."
_POWERLESS = f"The bot's account may not create pages on {{service}}: {Advice.ACCOUNT}."
_FILTERED = f"{{subject}}'s filter “{{detail}}” refuses the report: change what it objects to; {Advice.ADMINISTRATOR}."
_REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "protectedpage": _PROTECTED,
        "cascadeprotected": _PROTECTED,
        "protectednamespace-interface": _PROTECTED,
        "mycustomjsprotected": _PROTECTED,
        "titleblacklist-forbidden": _UNFIT,
        "invalidtitle": _UNFIT,
        "pagecannotexist": _UNFIT,
        "blocked": f"{{subject}} has blocked the bot's account ({{detail}}): {Advice.ADMINISTRATOR}.",
        "permissiondenied": _POWERLESS,
        "cantcreate": _POWERLESS,
        "readapidenied": f"{{subject}} shows nothing without a login: {Advice.LOGIN}.",
        "abusefilter-disallowed": _FILTERED,
        "abusefilter-warning": _FILTERED,
        "spamblacklist": "{subject} takes no link to {detail}: take it out of the report, and publish again.",
        "contenttoobig": "The report is longer than a page there may be; publish a shorter one by hand.",
        "badmd5": "The report reached {service} damaged and was not saved: it holds characters that no wiki keeps.",
        "captcha": (
            "{subject} asks the bot to solve a captcha: give its account the right “skipcaptcha” (group “bot”)."
        ),
        "wrongpassword": f"{{subject}} does not accept the bot's name and password: {Advice.LOGIN}.",
    },
)
_UNKNOWN = "{subject} refuses: {text} ({code})."


def _sentence(code: str) -> str:
    if code.startswith(_BAD_TOKEN):
        return f"{{subject}} does not accept the token: {Advice.TOKEN}."
    return _REFUSED.get(code, _UNKNOWN)


def _said(complaint: Complaint, http: Http, sentence: str) -> str:
    detail = http.quote(_detail(complaint)).rstrip(".")
    return sentence.format(
        subject=http.wire.subject,
        service=http.wire.service,
        detail=detail,
        text=http.quote(complaint.text).rstrip("."),
        code=http.quote(complaint.code),
    )


def _detail(complaint: Complaint) -> str:
    """Give the refusal's further values in words; without any, the server's sentence."""
    for name, word in _DETAILS.items():
        if name in complaint.data:
            return word(complaint.data[name])
    return complaint.text


def _block(block: Any) -> str:
    if not isinstance(block, dict):
        return str(block)
    return f"by {block.get('blockedby')} until {block.get('blockexpiry')}: {block.get('blockreason')}"


def _filter(rule: Any) -> str:
    return str(rule.get("description", rule.get("id"))) if isinstance(rule, dict) else str(rule)


def _matches(found: Any) -> str:
    matches = found.get("matches") if isinstance(found, dict) else found
    return ", ".join(map(str, matches)) if isinstance(matches, list) else str(matches)


_DETAILS: Mapping[str, Callable[[Any], str]] = MappingProxyType(
    {
        "readonlyreason": str,
        "blockinfo": _block,
        "abusefilter": _filter,
        "spamblacklist": _matches,
        "matches": _matches,
    },
)
