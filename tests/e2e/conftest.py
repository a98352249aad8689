"""Real networks to run the bot on."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.ircservers import InspIrcd, Services, plain, start_ngircd, write_settings
from tests.scribes import UNDISTURBED, Scribes


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


@pytest.fixture
def network(tmp_path):
    """A network without accounts and history, and settings for it under which nobody types too fast."""
    with start_ngircd(tmp_path) as server:
        write_settings(tmp_path, core=plain(server), own=UNDISTURBED)
        yield server


@pytest.fixture
def scribes(network):
    """Five people on that network."""
    with closing(Scribes(network.address)) as scribes:
        yield scribes
