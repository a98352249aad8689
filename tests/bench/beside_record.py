"""The record that the waits beside others are measured on: all of it is typed, as it is by people."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random

from irscribe.config import EMBEDDED_HOST
from tests.bench.bots import EMBEDDED
from tests.bench.burst import burst
from tests.bench.caller import Caller, SilentError
from tests.bench.effort import Effort
from tests.bench.words import sentences
from tests.botprocess import free_port

LISTED = 50
"""Incidents that are over, as many as ``list`` lists at most."""
LONG, OTHER = LISTED + 1, LISTED + 2
"""The numbers of the long incident, and of the one that notes are typed of meanwhile."""
NOTES = f"!log @{OTHER}"
TYPISTS = 10
VERSIONS, BULLETS, ACTIONS = 100, 200, 50
"""Of entry 7; of what went well; follow-ups."""


def write_record(home: Path, effort: Effort, *, opener: str, writer: str) -> None:
    """Let people open incidents and type the long one full, with a bot of this folder that ends afterwards.

    Raises SilentError if a line was not acknowledged.
    """
    address = (EMBEDDED_HOST, free_port())
    join = partial(Caller, address, channel=EMBEDDED.channel, bot=EMBEDDED.nick)
    with EMBEDDED.start(home, address):
        with join(nick=opener) as person:
            person.await_bot()
            _open_incidents(person)
        _type_long_one(join, effort.long)
        with join(nick=opener) as person:
            person.await_bot()
            _write_up(person)
        with join(nick=writer) as person:
            person.await_bot()
            person.ask("!ir start! mail is late", until=" has been open since ")
            person.ask(f"!ir switch {LONG}")


def _open_incidents(opener: Caller) -> None:
    """Those that are over, and the long one."""
    for number in range(1, LISTED + 1):
        opener.ask(f"!ir start rehearsal {number}", until=" has been open since ")
        opener.ask("!ir close", until=" is closed")
    opener.ask("!ir start API returns 500", until=" has been open since ")


def _type_long_one(join: Callable[..., Caller], entries: int) -> None:
    words = sentences(Random(2019))  # noqa: S311 - words, no secrets
    with ExitStack() as room:
        typists = [room.enter_context(join(nick=f"typist{number}")) for number in range(TYPISTS)]
        ear = room.enter_context(join(nick="ear"))
        speeches = [[f"!log we see {text}" for text in islice(words, entries // TYPISTS)] for _ in typists]
        said = sum(map(len, speeches))
        acknowledged = len(burst(typists, ear, speeches, bot=EMBEDDED.nick).acknowledged)
    if acknowledged < said:
        raise SilentError(f"{acknowledged} of {said} notes were acknowledged")


def _write_up(opener: Caller) -> None:
    for number in range(1, VERSIONS):
        opener.ask(f"!ir fix 7 the replica of database {number} lags behind the others", until="fixed")
    for number in range(BULLETS):
        opener.ask(f"!ir well bullet {number} was good")
    for number in range(ACTIONS):
        opener.ask(f"!ir action add a runbook for service {number}")
