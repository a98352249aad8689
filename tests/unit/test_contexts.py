"""The target of an answer, and the people who may see it."""

from __future__ import annotations

import pytest

from irscribe.config import load
from irscribe.domain.request import LineKind, Person, Request
from irscribe.services.application import build_application
from irscribe.services.context.contexts import LINE_BYTES, MOST_CHANNEL_LINES, CommandContext
from tests.talk import NOON

ALICE = Person(nick="Alice", user="al", host="Host.example", account="alice")
KEYS = {"account:alice", "mask:alice!al@host.example"}
FEW, MANY = ["line"] * MOST_CHANNEL_LINES, ["line"] * (MOST_CHANNEL_LINES + 1)


def context_for(channel, person=ALICE):
    request = Request(
        kind=LineKind.INCIDENT,
        person=person,
        network="testnet",
        channel=channel,
        shared=(),
        line="!ir",
        text="",
        said_at=NOON,
        heard_at=NOON,
    )
    return CommandContext(
        session=None, request=request, application=build_application(load(None)), now=NOON, person=1, line=1
    )


@pytest.fixture
def in_channel():
    return context_for("#ops")


@pytest.fixture
def in_private():
    return context_for(None)


def told(outcome):
    return [(each.to, each.recipient_keys, each.urgent) for each in outcome]


def test_an_answer_in_a_channel_is_for_all(in_channel):
    assert told([in_channel.reply("yes")]) == [("#ops", frozenset(), True)]
    assert told(in_channel.answer(FEW, about="Four")) == [("#ops", frozenset(), True)] * MOST_CHANNEL_LINES


def test_an_answer_in_private_is_for_who_asked_and_for_nobody_else_of_that_nick(in_private):
    assert told([in_private.reply("yes")]) == [("Alice", KEYS, True)]
    assert told(in_private.answer(FEW, about="Four")) == [("Alice", KEYS, True)] * len(FEW)
    assert told(in_private.answer(MANY, about="Five")) == [("Alice", KEYS, False)] * len(MANY)
    assert told(in_private.answer_in_private(FEW, about="Four")) == [("Alice", KEYS, False)] * len(FEW)


def test_a_long_answer_to_a_channel_is_for_who_asked(in_channel):
    for outcome in (
        in_channel.answer(MANY, about="Five"),
        in_channel.answer_flowing("On 1: ", "x" * MOST_CHANNEL_LINES * LINE_BYTES, about="Who"),
        in_channel.answer_in_private(FEW, about="Four"),
    ):
        first, *rest = told(outcome)
        assert first == ("#ops", frozenset(), True)
        assert {*rest} == {("Alice", frozenset(KEYS), False)}


def test_who_has_no_account_is_known_by_nick_user_and_host():
    (line,) = context_for(None, Person(nick="[B]", user="b", host="h")).answer(["line"], about="One")
    assert line.recipient_keys == {"mask:[b]!b@h"}
