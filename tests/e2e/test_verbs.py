"""The verbs of the command line that look at the record, fill it and write it down."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import timedelta

import pytest

from irscribe.domain.moment import unstamp
from irscribe.render import FORMATS
from tests.botprocess import BOT
from tests.lives import command

VERBS = ("run", "check", "migrate", "export", "import", "backup", "list", "show", "find", "stats", "demo")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo, played to its end: what it said, and the folder it wrote to."""
    folder = tmp_path_factory.mktemp("demo")
    played = command("demo", folder=folder)
    assert played.returncode == 0, played.stderr
    return played.stdout, folder / "var" / "demo"


@pytest.fixture(scope="module")
def seed(demo):
    """The report of the demo as a file."""
    return demo[1] / "incident-1.json"


@pytest.fixture(scope="module")
def filled(tmp_path_factory, seed):
    """A folder whose database holds that report."""
    folder = tmp_path_factory.mktemp("filled")
    imported = command("import", str(seed), folder=folder)
    assert (imported.returncode, imported.stderr) == (0, "")
    assert imported.stdout == f"{seed}: incident 1 imported.\n"
    return folder


def test_a_report_comes_out_as_it_went_in(filled, seed):
    exported = command("export", "1", "--format", "json", folder=filled)
    assert (exported.returncode, exported.stderr) == (0, "")
    assert exported.stdout == seed.read_text(encoding="utf-8")


def test_a_second_import_changes_nothing(filled, seed):
    again = command("import", str(seed), folder=filled)
    assert (again.returncode, again.stdout) == (0, f"{seed}: incident 1 was there already.\n")


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_is_written_in_every_format(filled, form):
    written = filled / f"report{FORMATS[form]}"
    done = command("export", "#1", "--format", form, "-o", str(written), folder=filled)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "cloudnet1003" in written.read_text(encoding="utf-8")


