"""Answers a call of its API as a MediaWiki with bot passwords does: strictly, as a real 1.39 was recorded.

The order of the checks is the server's own: asserts, token, permission to use the module, lag, then the module.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass, field

from tests.http.wikimerge import merge
from tests.http.wikititles import INTERWIKIS, Title, read_title

ACCOUNT, APPLICATION, PASSWORD = "IncidentBot", "export", "5ecretpassw0rdof32charactersxyz0"
BEARER = "bearer.secret.token"
STAMP = "2026-11-22T04:01:54Z"
ANONYMOUS_TOKEN = "+\\"  # noqa: S105 - the constant that everybody gets
MOST_FAILURES = 5
LARGEST_BYTES = 2048 * 1024
LONGEST_SUMMARY = 500
ALL_RIGHTS = ("read", "edit", "createpage", "createtalk", "writeapi")

_COMMON = {"action", "format", "formatversion", "errorformat", "errorlang", "assert", "assertuser", "maxlag"}
_COMMON |= {"curtimestamp", "uselang"}
_KNOWN = {
    "query": {"meta", "type", "titles", "prop", "rvprop", "rvlimit", "rvdir", "rvslots", "inprop", "intestactions"}
    | {"uiprop", "siprop", "intestactionsdetail", "sifilteriw", "rvuser", "rvexcludeuser", "redirects"}
    | {"list", "leaction", "letitle", "lelimit", "leprop"},
    "login": {"lgname", "lgpassword", "lgtoken"},
    "edit": {"title", "text", "summary", "createonly", "nocreate", "bot", "minor", "watchlist", "md5", "token"}
    | {"baserevid", "tags"},
}
_SECRET = {"lgpassword", "lgtoken", "token"}
_WRITES = {"login", "edit"}
_DAMAGED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_UNCLEAN = 'The value passed for "text" contains invalid or non-normalized data.'
_NOT_LOGGED_IN = "You are no longer logged in, so the action could not be completed."
_DOCREF = "See http://wiki.example/api.php for API usage."


class ApiError(Exception):
    def __init__(self, code: str, text: str, **data: object) -> None:
        super().__init__(code)
        self.code, self.text, self.data = code, text, data


@dataclass(frozen=True)
class Call:
    method: str
    query: dict[str, str]
    form: dict[str, str]
    cookies: dict[str, str]
    headers: dict[str, str]

    @property
    def given(self) -> dict[str, str]:
        return self.query | self.form


@dataclass
class Answer:
    body: object
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Revision:
    number: int
    user: str
    text: str
    comment: str

    @property
    def sha1(self) -> str:
        return hashlib.sha1(self.text.encode()).hexdigest()  # noqa: S324 - MediaWiki's own digest


@dataclass
class Session:
    user: str | None = None
    csrf: str = ""
    login: str = ""
    warned: set[str] = field(default_factory=set)


@dataclass
class Wiki:
    """One wiki: what is on it, who may do what, and the state it is in."""

    pages: dict[str, list[Revision]] = field(default_factory=dict)
    deleted: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    revisions: int = 0
    passwords: dict[str, str] = field(default_factory=lambda: {f"{ACCOUNT}@{APPLICATION}": PASSWORD})
    bearers: set[str] = field(default_factory=lambda: {BEARER})
    sessions: dict[str, Session] = field(default_factory=dict)
    rights: tuple[str, ...] = ALL_RIGHTS
    private: bool = False
    readonly: str | None = None
    lag: dict[str, object] | None = None
    blocked: str | None = None
    captcha: bool = False
    edits_left: int = 90
    salted: set[str] = field(default_factory=set)
    interwikis: tuple[str, ...] = INTERWIKIS
    failures: int = 0
    warnings: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    def answer(self, call: Call) -> Answer:
        """Answer a call of the API; every refusal is an ordinary answer with a header."""
        self.calls.append(call)
        try:
            answer = self._dispatch(call)
        except ApiError as error:
            answer = Answer(_shape(error, call), {"MediaWiki-API-Error": error.code})
            if error.code == "maxlag":
                answer.headers |= {"Retry-After": "5", "X-Database-Lag": str(error.data["lag"])}
        self._warn(call, answer)
        return answer

    def write(self, title: str, text: str, *, user: str = "HumanEditor", comment: str = "") -> Revision:
        """A revision by anybody, without asking."""
        self.revisions += 1
        self.pages.setdefault(title, []).append(Revision(self.revisions, user, _stored(text), comment))
        return self.pages[title][-1]

    def delete(self, title: str, *, user: str = "WikiAdmin", reason: str = "") -> None:
        """A page is deleted by anybody, without asking."""
        del self.pages[title]
        event = {"type": "delete", "action": "delete", "title": title, "user": user}
        self.deleted.setdefault(title, []).append(event | {"timestamp": STAMP, "comment": reason})

    def move(self, title: str, to: str, *, user: str = "HumanEditor") -> None:
        """A page is moved by anybody, and a redirect stays."""
        self.pages[to] = self.pages.pop(title)
        self.write(title, f"#REDIRECT [[{to}]]", user=user)

    def lose_sessions(self) -> None:
        self.sessions.clear()

    def renew_tokens(self) -> None:
        for session in self.sessions.values():
            session.csrf = ANONYMOUS_TOKEN if session.user is None else _token()

    def revoke(self) -> None:
        self.passwords.clear()
        self.bearers.clear()
        self.lose_sessions()

    def _dispatch(self, call: Call) -> Answer:
        session = self._session(call)
        _check_asserts(call.given, session.user)
        module = call.given.get("action", "help")
        if module not in _KNOWN:
            raise ApiError("badvalue", f'Unrecognized value for parameter "action": {module}.')
        _check_token(module, call, session)
        self._check_permission(module, call, session)
        self._check_lag(call.given)
        if module in _WRITES and call.method != "POST":
            raise ApiError("mustbeposted", f'The "{module}" module requires a POST request.')
        return {"query": self._query, "login": self._login, "edit": self._edit}[module](call, session)

    def _session(self, call: Call) -> Session:
        kind, _, bearer = call.headers.get("Authorization", "").partition(" ")
        if kind == "Bearer":
            if bearer not in self.bearers:
                raise ApiError(
                    "mwoauth-invalid-authorization", "The authorization headers in your request are not valid."
                )
            return self.sessions.setdefault(bearer, Session(ACCOUNT, _token()))
        if (logged_in := self.sessions.get(call.cookies.get("incwiki_BPsession", ""))) is not None:
            return logged_in
        return self.sessions.get(call.cookies.get("incwiki_session", "")) or Session(csrf=ANONYMOUS_TOKEN)

    def _check_permission(self, module: str, call: Call, session: Session) -> None:
        tokens_only = call.given.get("meta") == "tokens" and "titles" not in call.given
        if self.private and session.user is None and module != "login" and not tokens_only:
            raise ApiError("readapidenied", "You need read permission to use this module.")
        if self.readonly and module in _WRITES:
            text = "The wiki is currently in read-only mode."
            raise ApiError("readonly", text, readonlyreason=self.readonly)

    def _check_lag(self, given: dict[str, str]) -> None:
        if self.lag and "maxlag" in given and self.lag["lag"] > int(given["maxlag"]):
            raise ApiError("maxlag", f"Waiting for a database server: {self.lag['lag']} seconds lagged.", **self.lag)

    def _warn(self, call: Call, answer: Answer) -> None:
        module = call.given.get("action", "")
        found = {}
        if unknown := [name for name in call.given if name not in _KNOWN.get(module, set()) | _COMMON]:
            found["main"] = ("unrecognizedparams", f"Unrecognized parameters: {', '.join(unknown)}.")
        if _DAMAGED.search(call.given.get("text", "")):
            found[module] = ("badutf8", _UNCLEAN)
        self.warnings += [text for _, text in found.values()]
        if found and isinstance(answer.body, dict):
            answer.body |= {"warnings": _shaped_warnings(found, call)}

    # login

    def _login(self, call: Call, session: Session) -> Answer:
        given = call.given
        if session.user is not None:
            text = "Cannot log in when using sessions based on bot passwords."
            return Answer({"login": _failed("api-login-fail-badsessionprovider", text, call) | {"result": "Aborted"}})
        if "lgtoken" not in given:
            return self._ask_for_token()
        if not session.login:
            return Answer({"login": _failed("sessionlost", "Unable to continue login.", call)})
        if given["lgtoken"] != session.login:
            return Answer({"login": {"result": "WrongToken"}})
        if self.failures >= MOST_FAILURES:
            return Answer({"login": _failed("login-throttled", "You have made too many recent login attempts.", call)})
        return self._welcome(call)

    def _welcome(self, call: Call) -> Answer:
        name, password = call.given.get("lgname", ""), call.given.get("lgpassword", "")
        if "@" in password:
            application, _, password = password.rpartition("@")
            name = f"{name}@{application}"
        if self.passwords.get(name, object()) != password:
            self.failures += 1
            return Answer({"login": _failed("wrongpassword", "Incorrect username or password entered.", call)})
        key, account = secrets.token_hex(16), name.partition("@")[0]
        self.sessions[key] = Session(account, _token())
        welcome = {"result": "Success", "lguserid": 4, "lgusername": account}
        return Answer({"login": welcome}, cookies={"incwiki_BPsession": key})

    def _ask_for_token(self) -> Answer:
        key, token = secrets.token_hex(16), _token()
        self.sessions[key] = Session(login=token, csrf=ANONYMOUS_TOKEN)
        return Answer({"login": {"result": "NeedToken", "token": token}}, cookies={"incwiki_session": key})

    # query

    def _query(self, call: Call, session: Session) -> Answer:
        given, cookies = call.given, {}
        query: dict[str, object] = {}
        if given.get("titles"):
            query |= self._pages(given, session)
        if given.get("list") == "logevents":
            query["logevents"] = self._deletions(given)
        meta = given.get("meta", "").split("|")
        if "tokens" in meta:
            query["tokens"], cookies = self._tokens(given.get("type", "csrf"), session)
        if "userinfo" in meta:
            query["userinfo"] = self._user(given.get("uiprop", "").split("|"), session)
        if "siteinfo" in meta:
            query |= self._site(given.get("siprop", "general").split("|"))
        stamped = {"curtimestamp": STAMP} if "curtimestamp" in given else {}
        return Answer({"batchcomplete": True} | stamped | ({"query": query} if query else {}), cookies=cookies)

    def _tokens(self, kind: str, session: Session) -> tuple[dict[str, str], dict[str, str]]:
        if kind != "login":
            return {"csrftoken": session.csrf}, {}
        asked = self._ask_for_token()
        return {"logintoken": asked.body["login"]["token"]}, asked.cookies

    def _user(self, wanted: list[str], session: Session) -> dict[str, object]:
        if session.user is None:
            return {"id": 0, "name": "127.0.0.1", "anon": True}
        user: dict[str, object] = {"id": 4, "name": session.user}
        if "blockinfo" in wanted and self.blocked:
            user |= self._block()
        return user | ({"rights": list(self.rights)} if "rights" in wanted else {})

    def _site(self, wanted: list[str]) -> dict[str, object]:
        general: dict[str, object] = {"sitename": "IncidentTestWiki", "generator": "MediaWiki 1.39.17"}
        general |= {"readonly": self.readonly is not None, "writeapi": True}
        if self.readonly:
            general["readonlyreason"] = self.readonly
        prefixes = [
            {"prefix": each, "url": f"https://{each}.example/$1", "protorel": False} for each in self.interwikis
        ]
        parts = {"general": general, "interwikimap": prefixes}
        return {name: parts[name] for name in wanted}

    def _pages(self, given: dict[str, str], session: Session) -> dict[str, object]:
        answer: dict[str, object] = {}
        for asked in given["titles"].split("|"):
            self._look_up(asked, given, session, answer)
        return answer

    def _look_up(self, asked: str, given: dict[str, str], session: Session, answer: dict) -> None:
        title = read_title(asked)
        if "redirects" in given and (target := self._target(title.text)) is not None:
            answer.setdefault("redirects", []).append({"from": title.text, "to": target})
            title = read_title(target)
            asked = target
        if title.interwiki:
            answer.setdefault("interwiki", []).append({"title": asked, "iw": title.interwiki})
            return
        if not title.code and title.text != asked:
            changed = {"fromencoded": False, "from": asked, "to": title.text}
            answer.setdefault("normalized", []).append(changed)
        if title.text:
            answer.setdefault("pages", []).append(self._page(title, given, session))

    def _target(self, title: str) -> str | None:
        revisions = self.pages.get(title)
        found = re.match(r"#REDIRECT \[\[([^]|]+)\]\]", revisions[-1].text) if revisions else None
        return found and found[1]

    def _deletions(self, given: dict[str, str]) -> list[dict[str, object]]:
        """The events of ``delete/delete``, latest first; their form is that of MediaWiki's documentation."""
        wanted = {"ids": ("logid", "logpage"), "user": ("user",), "timestamp": ("timestamp",), "comment": ("comment",)}
        shown = {name for prop in given.get("leprop", "").split("|") for name in wanted.get(prop, ())}
        events = reversed(self.deleted.get(given.get("letitle", ""), []))
        return [{name: each[name] for name in each if name in shown} for each in events][: int(given["lelimit"])]

    def _page(self, title: Title, given: dict[str, str], session: Session) -> dict[str, object]:
        if title.code:
            plain = {"code": title.code, "text": title.reason} if _is_plain(given) else title.reason
            return {"title": title.text, "invalidreason": plain, "invalid": True}
        if title.namespace < 0:
            return {"ns": title.namespace, "title": title.text, "special": True}
        revisions = self.pages.get(title.text)
        page: dict[str, object] = {"pageid": 1 + list(self.pages).index(title.text)} if revisions else {}
        page |= {"ns": title.namespace, "title": title.text} | ({} if revisions else {"missing": True})
        prop = given.get("prop", "").split("|")
        asked = [each for each in revisions or () if each.user == given.get("rvuser", each.user)]
        asked = [each for each in asked if each.user != given.get("rvexcludeuser")]
        if "revisions" in prop and asked:
            page["revisions"] = [_revision(asked, given, of=revisions)]
        return page | (self._info(title, given, session) if "info" in prop else {})

    def _info(self, title: Title, given: dict[str, str], session: Session) -> dict[str, object]:
        info: dict[str, object] = {"contentmodel": "wikitext", "pagelanguage": "en"}
        info |= {"pagelanguagehtmlcode": "en", "pagelanguagedir": "ltr"}
        if revisions := self.pages.get(title.text):
            info |= {"touched": STAMP, "lastrevid": revisions[-1].number, "length": len(revisions[-1].text.encode())}
            info |= {"new": True} if len(revisions) == 1 else {}
        if "url" in given.get("inprop", "").split("|"):
            address = "http://wiki.example/index.php"
            full = f"{address}/{title.text.replace(' ', '_')}"
            edit = f"{address}?title={title.text.replace(' ', '_')}&action=edit"
            info |= {"fullurl": full, "editurl": edit, "canonicalurl": full}
        if "protection" in given.get("inprop", "").split("|"):
            info |= {"protection": [], "restrictiontypes": ["edit", "move"] if revisions else ["create"]}
        asked = [each for each in given.get("intestactions", "").split("|") if each]
        return info | ({"actions": {each: self._may(each, title, session) for each in asked}} if asked else {})

    def _may(self, action: str, title: Title, session: Session) -> bool:
        needed = {"edit": {"edit"}, "create": {"edit", "createpage"}}[action]
        return needed <= set(self.rights) and title.text not in self.salted and not (self.blocked and session.user)

    def _block(self) -> dict[str, object]:
        return {
            "blockid": 1,
            "blockedby": "WikiAdmin",
            "blockedbyid": 1,
            "blockreason": self.blocked,
            "blockedtimestamp": STAMP,
            "blockexpiry": "2026-11-22T05:03:39Z",
            "blockpartial": False,
            "blocknocreate": False,
            "blockanononly": False,
            "blockedtimestampformatted": "04:03, 22 November 2026",
            "blockexpiryformatted": "05:03, 22 November 2026",
            "blockexpiryrelative": "05:03, 22 November 2026",
        }

    # edit

    def _edit(self, call: Call, session: Session) -> Answer:
        title = self._editable(call.given)
        self._check_rights(title)
        text = _received(call.given)
        if len(text.encode()) > LARGEST_BYTES:
            raise ApiError(
                "contenttoobig", "The content you supplied exceeds the article size limit of 2048 kibibytes."
            )
        if self.edits_left <= 0:
            raise ApiError("ratelimited", "As an anti-abuse measure, you are limited from performing this action.")
        self.edits_left -= 1
        _check_filters(text, session)
        if self.captcha:
            captcha = {"type": "simple", "mime": "text/plain", "id": "459365047429684550", "question": "85+1"}
            return Answer({"edit": {"captcha": captcha, "result": "Failure"}})
        return Answer({"edit": self._save(title, text, call.given, session)})

    def _editable(self, given: dict[str, str]) -> str:
        if "title" not in given:
            raise ApiError("missingparam", 'One of the parameters "title" and "pageid" is required.')
        if "text" not in given:
            raise ApiError("missingparam", 'At least one of the parameters "text" and "appendtext" is required.')
        title = read_title(given["title"])
        if title.code or title.interwiki or "|" in given["title"] or not given["title"]:
            raise ApiError("invalidtitle", f'Bad title "{given["title"]}".')
        if title.namespace < 0 or not title.text:
            raise ApiError("pagecannotexist", "Namespace doesn't allow actual pages.")
        if "createonly" in given and title.text in self.pages:
            raise ApiError("articleexists", "The article you tried to create has been created already.")
        if "nocreate" in given and title.text not in self.pages:
            raise ApiError("missingtitle", "The page you specified doesn't exist.")
        if "tags" in given:
            tags = given["tags"].split("|")
            raise ApiError(
                "badtags", f'The tag "{tags[0]}" is not allowed to be manually applied.', disallowedtags=tags
            )
        return title.text

    def _check_rights(self, title: str) -> None:
        if self.blocked:
            raise ApiError("blocked", "You have been blocked from editing.", blockinfo=self._block())
        if "edit" not in self.rights:
            raise ApiError(
                "permissiondenied", "The action you have requested is limited to users in [[Wiki:Users|Users]]."
            )
        if title not in self.pages and "createpage" not in self.rights:
            raise ApiError("cantcreate", "You do not have permission to create new pages.")
        if title in self.salted:
            raise ApiError("protectedpage", "This page has been protected to prevent editing or other actions.")
        if "BADWORD" in title:
            line = ".*BADWORD.* <noedit>"
            message = {"key": "titleblacklist-forbidden-edit", "params": [line, title]}
            text = f'The title "{title}" has been banned from creation.'
            raise ApiError("titleblacklist-forbidden", text, message=message, line=line)

    def _save(self, title: str, text: str, given: dict[str, str], session: Session) -> dict[str, object]:
        before = self.pages.get(title, [])
        text = _merged(before, text, given)
        saved: dict[str, object] = {} if before else {"new": True}
        saved |= {"result": "Success"}
        unchanged = bool(before) and before[-1].text == _stored(text)
        written = (
            None
            if unchanged
            else self.write(
                title, text, user=session.user or "127.0.0.1", comment=given.get("summary", "")[:LONGEST_SUMMARY]
            )
        )
        saved |= {"pageid": 1 + list(self.pages).index(title), "title": title, "contentmodel": "wikitext"}
        if written is None:
            return saved | {"nochange": True}
        oldest = self.pages[title][-2].number if before else 0
        saved |= {"oldrevid": oldest, "newrevid": written.number, "newtimestamp": STAMP}
        return saved if given.get("watchlist") == "nochange" else saved | {"watched": True}


