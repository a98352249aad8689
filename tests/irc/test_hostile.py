"""Raw lines of any kind, from the socket's bytes to the record: nothing breaks, and the record stays in order."""

from __future__ import annotations

import asyncio
import logging
import traceback
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sopel.tests.mocks import MockIRCBackend
from sqlalchemy import select

from irscribe.adapter.adapter import BROKEN
from irscribe.config import load
from irscribe.domain.request import Reply
from irscribe.domain.text import wire_lines
from irscribe.render import FORMATS, render
from irscribe.runtime import build_settings
from irscribe.runtime.backend import Backend
from irscribe.runtime.bot import Bot
from irscribe.runtime.login import Login
from irscribe.runtime.presence import Presence
from irscribe.services.coverage.tracker import CoverageTracker
from irscribe.services.report.exports import style
from models.tables import entry, entry_version, incident
from tests.examples import few_examples
from tests.talk import Talk

CHANNEL = b"#incidents"
LONGEST_TAGS = 8191
SPOKEN = (
    b"!ir start API returns 500",
    b"!log it broke",
    b"!log 15:40 OUTAGE BEGINS",
    b"!note 25:99 never",
    b"!log + and more",
    b"!ir fix 1 s/o/0/",
    b"!ir strike 2",
    b"!ir undo",
    b"!ir close",
    b"!ir score yyn",
    b"yes",
    b"irscribe: status",
    b"\x01ACTION !log waves\x01",
    b"\x01VERSION\x01",
    b"\x01PING 1",
    b"!log \x00nothing\x00",
    b"!log \x02bold\x02 \x0304,01red\x03 \x1f",
    b"!log \xe2\x80\xae right to left \xd7\xa9",
    b"!log \xff\xfe\x81 no encoding",
    b"!log \xed\xa0\x80 half a pair",
    b"!log " + b"x" * 10_000,
    b"!ir title " + "🔥".encode() * 2_000,
    b"!ir action \xe2\x80\x8b@alice T123",
    b"http://[ !log http://]/%zz",
)
NICKS = (b"alice", b"bob", b"irscribe", b"", b"irscribe_", b"Irscribe|", b"[]\\`_^{|}-09", b"\xce\xb1lice", b"stashbot")
TAGS = (
    b"",
    b"@msgid=a ",
    b"@msgid=b;account=alice ",
    b"@time=2026-11-22T12:00:00.000Z;account=bob ",
    b"@time=never;msgid ",
    b"@account=;=;;a=b\\: ",
    b"@bot ",
    b"@+typing=" + b"x" * LONGEST_TAGS + b" ",
    b"@account=a\xff\\s\\ ",
)
TARGETS = (CHANNEL, b"#INCIDENTS", b"@#incidents", b"irscribe", b"#elsewhere", b"*", b"0")
LISTS = (1, 5, 303, 324, 352, 353, 354, 366, 376, 396, 900, 901, 903, 904, 908)
REFUSALS = (401, 404, 432, 433, 437, 442, 465, 470, 474, 477, 716)
NUMERICS = tuple(b"%03d" % number for number in (*LISTS, *REFUSALS))
ACTS = (
    b"JOIN",
    b"PART",
    b"KICK",
    b"MODE",
    b"TOPIC",
    b"NICK",
    b"QUIT",
    b"ACCOUNT",
    b"CHGHOST",
    b"AWAY",
    b"PONG",
    b"CAP",
    b"INVITE",
    b"ERROR",
    b"BATCH",
)

