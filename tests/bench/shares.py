"""``python -m tests.bench.shares``: what people who ask for very much cost the others and the bot.

Five people ask for a long list at once, at the default pace: the seconds until each has their first ten lines. Then one
asks 410 times as fast as the default limit allows, and quits: the memory of the bot and the lines of its log.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from irscribe.demo import Client
from irscribe.demo.client import Heard
from irscribe.engine.joining import SEPARATOR
from tests.bench.bots import OURS, ROOT, Process
from tests.botprocess import BOT
from tests.ircservers import start_ngircd

SETTINGS = """
[core]
nick = irscribe
host = {}
port = {}
use_ssl = false
channels = "#ops"
"""
CHANNEL = "#ops"
LONG_LISTS = ("!ir help all", "!ir help")
"""Commands for a long list, tried in this order until the bot answers one in private."""
PEOPLE, LINES, TARGET_SECONDS = 5, 10, 15.0
TIMES, AT_ONCE, PER_SECOND = 410, 40, 5.0
MIB = 1 << 20
PATIENCE = 120.0


class Asker:
    """Somebody who asks for a list, and the seconds after which each line of it was there."""

    def __init__(self, nick: str, address: tuple[str, int]) -> None:
        self.seen: list[float] = []
        self.begun = monotonic()
        self.client = Client(nick, address, hear=self._hear)
        self.client.join(CHANNEL)

    def ask(self, line: str) -> None:
        """Ask, without waiting for anything."""
        self.begun = monotonic()
        self.client.send(f"PRIVMSG {CHANNEL} :{line}")

    def _hear(self, heard: Heard) -> None:
        if heard.speaker == OURS and heard.in_private:
            self.seen += [monotonic() - self.begun] * len(heard.text.split(SEPARATOR))


def main() -> int:
    """Print it all; 1 if somebody had to wait for too long."""
    (ROOT / "var").mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="shares-", dir=ROOT / "var") as folder, start_ngircd(Path(folder)) as server:
        with _bot(Path(folder), server.address):
            line = _long_list(server.address)
        with _bot(Path(folder), server.address):
            longest = _ask_together(server.address, line)
        with _bot(Path(folder), server.address) as bot:
            _ask_again_and_again(server.address, line, bot, Path(folder) / "bot.log")
    return int(longest > TARGET_SECONDS)


def _long_list(address: tuple[str, int]) -> str:
    with Client("scout", address) as scout:
        scout.join(CHANNEL)
        scout.expect_presence(OURS, CHANNEL)
        for line in LONG_LISTS:
            scout.say(CHANNEL, line)
            if "sent to you in private" in scout.expect(f"^{CHANNEL} <{OURS}> ").text:
                return line
    raise LookupError("no long list")


def _ask_together(address: tuple[str, int], line: str) -> float:
    with ExitStack() as stack:
        askers = [Asker(f"person{number}", address) for number in range(PEOPLE)]
        for each in askers:
            stack.callback(each.client.quit)
            each.client.expect_presence(OURS, CHANNEL)
        for each in askers:
            each.ask(line)
        end = monotonic() + PATIENCE
        while any(len(each.seen) < LINES for each in askers) and monotonic() < end:
            sleep(0.1)
        print(f"{PEOPLE} people ask for `{line}` at once, default pace; seconds to the first and the tenth line:")
        for each in askers:
            print(f"  {each.client.nick}: {_at(each.seen, 1):.1f}  {_at(each.seen, LINES):.1f}")
        return max(_at(each.seen, LINES) for each in askers)


def _ask_again_and_again(address: tuple[str, int], line: str, bot: Process, log: Path) -> None:
    """One person asks at their limit, and quits once the last question is answered or dropped."""
    with Client("mallory", address) as mallory:
        mallory.join(CHANNEL)
        mallory.expect_presence(OURS, CHANNEL)
        logged, before = len(_lines(log)), bot.resident_bytes
        for number in range(TIMES):
            mallory.send(f"PRIVMSG {CHANNEL} :{line}")
            sleep(0.0 if number < AT_ONCE else 1 / PER_SECOND)
        at_the_end = bot.resident_bytes
    sleep(2)
    print(f"{TIMES} x `{line}` by one person, who quits; memory in MiB:")
    print(f"  before {before / MIB:.1f}, at the end {at_the_end / MIB:.1f}, afterwards {bot.resident_bytes / MIB:.1f}")
    print("\n".join(["  in the log:", *(f"  {each[:120]}" for each in _lines(log)[logged:])]))


@contextmanager
def _bot(folder: Path, address: tuple[str, int]) -> Iterator[Process]:
    (folder / "config.ini").write_text(SETTINGS.format(*address), encoding="utf-8")
    with Process([sys.executable, str(BOT), "run"], folder) as bot:
        yield bot


def _at(seen: list[float], count: int) -> float:
    return seen[count - 1] if len(seen) >= count else float("inf")


def _lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    sys.exit(main())
