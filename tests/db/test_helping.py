"""Help, and the names commands go by."""

from __future__ import annotations

from dataclasses import replace
from queue import Queue

import pytest

from irscribe.adapter import Adapter
from irscribe.config import LogMode, LogModes, Names, Permissions, load
from irscribe.domain import when
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.permission import Need
from irscribe.domain.sentence import sentence
from irscribe.engine.app import App
from irscribe.services.application import all_commands, build_application
from tests.organisations import wikimedia
from tests.replies import continued, in_private, logged, value_set
from tests.snapshot import expect_refusal
from tests.talk import CHANNEL, Talk

ORDER = ["start", "join", "status", "undo", "close", "export"]
STRIKE = (
    "!ir strike N[-M] [REASON] – takes entries out of the report (also delete, remove N). "
    "For example: !ir strike 7 logged twice"
)
ANSWER_SECONDS = 10
"""Seconds after which a reply is given up."""


@pytest.mark.parametrize("line", ["!ir help", "!ir ?", "!ir -h", "!ir --help", "!ir commands", "!ir HELP"])
def test_help_sends_ten_lines_in_private(talk, line):
    replies = talk.hear("alice", line)
    assert [each.to for each in replies] == [CHANNEL, *["alice"] * 10]
    assert str(replies[0].text) == in_private("Ten lines to begin with")
    assert all(not each.urgent for each in replies[1:])


def test_the_ten_lines_name_commands_that_there_are_in_the_order_of_an_incident(talk):
    lines = [str(each.text) for each in talk.hear("alice", "!ir help", channel=None)]
    typed = [part.partition(" ")[0] for line in lines for part in line.split("!ir ")[1:]]
    known = [each for each in typed if each in talk.application.commands.by_name]
    assert [each for each in typed if each not in (*known, "–")] == []
    told = [each for each in dict.fromkeys(known) if each in ORDER]
    assert told == ORDER


def test_help_all_sends_one_line_for_each_command_in_private_and_says_how_many_come(talk):
    rows = talk.application.commands.rows
    for channel in (CHANNEL, None):
        first, *lines = talk.hear("alice", "!ir help all", channel=channel)
        assert (first.to, str(first.text).split()[0]) == (channel or "alice", str(len(rows)))
        assert [str(each.text) for each in lines] == [str(sentence("{} – {}", each.usage, each.does)) for each in rows]
        assert all(each.to == "alice" and not each.urgent for each in lines)


def test_help_when_sends_forms_of_a_time_that_are_read_as_times(talk):
    lines = [str(each.text) for each in talk.hear("alice", "!ir help when", channel=None)]
    forms = [form for line in lines for form in line.partition(" – ")[0].split(", ") if not form.startswith(("A", "!"))]
    assert len(forms) > 12
    assert [form for form in forms if when.parse(f"{form} text").rest != "text"] == []


def test_help_scorecard_says_how_to_answer(talk):
    assert len(talk.say("alice", "!ir help scorecard", channel=None)) == 6


@pytest.mark.parametrize("line", ["!ir summary --help", "!ir summary -h", "!ir @1 summary --help"])
def test_a_verb_may_be_asked_for_its_own_help(talk, line):
    assert talk.say("alice", line) == talk.say("alice", "!ir help summary")


@pytest.mark.parametrize("typed", ["strike", "!ir strike", "STRIKE", "ir strike", "!strike"])
def test_help_for_one_verb_is_its_usage_and_an_example(talk, typed):
    assert talk.say("alice", f"!ir help {typed}") == [STRIKE]


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("private", "(who may: joined; off: trusted)"),
        ("close", "(who may: responder)"),
        ("cancel", "(who may: trusted; the opener, while nobody else has written in it)"),
        ("actions", "(who may: anyone; sync: joined; file: trusted)"),
    ],
)
def test_help_for_one_verb_says_who_may(talk, verb, said):
    assert said in talk.say("alice", f"!ir help {verb}")[0]


def test_help_for_one_verb_names_the_rule_of_the_settings(tmp_path):
    rules = Permissions({(None, "cancel"): Need.OP, ("#incidents", "strike"): Need.VOICED})
    talk = Talk(tmp_path, config=replace(load(None), permissions=rules))
    assert "(who may: op)" in talk.say("alice", "!ir help cancel")[0]
    assert "(who may: voiced)" in talk.say("alice", "!ir help strike")[0]
    talk.database.close()


