"""The benchmarks count, compare and write down correctly."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import pytest

from irscribe.config import load
from tests.bench import soak
from tests.bench.bots import BARE, CLIENT, EMBEDDED, LIMNORIA, NAIVE, OURS, ROOT
from tests.bench.burst import AcknowledgementCounter, Burst, acknowledged
from tests.bench.crowd import LIMIT
from tests.bench.document import BEGIN, END, PAGE, NoMarkersError, replace_between
from tests.bench.figures import Figure, percentile
from tests.bench.growth import Compared
from tests.bench.lives import Life, Shouting
from tests.bench.record import count_out_of_order, faults, write_speeches
from tests.bench.rounds import Round, faults_of
from tests.bench.soak import Part
from tests.bench.tables import table, waits_table, writer_table
from tests.bench.targets import judge, judge_held, judge_waits
from tests.bench.waits import AT_LIMIT, IMPORTING, QUIET, Beside, Waits
from tests.bench.writer_time import Held

MIB = 2**20
SPEECHES = write_speeches(2, 3)
RECORDED = list(enumerate([*SPEECHES[0], *SPEECHES[1]], 1))


def life(*, middle=0.001, rate=100.0, mib=50, start=0.5, wrong=()):
    shouting = Shouting(per_second=rate, resident_bytes=mib * MIB, out_of_order=0, faults=wrong)
    return Life(start_seconds=start, latencies=(middle,) * 3, shouting=shouting)


def a_round(*, commit=0.0001, **ours):
    """A round in which every target is just reached, but for what is said of ours."""
    just = {"middle": 1.2 * (0.0009 + commit), "rate": 4200.0, "mib": 65, "start": 0.9}
    lives = {
        OURS: life(**{**just, **ours}),
        BARE.name: life(middle=0.0009, mib=50),
        NAIVE.name: life(rate=1050.0),
        LIMNORIA.name: life(rate=1400.0),
        CLIENT.name: life(rate=6000.0),
        EMBEDDED.name: life(start=0.9),
    }
    return Round(commits=[commit] * 3, lives=lives)


def beside(*, quiet=0.005, import_=0.05):
    """A round: the waits in quiet, and beside two people at the limit and an import; all but a few are short."""
    loads = {f"{AT_LIMIT}find": 0.05, f"{AT_LIMIT}list": 0.01, IMPORTING: import_}
    waits = {name: Waits(seconds=[0.001] * 197 + [wait] * 3) for name, wait in loads.items()}
    return Beside(waits={QUIET: Waits(seconds=[quiet] * 200), **waits})


def compared(*, young=0.2, old=0.3, entries=0):
    return Compared(name="`!ir find`", young=Figure.of([young]), old=Figure.of([old]), entries=entries)


def missed(rounds, *more):
    return [(each.part, each.bound) for each in judge(rounds, more) if not each.reached]


def test_every_target_is_judged():
    judged = [(each.part, each.bound) for each in judge([a_round()], [compared(entries=10_000)])]

    assert judged == [
        *(("a", 1.2), ("b", 4.0), ("b", 3.0), ("b", 0.7), ("b", 0), ("c", 1.3), ("d", 1.0), ("d", 1.8), ("d", 1.8)),
        *(("e", 1.5), ("e", 0.8)),
    ]


@pytest.mark.parametrize("commit", [0.0001, 0.0005])
def test_what_is_just_reached_is_reached(commit):
    assert missed([a_round(commit=commit)], compared()) == []


@pytest.mark.parametrize(
    ("ours", "expected"),
    [
        ({"middle": 0.0013}, [("a", 1.2)]),
        ({"rate": 4199.0}, [("b", 4.0), ("b", 3.0), ("b", 0.7)]),
        ({"mib": 66}, [("c", 1.3)]),
        ({"wrong": ("1 not recorded",)}, [("b", 0)]),
        ({"start": 0.91}, [("d", 1.8)]),
    ],
)
def test_what_falls_short_is_missed(ours, expected):
    assert missed([a_round(**ours)]) == expected


def test_a_late_start_is_missed():
    late = a_round()
    late = replace(late, lives={**late.lives, EMBEDDED.name: life(start=1.01)})
    assert missed([late]) == [("d", 1.0), ("d", 1.8)]


def test_a_command_that_grows_with_the_database_is_missed():
    assert missed([], compared(young=0.1, old=0.151)) == [("e", 1.5)]
    assert missed([], compared(young=0.7, old=0.81, entries=10_000)) == [("e", 0.8)]
    verb = replace(compared(young=0.9, old=1.01, entries=10_000), name="`bot.py export --format json`")
    assert missed([], verb) == [("e", 1.0)]


def test_what_the_old_database_is_compared_with_is_named_apart():
    (ordinary,), (long, _) = (list(judge([], [compared(entries=entries)])) for entries in (0, 10_000))
    assert ordinary.what.endswith(" on the new one")
    assert long.what.endswith(" with that incident alone")


def test_the_waits_beside_others_are_judged_by_the_worst_of_each_kind():
    judged = [(each.what.partition(":  ")[0], each.found, each.bound) for each in judge_waits([beside()] * 5)]
    assert [each[1:] for each in judged] == [*(pytest.approx(pair) for pair in [(50, 50), (50, 500)] * 2), (0, 0)]
    assert f"{AT_LIMIT}find" in judged[0][0]


@pytest.mark.parametrize(
    ("rounds", "expected"),
    [
        ([beside(import_=0.051)], [50]),
        ([beside(import_=0.051, quiet=0.017)], []),
        ([beside(import_=0.501)], [50, 500]),
        ([beside(import_=0.501, quiet=0.2)], [500]),
        ([beside(import_=0.501), beside(), beside()], []),
    ],
)
def test_long_waits_in_most_rounds_are_missed(rounds, expected):
    assert [each.bound for each in judge_waits(rounds) if not each.reached] == expected


def test_a_note_that_is_refused_is_missed():
    refused = Beside(waits={**beside().waits, "other": Waits(seconds=[0.001], refused=1)})
    assert [each.found for each in judge_waits([refused]) if not each.reached] == [1]


def test_a_command_that_holds_the_writer_longer_in_a_large_incident_is_missed():
    held = [
        Held(line=line, seconds={100: 0.002, 1_000: 0.009, 10_000: last})
        for line, last in [("a", 0.003), ("b", 0.0031)]
    ]
    assert [each.reached for each in judge_held(held)] == [True, False]


def test_all_that_was_measured_beside_others_has_a_row():
    assert len(waits_table([beside()] * 3).splitlines()) == 2 + len(beside().waits)
    held = Held(line="!ir close", seconds={100: 0.01, 1_000: 0.01, 10_000: 0.012})
    assert writer_table([held]).splitlines()[-1].split("|")[1:-1][-1].strip() == "1.20"


def test_the_benchmarks_need_no_package_of_the_tests_besides_pytest():
    absent = "sys.modules.update(dict.fromkeys(('psycopg2', 'hypothesis', 'xdist')))"
    run = [sys.executable, "-c", f"import sys; {absent}; import tests.bench.__main__"]
    subprocess.run(run, cwd=ROOT, check=True)


def test_people_at_the_limit_keep_to_the_shipped_one(tmp_path):
    (tmp_path / "config.ini").write_text("[core]\nnick = irscribe\n")
    assert load(tmp_path / "config.ini").limit == LIMIT


def test_bots_are_compared_within_a_round():
    slow_machine = a_round(rate=400.0)
    slow = {name: replace(each, shouting=life(rate=100.0).shouting) for name, each in slow_machine.lives.items()}
    slow_machine = replace(slow_machine, lives={**slow, OURS: slow_machine.lives[OURS]})
    found = [each.found for each in judge([a_round(), slow_machine, a_round()], []) if each.bound == 4.0]
    assert found == [4.0]


def test_only_our_own_disorder_is_a_fault():
    disorder = replace(life().shouting, out_of_order=7)
    lives = {name: replace(each, shouting=disorder) for name, each in a_round().lives.items()}
    assert list(faults_of([replace(a_round(), lives=lives)])) == [(OURS, "round 1: 7 out of order")]


def test_what_was_said_and_recorded_once_has_no_faults():
    assert faults(SPEECHES, [(9, "warm-up"), *[(n + 9, text) for n, text in RECORDED]], range(10, 16)) == []


@pytest.mark.parametrize(
    ("recorded", "numbers", "expected"),
    [
        (RECORDED[1:], range(2, 7), ["1 not recorded"]),
        (RECORDED[1:], range(1, 7), ["1 not recorded", "1 acknowledged but not recorded"]),
        ([*RECORDED, (7, RECORDED[0][1])], range(1, 8), ["1 recorded more than once"]),
        (RECORDED, range(1, 6), ["1 not acknowledged"]),
        (RECORDED, [1, *range(1, 7)], ["1 acknowledged but not recorded"]),
    ],
)
def test_what_is_wrong_with_a_record_is_said(recorded, numbers, expected):
    assert faults(SPEECHES, recorded, numbers) == expected


def test_notes_of_different_writers_may_stand_in_any_order():
    shuffled = [text for pair in zip(*SPEECHES, strict=True) for text in pair]
    assert count_out_of_order(SPEECHES, list(enumerate(shuffled, 1))) == 0
    assert count_out_of_order(SPEECHES, list(enumerate(reversed(shuffled), 1))) == 4


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("#7 15:40 logged", [7]),
        ("#7 logged", [7]),
        ("#8–#10 logged", [8, 9, 10]),
        ("#3, #5–#6 logged", [3, 5, 6]),
        ("pong", [0]),
        ("#7 is not there", []),
        ("The database takes nothing just now.", []),
    ],
)
def test_acknowledgements_are_counted_by_what_they_speak_of(text, numbers):
    assert list(acknowledged(text)) == numbers


@pytest.mark.parametrize("at", range(1, 90, 11))
def test_a_line_that_comes_in_parts_is_heard_once(at):
    said = (
        b":bot!b@h PRIVMSG #ops :#1 logged\r\n:eve!e@h PRIVMSG #ops :#9 logged\r\n:bot!b@h PRIVMSG #ops :#2 logged\r\n"
    )
    ear = AcknowledgementCounter(bot="bot", channel="#ops")
    ear.hear(said[:at])
    ear.hear(said[at:])
    assert ear.acknowledged == [1, 2]


def test_a_rate_is_of_what_was_acknowledged():
    assert Burst(acknowledged=(1, 2, 3, 4), seconds=0.5).per_second == 8


def test_percentiles_and_figures():
    assert [percentile(range(1, 301), each) for each in (50, 99, 100)] == [150, 297, 300]
    assert percentile([3.0], 99) == 3.0
    assert Figure.of([3.0, 1.0, 2.5]) == Figure(2.5, 1.0, 3.0)
    assert Figure.of([0.0025, 0.001, 0.003]).show(".1f", unit=1000) == "2.5 (1.0–3.0)"
    assert Figure.of([2.0]).show(".0f") == "2"


def test_only_what_stands_between_the_markers_is_written_anew():
    page = f"# Before\n\n{BEGIN}\nold\n{END}\n\nafter\n"
    once = replace_between(page, "new\n")
    assert once == f"# Before\n\n{BEGIN}\n\nnew\n\n{END}\n\nafter\n"
    assert replace_between(once, "new") == once


@pytest.mark.parametrize("page", ["", BEGIN + "\n", f"{END}\n{BEGIN}\n", f"{BEGIN}\n{END}{BEGIN}\n{END}"])
def test_a_page_without_its_markers_is_not_touched(page):
    with pytest.raises(NoMarkersError):
        replace_between(page, "new")


def test_the_page_has_its_markers():
    page = PAGE.read_text(encoding="utf-8")
    assert replace_between(page, "new") != page


def test_a_table_has_a_cell_for_each_column():
    rows = table(["bot", "ms"], [["irscribe", "0.5"], ["bare Sopel", "10.25"]]).splitlines()
    assert {re.sub("[^|]", "", row) for row in rows} == {"|||"}
    assert len({len(row) for row in rows}) == 1


def part(*, wait=0.001, mib=60, files=15, threads=10):
    return Part(waits=[wait] * 3, resident_bytes=mib * MIB, files=files, threads=threads)


@pytest.mark.parametrize(
    ("last", "word"),
    [
        (part(mib=65), "Memory"),
        (part(files=18), "files"),
        (part(threads=11), "Threads"),
        (part(wait=0.0061), "Acknowledgements"),
    ],
)
def test_a_soak_says_what_grew(last, word):
    (said,) = soak.judge([part(), part(), part(), last])
    assert word in said
    assert [*soak.judge([part(), last, part(), part(mib=64, wait=0.0059, files=17)])] == []
