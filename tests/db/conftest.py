"""A channel to talk in, on a database of its own."""

from __future__ import annotations

import pytest

from tests.talk import Talk


@pytest.fixture
def talk(tmp_path):
    talk = Talk(tmp_path)
    yield talk
    talk.database.close()
