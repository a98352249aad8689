"""The socket below the bot: what keeps it from connecting, and lines of any length."""

from __future__ import annotations

import asyncio
import logging
import socket
from functools import partial

import pytest
from sopel import coretasks

from irscribe.runtime import backend as backend_module
from irscribe.runtime.backend import Backend
from irscribe.runtime.reader import Reader, acknowledge_soon


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "[Errno -2] Name or service not known"),
        (socket.gaierror(socket.EAI_AGAIN, "Try again"), "[Errno -3] Try again"),
        (TimeoutError(), "no answer"),
        (OSError(101, "Network is unreachable"), "[Errno 101] Network is unreachable"),
    ],
)
def test_a_server_that_is_not_to_be_found_is_one_line_in_the_log(irc, monkeypatch, caplog, error, reason):
    def fail(*_where, **_how):
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    backend = Backend(irc.bot, "irc.example.org", 6697, None)
    with caplog.at_level(logging.WARNING):
        backend.run_forever()
    own = [each.getMessage() for each in caplog.records if each.name == backend_module.__name__]
    assert own == [f"No connection to irc.example.org:6697: {reason}"]
    assert irc.bot.refusal is None


@pytest.mark.parametrize("size", [10, 1000, 5000])
def test_a_line_too_long_for_any_is_passed_over_and_the_next_is_read(size, caplog):
    async def read():
        stream = asyncio.StreamReader(limit=100)
        stream.feed_data(b"first\r\n" + b"x" * size + b"\r\nlast\r\n")
        stream.feed_eof()
        reader, lines = Reader(stream, lambda: None), []
        while not reader.at_eof():
            lines.append(await reader.readuntil(b"\r\n"))
        return lines

    with caplog.at_level(logging.WARNING):
        first, long, last = asyncio.run(read())
    assert (first, last) == (b"first\r\n", b"last\r\n")
    assert long == (b"x" * size + b"\r\n" if size < 100 else b"")
    assert [f"of {size + 2} bytes" in each.getMessage() for each in caplog.records] == [True] * (size > 100)


@pytest.mark.skipif(not hasattr(socket, "TCP_QUICKACK"), reason="this kernel has no quick acknowledgements")
def test_every_line_is_acknowledged_before_it_is_answered():
    async def read(connection):
        reader = Reader(asyncio.StreamReader(), partial(acknowledge_soon, connection))
        reader._stream.feed_data(b"first\r\nlast\r\n")  # noqa: SLF001 - in place of the socket's transport
        for line in (b"first\r\n", b"last\r\n"):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
            assert await reader.readuntil(b"\r\n") == line
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK)

    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as connection:
        asyncio.run(read(connection))
    acknowledge_soon(connection)


def test_a_line_that_comes_in_pieces_is_passed_over_too(caplog):
    async def read():
        stream = asyncio.StreamReader(limit=100)
        reading = asyncio.ensure_future(Reader(stream, lambda: None).readuntil(b"\r\n"))
        for _ in range(20):
            stream.feed_data(b"y" * 60)
            await asyncio.sleep(0)
        stream.feed_data(b"\r")
        await asyncio.sleep(0)
        stream.feed_data(b"\nlast\r\n")
        return await reading, await stream.readuntil(b"\r\n")

    with caplog.at_level(logging.WARNING):
        assert asyncio.run(read()) == (b"", b"last\r\n")
    assert len(caplog.records) == 1


def test_jobs_that_are_due_when_the_connection_is_gone_raise_nothing(irc):
    """Those of Sopel as well, which asks for the people of a channel that it has not asked for lately."""
    irc.bot.channels["#ops"].last_who = None
    coretasks._periodic_send_who(irc.bot)  # noqa: SLF001 - what Sopel runs at intervals
    assert any(line.startswith(b"WHO #ops") for line in irc.sent)
    irc.bot.channels["#ops"].last_who = None
    irc.bot.backend = Backend(irc.bot, "irc.example.org", 6697, None)
    coretasks._periodic_send_who(irc.bot)  # noqa: SLF001 - likewise
    irc.bot.join("#ops")
    with pytest.raises(ConnectionError):
        irc.bot.backend.irc_send(b"PRIVMSG #ops :an acknowledgement\r\n")
