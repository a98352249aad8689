"""An acknowledged line is recorded, and one that cannot be recorded is refused, whatever happens to the database."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import event

from irscribe.adapter.adapter import BROKEN
from irscribe.domain.request import Identified, Renamed
from irscribe.engine.batch import EVENTS_PER_TRANSACTION
from irscribe.engine.writer import NOT_RECORDED
from tests.db.desk import SOON, Desk, locked
from tests.replies import logged, value_set
from tests.talk import CHANNEL, NETWORK
from tests.waiting import HANGS

LONG_NOTE = "!log " + "x" * 420
LONG_SUMMARY = "!ir summary " + "x" * 420


def test_an_answer_is_given_when_another_connection_can_read_what_it_speaks_of(desk):
    desk.submit(*(f"!log note {number}" for number in range(200)))
    desk.answers(200)
    for number, found in enumerate(desk.found[1:]):
        assert f"note {number}" in found


def test_notes_are_carried_out_in_the_order_they_came(desk):
    for number in range(100):
        desk.submit(f"!log note {number}", nick=("alice", "bob")[number % 2])
    assert desk.answers(100) == [logged(number) for number in range(2, 102)]
    assert desk.texts() == ["Incident opened.", *(f"note {number}" for number in range(100))]


def test_requests_that_wait_together_share_a_commit(filed, monkeypatch):
    monkeypatch.setattr("irscribe.engine.batch.SECONDS_PER_TRANSACTION", HANGS)
    desk, commits = Desk(filed), []
    event.listen(filed.database.engine, "commit", commits.append)
    desk.submit("!ir start API returns 500", *(f"!log note {number}" for number in range(EVENTS_PER_TRANSACTION - 1)))
    desk.writer.start()
    desk.answers(EVENTS_PER_TRANSACTION)
    desk.writer.stop(SOON)
    assert len(commits) == 1


def test_what_waits_at_the_end_is_still_carried_out(filed):
    desk = Desk(filed)
    desk.submit("!ir start API returns 500", *(f"!log note {number}" for number in range(3 * EVENTS_PER_TRANSACTION)))
    desk.writer.start()
    desk.writer.stop(SOON)
    assert len(desk.texts()) == 3 * EVENTS_PER_TRANSACTION + 1


def test_a_request_that_breaks_the_program_leaves_the_others_of_its_batch_alone(filed):
    desk, unencodable = Desk(filed), "!log \ud800"
    desk.submit("!ir start API returns 500", "!log before", unencodable, "!log after")
    desk.writer.submit(Renamed(person=filed.person("alice"), network=NETWORK, nick="\ud800"))
    desk.submit("!log last")
    desk.writer.start()
    assert desk.answers(5)[1:] == [logged(2), BROKEN, logged(3), logged(4)]
    desk.writer.stop(SOON)
    assert desk.texts() == ["Incident opened.", "before", "after", "last"]


def test_what_the_database_does_not_take_costs_nobody_what_stands_in_the_same_batch(talk):
    desk = Desk(talk)
    desk.submit("!ir start API returns 500", "!log before")
    somebody = replace(talk.person("alice"), account="x" * 800)
    desk.writer.submit(Identified(person=somebody, network=NETWORK))
    desk.writer.start()
    assert desk.answers(2)[1:] == [logged(2)]
    desk.writer.stop(SOON)
    assert talk.texts() == ["Incident opened.", "before"]


def test_a_locked_database_refuses_and_takes_again_once_it_is_free(desk):
    desk.set_on_checkout("busy_timeout=50")
    with locked(desk.path):
        assert desk.ask("!log while it is locked") == NOT_RECORDED
    assert desk.ask("!log afterwards") == logged(2)
    assert desk.texts() == ["Incident opened.", "afterwards"]


def test_nobody_waits_long_behind_a_lock(filed, monkeypatch):
    monkeypatch.setattr("irscribe.engine.writer.ONE_BY_ONE_FOR", 0.0)
    desk = Desk(filed)
    desk.set_on_checkout("busy_timeout=200")
    attempts = []
    event.listen(filed.database.engine, "checkout", lambda *_: attempts.append(None))
    desk.submit(*(f"!log note {number}" for number in range(EVENTS_PER_TRANSACTION)))
    with locked(desk.path):
        desk.writer.start()
        assert desk.answers(EVENTS_PER_TRANSACTION) == [NOT_RECORDED] * EVENTS_PER_TRANSACTION
    desk.writer.stop(SOON)
    assert len(attempts) == 1


def test_a_database_that_cannot_be_written_refuses_until_it_can(desk):
    desk.set_on_checkout("query_only=on")
    assert desk.ask("!log into stone") == NOT_RECORDED
    desk.set_on_checkout("query_only=off")
    assert desk.ask("!log into sand") == logged(2)
    assert desk.texts() == ["Incident opened.", "into sand"]


def test_a_full_disk_refuses_what_does_not_fit_and_takes_again_once_there_is_room(desk):
    desk.set_on_checkout("max_page_count=1")
    said = []
    while NOT_RECORDED not in said:
        assert len(said) < 1000
        said.append(desk.ask("!log " + "x" * 390))
    desk.set_on_checkout("max_page_count=1000000")
    assert desk.ask("!log there is room") == logged(len(said) + 1)
    assert len(desk.texts()) == len(said) + 1


def test_a_database_that_is_gone_refuses_until_it_is_back(desk):
    away = desk.path.with_name("away.db")
    desk.path.rename(away)
    assert desk.ask("!log into the void") == NOT_RECORDED
    assert not desk.path.exists()
    away.rename(desk.path)
    assert desk.ask("!log back") == logged(2)
    assert desk.texts() == ["Incident opened.", "back"]


def test_a_database_put_in_the_place_of_the_old_one_is_the_one_written_to(desk):
    copy = desk.path.with_name("copy.db")
    with closing(sqlite3.connect(desk.path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    desk.ask("!log into the old one")
    for rest in desk.path.parent.glob("talk.db?*"):
        rest.unlink()
    shutil.move(copy, desk.path)
    assert desk.ask("!log into the new one") == logged(2)
    assert desk.texts() == ["Incident opened.", "into the new one"]


def test_a_cut_command_that_was_not_recorded_is_refused_and_never_acknowledged(desk):
    desk.set_on_checkout("busy_timeout=50")
    long_ago = desk.talk.now - timedelta(minutes=1)
    with locked(desk.path):
        assert desk.ask("!log " + "x" * 420, heard_at=long_ago) == NOT_RECORDED
    assert desk.ask("!ir update going on") != NOT_RECORDED
    assert desk.ask("!log afterwards") == logged(3)


def test_a_held_command_is_carried_out_at_the_end(desk):
    desk.submit(LONG_SUMMARY)
    desk.writer.stop(SOON)
    assert desk.answers(1) == [value_set("Summary")]
    assert desk.talk.report().summary == "x" * 420


def test_a_held_command_is_carried_out_when_its_time_is_over_though_nothing_else_happens(desk):
    desk.writer.clock = partial(datetime.now, UTC)
    assert desk.ask(LONG_SUMMARY, heard_at=datetime.now(UTC) - timedelta(seconds=2.5)) == value_set("Summary")


def test_what_is_held_outlives_the_refusal_of_what_others_type(desk):
    desk.set_on_checkout("busy_timeout=50")
    desk.submit(LONG_NOTE, nick="bob")
    desk.submit(LONG_SUMMARY)
    desk.ask("!ir list", nick="carol", channel="#elsewhere")
    with locked(desk.path):
        assert desk.ask("!ir list", nick="carol", channel="#elsewhere") == NOT_RECORDED
    assert desk.ask("the end") == value_set("Summary", lines=2)
    assert desk.ask("the end", nick="bob") == logged(2, lines=2)


def test_a_held_command_that_the_database_does_not_take_is_refused(desk):
    desk.set_on_checkout("busy_timeout=50")
    with locked(desk.path):
        desk.submit(LONG_SUMMARY, "!log behind it")
        assert desk.answers(2) == [NOT_RECORDED, NOT_RECORDED]


def test_a_rest_that_the_database_does_not_take_leaves_its_beginning_acknowledged(desk):
    desk.set_on_checkout("busy_timeout=50")
    desk.submit(LONG_NOTE, nick="bob")
    desk.ask("!ir list")
    with locked(desk.path):
        desk.submit("the end", nick="bob")
        assert desk.answers(2) == [logged(2), NOT_RECORDED]


def test_what_people_say_to_each_other_costs_no_transaction(filed):
    desk, commits = Desk(filed), []
    event.listen(filed.database.engine, "commit", commits.append)
    desk.submit(*(f"{number} bottles of beer" for number in range(100)))
    desk.writer.start()
    desk.writer.stop(SOON)
    assert commits == []


def test_a_failing_database_is_no_news_for_who_did_not_talk_to_the_bot(desk):
    desk.set_on_checkout("busy_timeout=50")
    with locked(desk.path):
        desk.submit("just talking", channel=CHANNEL)
        desk.writer.submit(Renamed(person=desk.talk.person("alice"), network=NETWORK, nick="alicia"))
        assert desk.ask("!log a note") == NOT_RECORDED
    assert desk.said.empty()