texts = st.one_of(st.sampled_from(SPOKEN), st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode()))
nicks = st.one_of(st.sampled_from(NICKS), st.binary(min_size=1, max_size=9))
sources = st.builds(b":%s!%s@%s ".__mod__, st.tuples(nicks, st.sampled_from([b"u", b"~u", b""]), st.just(b"host")))
targets = st.sampled_from(TARGETS)
spoken = st.builds(
    b"%s%sPRIVMSG %s :%s".__mod__, st.tuples(st.sampled_from(TAGS), sources, st.sampled_from(TARGETS[:4]), texts)
)
words = st.one_of(
    targets, nicks, texts, st.sampled_from([b"+o-v", b"LS", b"NEW", b"ACK", b"NETWORK=x", b"heard:#incidents"])
)
acts = st.builds(
    lambda tags, source, act, more: tags + source + act + b"".join(b" " + word for word in more),
    st.sampled_from(TAGS),
    sources,
    st.sampled_from(ACTS + NUMERICS + (b"NOTICE", b"PRIVMSG")),
    st.lists(words, max_size=4),
)
raw_lines = st.one_of(spoken, spoken, acts, st.binary(max_size=80)).map(
    lambda line: line.replace(b"\r", b"").replace(b"\n", b"")
)


class Desk:
    """A bot without a socket whose app carries everything out at once, on a real database."""

    def __init__(self, folder: Path) -> None:
        (folder / "config.ini").write_text(
            '[core]\nchannels = "#incidents"\n[irscribe]\nlimit = none\nrelays = stashbot\n'
        )
        config = load(folder / "config.ini")
        self.talk = Talk(folder, config=config)
        self.said: list[str] = []
        self.coverage = CoverageTracker(self.submit, clock=partial(datetime.now, UTC))
        self.bot = Bot(build_settings(config))
        self.bot.backend = MockIRCBackend(self.bot)
        self.bot.backend.connected = True
        self.bot.memory["app"] = self
        self.bot.memory["presence"] = Presence(self.bot, app=self, ready=lambda: None)
        self.bot.memory["login"] = Login(self.bot)
        self.bot.setup_plugins()
        self._decode = Backend(self.bot, "localhost", 6667, None).decode_line
        for line in (
            b":irc.test 001 irscribe :Welcome",
            b":irc.test 376 irscribe :End",
            b":irscribe!i@h JOIN #incidents",
            b":irc.test PONG irc.test :heard:#incidents",
            b":alice!u@host JOIN #incidents",
        ):
            self.read_line(line)

    def read_line(self, line: bytes) -> None:
        """One line as it comes from the socket."""
        self.bot.on_message(self._decode(line + b"\r\n"))

    def submit(self, event) -> None:
        self.talk.now = datetime.now(UTC)
        for each in self.talk.handle(event):
            if isinstance(each, Reply):
                self.said.append(str(each.text))
                self.voice(each.to, wire_lines(str(each.text), self.voice.line_limit(each.to))[0])

    def meet_network(self, event) -> None:
        self.submit(event)

    def hear(self, line) -> None:
        self.talk.now = datetime.now(UTC)
        self.talk.hearing.hear(line)

    def awaits_rest(self, request) -> bool:
        return self.talk.split_commands.awaits_rest(request)

    def lets_alone(self, _request) -> bool:
        return False

    def attach(self, voice) -> None:
        self.voice = voice

    def watch(self, _sight) -> None:
        """Nothing is said unasked here."""

    def arrive(self, _arrival) -> None:
        """Nobody is greeted here."""

    def detach(self) -> None:
        self.coverage.disconnect()

    def numbers(self) -> list[int]:
        with self.talk.database.read() as session:
            return [row[0] for row in session.execute(select(incident.c.number))]

    def check(self) -> None:
        """Check the invariants of the record, whatever was heard."""
        assert BROKEN not in self.said
        with self.talk.database.read() as session:
            for number in self.numbers():
                entries = [
                    row[0]
                    for row in session.execute(
                        select(entry.c.number).where(entry.c.incident == number).order_by(entry.c.number)
                    )
                ]
                assert entries == list(range(1, len(entries) + 1))
                for each in entries:
                    of = (entry_version.c.incident == number, entry_version.c.number == each)
                    versions = [
                        row[0]
                        for row in session.execute(
                            select(entry_version.c.version).where(*of).order_by(entry_version.c.version)
                        )
                    ]
                    assert versions == list(range(1, len(versions) + 1))
        for number in self.numbers():
            report = self.talk.report(number)
            for form in FORMATS:
                assert render(report, form, style(self.talk.application))

    def close(self) -> None:
        self.bot.db.engine.dispose()
        self.talk.database.close()


