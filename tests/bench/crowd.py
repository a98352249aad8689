"""People in the bot's channel who type as often as the shipped limit lets them; what they are told is let pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from selectors import EVENT_READ, DefaultSelector
from threading import Event, Lock, Thread
from time import perf_counter, sleep
from types import TracebackType
from typing import Self

from irscribe.config import Pace
from tests.bench.burst import BYTES_PER_READ
from tests.bench.caller import Caller, SilentError

LIMIT = Pace(40, 5.0)
"""The limit of one person as it is shipped; the inner server has none, so they keep to it by themselves."""
POLL = 0.02
"""Seconds after which it is looked again whether a line is due, or whether an answer has come."""
UNKNOWN = (f"unknown{number}" for number in count(1))
"""Verbs that there are not: the answer repeats them, and so is known from all others."""


class Typist:
    """One of them; two threads use this."""

    def __init__(self, caller: Caller) -> None:
        """Type over a caller's connection, which belongs to the typist from now on."""
        self.socket = caller.socket
        self._channel = caller.channel
        self._lock = Lock()
        self._lines: Sequence[str] = ()
        self._pace = LIMIT
        self._begun = 0.0
        self._typed = 0
        self._heard = bytearray()

    def begin(self, *lines: str, pace: Pace = LIMIT) -> None:
        """Type these lines in turn from now on, as often as a pace allows; none: rest."""
        with self._lock:
            self._lines, self._pace, self._begun, self._typed = lines, pace, perf_counter(), 0
            self._heard.clear()

    def type_due(self) -> None:
        """Type what the pace allows by now."""
        with self._lock:
            allowed = self._pace.burst + int((perf_counter() - self._begun) * self._pace.per_second)
            if self._lines and self._typed < allowed:
                self._send(*(self._lines[number % len(self._lines)] for number in range(self._typed, allowed)))
                self._typed = allowed

    def say(self, *lines: str) -> None:
        """Say lines at once, and listen anew."""
        with self._lock:
            self._heard.clear()
            self._send(*lines)

    def read(self) -> None:
        """Take what has come.

        Raises SilentError if the server has hung up.
        """
        data = self.socket.recv(BYTES_PER_READ)
        if not data:
            raise SilentError("the server has hung up on a typist")
        with self._lock:
            self._heard += data
            if data.startswith(b"PING") or b"\nPING" in data:
                self.socket.sendall(b"PONG :bench\r\n")

    def has_heard(self, words: str) -> bool:
        """True if these words came since something was said last."""
        with self._lock:
            return words.encode() in self._heard

    def _send(self, *lines: str) -> None:
        self.socket.sendall("".join(f"PRIVMSG {self._channel} :{line}\r\n" for line in lines).encode())


class Crowd:
    """Several typists, for whom a thread reads and types within a ``with``."""

    def __init__(self, callers: Sequence[Caller]) -> None:
        """Take the callers over."""
        self.typists = [Typist(each) for each in callers]
        self._over = Event()
        self._error: SilentError | None = None
        self._thread = Thread(target=self._run, daemon=True)

    @contextmanager
    def typing(self, *lines: str, people: int, pace: Pace) -> Iterator[None]:
        """Let so many of them type the lines in turn meanwhile, each at a pace.

        Raises SilentError at the end if the server has hung up on one of them.
        """
        typing = self.typists[:people]
        for each in typing:
            each.begin(*lines, pace=pace)
        try:
            yield
        finally:
            for each in typing:
                each.begin()
        if self._error:
            raise self._error

    def settles(self, *, seconds: float) -> bool:
        """Let each of them say a line, whose answer waits behind those to all before; False if one is late."""
        end = perf_counter() + seconds
        for each in self.typists:
            verb = next(UNKNOWN)
            each.say(f"!ir {verb}")
            while not each.has_heard(verb):
                if perf_counter() > end:
                    return False
                sleep(POLL)
        return True

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._read_and_type()
        except (SilentError, OSError) as error:
            self._error = SilentError(f"a typist in the channel: {error}")

    def _read_and_type(self) -> None:
        with DefaultSelector() as selector:
            for each in self.typists:
                selector.register(each.socket, EVENT_READ, each)
            while not self._over.is_set():
                for each in self.typists:
                    each.type_due()
                for key, _ in selector.select(POLL):
                    key.data.read()
