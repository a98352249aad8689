"""The table of commands, and the parser that reads a line by it."""

from __future__ import annotations

import inspect
import re
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from hypothesis import given
from hypothesis import strategies as st

import irscribe.services
from irscribe import commands
from irscribe.commands import About, BareNumber, address
from irscribe.domain.errors import RefusedError, UnknownVerbError
from irscribe.domain.sentence import sentence
from irscribe.services.application import MODULES, all_commands

ALL = all_commands()
MANUAL = Path(__file__).parents[2] / "docs/commands.md"
GENERATED = (
    "<!-- From here on the page is what irscribe.commands.manual() gives; a test holds the two together. -->\n\n"
)
TAKING_A_NUMBER = (BareNumber.INCIDENT, BareNumber.BEFORE_ARGUMENT, BareNumber.INCIDENT_ALONE)
REFUSING_A_NUMBER = (BareNumber.UNCLEAR, BareNumber.UNCLEAR_ALONE)
OWNED_BY_OTHERS = ("!incidents", "!ack", "!resolve", "!bash", "!help", "!ops")

read = partial(commands.read, commands=ALL)
read_kept = partial(commands.read_kept, commands=ALL)


def test_every_module_with_a_command_is_listed_once():
    names = [each.name for each in walk_packages(irscribe.services.__path__, "irscribe.services.")]
    everywhere = commands.collect([import_module(each) for each in names])
    assert everywhere.functions == ALL.functions
    assert len(MODULES) == len(set(MODULES))


@pytest.mark.parametrize("verb", ALL.verbs, ids=lambda verb: verb.name)
def test_the_function_of_a_verb_takes_an_incident_where_the_verb_is_about_one(verb):
    context, *_ = inspect.signature(ALL.functions[verb.name]).parameters.values()
    assert context.annotation == ("IncidentContext" if verb.about is About.INCIDENT else "CommandContext")


def test_no_two_commands_have_a_name_in_common():
    names = [name for command in ALL.rows for name in (command.name, *command.aliases)]
    assert len(names) == len(set(names))


def test_the_manual_holds_the_table():
    introduction, _, table = MANUAL.read_text(encoding="utf-8").partition(GENERATED)
    assert introduction.startswith("# ")
    assert table == commands.manual(ALL), "renew what follows the comment in docs/commands.md"


def test_the_manual_says_everything_there_is_to_type():
    text = commands.manual(ALL)
    for command in ALL.rows:
        assert str(command.example_line).replace("|", "\\|") in text
        assert str(command.does).replace("|", "\\|") in text


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("task", "joined; `file`: trusted"),
        ("action", "joined; `N file`: trusted"),
        ("actions", "anyone; `sync`: joined; `file`: trusted"),
        ("outbox", "anyone; `retry`: trusted; `drop`: trusted"),
        ("publish", "trusted"),
    ],
)
def test_the_manual_says_what_needs_more_than_the_rest_of_its_command(name, who):
    rows = commands.manual(ALL).splitlines()
    (row,) = (each for each in rows if each.startswith((f"| `!ir {name} ", f"| `!ir {name}`")))
    assert row.endswith(f" | {who} |")


@pytest.mark.parametrize("command", ALL.rows, ids=lambda command: command.name)
def test_a_command_is_told_in_one_line_that_fits_the_wire(command):
    line = str(sentence("{} – {}. For example: {}", command.usage, command.does, command.example_line))
    assert len(line.encode()) <= 400
    assert "T123" not in str(command.usage) + str(command.does)
    assert str(command.usage).startswith(("!ir ", "!log"))
    assert str(command.example_line).startswith(str(command.usage).split("[")[0].split()[0])
    assert not str(command.does).endswith(".")


@pytest.mark.parametrize("verb", ALL.verbs, ids=lambda verb: verb.name)
def test_the_example_of_a_verb_is_one_of_it(verb):
    assert read(str(verb.example_line).removeprefix("!ir")).verb is verb


