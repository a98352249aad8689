"""Sentences that name commands, said with the names this house has given them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_QUOTED = re.compile(r"“.*”", re.DOTALL)
"""What somebody typed, from the first quotation to the last: quotes inside it do not end it."""
_COMMAND = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+|(?<![\w!])!(?P<name>ir|log|note)(?![\w-])")
"""A command as our sentences spell it; an address is left as it is."""


@dataclass(frozen=True, kw_only=True)
class CommandNames:
    """What the commands are called, with their prefix."""

    incident: str = "!ir"
    log: str = "!log"
    note: str = "!note"

    @classmethod
    def of(cls, prefix: str, *, incident: Sequence[str], log: Sequence[str], note: Sequence[str]) -> CommandNames:
        """The shortest of the names each command goes by."""
        return cls(
            incident=prefix + min(incident, key=len), log=prefix + min(log, key=len), note=prefix + min(note, key=len)
        )

    def say(self, text: str, *, log_is_ours: bool = True) -> str:
        """A sentence with these names, its quotations as they are.

        Where another bot owns ``!log`` it speaks of ``!note`` instead.
        """
        names = {"ir": self.incident, "log": self.log if log_is_ours else self.note, "note": self.note}
        quoted = _QUOTED.search(text)
        begin, end = quoted.span() if quoted else (len(text), len(text))

        def named(ours: str) -> str:
            return _COMMAND.sub(lambda found: names[found["name"]] if found["name"] else found[0], ours)

        return named(text[:begin]) + text[begin:end] + named(text[end:])
