"""Reports as files: asked for in the channel, written once the turn is committed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE
from tempfile import TemporaryDirectory

import pytest

from irscribe.engine import report_files
from irscribe.render import FORMATS
from tests.botprocess import BOT
from tests.ircservers import NOBODY
from tests.talk import CHANNEL


def test_an_export_writes_every_format_and_says_where_the_page_lies(shelf):
    here = shelf()
    said = here.export()
    assert len(said) == 1
    assert said[0].startswith(f"The report of 1 is at {here.folder}/reports/incident-1.html (and beside it .json,")
    assert here.names() == {f"incident-1{ending}" for ending in FORMATS.values()}


def test_in_private_where_it_lies_is_told_to_who_asked_and_to_nobody_else_of_that_nick(shelf):
    here = shelf()
    assert len(here.export("!ir export json", channel=None)) == 1
    assert [(each.to, each.recipient_keys) for each in here.said] == [("alice", here.talk.person("alice").keys)]


@pytest.mark.parametrize("form", FORMATS)
def test_one_format_is_written_alone(shelf, form):
    here = shelf()
    name = f"incident-1{FORMATS[form]}"
    assert here.export(f"!ir export {form.upper()}") == [f"The report of 1 is at {here.folder}/reports/{name}"]
    assert here.names() == {name}


@pytest.mark.parametrize("form", FORMATS)
def test_a_format_may_be_called_by_the_ending_of_its_file(shelf, form):
    here = shelf()
    ending = FORMATS[form]
    for typed in (ending, ending.removeprefix(".").upper()):
        assert here.export(f"!ir export {typed}")[0].endswith(f"/incident-1{ending}")


def test_a_report_under_an_address_is_named_by_it(shelf):
    here = shelf(reports_url="https://reports.example.org/ir/")
    assert here.export("!ir export json") == ["The report of 1 is at https://reports.example.org/ir/incident-1.json"]


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("pdf", "there are json, wikitext"),
        ("all", "Type !ir export alone"),
        ("htlm", "did you mean html?"),
        ("wikitex", "did you mean wikitext?"),
    ],
)
def test_an_unknown_format_is_refused_with_those_there_are(shelf, typed, hint):
    here = shelf()
    assert hint in here.export(f"!ir export {typed}")[0]
    assert here.names() == set()


def test_a_private_report_never_lies_under_the_address(shelf):
    here = shelf(reports_url="https://reports.example.org/ir")
    here.talk.say("alice", "!ir private on")
    said = here.export("!ir export json")
    assert said == [f"The report of 1 is at {here.folder}/reports-private/incident-1.json"]
    assert here.names() == set()
    assert S_IMODE((here.folder / "reports-private/incident-1.json").stat().st_mode) == 0o600


def test_a_report_that_becomes_private_leaves_the_address(shelf):
    here = shelf(reports_url="https://reports.example.org/ir")
    here.export("!ir export json")
    here.talk.say("alice", "!ir private on")
    here.files.rewrite_due()
    assert here.names() == set()
    assert here.names("reports-private") == {"incident-1.json"}
    here.talk.operators.add("alice")
    here.talk.say("alice", "!ir private off")
    here.files.rewrite_due()
    assert (here.names(), here.names("reports-private")) == ({"incident-1.json"}, set())


def test_no_public_report_is_left_when_private_is_acknowledged(shelf):
    here = shelf(reports_url="https://reports.example.org/ir")
    here.export()
    assert here.export("!ir private on") == ["Incident 1 is private now. It had public report files."]
    assert (here.names(), here.names("reports-private")) == (set(), {f"incident-1{each}" for each in FORMATS.values()})
    rights = {path.stat().st_mode for path in (here.folder / "reports-private").iterdir()}
    assert {*map(S_IMODE, rights)} == {0o600}
    here.files.rewrite_due()
    assert '"private": true' in (here.folder / "reports-private/incident-1.json").read_text()


def test_an_undo_that_makes_private_again_takes_the_public_reports_away_too(shelf):
    here = shelf(reports_url="https://reports.example.org/ir")
    here.talk.operators.add("alice")
    here.export("!ir private on")
    here.export("!ir private off")
    here.export("!ir export json")
    assert here.names() == {"incident-1.json"}
    assert here.export("!ir undo")[0].endswith("Incident 1 is private again. It had public report files.")
    assert (here.names(), here.names("reports-private")) == (set(), {"incident-1.json"})


def test_a_report_that_is_public_again_by_then_stays(shelf):
    here = shelf()
    here.talk.operators.add("alice")
    here.export("!ir export json")
    withdrawal, _ = here.talk.handle(here.talk.request("alice", "!ir private on"))
    here.talk.say("alice", "!ir private off")
    here.files.withdraw(withdrawal, deliver=here.said.extend)
    assert here.names() == {"incident-1.json"}


def test_public_reports_that_cannot_be_removed_are_named(shelf, reports_of_others, caplog):
    here = shelf(reports=reports_of_others)
    withdrawal, _ = here.talk.handle(here.talk.request("alice", "!ir private on"))
    with without_privileges():
        here.files.withdraw(withdrawal, deliver=here.said.extend)
    (said,) = here.said
    assert str(said.text) == (
        "Incident 1 is private now. It had public report files. "
        f"Still public, as I cannot remove them from {reports_of_others} (Permission denied): "
        "incident-1.wiki and incident-1.html."
    )
    assert [each.count("/incident-1.") for each in caplog.messages] == [1, 1]
    assert {path.name for path in reports_of_others.iterdir()} == {"incident-1.wiki", "incident-1.html"}


@pytest.fixture
def reports_of_others():
    """A folder of reports that the bot cannot write to, even where the tests run as root."""
    with TemporaryDirectory() as name:
        outer, folder = Path(name), Path(name, "reports")
        folder.mkdir()
        for each in ("incident-1.html", "incident-1.wiki"):
            (folder / each).touch()
        for each in (folder, outer):
            each.chmod(0o555)
        yield folder
        for each in (outer, folder):
            each.chmod(0o755)


@contextmanager
def without_privileges():
    """Root may remove everything."""
    user = os.geteuid()
    os.seteuid(NOBODY if user == 0 else user)
    try:
        yield
    finally:
        os.seteuid(user)


def test_an_export_asked_for_in_private_is_answered_there(shelf):
    here = shelf()
    here.export("!ir export json", channel=None)
    assert [each.to for each in here.said] == ["alice"]
    here.export("!ir export json")
    assert [each.to for each in here.said] == [CHANNEL]


def test_a_folder_that_cannot_be_written_is_said(shelf):
    here = shelf()
    (here.folder / "reports").write_text("in the way", encoding="utf-8")
    assert here.export("!ir export json") == ["The report of 1 could not be written: File exists."]


def test_the_same_record_gives_the_same_bytes(shelf):
    here = shelf()
    here.export()
    before = {name: (here.folder / "reports" / name).read_bytes() for name in here.names()}
    here.talk.later(days=400)
    here.talk.say("bob", "!ir start another", channel="#elsewhere")
    here.export()
    assert before == {name: (here.folder / "reports" / name).read_bytes() for name in here.names()}


def test_a_report_that_cannot_lie_where_private_ones_do_leaves_the_address_all_the_same(shelf):
    here = shelf(reports_url="https://reports.example.org/ir")
    here.export("!ir export json")
    (here.folder / "reports-private").write_text("in the way", encoding="utf-8")
    here.talk.say("alice", "!ir private on")
    with suppress(OSError):
        here.files.rewrite_due()
    assert here.names() == set()


def test_a_layout_that_broke_keeps_no_redacted_text_and_holds_up_no_other_format(shelf, tmp_path, caplog):
    layout = tmp_path / "layouts" / "mine.wiki"
    layout.parent.mkdir()
    layout.write_text('{% import "wikitext.jinja" as part with context %}<< part.timeline_lines(times) >>')
    here = shelf(layout="mine", layouts=layout.parent)
    here.talk.say("alice", "!log the password is hunter2")
    here.export()
    layout.write_text("<< 1 // 0 >>")
    here.talk.say("alice", "!ir redact 2 a password")
    here.files.rewrite_due()
    assert b"hunter2" not in here.bytes()
    assert here.names() == {f"incident-1{ending}" for form, ending in FORMATS.items() if form != "wikitext"}
    assert [message.partition(":")[0] for message in caplog.messages] == [
        "incident-1.wiki was removed, as it could not be written again"
    ]


@pytest.mark.parametrize("private", [False, True])
def test_a_redaction_is_acknowledged_once_no_report_holds_the_text_and_they_are_written_anew(shelf, private):
    here = shelf()
    here.talk.say("alice", "!log the password is hunter2")
    if private:
        here.talk.say("alice", "!ir private on")
    here.export()
    folder = "reports-private" if private else "reports"
    written = here.names(folder)
    (said,) = here.export("!ir redact 2 a password")
    assert "is redacted" in said
    assert here.names(folder) == set()
    here.start()
    here.files.rewrite_due()
    assert here.names(folder) == written


def test_a_redaction_that_comes_behind_the_rewriting_removes_nothing(shelf):
    here = shelf()
    here.talk.say("alice", "!log the password is hunter2")
    here.export()
    written = here.names()
    (gone, *_) = here.talk.handle(here.talk.request("alice", "!ir redact 2 a password"))
    here.files.rewrite_due()
    here.files.withdraw(gone, deliver=here.said.extend)
    assert here.names() == written


def test_two_redactions_at_once_lose_no_report(shelf):
    here = shelf()
    for text in ("hunter2", "hunter3"):
        here.talk.say("alice", f"!log the password is {text}")
    here.export()
    written = here.names()
    lines = ("!ir redact 2 a password", "!ir redact 3 a password")
    for line in lines:
        (gone, *_) = here.talk.handle(here.talk.request("alice", line))
        here.files.withdraw(gone, deliver=here.said.extend)
    assert here.names() == set()
    here.files.rewrite_due()
    assert here.names() == written
    assert b"hunter" not in b"".join((here.folder / "reports" / name).read_bytes() for name in written)


def test_reports_with_the_text_that_cannot_be_removed_are_named(shelf, reports_of_others):
    here = shelf(reports=reports_of_others)
    here.talk.say("alice", "!log the password is hunter2")
    (gone, *_) = here.talk.handle(here.talk.request("alice", "!ir redact 2 a password"))
    with without_privileges():
        here.files.withdraw(gone, deliver=here.said.extend)
    (said,) = here.said
    assert str(said.text).endswith(
        f" The text is still in reports, as I cannot remove them from {reports_of_others} (Permission denied): "
        "incident-1.wiki and incident-1.html."
    )


def test_a_report_that_cannot_be_written_to_its_end_leaves_nothing(shelf):
    here = shelf()
    (here.folder / "reports" / "incident-1.json").mkdir(parents=True)
    assert here.export("!ir export json") == ["The report of 1 could not be written: Is a directory."]
    assert here.names() == {"incident-1.json"}


WRITE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from irscribe.engine import report_files
report_files.os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
report_files.replace_file(Path(sys.argv[1]), "the password is hunter2")
"""


