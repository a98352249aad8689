"""The years of incidents the benchmarks are asked about are a record like any other."""

from __future__ import annotations

import pytest

from tests.bench.baselines.place import HOST
from tests.bench.history import Scope, write_history
from tests.bench.words import COMMON, NOWHERE, RARE
from tests.replies import in_private, nothing_holds
from tests.talk import Talk

SCOPE = Scope(incidents=12, entries=300, long=80, channel="#ops")


@pytest.fixture
def old(tmp_path):
    file = tmp_path / "old.db"
    write_history(file, SCOPE)
    talk = Talk(tmp_path, url=f"sqlite:///{file}")
    yield talk
    talk.database.close()


def test_the_bot_reads_it_and_goes_on_with_it(old):
    def say(line):
        return old.say("alice", line, channel="#ops", network=HOST)

    sizes = [len(old.report(number).timeline) for number in range(1, SCOPE.incidents + 1)]
    assert (sum(sizes), max(sizes), sizes.index(80) + 1) == (300, 80, SCOPE.long_one)
    assert say("!ir list 12")[0].startswith("12 incidents: sent")
    assert say(f"!ir find {COMMON}") == [in_private("12 hits")]
    for word in (RARE, NOWHERE):
        assert say(f"!ir find {word}") == [nothing_holds(word)]
    assert say("!ir start the next one")[0].startswith("Incident 13 ")
    assert say(f"!log a {RARE}")[0].startswith("#2 ")
    assert len(say(f"!ir find {RARE}")) == 1
