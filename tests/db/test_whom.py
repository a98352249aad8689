"""A reply to a nick is for one person, whatever the command and whoever it is about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from irscribe.adapter.adapter import BROKEN
from irscribe.config import Pace, load
from irscribe.domain.channel import CHANNELS
from irscribe.domain.events import Export
from irscribe.domain.request import Reply
from irscribe.engine.writer import NOT_RECORDED
from irscribe.services.application import all_commands
from tests.talk import CHANNEL, Talk


def personal(outcome):
    """The nick and the recipient keys of each reply that goes to a nick."""
    said = [each for each in outcome if isinstance(each, Reply | Export) and each.to[0] not in CHANNELS]
    return [(each.to, each.recipient_keys) for each in said]


@pytest.fixture
def open_talk(filed):
    filed.accounts["alice"] = "alice"
    filed.operators |= {"alice"}
    filed.say("alice", "!ir start API returns 500")
    for number in range(12):
        filed.say("bob", f"!log note {number}")
    return filed


@pytest.mark.parametrize("nick", ["alice", "bob", "mallory"])
@pytest.mark.parametrize("channel", [CHANNEL, None])
def test_every_command_answers_nobody_but_who_asked(open_talk, channel, nick):
    keys = open_talk.person(nick).keys
    answered = set()
    for command in all_commands().rows:
        for line in (str(command.example_line), f"!ir {command.name}", f"!ir {command.name} @1"):
            told = personal(open_talk.handle(open_talk.request(nick, line, channel=channel)))
            assert all(
                recipient_keys and (to, recipient_keys) == (nick, keys) for to, recipient_keys in told if to == nick
            )
            assert all(recipient_keys for _, recipient_keys in told)
            answered |= {to for to, _ in told}
    assert nick in answered


def test_who_is_handed_the_coordination_is_told_and_nobody_who_has_their_nick(open_talk):
    open_talk.present = ("bob",)
    open_talk.accounts["bob"] = "bob"
    told = personal(open_talk.handle(open_talk.request("alice", "!ir handoff bob")))
    assert len(told) > 1
    assert {*told} == {("bob", frozenset({"account:bob"}))}


def test_a_refusal_in_private_is_for_who_typed_it(tmp_path):
    talk = Talk(tmp_path, config=replace(load(None), limit=Pace(1, 0.001)))
    line = talk.request("alice", "!ir moove", channel=None)
    keys = talk.person("alice").keys
    assert personal(talk.handle(line)) == [("alice", keys)]
    assert personal(talk.handle(replace(line, msgid="again"))) == [("alice", keys)]
    for sentence in (NOT_RECORDED, BROKEN):
        assert personal(talk.adapter.refuse(line, sentence)) == [("alice", keys)]
        assert personal(talk.adapter.refuse(replace(line, channel=CHANNEL), sentence)) == []
    talk.database.close()


def test_where_a_report_lies_is_told_to_who_asked(open_talk):
    keys = open_talk.person("alice").keys
    for line in ("!ir export json", "!ir task draft"):
        told = personal(open_talk.handle(open_talk.request("alice", line, channel=None)))
        assert {*told} == {("alice", keys)}
