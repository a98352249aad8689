"""The share of each person in what waits to be said, and the answers dropped as beyond it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from irscribe.config import Share
from irscribe.domain.channel import CHANNELS
from irscribe.domain.request import Reply
from irscribe.engine.joining import Waiting, size

TOO_MUCH = (
    "so many answers wait for you that I drop the next ones: ask again when these have come. Your notes are recorded."
)

log = logging.getLogger(__name__)


@dataclass
class Load:
    """The answers that wait for one person, and those dropped since none waited; acknowledgements do not count."""

    answers: int = 0
    size: int = 0
    dropped: int = 0
    dropped_size: int = 0
    nick: str = ""


class Shares:
    """Counts the answers that wait for each person; what is beyond a person's share may be dropped."""

    def __init__(self, share: Share | None) -> None:
        """Begin with nothing; None: without a limit."""
        self._share = share
        self._loads: dict[str, Load] = {}

    def admits(self, reply: Reply) -> bool:
        """True for an acknowledgement, for what is for no one person, and while less than a share waits."""
        key, share = reply.person_key, self._share
        if share is None or not key or not reply.changes_nothing:
            return True
        load = self._loads.get(key)
        return load is None or (load.answers < share.answers and load.size < share.size)

    def drop(self, reply: Reply) -> Reply | None:
        """Count a reply that was not admitted; give the one line that tells its person so, if it is the first."""
        load = self._loads[reply.person_key]
        load.dropped += 1
        load.dropped_size += size(reply)
        load.nick = _nick(reply)
        return _notice(reply) if load.dropped == 1 else None

    def add(self, waiting: Waiting) -> None:
        """Count replies that wait from now on."""
        for reply in _counted(waiting):
            load = self._loads.setdefault(reply.person_key, Load())
            load.answers += 1
            load.size += size(reply)

    def remove(self, waiting: Waiting) -> None:
        """Count replies as gone; after the last of a person what was dropped is one line in the log."""
        for reply in _counted(waiting):
            load = self._loads[reply.person_key]
            load.answers -= 1
            load.size -= size(reply)
            if not load.answers:
                del self._loads[reply.person_key]
                _log_dropped(load)


def _counted(waiting: Waiting) -> list[Reply]:
    return [each for each in waiting.replies if each.changes_nothing and each.person_key]


def _nick(reply: Reply) -> str:
    """Give the nick of a reply's person: in private its target, in a channel the one who asked."""
    return reply.asker.person.nick if reply.asker is not None and reply.to[:1] in CHANNELS else reply.to


def _notice(reply: Reply) -> Reply:
    nick = _nick(reply)
    text = TOO_MUCH[0].upper() + TOO_MUCH[1:] if nick == reply.to else f"{nick}: {TOO_MUCH}"
    return replace(reply, text=text, urgent=True, refusal=False, informs=False, line=None)


def _log_dropped(load: Load) -> None:
    if load.dropped:
        log.warning(
            "not said to %s, for whom too much waited: %d answers of %d bytes",
            load.nick,
            load.dropped,
            load.dropped_size,
        )
