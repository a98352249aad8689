"""Conversations with services: servers on loopback, a desk between them, and no say for the environment."""

from __future__ import annotations

import pytest

from tests.http.desk import Desk
from tests.http.fake_mediawiki import running_wiki
from tests.http.fake_phabricator import running_phabricator


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "requests_ca_bundle", "curl_ca_bundle"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def phabricator():
    with running_phabricator() as fake:
        yield fake


@pytest.fixture
def wiki():
    with running_wiki() as fake:
        yield fake


@pytest.fixture
def desk_with(tmp_path, phabricator, wiki):
    """Desks with the settings asked for."""
    desks = []

    def make(**more) -> Desk:
        desks.append(Desk(tmp_path, phabricator=phabricator, wiki=wiki, **more))
        return desks[-1]

    yield make
    for desk in desks:
        desk.database.close()


@pytest.fixture
def desk(desk_with):
    return desk_with()
