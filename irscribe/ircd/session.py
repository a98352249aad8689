"""A client as the server knows it: its names, its account, its capabilities, and the messages to it."""

from __future__ import annotations

from irscribe.ircd.names import SERVER
from irscribe.ircd.numerics import ErrorReply, Reply
from irscribe.ircd.sendqueue import SendQueue
from irscribe.ircd.wire import MAX_BODY_BYTES, Capability, ServerMessage, cut


class Session:
    """One client. ``nick`` and ``user`` are empty until the client has sent them."""

    def __init__(self, host: str, queue: SendQueue) -> None:
        self.host = host
        self.nick = ""
        self.user = ""
        self.realname = ""
        self.account: str | None = None
        self.sasl_response: str | None = None
        """The chunks of an unfinished SASL response; None if no mechanism is chosen."""
        self.capabilities: set[Capability] = set()
        self.negotiating = False
        self.registered = False
        self.invisible = False
        self._queue = queue

    @property
    def source(self) -> str:
        """The source of this client's messages: ``nick!user@host``."""
        return f"{self.nick or '*'}!{self.user or '*'}@{self.host}"

    def has(self, capability: Capability) -> bool:
        """True if the client has requested the capability."""
        return capability in self.capabilities

    def message(
        self, command: str, *params: str, text: str | None = None, msgid: str | None = None, tags: tuple[str, ...] = ()
    ) -> ServerMessage:
        """A message with this client as its source; ``tags`` are client-only ones."""
        return ServerMessage(
            source=self.source,
            command=command,
            params=params,
            text=text,
            account=self.account,
            msgid=msgid,
            client_tags=tags,
        )

    def send(self, message: ServerMessage) -> None:
        """Sends a message, with the tags that this client has requested."""
        self._queue.put(message.encode(self.capabilities))

    def send_bare(self, line: str) -> None:
        """Sends a line that has neither source nor tags."""
        self._queue.put(f"{line}\r\n".encode())

    def notify(self, command: str, *params: str, text: str | None = None) -> None:
        """Sends a message of the server that is no numeric."""
        self.send(ServerMessage(source=SERVER, command=command, params=params, text=text))

    def reply(self, reply: Reply, *params: str, text: str | None = None) -> None:
        """Sends a numeric."""
        self.notify(reply.value, self.nick or "*", *params, text=text)

    def refuse(self, error: ErrorReply, *params: str, text: str | None = None) -> None:
        """Sends an error reply, in its own words unless ``text`` is given."""
        self.notify(error.code, self.nick or "*", *params, text=text or error.text)

    def close(self, reason: str) -> None:
        """Tells the client why its connection ends, and ends it once everything is written."""
        self.send_bare(cut(f"ERROR :Closing Link: {self.host} ({reason})", MAX_BODY_BYTES))
        self._queue.close()
