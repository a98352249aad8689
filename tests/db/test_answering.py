"""Questions are answered beside the writer: in each person's order, and never with what was withdrawn meanwhile."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import text

from irscribe.domain.request import Left, Renamed
from irscribe.engine import answering
from tests.db.room import Room
from tests.postgres import emptied_database
from tests.replies import logged
from tests.talk import CHANNEL, NETWORK, Talk
from tests.waiting import HANGS


@pytest.fixture
def room(talk):
    with _room(talk) as made:
        yield made


@pytest.fixture
def filed_room(filed):
    with _room(filed) as made:
        yield made


@contextmanager
def _room(talk):
    talk.operators.add("alice")
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!log the password is hunter2")
    room = Room(talk)
    room.answerer.start()
    room.writer.start()
    yield room
    room.gate.opened.set()
    room.writer.stop(HANGS)
    room.answerer.stop(HANGS)


def test_later_answers_to_who_asked_wait_and_nobody_elses_do(room):
    with room.held_up("alice", "!ir history 2"):
        room.ask("alice", "!log hers")
        room.ask("bob", "!log his")
        assert room.answers(1) == [logged(4)]
    history, acknowledgement = room.answers(2)
    assert history.startswith("#2 v1")
    assert acknowledgement == logged(3)


def test_an_answer_shows_what_its_own_person_typed_before(filed_room):
    room = filed_room
    for number in range(3, 13):
        room.ask("bob", f"!log note {number}")
        room.ask("bob", f"!ir history {number}")
    shown = [text for text in room.answers(20) if " v1 " in text]
    assert [text.rpartition(" ")[2] for text in shown] == [str(number) for number in range(3, 13)]


def test_two_people_who_ask_at_once_are_served_in_turns(filed_room):
    room = filed_room
    with room.held_up("alice", "!ir history 1"):
        for _ in range(5):
            room.ask("alice", "!ir history 1")
        room.ask("bob", "!ir history 2")
        room.ask("carol", "!log a note")
        assert room.answers(1) == [logged(3)]
    room.answers(7)
    assert [room.gate.read.get(timeout=HANGS) for _ in range(2)] == ["bob", "alice"]


@pytest.mark.parametrize("line", ["!ir history 2", "!ir timeline", "!ir find password"])
def test_what_was_redacted_meanwhile_is_not_said(room, line):
    with room.held_up("bob", line):
        room.ask("alice", "!ir redact 2 a password")
        assert "redacted" in room.answers(1)[0]
    room.ask("bob", "!log the last line")
    said = []
    while logged(3) not in said:
        said += room.answers(1)
    assert len(said) > 1
    assert not [text for text in said if "hunter2" in text]


def test_what_was_made_private_meanwhile_is_not_said(filed_room):
    room = filed_room
    with room.held_up("bob", "!ir show 1", channel="#elsewhere"):
        room.ask("alice", "!ir private on")
        room.answers(1)
    assert room.answers(1)[0].startswith("There is no incident 1 here")


def test_who_was_taken_off_the_list_of_a_private_incident_is_told_nothing_more(filed_room):
    room = filed_room
    for nick, line in (("alice", "!ir private on"), ("bob", "!ir join")):
        room.ask(nick, line)
    room.answers(2)
    with room.held_up("bob", "!ir show 1", channel=None, shared=()):
        room.ask("alice", "!ir remove bob")
        room.answers(1)
    assert room.answers(1)[0].startswith("There is no incident 1 here")


def test_an_answer_is_read_anew_where_its_connection_breaks(tmp_path):
    talk, ended = Talk(tmp_path, url=emptied_database()), []
    with closing(talk.database), _room(talk) as room:
        look_up = room.gate.look_up

        def cut_off_once(session, lookup):
            if not ended:
                process = session.execute(text("select pg_backend_pid()")).scalar()
                with talk.database.read() as other:
                    ended.append(other.execute(text(f"select pg_terminate_backend({process}, 60000)")).scalar())
            return look_up(session, lookup)

        room.gate.look_up = cut_off_once
        room.ask("bob", "!ir history 2")
        assert room.answers(1)[0].startswith("#2 v1")
    assert ended == [True]


def test_a_long_answer_is_read_anew_where_something_is_withdrawn_between_its_parts(filed_room, monkeypatch):
    monkeypatch.setattr("irscribe.engine.answering.LINES_AT_ONCE", 2)
    room = filed_room
    for number in range(3, 9):
        room.talk.say("alice", f"!log note {number}")
    room.on_said = lambda text: "note 3" in text and room.talk.say("alice", "!ir redact 8 a secret")
    room.ask("bob", "!ir timeline")
    room.ask("bob", "!log behind it")
    said = []
    while logged(9) not in said:
        said += room.answers(1)
    # The new reading may show the note as well.
    told = [text.split(" ")[0] for text in said[1:-1] if "behind it" not in text]
    assert told == [f"#{number}" for number in range(1, 8)]
    assert said[-1] == logged(9)


def test_a_note_meanwhile_lets_nothing_be_read_anew(filed_room):
    room = filed_room
    with room.held_up("bob", "!ir history 2"):
        room.ask("alice", "!log a note")
        room.answers(1)
    room.answers(1)
    assert room.gate.read.empty()


def test_an_answer_that_is_withdrawn_each_time_is_refused_in_words(filed_room, monkeypatch):
    room = filed_room
    look_up = room.gate.adapter.look_up

    def redacted_meanwhile(session, lookup):
        outcome = look_up(session, lookup)
        room.talk.say("alice", "!log another")
        room.talk.say("alice", f"!ir redact {room.talk.report().timeline[-1].number} a secret")
        return outcome

    monkeypatch.setattr(room.gate.adapter, "look_up", redacted_meanwhile)
    room.ask("bob", "!ir history 1")
    assert room.answers(1) == [answering.WITHDRAWN]


def test_what_takes_too_long_is_refused_in_words(room):
    room.talk.database.snapshots.longest = 0.0
    room.ask("bob", "!ir timeline")
    assert room.answers(1) == [answering.TOO_LONG]
    room.ask("bob", "!ir export json")
    assert room.answers(1) == ["The report of 1 could not be written: reading it takes too long just now."]


def test_what_nobody_asked_for_and_takes_too_long_names_the_command_to_ask_with(room):
    room.talk.database.snapshots.longest = 0.0
    room.ask("alice", "!ir close")
    _closed, _scorecard, _question, more = room.answers(4)
    assert "!ir missing" in more


def test_a_database_that_cannot_be_read_is_said(filed_room, caplog):
    room, file = filed_room, filed_room.talk.database.file
    away = file.with_name("away.db")
    room.deliver_first = lambda: file.rename(away)
    room.ask("bob", "!ir timeline")
    assert room.answers(1) == [answering.NOT_READ]
    assert "a lookup failed: There is no database at" in caplog.text
    room.deliver_first = lambda: None
    away.rename(file)
    room.ask("bob", "!ir history 1")
    assert room.answers(1)[0].startswith("#1 v1")


def test_a_fault_of_the_program_is_said_and_ends_no_thread(filed_room, caplog, monkeypatch):
    room = filed_room
    monkeypatch.setattr("irscribe.services.timeline.entry_lists.existing", lambda *_: 1 // 0)
    room.ask("bob", "!ir history 1")
    assert room.answers(1)[0].startswith("That went wrong on my side")
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.undo()
    room.ask("bob", "!ir history 1")
    assert room.answers(1)[0].startswith("#1 v1")


def test_a_refused_question_keeps_none_of_its_words(filed_room):
    room = filed_room
    room.ask("bob", "!ir history hunter2")
    room.ask("bob", "!ir find hunter2")
    assert room.answers(2)[0].startswith("Which one?")
    with room.talk.database.read() as session:
        kept = session.exec_driver_sql("select text, body from line order by id desc limit 2").fetchall()
    assert [tuple(row) for row in kept] == [("", ""), ("", "history")]


def test_at_the_end_what_waits_is_answered(filed_room):
    room = filed_room
    room.ask("alice", "!ir history 1")
    room.ask("bob", "!ir history 2")
    room.writer.stop(HANGS)
    room.answerer.stop(HANGS)
    assert sorted(text[:5] for text in room.answers(2)) == ["#1 v1", "#2 v1"]


def test_what_hangs_at_the_end_is_refused_in_words(filed_room):
    room = filed_room
    with room.held_up("alice", "!ir history 1"):
        room.ask("alice", "!log behind it")
        room.ask("bob", "!log meanwhile")
        assert room.answers(1) == [logged(4)]
        room.writer.stop(HANGS)
        room.answerer.stop(0)
        assert room.answers(2) == [answering.STOPPING, logged(3)]
    assert room.said.empty()


def test_an_answer_follows_its_person_to_a_new_nick(filed_room):
    room = filed_room
    with room.held_up("alice", "!ir history 1", channel=None):
        room.writer.submit(Renamed(person=room.talk.person("alice"), network=NETWORK, nick="alicia"))
        room.ask("alicia", "!log hers", person=replace(room.talk.person("alice"), nick="alicia"))
        room.ask("bob", "!log his")
        assert room.said.get(timeout=HANGS) == (CHANNEL, logged(4))
    assert room.said.get(timeout=HANGS)[0] == "alicia"


def test_nobody_is_told_what_was_for_somebody_who_has_left(filed_room, caplog):
    room = filed_room
    with room.held_up("alice", "!ir history 1", channel=None):
        room.writer.submit(Left(nick="alice"))
        room.ask("bob", "!log his")
        room.answers(1)
    assert room.answerer.wait_until_idle(HANGS)
    assert room.said.empty()
    assert "not said to alice, who has left: #1 v1" in caplog.text


def test_more_questions_than_may_wait_are_refused_in_their_turn(filed_room, monkeypatch):
    monkeypatch.setattr("irscribe.engine.turns.MOST_PENDING", 2)
    room = filed_room
    with room.held_up("alice", "!ir history 1"):
        for _ in range(3):
            room.ask("alice", "!ir history 2")
        room.ask("bob", "!log his")
        room.answers(1)
    said = room.answers(4)
    assert [text[:5] for text in said[:2]] == ["#1 v1", "#2 v1"]
    assert all(text.startswith("Too many of your questions") for text in said[2:])


def test_a_command_whose_lookup_is_one_too_many_is_not_said_to_be_dropped(filed_room, monkeypatch):
    monkeypatch.setattr("irscribe.engine.turns.MOST_PENDING", 1)
    room = filed_room
    with room.held_up("alice", "!ir history 1"):
        room.ask("alice", "!ir close")
        room.ask("bob", "!log his")
        room.answers(1)
    _history, closed, _scorecard, _question, more = room.answers(5)
    assert "is closed" in closed
    assert "!ir missing" in more
    assert "dropped" not in more


def test_an_export_holds_up_no_question_of_others(filed_room):
    room = filed_room
    room.ask("alice", "!ir export json")
    room.ask("alice", "!log behind it")
    place, acknowledgement = room.answers(2)
    assert place.startswith("The report of 1 is at")
    assert acknowledgement == logged(3)
