"""The wait before the next connection, by what became of the last ones."""

from __future__ import annotations

import pytest

from irscribe.runtime.back_off import BackOff


@pytest.mark.parametrize(
    ("lasted", "waits"),
    [
        ([None] * 10, [1, 1, 2, 4, 8, 16, 32, 60, 60, 60]),
        ([3] * 7, [0, 1, 2, 4, 8, 8, 8]),
        ([3, None, None, None], [0, 1, 1, 2]),
        ([3, 3, 59, 60, 61], [0, 1, 2, 0, 0]),
        ([None, None, None, 3, None], [1, 1, 2, 0, 1]),
        ([3600, None, 3600], [0, 1, 0]),
    ],
    ids=["a server that is away", "one that flaps", "one that restarts", "a quiet minute", "let in at last", "steady"],
)
def test_the_wait_before_the_next_connection_depends_on_what_became_of_the_last_ones(lasted, waits):
    back_off = BackOff()
    assert [back_off.after(each) for each in lasted] == waits


def test_a_server_that_is_away_for_days_is_asked_every_minute():
    back_off = BackOff(not_let_in=10_000)
    assert back_off.after(None) == 60
