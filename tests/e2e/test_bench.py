"""The benchmarks' crowd on a real server, with the bot that can do least wrong."""

from __future__ import annotations

from dataclasses import replace

from irscribe.config import Pace
from tests.bench.bots import RAW
from tests.bench.caller import Caller
from tests.bench.crowd import Crowd
from tests.bench.effort import QUICK
from tests.bench.lives import live
from tests.ircservers import start_ngircd
from tests.waiting import HANGS, wait_until


def test_every_line_of_a_crowd_is_counted_once(tmp_path):
    effort = replace(QUICK, warm_up=2, asked=10, writers=10, notes=20)
    with start_ngircd(tmp_path) as server:
        seen = live(RAW, server.address, tmp_path, effort, parts="ab")

    assert len(seen.latencies) == 10
    assert seen.shouting.faults == ()
    assert seen.shouting.out_of_order == 0


def test_a_typist_types_the_lines_in_turn_at_a_pace_and_listens(tmp_path):
    with (
        start_ngircd(tmp_path) as server,
        Caller(server.address, nick="mallory", channel="#ops", bot="nobody") as mallory,
        Caller(server.address, nick="ear", channel="#ops", bot="mallory") as ear,
        Crowd([mallory]) as crowd,
    ):
        with crowd.typing("one", "two", people=1, pace=Pace(4, 0.001)):
            heard = ear.ask("I listen", until="two", times=2)
        assert heard.texts == ("one", "two", "one", "two")
        assert not crowd.settles(seconds=0.0)
        ear.say("PRIVMSG #ops :that was all")
        wait_until(lambda: crowd.typists[0].has_heard("that was all"), HANGS, "the typist heard nothing")
