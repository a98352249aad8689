"""IRC messages as bytes: parsing and encoding (RFC 2812 §2.3, ircv3.net message-tags)."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

MAX_BODY_BYTES = 510
"""The length of a line without its tags and its CR LF."""

MAX_CLIENT_TAG_BYTES = 4096
"""The length of the tags that a client sends, with the ``@`` before and the blank behind them."""

MAX_LINE_BYTES = 8191 + 512
"""The length of a whole line, tags included; `LineSplitter` keeps no more of a longer one."""


class Capability(StrEnum):
    """An extension of the protocol that a client can request (ircv3.net/irc)."""

    ACCOUNT_NOTIFY = "account-notify"
    ACCOUNT_TAG = "account-tag"
    # Nobody is ever away here. Without the offer, Sopel asks for every channel's members again and again.
    AWAY_NOTIFY = "away-notify"
    ECHO_MESSAGE = "echo-message"
    EXTENDED_JOIN = "extended-join"
    MESSAGE_TAGS = "message-tags"
    MULTI_PREFIX = "multi-prefix"
    SASL = "sasl"
    SERVER_TIME = "server-time"
    USERHOST_IN_NAMES = "userhost-in-names"


class TagsTooLongError(ValueError):
    """A client sent more tags than a line may carry."""


@dataclass(frozen=True, slots=True)
class ClientMessage:
    """A message from a client.

    ``client_tags`` are its client-only tags, still escaped; a client may send no others.
    """

    command: str
    params: tuple[str, ...] = ()
    client_tags: tuple[str, ...] = ()

    def param(self, index: int) -> str:
        """The parameter at that index, or an empty string."""
        return self.params[index] if index < len(self.params) else ""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerMessage:
    """A message to clients. ``text`` is the last parameter, the one after the colon; ``at`` is the time sent."""

    source: str
    command: str
    params: tuple[str, ...] = ()
    text: str | None = None
    at: datetime = field(default_factory=_now)
    account: str | None = None
    msgid: str | None = None
    client_tags: tuple[str, ...] = ()

    def encode(self, capabilities: AbstractSet[Capability]) -> bytes:
        """The line for a client with these capabilities: they decide its tags; the body is cut to 510 bytes."""
        body = " ".join([f":{self.source}", self.command, *map(_as_middle, self.params)])
        if self.text is not None:
            body += f" :{self.text}"
        tags = ";".join(self._tags(capabilities))
        return f"{'@' * bool(tags)}{tags}{' ' * bool(tags)}{cut(body, MAX_BODY_BYTES)}\r\n".encode()

    def _tags(self, capabilities: AbstractSet[Capability]) -> Iterator[str]:
        if Capability.SERVER_TIME in capabilities:
            yield f"time={self.at:%Y-%m-%dT%H:%M:%S}.{self.at.microsecond // 1000:03}Z"
        if Capability.ACCOUNT_TAG in capabilities and self.account:
            yield f"account={self.account}"
        if Capability.MESSAGE_TAGS in capabilities:
            yield from [f"msgid={self.msgid}"] if self.msgid else []
            yield from self.client_tags


class LineSplitter:
    """Splits a stream of bytes into lines; keeps at most ``MAX_LINE_BYTES`` of an unfinished one."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The lines that these bytes complete, without their line feeds."""
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest[:MAX_LINE_BYTES]
        return iter(lines)


def parse(line: bytes) -> ClientMessage:
    """The message in a client's line; its command is empty if the line is.

    Bytes that are not UTF-8 become U+FFFD. A body over 510 bytes is cut between characters. A source is dropped, since
    a client may only speak for itself.

    Raises:
        TagsTooLongError: the tags are longer than a client's may be.
    """
    tags, body = _split_tags(line.replace(b"\r", b"").replace(b"\0", b"").lstrip(b" "))
    head, colon, trailing = cut(body.decode("utf-8", "replace"), MAX_BODY_BYTES).partition(" :")
    words = head.split()
    if words and words[0].startswith(":"):
        del words[0]
    command, *middle = words or [""]
    return ClientMessage(command.upper(), (*middle, *([trailing] if colon else [])), tags)


def cut(text: str, limit: int) -> str:
    """The longest beginning of the text that has at most ``limit`` bytes in UTF-8."""
    return text.encode()[:limit].decode(errors="ignore")


def _split_tags(line: bytes) -> tuple[tuple[str, ...], bytes]:
    if not line.startswith(b"@"):
        return (), line
    tags, _, body = line.partition(b" ")
    if len(tags) + 1 > MAX_CLIENT_TAG_BYTES:
        raise TagsTooLongError
    pieces = tags[1:].decode("utf-8", "replace").split(";")
    return tuple(piece for piece in pieces if piece.startswith("+")), body.lstrip(b" ")


def _as_middle(param: str) -> str:
    # A numeric quotes what a client typed; a blank or a leading colon in it would shift the parameters behind it.
    return param.replace(" ", "_").lstrip(":") or "*"
