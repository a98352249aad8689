"""The question whether a port speaks TLS ends, whatever the port says."""

from __future__ import annotations

from time import monotonic

import pytest

from irscribe.runtime import encryption
from irscribe.runtime.encryption import find_contradiction
from tests.scriptedserver import DrippingServer
from tests.waiting import slowness

PATIENCE = 0.5
EVERY = 0.1
"""Seconds: a server that says a byte as often takes far longer than the patience for as many as are read."""


@pytest.mark.parametrize("use_ssl", [True, False])
def test_a_server_that_drips_does_not_keep_the_question_from_its_end(monkeypatch, use_ssl):
    monkeypatch.setattr(encryption, "QUESTION_TIMEOUT", PATIENCE)
    with DrippingServer(every=EVERY) as server:
        begun = monotonic()
        assert find_contradiction("127.0.0.1", server.port, use_ssl=use_ssl) is None
        assert monotonic() - begun < (PATIENCE + 1) * slowness()
