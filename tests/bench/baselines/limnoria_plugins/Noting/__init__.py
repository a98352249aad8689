"""Notes: inserted, committed, acknowledged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from supybot import callbacks, conf
from supybot.commands import wrap

from tests.bench.baselines.place import FILE
from tests.bench.baselines.store import Store


class Noting(callbacks.Plugin):
    """Notes of a channel; a command cannot be called ``log`` here, as that is a plugin's logger."""

    def __init__(self, irc: Any) -> None:
        super().__init__(irc)
        self._store = Store(Path(conf.supybot.directories.data()) / FILE)

    def note(self, irc: Any, msg: Any, args: list[str], text: str) -> None:
        """TEXT

        Insert, commit, answer.
        """
        irc.reply(f"#{self._store.note(msg.nick, text)} logged")

    note = wrap(note, ["text"])


Class = Noting
