"""The site as the bot itself serves it."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

import pytest
import requests

from irscribe.config import Listen
from irscribe.engine.site_server import SiteServer, try_to_serve
from tests import sites
from tests.waiting import HANGS


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("outer") / "site"
    sites.write(made, [sites.ongoing()])
    (made / "incidents/3/.index.html.abcdefgh.new").write_text("CANARY", encoding="utf-8")
    (made / "notes.txt").write_text("CANARY", encoding="utf-8")
    (made.parent / "secret.html").write_text("CANARY", encoding="utf-8")
    (made / "way-out.html").symlink_to(made.parent / "secret.html")
    return made


@pytest.fixture(scope="module")
def address(folder):
    server = SiteServer(folder, Listen("127.0.0.1", 0))
    server.start()
    yield f"http://{server.address}"
    server.stop(HANGS)


def get(url, **headers):
    return requests.get(url, headers=headers, timeout=HANGS, allow_redirects=False)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/incidents/3/", "text/html; charset=utf-8"),
        ("/incidents/3/index.html", "text/html; charset=utf-8"),
        ("/look.css", "text/css; charset=utf-8"),
        ("/pages.js", "text/javascript; charset=utf-8"),
        ("/feed.atom", "application/atom+xml; charset=utf-8"),
        ("/incidents.json", "application/json; charset=utf-8"),
    ],
)
def test_files_are_served_with_their_types(address, path, kind):
    answer = get(address + path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_did_not_change_is_not_sent_again(address, folder):
    first = get(f"{address}/incidents/3/")
    tag = first.headers["ETag"]
    again = get(f"{address}/incidents/3/", **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    page = folder / "incidents/3/index.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- -->", encoding="utf-8")
    assert get(f"{address}/incidents/3/", **{"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/secret.html",
        "/../secret.html",
        "/%2e%2e/secret.html",
        "/incidents/..%2f..%2f..%2fsecret.html",
        "/way-out.html",
        "/notes.txt",
        "/incidents/3/.index.html.abcdefgh.new",
        "/%00",
        "/incidents/",
        "/%ff",
    ],
)
def test_nothing_else_is_served(address, path):
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=HANGS) as raw:
        raw.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        said = b"".join(iter(lambda: raw.recv(65536), b""))
    assert said.split(b" ")[1] == b"404"
    assert b"CANARY" not in said


def test_a_page_that_cannot_be_read_is_not_said_to_be_missing(address, monkeypatch, caplog):
    def fail(_path):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", fail)
    answer = get(f"{address}/incidents/3/")
    assert answer.status_code == 503
    assert answer.text == "This page cannot be read just now.\n"
    assert "cannot be read: Input/output error" in caplog.text


def test_an_address_without_its_slash_leads_to_the_one_with_it(address):
    answer = get(f"{address}/incidents/3")
    assert (answer.status_code, answer.headers["Location"].endswith("3/")) == (301, True)


def test_nothing_can_be_sent(address):
    answer = requests.post(f"{address}/", data="x", timeout=HANGS)
    assert answer.status_code == 405


def test_a_head_has_no_body(address):
    answer = requests.head(f"{address}/", timeout=HANGS)
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_port_that_is_taken_is_one_warning(folder, caplog):
    with socket.create_server(("127.0.0.1", 0)) as other:
        listen = Listen("127.0.0.1", other.getsockname()[1])
        assert try_to_serve(folder, listen) is None
    assert caplog.messages == [f"The site is not served on {listen}: Address already in use."]
