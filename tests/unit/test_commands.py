"""What can be typed: the table, reading a line by it, and how the bot speaks of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.adapter.routes import ABOUT_AN_INCIDENT, ALONE
from irscribe.commands import BY_NAME, COMMANDS, VERBS, Spoken, address, manual, read, read_note
from irscribe.domain.errors import RefusedError

MANUAL = Path(__file__).parents[2] / "docs/commands.md"
GENERATED = (
    "<!-- From here on the page is what irscribe.commands.manual() gives; a test holds the two together. -->\n\n"
)
OWNED_BY_OTHERS = ("!incidents", "!ack", "!resolve", "!bash", "!help", "!ops")


def test_every_verb_of_the_table_is_served_and_every_served_verb_is_in_the_table():
    assert {verb.name for verb in VERBS} == {*ABOUT_AN_INCIDENT, *ALONE}
    assert not ABOUT_AN_INCIDENT.keys() & ALONE.keys()


def test_no_two_commands_have_a_name_in_common():
    names = [name for command in COMMANDS for name in (command.name, *command.aliases)]
    assert len(names) == len(set(names))


def test_the_manual_holds_the_table():
    introduction, _, table = MANUAL.read_text(encoding="utf-8").partition(GENERATED)
    assert introduction.startswith("# ")
    assert table == manual(), "renew it: what follows the comment in docs/commands.md is what manual() gives"


def test_the_manual_says_everything_there_is_to_type():
    text = manual()
    for command in COMMANDS:
        assert command.example.replace("|", "\\|") in text
        assert command.does.replace("|", "\\|") in text


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
    (row,) = (line for line in manual().splitlines() if line.startswith((f"| `!ir {name} ", f"| `!ir {name}`")))
    assert row.endswith(f" | {who} |")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_is_told_in_one_line_that_fits_the_wire(command):
    line = f"{command.usage} – {command.does}. For example: {command.example}"
    assert len(line.encode()) <= 400
    assert "T123" not in command.usage + command.does
    assert command.usage.startswith(("!ir ", "!log"))
    assert command.example.startswith(command.usage.split("[")[0].split()[0])
    assert not command.does.endswith(".")


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_the_example_of_a_verb_is_one_of_it(verb):
    assert read(verb.example.removeprefix("!ir")).verb is verb


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
    ],
)
def test_a_line_is_a_verb_an_incident_and_a_text(typed, verb, incident, text):
    command = read(typed)
    assert (command.verb.name, command.incident, command.text) == (verb, incident, text)


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
        ("resolved", "did you mean !ir status resolved?"),
        ("mitigated", "did you mean !ir status mitigated?"),
        ("open x", "did you mean !ir start?"),
        ("resolve", "did you mean !ir close?"),
        ("frobnicate", "!ir help lists what there is."),
        ("close!", "!ir close it is."),
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


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("log 15:40 it broke", "15:40 it broke"),
        ("NOTE  it broke", "it broke"),
        ("log", ""),
        ("logs are full", None),
        ("summary log", None),
        ("", None),
    ],
)
def test_a_note_may_be_typed_behind_the_name_of_the_bot(typed, note):
    assert read_note(typed, {"log", "note"}) == note


@given(st.integers(0, 999_999_999), st.text(min_size=1).filter(lambda text: not text[0].isspace()))
def test_an_address_is_split_off_and_the_text_left_as_it_is(number, text):
    assert address(f"@{number} {text}").incident == number
    assert address(f"@{number} {text}").text == text


def test_no_command_takes_what_other_bots_own():
    spoken = {f"!{name}" for name in ("incident", "ir", "log", "note")}
    assert not spoken & set(OWNED_BY_OTHERS)
    assert all(not each.example.startswith(OWNED_BY_OTHERS) for each in COMMANDS)


OURS = Spoken.of(".", incident=("incident", "inc"), log=("sal",), note=("note", "n"))


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (
            "No incident is open here: !ir start TITLE opens one.",
            "No incident is open here: .inc start TITLE opens one.",
        ),
        ("type !log [WHEN] TEXT.", "type .sal [WHEN] TEXT."),
        ("!ir start! TITLE, !note x", ".inc start! TITLE, .n x"),
        ("was: “use !ir here”; !ir undo", "was: “use !ir here”; .inc undo"),
        ("!iron !logs !irc a!ir", "!iron !logs !irc a!ir"),
    ],
)
def test_sentences_name_commands_as_the_settings_do(sentence, said):
    assert OURS.say(sentence) == said
    assert Spoken().say(sentence) == sentence


def test_where_another_bot_owns_log_sentences_speak_of_note():
    assert OURS.say("!log TEXT writes the timeline.", log_is_ours=False) == ".n TEXT writes the timeline."


def test_the_shipped_names_are_the_ones_sentences_are_written_with():
    assert Spoken.of("!", incident=("incident", "ir"), log=("log",), note=("note",)) == Spoken()


def test_aliases_lead_to_their_command():
    assert BY_NAME["status"].name == "status"
