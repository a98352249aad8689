"""A record that moves to another database, history and all, and goes on there."""

from __future__ import annotations

import re
from contextlib import closing

import pytest
from sqlalchemy import select

from irscribe.domain.alertlines import read_told
from irscribe.domain.talk import Role
from models import Database, metadata
from tests.lives import command
from tests.replies import taken_back
from tests.snapshot import refused
from tests.talk import Talk

REFUSED = r"A bot is at work on this database \(.+\); stop it first, or what it records is lost\.\n"
ALERT = "FIRING: ProxyErrors: half of the backends answer 502 #page"


@pytest.fixture
def full(tmp_path):
    """A record with rows in most tables."""
    talk = Talk(tmp_path, url=f"sqlite:///{tmp_path / 'old.db'}")
    talk.accounts["alice"] = "Alice"
    talk.say("alice", "!log “früh”, 早い")
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!ir adopt")
    talk.say("alice", "!ir ic")
    talk.say("bob", "!ir join the database")
    talk.say("bob", "!log ~16:20 OUTAGE BEGINS")
    talk.say("bob", "!ir fix 3 OUTAGE BEGINS for all")
    talk.say("bob", "!ir summary It broke.")
    talk.say("alice", "!ir action Repair it @bob T123")
    talk.say("alice", "!ir theory a bad deploy")
    talk.say("alice", "!ir role comms me")
    talk.say("alice", "!ir shift watch it")
    talk.chat("bob", "is it the proxies?")
    talk.say("alice", "!log ^ bob")
    talk.chat("jinxer-wm", ALERT, role=Role.ALERT_BOT, told=read_told(ALERT))
    talk.say("carol", "!ir start the same elsewhere", channel="#dev")
    talk.say("carol", "!ir same 1 repeat", channel="#dev")
    talk.say("mallory", "!ir close")
    talk.say("alice", "!ir close")
    talk.say("alice", "yes, quickly", channel=None)
    talk.database.close()
    return talk


@pytest.fixture
def sqlite(tmp_path):
    return f"sqlite:///{tmp_path / 'new' / 'irscribe.db'}"


@pytest.fixture
def copied(full, url, tmp_path):
    """The copy, and what was said of it."""
    (tmp_path / "config.ini").write_text("[irscribe]\ndatabase = old.db\n")
    return command("migrate", "--to", url, folder=tmp_path)


def _rows(url: object) -> dict[str, list[tuple]]:
    database = Database(url)
    with database.read() as session:
        rows = {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }
    database.close()
    return rows


def test_every_row_is_in_the_other_database_as_it_was(copied, full, url):
    assert (copied.returncode, copied.stderr) == (0, "")
    assert copied.stdout.startswith("2 incidents and 18 lines are in ")
    before = _rows(full.database.url)
    assert sum(map(bool, before.values())) > len(before) / 2
    assert _rows(url) == before


def test_no_verb_says_a_password_that_an_address_has_in_its_query(full, postgresql, tmp_path):
    (tmp_path / "config.ini").write_text("[irscribe]\ndatabase = old.db\n")
    secret = f"{postgresql}?password=geheim&application_name=scribe"
    done = command("migrate", "--to", secret, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "?application_name=scribe now" in done.stdout
    (tmp_path / "config.ini").write_text(f"[irscribe]\ndatabase = {secret}\n")
    checked = command("check", "--offline", folder=tmp_path)
    assert "ok       database: postgresql" in checked.stdout
    assert "geheim" not in done.stdout + checked.stdout + checked.stderr


def test_the_conversation_goes_on_in_the_other_database(copied, full, url, tmp_path):
    assert copied.returncode == 0
    talk = Talk(tmp_path, url=url)
    talk.accounts["alice"] = "Alice"
    assert talk.say("alice", "no, late", channel=None)[0].startswith("3/")
    assert talk.say("carol", "!ir start Another one")[0].startswith("Incident 3 ")
    assert talk.say("alice", "!ir switch 1")
    assert talk.say("bob", "!ir undo") == [taken_back("summary", again="")]
    assert refused(talk, "mallory", "!ir close @1")
    talk.database.close()


def test_a_database_that_holds_a_record_is_not_written_over(copied, full, url, tmp_path):
    before = _rows(url)
    again = command("migrate", "--to", url, folder=tmp_path)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == "The other database holds a record already: name an empty one.\n"
    assert _rows(url) == before


def test_a_record_comes_back_from_postgresql(full, postgresql, sqlite, tmp_path):
    (tmp_path / "config.ini").write_text("[irscribe]\ndatabase = old.db\n")
    assert command("migrate", "--to", postgresql, folder=tmp_path).returncode == 0
    (tmp_path / "config.ini").write_text(f"[irscribe]\ndatabase = {postgresql}\n")
    assert command("migrate", "--to", sqlite, folder=tmp_path).returncode == 0
    assert _rows(sqlite) == _rows(full.database.url)


@pytest.mark.parametrize("where", ["in-the-way/new.db", "in-the-way/folder/new.db", ".", "n" * 300, "loop/new.db"])
def test_a_file_that_cannot_be_made_is_refused_in_one_line(full, tmp_path, where):
    (tmp_path / "config.ini").write_text("[irscribe]\ndatabase = old.db\n")
    (tmp_path / "in-the-way").write_text("no folder")
    (tmp_path / "loop").symlink_to("loop")
    done = command("migrate", "--to", where, folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1


def test_nothing_is_copied_while_a_bot_is_at_work(full, url, tmp_path):
    (tmp_path / "config.ini").write_text("[irscribe]\ndatabase = old.db\n")
    with closing(Database(full.database.url, alone=True)) as of_the_bot:
        of_the_bot.take_leader_lock()
        done = command("migrate", "--to", url, folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(REFUSED, done.stderr)
    assert command("migrate", "--to", url, folder=tmp_path).returncode == 0


def test_nothing_is_copied_from_a_server_while_a_bot_is_at_work(full, postgresql, sqlite, tmp_path):
    (tmp_path / "config.ini").write_text("[irscribe]\ndatabase = old.db\n")
    assert command("migrate", "--to", postgresql, folder=tmp_path).returncode == 0
    (tmp_path / "config.ini").write_text(f"[irscribe]\ndatabase = {postgresql}\n")
    with closing(Database(postgresql, alone=True)) as of_the_bot:
        of_the_bot.take_leader_lock()
        done = command("migrate", "--to", sqlite, folder=tmp_path)
    assert re.fullmatch(REFUSED, done.stderr)
    assert command("migrate", "--to", sqlite, folder=tmp_path).returncode == 0
    assert _rows(sqlite) == _rows(full.database.url)


def test_a_password_is_not_printed(full, postgresql, tmp_path):
    (tmp_path / "config.ini").write_text("[irscribe]\ndatabase = old.db\n")
    url = postgresql.replace("postgres@", "postgres:geheim@")
    done = command("migrate", "--to", url, folder=tmp_path)
    assert "geheim" not in done.stdout + done.stderr


def test_what_is_no_database_is_a_usage_error(full, tmp_path):
    done = command("migrate", "--to", "mysql://u:geheim@h/d", folder=tmp_path)
    assert done.returncode == 2
    assert "a mysql database is not supported" in done.stderr
    assert "geheim" not in done.stderr
