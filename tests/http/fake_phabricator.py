"""A Phabricator on loopback: what the real one answered, and every way in which an answer may go wrong on its way."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum, auto
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Semaphore, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from requests import PreparedRequest

from tests.http import phabricatoredit, phabricatorsearch
from tests.http.phabricatorworld import ConduitError, World, core_error

JSON_TYPE, HTML_TYPE, PLAIN_TYPE = "application/json", "text/html; charset=UTF-8", "text/plain; charset=utf-8"
LOGIN_PAGE = "Authentication Failure"
FORM_TYPE = "application/x-www-form-urlencoded"

SEARCH = {"queryKey", "constraints", "attachments", "order", "before", "after", "limit"}
PARAMETERS = {
    "conduit.ping": set(),
    "user.whoami": set(),
    "maniphest.edit": {"transactions", "objectIdentifier"},
    "maniphest.search": SEARCH,
    "transaction.search": {"objectIdentifier", "objectType", "constraints", "before", "after", "limit"},
    "project.search": SEARCH,
    "user.search": SEARCH,
    "maniphest.priority.search": set(),
    "maniphest.status.search": set(),
}
"""The calls that this server offers, with their parameters; any other one fails as on the real server."""

WRITING = {"maniphest.edit"}
FORMS = {"default", "7"}
_TOKEN = re.compile(r"(?:api|cli|clr)-[a-z0-9]{28}")
_TOKEN_LENGTH = 32
_READ_ONLY = (
    'Unable to establish a write-mode connection (to application database "phabricator_maniphest") because this server '
    "is in read-only mode. Whatever you are trying to do does not function correctly in read-only mode."
)


class Fault(StrEnum):
    """A fault of the server; BEFORE: it has done nothing, AFTER: it has done all and only the answer is lost."""

    CUT_BEFORE = auto()
    CUT_AFTER = auto()
    HALF_AFTER = auto()
    HALF_CHUNK_AFTER = auto()
    SILENT_BEFORE = auto()
    SILENT_AFTER = auto()
    WRONG_TYPE_AFTER = auto()
    HTML_BEFORE = auto()
    HTML_AFTER = auto()
    LIST_AFTER = auto()
    NO_JSON_AFTER = auto()
    NOTHING_AFTER = auto()
    DATABASE_DOWN = auto()
    LOG_FAILED_AFTER = auto()
    FATAL = auto()
    EXCEPTION_AFTER = auto()
    LOCK_WAIT = auto()
    READ_ONLY = auto()
    BAD_GATEWAY_BEFORE = auto()
    BUSY_BEFORE = auto()
    GATEWAY_TIMEOUT_BEFORE = auto()
    GATEWAY_TIMEOUT_AFTER = auto()
    GATEWAY_TIMEOUT_LATER = auto()
    TOO_MANY_REQUESTS = auto()
    TOO_LARGE = auto()
    FORBIDDEN = auto()
    REDIRECT = auto()
    REVOKED = auto()
    DISABLED = auto()
    UNINSTALLED = auto()
    HTTP_1_0 = auto()


@dataclass(frozen=True)
class Call:
    """One request, as it was understood; ``peer`` is the port it came from."""

    method: str
    parameters: dict[str, Any]
    headers: dict[str, str]
    peer: int


@dataclass(frozen=True)
class Reply:
    """The HTTP response to a call."""

    status: int = 200
    media: str = JSON_TYPE
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Planned:
    """A fault waiting for its call."""

    method: str
    fault: Fault
    passing: int = 0


@dataclass
class FakePhabricator:
    """The server, its world, what shall go wrong, what others do meanwhile; ``calls`` is what was asked, in order."""

    url: str
    world: World
    names: set[str]
    read_only: bool = False
    planned: list[Planned] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    later: list[Callable[[], object]] = field(default_factory=list)
    meanwhile: dict[str, Callable[[], object]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    fell_silent: Semaphore = field(default_factory=partial(Semaphore, 0))

    def fail(self, method: str, fault: Fault, *, passing: int = 0) -> None:
        """Let it go wrong once, at the next such call but ``passing``."""
        self.planned.append(Planned(method, fault, passing))

    def settle(self) -> None:
        """Finish what went on behind a proxy that had given up."""
        while self.later:
            self.later.pop(0)()

    def methods(self) -> list[str]:
        """The names of the calls."""
        return [call.method for call in self.calls]

    def is_silent_to(self, request: PreparedRequest) -> bool:
        """True if it will leave this request unanswered."""
        method = urlsplit(request.url).path.rpartition("/")[2]
        planned = next((plan.fault for plan in self.planned if (plan.method, plan.passing) == (method, 0)), None)
        return planned in _SILENT

    def next_fault(self, method: str) -> Fault | None:
        for plan in [plan for plan in self.planned if plan.method == method]:
            if plan.passing == 0:
                self.planned.remove(plan)
                return plan.fault
            plan.passing -= 1
        return None

    def answer(self, call: Call, fault: Fault | None) -> Any:
        """The result of a call; raises ConduitError."""
        self.meanwhile.pop(call.method, str)()
        if call.method not in PARAMETERS:
            raise ConduitError("ERR-CONDUIT-CALL", f'Conduit API method "{call.method}" does not exist.')
        if fault is Fault.UNINSTALLED:
            words = f"Method '{call.method}' belongs to application 'Maniphest', which is not enabled."
            raise ConduitError("ERR-CONDUIT-CALL", words)
        viewer = self._viewer(call, fault)
        unknown = [name for name in call.parameters if name not in PARAMETERS[call.method] | {"__conduit__"}]
        if unknown:
            names = ", ".join(f"'{name}'" for name in unknown)
            words = f'API Method "{call.method}" does not define these parameters: {names}.'
            raise ConduitError("ERR-CONDUIT-CALL", words)
        if call.method in WRITING and (self.read_only or fault is Fault.READ_ONLY):
            raise core_error(_READ_ONLY)
        if fault is Fault.LOCK_WAIT:
            raise core_error("#1205: Lock wait timeout exceeded; try restarting transaction")
        return self._act(call, viewer)

    def _viewer(self, call: Call, fault: Fault | None) -> str:
        if call.method == "conduit.ping":
            return ""
        token = _token(call.parameters)
        if fault is Fault.REVOKED or token not in self.world.tokens:
            raise ConduitError("ERR-INVALID-AUTH", f'API token "{token}" is not valid.')
        viewer = self.world.tokens[token]
        roles = set(self.world.user(viewer).roles)
        if fault is Fault.DISABLED or "disabled" in roles or "verified" not in roles:
            raise ConduitError("ERR-INVALID-AUTH", "User account is not permitted to use the API.")
        return viewer

    def _act(self, call: Call, viewer: str) -> Any:
        acts = {
            "conduit.ping": lambda: "vm",
            "user.whoami": lambda: self._whoami(viewer),
            "maniphest.edit": partial(phabricatoredit.edit, self.world, viewer, call.parameters),
            "maniphest.search": partial(phabricatorsearch.tasks, self.world, viewer, call.parameters),
            "transaction.search": partial(phabricatorsearch.changes, self.world, viewer, call.parameters),
            "project.search": partial(phabricatorsearch.projects, self.world, viewer, call.parameters),
            "user.search": partial(phabricatorsearch.users, self.world, viewer, call.parameters),
            "maniphest.priority.search": phabricatorsearch.priorities,
            "maniphest.status.search": phabricatorsearch.statuses,
        }
        with self.lock:
            return acts[call.method]()

    def _whoami(self, viewer: str) -> dict[str, Any]:
        user = self.world.user(viewer)
        return {
            "phid": user.phid,
            "userName": user.name,
            "realName": user.real_name,
            "image": f"{self.url}/file/data/face.png",
            "uri": f"{self.url}/p/{user.name}/",
            "roles": ["agent" if role == "bot" else role for role in user.roles],
            "primaryEmail": f"{user.name}@example.org",
        }


def _token(parameters: dict[str, Any]) -> str:
    token = (parameters.get("__conduit__") or {}).get("token")
    if not token:
        raise ConduitError("ERR-INVALID-SESSION", "Session key is not present.")
    if len(token) != _TOKEN_LENGTH:
        words = f'API token "{token}" has the wrong length. API tokens should be 32 characters long.'
        raise ConduitError("ERR-INVALID-AUTH", words)
    if not _TOKEN.fullmatch(token):
        words = (
            f'API token "{token}" has the wrong format. API tokens should be 32 characters long and begin with one of '
            "these prefixes: api, cli, clr."
        )
        raise ConduitError("ERR-INVALID-AUTH", words)
    return token


@contextmanager
def running_phabricator(world: World | None = None, *, certificate: Path | None = None) -> Iterator[FakePhabricator]:
    """A server to talk to; with a certificate (and its key in the same file) it speaks TLS."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "http" if certificate is None else "https"
    name = f"127.0.0.1:{server.server_port}"
    server.fake = FakePhabricator(f"{scheme}://{name}", world or World(), {name})
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

    def do_POST(self) -> None:
        # a proxy gets the whole address
        path = urlsplit(self.path).path if "://" in self.path else self.path
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.headers["Host"] not in self.server.fake.names:
            self._send(_page("Site Not Found", status=500))
        elif not path.lstrip("/").startswith("api/"):
            self._send(_page("404 Not Found", status=404))
        elif not re.fullmatch(r"/*api/[^/]+", path):
            self._send(_page(LOGIN_PAGE))
        else:
            self._serve(path.rpartition("/")[2], body)

    def do_GET(self) -> None:
        """A page for people: the form of a task, which asks for a login."""
        form = re.fullmatch(r"/maniphest/task/edit/form/([^/]+)/", urlsplit(self.path).path)
        known = form is not None and form[1] in FORMS
        self._send(_page(LOGIN_PAGE) if known else _page("404 Not Found", status=404))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Nothing: the tests look at the calls themselves."""

    def _serve(self, method: str, body: str) -> None:
        fake: FakePhabricator = self.server.fake
        fault = fake.next_fault(method)
        try:
            parameters = _parameters(method, self.headers, body)
            call = Call(method, parameters, dict(self.headers), self.client_address[1])
            fake.calls.append(call)
            reply = self._acted(fake, call, fault)
        except ConduitError as error:
            status = 500 if fault is Fault.LOCK_WAIT else 200
            reply = Reply(status, JSON_TYPE, _envelope(None, error.code, error.info))
        self._reply(fault, reply)

    def _acted(self, fake: FakePhabricator, call: Call, fault: Fault | None) -> Reply:
        if fault is Fault.GATEWAY_TIMEOUT_LATER:
            fake.later.append(partial(fake.answer, call, None))
            return Reply()
        return Reply() if fault in _BEFORE else Reply(body=_envelope(fake.answer(call, fault)))

    def _reply(self, fault: Fault | None, reply: Reply) -> None:
        match fault:
            case Fault.CUT_BEFORE | Fault.CUT_AFTER:
                self.close_connection = True
            case Fault.SILENT_BEFORE | Fault.SILENT_AFTER:
                self.close_connection = True
                self.server.fake.fell_silent.release()
                self.connection.recv(1)
            case Fault.HALF_AFTER:
                self._send(Reply(body=reply.body[: len(reply.body) // 2]), length=len(reply.body))
                self.close_connection = True
            case Fault.HALF_CHUNK_AFTER:
                self._send_half_a_chunk(reply)
            case Fault.WRONG_TYPE_AFTER:
                self._send(Reply(200, HTML_TYPE, reply.body))
            case Fault.HTTP_1_0:
                self._send_in_the_old_way(reply)
            case Fault() if fault in _PAGES:
                self._send(_PAGES[fault])
            case _:
                self._send(reply)

    def _send(self, reply: Reply, *, length: int | None = None) -> None:
        self.send_response(reply.status)
        body = reply.body.encode()
        fixed = {"Content-Type": reply.media, "Content-Length": str(len(body) if length is None else length)}
        cookie = {"Set-Cookie": "phsid=anonymous; path=/; HttpOnly"}
        for name, value in (fixed | cookie | reply.headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _send_half_a_chunk(self, reply: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", JSON_TYPE)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        body = reply.body.encode()
        self.wfile.write(b"%x\r\n%s" % (len(body), body[: len(body) // 2]))
        self.close_connection = True

    def _send_in_the_old_way(self, reply: Reply) -> None:
        """HTTP/1.0 without a length: the end of the connection is the end of the answer."""
        self.wfile.write(f"HTTP/1.0 200 OK\r\nContent-Type: {JSON_TYPE}\r\n\r\n{reply.body}".encode())
        self.close_connection = True


def _parameters(method: str, headers: Any, body: str) -> dict[str, Any]:
    """The one JSON document; forms in any other spelling are not what this server's client sends."""
    if headers["Content-Type"].partition(";")[0] != FORM_TYPE:
        words = (
            "Use form-encoded data to submit parameters to Conduit endpoints. Sending a JSON-encoded body and setting"
        )
        raise core_error(f"{words} 'Content-Type': 'application/json' is not currently supported.")
    form = parse_qsl(body, keep_blank_values=True)
    fields = dict(form)
    if len(form) != len(fields) or "params" not in fields or fields.keys() - {"params", "output"}:
        raise ConduitError("ERR-INVALID-SESSION", "Session key is not present.")
    return _document(method, fields["params"])