class Tracebacks(logging.Handler):
    """Keeps what was logged with a traceback."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.kept.append("".join(traceback.format_exception(*record.exc_info)))


@pytest.fixture(scope="module")
def tracebacks():
    handler = Tracebacks()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def desk(tmp_path, tracebacks):
    with closing(Desk(tmp_path)) as desk:
        yield desk
    assert tracebacks.kept == []


@few_examples()
@given(lines=st.lists(raw_lines, max_size=25))
@example(lines=[b":alice!u@host PRIVMSG #incidents :" + text for text in SPOKEN])
@example(lines=[tags + b":alice!u@host PRIVMSG #incidents :" + SPOKEN[0] for tags in TAGS])
def test_no_line_breaks_anything(tracebacks, lines):
    with ExitStack() as stack:
        desk = stack.enter_context(closing(Desk(Path(stack.enter_context(TemporaryDirectory())))))
        for line in lines:
            desk.read_line(line)
        desk.bot.voice.end()
        desk.check()
    assert tracebacks.kept == []


def test_five_hundred_people_split_and_come_back_without_a_question_each(desk):
    crowd = [f":user{number}!u@split.example ".encode() for number in range(500)]
    for _ in range(2):
        for person in crowd:
            desk.read_line(person + b"JOIN #incidents")
        for person in crowd:
            desk.read_line(person + b"QUIT :irc.a.test irc.b.test")
    sent = desk.bot.backend.message_sent
    assert [line for line in sent if line.startswith(b"WHO user")] == []
    assert len(desk.bot.channels["#incidents"].users) == 2


def test_newcomers_whom_the_server_does_not_introduce_are_asked_for_together(desk):
    desk.read_line(b":irc.test 005 irscribe WHOX :are supported by this server")
    for number in range(50):
        desk.read_line(f":user{number}!u@split.example JOIN #incidents".encode())
    desk.bot.backend.clear_message_sent()
    desk.bot.memory["presence"].rejoin(monotonic())
    desk.bot.memory["presence"].rejoin(monotonic())
    assert [line for line in desk.bot.backend.message_sent if line.startswith(b"WHO")] == [
        b"WHO #incidents %nuachrtf,999\r\n"
    ]


def test_a_line_of_the_longest_kind_is_recorded_whole(desk):
    desk.read_line(b":alice!u@host PRIVMSG #incidents :!ir start API returns 500")
    desk.read_line(b"@x=" + b"y" * LONGEST_TAGS + b" :alice!u@host PRIVMSG #incidents :!log " + b"x" * 10_000)
    assert desk.talk.texts()[-1] == "x" * 10_000


def test_half_a_line_is_none_where_the_connection_breaks_off(desk):
    desk.read_line(b":alice!u@host PRIVMSG #incidents :!ir start API returns 500")

    async def hear_out():
        backend = Backend(desk.bot, "localhost", 6667, None)
        backend._reader = came = asyncio.StreamReader()  # noqa: SLF001 - Sopel makes it when it connects
        came.feed_data(b":alice!u@host PRIVMSG #incidents :!log failed over to db1001\r\n")
        came.feed_data(b":alice!u@host PRIVMSG #incidents :!log failed back to db10")
        came.feed_eof()
        await backend.read_forever()

    asyncio.run(hear_out())
    assert desk.talk.texts()[1:] == ["failed over to db1001"]


@pytest.mark.parametrize("nick", ["irscribe`", "Irscribe_", "irscr1be", "[]\\`_^{|}-09", "αlice"])
def test_a_nick_of_any_letters_is_one_of_many(desk, nick):
    desk.read_line(f":{nick}!u@host JOIN #incidents".encode())
    desk.read_line(f":{nick}!u@host PRIVMSG #incidents :!ir start API returns 500".encode())
    assert [each.nick for each in desk.talk.report().metadata.responders] == [nick]


def test_what_the_bot_says_itself_is_no_command(desk):
    desk.read_line(b":irscribe!i@h PRIVMSG #incidents :!ir start API returns 500")
    desk.read_line(b":IRSCRIBE!i@h PRIVMSG irscribe :!ir start API returns 500")
    assert desk.numbers() == []