@pytest.mark.parametrize("verb", [each.name for each in all_commands().verbs if each.name != "scorecard"])
def test_every_verb_has_help_of_one_line(talk, verb):
    assert len(talk.say("alice", f"!ir help {verb}")) == 1


@pytest.mark.parametrize("line", ["!log help", "!note help", "!ir help log", "!ir help note", "!ir help !log"])
def test_notes_have_a_help_of_their_own(talk, line):
    assert talk.say("alice", line)[0].startswith("!log [WHEN] TEXT writes a line of the timeline")


def test_help_suggests_what_was_meant(talk):
    expect_refusal(talk, "alice", "!ir help stirke", "no !ir stirke", "did you mean !ir strike")
    expect_refusal(talk, "alice", "!ir help frobnicate", "no !ir frobnicate", "!ir help lists")
    expect_refusal(talk, "alice", "!ir sumary x", "no !ir sumary", "did you mean !ir summary")


def test_a_note_may_be_typed_behind_the_name_of_the_bot(talk):
    talk.say("alice", "!ir start API returns 500")
    assert talk.say("alice", "irscribe: log it broke") == [logged(2)]
    assert talk.say("alice", "irscribe, note + for good") == [continued(2)]
    assert talk.texts()[-1] == "it broke for good"


class Sender:
    """Keeps the lines that the bot says, in their order."""

    def __init__(self):
        self.said = Queue()

    def __call__(self, target, text):
        self.said.put((target, text))

    def line_limit(self, _target):
        return 400

    def reaches(self, _target, _whom):
        return True

    casemapping = CaseMapping.RFC1459

    def is_busy(self):
        return False

    def next(self):
        return self.said.get(timeout=ANSWER_SECONDS)


@pytest.fixture
def running(tmp_path):
    """A whole app under other names, in a channel where another bot owns one of them."""
    talk = Talk(tmp_path)
    config = replace(
        wikimedia(talk.config),
        database=f"sqlite:///{tmp_path / 'app.db'}",
        names=Names(nick="irscribe", prefix=".", incident=("incident", "inc"), log=("sal",), note=("note",)),
        log_modes=LogModes(LogMode.FULL, {"#quiet": LogMode.QUIET}),
    )
    app, voice = App(build_application(config), Adapter), Sender()
    app.start()
    assert app.take_leader_lock()
    app.attach(voice)

    def say(line, channel):
        app.submit(talk.request("alice", line, channel=channel))
        return voice.next()[1]

    yield say
    app.stop(ANSWER_SECONDS)
    talk.database.close()


def test_replies_name_the_commands_as_the_settings_do(running):
    assert running("!ir", "#full") == "No incident is open here: .inc start TITLE opens one."
    assert " .sal TEXT writes the timeline. " in running("!ir start x", "#full")
    assert running("!ir summary say !ir", "#full") == value_set("Summary")
    assert running("!ir summary y", "#full") == value_set("Summary", was="say !ir")


def test_where_another_bot_owns_the_name_replies_speak_of_notes(running):
    assert " .note TEXT writes the timeline. " in running("!ir start x", "#quiet")


def test_a_task_is_said_as_its_address_and_one_in_a_text_as_typed_for_nobody_to_answer(running):
    running("!ir start x", "#full")
    assert running("!ir task T5", "#full") == "Task set: https://phabricator.wikimedia.org/T5."
    running("!ir summary see T123, https://example.org/T123 and https://wiki.example.org/T123 logs", "#full")
    said = running("!ir summary", "#full")
    assert said == "Summary of 1: see T\u200b123, https://example.org/T123 and https://wiki.example.org/T123 logs"


@pytest.mark.parametrize(
    "title", ["say !log “now” or !ir", "T294955 is back", "” !ir “ https://x.org/T1", "see “T5” (!note)"]
)
def test_what_somebody_typed_is_quoted_as_typed(running, title):
    running(f"!ir start {title}", "#quiet")
    said = running("!ir start again", "#quiet")
    assert said.replace("T\u200b", "T").startswith(
        f"Incident 1 “{title}” is open here: .inc join to take part, .inc start!"
    )


def test_help_names_the_commands_as_the_settings_do(running):
    assert running("!ir help strike", "#full").startswith(".inc strike N[-M] [REASON] – ")
    assert running("!ir help log", "#full").startswith(".sal [WHEN] TEXT writes")
    assert running("!ir help action", "#full").endswith(
        " .inc action add a runbook @andrew https://phabricator.wikimedia.org/T234"
    )
