"""A bot killed while it carries out a command: before the commit nothing has happened, after it nothing is doubled."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import select

from irscribe.adapter import Adapter
from irscribe.config import load
from irscribe.domain.request import Reply
from irscribe.services.application import build_application
from models import metadata
from tests.talk import CHANNEL

OTHER = "#databases"
COMMANDS = (
    "!ir role comms bob",
    "!ir role comms none",
    "!ir theory the table is full",
    "!ir theory 1 ruled out it is empty",
    "!ir figure users 1200",
    "!ir figure requests none",
    "!ir shift watch the replicas",
    f"!ir also {OTHER}",
    "!ir also none",
    "!ir same 1 repeat",
    "!ir same none",
    "!log ^",
    "!log ^^",
    "!log ^ bob lags",
    "!log [11:22] <bob> the replica lags",
    "!log [11:22] <paladox> !log stopping mysql",
    "!ir mute",
    "!ir mute 2h",
    "!ir unmute",
    "!ir nextupdate 2h",
    "!ir nextupdate none",
    "!ir listen off",
    "!ir listen forget bob",
    "!ir handoff bob",
    "!ir announce half of it",
)
PREPARED = {
    "!ir role comms none": "!ir role comms bob",
    "!ir theory 1 ruled out it is empty": "!ir theory the table is full",
    "!ir figure requests none": "!ir figure requests 3.4M",
    "!ir also none": f"!ir also {OTHER}",
    "!ir same none": "!ir same 1 repeat",
    "!ir unmute": "!ir mute",
    "!ir nextupdate none": "!ir nextupdate 2h",
}
"""What has to be typed before a command."""


class KilledError(Exception):
    """The process is gone in the midst of a transaction."""


@pytest.fixture
def config():
    return replace(load(None), channels=(CHANNEL, OTHER, "#news"), announce_channels=("#news",))


@pytest.fixture
def room(filed, config):
    talk = filed
    talk.config = config
    talk.operators = {"alice"}
    talk.present = ("alice", "bob")
    _start_again(talk)
    for line in ("!ir start the one before", "!ir close", "!ir start API returns 500", "!ir add bob"):
        talk.say("alice", line)
    for text in ("is it slow for you?", "the replica lags"):
        talk.chat("bob", text)
    return talk


def _start_again(talk):
    """Begin a new process on the same record: what was held in memory is gone."""
    talk.application = build_application(talk.config)
    talk.adapter = Adapter(talk.application)


def _die_of(talk, request):
    """Carry a request out, and be killed before the commit; then begin a new process."""
    with suppress(KilledError), talk.database.write() as session:
        assert talk.adapter.handle(session, request, talk.now)
        raise KilledError
    _start_again(talk)


def rows(talk):
    with talk.database.read() as session:
        return {table.name: sorted(map(repr, session.execute(select(table)).all())) for table in metadata.sorted_tables}


@pytest.mark.parametrize("command", COMMANDS)
def test_of_a_killed_command_nothing_acknowledged_is_lost_and_nothing_is_doubled(room, command):
    if command in PREPARED:
        room.say("alice", PREPARED[command])
    request = room.request("alice", command)
    before = rows(room)
    _die_of(room, request)
    assert rows(room) == before
    said = [each for each in room.handle(request) if isinstance(each, Reply)]
    assert said
    assert not [each.text for each in said if each.refusal]
    after = rows(room)
    assert after != before
    # Killed before it could answer; the network gives it the line again.
    _start_again(room)
    room.later(seconds=30)
    assert room.handle(replace(request, read_back=True, heard_at=room.now)) == []
    assert rows(room) == after


def test_who_accepts_a_role_has_it_once(room):
    room.say("alice", "!ir handoff bob")
    request = room.request("bob", "!ir accept")
    _die_of(room, request)
    assert room.report(2).roles == ()
    room.handle(request)
    _start_again(room)
    assert room.handle(replace(request, read_back=True, heard_at=room.now)) == []
    assert [each.name for each in room.report(2).roles] == ["bob"]