def _merged(before: list[Revision], text: str, given: dict[str, str]) -> str:
    """The text to save: with what was changed since ``baserevid``, where the two changes do not touch."""
    base = next((each for each in before if str(each.number) == given.get("baserevid")), None)
    if base is None or base is before[-1]:
        return text
    both = merge(base.text, _stored(text), before[-1].text)
    if both is None:
        raise ApiError("editconflict", "Edit conflict.")
    return both


def _check_asserts(given: dict[str, str], user: str | None) -> None:
    if given.get("assert") == "user" and user is None:
        raise ApiError("assertuserfailed", _NOT_LOGGED_IN)
    if given.get("assert") == "bot":
        raise ApiError("assertbotfailed", 'You do not have the "bot" right, so the action could not be completed.')
    if given.get("assertuser", user) != user:
        text = f'You are no longer logged in as "{given["assertuser"]}", so the action could not be completed.'
        raise ApiError("assertnameduserfailed", text)


def _check_token(module: str, call: Call, session: Session) -> None:
    # the login looks at the method first
    if (misplaced := sorted(_SECRET & call.query.keys())) and not (module == "login" and call.method == "GET"):
        text = "The following parameter was found in the query string, but must be in the POST body"
        raise ApiError("mustpostparams", f"{text}: {', '.join(misplaced)}.")
    if module == "edit" and "token" not in call.form and call.method == "POST":
        raise ApiError("missingparam", 'The "token" parameter must be set.')
    if module == "edit" and call.form.get("token", session.csrf) != session.csrf:
        raise ApiError("badtoken", "Invalid CSRF token.")