def _document(method: str, text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if isinstance(document, list):
        document = {str(index): item for index, item in enumerate(document)}
        names = ", ".join(f"'{name}'" for name in document)
        raise ConduitError("ERR-CONDUIT-CALL", f'API Method "{method}" does not define these parameters: {names}.')
    if not isinstance(document, dict):
        raise core_error(f"Invalid parameter information was passed to method '{method}'.")
    return document


def _envelope(result: Any, code: str | None = None, info: str | None = None) -> str:
    """ASCII only, slashes and angle brackets escaped, as there."""
    document = {"result": result, "error_code": code, "error_info": info}
    text = json.dumps(document, separators=(",", ":")).replace("/", r"\/")
    return text.replace("<", r"\u003c").replace(">", r"\u003e")


def _page(title: str, *, status: int = 200, media: str = HTML_TYPE) -> Reply:
    body = f"<!DOCTYPE html>\n<html>\n  <head>\n    <title>{title}</title>\n  </head>\n<body>{title}</body></html>"
    return Reply(status, media, body)


def _proxy(status: int, phrase: str | None = None) -> Reply:
    """A page of the proxy in front."""
    words = f"{status} {phrase or HTTPStatus(status).phrase}"
    lines = (
        f"<html>\r\n<head><title>{words}</title></head>\r\n<body>",
        f"<center><h1>{words}</h1></center>",
        "<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n",
    )
    return Reply(status, "text/html", "\r\n".join(lines))


_TIMEOUT_PAGE = _proxy(504, "Gateway Time-out")
_FAILED = "Unhandled Exception (&quot;AphrontSchemaQueryException&quot;)"
_FATAL = ">>> UNRECOVERABLE FATAL ERROR <<<\n\nMaximum execution time of 30 seconds exceeded\n"
_TOO_MANY = 'TOO MANY REQUESTS\nYou ("192.0.2.1") are issuing too many requests too quickly.\n'
_PAGES = {
    Fault.HTML_BEFORE: _page(LOGIN_PAGE),
    Fault.HTML_AFTER: _page(LOGIN_PAGE),
    Fault.LIST_AFTER: Reply(body="[]"),
    Fault.NO_JSON_AFTER: Reply(body="{not json"),
    Fault.NOTHING_AFTER: Reply(body=_envelope([])),
    Fault.DATABASE_DOWN: _page("Setup Error", status=500),
    Fault.LOG_FAILED_AFTER: _page(_FAILED, status=500),
    Fault.FATAL: Reply(500, PLAIN_TYPE, _FATAL),
    Fault.EXCEPTION_AFTER: Reply(500, JSON_TYPE, _envelope(None, "AphrontQueryException", "#9999: no idea")),
    Fault.BAD_GATEWAY_BEFORE: _proxy(502),
    Fault.BUSY_BEFORE: _proxy(503, "Service Temporarily Unavailable"),
    Fault.GATEWAY_TIMEOUT_BEFORE: _TIMEOUT_PAGE,
    Fault.GATEWAY_TIMEOUT_AFTER: _TIMEOUT_PAGE,
    Fault.GATEWAY_TIMEOUT_LATER: _TIMEOUT_PAGE,
    Fault.TOO_MANY_REQUESTS: Reply(429, PLAIN_TYPE, _TOO_MANY),
    Fault.TOO_LARGE: _proxy(413, "Request Entity Too Large"),
    Fault.FORBIDDEN: _proxy(403, "Forbidden"),
    Fault.REDIRECT: Reply(302, HTML_TYPE, "", {"Location": "https://phabricator.example.org/api/maniphest.edit"}),
}
_SILENT = {Fault.SILENT_BEFORE, Fault.SILENT_AFTER}
_BEFORE = {
    Fault.CUT_BEFORE,
    Fault.SILENT_BEFORE,
    Fault.HTML_BEFORE,
    Fault.DATABASE_DOWN,
    Fault.FATAL,
    Fault.BAD_GATEWAY_BEFORE,
    Fault.BUSY_BEFORE,
    Fault.GATEWAY_TIMEOUT_BEFORE,
    Fault.TOO_MANY_REQUESTS,
    Fault.TOO_LARGE,
    Fault.FORBIDDEN,
    Fault.REDIRECT,
}
