"""The benchmarks' crowd on a real server, with the bot that can do least wrong."""

from __future__ import annotations

from dataclasses import replace

from tests.bench.bots import RAW
from tests.bench.effort import QUICK
from tests.bench.lives import live
from tests.ircservers import start_ngircd


def test_every_line_of_a_crowd_is_counted_once(tmp_path):
    effort = replace(QUICK, warm_up=2, asked=10, writers=10, notes=20)
    with start_ngircd(tmp_path) as server:
        seen = live(RAW, server.address, tmp_path, effort, parts="ab")

    assert len(seen.latencies) == 10
    assert seen.shouting.faults == ()
    assert seen.shouting.out_of_order == 0
