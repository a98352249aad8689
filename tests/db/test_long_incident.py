"""Three hours of one incident with everything on: all that the bot says unasked, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from irscribe.config import load
from irscribe.domain.nudges import Nudges
from irscribe.domain.unasked import APART, HOUR
from irscribe.domain.working_hours import read_working_hours
from tests.talk import CHANNEL, NOON
from tests.watch import Watch

PLAYED = [
    (0, "alice", "!ir start API returns 500 #page T123"),
    (1, "bob", "looking, the db hosts are unhappy"),
    (3, "alice", "!log db1003 is down"),
    (4, "alice", "!ir add bob, carol"),
    (7, "carol", "users report errors"),
    (16, "bob", "!ir ic me"),
    (18, "bob", "!ir status identified a bad deploy"),
    (22, "carol", "rolling back?"),
    (70, "bob", "!ir update the rollback hangs"),
    (85, "bob", "!ir nextupdate 45m"),
    (100, "bob", "still waiting for it"),
    (101, "bob", "PART"),
    (125, "carol", "!ir ic me"),
    (126, "carol", "!ir status monitoring the rollback is out"),
    (128, "bob", "JOIN"),
    (141, "carol", "!ir impact users saw errors for two hours"),
    (142, "carol", "!ir status resolved all is well"),
    (179, "carol", "!ir close"),
]
"""Minute, nick, line."""
SAID = """
12:10 #incidents Incident 1: nobody coordinates it: !ir ic me, or !ir ic none (!ir mute silences me).
12:48 bob Incident 1 “API returns 500 #page T123”: no update for 30 min: !ir @1 update TEXT, or !ir @1 nextupdate 1h.
13:03 #incidents Incident 1: no update for 45 min: !ir update TEXT, or !ir nextupdate 1h.
13:52 #incidents Incident 1: bob coordinates it and has been gone for 10 min: !ir ic me takes over.
14:11 #incidents Incident 1: monitoring, and no impact is written yet: !ir impact TEXT.
14:52 #incidents Incident 1: resolved for 30 min: !ir close ends it.
"""
"""The transcript; the marks that keep nicks and tasks from waking anybody are left out."""


@pytest.fixture
def config():
    hours = read_working_hours("Mon-Fri 08:00-17:00 Europe/Berlin")
    return replace(load(None), nudges=Nudges(working_hours=hours, aftercare_channel=CHANNEL))


def test_three_hours_of_an_incident(talk):
    watch, played = Watch(talk, people=("alice", "bob", "carol")), list(PLAYED)
    while talk.now <= NOON + timedelta(hours=3):
        while played and NOON + timedelta(minutes=played[0][0]) <= talk.now:
            _, nick, line = played.pop(0)
            match line:
                case "PART":
                    watch.people[CHANNEL] = tuple(each for each in watch.people[CHANNEL] if each != nick)
                case "JOIN":
                    watch.people[CHANNEL] += (nick,)
                case _:
                    watch.say(nick, line)
        watch.wait(minutes=1)
    print(*watch.said, sep="\n")  # noqa: T201 - the transcript is to be read
    in_channel = [each.at for each in watch.said if each.to == CHANNEL]
    assert sum(each <= NOON + HOUR for each in in_channel) <= 3
    assert all(later - earlier >= APART for earlier, later in pairwise(in_channel))
    assert "\n".join(map(str, watch.said)).replace("\u200b", "") == SAID.strip()
    assert not [each for each in watch.said if "#page" in each.text or "T123" in each.text]
