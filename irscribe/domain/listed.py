"""The people that a setting lists: each an account, a mask, or a bare word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from irscribe.domain.casemapping import fold_host
from irscribe.domain.request import Person
from irscribe.domain.talk import is_bridged

ACCOUNT = "account:"
"""Begins an item that is an account, wherever it is read."""
NOBODY = "none"
"""Stands for nobody in other settings; here it would be the account of that name, which anybody may register."""
_NAME = re.compile(r"[^\s!@*?:,#&+%'\"][^\s!@*?:,]*")
_MASK = re.compile(r"(?P<nick>[^\s!@:]+)!(?P<user>[^\s!@]+)@(?P<host>[^\s!@]+)")
_RANGE = re.compile(r"[0-9a-fA-F.:*]+/[0-9]+")
"""Matches a range of addresses; no mask can stand for it."""
_FITS_NEARLY_EVERYBODY = re.compile(r"[*?~.:/-]+")
"""Matches a part of a mask that tells hardly anybody apart: wildcards, and signs of any host or user name."""


class Form(Enum):
    """The form of an item."""

    ACCOUNT = auto()
    MASK = auto()
    BARE = auto()
    """An account where the network has accounts, a nick where it has none."""


@dataclass(frozen=True, kw_only=True)
class Mask:
    """A mask; in each part ``*`` stands for any characters and ``?`` for one."""

    nick: str
    user: str
    host: str

    def fits(self, person: Person) -> bool:
        """True if each part fits that of the person; nothing in one part can reach into another."""
        nick = person.casemapping.fold
        return (
            _matches(nick(self.nick), nick(person.nick))
            and _matches(fold_host(self.user), fold_host(person.user))
            and _matches(fold_host(self.host), fold_host(person.host))
        )

    @property
    def names_host(self) -> bool:
        """True if it says something about the host, the one part that nobody is free to choose."""
        return _FITS_NEARLY_EVERYBODY.fullmatch(self.host) is None

    @property
    def fits_everybody(self) -> bool:
        """True if no part tells people apart."""
        return all(map(_FITS_NEARLY_EVERYBODY.fullmatch, (self.nick, self.user, self.host)))


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A person, or several, as a list names them; ``text`` is the account or the bare word, empty for a mask."""

    form: Form
    text: str = ""
    mask: Mask | None = None

    def fits(self, person: Person) -> bool:
        """True if this is the person; nobody is known over a bridge."""
        if is_bridged(person.nick):
            return False
        if self.mask is not None:
            return self.mask.fits(person)
        if self.form is Form.BARE and not person.naming.has_accounts:
            return person.casemapping.same(person.nick, self.text)
        return person.account is not None and person.casemapping.same(person.account, self.text)

    def __str__(self) -> str:
        if self.mask is not None:
            return f"{self.mask.nick}!{self.mask.user}@{self.mask.host}"
        return f"{ACCOUNT}{self.text}" if self.form is Form.ACCOUNT else self.text


def is_listed(person: Person, people: Iterable[Listed]) -> bool:
    """True if one item of a list is the person."""
    return any(each.fits(person) for each in people)


def read_item(text: str) -> Listed:
    """Read one item.

    Raises ValueError for what is neither an account nor a mask, and for a mask that fits everybody or nobody.
    """
    if text == NOBODY:
        raise ValueError(f"{text!r} would be an account of that name; leave the setting empty, or write account:{text}")
    if not text.isprintable():
        raise ValueError(f"{text!r} holds a character that cannot be seen; type it anew")
    if text.startswith(ACCOUNT) and _NAME.fullmatch(text.removeprefix(ACCOUNT)):
        return Listed(form=Form.ACCOUNT, text=text.removeprefix(ACCOUNT))
    if _NAME.fullmatch(text):
        return Listed(form=Form.BARE, text=text)
    found = _MASK.fullmatch(text)
    if found is None:
        raise ValueError(
            f"{text!r} is neither an account nor a mask; write account:NAME, or nick!user@host with * for any part"
        )
    mask = Mask(**found.groupdict())
    if _RANGE.fullmatch(mask.host):
        raise ValueError(f"{text!r} fits nobody, as ranges of addresses are not read; write *, such as *!*@10.0.*")
    if mask.fits_everybody:
        raise ValueError(f"{text!r} is everybody; write account:NAME, or a mask that names a host")
    return Listed(form=Form.MASK, mask=mask)


def _matches(pattern: str, text: str) -> bool:
    """True if a pattern fits a whole text; what stands between two ``*`` is looked for from the left."""
    first, *rest = pattern.split("*")
    if not rest:
        return len(first) == len(text) and _stands_at(0, first, text)
    *middle, last = rest
    begin, end = len(first), len(text) - len(last)
    if begin > end or not (_stands_at(0, first, text) and _stands_at(end, last, text)):
        return False
    for piece in middle:
        places = (place for place in range(begin, end - len(piece) + 1) if _stands_at(place, piece, text))
        found = next(places, None)
        if found is None:
            return False
        begin = found + len(piece)
    return True


def _stands_at(place: int, piece: str, text: str) -> bool:
    return all(sign in ("?", letter) for sign, letter in zip(piece, text[place : place + len(piece)], strict=True))
