"""One record for several bots, on whatever database it lies."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue

import pytest
from sqlalchemy import text

from irscribe.engine.writer import Writer
from irscribe.render import render
from irscribe.services.report.exports import style
from models import Database
from tests.postgres import migrated_database
from tests.replies import logged
from tests.talk import Talk
from tests.waiting import HANGS

SEEDS = sorted((Path(__file__).parents[1] / "seeds").glob("*.irc"))
SPOKEN = re.compile(r"<(\S+)> (.+)")
SOON = HANGS
NOTES_EACH = 100
HANG_UP = text(
    "select pg_terminate_backend(pid) from pg_stat_activity"
    " where datname = current_database() and pid <> pg_backend_pid()"
)


@pytest.fixture
def postgresql(tmp_path):
    """A conversation on PostgreSQL."""
    with migrated_database() as url:
        talk = Talk(tmp_path, url=url)
        yield talk
        talk.database.close()


def _url(talk: Talk) -> str:
    return talk.database.url.render_as_string(hide_password=False)


def _play(talk: Talk, session: Path) -> str:
    for line in session.read_text(encoding="utf-8").splitlines():
        if spoken := SPOKEN.fullmatch(line):
            talk.say(*spoken.groups())
    return render(talk.report(), "json", style(talk.application, None))


@pytest.mark.parametrize("session", SEEDS, ids=lambda path: path.stem)
def test_postgresql_keeps_the_same_record_as_sqlite(session, filed, postgresql):
    assert _play(postgresql, session) == _play(filed, session)


def test_two_bots_that_write_at_once_lose_nothing_and_leave_no_gap(talk, tmp_path):
    other = Talk(tmp_path, url=_url(talk))
    talk.say("alice", "!ir start API returns 500")
    said: SimpleQueue[str] = SimpleQueue()
    writers = []
    for bot, nick in ((talk, "alice"), (other, "bob")):
        writer = Writer(bot.database, bot.adapter, lambda outcome: [said.put(str(each.text)) for each in outcome])
        for number in range(NOTES_EACH):
            writer.submit(bot.request(nick, f"!log {nick} {number}"))
        writers.append(writer)
    for writer in writers:
        writer.start()
    answers = [said.get(timeout=SOON) for _ in range(2 * NOTES_EACH)]
    for writer in writers:
        writer.stop(SOON)
    other.database.close()
    numbers = sorted(int(answer.split()[0].strip("#")) for answer in answers)
    assert numbers == [*range(2, 2 * NOTES_EACH + 2)]
    for nick in ("alice", "bob"):
        texts = [text for text in talk.texts() if text.startswith(nick)]
        assert texts == [f"{nick} {number}" for number in range(NOTES_EACH)]


def test_a_database_server_that_was_restarted_is_no_reason_to_refuse(postgresql):
    postgresql.say("alice", "!ir start API returns 500")
    with closing(Database(_url(postgresql))) as other, other.write() as session:
        session.execute(HANG_UP)
    assert postgresql.say("alice", "!log after the restart") == [logged(2)]


def test_a_text_is_kept_to_the_letter(talk):
    typed = "“naïve” 🔥 \\n '; drop table entry; -- %s {{x}} 100% \u202e"
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", f"!log {typed}")
    assert talk.texts()[-1] == typed.replace("\u202e", "").strip()
