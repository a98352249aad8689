"""Lines on the wire: bytes of a client in, bytes for a client out (RFC 2812 §2.3, ircv3.net message-tags)."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

BODY_BYTES = 510
"""Of a line without its tags and its CR LF."""

CLIENT_TAG_BYTES = 4096
"""Of the tags a client may send, with the ``@`` and the blank behind them."""

LINE_BYTES = 8191 + 512
"""Of the longest line there can be, tags included; what exceeds it is not even kept."""


class Capability(StrEnum):
    """What a client may ask for (ircv3.net/irc)."""

    ACCOUNT_NOTIFY = "account-notify"
    ACCOUNT_TAG = "account-tag"
    AWAY_NOTIFY = "away-notify"
    CAP_NOTIFY = "cap-notify"
    CHGHOST = "chghost"
    ECHO_MESSAGE = "echo-message"
    EXTENDED_JOIN = "extended-join"
    INVITE_NOTIFY = "invite-notify"
    MESSAGE_TAGS = "message-tags"
    MULTI_PREFIX = "multi-prefix"
    SASL = "sasl"
    SERVER_TIME = "server-time"
    USERHOST_IN_NAMES = "userhost-in-names"


class TagsTooLongError(ValueError):
    """A client sent more tags than a line may carry."""


@dataclass(frozen=True, slots=True)
class Received:
    """One line of a client; of its tags only the client-only ones, still escaped, since the rest are the server's."""

    command: str
    params: tuple[str, ...] = ()
    client_tags: tuple[str, ...] = ()

    def param(self, index: int) -> str:
        """The parameter, or nothing where the line has fewer."""
        return self.params[index] if index < len(self.params) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One line for clients, to be encoded for each by what it asked for; ``text`` is the part after the colon."""

    source: str
    command: str
    params: tuple[str, ...] = ()
    text: str | None = None
    at: datetime
    account: str | None = None
    msgid: str | None = None
    client_tags: tuple[str, ...] = ()

    def encode(self, capabilities: AbstractSet[Capability]) -> bytes:
        """The line with the tags these capabilities ask for, its body cut to 510 bytes."""
        body = " ".join([f":{self.source}", self.command, *map(_as_middle, self.params)])
        if self.text is not None:
            body += f" :{self.text}"
        tags = ";".join(self._tags(capabilities))
        return f"{'@' * bool(tags)}{tags}{' ' * bool(tags)}{cut(body, BODY_BYTES)}\r\n".encode()

    def _tags(self, capabilities: AbstractSet[Capability]) -> Iterator[str]:
        if Capability.SERVER_TIME in capabilities:
            yield f"time={self.at:%Y-%m-%dT%H:%M:%S}.{self.at.microsecond // 1000:03}Z"
        if Capability.ACCOUNT_TAG in capabilities and self.account:
            yield f"account={self.account}"
        if Capability.MESSAGE_TAGS in capabilities:
            yield from [f"msgid={self.msgid}"] if self.msgid else []
            yield from self.client_tags


class LineSplitter:
    """Cuts a stream of bytes into lines and keeps no more of an endless one than a line may have."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The lines that these bytes complete, without their ends."""
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest[:LINE_BYTES]
        return iter(lines)


def parse(line: bytes) -> Received:
    """What a client's line says; an empty command for an empty line.

    Bytes that are not UTF-8 become U+FFFD; a body over 510 bytes is cut between characters; a claimed source is
    dropped.

    Raises:
        TagsTooLongError: there are more tags than a client may send.
    """
    tags, body = _split_tags(line.replace(b"\r", b"").replace(b"\0", b"").lstrip(b" "))
    head, colon, trailing = cut(body.decode("utf-8", "replace"), BODY_BYTES).partition(" :")
    words = head.split()
    if words and words[0].startswith(":"):
        del words[0]
    command, *middle = words or [""]
    return Received(command.upper(), (*middle, *([trailing] if colon else [])), tags)


def cut(text: str, limit: int) -> str:
    """As much of the text as fits in so many bytes of UTF-8, cut between characters."""
    return text.encode()[:limit].decode(errors="ignore")


def _split_tags(line: bytes) -> tuple[tuple[str, ...], bytes]:
    if not line.startswith(b"@"):
        return (), line
    tags, _, body = line.partition(b" ")
    if len(tags) + 1 > CLIENT_TAG_BYTES:
        raise TagsTooLongError
    pieces = tags[1:].decode("utf-8", "replace").split(";")
    return tuple(piece for piece in pieces if piece.startswith("+")), body.lstrip(b" ")


def _as_middle(param: str) -> str:
    # A numeric quotes what a client typed; a blank or a leading colon in it would shift the parameters behind it.
    return param.replace(" ", "_").lstrip(":") or "*"