def test_a_file_that_is_no_report_is_refused_and_the_others_are_taken(tmp_path, seed):
    broken = tmp_path / "broken.json"
    broken.write_text('{"schema": "irscribe.report/1"')
    done = command("import", str(broken), str(seed), folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{broken}: Line 1, column")
    assert done.stdout == f"{seed}: incident 1 imported.\n"


def test_the_record_is_shown_as_a_table(filled):
    listed = command("list", folder=filled).stdout.splitlines()
    assert listed[0].split()[:3] == ["number", "title", "state"]
    assert listed[1].split()[:3] == ["1", "wmcs-network", "closed"]
    assert [line.rstrip() for line in listed] == listed


def test_the_record_is_given_to_programs(filled, seed):
    (listed,) = json.loads(command("list", "--json", folder=filled).stdout)
    shown = json.loads(command("show", "1", "--json", folder=filled).stdout)
    assert (listed["number"], listed["title"], listed["state"]) == (1, "wmcs-network", "closed")
    assert shown["entries"] == len(json.loads(seed.read_text())["timeline"])
    figures = json.loads(command("stats", "--json", folder=filled).stdout)
    metadata = json.loads(seed.read_text())["metadata"]
    start, end = map(unstamp, (metadata["start"], metadata["end"]))
    assert (figures["closed"], figures["median_minutes"]) == (1, (end - start) // timedelta(minutes=1))


def test_an_incident_is_shown_as_the_channel_shows_it(filled):
    said = command("show", "1", folder=filled).stdout.splitlines()
    assert said[0].startswith("1 “wmcs-network”: ")
    assert "coordinator" in said[1]
    assert "responder" in said[2]
    assert said[3].startswith("impact: ")
    assert re.fullmatch(r"\d+ entries", said[-1])
    assert re.fullmatch(r"opened 20\d\d-\d\d-\d\d \d\d:\d\d UTC in #\S+", said[-2])
    assert "\u200b" not in "".join(said)


def test_words_are_found_in_entries_and_what_is_not_there_is_an_empty_list(filled):
    found = json.loads(command("find", "OUTAGE", "BEGINS", "--json", folder=filled).stdout)
    assert found
    assert all("OUTAGE BEGINS" in hit["text"] for hit in found)
    assert json.loads(command("find", "BEGINS OUTAGE", "--json", folder=filled).stdout) == found
    assert command("find", "no such words", "--json", folder=filled).stdout == "[]\n"
    assert command("list", "--open", folder=filled).stdout == "Nothing.\n"


def test_a_private_incident_is_listed_and_marked(tmp_path, seed):
    public, private = json.loads(seed.read_text()), json.loads(seed.read_text())
    private["incident"] |= {"number": 2, "private": True}
    for name, report in (("public", public), ("private", private)):
        (tmp_path / f"{name}.json").write_text(json.dumps(report))
        assert command("import", f"{name}.json", folder=tmp_path).returncode == 0
    listed = json.loads(command("list", "--json", folder=tmp_path).stdout)
    assert [(each["number"], each["private"]) for each in listed] == [(2, True), (1, False)]
    table = command("list", folder=tmp_path).stdout.splitlines()
    assert table[0].endswith("private")
    assert [line.endswith("  yes") for line in table[1:]] == [True, False]
    assert "private" in command("show", "2", folder=tmp_path).stdout


@pytest.mark.parametrize(("word", "said"), [("text", "write --format text"), ("txt", "write --format F, with one of ")])
def test_a_format_behind_the_number_is_told_where_to_stand(filled, word, said):
    done = command("export", "1", word, folder=filled)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr.splitlines()[-1]


def test_an_unknown_incident_is_one_line(filled):
    for verb in ("export", "show"):
        done = command(verb, "999", folder=filled)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == "There is no incident 999; `bot.py list` shows what there is.\n"


def test_an_unknown_layout_is_refused_by_name(filled):
    done = command("export", "1", "--format", "wikitext", "--layout", "nope", folder=filled)
    assert done.returncode == 1
    assert "there is no layout 'nope'" in done.stderr


def test_a_report_can_be_cut_off_by_its_reader(filled):
    reading = f"'{sys.executable}' '{BOT}' export 1 --format json | head -1"
    done = subprocess.run(["bash", "-c", reading], cwd=filled, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("{\n", "")


def test_migrating_makes_the_database_once(tmp_path):
    first, second = command("migrate", folder=tmp_path), command("migrate", folder=tmp_path)
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout.startswith("The database is at version ")
    assert second.stdout == first.stdout.replace("; it was empty", "")


def test_migrating_on_paper_changes_nothing(tmp_path):
    printed = command("migrate", "--sql", folder=tmp_path)
    assert printed.returncode == 0
    assert "CREATE TABLE incident" in printed.stdout
    assert not (tmp_path / "var").exists()


def test_check_says_what_is_right_and_what_is_wrong(tmp_path):
    (tmp_path / "config.ini").write_text('[core]\nchannels = "#ops"\n[irscribe]\ntrusted = alice\n')
    assert command("check", "--offline", folder=tmp_path).returncode == 0
    (tmp_path / "config.ini").write_text("[core]\nchanels = x\n[irscribe]\ndatabase = /nope/x.db\n")
    done = command("check", "--offline", folder=tmp_path)
    assert done.returncode == 1
    assert "error    network: [core] channels: name at least one channel" in done.stdout


def test_a_bot_on_a_real_network_starts_without_what_it_does_not_need_yet(tmp_path):
    probe = "import sys, irscribe.cli.run; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], cwd=BOT.parent, capture_output=True, text=True, check=True)
    assert {"requests", "jinja2", "alembic", "irc", "irscribe.ircd"}.isdisjoint(done.stdout.split())


def test_the_demo_plays_to_its_end_and_writes_six_reports(demo):
    said, folder = demo
    assert "<irscribe> #" in said
    assert {path.suffix for path in folder.iterdir()} == set(FORMATS.values())
    report = json.loads((folder / "incident-1.json").read_text(encoding="utf-8"))
    assert report["incident"]["title"] == "wmcs-network"


def test_the_demo_shows_an_alert_what_is_taken_in_a_nudge_a_theory_ruled_out_a_recap_and_a_hand_off(demo):
    said, _ = demo
    for shown in (
        "<jinxer-wm> FIRING: ",
        "<irscribe> Detection set",
        "<irscribe> #3 .* logged: <",
        "<irscribe> Incident 2: nobody coordinates it",
        "<irscribe> #5 .* theory 1 is ruled out",
        "<irscribe → bstorm> 2 “proxies answer slowly”: investigating",
        "<irscribe> #7 .* bstorm becomes IC",
    ):
        assert re.search(shown, said), shown


def test_help_stands_behind_every_verb(tmp_path):
    for verb in VERBS:
        done = command(verb, "--help", folder=tmp_path)
        assert done.returncode == 0
        assert done.stdout.startswith(f"usage: bot.py {verb}")


def test_a_call_without_a_verb_says_what_there_is(tmp_path):
    done = command(folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [verb for verb in VERBS if not re.search(rf"^ +{verb} ", done.stdout, re.MULTILINE)] == []
    assert command("nonsense", folder=tmp_path).returncode == 2


WRONG = {
    "a setting": ("", "report_url = x", "did you mean reports_url?"),
    "the login": ("auth_method = sasl", "", "[core] auth_username is missing"),
    "a certificate": ("client_cert_file = config.ini", "", "client_cert_file cannot be used"),
    "a permission": ("", "permissions = clsoe=op", "there is no command 'clsoe'"),
    "the scorecard": ("", "scorecard = foo", "there is no questionnaire 'foo'"),
    "the layout": ("", "layout = foo", "there is no layout 'foo'"),
    "the folder of reports": ("", "reports = config.ini/x", "nothing can be written"),
    "the database": ("", "database = config.ini/x.db", "cannot be made"),
    "a database that is none": ("", "database = config.ini", "not a database"),
}


@pytest.mark.parametrize(("core", "own", "said"), WRONG.values(), ids=WRONG)
def test_what_check_calls_an_error_keeps_the_bot_from_starting(tmp_path, core, own, said):
    settings = '[core]\nhost = 127.0.0.1\nport = 1\nuse_ssl = true\nchannels = "#a"\n'
    (tmp_path / "config.ini").write_text(f"{settings}{core}\n[irscribe]\n{own}\n")
    checked, run = command("check", "--offline", folder=tmp_path), command("run", folder=tmp_path)
    wrong = [line for line in checked.stdout.splitlines() if line.startswith("error")]
    assert (checked.returncode, run.returncode, run.stdout) == (1, 1, "")
    assert [said in line for line in wrong] == [True]
    assert run.stderr.splitlines() == wrong


def test_check_and_run_name_everything_that_is_wrong_at_once(tmp_path):
    (tmp_path / "config.ini").write_text(
        "[core]\nhost = 127.0.0.1\nport = 1\nuse_ssl = perhaps\nchanels = x\n"
        "[irscribe]\nreprts = x\npace = fast\ndatabase = mysql://h/d\nlayout = foo\nscorecard = foo\n"
        "permissions = clsoe=op\n[wiki]\n"
    )
    checked, run = command("check", folder=tmp_path), command("run", folder=tmp_path)

    wrong = checked.stdout.splitlines()
    assert [line.split()[0] for line in wrong] == ["error"] * len(wrong)
    found = [re.sub(r" is | cannot |: |; ", "|", line.partition(": ")[2]).partition("|")[0] for line in wrong]
    assert sorted(found) == [
        "[core] chanels",
        "[core] channels",
        "[core] use_ssl",
        "[irscribe] database",
        "[irscribe] layout",
        "[irscribe] pace",
        "[irscribe] permissions",
        "[irscribe] reprts",
        "[irscribe] scorecard",
        "[wiki]",
    ]
    assert (checked.returncode, run.returncode, run.stdout) == (1, 1, "")
    assert run.stderr.splitlines() == wrong


def test_a_database_of_an_older_version_is_no_error_as_the_start_brings_it_up(tmp_path):
    (tmp_path / "irscribe.db").touch()
    (tmp_path / "config.ini").write_text('[core]\nchannels = "#a"\n[irscribe]\ndatabase = irscribe.db\n')
    done = command("check", "--offline", folder=tmp_path)
    assert done.returncode == 0
    assert re.search(r"^ok +database: .* at the next start$", done.stdout, re.MULTILINE)


def test_check_names_what_would_fail_only_when_a_report_is_asked_for(tmp_path):
    (tmp_path / "config.ini").write_text(
        '[core]\nhost = 127.0.0.1\nchannels =\n    "#a"\n'
        "[irscribe]\nlayout = bar\nscorecard = foo\nreports = config.ini/x\n"
    )

    done = command("check", "--offline", folder=tmp_path)

    assert done.returncode == 1
    wrong = [line for line in done.stdout.splitlines() if line.startswith("error")]
    assert [
        next(name for name in ("scorecard", "layout", "reports:") if f"[irscribe] {name}" in line) for line in wrong
    ]
    assert len(wrong) == 3


@pytest.mark.parametrize("verb", ["list", "show 1", "find x", "stats", "export 1", "import report.json"])
def test_what_is_no_database_is_one_line(tmp_path, verb, seed):
    (tmp_path / "report.json").write_text(seed.read_text())
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "irscribe.db").write_bytes(b"no database " * 1000)
    done = command(*verb.split(), folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The database ")
    assert done.stderr.count("\n") == 1


def test_standard_output_that_is_full_is_one_line(filled):
    exporting = f"'{sys.executable}' '{BOT}' export 1 > /dev/full"
    done = subprocess.run(["bash", "-c", exporting], cwd=filled, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "Standard output cannot be written: No space left on device.\n")


def test_check_names_every_mistake_of_the_layout(tmp_path):
    (tmp_path / "mine.wiki").write_text("== << incident.title | plan >> ==\n<< sumary >>\n")
    (tmp_path / "config.ini").write_text(
        '[core]\nhost = 127.0.0.1\nchannels =\n    "#a"\n[irscribe]\nlayout = mine\nlayouts = .\n'
    )
    wrong = [
        line for line in command("check", "--offline", folder=tmp_path).stdout.splitlines() if line.startswith("error")
    ]
    assert [line.split(maxsplit=2)[2] for line in wrong] == [
        "[irscribe] layout: mine.wiki, line 1 cannot be used: there is no filter “plan”; did you mean “plain”?",
        "[irscribe] layout: mine.wiki, line 2 cannot be used: there is no “sumary”; did you mean “summary”?",
    ]
