"""One bot at a time on a database, and no doubt about what it has written."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from queue import SimpleQueue
from threading import Event

import pytest
from sqlalchemy import event, update
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import InternalError, OperationalError

from irscribe.domain.coverage import ChannelRejoined, HeardUntil
from irscribe.domain.errors import DatabaseError
from irscribe.domain.events import NamesakeJoined
from irscribe.domain.request import Reply
from irscribe.engine.writer import IN_DOUBT, NOT_RECORDED, Writer
from models import Database, OccupiedError, VacantError
from models.leaderlock import leader_lock
from models.migrating import migrate
from tests.botprocess import free_port
from tests.postgres import SERVER, Cluster, claim_free, execute
from tests.proxy import Proxy
from tests.replies import logged, was_away
from tests.talk import CHANNEL, NETWORK, Talk
from tests.waiting import HANGS

SOON = HANGS
HANG_UP = (
    "select pg_terminate_backend(pid) from pg_stat_activity"
    " where datname = current_database() and starts_with(application_name, 'irscribe')"
)


@pytest.fixture
def at_head():
    return True


@pytest.fixture
def proxied(postgresql):
    """A way to the server, and the database's URL by that way."""
    url = make_url(postgresql)
    with Proxy((url.host, url.port)) as proxy:
        yield proxy, url.set(host="127.0.0.1", port=proxy.address[1]).render_as_string(hide_password=False)


@contextmanager
def own(url):
    """A bot's way to a database, which is at this version."""
    with closing(Database(url)) as verb:
        migrate(verb)
    with closing(Database(url, alone=True)) as database:
        yield database


def test_the_bot_that_came_first_writes_and_the_next_one_does_once_it_is_gone(url):
    with own(url) as first, own(url) as second:
        first.take_leader_lock()
        for look in (second.confirm_leader_lock, second.take_leader_lock):
            with pytest.raises(OccupiedError, match="Another bot is at work on this database"):
                look()
        first.confirm_leader_lock()
        first.close()
        claim_free(second)
        second.confirm_leader_lock()
        with pytest.raises(OccupiedError):
            first.confirm_leader_lock()


def test_who_missed_the_turn_of_another_bot_writes_no_more_before_claiming_its_own(postgresql):
    with own(postgresql) as first, own(postgresql) as second:
        first.take_leader_lock()
        first.close()
        first.confirm_leader_lock()
        first.close()
        claim_free(second)
        second.close()
        with pytest.raises(VacantError):
            first.confirm_leader_lock()
        second.confirm_leader_lock()
        second.close()
        claim_free(first)
        first.confirm_leader_lock()


def test_a_turn_that_was_let_go_is_anybodys_who_claims_it(postgresql):
    with own(postgresql) as first, own(postgresql) as second:
        first.take_leader_lock()
        first.release_leader_lock()
        for each in (first, second):
            with pytest.raises(VacantError):
                each.confirm_leader_lock()
        claim_free(second)
        with pytest.raises(OccupiedError):
            first.take_leader_lock()
        second.release_leader_lock()
        claim_free(first)


@pytest.mark.parametrize("way", ["link.db", "linked/irscribe.db", "folder/../folder/irscribe.db"])
def test_a_file_is_for_one_bot_whatever_way_leads_to_it(tmp_path, monkeypatch, way):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "linked").symlink_to("folder")
    (tmp_path / "link.db").symlink_to("folder/irscribe.db")
    urls = [f"sqlite:///{tmp_path}/folder/irscribe.db", f"sqlite:///{way}"]
    for one, other in (urls, urls[::-1]):
        with closing(Database(one, alone=True)) as first, closing(Database(other, alone=True)) as second:
            migrate(first)
            first.confirm_leader_lock()
            with pytest.raises(OccupiedError):
                second.confirm_leader_lock()
    assert [path.name for path in tmp_path.rglob("*-bot")] == ["irscribe.db-bot"]


