"""Talk that is kept beside the record while an incident is open, and how it is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from irscribe.config import Switch, load
from irscribe.domain.mark import as_typed
from irscribe.domain.talk import Role, TalkHeard
from irscribe.engine import retention
from irscribe.engine.hearing import Hearing
from irscribe.engine.purge import Purge
from irscribe.engine.retention import Retention
from irscribe.render import FORMATS, render
from irscribe.services.report.exports import style
from models.talktables import talk as talk_table
from tests.replies import TAKEN_BACK, listens
from tests.snapshot import expect_refusal, kept_texts
from tests.talk import CHANNEL, NETWORK, Talk

pytestmark = pytest.mark.every_case_on_postgresql


@pytest.fixture
def opened(talk):
    talk.say("bob", "!ir start API returns 500")
    return talk


@pytest.fixture
def silent(tmp_path):
    """A bot that listens nowhere by its settings."""
    talk = Talk(tmp_path, config=replace(load(None), listen=Switch()))
    yield talk
    talk.database.close()


def kept(talk: Talk) -> list[tuple[int, str, str]]:
    """Everything kept: incident, nick, text, in order."""
    with talk.database.read() as session:
        columns = (talk_table.c.incident, talk_table.c.nick, talk_table.c.text)
        return [tuple(row) for row in session.execute(select(*columns).order_by(talk_table.c.id))]


def texts(talk: Talk) -> list[str]:
    return [text for _, _, text in kept(talk)]


def forget_due(talk: Talk, monkeypatch, days: int = 21) -> None:
    """Let retention do its work by the clock of the conversation."""

    class Clock:
        @staticmethod
        def now(_zone):
            return talk.now

    monkeypatch.setattr(retention, "datetime", Clock)
    Retention(
        talk.database,
        timedelta(0),
        listen_days=timedelta(days=days),
        commands=talk.application.commands,
        forgetting=Purge(talk.database),
    ).forget_due()


def test_what_is_said_while_an_incident_is_open_is_kept_with_everything_about_it(opened):
    opened.accounts["alice"] = "Alice"
    opened.chat("alice", "restarts it", action=True, msgid="m-one")
    with opened.database.read() as session:
        (row,) = session.execute(select(talk_table)).mappings()
    said_at = row["said_at"]
    assert (row["nick"], row["account"], row["msgid"], row["text"], row["action"], row["role"]) == (
        *("alice", "Alice", "m-one", "restarts it", True),
        "person",
    )
    assert abs(opened.now - said_at) < timedelta(seconds=1)


def test_the_recent_talk_goes_in_at_the_start_which_says_so(talk):
    talk.chat("alice", "is it slow?")
    talk.chat("carol", "yes")
    talk.chat("bob", "!log it is", typed=True)
    (answer,) = talk.say("bob", "!ir start API returns 500")
    assert listens(before=2) in answer
    assert kept(talk) == [(1, "alice", "is it slow?"), (1, "carol", "yes")]


def test_what_is_said_is_no_part_of_the_record(opened):
    opened.chat("alice", "it is the database")
    for form in FORMATS:
        assert "database" not in render(opened.report(), form, style(opened.application, {}))
    assert opened.texts() == ["Incident opened."]


def test_where_it_does_not_listen_nothing_is_kept_and_nothing_is_said_of_it(silent):
    silent.chat("alice", "before hunter2")
    (answer,) = silent.say("bob", "!ir start API returns 500")
    assert "listen" not in answer
    silent.chat("alice", "after hunter2")
    silent.say("bob", "!ir close")
    assert "hunter2" not in kept_texts(silent)


def test_where_nobody_listens_a_line_costs_no_transaction(silent, monkeypatch):
    silent.say("bob", "!ir start API returns 500")
    silent.hearing.flush()
    silent.chat("alice", "one")

    def write() -> None:
        raise AssertionError

    monkeypatch.setattr(silent.database, "write", write)
    monkeypatch.setattr(silent.database, "read", write)
    for number in range(100):
        silent.chat("alice", f"line {number}")


def test_many_lines_are_one_event(opened):
    events = []
    hearing = Hearing(opened.application, opened.database, submit=events.append, clock=lambda: opened.now)
    for number in range(100):
        hearing.hear(opened.heard("alice", f"line {number}"))
    hearing.flush()
    (event,) = events
    assert [each.text for each in event.lines] == [f"line {number}" for number in range(100)]


def test_what_a_command_is_about_is_handed_on_before_it(opened):
    for number in range(3):
        opened.hearing.hear(opened.heard("alice", f"line {number}"))
    opened.say("bob", "!log a note")
    assert texts(opened) == []
    opened.say("bob", "!ir listen off")
    assert texts(opened) == ["line 0", "line 1", "line 2"]


def test_a_line_is_handed_on_before_a_command_that_comes_while_it_is_read_who_listens(opened, monkeypatch):
    events, read = [], opened.database.read
    hearing = Hearing(opened.application, opened.database, submit=events.append, clock=lambda: opened.now)

    def interrupted():
        hearing.arrive(opened.request("bob", "!ir listen off"))
        return read()

    hearing.hear(opened.heard("alice", "one"))
    monkeypatch.setattr(opened.database, "read", interrupted)
    hearing.flush()
    assert [line.text for event in events for line in event.lines] == ["one"]


def test_a_batch_that_comes_twice_is_kept_once(opened):
    line = opened.heard("alice", "one")
    opened.handle(TalkHeard(lines=(line,)))
    opened.handle(TalkHeard(lines=(line, opened.heard("alice", "two"))))
    assert texts(opened) == ["one", "two"]


def test_it_ends_at_the_close_and_begins_again_at_a_reopening(opened):
    opened.chat("alice", "one")
    opened.say("bob", "!ir close")
    opened.chat("alice", "two")
    opened.say("bob", "!ir reopen")
    opened.chat("alice", "three")
    assert texts(opened) == ["one", "three"]


def test_it_ends_two_hours_after_resolved(opened):
    opened.say("bob", "!ir status resolved")
    opened.later(hours=1, minutes=59)
    opened.chat("alice", "one")
    opened.later(minutes=2)
    opened.chat("alice", "two")
    opened.say("bob", "!ir status investigating it is back")
    opened.chat("alice", "three")
    assert texts(opened) == ["one", "three"]


def test_a_responder_ends_it_and_begins_it_again(opened):
    opened.chat("alice", "one")
    expect_refusal(opened, "carol", "!ir listen off", "opener")
    assert "1 line kept so far" in opened.say("bob", "!ir listen off")[0]
    opened.later(hours=2)
    opened.chat("alice", "two")
    opened.later(hours=2)
    expect_refusal(opened, "bob", "!ir listen off", "not listening")
    opened.say("bob", "!ir listen on")
    opened.chat("alice", "three")
    assert texts(opened) == ["one", "three"]
    expect_refusal(opened, "bob", "!ir listen on", "already")
    assert opened.say("bob", "!ir undo")[0].startswith(TAKEN_BACK)
    opened.chat("alice", "four")
    assert texts(opened) == ["one", "three"]


def test_a_responder_may_begin_it_where_the_settings_say_nothing(silent):
    silent.say("bob", "!ir start API returns 500")
    silent.chat("alice", "one")
    assert "1 line from before too" in silent.say("bob", "!ir listen on")[0]
    silent.chat("alice", "two")
    assert texts(silent) == ["one", "two"]


@pytest.mark.parametrize("own", ['listen = on, "#incidents=off"', 'listen = on\nprivate_channels = "#incidents"'])
def test_nobody_begins_it_against_the_settings(tmp_path, own):
    (tmp_path / "config.ini").write_text(f'[core]\nchannels = "#incidents"\n[irscribe]\n{own}\n')
    talk = Talk(tmp_path, config=load(tmp_path / "config.ini"))
    assert "listen" not in talk.say("bob", "!ir start API returns 500")[0]
    expect_refusal(talk, "bob", "!ir listen on", "#incidents=on")
    talk.chat("alice", "one")
    assert kept(talk) == []
    talk.database.close()


def test_a_private_channel_that_is_named_is_listened_to(tmp_path):
    own = 'listen = "#incidents=on"\nprivate_channels = "#incidents"'
    (tmp_path / "config.ini").write_text(f'[core]\nchannels = "#incidents"\n[irscribe]\n{own}\n')
    talk = Talk(tmp_path, config=load(tmp_path / "config.ini"))
    assert listens() in talk.say("bob", "!ir start API returns 500")[0]
    talk.chat("alice", "one")
    assert texts(talk) == ["one"]
    talk.database.close()


def test_what_is_written_down_afterwards_is_listened_to_only_on_request(talk):
    assert "listen" not in talk.say("bob", "!ir start -3d API returned 500")[0]
    talk.chat("alice", "one")
    assert kept(talk) == []
    talk.say("bob", "!ir listen on")
    assert texts(talk) == ["one"]


def test_two_incidents_of_a_channel_keep_it_each(opened):
    opened.chat("alice", "one")
    opened.say("bob", "!ir start! another")
    opened.chat("alice", "two")
    assert kept(opened) == [(1, "alice", "one"), (2, "alice", "one"), (1, "alice", "two"), (2, "alice", "two")]


def test_other_channels_and_commands_are_not_kept(opened):
    opened.chat("alice", "elsewhere", channel="#elsewhere")
    opened.chat("alice", "!ir status", typed=True)
    opened.chat("icinga-wm", "PROBLEM", role=Role.BOT)
    assert texts(opened) == ["PROBLEM"]


def test_lines_read_back_go_in_once(opened):
    opened.chat("alice", "one")
    heard_at = opened.now
    opened.later(minutes=5)
    away = [
        {"said_at": heard_at - timedelta(milliseconds=1), "msgid": None, "text": "one"},
        {"said_at": heard_at + timedelta(minutes=1), "msgid": "back", "text": "two"},
        {"said_at": heard_at + timedelta(minutes=2), "msgid": None, "text": "three"},
    ]
    for _ in range(2):
        for each in away:
            opened.chat("alice", **each, read_back=True)
    assert texts(opened) == ["one", "two", "three"]


def test_what_was_forgotten_does_not_come_back_with_lines_read_back(opened):
    opened.chat("alice", "one")
    said_at = opened.now - timedelta(milliseconds=1)
    opened.say("alice", "!ir listen forget alice")
    opened.chat("alice", "one", said_at=said_at, msgid=None, read_back=True)
    assert kept(opened) == []


def test_what_was_said_while_it_did_not_listen_does_not_come_back(opened):
    opened.say("bob", "!ir listen off")
    opened.chat("alice", "one")
    said_at = opened.now - timedelta(milliseconds=1)
    opened.later(hours=2)
    opened.say("bob", "!ir undo")
    opened.chat("alice", "one", said_at=said_at, msgid=None, read_back=True)
    assert kept(opened) == []


def test_everybody_may_have_their_own_lines_forgotten_and_others_need_trust(opened):
    opened.accounts |= {"alice": "alice", "carol": "carol"}
    opened.chat("alice", "hunter1")
    opened.chat("carol", "hunter2")
    opened.chat("dave", "hunter3")
    expect_refusal(opened, "carol", "!ir listen forget alice", "operator")
    expect_refusal(opened, "carol", "!ir listen forget", "operator")
    opened.accounts["alice"] = None
    expect_refusal(opened, "alice", "!ir listen forget alice", "Nothing")
    opened.accounts["al"] = "alice"
    assert "1 line by al" in as_typed(opened.say("al", "!ir listen forget me")[0].replace("m\u200be", "al"))
    assert texts(opened) == ["hunter2", "hunter3"]
    opened.operators.add("bob")
    opened.say("bob", "!ir listen forget DAVE")
    assert texts(opened) == ["hunter2"]
    opened.chat("alice", "hunter4")
    opened.say("bob", "!ir listen forget")
    assert kept(opened) == []
    for word in ("hunter1", "hunter2", "hunter3", "hunter4"):
        assert word not in kept_texts(opened)
    assert not opened.application.recent.until(NETWORK, CHANNEL, opened.now)


def test_what_was_taken_in_stays_when_talk_is_forgotten(opened):
    opened.chat("alice", "it is the database")
    opened.say("bob", "!log ^")
    opened.say("alice", "!ir listen forget alice")
    assert "<alice> it is the database" in opened.texts()


def test_talk_goes_some_days_after_the_close(opened, monkeypatch):
    opened.chat("alice", "hunter2")
    opened.later(days=30)
    forget_due(opened, monkeypatch)
    assert texts(opened) == ["hunter2"]
    opened.say("bob", "!ir close")
    opened.later(days=20)
    forget_due(opened, monkeypatch)
    assert texts(opened) == ["hunter2"]
    opened.later(days=2)
    forget_due(opened, monkeypatch, days=0)
    assert texts(opened) == ["hunter2"]
    forget_due(opened, monkeypatch)
    assert "hunter2" not in kept_texts(opened)


def test_the_answer_says_whether_it_listens(opened):
    opened.chat("alice", "one")
    assert opened.say("carol", "!ir listen")[0].startswith("I listen for 1, and keep 1 line beside the record")
    expect_refusal(opened, "bob", "!ir listen loud", "On, off or forget?")


def test_a_private_incident_s_talk_is_counted_for_its_readers_only(talk):
    talk.say("bob", "!ir start --private API returns 500")
    talk.chat("alice", "one")
    answer = talk.say("mallory", "listen @1", channel=None, shared=("#elsewhere",))
    assert answer[0].startswith("There is no incident 1 here")


def test_a_crowd_of_lines_does_not_grow_without_end(opened):
    opened.say("bob", "!ir listen off")
    for number in range(600):
        opened.hearing.hear(opened.heard("alice", f"line {number}"))
    recent = opened.application.recent.until(NETWORK, CHANNEL, opened.now)
    assert len(recent) == 500
    assert recent[0].text == "line 599"
