"""Measures the waits of fifty writers beside a thousand alert lines a minute, as much talk, and nothing.

``python -m tests.bench.alerts [--seconds N] [--rounds N]``: the bot runs on an ngIRCd; each writer types notes to it in
private, the next one a second after the last was acknowledged. At the end the record is read: every alert line is
counted, every acknowledged note is there once, and no line of the bot in the channel came from the alerts.
"""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.bench.__main__ import PATIENT
from tests.bench.baselines.place import CHANNEL
from tests.bench.bots import OURS, ROOT, Process
from tests.bench.caller import Caller, SilentError
from tests.bench.figures import THOUSAND, percentile
from tests.botprocess import BOT, command
from tests.ircservers import start_ngircd

DESK = "#desk"
"""The channel of the writers, in which the incident is current too: their clients need not read each line of the load.

IRC server, clients and bot share the machine here, which they do not elsewhere.
"""
SETTINGS = """
[core]
nick = {nick}
host = {host}
port = {port}
use_ssl = false
channels =
    "{channel}"
    "{desk}"
[irscribe]
alert_bots = alertbot*!*@*
unasked = none
pace = none
limit = none
"""
WRITERS, SPEAKERS, NAMES = 50, 2, 200
SLICES = 6
PER_MINUTE = 1000
THINKING = 1.0
SETTLED_WITHIN = 30.0
MINUTE = 60.0
TIMES_THE_QUIET = 2.0
QUIET, TALK, ALERTS = "quiet", "beside as much talk", "beside the alerts"
ACKNOWLEDGED = re.compile(rb"^:irscribe!\S+ PRIVMSG \S+ :#\d+ .*logged", re.MULTILINE)


@dataclass
class Writer:
    """Somebody who types notes in private: when the next one is due, and since when the last one waits."""

    caller: Caller
    due: float
    since: float | None = None
    typed: int = 0
    seconds: list[float] = field(default_factory=list)

    def type_due(self, now: float) -> None:
        """Type the next note if the last one is acknowledged and it is time."""
        if self.since is None and now >= self.due:
            self.typed += 1
            self.caller.say(f"PRIVMSG {OURS} :log the replica lags, {id(self)} {self.typed}")
            self.since = perf_counter()

    def hear(self) -> None:
        """Take what the bot says."""
        data = self.caller.socket.recv(1 << 16)
        if not data:
            raise SilentError("the server has hung up on a writer")
        if b"PING" in data:
            self.caller.say("PONG :bench")
        if self.since is not None and ACKNOWLEDGED.search(data):
            now = perf_counter()
            self.seconds.append(now - self.since)
            self.since, self.due = None, now + THINKING


class Load:
    """Bots or people who say so many lines a minute, about alerts of some names."""

    def __init__(self, callers: Sequence[Caller]) -> None:
        """Say nothing yet."""
        self._callers = callers
        self.said = 0
        self.firing: dict[str, int] = {}

    def say_due(self, seconds: float, *, since: int) -> None:
        """Say the lines that are due after so many seconds; ``since`` were said before."""
        while self.said - since < seconds * PER_MINUTE / MINUTE:
            caller = self._callers[self.said % len(self._callers)]
            caller.say(f"PRIVMSG {CHANNEL} :{self._line()}")
            self.said += 1

    def _line(self) -> str:
        name = f"Alert{self.said * 7 % NAMES}"
        self.firing[name] = self.firing.get(name, 0) + 1
        return f"FIRING: [{self.said % 4 + 2}x] {name}: it is broken #page - https://alerts.example.org/?q={name}"


def type_notes(writers: Sequence[Writer], *, seconds: float, load: Load | None = None) -> Sequence[float]:
    """Let all of them type for so long, until the last note is acknowledged; give the waits."""
    begun, said = perf_counter(), load.said if load else 0
    for number, each in enumerate(writers):
        each.due, each.seconds = begun + THINKING * number / len(writers), []
    with DefaultSelector() as selector:
        for each in writers:
            selector.register(each.caller.socket, EVENT_READ, each)
        while (now := perf_counter()) < begun + seconds + SETTLED_WITHIN:
            if now < begun + seconds:
                for each in writers:
                    each.type_due(now)
                if load:
                    load.say_due(now - begun, since=said)
            elif all(each.since is None for each in writers):
                return [wait for each in writers for wait in each.seconds]
            for key, _ in selector.select(0.01):
                key.data.hear()
    raise SilentError("a note was not acknowledged")


