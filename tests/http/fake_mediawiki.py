"""A MediaWiki on loopback: the rules of the real one, and every way in which an answer may go wrong on the way."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum, auto
from functools import partial
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Semaphore, Thread
from urllib.parse import parse_qsl, urlsplit

from requests import PreparedRequest

from tests.http.wikirules import Answer, Call, Wiki

API = "/w/api.php"
HTML = "<!DOCTYPE html>\n<html><head><title>IncidentTestWiki</title></head><body>\nSomething else.\n</body></html>"
JSON_TYPE, HTML_TYPE = "application/json; charset=utf-8", "text/html; charset=UTF-8"


class Step(StrEnum):
    """The purpose of a call."""

    LOGIN_TOKEN = auto()
    LOGIN = auto()
    QUERY = auto()
    EDIT = auto()


class Fault(StrEnum):
    """A fault; BEFORE: the server has done nothing, AFTER: it has done all and only the answer is lost."""

    CUT_BEFORE = auto()
    CUT_AFTER = auto()
    HALF_AFTER = auto()
    HTML_BEFORE = auto()
    HTML_AFTER = auto()
    ERROR_500_BEFORE = auto()
    ERROR_500_AFTER = auto()
    GATEWAY_502_BEFORE = auto()
    GATEWAY_504_AFTER = auto()
    BUSY_503 = auto()
    THROTTLED_429 = auto()
    SILENT_BEFORE = auto()
    SILENT_AFTER = auto()
    WRONG_TYPE = auto()
    LIST_AFTER = auto()
    HTTP_1_0 = auto()
    REDIRECT = auto()
    FORBIDDEN_403 = auto()
    INTERNAL_ERROR_BEFORE = auto()
    INTERNAL_ERROR_AFTER = auto()
    LOST_SESSION = auto()
    STALE_TOKEN = auto()
    REVOKED = auto()
    READONLY = auto()
    LAGGED = auto()


_SILENT = {Fault.SILENT_BEFORE, Fault.SILENT_AFTER}
_BEFORE = {
    Fault.CUT_BEFORE,
    Fault.HTML_BEFORE,
    Fault.ERROR_500_BEFORE,
    Fault.GATEWAY_502_BEFORE,
    Fault.BUSY_503,
    Fault.THROTTLED_429,
    Fault.SILENT_BEFORE,
    Fault.REDIRECT,
    Fault.FORBIDDEN_403,
    Fault.INTERNAL_ERROR_BEFORE,
}
_STATUS = {
    Fault.HTML_BEFORE: 200,
    Fault.HTML_AFTER: 200,
    Fault.ERROR_500_BEFORE: 500,
    Fault.ERROR_500_AFTER: 500,
    Fault.GATEWAY_502_BEFORE: 502,
    Fault.GATEWAY_504_AFTER: 504,
    Fault.BUSY_503: 503,
    Fault.THROTTLED_429: 429,
    Fault.REDIRECT: 301,
    Fault.FORBIDDEN_403: 403,
}
_EXTRA = {
    Fault.ERROR_500_BEFORE: {"MediaWiki-API-Error": "internal_api_error_Wikimedia\\Rdbms\\DBQueryError"},
    Fault.ERROR_500_AFTER: {"MediaWiki-API-Error": "internal_api_error_Wikimedia\\Rdbms\\DBQueryError"},
    Fault.BUSY_503: {"Retry-After": "120"},
    Fault.THROTTLED_429: {"Retry-After": "90"},
    Fault.REDIRECT: {"Location": "https://wiki.example/w/api.php?action=query"},
}


@dataclass
class Planned:
    """A fault waiting for its call."""

    step: Step
    fault: Fault
    passing: int = 0


@dataclass
class FakeWiki:
    """The server, its wiki, what shall go wrong, what others do meanwhile; ``steps`` is what was asked, in order."""

    url: str
    wiki: Wiki
    planned: list[Planned] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    meanwhile: dict[Step, Callable[[], object]] = field(default_factory=dict)
    fell_silent: Semaphore = field(default_factory=partial(Semaphore, 0))

    def fail(self, step: Step, fault: Fault, *, passing: int = 0) -> None:
        """Let it go wrong once, at the next such call but ``passing``."""
        self.planned.append(Planned(step, fault, passing))

    def is_silent_to(self, request: PreparedRequest) -> bool:
        """True if it will leave this request unanswered."""
        step = _step({**_fields(urlsplit(request.url).query), **_fields(request.body or "")})
        planned = next((plan.fault for plan in self.planned if (plan.step, plan.passing) == (step, 0)), None)
        return planned in _SILENT

    def next_fault(self, step: Step) -> Fault | None:
        self.steps.append(step)
        for plan in [plan for plan in self.planned if plan.step is step]:
            if plan.passing == 0:
                self.planned.remove(plan)
                return plan.fault
            plan.passing -= 1
        return None


@contextmanager
def running_wiki(wiki: Wiki | None = None, *, certificate: Path | None = None) -> Iterator[FakeWiki]:
    """A wiki to talk to; with a certificate (and its key in the same file) it speaks TLS."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "http" if certificate is None else "https"
    server.fake = FakeWiki(f"{scheme}://127.0.0.1:{server.server_port}{API}", wiki or Wiki())
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Nothing: the tests look at the calls themselves."""

    def _serve(self) -> None:
        fake: FakeWiki = self.server.fake
        call = self._call()
        if urlsplit(self.path).path != API:
            self._send(404, HTML.encode(), HTML_TYPE)
            return
        step = _step(call.given)
        fault = fake.next_fault(step)
        fake.meanwhile.pop(step, str)()
        _strike(fake.wiki, fault)
        answer = None if fault in _BEFORE else fake.wiki.answer(call)
        _recover(fake.wiki, fault)
        self._reply(fault, answer)

    def _call(self) -> Call:
        form = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        cookies = {name: morsel.value for name, morsel in SimpleCookie(self.headers.get("Cookie", "")).items()}
        query = _fields(urlsplit(self.path).query)
        return Call(self.command, query, _fields(form), cookies, dict(self.headers))

    def _reply(self, fault: Fault | None, answer: Answer | None) -> None:
        body = json.dumps(answer.body if answer else {}).encode()
        match fault:
            case Fault.CUT_BEFORE | Fault.CUT_AFTER:
                self.close_connection = True
            case Fault.SILENT_BEFORE | Fault.SILENT_AFTER:
                self.close_connection = True
                self.server.fake.fell_silent.release()
                self.connection.recv(1)
            case Fault.HALF_AFTER:
                self._send(200, body[: len(body) // 2], JSON_TYPE, length=len(body))
                self.close_connection = True
            case Fault.LIST_AFTER:
                self._send(200, b"[]", JSON_TYPE)
            case Fault.WRONG_TYPE:
                self._send(200, body, HTML_TYPE, answer=answer)
            case Fault.INTERNAL_ERROR_BEFORE | Fault.INTERNAL_ERROR_AFTER:
                self._send(200, json.dumps(_internal_error()).encode(), JSON_TYPE)
            case Fault() if fault in _STATUS:
                self._send(_STATUS[fault], HTML.encode(), HTML_TYPE, extra=_EXTRA.get(fault, {}))
            case _:
                self.protocol_version = "HTTP/1.0" if fault is Fault.HTTP_1_0 else "HTTP/1.1"
                self._send(200, body, JSON_TYPE, answer=answer)

    def _send(
        self,
        status: int,
        body: bytes,
        content_type: str,
        *,
        answer: Answer | None = None,
        extra: dict[str, str] | None = None,
        length: int | None = None,
    ) -> None:
        self.send_response(status)
        headers = {"Content-Type": content_type, "Content-Length": str(len(body) if length is None else length)}
        for name, value in (headers | (extra or {}) | (answer.headers if answer else {})).items():
            self.send_header(name, value)
        for name, value in (answer.cookies if answer else {}).items():
            self.send_header("Set-Cookie", f"{name}={value}; path=/; HttpOnly")
        self.end_headers()
        self.wfile.write(body)


def _fields(encoded: str) -> dict[str, str]:
    return dict(parse_qsl(encoded, keep_blank_values=True))


def _step(given: Mapping[str, str]) -> Step:
    if given.get("action") == "query":
        return Step.LOGIN_TOKEN if given.get("type") == "login" else Step.QUERY
    return {"login": Step.LOGIN, "edit": Step.EDIT}.get(given.get("action", ""), Step.QUERY)


def _strike(wiki: Wiki, fault: Fault | None) -> None:
    """Let a fault befall the wiki before it hears the call."""
    match fault:
        case Fault.LOST_SESSION:
            wiki.lose_sessions()
        case Fault.STALE_TOKEN:
            wiki.renew_tokens()
        case Fault.REVOKED:
            wiki.revoke()
        case Fault.READONLY:
            wiki.readonly = "Database failover in progress, back in 10 minutes"
        case Fault.LAGGED:
            wiki.lag = {"host": "", "lag": 9, "type": "db"}


def _recover(wiki: Wiki, fault: Fault | None) -> None:
    """End a fault that lasts for one call."""
    if fault is Fault.READONLY:
        wiki.readonly = None
    if fault is Fault.LAGGED:
        wiki.lag = None


def _internal_error() -> dict[str, object]:
    text = "[0ffee] Caught exception of type Wikimedia\\Rdbms\\DBQueryError"
    return {"errors": [{"code": "internal_api_error_DBQueryError", "text": text, "module": "main"}]}
