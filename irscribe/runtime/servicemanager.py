"""Whoever started the process and looks after it: systemd, or nobody.

The protocol is sd_notify(3) and sd_watchdog_enabled(3): words in a datagram to the socket the environment names.
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
    """Is told when the bot works, that it still does, and when it ends."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Speak to the one that the environment names; to nobody where it names none."""
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._patience = int(environment.get("WATCHDOG_USEC", "0")) / 1_000_000
        self._ended = Event()

    def ready(self, is_well: Callable[[], bool]) -> None:
        """The bot works; from now on say so for as long as it is well, where that is asked for."""
        self._tell(READY)
        if self._patience:
            Thread(target=self._keep_telling, args=[is_well], name="watchdog", daemon=True).start()

    def stopping(self) -> None:
        """The bot ends."""
        self._ended.set()
        self._tell(STOPPING)

    def _keep_telling(self, is_well: Callable[[], bool]) -> None:
        """Twice as often as it has to be: one word may be late."""
        while not self._ended.wait(self._patience / 2):
            if is_well():
                self._tell(ALIVE)
            else:
                log.error("The writer is stuck; the service manager is left to start the bot again.")

    def _tell(self, word: str) -> None:
        if not self._address:
            return
        # A leading @ stands for the zero byte of an abstract socket.
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)) as there:
                there.sendto(word.encode(), address)
        except OSError as error:
            log.warning("The service manager cannot be told %s: %s", word, error)