def measure(folder: Path, *, seconds: float) -> bool:
    """Print the figures of one round; True if all of it is as it is to be."""
    waits: dict[str, list[float]] = {QUIET: [], TALK: [], ALERTS: []}
    with _bot(folder) as (writers, talk, alerts, listener):
        loads = {QUIET: None, TALK: talk, ALERTS: alerts}
        for _ in range(SLICES):  # in turn, so that what disturbs the machine disturbs all of them
            for name, load in loads.items():
                waits[name] += type_notes(writers, seconds=seconds / SLICES, load=load)
        listener.say(f"PRIVMSG {CHANNEL} :!ir alerts")
        said = _said_until(listener, "alerts of 1")
        notes = sum(each.typed for each in writers)
    report = json.loads(command("export", "1", "--format", "json", folder=folder).stdout)
    counted = {each["name"]: each["count"] for each in report["alerts"]}
    logged = [each["text"] for each in report["timeline"] if each["text"].startswith("the replica lags")]
    for name, some in waits.items():
        print(f"{name:>26}: {_spoken(some)}")
    ratio = percentile(waits[ALERTS], 99) / percentile(waits[QUIET], 99)
    print(f"99th percentile: {ratio:.2f} × the quiet one, to be at most {TIMES_THE_QUIET:g}")
    print(f"lines of the bot in the channel meanwhile: {len(said)}")
    is_right = counted == alerts.firing
    print(f"alert lines said {alerts.said:,}, counted {sum(counted.values()):,}, each right: {is_right}")
    print(f"notes acknowledged {notes:,}, in the report {len(logged):,}, different {len(set(logged)):,}", flush=True)
    nothing_lost = is_right and len(logged) == len(set(logged)) == notes
    return nothing_lost and not said and ratio <= TIMES_THE_QUIET


def _spoken(waits: Sequence[float]) -> str:
    figures = median(waits), percentile(waits, 99), max(waits)
    return f"{' / '.join(f'{each * THOUSAND:.1f}' for each in figures)} ms ({len(waits):,} notes)"


def _said_until(listener: Caller, last: str) -> Sequence[str]:
    """Give what the bot said in the channel, but for the answer to the last line."""
    said = list(_up_to(listener, last))
    return [each for each in said[:-1] if "has been open since" not in each]


def _up_to(listener: Caller, last: str) -> Iterator[str]:
    for each in listener._answers():  # noqa: SLF001 - the lines that came meanwhile lie there
        yield each
        if last in each:
            return


@contextmanager
def _bot(folder: Path) -> Iterator[tuple[Sequence[Writer], Load, Load, Caller]]:
    """Start the bot with an incident open; give the writers, people who talk, alert bots, somebody who listens."""
    with ExitStack() as room:
        server = room.enter_context(start_ngircd(folder, link=PATIENT))
        host, port = server.address
        settings = SETTINGS.format(nick=OURS, host=host, port=port, channel=CHANNEL, desk=DESK)
        (folder / "config.ini").write_text(settings, encoding="utf-8")
        room.enter_context(Process([sys.executable, str(BOT), "run"], folder))

        def join(nick: str, channel: str = CHANNEL) -> Caller:
            return room.enter_context(Caller(server.address, nick=nick, channel=channel, bot=OURS))

        listener = join("listener")
        listener.await_bot()
        listener.ask("!ir start the database is slow", until=" has been open since ")
        listener.say(f"JOIN {DESK}")
        listener.ask(f"!ir also {DESK}", until=DESK)
        writers = [Writer(join(f"writer{number}", DESK), due=0.0) for number in range(WRITERS)]
        talk, alerts = (
            Load([join(f"{nick}{number}") for number in range(SPEAKERS)]) for nick in ("person", "alertbot")
        )
        yield writers, talk, alerts, listener


def main() -> int:
    """Measure some rounds."""
    parser = ArgumentParser(prog="python -m tests.bench.alerts", description=__doc__)
    parser.add_argument("--seconds", type=float, default=MINUTE)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    print("Median / 99th percentile / longest wait for the acknowledgement of a note, fifty writers.")
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    well = True
    for _ in range(chosen.rounds):
        with TemporaryDirectory(dir=var) as folder:
            well &= measure(Path(folder), seconds=chosen.seconds)
    return int(not well)


if __name__ == "__main__":
    sys.exit(main())
