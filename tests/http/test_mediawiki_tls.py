from __future__ import annotations

import pytest

from irscribe.domain.errors import ServiceRefusedError, ServiceUnavailableError
from irscribe.integrations.mediawiki import connect
from tests.http.certificates import make_certificate
from tests.http.fake_mediawiki import running_wiki
from tests.http.publishing import BOT, SUMMARY, TEXT, TITLE
from tests.http.wikirules import PASSWORD


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def fake(certificate):
    with running_wiki(certificate=certificate) as fake:
        yield fake


def test_a_certificate_nobody_has_signed_names_the_setting(fake):
    with pytest.raises(ServiceRefusedError, match=r"\[mediawiki\] ca_file") as refusal:
        connect(fake.url, BOT, name="the wiki").publish(TITLE, TEXT, summary=SUMMARY)
    assert PASSWORD not in str(refusal.value)
    assert fake.steps == []


def test_with_its_certificate_in_the_settings_the_wiki_is_trusted(fake, certificate):
    wiki = connect(fake.url, BOT, name="the wiki", ca_file=certificate.with_name("certificate.pem"))
    assert wiki.publish(TITLE, TEXT, summary=SUMMARY).created


def test_http_spoken_to_a_server_with_tls_publishes_nothing(fake):
    url = fake.url.replace("https:", "http:")
    with pytest.raises((ServiceRefusedError, ServiceUnavailableError), match=r"\[mediawiki\] url"):
        connect(url, BOT, name="the wiki").publish(TITLE, TEXT, summary=SUMMARY)
    assert fake.steps == []


def test_tls_spoken_to_a_server_without_names_the_setting():
    with (
        running_wiki() as plain,
        pytest.raises(ServiceRefusedError, match=r"\[mediawiki\] url"),
    ):
        connect(plain.url.replace("http:", "https:"), BOT, name="the wiki").publish(TITLE, TEXT, summary=SUMMARY)


@pytest.mark.parametrize("url", ["wiki.example/w/api.php", "ftp://wiki.example/w/api.php", "", "https://"])
def test_what_is_no_address_names_the_setting(url):
    with pytest.raises(ServiceRefusedError, match=r"\[mediawiki\] url"):
        connect(url, BOT, name="the wiki").publish(TITLE, TEXT, summary=SUMMARY)


def test_a_proxy_of_the_environment_that_is_not_there_is_named(monkeypatch):
    with running_wiki() as gone:
        proxy = gone.url.removesuffix("/w/api.php")
    monkeypatch.setenv("HTTP_PROXY", proxy)
    monkeypatch.setenv("http_proxy", proxy)
    with pytest.raises(ServiceUnavailableError, match="proxy of the environment"):
        connect("http://wiki.example/w/api.php", BOT, name="the wiki").publish(TITLE, TEXT, summary=SUMMARY)
