"""The exchange itself: settings that are wrong, certificates, proxies, and what is sent along."""

import socket
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from irscribe.domain.errors import OutcomeUnknownError, ServiceRefusedError, ServiceUnavailableError
from irscribe.integrations.http import AGENT, Http, Wire
from tests.http.certificates import make_certificate
from tests.http.fake_phabricator import Fault, running_phabricator
from tests.http.filing import CONTACT, client, draft
from tests.http.phabricatorworld import TOKEN

URL = r"\[phabricator\] url"
OTHER_HOST = "phabricator.example.org"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def fake():
    with running_phabricator() as server:
        yield server


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@contextmanager
def answering(raw):
    """A server that reads one request and answers with these bytes, then hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=_answer_once, args=(listener, raw))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def _answer_once(listener, raw):
    connection, _ = listener.accept()
    with connection:
        connection.recv(1 << 20)
        connection.sendall(raw)


def test_requests_name_the_program_and_how_to_reach_its_operator(fake):
    client(fake.url).whoami()
    assert fake.calls[0].headers["User-Agent"] == f"{AGENT} ({CONTACT})"
    assert f'version = "{AGENT.partition("/")[2]}"' in (Path(__file__).parents[2] / "pyproject.toml").read_text()


@pytest.mark.parametrize(("contact", "sent"), [("", "no contact set"), ("Zoë\r\nX: y\x00", "Zo? X: y")])
def test_a_contact_is_sent_as_one_header_can_carry_it(fake, contact, sent):
    client(fake.url, contact=contact).whoami()
    assert fake.calls[0].headers["User-Agent"] == f"{AGENT} ({sent})"
    assert "X" not in fake.calls[0].headers


def test_cookies_are_not_kept(fake):
    conduit = client(fake.url)
    conduit.whoami()
    conduit.whoami()
    assert all("Cookie" not in call.headers for call in fake.calls)


def test_credentials_of_another_program_are_not_sent(fake, tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login somebody password hunter2\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    client(fake.url).whoami()
    assert "Authorization" not in fake.calls[0].headers


def test_a_change_goes_over_a_connection_of_its_own(fake):
    conduit = client(fake.url)
    conduit.whoami()
    conduit.whoami()
    conduit.create_task(draft())
    first, second, third = (call.peer for call in fake.calls)
    assert first == second != third


@pytest.mark.parametrize(
    "url", ["phabricator.example.org", "ftp://example.org", "", "https://", "http://127.0.0.1:99999"]
)
def test_what_is_no_address_names_the_setting(url):
    with pytest.raises(ServiceRefusedError, match=URL):
        client(url).whoami()


@pytest.mark.parametrize("path", ["/wiki", "/wiki/index.php?x=", "/api"])
def test_a_wrong_path_names_the_setting(fake, path):
    with pytest.raises((ServiceRefusedError, ServiceUnavailableError), match=URL):
        client(fake.url + path).whoami()


def test_a_host_the_server_does_not_know_itself_by_names_the_setting(fake):
    with pytest.raises(ServiceRefusedError, match=URL):
        client(fake.url.replace("127.0.0.1", "localhost")).create_task(draft())
    assert fake.world.tasks == []


def test_a_server_that_is_not_there_may_be_there_later():
    with pytest.raises(ServiceUnavailableError, match=rf"connection refused.*{URL}"):
        client(f"http://127.0.0.1:{free_port()}").create_task(draft())


def test_a_redirect_is_not_followed_and_its_aim_is_told(fake):
    fake.fail("maniphest.edit", Fault.REDIRECT)
    with pytest.raises(ServiceRefusedError, match=rf"https://phabricator\.example\.org.*{URL}"):
        client(fake.url).create_task(draft())
    assert fake.world.tasks == []


def test_a_certificate_nobody_has_signed_names_the_setting(certificate):
    with running_phabricator(certificate=certificate) as fake:
        with pytest.raises(ServiceRefusedError, match=r"self-signed certificate.*\[phabricator\] ca_file"):
            client(fake.url).create_task(draft())
        assert fake.calls == []


def test_with_its_certificate_in_the_settings_the_server_is_trusted(certificate):
    with running_phabricator(certificate=certificate) as fake:
        assert client(fake.url, ca_file=certificate.with_name("certificate.pem")).create_task(draft()).number == 1


def test_the_setting_goes_before_the_environment(certificate, monkeypatch, tmp_path):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    with running_phabricator(certificate=certificate) as fake:
        assert client(fake.url, ca_file=certificate.with_name("certificate.pem")).whoami()
        with pytest.raises(ServiceRefusedError, match="REQUESTS_CA_BUNDLE"):
            client(fake.url).whoami()


def test_a_certificate_for_another_name_is_not_trusted(certificate):
    with running_phabricator(certificate=certificate) as fake:
        url = fake.url.replace("127.0.0.1", "localhost")
        with pytest.raises(ServiceRefusedError, match="not valid for 'localhost'"):
            client(url, ca_file=certificate.with_name("certificate.pem")).whoami()


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_a_file_of_certificates_that_is_none_names_the_setting(certificate, tmp_path, text):
    file = tmp_path / "ca.pem"
    if text is not None:
        file.write_text(text)
    with (
        running_phabricator(certificate=certificate) as fake,
        pytest.raises(ServiceRefusedError, match=r"ca\.pem.*\[phabricator\] ca_file"),
    ):
        client(fake.url, ca_file=file).whoami()


def test_http_spoken_to_a_server_with_tls_names_the_setting(certificate):
    with running_phabricator(certificate=certificate) as fake:
        with pytest.raises((ServiceRefusedError, ServiceUnavailableError), match=URL):
            client(fake.url.replace("https:", "http:")).whoami()
        assert fake.calls == []


def test_tls_spoken_to_a_server_without_names_the_setting(fake):
    with pytest.raises(ServiceRefusedError, match=URL):
        client(fake.url.replace("http:", "https:")).create_task(draft())


def test_the_proxy_of_the_environment_is_used(fake, monkeypatch):
    fake.names.add(OTHER_HOST)
    monkeypatch.setenv("http_proxy", fake.url)
    assert client(f"http://{OTHER_HOST}").create_task(draft()).url == f"http://{OTHER_HOST}/T1"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there_is_named_without_its_password(monkeypatch, scheme):
    monkeypatch.setenv(f"{scheme}_proxy", f"http://user:hunter2@127.0.0.1:{free_port()}")
    with pytest.raises(ServiceUnavailableError, match="HTTPS_PROXY") as failure:
        client(f"{scheme}://{OTHER_HOST}").create_task(draft())
    assert "hunter2" not in str(failure.value)


def test_a_proxy_that_refuses_the_way_is_named(monkeypatch):
    with answering(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n") as proxy:
        monkeypatch.setenv("https_proxy", proxy)
        with pytest.raises(ServiceUnavailableError, match="HTTPS_PROXY"):
            client(f"https://{OTHER_HOST}").create_task(draft())


def test_a_proxy_that_took_the_request_and_hung_up_proves_nothing(monkeypatch):
    with answering(b"") as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        with pytest.raises(OutcomeUnknownError):
            client(f"http://{OTHER_HOST}").create_task(draft())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"garbage",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 999 Hm\r\nContent-Length: 0\r\n\r\n",
        b'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{"result": {"object"',
    ],
)
def test_a_broken_answer_to_a_change_leaves_its_outcome_unknown(raw):
    with answering(raw) as url, pytest.raises(OutcomeUnknownError):
        client(url).create_task(draft())


def test_an_answer_without_end_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr("irscribe.integrations.http.LONGEST_ANSWER", 1000)
    with answering(b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 2000) as url, pytest.raises(OutcomeUnknownError):
        client(url).create_task(draft())


def test_a_silent_server_is_waited_for_no_longer_than_the_settings_say():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(OutcomeUnknownError, match=r"0\.2 seconds"):
            client(url, timeouts=(5.0, 0.2)).create_task(draft())


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ("Retry-After: 90", 90),
        ("Date: Sun, 22 Nov 2026 04:18:12 GMT\r\nRetry-After: Sun, 22 Nov 2026 04:19:12 GMT", 60),
        ("Date: Sun, 22 Nov 2026 04:18:12 GMT\r\nRetry-After: Sun, 22 Nov 2026 04:17:12 GMT", 0),
        ("Retry-After: soon", None),
        ("Retry-After: Sun, 22 Nov 2026 04:19:12 GMT", None),
        ("X-Nothing: 1", None),
    ],
)
def test_a_server_says_how_long_to_leave_it_alone(headers, seconds):
    with answering(f"HTTP/1.1 429 Too Many Requests\r\n{headers}\r\nContent-Length: 0\r\n\r\n".encode()) as url:
        with pytest.raises(ServiceUnavailableError) as failure:
            client(url).create_task(draft())
        assert failure.value.retry_after == seconds


def test_how_a_service_is_spoken_to_shows_no_secret():
    wire = Wire(service="Phabricator", section="phabricator", secrets=(TOKEN,))
    assert TOKEN not in repr(wire)
    assert TOKEN not in repr(Http(wire))
    assert TOKEN not in repr(client("http://127.0.0.1"))
