"""Many people at once: sockets and one thread that reads away what they hear."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable
from threading import Condition, Thread
from types import TracebackType
from typing import Self

from tests.waiting import HANGS

SECONDS = HANGS
POLL_SECONDS = 0.1


class Throng:
    """Clients called ``name0``, ``name1`` …, who are all in a channel when it is made.

    The lines that the first of them hears are kept; the others only have to be there.
    """

    def __init__(self, name: str, count: int, *, address: tuple[str, int], channel: str) -> None:
        self._changed = Condition()
        self._heard = bytearray()
        self._sign = b""
        self._waiting: dict[socket.socket, bytes] = {}
        self._selector = selectors.DefaultSelector()
        self._going = True
        self._reader = Thread(target=self._read, name=f"throng-{name}", daemon=True)
        self._people = [self._connect(f"{name}{number}", address) for number in range(count)]
        self._all_hear(b" 376 ", after=self._reader.start)
        self._all_hear(b" 366 ", after=lambda: self.say(f"JOIN {channel}"))

    @property
    def heard(self) -> list[str]:
        """The lines the first of them has heard since everybody came."""
        with self._changed:
            return self._heard.decode().split("\r\n")

    def say(self, line: str) -> None:
        """Everybody says a line, one after the other; ``{}`` in it is each one's number."""
        for number, person in enumerate(self._people):
            person.sendall(f"{line.replace('{}', str(number))}\r\n".encode())

    def expect(self, part: str) -> None:
        """Wait until the first of them has heard this."""
        with self._changed:
            found = self._changed.wait_for(lambda: part.encode() in self._heard, SECONDS)
        assert found, f"not heard: {part}; but: {self.heard[-5:]}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._going = False
        self._reader.join()
        self._selector.close()
        for person in self._people:
            person.close()

    def _connect(self, nick: str, address: tuple[str, int]) -> socket.socket:
        person = socket.create_connection(address, timeout=SECONDS)
        person.sendall(f"NICK {nick}\r\nUSER {nick} 0 * :{nick}\r\n".encode())
        self._selector.register(person, selectors.EVENT_READ)
        return person

    def _all_hear(self, sign: bytes, *, after: Callable[[], None]) -> None:
        with self._changed:
            self._sign, self._waiting = sign, dict.fromkeys(self._people, b"")
        after()
        with self._changed:
            assert self._changed.wait_for(lambda: not self._waiting, SECONDS), f"not everybody has heard {sign!r}"

    def _read(self) -> None:
        while self._going:
            for key, _ in self._selector.select(POLL_SECONDS):
                self._take(key.fileobj)

    def _take(self, person: socket.socket) -> None:
        data = person.recv(1 << 16)
        if not data:
            self._selector.unregister(person)
        with self._changed:
            if person in self._waiting:
                self._wait_on(person, self._waiting[person] + data)
            elif person is self._people[0]:
                self._heard += data
            self._changed.notify_all()

    def _wait_on(self, person: socket.socket, heard: bytes) -> None:
        if self._sign in heard:
            del self._waiting[person]
        else:
            self._waiting[person] = heard[-len(self._sign) :]