@pytest.mark.parametrize(
    ("typed", "verb", "incident", "text"),
    [
        ("", "status", None, ""),
        ("status", "status", None, ""),
        ("STATUS fixed", "status", None, "fixed"),
        ("@12", "status", 12, ""),
        ("summary @12 + more", "summary", 12, "+ more"),
        ("summary  @12   more", "summary", 12, "more"),
        ("summary @bob saw it", "summary", None, "@bob saw it"),
        ("summary @12: more", "summary", None, "@12: more"),
        ("join", "join", None, ""),
        ("start-time 11:35", "start-time", None, "11:35"),
        ("@4 close", "close", 4, ""),
        ("@1 status", "status", 1, ""),
        ("@4 who", "who", 4, ""),
        (" @4  summary  + more", "summary", 4, "+ more"),
        ("@4 close @4", "close", 4, ""),
        ("@4 cancel 2", "cancel", 4, "2"),
        ("private off @4", "private", 4, "off"),
        ("close 14:29 @4 ", "close", 4, "14:29"),
        ("@4 close 14:29 @4", "close", 4, "14:29"),
        ("move 7 ~15:40 @4", "move", 4, "7 ~15:40"),
        ("export html @4", "export", 4, "html"),
        ("update as in @4", "update", None, "as in @4"),
        ("action call back @4", "action", None, "call back @4"),
        ("@4 show", "show", 4, ""),
    ],
)
def test_a_line_is_a_verb_an_incident_and_a_text(typed, verb, incident, text):
    command = read(typed)
    assert (command.verb.name, command.incident, command.text) == (verb, incident, text)


@pytest.mark.parametrize(
    "verb", [verb for verb in ALL.verbs if verb.bare_number in TAKING_A_NUMBER], ids=lambda verb: verb.name
)
@pytest.mark.parametrize("typed", ["4", "#4", " 4 "])
def test_a_bare_number_behind_a_verb_that_takes_no_other_is_the_incident(verb, typed):
    command = read(f"{verb.name} {typed}")
    assert (command.verb, command.incident, command.text) == (verb, 4, "")


@pytest.mark.parametrize(
    ("typed", "incident", "text"),
    [
        ("export 4 html", 4, "html"),
        ("export html 4", 4, "html"),
        ("export #4 HTML", 4, "HTML"),
        ("export html", None, "html"),
        ("scorecard 4 wikimedia-2021", 4, "wikimedia-2021"),
        ("scorecard wikimedia-2021", None, "wikimedia-2021"),
        ("close 4 hours ago", None, "4 hours ago"),
        ("close 15:40", None, "15:40"),
        ("status 4 hosts are down", None, "4 hosts are down"),
        ("update 4 hosts are down", None, "4 hosts are down"),
        ("score 3 no", None, "3 no"),
    ],
)
def test_a_number_before_an_argument_is_what_it_can_only_be(typed, incident, text):
    command = read(typed)
    assert (command.incident, command.text) == (incident, text)


@pytest.mark.parametrize("name", ["timeline", "history", "show", "switch", "adopt", "sev", "list", "paged", "find"])
def test_a_number_that_is_a_verb_s_own_argument_stays_one(name):
    command = read(f"{name} 4")
    assert (command.incident, command.text) == (None, "4")


@pytest.mark.parametrize(
    "verb", [verb for verb in ALL.verbs if verb.bare_number in REFUSING_A_NUMBER], ids=lambda verb: verb.name
)
def test_a_number_that_may_be_a_text_is_refused_with_what_to_type(verb):
    with pytest.raises(RefusedError) as refusal:
        read(f"{verb.name} #2")
    readings = re.findall(r"!ir (.+?) for ", str(refusal.value))
    assert [read(each).incident for each in readings] == [2, None]
    assert {read(each).verb for each in readings} == {verb}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("cancel 2 false alarms", "!ir @2 cancel REASON"),
        ("final 2 good enough", "!ir @2 final [REASON]"),
        ("final! 2 good enough", "!ir @2 final! [REASON]"),
        ("status 4 resolved", "!ir @4 status resolved"),
        ("actions 4 file", "!ir @4 actions file"),
    ],
)
def test_a_number_before_a_text_that_may_change_another_incident_is_refused(typed, first):
    with pytest.raises(RefusedError, match=re.escape(f"Type {first} for incident")):
        read(typed)


@pytest.mark.parametrize("verb", ["status", "close", "cancel", "update", "decided", "title", "summary", "well", "ask"])
@pytest.mark.parametrize("behind", ["2.", "#2.", "2!", "2,", "2?", "#2:", "(2)"])
def test_a_number_with_a_stop_and_nothing_else_is_no_text(verb, behind):
    with pytest.raises(RefusedError) as refusal:
        read(f"{verb} {behind}")
    readings = re.findall(r"!ir (.+?) for ", str(refusal.value))
    assert [read(each).incident for each in readings] == [2, None]
    assert read(f"@2 {verb} {behind}").text == behind
    assert read(f"{verb} 2. restart the cells").text == "2. restart the cells"


TAKES_NO_TEXT = ["leave", "who", "accept", "recap", "reopen", "missing", "draft", "review", "publish", "actions"]


