"""Talk: the lines that people say to each other in a channel, as the bot heard them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from irscribe.domain.alertlines import Told
from irscribe.domain.casemapping import CaseMapping

FOR_OTHER_BOTS = ("!", "@")
"""The characters that a line for another bot begins with."""
SECOND = timedelta(seconds=1)
"""The precision of the time that a server or a bouncer gives to a line it kept."""
BRIDGED = " (bridged)"
"""Ends the name of a person on the other side of a bridge; no nick holds a blank."""


class Role(StrEnum):
    """The kind of speaker: only a person's lines are taken in by somebody who names no speaker."""

    PERSON = "person"
    BRIDGED = "bridged"
    BOT = "bot"
    """A bot by its mode, a relay, or one that the settings name."""
    ALERT_BOT = "alertbot"
    """A bot that tells of alerts."""

    @property
    def is_bot(self) -> bool:
        """True for bots of both kinds."""
        return self in (Role.BOT, Role.ALERT_BOT)


@dataclass(frozen=True, kw_only=True)
class HeardLine:
    """One line of a channel; ``channel`` is folded, ``text`` has no formatting codes.

    ``said_at`` is the server's time, ``heard_at`` that of our clock. ``action`` is true for a ``/me``, ``typed`` for a
    command to this bot. ``read_back`` is true if the line was said in a gap and delivered later. ``speaker`` is the
    same number for all lines of one person while the connection lasts, whatever their nick; 0 if it is not known.
    ``told`` is what the line of an alert bot tells.
    """

    network: str
    channel: str
    nick: str
    account: str | None
    msgid: str | None
    said_at: datetime
    heard_at: datetime
    text: str
    action: bool = False
    role: Role = Role.PERSON
    typed: bool = False
    read_back: bool = False
    speaker: int = 0
    told: Told | None = None

    @property
    def is_command(self) -> bool:
        """True for a command to this or another bot."""
        return self.typed or self.text.startswith(FOR_OTHER_BOTS)

    def is_same(self, other: HeardLine) -> bool:
        """True if both are one line: they have one msgid, or without that one speaker, time and text."""
        if self.msgid is not None and other.msgid is not None:
            return self.msgid == other.msgid
        apart = abs(self.said_at - other.said_at)
        same_time = apart < SECOND if self.read_back or other.read_back else not apart
        return same_time and (self.nick, self.text) == (other.nick, other.text)

    def is_after(self, moment: datetime) -> bool:
        """True if a line that is read back was said after that moment, or may have been, in the same second."""
        return self.said_at >= moment.replace(microsecond=0)


class KnownLines:
    """Lines among which one is found at a cost that does not grow with their number."""

    def __init__(self, lines: Iterable[HeardLine] = ()) -> None:
        """Begin with these."""
        self._msgids: set[str] = set()
        self._by_words: defaultdict[tuple[str, str], list[HeardLine]] = defaultdict(list)
        for each in lines:
            self.add(each)

    def add(self, line: HeardLine) -> None:
        """Add one."""
        if line.msgid is not None:
            self._msgids.add(line.msgid)
        self._by_words[line.nick, line.text].append(line)

    def holds(self, line: HeardLine) -> bool:
        """True if one of them ``is_same``."""
        if line.msgid in self._msgids:
            return True
        return any(line.is_same(each) for each in self._by_words.get((line.nick, line.text), ()))


def show(nick: str, text: str, *, action: bool) -> str:
    """Write a line as clients show it: ``<nick> text``, a ``/me`` as ``* nick text``."""
    return f"* {nick} {text}" if action else f"<{nick}> {text}"


def is_bridged(nick: str) -> bool:
    """True for the name of somebody on the other side of a bridge, which anybody there may have chosen."""
    return nick.endswith(BRIDGED)


def is_off_record(text: str, sign: str) -> bool:
    """True if a line begins with the sign of what is said off the record, in any case."""
    return text.lstrip().casefold().startswith(sign.casefold())


@dataclass(frozen=True, kw_only=True)
class TalkHeard:
    """Lines of channels that the bot may be listening in, in the order in which it heard them."""

    lines: tuple[HeardLine, ...]
    casemapping: CaseMapping = CaseMapping.ASCII
