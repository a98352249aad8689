"""The targets of the benchmarks, judged by the measurements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.bench.bots import BARE, CLIENT, EMBEDDED, LIMNORIA, NAIVE, OURS, Bot
from tests.bench.figures import MEBI, THOUSAND, Figure
from tests.bench.growth import Compared
from tests.bench.rounds import Round, faults_of, figure
from tests.bench.waits import AT_LIMIT, QUIET, Beside
from tests.bench.writer_time import Held

OVER_COMMITS = 1.2
OVER_NAIVE, OVER_LIMNORIA, OVER_CLIENT = 4.0, 3.0, 0.7
MEMORY = 1.3
START_SECONDS = 1.0
OVER_BARE_START = 1.8
GROWTH = 1.5
EXPORT_SECONDS, VERB_SECONDS = 0.8, 1.0
OVER_QUIET, SLOW_SECONDS, LONGEST_SECONDS = 3.0, 0.05, 0.5
"""The 99th percentile of the waits is at most so many times the quiet one, or so many seconds; the longest wait."""
IN_WRITER = 1.5


@dataclass(frozen=True, kw_only=True)
class Target:
    """A figure and what it is to be: at most the bound, or at least."""

    part: str
    what: str
    found: float
    bound: float
    at_least: bool = False

    @property
    def reached(self) -> bool:
        """True if the figure keeps to the bound."""
        return self.found >= self.bound if self.at_least else self.found <= self.bound

    @property
    def wanted(self) -> str:
        """The bound in words."""
        return f"at {'least' if self.at_least else 'most'} {self.bound:g}"

    def __str__(self) -> str:
        return f"({self.part}) {'reached' if self.reached else 'MISSED '}  {self.found:.2f}, {self.wanted}: {self.what}"


def judge(rounds: Sequence[Round], compared: Sequence[Compared]) -> Iterator[Target]:
    """The targets that what was measured speaks of."""
    if rounds:
        yield from _judge_latency(rounds)
        yield from _judge_bursts(rounds)
        yield from _judge_record(rounds)
        yield from _judge_memory(rounds)
        yield from _judge_start(rounds)
    for each in compared:
        yield from _judge_growth(each)


def _judge_latency(rounds: Sequence[Round]) -> Iterator[Target]:
    lives = [(each.lives[OURS].middle, each.lives[BARE.name].middle, each.commit) for each in rounds]
    measured = [(ours, ping, commit) for ours, ping, commit in lives if ours is not None and ping is not None]
    if measured:
        ours, ping, commit = (Figure.of(column).median * THOUSAND for column in zip(*measured, strict=True))
        what = f"`!log` {ours:.2f} ms over bare Sopel's `!ping` {ping:.2f} ms and one commit {commit:.2f} ms"
        ratio = Figure.of(ours / (ping + commit) for ours, ping, commit in measured).median
        yield Target(part="a", what=what, found=ratio, bound=OVER_COMMITS)


def _judge_bursts(rounds: Sequence[Round]) -> Iterator[Target]:
    bounds = {NAIVE: OVER_NAIVE, LIMNORIA: OVER_LIMNORIA, CLIENT: OVER_CLIENT}
    for bot, bound in bounds.items():
        if rates := _shoutings(rounds, bot, "per_second"):
            ours, theirs = (Figure.of(column).median for column in zip(*rates, strict=True))
            what = f"{ours:,.0f} notes a second over {theirs:,.0f} of {bot.name}"
            yield Target(part="b", what=what, found=_ratio(rates), bound=bound, at_least=True)


def _judge_record(rounds: Sequence[Round]) -> Iterator[Target]:
    if any(each.lives[OURS].shouting for each in rounds):
        wrong = sum(name == OURS for name, _ in faults_of(rounds))
        what = "rounds with a note of ours lost, doubled, out of its writer's order, or acknowledged but not recorded"
        yield Target(part="b", what=what, found=wrong, bound=0)


def _judge_memory(rounds: Sequence[Round]) -> Iterator[Target]:
    if sizes := _shoutings(rounds, BARE, "resident_bytes"):
        ours, bare = (Figure.of(column).median / MEBI for column in zip(*sizes, strict=True))
        what = f"{ours:.0f} MiB after that over {bare:.0f} MiB of {BARE.name}"
        yield Target(part="c", what=what, found=_ratio(sizes), bound=MEMORY)


def _judge_start(rounds: Sequence[Round]) -> Iterator[Target]:
    inner = figure(rounds, EMBEDDED.name, lambda life: life.start_seconds)
    if inner:
        what = f"seconds from start to first answer on the inner server ({inner.show('.2f')})"
        yield Target(part="d", what=what, found=inner.median, bound=START_SECONDS)
        for name in (EMBEDDED.name, OURS):
            starts = [(each.lives[name].start_seconds, each.lives[BARE.name].start_seconds) for each in rounds]
            ours, bare = (Figure.of(column).median for column in zip(*starts, strict=True))
            what = f"start to first answer, {name}: {ours:.2f} s over {bare:.2f} s of {BARE.name}"
            yield Target(part="d", what=what, found=_ratio(starts), bound=OVER_BARE_START)


def _judge_growth(each: Compared) -> Iterator[Target]:
    young, old = each.young.median * THOUSAND, each.old.median * THOUSAND
    before = "with that incident alone" if each.entries else "on the new one"
    what = f"{each.title}: {old:,.1f} ms on the old database over {young:,.1f} ms {before}"
    yield Target(part="e", what=what, found=each.ratio, bound=GROWTH)
    if each.entries:
        bound = VERB_SECONDS if each.name.startswith("`bot.py") else EXPORT_SECONDS
        yield Target(part="e", what=f"{each.title}: seconds on the old database", found=each.old.median, bound=bound)


def judge_waits(beside: Sequence[Beside]) -> Iterator[Target]:
    """The waits beside each load; of those of one person at the limit the worst ones."""
    if not beside:
        return
    quiet = Figure.of(each.waits[QUIET].slow for each in beside).median
    bound = max(OVER_QUIET * quiet, SLOW_SECONDS)
    for names in _alike(beside):
        slow, slowest = max((_median(beside, name, "slow"), name) for name in names)
        longest, worst = max((_median(beside, name, "longest"), name) for name in names)
        what = f"{slowest}: ms, the 99th percentile of a note's waits, in quiet {quiet * THOUSAND:.1f} ms"
        yield Target(part="f", what=what, found=slow * THOUSAND, bound=round(bound * THOUSAND, 1))
        what = f"{worst}: ms, the longest wait of a note"
        yield Target(part="f", what=what, found=longest * THOUSAND, bound=LONGEST_SECONDS * THOUSAND)
    refused = sum(waits.refused for each in beside for waits in each.waits.values())
    yield Target(part="f", what="notes that were refused meanwhile", found=refused, bound=0)


def _alike(beside: Sequence[Beside]) -> Iterator[Sequence[str]]:
    """The names of the loads that are judged together."""
    names = [each for each in beside[0].waits if each != QUIET]
    yield [each for each in names if each.startswith(AT_LIMIT)]
    yield from ([each] for each in names if not each.startswith(AT_LIMIT))


def _median(beside: Sequence[Beside], name: str, measure: str) -> float:
    return Figure.of(getattr(each.waits[name], measure) for each in beside).median


def judge_held(held: Sequence[Held]) -> Iterator[Target]:
    """The time in the writer, of the largest incident over the smallest one."""
    for each in held:
        (few, short), *_, (many, long) = ((size, each.seconds[size] * THOUSAND) for size in each.seconds)
        what = f"`{each.line}`: {long:.1f} ms in the writer at {many:,} entries over {short:.1f} ms at {few:,}"
        yield Target(part="g", what=what, found=each.ratio, bound=IN_WRITER)


def _shoutings(rounds: Sequence[Round], bot: Bot, name: str) -> list[tuple[float, float]]:
    pairs = [(each.lives[OURS].shouting, each.lives[bot.name].shouting) for each in rounds]
    return [(getattr(ours, name), getattr(theirs, name)) for ours, theirs in pairs if ours and theirs]


def _ratio(pairs: Sequence[tuple[float, float]]) -> float:
    """Our figure divided by theirs, in the median round."""
    return Figure.of(ours / theirs for ours, theirs in pairs).median
