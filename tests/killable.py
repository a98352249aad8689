"""A writer in a process of its own, to be killed at any moment."""

from __future__ import annotations

from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Semaphore

from irscribe.writer import Writer
from tests.talk import Talk

IN_FLIGHT = 100


def record_without_end(folder: Path, wire: Connection, trial: int) -> None:
    """Log notes as fast as they are recorded; every answer goes down the wire."""
    talk = Talk(folder)
    room = Semaphore(IN_FLIGHT)

    def deliver(outcome):
        for each in outcome:
            wire.send(each.text)
            room.release()

    writer = Writer(talk.database, talk.adapter, deliver)
    writer.start()
    for number in count(1):
        room.acquire()
        writer.submit(talk.request("alice", f"!log trial {trial} note {number}", msgid=f"{trial}-{number}"))