def _die_while_writing(path):
    """Leave behind what a bot does that is killed while it writes a report."""
    path.parent.mkdir(exist_ok=True)
    before = set(path.parent.iterdir())
    done = subprocess.run([sys.executable, "-c", WRITE_AND_DIE, path], cwd=BOT.parent, check=False)
    assert done.returncode == -signal.SIGKILL
    (left,) = set(path.parent.iterdir()) - before
    assert left.name.startswith(".")
    assert "hunter2" in left.read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", ["reports", "reports-private"])
@pytest.mark.parametrize("then", ["!ir redact 2 a password", "!ir export text"])
def test_what_a_bot_that_was_killed_had_begun_to_write_goes_with_the_next_writing(shelf, folder, then):
    here = shelf()
    here.talk.say("alice", "!log the password is hunter2")
    for number in (1, 11):
        _die_while_writing(here.folder / folder / f"incident-{number}.html")
    here.export(then)
    here.files.rewrite_due()
    assert [name for name in here.names(folder) if name.startswith(".incident-1.")] == []
    assert [name for name in here.names(folder) if name.startswith(".incident-11.")] != []


def test_what_was_begun_and_never_finished_goes_at_the_start_and_nothing_else_does(shelf):
    here = shelf()
    here.export("!ir export json")
    others = {".htaccess", ".incident-1.html.swp", ".new", "incident-1.json", "index.html"}
    for name in others:
        (here.folder / "reports" / name).touch()
    for folder in ("reports", "reports-private"):
        _die_while_writing(here.folder / folder / "incident-7.remarkup")
    here.files.catch_up()
    assert (here.names(), here.names("reports-private")) == (others, set())