@pytest.mark.parametrize("verb", TAKES_NO_TEXT)
@pytest.mark.parametrize("behind", ["4.", "no.4", "4!", "4,", "4?", "of 4", "#4:", "@4.", "incident 4", "4 now", "(4)"])
def test_a_near_number_behind_a_verb_that_takes_no_text_is_refused(verb, behind):
    with pytest.raises(RefusedError, match=f"type !ir @4 {verb}.* for incident 4, or !ir {verb}.* for the current one"):
        read(f"{verb} {behind}")


@pytest.mark.parametrize("verb", TAKES_NO_TEXT)
def test_a_text_behind_a_verb_that_takes_none_is_refused(verb):
    with pytest.raises(RefusedError, match=f"“please” .* type !ir {verb}.* for the current incident, or !ir @N {verb}"):
        read(f"{verb} please")
    with pytest.raises(RefusedError, match=f"type !ir @4 {verb}"):
        read(f"@4 {verb} 5")


@pytest.mark.parametrize("typed", ["actions file", "actions SYNC", "@4 actions file", "actions @4 sync"])
def test_the_words_of_a_verb_that_takes_no_text_are_read(typed):
    assert read(typed).text.lower() in {"file", "sync"}


@pytest.mark.parametrize(
    ("typed", "verb", "text"),
    [
        ("severity 1", "sev", "1"),
        ("edit 7 s/a/b/", "fix", "7 s/a/b/"),
        ("correct 7 x", "fix", "7 x"),
        ("new API is down", "start", "API is down"),
        ("open", "start", ""),
        ("Declare sev1 API", "start", "sev1 API"),
        ("create! two", "start", "two"),
        ("todo a runbook", "action", "a runbook"),
        ("followup a runbook", "action", "a runbook"),
        ("luck a DBA", "lucky", "a DBA"),
        ("notes", "timeline", ""),
        ("tl 5", "timeline", "5"),
        ("resolve", "status", "resolved"),
        ("resolve fix is out", "status", "resolved fix is out"),
        ("resolved", "status", "resolved"),
        ("RESOLVED  fix is out", "status", "resolved fix is out"),
        ("delete 7 twice", "strike", "7 twice"),
        ("remove 7", "strike", "7"),
        ("remove #7-9 twice", "strike", "#7-9 twice"),
        ("remove Jason", "remove", "Jason"),
        ("remove 7up", "remove", "7up"),
        ("remove", "remove", ""),
        ("assign 2 bob", "action", "2 assign bob"),
        ("assign #2 to bob", "action", "2 assign bob"),
        ("? strike", "help", "strike"),
        ("-h", "help", ""),
        ("--help", "help", ""),
        ("commands", "help", ""),
        ("summary --help", "help", "summary"),
        ("resolve -h", "help", "status"),
    ],
)
def test_words_of_other_tools_are_read_as_ours(typed, verb, text):
    command = read(typed)
    assert (command.verb.name, command.text, command.incident) == (verb, text, None)
    assert read_kept(typed) == command


@pytest.mark.parametrize("typed", ["@4 resolve", "resolve @4", "resolve 4", "resolved #4"])
def test_a_phrase_may_name_its_incident(typed):
    command = read(typed)
    assert (command.incident, command.text) == (4, "resolved")


def test_a_number_behind_a_phrase_that_may_be_a_text_is_refused():
    with pytest.raises(RefusedError, match="Is 4 the incident"):
        read("resolve 4.")
    assert read("resolve 4 hosts are back").text == "resolved 4 hosts are back"


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("ack", "!ack"),
        ("ack 12", "!ir join"),
        ("acknowledge", "!ack"),
        ("answer 1 x", "!ir ask done N"),
        ("assign", "!ir assign N NAME"),
    ],
)
def test_some_words_are_refused_with_what_does_it_instead(typed, named):
    with pytest.raises(RefusedError, match=named):
        read(typed)


def test_no_word_stands_for_two_things_unless_its_text_tells_them_apart():
    names = {name for verb in ALL.verbs for name in (verb.name, *verb.aliases)}
    phrases = [each.word for verb in ALL.verbs for each in verb.phrases]
    meant = [word for verb in ALL.verbs for word in (*verb.meant_by, *verb.refused)]
    assert len(phrases) == len(set(phrases))
    assert {each.word for verb in ALL.verbs for each in verb.phrases if each.word in names} == {"remove"}
    assert [word for word in meant if word in names] == []
    assert len(meant) == len(set(meant))