def _received(given: dict[str, str]) -> str:
    """The text as the server reads it: what may not be there becomes U+FFFD, then it is compared with the md5."""
    text = unicodedata.normalize("NFC", _DAMAGED.sub("\ufffd", given["text"]))
    if "md5" in given and hashlib.md5(text.encode()).hexdigest() != given["md5"]:  # noqa: S324 - the API's own check
        raise ApiError("badmd5", "The supplied MD5 hash was incorrect.")
    return text


def _check_filters(text: str, session: Session) -> None:
    if "AFDISALLOW" in text:
        rule = {"id": "1", "description": "Test: disallow word", "actions": ["disallow"]}
        raise ApiError("abusefilter-disallowed", "This action has been identified as harmful.", abusefilter=rule)
    if "AFWARN" in text and text not in session.warned:
        session.warned.add(text)
        rule = {"id": "2", "description": "Test: warn word", "actions": ["warn"]}
        raise ApiError("abusefilter-warning", "'''Warning:''' identified as\nharmful.", abusefilter=rule)
    if "http://evil-spam.example" in re.sub("<nowiki>.*?</nowiki>", "", text):
        found = {"matches": ["evil-spam.example"]}
        raise ApiError("spamblacklist", "The text you wanted to publish was blocked.", spamblacklist=found)


