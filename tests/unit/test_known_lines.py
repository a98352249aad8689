"""Lines that were heard are found again without a look at each of them."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.talk import HeardLine, KnownLines
from tests.talk import CHANNEL, NETWORK, NOON

HALF_SECOND = timedelta(seconds=0.5)


def line(nick: str, text: str, halves: int, *, msgid: str | None, read_back: bool) -> HeardLine:
    at = NOON + halves * HALF_SECOND
    return HeardLine(
        network=NETWORK,
        channel=CHANNEL,
        nick=nick,
        account=None,
        msgid=msgid,
        said_at=at,
        heard_at=at,
        text=text,
        read_back=read_back,
    )


LINES = st.builds(
    line,
    st.sampled_from(["alice", "bob"]),
    st.sampled_from(["hello", "again"]),
    st.integers(0, 3),
    msgid=st.sampled_from([None, "m1", "m2"]),
    read_back=st.booleans(),
)


@given(st.lists(LINES, max_size=6), LINES)
def test_a_line_is_among_those_that_are_the_same(others, wanted):
    assert KnownLines(others).holds(wanted) is any(wanted.is_same(each) for each in others)
