"""Recognises a command by its name at the beginning of a line, whatever its case and the punctuation around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from irscribe.commands.slips import nearly
from irscribe.domain.command_names import Names
from irscribe.domain.request import LineKind
from irscribe.domain.text import undirected

OWN_NOTE_NAMES = ("log", "note")
"""The names that begin a note behind the bot's nick and in private, whatever names the settings give."""
LOOKED_AT = 80
"""Characters at the beginning of a line in which a near-miss is looked for."""

_BEFORE = r"[\s:,;]*"
# Behind a name stands a blank or the end; `:`, `,` and `;` need none: `!log:15:40 x` is a note, `!log-in` is not.
_BEHIND = r"(?:[.!?…–—-]*[:,;]+(?:[.!?…–—-]+(?=\s|$))?|[.!?…–—-]+(?=\s|$)|(?=\s|$))(?:\s+[:,;]+(?=\s|$))*\s*"
_REST = r"(?P<rest>.*)"


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A recognised line: its kind, and the text behind the command's name (all of it if it has none).

    ``to_bot`` is true if the line is addressed to the bot itself, by its nick or in private, and not by the prefix.
    ``meant`` is the kind of command that a plain line nearly names.
    """

    kind: LineKind
    text: str
    to_bot: bool = False
    meant: LineKind | None = None


class Recogniser:
    """Recognises lines by the names in the settings."""

    def __init__(self, names: Names) -> None:
        """Prepare the patterns."""
        prefix, nick = _any_case([names.prefix]), f"{_any_case([names.nick])}_*"
        self._kinds = names.kinds
        named = rf"(?P<name>{_any_case(names.kinds)}){_BEHIND}"
        inside = rf"(?P<name>{_any_case([*names.kinds, *OWN_NOTE_NAMES])}){_BEHIND}"
        self._prefixed = re.compile(rf"{prefix}{_BEFORE}{named}{_REST}", re.DOTALL)
        self._inside = re.compile(rf"(?P<at>@[0-9]{{1,9}}\s+)?(?:{prefix}{_BEFORE})?{inside}{_REST}", re.DOTALL)
        self._before_verb = re.compile(rf"{prefix}\s*(?=\w)")
        self._any_name = re.compile(rf"{prefix}{_BEFORE}(?P<word>\w[\w-]*\w){_BEHIND}")
        # Underscores may follow the nick, as in the bot's alternative nicks, which clients complete.
        self._nick = re.compile(rf"{nick}(?:\s*:|,)[:,]*\s*{_REST}", re.DOTALL)
        self._nick_in_private = re.compile(rf"{nick}(?:\s*[:,]+|(?=\s|$))\s*{_REST}", re.DOTALL)

    def recognise(self, line: str, *, private: bool) -> Typed:
        """Recognise a line without formatting codes; in private a command needs no prefix."""
        # Keyboards for scripts from right to left put direction characters around other letters. The blank without a
        # width stays: with it in front a bot repeats a command so that no bot takes it.
        line = undirected(line).strip()
        if found := self._prefixed.fullmatch(line):
            return self._look_inside(Typed(kind=self._kinds[found["name"].lower()], text=found["rest"]))
        if private:
            addressed = self._nick_in_private.fullmatch(line)
            return self._in_private(addressed["rest"] if addressed else line, named=addressed is not None)
        if addressed := self._nick.fullmatch(line):
            text = self._without_prefix(addressed["rest"])
            return self._look_inside(Typed(kind=LineKind.INCIDENT, text=text, to_bot=True))
        return Typed(kind=LineKind.PLAIN, text=line, meant=self._meant(line))

    def _in_private(self, text: str, *, named: bool) -> Typed:
        """Recognise a private line; ``named`` is true if the nick stood before the text.

        Without a name of ours the line is plain: it may be an answer, the rest of a split command, or a command.
        """
        if self._inside.fullmatch(text) or (named and not text):
            return self._look_inside(Typed(kind=LineKind.INCIDENT, text=text, to_bot=True))
        verb = self._without_prefix(text)
        if verb != text:
            return Typed(kind=LineKind.INCIDENT, text=verb)
        return Typed(kind=LineKind.PLAIN, text=text, to_bot=True)

    def _without_prefix(self, text: str) -> str:
        """Leave out the prefix before a verb: people type ``irscribe: !status``, and ``!help`` in private."""
        prefix = self._before_verb.match(text)
        return text[prefix.end() :] if prefix else text

    def _look_inside(self, typed: Typed) -> Typed:
        """Take ``irscribe: log …`` and ``!ir log …`` for a note, also where another bot owns ``!log``.

        Such a line names this bot. An ``@N`` before the name is put before the text, as in a note.
        """
        found = self._inside.fullmatch(typed.text) if typed.kind is LineKind.INCIDENT else None
        if found is None:
            return typed
        is_note = self._kinds.get(found["name"].lower()) is not LineKind.INCIDENT
        text = f"{found['at'] or ''}{found['rest']}"
        return Typed(kind=LineKind.NOTE if is_note else LineKind.INCIDENT, text=text, to_bot=typed.to_bot)

    def _meant(self, line: str) -> LineKind | None:
        """Give the kind of command that a line nearly names: by a slip of the hand, or in letters that look alike."""
        folded = unicodedata.normalize("NFKC", line[:LOOKED_AT])
        if folded != line[:LOOKED_AT] and (alike := self._prefixed.fullmatch(folded)):
            return self._kinds[alike["name"].lower()]
        found = self._any_name.match(folded)
        name = nearly(found["word"].lower(), self._kinds) if found else None
        return None if name is None else self._kinds[name]


@lru_cache(8)
def recogniser(names: Names) -> Recogniser:
    """Give the recogniser for these names."""
    return Recogniser(names)


def _any_case(names: Iterable[str]) -> str:
    """Give a pattern of names; of two that begin alike the longer is tried first. Only ASCII letters have two cases."""
    return f"(?ai:{'|'.join(re.escape(name) for name in sorted(names, key=len, reverse=True))})"