def _stored(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).rstrip(" \t\n\r\0\x0b")


def _revision(asked: list[Revision], given: dict[str, str], *, of: list[Revision]) -> dict[str, object]:
    revision = asked[0 if given.get("rvdir") == "newer" else -1]
    wanted = given.get("rvprop", "ids|timestamp|user|comment").split("|")
    parent = max((each.number for each in of if each.number < revision.number), default=0)
    fields: dict[str, object] = {"revid": revision.number, "parentid": parent} if "ids" in wanted else {}
    fields |= {"user": revision.user} if "user" in wanted else {}
    fields |= {"timestamp": STAMP} if "timestamp" in wanted else {}
    fields |= {"size": len(revision.text.encode())} if "size" in wanted else {}
    fields |= {"sha1": revision.sha1} if "sha1" in wanted else {}
    if "content" in wanted:
        content = {"contentmodel": "wikitext", "contentformat": "text/x-wiki", "content": revision.text}
        fields |= {"slots": {"main": content}} if "rvslots" in given else content
    return fields | ({"comment": revision.comment} if "comment" in wanted else {})


def _failed(code: str, text: str, call: Call) -> dict[str, object]:
    return {"result": "Failed", "reason": {"code": code, "text": text} if _is_plain(call.given) else text}


def _shape(error: ApiError, call: Call) -> dict[str, object]:
    if _is_plain(call.given):
        data = {"data": error.data} if error.data else {}
        one = {"code": error.code, "text": error.text} | data | {"module": call.given.get("action", "main")}
        return {"errors": [one], "docref": _DOCREF}
    return {"error": {"code": error.code, "info": error.text} | error.data | {"docref": _DOCREF}}


def _shaped_warnings(found: dict[str, tuple[str, str]], call: Call) -> object:
    if _is_plain(call.given):
        return [{"code": code, "text": text, "module": module} for module, (code, text) in found.items()]
    return {module: {"warnings": text} for module, (_, text) in found.items()}


def _is_plain(given: dict[str, str]) -> bool:
    return given.get("errorformat", "bc") == "plaintext"


def _token() -> str:
    return secrets.token_hex(20) + "+\\"
