"""The wording of lines is removed once they are old enough, and the record stays for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from irscribe.commands import verb_of_kept
from irscribe.config import load
from irscribe.engine.purge import Purge
from irscribe.engine.retention import LINES_PER_TRANSACTION, Retention
from irscribe.render import render
from irscribe.services.report.exports import style
from models import lines, retention
from models.tables import line
from tests.replies import TAKEN_BACK, fixed, taken_back
from tests.snapshot import kept_texts, record, refused
from tests.talk import Talk

KEEP = timedelta(days=90)

pytestmark = pytest.mark.every_case_on_postgresql


def _retention(talk: Talk, keep: timedelta) -> Retention:
    return Retention(
        talk.database,
        keep,
        listen_days=timedelta(days=21),
        commands=talk.application.commands,
        forgetting=Purge(talk.database),
    )


def _forget(talk: Talk, keep: timedelta = KEEP) -> int:
    """Forget what is old by the talk's clock; how many lines."""
    with talk.database.write() as session:
        numbers = retention.expired(session, before=talk.now - keep, limit=LINES_PER_TRANSACTION)
        retention.forget(session, numbers, verb_of=partial(verb_of_kept, commands=talk.application.commands))
    return len(numbers)


def _lines(talk: Talk) -> int:
    with talk.database.read() as session:
        return session.execute(select(func.count()).select_from(line)).scalar_one()


def _report(talk: Talk) -> str:
    return render(talk.report(), "json", style(talk.application, None))


@pytest.fixture
def closed(talk):
    """An incident with a bit of everything, closed and long ago."""
    talk.say("alice", "!log too early for any incident")
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!ir adopt")
    talk.say("alice", "!log first 500s seen")
    talk.say("alice", "!log + by everybody")
    talk.say("bob", "!ir join looking at the database")
    talk.say("bob", "!ir summary It broke.")
    talk.say("bob", "!ir summary It broke and was repaired.")
    talk.say("alice", "!ir fix 3 s/500s/errors/")
    talk.say("alice", "!ir well Nobody panicked")
    talk.say("alice", "!ir status")
    talk.say("mallory", "!ir close by mallory-s secret wish")
    talk.say("alice", "!ir close")
    talk.later(days=91)
    return talk


def test_the_wording_of_a_closed_incidents_lines_goes_and_the_record_stays(closed):
    before, report = record(closed), _report(closed)
    assert "!ir summary It broke" in kept_texts(closed)
    assert _forget(closed) > 0
    assert record(closed) == before
    assert _report(closed) == report
    kept = kept_texts(closed)
    assert "!log" not in kept
    assert "!ir" not in kept
    assert "It broke and was repaired." in kept


def test_the_masks_of_those_lines_go_with_them(closed):
    _forget(closed)
    with closed.database.read() as session:
        rows = session.execute(select(line.c.user, line.c.host, line.c.nick)).all()
    assert {(row.user, row.host) for row in rows} == {("", "")}
    assert {row.nick for row in rows} == {"alice", "bob"}


def test_a_line_that_nothing_was_made_of_goes_whole(closed):
    before = _lines(closed)
    _forget(closed)
    assert _lines(closed) == before - 2  # what mallory was refused, and the question how it stands
    assert "mallory-s secret" not in kept_texts(closed)


def test_what_is_younger_stays_as_it_was_typed(closed):
    closed.say("alice", "!log 2026-11-22 12:30 one more")
    _forget(closed)
    assert "one more" in kept_texts(closed)


def test_an_open_incidents_lines_stay_however_old_they_are(talk):
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!log first 500s seen")
    talk.say("alice", "!ir title Everything returns 500")
    talk.say("alice", "!ir nonsense")
    talk.later(days=400)
    assert _forget(talk) == 1
    assert "!ir nonsense" not in kept_texts(talk)
    with talk.database.read() as session:
        said = session.execute(select(line.c.body).order_by(line.c.id)).scalars().all()
    assert said == ["start API returns 500", "first 500s seen", "title Everything returns 500"]


def test_notes_that_nobody_took_in_go(talk):
    talk.say("alice", "!log nothing is open")
    talk.later(days=91)
    assert _forget(talk) == 1
    assert _lines(talk) == 0


def test_forgetting_again_finds_nothing_more(closed):
    assert _forget(closed) > 0
    assert _forget(closed) == 0


def test_a_closed_incident_can_still_be_worked_on(closed):
    _forget(closed)
    closed.say("alice", "!ir reopen")
    assert closed.say("alice", "!ir undo")
    assert "Nobody panicked" in _report(closed)
    assert closed.say("alice", "!ir fix 3 s/errors/failures/") == [fixed(3, at="2026-11-22 12:00", incident="closed 1")]
    assert closed.say("alice", "!ir history 3")
    assert closed.say("alice", "!ir redact 3 said too much")
    assert "failures" not in kept_texts(closed)


