"""Limits on how fast a person may type; people who are not heard at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from irscribe.adapter.limits import MANY
from irscribe.config import LogMode, LogModes, Pace, load
from irscribe.domain.listed import read_item
from irscribe.domain.request import Renamed
from tests.replies import LOGGED
from tests.snapshot import record
from tests.talk import CHANNEL, NETWORK, Talk

PACE = Pace(40, 5.0)


@pytest.fixture
def talk_with(tmp_path):
    talks = []

    def make(**settings: object) -> Talk:
        talks.append(Talk(tmp_path, config=replace(load(None), **{"limit": PACE, **settings})))
        return talks[-1]

    yield make
    for talk in talks:
        talk.database.close()


@pytest.fixture
def limited(talk_with):
    talk = talk_with()
    talk.say("oper", "!ir start API returns 500")
    return talk


def _type(talk: Talk, nick: str, lines: int, **more: object) -> list[str]:
    """Type notes at the same moment; every answer."""
    return [answer for number in range(lines) for answer in talk.say(nick, f"!log note {number}", **more)]


def test_a_burst_within_the_limit_is_recorded_whole(limited):
    assert all(answer.endswith(LOGGED) for answer in _type(limited, "alice", PACE.burst))
    assert len(limited.texts()) == 1 + PACE.burst


def test_what_is_over_the_limit_is_dropped_with_one_line_that_tells_so(limited):
    answers = _type(limited, "alice", PACE.burst + 10)
    told = [answer for answer in answers if not answer.endswith(LOGGED)]
    assert len(told) == 1
    assert told[0].startswith("alice: too fast for me, this line and what follows is dropped. Wait a bit, then type it")
    assert told[0].endswith(": 40 lines at once, after that 5 a second.")
    assert len(limited.texts()) == 1 + PACE.burst


def test_what_is_dropped_changes_nothing_and_is_not_kept(limited):
    _type(limited, "alice", PACE.burst + 1)
    before = record(limited)
    assert limited.say("alice", "!ir close") == []
    assert record(limited) == before
    assert "adopt" not in " ".join(limited.say("oper", "!ir adopt none"))


def test_nobody_else_is_slowed_down(limited):
    _type(limited, "alice", PACE.burst + 50)
    assert limited.say("bob", "!log still here")[0].endswith(LOGGED)


def test_each_second_gives_five_lines_back(limited):
    _type(limited, "alice", PACE.burst + 1)
    limited.later(seconds=1)
    assert len(_type(limited, "alice", 10)) == PACE.per_second


def test_a_new_burst_is_told_anew(limited):
    first = _type(limited, "alice", PACE.burst + 5)
    limited.later(seconds=PACE.burst / PACE.per_second)
    second = _type(limited, "alice", PACE.burst + 5)
    assert [answers[-1].startswith("alice: too fast") for answers in (first, second)] == [True, True]
    assert len(first) == len(second) == PACE.burst + 1


def test_fifty_lines_a_second_for_a_minute_are_told_of_once(limited):
    answers = []
    for _ in range(60):
        answers += _type(limited, "alice", 50)
        limited.later(seconds=1)
    assert sum(answer.startswith("alice: too fast") for answer in answers) == 1
    assert len(limited.texts()) == 1 + PACE.burst + 59 * PACE.per_second


def test_a_clock_set_back_gives_nothing_and_takes_nothing(limited):
    _type(limited, "alice", PACE.burst - 1)
    limited.later(hours=-1)
    assert len(_type(limited, "alice", 3)) == 2


def test_channel_and_private_messages_count_together(limited):
    _type(limited, "alice", PACE.burst)
    assert limited.say("alice", "!ir", channel=None)[0].startswith("alice: too fast")


def test_an_account_is_one_person_whatever_its_nick(limited):
    limited.accounts |= {"alice": "alice", "alice_phone": "alice"}
    _type(limited, "alice", PACE.burst + 1)
    assert limited.say("alice_phone", "!log again") == []


def test_a_nick_change_is_still_followed_when_its_owner_types_too_fast(limited):
    _type(limited, "alice", PACE.burst + 1)
    alice = limited.person("alice")
    limited.handle(Renamed(person=alice, network=NETWORK, nick="alicia"))
    limited.later(minutes=1)
    assert limited.say("alicia", "!log + again", person=replace(alice, nick="alicia"))[0].endswith("continued")


def test_lines_missed_and_read_back_at_once_count_when_they_were_said(limited):
    for number in range(2 * PACE.burst):
        answers = limited.say("alice", f"!log note {number}", said_at=limited.now)
        assert answers[0].endswith(LOGGED)
        limited.later(seconds=1)


def test_what_people_say_to_each_other_has_no_limit(limited):
    for _ in range(2 * PACE.burst):
        limited.say("alice", "just talking")
    assert limited.say("alice", "!log and a note")[0].endswith(LOGGED)


def test_a_relay_speaks_for_many_and_has_a_larger_limit_of_its_own(talk_with):
    talk = talk_with(relays=(read_item("account:logmsgbot"),), relay_limit=Pace(2 * PACE.burst, 10.0))
    talk.accounts["logmsgbot"] = "logmsgbot"
    talk.say("oper", "!ir start API returns 500")
    assert all(answer.endswith(LOGGED) for answer in _type(talk, "logmsgbot", 2 * PACE.burst))
    told = _type(talk, "logmsgbot", 3)
    assert len(told) == 1
    assert told[0].endswith(": 80 lines at once, after that 10 a second.")
    talk.later(seconds=1)
    assert len(_type(talk, "logmsgbot", 20)) == 10


def test_who_only_has_a_relays_nick_has_the_limit_of_everybody(talk_with):
    talk = talk_with(relays=(read_item("logmsgbot"),))
    talk.say("oper", "!ir start API returns 500")
    assert len(_type(talk, "logmsgbot", 2 * PACE.burst)) == PACE.burst + 1


def test_no_limit_is_none(talk_with):
    talk = talk_with(limit=None)
    talk.say("oper", "!ir start API returns 500")
    assert len(_type(talk, "alice", 2 * PACE.burst)) == 2 * PACE.burst


def test_where_another_bot_owns_log_nothing_is_said_of_it(talk_with):
    talk = talk_with(log_modes=LogModes(LogMode.QUIET))
    talk.say("oper", "!ir start API returns 500")
    assert _type(talk, "alice", PACE.burst + 5) == []


def test_lines_that_are_not_for_this_bot_do_not_count(talk_with):
    talk = talk_with(log_modes=LogModes(LogMode.OFF))
    talk.say("oper", "!ir start API returns 500")
    _type(talk, "alice", 2 * PACE.burst)
    assert talk.say("alice", "!note for this one")[0].endswith(LOGGED)


def test_a_transaction_that_came_to_nothing_counts_for_nothing(limited):
    restore_limits = limited.adapter.remember_limits()
    _type(limited, "alice", PACE.burst + 1)
    restore_limits()
    assert limited.say("alice", "!log the same again")[0].endswith(LOGGED)


def test_a_crowd_of_passers_by_is_forgotten_and_who_is_too_fast_is_not(limited):
    _type(limited, "alice", PACE.burst + 1)
    for number in range(600):
        limited.later(seconds=0.01)
        limited.say(f"guest{number}", "!ir", channel=None)
    assert len(_type(limited, "alice", PACE.burst)) == 600 * 0.01 * PACE.per_second
    assert len(limited.adapter.limits.typing.buckets) <= MANY


@pytest.mark.parametrize("listed", ["account:mallory", "mallory", "*!*@mallory.example", "Mal*!*@*"])
def test_who_is_on_the_ignore_list_is_not_heard(talk_with, listed):
    talk = talk_with(ignore=(read_item(listed),))
    talk.accounts["mallory"] = "Mallory"
    talk.say("oper", "!ir start API returns 500")
    before = record(talk)
    assert talk.hear("mallory", "!log heard?") == talk.hear("mallory", "!ir close", channel=None) == []
    assert record(talk) == before


def test_a_nick_alone_gets_nobody_ignored(talk_with):
    talk = talk_with(ignore=(read_item("mallory"),))
    assert talk.say("mallory", "!ir start API returns 500", channel=CHANNEL)


def test_a_new_nick_gives_nobody_more_lines_nor_more_answers(limited):
    alice = limited.person("alice")
    assert all(limited.say("alice", line) != [] for line in ("!logg it broke", "irscribe: what is up?"))
    limited.rename("alice", "bob")
    bob = {"person": replace(alice, nick="bob")}
    assert all(limited.say("bob", line, **bob) == [] for line in ("!logg it broke", "irscribe: what is up?"))
    _type(limited, "bob", PACE.burst, **bob)
    limited.handle(Renamed(person=bob["person"], network=NETWORK, nick="alice"))
    assert limited.say("alice", "!log one more") == []
    assert limited.say("carol", "!log one more") != []
