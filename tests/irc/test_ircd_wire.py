from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.casemapping import CaseMapping
from irscribe.ircd.names import clean_user, is_channel, is_nick
from irscribe.ircd.network import Network
from irscribe.ircd.wire import (
    MAX_BODY_BYTES,
    Capability,
    ClientMessage,
    LineSplitter,
    ServerMessage,
    TagsTooLongError,
    cut,
    parse,
)

NOON = datetime(2019, 10, 7, 12, 0, 0, 123456, tzinfo=UTC)
ALL = frozenset(Capability)


@pytest.mark.parametrize(
    ("line", "received"),
    [
        (b"PING", ClientMessage("PING")),
        (b"privmsg #a :hello there", ClientMessage("PRIVMSG", ("#a", "hello there"))),
        (b":forged!u@h PRIVMSG #a :x", ClientMessage("PRIVMSG", ("#a", "x"))),
        (b"  NICK   bob  ", ClientMessage("NICK", ("bob",))),
        (b"PRIVMSG #a ::)", ClientMessage("PRIVMSG", ("#a", ":)"))),
        (b"PRIVMSG #a :", ClientMessage("PRIVMSG", ("#a", ""))),
        (b"TOPIC #a :x :y", ClientMessage("TOPIC", ("#a", "x :y"))),
        (b"@+a=b;account=boss;+c TAGMSG #a", ClientMessage("TAGMSG", ("#a",), ("+a=b", "+c"))),
        (b"PRIVMSG #a :\xff\x00\rz", ClientMessage("PRIVMSG", ("#a", "\ufffdz"))),
        (b"", ClientMessage("")),
        (b":only", ClientMessage("")),
        (b"@a=b", ClientMessage("")),
    ],
)
def test_a_line_is_read_as_the_protocol_says(line, received):
    assert parse(line) == received


def test_tags_beyond_what_a_client_may_send_are_refused():
    fitting = b"@+a=" + b"x" * (4096 - 5)
    assert parse(fitting + b" PING t").params == ("t",)
    with pytest.raises(TagsTooLongError):
        parse(fitting + b"x PING t")


@given(st.binary())
def test_any_bytes_are_read_as_some_line(data):
    received = parse(data.replace(b"@", b"").replace(b"\n", b""))
    assert " " not in received.command
    assert not any(sign in param for param in received.params for sign in "\r\n\0")


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=300)


@given(TEXTS, st.integers(0, 40))
def test_a_cut_text_is_the_longest_beginning_that_fits(text, limit):
    short = cut(text, limit)
    assert text.startswith(short)
    assert short == text or limit - 4 < len(short.encode()) <= limit


@given(TEXTS)
def test_a_text_within_512_bytes_arrives_as_it_was_sent(text):
    sent = ServerMessage(source="a!b@c", command="PRIVMSG", params=("#x",), text=text, at=NOON)
    line = sent.encode(frozenset()).removesuffix(b"\r\n")
    if len(line) < MAX_BODY_BYTES:
        assert parse(line) == ClientMessage("PRIVMSG", ("#x", text))


@given(TEXTS, st.sets(st.sampled_from(Capability)))
def test_no_line_is_longer_than_512_bytes_beside_its_tags_nor_ends_within_a_character(text, capabilities):
    line = ServerMessage(source="a!b@c", command="PRIVMSG", params=("#x",), text=text * 5, at=NOON).encode(capabilities)
    body = line[line.index(b" ") + 1 :] if line.startswith(b"@") else line
    assert len(body) <= 512
    assert line.decode().endswith("\r\n")


def test_tags_are_what_the_client_asked_for():
    sent = ServerMessage(
        source="s", command="TAGMSG", params=("#x",), at=NOON, account="ann", msgid="m1", client_tags=("+t=1",)
    )
    assert sent.encode(ALL) == b"@time=2019-10-07T12:00:00.123Z;account=ann;msgid=m1;+t=1 :s TAGMSG #x\r\n"
    assert sent.encode({Capability.ACCOUNT_TAG}) == b"@account=ann :s TAGMSG #x\r\n"
    assert sent.encode(frozenset()) == b":s TAGMSG #x\r\n"


def test_a_quoted_parameter_cannot_shift_those_behind_it():
    sent = ServerMessage(source="s", command="432", params=("*", "a b", ":c", ""), text="Erroneous nickname", at=NOON)
    assert sent.encode(frozenset()) == b":s 432 * a_b c * :Erroneous nickname\r\n"


@given(st.lists(st.binary(max_size=20).filter(lambda line: b"\n" not in line)), st.integers(1, 9))
def test_lines_come_out_whole_however_the_bytes_arrive(lines, step):
    stream = b"".join(line + b"\n" for line in lines)
    splitter = LineSplitter()
    chunks = [stream[start : start + step] for start in range(0, len(stream), step)]
    assert [line for chunk in chunks for line in splitter.feed(chunk)] == lines


def test_an_endless_line_takes_no_more_room_than_a_line():
    splitter = LineSplitter()
    for _ in range(100):
        assert list(splitter.feed(b"x" * 10_000)) == []
    (line,) = splitter.feed(b"\n")
    assert len(line) < 10_000


@pytest.mark.parametrize("nick", ["bob", "[x]", "a" * 30, "_a-1", "|^`{}"])
def test_ordinary_nicks_are_nicks(nick):
    assert is_nick(nick)


@pytest.mark.parametrize("nick", ["", "1bob", "-a", "a" * 31, "a b", "a!b", "jörg", "#a", "a\n"])
def test_a_nick_cannot_break_a_source(nick):
    assert not is_nick(nick)


def test_a_channel_is_a_hash_and_anything_that_ends_no_parameter():
    assert is_channel("#a-b")
    assert is_channel("#übung!")
    assert not any(map(is_channel, ["#", "a", "&a", "#a,b", "#a b", "#a:b", "#a\x07", "#" + "a" * 64]))


@given(st.text())
def test_a_user_name_never_breaks_a_source(text):
    assert not set(clean_user(text)) & set(" !@:\r\n\0")
    assert clean_user(text)


def test_a_target_named_twice_counts_once():
    network = Network("irscribe", CaseMapping.RFC1459)
    assert list(network.split_targets("#a,bob,,#A,Bob,b[],B{}")) == ["#a", "bob", "b[]"]
    strict = Network("irscribe", CaseMapping.ASCII)
    assert list(strict.split_targets("#a,#A,b[],B{},B[]")) == ["#a", "b[]", "B{}"]
