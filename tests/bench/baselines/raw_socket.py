"""A bot of a socket and nothing else: inserts and commits each line with sqlite3; with ``--mute`` it only counts."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from itertools import count

from tests.bench.baselines.place import CHANNEL, FILE, HOST, NICK, NOTE, read_place
from tests.bench.baselines.plain_store import PlainStore

SAID = f" PRIVMSG {CHANNEL} :{NOTE}"


def main() -> None:
    """Serve until the server closes."""
    port, folder = read_place()
    numbers = count(1)
    record = (lambda *_: next(numbers)) if "--mute" in sys.argv else PlainStore(folder / FILE).note
    with socket.create_connection((HOST, port)) as server:
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server.sendall(f"NICK {NICK}\r\nUSER {NICK} 0 * :{NICK}\r\nJOIN {CHANNEL}\r\n".encode())
        serve(server, record)


def serve(server: socket.socket, record: Callable[[str, str], int]) -> None:
    """Answer each line with its number."""
    for line in server.makefile("r", encoding="utf-8", errors="replace", newline="\n"):
        if line.startswith("PING"):
            server.sendall(line.replace("PING", "PONG", 1).encode())
        source, said, text = line.partition(SAID)
        if said:
            number = record(source[1:].partition("!")[0], text.rstrip("\r\n"))
            server.sendall(f"PRIVMSG {CHANNEL} :#{number} logged\r\n".encode())


if __name__ == "__main__":
    main()
