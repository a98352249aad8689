"""Tells the service manager, such as systemd, about the state of the process.

The protocol is sd_notify(3) and sd_watchdog_enabled(3): datagrams to the socket that the environment names.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Mapping
from contextlib import closing
from threading import Event, Thread

READY = "READY=1"
STOPPING = "STOPPING=1"
ALIVE = "WATCHDOG=1"

log = logging.getLogger(__name__)


class ServiceManager:
    """The connection to the service manager; tells it that the bot is ready, alive, or stopping."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Send to the socket in ``NOTIFY_SOCKET``; without one, send nothing."""
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._watchdog_seconds = int(environment.get("WATCHDOG_USEC", "0")) / 1_000_000
        self._ended = Event()

    def ready(self, is_well: Callable[[], bool]) -> None:
        """Report that the bot is ready; if a watchdog is set, report that it is alive while ``is_well`` gives True."""
        self._send(READY)
        if self._watchdog_seconds:
            Thread(target=self._report_alive, args=[is_well], name="watchdog", daemon=True).start()

    def stopping(self) -> None:
        """Report that the bot ends."""
        self._ended.set()
        self._send(STOPPING)

    def _report_alive(self, is_well: Callable[[], bool]) -> None:
        """Report twice as often as the watchdog demands, so that one report may be late."""
        while not self._ended.wait(self._watchdog_seconds / 2):
            if is_well():
                self._send(ALIVE)
            else:
                log.error("The writer is stuck; the service manager is left to start the bot again.")

    def _send(self, word: str) -> None:
        if not self._address:
            return
        # A leading @ stands for the NUL byte of an abstract socket.
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)) as there:
                there.sendto(word.encode(), address)
        except OSError as error:
            log.warning("The service manager cannot be told %s: %s", word, error)
