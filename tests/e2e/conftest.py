"""Real networks to run the bot on."""

from __future__ import annotations

import pytest

from tests.ircservers import InspIrcd, Services


@pytest.fixture
def inspircd(tmp_path):
    """A network of today."""
    with InspIrcd(tmp_path) as server:
        yield server


@pytest.fixture
def services(inspircd):
    """The services of that network, and accounts of the bot and two people."""
    with Services(inspircd) as services:
        services.register("scribe", "alice", "bob")
        yield services