@pytest.fixture(params=["the wording goes", "no word is left"])
def forgotten(request, talk):
    """A talk that forgets what it kept of old lines, as retention does, or to the last word, as redaction does."""

    def forget() -> None:
        talk.later(days=91)
        _forget(talk)
        if request.param == "no word is left":
            with talk.database.write() as session:
                lines.blank(session, session.execute(select(line.c.id)).scalars().all())

    talk.operators.add("olga")
    talk.present = ("alice", "bob", "olga")
    talk.forget = forget
    talk.say("alice", "!ir start API returns 500")
    talk.say("bob", "!ir join")
    return talk


@pytest.mark.parametrize(
    ("nick", "change"),
    [
        ("bob", "!log one"),
        ("bob", "!ir summary Final agreed text."),
        ("bob", "!ir title Other"),
        ("bob", "!ir sev 1"),
        ("bob", "!ir well it"),
        ("bob", "!ir action a runbook"),
        ("bob", "!ir status monitoring"),
        ("alice", "!ir ic me"),
        ("alice", "!ir close"),
        ("alice", "!ir status resolved"),
    ],
)
def test_a_final_report_takes_nothing_back_after_the_wording_is_gone(forgotten, nick, change):
    talk = forgotten
    talk.say(nick, change)
    talk.say("alice", "!ir close")
    talk.say("olga", "!ir final! enough")
    assert "is final" in refused(talk, nick, "!ir undo @1")
    talk.forget()
    assert "is final" in refused(talk, nick, "!ir undo @1")


@pytest.mark.parametrize("change", ["!ir title Other", "!ir summary x", "!ir well it", "!ir action a runbook"])
def test_who_was_taken_off_the_list_takes_nothing_back_after_the_wording_is_gone(forgotten, change):
    talk = forgotten
    talk.say("bob", change)
    talk.say("alice", "!ir remove bob")
    talk.say("alice", "!ir close")
    talk.forget()
    assert "join first" in refused(talk, "bob", "!ir undo @1")


def test_who_lost_the_role_takes_no_end_back_after_the_wording_is_gone(forgotten):
    talk = forgotten
    talk.say("alice", "!ir ic bob")
    talk.say("bob", "!ir close")
    talk.say("alice", "!ir ic me")
    talk.forget()
    assert "the incident's opener" in refused(talk, "bob", "!ir undo @1")


@pytest.mark.parametrize("change", ["!log one", "!ir update half is back", "!ir summary x", "!ir well it"])
def test_who_still_may_takes_back_after_the_wording_is_gone(forgotten, change):
    talk = forgotten
    talk.say("bob", change)
    talk.say("alice", "!ir close")
    talk.forget()
    assert talk.say("bob", "!ir undo @1")[0].startswith(TAKEN_BACK)


def test_taking_oneself_off_the_list_is_taken_back_after_the_wording_is_gone(talk):
    talk.say("alice", "!ir start API returns 500")
    talk.say("bob", "!ir join")
    talk.say("bob", "!ir leave")
    talk.say("alice", "!ir close")
    talk.later(days=91)
    _forget(talk)
    assert talk.say("bob", "!ir undo @1") == [taken_back("the list of responders")]


def test_taking_back_what_was_discarded_says_that_it_is_gone(talk):
    talk.say("alice", "!log nothing is open")
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!ir adopt none")
    talk.later(days=91)
    _forget(talk)
    before = record(talk)
    assert len(talk.say("alice", "!ir undo")) == 1
    assert record(talk) == before


def test_the_tick_forgets_by_the_clock_and_leaves_no_trace_in_the_file(tmp_path, caplog):
    talk = Talk(tmp_path)
    talk.now = datetime.now(UTC) - timedelta(days=2)
    talk.say("alice", "!log correct horse battery staple")
    caplog.set_level("INFO", logger="irscribe")
    for days, left in ((3, 1), (0, 1), (1, 0)):
        _retention(talk, timedelta(days=days)).forget_due()
        assert _lines(talk) == left
    talk.database.close()
    assert b"battery" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "Forgot 1 line older than 1 day." in caplog.messages


def test_a_bot_with_much_to_forget_does_so_in_many_small_transactions(tmp_path):
    talk = Talk(tmp_path)
    talk.now = datetime.now(UTC) - timedelta(days=2)
    with talk.database.write() as session:
        for _ in range(LINES_PER_TRANSACTION + 1):
            talk.adapter.handle(session, talk.request("alice", "!log nothing is open"), talk.now)
    _retention(talk, timedelta(days=1)).forget_due()
    assert _lines(talk) == 0
    talk.database.close()


def test_nothing_is_forgotten_unless_the_settings_say_so():
    assert load(None).retention == timedelta(0)
