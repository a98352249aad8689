"""Several people who type all they have at once, and what the bot answers until the last line is acknowledged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector, SelectorKey
from time import perf_counter

from tests.bench.caller import ANSWER_SECONDS, Caller

BYTES_PER_READ = 1 << 18
NUMBERS = re.compile(r"#(\d+)(?:–#(\d+))?")


@dataclass(frozen=True)
class Burst:
    """The lines that were acknowledged, by number where the bot gives any, and the seconds until the last one."""

    acknowledged: tuple[int, ...]
    seconds: float

    @property
    def per_second(self) -> float:
        """Acknowledged notes per second."""
        return len(self.acknowledged) / self.seconds


class AcknowledgementCounter:
    """Takes what the bot says in a channel apart."""

    def __init__(self, *, bot: str, channel: str) -> None:
        self.acknowledged: list[int] = []
        self.at = perf_counter()
        said = rf"^:{re.escape(bot)}!\S+ PRIVMSG {re.escape(channel)} :(.*)\r\n"
        self._said = re.compile(said.encode(), re.MULTILINE)
        self._rest = b""

    def hear(self, data: bytes) -> None:
        """Count the acknowledgements in what came; the last line may be a part of one."""
        lines, end, self._rest = (self._rest + data).rpartition(b"\n")
        found = [number for text in self._said.findall(lines + end) for number in acknowledged(text.decode())]
        if found:
            self.acknowledged += found
            self.at = perf_counter()


def acknowledged(text: str) -> Sequence[int]:
    """The numbers an acknowledgement speaks of, one or many; an answer to a ping stands for one line."""
    if text == "pong":
        return [0]
    spoken = NUMBERS.findall(text) if text.endswith("logged") else ()
    return [number for first, last in spoken for number in range(int(first), int(last or first) + 1)]


def burst(writers: Sequence[Caller], listener: Caller, speeches: Sequence[Sequence[str]], *, bot: str) -> Burst:
    """Let each writer say a speech, and wait until every line is acknowledged or nothing comes any more."""
    ear = AcknowledgementCounter(bot=bot, channel=listener.channel)
    expected = sum(map(len, speeches))
    with DefaultSelector() as selector:
        for caller, speech in zip(writers, speeches, strict=True):
            lines = "".join(f"PRIVMSG {listener.channel} :{line}\r\n" for line in speech)
            caller.socket.settimeout(0.0)
            selector.register(caller.socket, EVENT_READ | EVENT_WRITE, memoryview(lines.encode()))
        listener.socket.settimeout(0.0)
        selector.register(listener.socket, EVENT_READ, ear)
        begun = ear.at = perf_counter()
        while len(ear.acknowledged) < expected and perf_counter() - ear.at < ANSWER_SECONDS:
            for key, ready in selector.select(1.0):
                _serve(selector, key, ready)
    return Burst(tuple(ear.acknowledged), ear.at - begun)


def _serve(selector: DefaultSelector, key: SelectorKey, ready: int) -> None:
    """Say as much as the socket takes, hear what there is."""
    connection, task = key.fileobj, key.data
    if ready & EVENT_WRITE:
        left = task[connection.send(task) :]
        selector.modify(connection, EVENT_READ | EVENT_WRITE if left else EVENT_READ, left)
    if ready & EVENT_READ:
        data = connection.recv(BYTES_PER_READ)
        if not data:
            raise EOFError("the server has hung up")
        if isinstance(task, AcknowledgementCounter):
            task.hear(data)