def test_two_incidents_in_one_line_are_refused():
    with pytest.raises(RefusedError, match="Name one incident: !ir @4 close"):
        read("@4 close @5")


@pytest.mark.parametrize("typed", ["start @4 title", "@4 start title", "find @4 words", "@4 list"])
def test_an_incident_is_refused_where_a_verb_is_about_none(typed):
    with pytest.raises(RefusedError, match="leave @4 out"):
        read(typed)


@given(st.sampled_from(ALL.verbs), st.text(max_size=20), st.integers(0, 999_999_999))
def test_an_address_before_the_verb_does_what_it_does_behind_it(verb, text, number):
    text = "x" + text
    assert outcome_of(f"@{number} {verb.name} {text}") == outcome_of(f"{verb.name} @{number} {text}")


def outcome_of(typed):
    try:
        return read(typed)
    except RefusedError as refusal:
        return str(refusal)


@pytest.mark.parametrize("typed", ["4 close", "#4", "4"])
def test_a_number_in_the_place_of_a_verb_is_answered_with_the_address(typed):
    with pytest.raises(RefusedError, match="did you mean !ir @4"):
        read(typed)


@pytest.mark.parametrize(
    ("typed", "name"),
    [("@4 close", "close"), ("summary 4", "summary"), ("final! x", "final"), ("", None), ("frobnicate x", None)],
)
def test_the_verb_of_a_kept_line_is_known_whatever_stands_behind_it(typed, name):
    kept = read_kept(typed)
    assert (kept and kept.verb.name) == name


@pytest.mark.parametrize("name", ["start", "final", "score"])
def test_some_verbs_may_be_insisted_on(name):
    assert read(f"{name}! x").forced
    assert not read(f"{name} x").forced


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("staus", "did you mean !ir status?"),
        ("clsoe now", "did you mean !ir close?"),
        ("sumary x", "did you mean !ir summary?"),
        ("actoin x", "did you mean !ir action?"),
        ("mitigated", "did you mean !ir status mitigated?"),
        ("begin x", "did you mean !ir start?"),
        ("end", "did you mean !ir close?"),
        ("decision: roll back", "did you mean !ir decided?"),
        ("root cause is a leak", "did you mean !ir summary?"),
        ("detected by pingdom", "did you mean !ir detection?"),
        ("badly no alert", "did you mean !ir poorly?"),
        ("i'm looking at postgres", "did you mean !ir join?"),
        ("ticket OPS-12", "did you mean !ir task?"),
        ("last", "did you mean !ir timeline?"),
        ("severty 1", "did you mean !ir severity?"),
        ("resolve!", "There is no !ir resolve!: type !ir resolve."),
        ("frobnicate", "!ir help lists what there is."),
        ("close!", "There is no !ir close!: type !ir close."),
    ],
)
def test_a_typo_is_answered_with_what_was_meant(typed, suggestion):
    with pytest.raises(RefusedError) as refusal:
        read(typed)
    assert str(refusal.value).endswith(suggestion)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_in_one_line(text):
    said = refusal_of(text)
    assert "\n" not in said
    assert len(said) < 120


def refusal_of(text):
    try:
        read(text)
    except RefusedError as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize("behind", [":", ",", ";", ".", "?", ":,"])
def test_punctuation_behind_a_verb_does_not_matter(behind):
    assert read(f"status{behind}") == read("status")
    assert read(f"@4 impact{behind} half of all edits fail") == read("@4 impact half of all edits fail")
    assert read(f"start!{behind} second one").forced


@pytest.mark.parametrize(("typed", "verb"), [("lgo x", "log"), ("noet x", "note"), ("stauts", "status")])
def test_a_mistyped_verb_or_note_is_answered_with_what_may_be_meant(typed, verb):
    with pytest.raises(UnknownVerbError, match=f"did you mean !ir {verb}") as unknown:
        read(typed)
    assert unknown.value.suggested


@given(st.integers(0, 999_999_999), st.text(min_size=1).filter(lambda text: not text[0].isspace()))
def test_an_address_is_split_off_and_the_text_left_as_it_is(number, text):
    assert address(f"@{number} {text}").incident == number
    assert address(f"@{number} {text}").text == text


def test_no_command_takes_what_other_bots_own():
    spoken = {f"!{name}" for name in ("incident", "ir", "log", "note")}
    assert not spoken & set(OWNED_BY_OTHERS)
    assert all(not str(each.example_line).startswith(OWNED_BY_OTHERS) for each in ALL.rows)


def test_aliases_lead_to_their_command():
    assert ALL.by_name["status"].name == "status"