@pytest.fixture
def held(sqlite):
    """The file that says who holds a database, and what a second bot learns of the first."""
    with own(sqlite) as first, own(sqlite) as second:
        first.take_leader_lock()

        def holder():
            with pytest.raises(OccupiedError) as occupied:
                second.take_leader_lock()
            return occupied.value.holder

        yield first.file.with_name(f"{first.file.name}-bot"), holder


def test_who_holds_a_file_is_known_by_process_host_and_time(held):
    _, holder = held
    place = re.escape(f"process {os.getpid()} on {socket.gethostname()}, since ")
    assert re.fullmatch(place + r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", holder())


def test_who_held_a_file_before_is_not_taken_for_who_holds_it_now(held):
    path, holder = held
    ended = subprocess.Popen(["true"])
    ended.wait()
    path.write_text(f"{ended.pid} {socket.gethostname()}\n", encoding="utf-8")
    assert holder() is None
    path.write_text(f"{ended.pid} another.host\n", encoding="utf-8")
    assert holder().startswith(f"process {ended.pid} on another.host, since ")


UNSIGNED = {
    "nothing": "",
    "a word": "x",
    "two": "x y",
    "three": "1 2 3",
    "no process": f"0 {socket.gethostname()}",
    "a group of processes": "-1 another.host",
    "a process beyond all": f"{2**31} {socket.gethostname()}",
    "a number beyond all": f"{10**20} another.host",
    "a number of many digits": f"{'9' * 5000} another.host",
    "digits of elsewhere": "١٢ another.host",
    "a host beyond all": f"1 {'h' * 100_000}",
    "a host that nobody sees": "1 \x1b\x07",
}


@pytest.mark.parametrize("text", UNSIGNED.values(), ids=UNSIGNED)
def test_a_lock_without_a_name_in_it_is_a_lock_all_the_same(held, text):
    path, holder = held
    path.write_text(text, encoding="utf-8")
    assert holder() is None


def test_the_host_of_a_holder_has_no_codes_for_the_terminal(held):
    path, holder = held
    path.write_bytes(b"1 \x1b[31mhost\xff\x07")
    assert holder().startswith("process 1 on [31mhost\ufffd, since ")


@pytest.mark.parametrize(
    "make",
    [lambda path: path.symlink_to("precious"), os.mkfifo, Path.mkdir, lambda path: path.symlink_to("nowhere")],
    ids=["link", "FIFO", "folder", "link to nowhere"],
)
def test_what_is_no_file_is_no_lock_and_nothing_behind_a_link_is_changed(tmp_path, sqlite, make):
    (tmp_path / "precious").write_text("precious")
    with own(sqlite) as database:
        make(database.file.with_name(f"{database.file.name}-bot"))
        with pytest.raises(DatabaseError, match=r"-bot is no plain file, .*: remove it"):
            database.take_leader_lock()
    assert (tmp_path / "precious").read_text() == "precious"
    assert not (tmp_path / "nowhere").exists()


def test_a_database_that_cannot_be_used_is_refused_and_one_that_another_bot_uses_is_not(url):
    with own(url) as first, own(url) as second:
        first.take_leader_lock()
        second.require_use()
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/irscribe"
    with (
        closing(Database(nowhere, alone=True)) as gone,
        pytest.raises(DatabaseError, match=r"cannot be used: .*refused"),
    ):
        gone.require_use()


def test_what_is_typed_at_the_command_line_waits_for_no_bot(url):
    with own(url) as bot, closing(Database(url)) as verb:
        bot.take_leader_lock()
        verb.confirm_leader_lock()
        bot.confirm_leader_lock()


def test_a_connection_that_broke_unnoticed_by_the_server_costs_nobody_the_turn(postgresql):
    with own(postgresql) as first, own(postgresql) as second:
        first.take_leader_lock()
        with first.write() as session:
            held = session.connection.dbapi_connection.fileno()
        ours, theirs = socket.socketpair()
        with socket.socket(fileno=os.dup(held)), ours:
            theirs.close()
            os.dup2(ours.fileno(), held)
            first.confirm_leader_lock()
            with pytest.raises(OccupiedError):
                second.take_leader_lock()


def test_a_server_that_falls_silent_is_given_up_and_used_again_once_it_speaks(proxied, monkeypatch):
    proxy, url = proxied
    with own(url) as database:
        database.take_leader_lock()
        with monkeypatch.context() as impatient:
            impatient.setattr("models.postgresql.SILENCE_LIMIT", 0.3)
            proxy.cut()
            with pytest.raises(OperationalError):
                database.confirm_leader_lock()
        proxy.mend()
        database.confirm_leader_lock()


def test_a_database_that_was_read_only_for_a_while_is_written_again(postgresql):
    name = make_url(postgresql).database
    with own(postgresql) as database:
        database.take_leader_lock()
        database.close()
        for is_so in ("on", "off"):
            execute(make_url(SERVER), f"alter database {name} set default_transaction_read_only = {is_so}")
            outcome = pytest.raises(InternalError) if is_so == "on" else nullcontext()
            for _ in range(2):
                with outcome, database.write() as session:
                    session.execute(update(leader_lock).values(holder=leader_lock.c.holder))


class Desk:
    """A bot's writer on a database, and what it delivers."""

    def __init__(self, folder, url) -> None:
        self.talk = Talk(folder, url=url, alone=True)
        self.said: SimpleQueue[str] = SimpleQueue()
        self.writer = Writer(self.talk.database, self.talk.adapter, self._deliver)
        self.writer.clock = lambda: self.talk.now
        self.writer.start()

    def _deliver(self, outcome) -> None:
        for each in outcome:
            self.said.put(str(each.text) if isinstance(each, Reply) else type(each).__name__)

    def submit(self, *lines) -> None:
        for line in lines:
            self.talk.later(milliseconds=1)
            self.writer.submit(self.talk.request("alice", line, msgid=None))

    def answers(self, count) -> list[str]:
        return [self.said.get(timeout=SOON) for _ in range(count)]

    def close(self) -> None:
        self.writer.stop(SOON)
        self.talk.database.close()


def at_next_commit(do) -> Event:
    """Do this just before the next commit; the event that is set afterwards."""
    done = Event()
    event.listen(Engine, "commit", lambda _: (do(), done.set()), once=True)
    return done


@contextmanager
def attempts_to_connect():
    """A list that gets longer with each attempt to connect to a database."""
    attempts = []

    def count(*_) -> None:
        attempts.append(None)

    event.listen(Engine, "do_connect", count)
    yield attempts
    event.remove(Engine, "do_connect", count)


@pytest.mark.parametrize("moment", ["begin", "commit"])
def test_a_connection_that_the_server_ends_costs_nobody_a_note(tmp_path, postgresql, moment, caplog):
    with closing(Desk(tmp_path, postgresql)) as desk:
        desk.submit("!ir start API returns 500")
        desk.answers(1)
        event.listen(Engine, moment, lambda *_: execute(make_url(postgresql), HANG_UP), once=True)
        desk.submit("!log first")
        assert desk.answers(1) == [logged(2)]
        desk.submit("!log second")
        assert desk.answers(1) == [logged(3)]
        assert desk.talk.texts() == ["Incident opened.", "first", "second"]
    assert [each.levelname for each in caplog.records] == ["WARNING"]


def test_a_database_that_stays_away_is_waited_for_once(tmp_path, proxied, monkeypatch):
    monkeypatch.setattr("irscribe.engine.reconnecting.RECONNECT_FOR", 0.2)
    monkeypatch.setattr("irscribe.engine.writer.RETRY_INTERVAL", 0.0)
    proxy, url = proxied
    with closing(Desk(tmp_path, url)) as desk:
        desk.submit("!ir start API returns 500")
        desk.answers(1)
        proxy.close()
        counted = []
        for _ in range(3):
            with attempts_to_connect() as attempts:
                desk.submit("!log in vain")
                assert desk.answers(1) == [NOT_RECORDED]
            counted.append(len(attempts))
        assert counted[0] > 1
        assert counted[1:] == [1, 1]


@pytest.mark.parametrize("reaches", [True, False])
def test_a_note_whose_commit_was_not_answered_is_recorded_once(tmp_path, proxied, reaches):
    proxy, url = proxied
    with closing(Desk(tmp_path, url)) as desk:
        desk.submit("!ir start API returns 500")
        desk.answers(1)
        proxy.hang_up_at(b"COMMIT", reaches=reaches)
        desk.submit("!log first", "!log second")
        assert desk.answers(2) == [logged(2), logged(3)]
        assert desk.talk.texts() == ["Incident opened.", "first", "second"]


@pytest.mark.parametrize("asks", [True, False])
def test_a_silence_whose_commit_was_not_answered_is_one_gap(tmp_path, proxied, monkeypatch, asks):
    if not asks:
        monkeypatch.setattr("irscribe.engine.writer.COMMIT_LOOK_FOR", 0.0)
    proxy, url = proxied
    with closing(Desk(tmp_path, url)) as desk:
        desk.writer.submit(
            ChannelRejoined(network=NETWORK, channel=CHANNEL, at=desk.talk.now, said_before=desk.talk.now)
        )
        desk.submit("!ir start API returns 500")
        desk.answers(1)
        proxy.hang_up_at(b"COMMIT", reaches=True)
        desk.writer.submit(HeardUntil(network=NETWORK, channels=(CHANNEL,), until=desk.talk.now, over=True))
        desk.talk.later(minutes=15)
        desk.writer.submit(
            ChannelRejoined(network=NETWORK, channel=CHANNEL, at=desk.talk.now, said_before=desk.talk.now)
        )
        assert desk.answers(1) == [was_away("12:00", "12:15")]
        assert len(desk.talk.report().gaps) == 1


def test_a_note_nobody_can_say_anything_about_is_neither_acknowledged_nor_tried_again(tmp_path, proxied, monkeypatch):
    monkeypatch.setattr("irscribe.engine.writer.COMMIT_LOOK_FOR", 0.0)
    proxy, url = proxied
    with closing(Desk(tmp_path, url)) as desk:
        desk.submit("!ir start API returns 500")
        desk.answers(1)
        proxy.hang_up_at(b"COMMIT", reaches=True)
        desk.submit("!log first")
        assert desk.answers(1) == [IN_DOUBT]
        desk.submit("!log second")
        assert desk.answers(1) == [logged(3)]
        assert desk.talk.texts() == ["Incident opened.", "first", "second"]


def test_who_is_cut_off_in_a_commit_asks_no_longer_about_it_than_until_another_bot_comes(
    tmp_path, proxied, monkeypatch
):
    proxy, url = proxied
    with monkeypatch.context() as impatient, closing(Desk(tmp_path, url)) as desk:
        impatient.setattr("irscribe.engine.writer.COMMIT_LOOK_FOR", 10 * SOON)
        desk.submit("!ir start API returns 500")
        desk.answers(1)

        def cut_off() -> None:
            for patience in ("SILENCE_LIMIT", "CONNECT_LIMIT"):
                impatient.setattr(f"models.postgresql.{patience}", 0.3)
            proxy.cut()

        cut = at_next_commit(cut_off)
        desk.submit("!log first")
        assert cut.wait(SOON)
        desk.writer.submit(NamesakeJoined())
        assert desk.answers(2) == [IN_DOUBT, "StepDown"]


def test_a_note_that_was_lost_with_the_server_is_recorded_once_whatever_others_write_there_meanwhile(tmp_path):
    with Cluster() as cluster, closing(Desk(tmp_path, cluster.url)) as desk:
        desk.submit("!ir start API returns 500")
        desk.answers(1)
        killed = at_next_commit(cluster.kill)
        desk.submit("!log first")
        assert killed.wait(SOON)
        cluster.start()
        cluster.expect_answer()
        for number in range(5):
            cluster.execute(f"create table other_{number} (id int)")
        assert desk.answers(1) == [logged(2)]
        assert desk.talk.texts() == ["Incident opened.", "first"]
