"""The webhook on a real socket: who may post, what is refused, and that it answers after the record has it."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from threading import Event, Thread
from threading import enumerate as enumerate_threads

import pytest
import requests

from irscribe.config import Listen, Secret, Webhook
from irscribe.engine import webhook
from irscribe.engine.site_server import SiteServer
from irscribe.engine.webhook import WebhookServer
from irscribe.integrations.http_server import LONGEST_BODY, THREADS
from tests.posts import TOKEN, alert, post
from tests.waiting import HANGS, wait_until

LOOPBACK = Listen("127.0.0.1", 0)


class Posted:
    """A webhook whose events are carried out by the test."""

    def __init__(self, *, token: str | None = TOKEN) -> None:
        self.events: SimpleQueue = SimpleQueue()
        self.is_active, self.answers = True, True
        settings = Webhook(listen=LOOPBACK, token=Secret(token) if token else None)
        self.server = WebhookServer(settings, submit=self._submit, is_active=lambda: self.is_active)
        self.server.start()

    def send(self, body: bytes, *, token: str | None = TOKEN, **headers: str) -> requests.Response:
        authorization = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.post(self.server.address, data=body, headers={**authorization, **headers}, timeout=HANGS)

    @property
    def place(self) -> tuple[str, int]:
        host, port = self.server.address.removeprefix("http://").partition("/")[0].split(":")
        return host, int(port)

    def _submit(self, event) -> None:
        self.events.put(event)
        if self.answers is not None:
            event.tell(self.answers)


@pytest.fixture
def posted():
    made = Posted()
    yield made
    made.server.stop(HANGS)


def serving() -> list[Thread]:
    """The threads that answer requests."""
    return [each for each in enumerate_threads() if each.name.startswith("waitress-")]


def nothing_was_taken(posted: Posted) -> bool:
    return posted.events.empty()


def test_a_post_is_answered_once_it_is_recorded(posted):
    answer = posted.send(post(alert(), alert("DiskFull")))
    assert (answer.status_code, answer.text) == (200, "2 alerts taken.\n")
    assert [each.told.name for each in posted.events.get(timeout=HANGS).alerts] == ["ProbeDown", "DiskFull"]


def test_what_is_not_recorded_is_to_be_sent_again(posted):
    posted.answers = False
    answer = posted.send(post(alert()))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_a_record_that_does_not_answer_is_to_be_tried_again(posted, monkeypatch):
    monkeypatch.setattr(webhook, "ANSWERED_WITHIN", 0.05)
    posted.answers = None
    assert posted.send(post(alert())).status_code == 503


def test_a_bot_that_stands_by_takes_nothing(posted):
    posted.is_active = False
    assert posted.send(post(alert())).status_code == 503
    assert nothing_was_taken(posted)


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN + "x", TOKEN[:-1], "töken"])
def test_without_the_token_nothing_is_taken(posted, token):
    encoded = token.encode().decode("latin-1") if token else token
    answer = posted.send(post(alert()), token=encoded)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert TOKEN not in answer.text
    assert nothing_was_taken(posted)


def test_another_way_to_log_in_is_none(posted):
    assert posted.send(post(alert()), token=None, Authorization=f"Basic {TOKEN}").status_code == 401


def test_where_no_token_is_set_a_page_in_a_browser_cannot_post():
    open_to_all = Posted(token=None)
    try:
        assert open_to_all.send(post(alert()), token=None).status_code == 200
        assert open_to_all.send(post(alert()), token=None, Origin="https://evil.example").status_code == 401
    finally:
        open_to_all.server.stop(HANGS)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", post(alert() | {"startsAt": "noon"}), b"[" * 10_000])
def test_what_is_no_post_is_refused_with_the_reason(posted, body):
    answer = posted.send(body)
    assert answer.status_code == 400
    assert answer.text.startswith("Nothing is taken: ")
    assert nothing_was_taken(posted)


@pytest.mark.parametrize("in_pieces", [False, True])
def test_what_is_too_large_is_refused(posted, in_pieces):
    pieces = [b" " * 65_536] * (2 + LONGEST_BODY // 65_536)
    try:
        status = posted.send(iter(pieces) if in_pieces else b"".join(pieces)).status_code
    except requests.ConnectionError:
        status = 413  # the server hangs up before it has heard all
    assert status == 413
    assert nothing_was_taken(posted)


def test_anything_but_a_post_to_its_path_is_refused(posted):
    address = posted.server.address
    assert requests.get(address, timeout=HANGS).status_code == 405
    assert requests.put(address, data=post(alert()), timeout=HANGS).status_code == 405
    assert requests.post(f"{address}/more", data=post(alert()), timeout=HANGS).status_code == 404
    assert requests.head(address.rpartition("/")[0], timeout=HANGS).status_code == 404
    assert nothing_was_taken(posted)


@pytest.mark.parametrize(
    "said",
    [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"POST /alertmanager HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /alertmanager HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /alertmanager HTTP/1.1\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_http_takes_nothing_and_harms_nothing(posted, said):
    with socket.create_connection(posted.place, timeout=HANGS) as raw:
        try:
            raw.sendall(said)
            raw.shutdown(socket.SHUT_WR)
            while raw.recv(65536):
                pass
        except TimeoutError:
            raise
        except OSError:
            pass  # the server hangs up before it has heard all
    assert posted.send(post(alert())).status_code == 200
    assert len(posted.events.get(timeout=HANGS).alerts) == 1
    with pytest.raises(Empty):
        posted.events.get_nowait()


def test_slow_clients_keep_nobody_waiting(posted):
    head = f"POST /alertmanager HTTP/1.1\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 1000\r\n\r\n".encode()
    slow = [socket.create_connection(posted.place, timeout=HANGS) for _ in range(20)]
    try:
        for each in slow:
            each.sendall(head + b"{")
        assert posted.send(post(alert())).status_code == 200
    finally:
        for each in slow:
            each.close()


def test_half_a_post_is_none(posted):
    body = post(alert())
    with socket.create_connection(posted.place, timeout=HANGS) as raw:
        head = f"POST /alertmanager HTTP/1.1\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {len(body)}\r\n\r\n"
        raw.sendall(head.encode() + body[:-10])
    assert posted.send(body).status_code == 200
    assert len(posted.events.get(timeout=HANGS).alerts) == 1
    assert nothing_was_taken(posted)


def test_a_post_that_is_recorded_as_the_server_stops_is_answered(posted):
    posted.answers, is_recorded = None, True
    with ThreadPoolExecutor() as others:
        answer = others.submit(posted.send, post(alert()))
        event = posted.events.get(timeout=HANGS)
        threads = len(serving())
        stop = others.submit(posted.server.stop, HANGS)
        wait_until(lambda: len(serving()) <= threads - (THREADS - 1), HANGS, "not stopping")
        event.tell(is_recorded)
        assert answer.result(HANGS).status_code == 200
        stop.result(HANGS)


def test_a_port_that_is_taken_is_one_line_in_the_log(caplog):
    with socket.create_server(("127.0.0.1", 0)) as other:
        listen = Listen("127.0.0.1", other.getsockname()[1])
        server = WebhookServer(Webhook(listen=listen), submit=lambda _event: None, is_active=Event().is_set)
        server.start()
        assert server.address is None
        server.stop(HANGS)
    assert caplog.messages == [f"no alerts are taken on {listen}: Address already in use"]


def test_the_site_may_have_the_same_address(tmp_path):
    (tmp_path / "index.html").write_text("the site", encoding="utf-8")
    taken, is_recorded = SimpleQueue(), True

    def submit(event) -> None:
        taken.put(event)
        event.tell(is_recorded)

    hook = WebhookServer(Webhook(listen=LOOPBACK), submit=submit, is_active=lambda: True)
    assert hook.paths_on(Listen("127.0.0.1", 7)) == {}
    site = SiteServer(tmp_path, LOOPBACK, beside=hook.paths_on(LOOPBACK))
    hook.start(site=LOOPBACK)
    site.start()
    try:
        assert hook.address is None
        assert requests.get(f"http://{site.address}/", timeout=HANGS).text == "the site"
        assert (
            requests.post(f"http://{site.address}/alertmanager", data=post(alert()), timeout=HANGS).status_code == 200
        )
        assert len(taken.get(timeout=HANGS).alerts) == 1
    finally:
        site.stop(HANGS)