def test_a_report_is_rendered_anew_if_something_was_redacted_meanwhile(shelf, monkeypatch):
    here = shelf()
    here.talk.say("alice", "!log the password is hunter2")
    rendered, once = report_files.written, iter([True])

    def redacted_meanwhile(*arguments, **more):
        files = list(rendered(*arguments, **more))
        if next(once, False):
            here.talk.say("alice", "!ir redact 2 a password")
        return files

    monkeypatch.setattr(report_files, "written", redacted_meanwhile)
    assert len(here.export("!ir export json")) == 1
    assert here.names() == {"incident-1.json"}
    assert b"hunter2" not in (here.folder / "reports/incident-1.json").read_bytes()


def test_a_report_that_is_overtaken_each_time_is_not_written_and_that_is_said(shelf, monkeypatch):
    here = shelf()
    rendered = report_files.written

    def overtaken(*arguments, **more):
        here.talk.say("alice", "!ir private on")
        here.talk.operators.add("alice")
        here.talk.say("alice", "!ir private off")
        return list(rendered(*arguments, **more))

    monkeypatch.setattr(report_files, "written", overtaken)
    assert here.export("!ir export json") == [
        "The report of 1 could not be written: Something was taken out of the record meanwhile, several times over."
    ]
    assert here.names() == set()


def test_a_bot_that_is_no_longer_the_active_one_puts_no_report_in_place(shelf):
    here = shelf()
    here.export("!ir export json")
    before = (here.folder / "reports/incident-1.json").read_bytes()
    here.talk.say("alice", "!log a note")
    here.start(may_write=lambda: False)
    assert here.export("!ir export json")[0].startswith("The report of 1 could not be written: ")
    assert (here.folder / "reports/incident-1.json").read_bytes() == before
