"""Lines that are commands, whatever stands around their names, and lines that nearly are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.commands import Recogniser, Typed
from irscribe.commands.slips import OTHERS
from irscribe.domain.command_names import Names
from irscribe.domain.request import LineKind

INCIDENT, LOG, NOTE, PLAIN = LineKind.INCIDENT, LineKind.LOG, LineKind.NOTE, LineKind.PLAIN
SHIPPED = Names(nick="irscribe")
RENAMED = Names(nick="[scribe]", prefix=".", incident=("inc", "incident-x"), log=("sal",), note=("memo", "n"))
SEPARATED = (
    "",
    " ",
    ":",
    ": ",
    ",  ",
    ";",
    " : ",
    " , ",
    " :, : ",
    "! ",
    "? ",
    ". ",
    "… ",
    "- ",
    "!: ",
    ":! ",
    "\t",
    "\u00a0",
)


def in_channel(line: str, names: Names = SHIPPED) -> Typed:
    return Recogniser(names).recognise(line, private=False)


def in_private(line: str, names: Names = SHIPPED) -> Typed:
    return Recogniser(names).recognise(line, private=True)


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("!log: it broke", LOG, "it broke"),
        ("! log it broke", LOG, "it broke"),
        ("!LOG it broke", LOG, "it broke"),
        ("  ! Log ,  it broke", LOG, "it broke"),
        ("!log, it broke", LOG, "it broke"),
        ("!log:15:40 it broke", LOG, "15:40 it broke"),
        ("!log:-10m it broke", LOG, "-10m it broke"),
        ("!log: ??:?? it broke", LOG, "??:?? it broke"),
        ("!log! it broke", LOG, "it broke"),
        ("!log… it broke", LOG, "it broke"),
        ("\u200f!log\u200f it broke", LOG, "it broke"),
        ("\ufeff!l\u200eog: \u202bit broke\u202c", LOG, "it broke"),
        ("\u2068irscribe\u2069: log it broke", NOTE, "it broke"),
        ("\u200b!log repeated by a bot", PLAIN, "\u200b!log repeated by a bot"),
        ("!log", LOG, ""),
        ("!log:", LOG, ""),
        ("!log: help", LOG, "help"),
        ("!log helped X", LOG, "helped X"),
        ("!log: @3 it broke", LOG, "@3 it broke"),
        ("!log : it broke", LOG, "it broke"),
        ("!note; it broke", NOTE, "it broke"),
        ("!ir: status", INCIDENT, "status"),
        ("! ir status", INCIDENT, "status"),
        ("!Incident: start API down", INCIDENT, "start API down"),
        ("!ir?", INCIDENT, ""),
        ("!ir ?", INCIDENT, "?"),
        ("!ir -h", INCIDENT, "-h"),
        ("!ir log: it broke", NOTE, "it broke"),
        ("!ir @3 note it broke", NOTE, "@3 it broke"),
        ("irscribe: log it broke", NOTE, "it broke"),
        ("irscribe, Log: it broke", NOTE, "it broke"),
        ("irscribe : @3 !log it broke", NOTE, "@3 it broke"),
        ("irscribe_: !ir status", INCIDENT, "status"),
        ("irscribe: !status", INCIDENT, "status"),
        ("irscribe:: ir: status", INCIDENT, "status"),
        ("irscribe:", INCIDENT, ""),
    ],
)
def test_punctuation_and_blanks_around_a_name_do_not_matter(typed, kind, text):
    found = in_channel(typed)
    assert (found.kind, found.text, found.meant) == (kind, text, None)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("!log - it broke", "- it broke"),
        ("!log -10m it broke", "-10m it broke"),
        ("!log + it broke", "+ it broke"),
        ("!log ^ bob", "^ bob"),
        ("!log ~15:40 it broke", "~15:40 it broke"),
        ("!log [15:40] it broke", "[15:40] it broke"),
        ("!log ??:?? it broke", "??:?? it broke"),
        ("!log :) it works", ":) it works"),
        ("!log :rocket: deployed", ":rocket: deployed"),
        ("!log ... and again", "... and again"),
        ("!log !ir status", "!ir status"),
        ("!log log it", "log it"),
    ],
)
def test_signs_behind_a_blank_that_mean_something_belong_to_the_text(typed, text):
    assert in_channel(typed) == Typed(kind=LOG, text=text)


@given(
    st.sampled_from([SHIPPED, RENAMED, Names(nick="x", prefix="!!"), Names(nick="x", prefix=",")]),
    st.sampled_from(["", " ", ":", " , ", "\t"]),
    st.sampled_from(SEPARATED),
    st.data(),
)
def test_the_same_text_arrives_whatever_stands_around_the_name(names, before, behind, data):
    name, kind = data.draw(st.sampled_from(sorted(names.kinds.items())))
    name = "".join(data.draw(st.sampled_from([each.lower(), each.upper()])) for each in name)
    text = data.draw(st.from_regex(r"\A\w[^\r\n\0]{0,20}\Z"), label="text").strip()
    if not behind:
        text = ""
    found = in_channel(f"{names.prefix}{before}{name}{behind}{text}", names)
    assert found == in_channel(f"{names.prefix}{name.lower()} {text}", names)
    assert found.kind is kind or found == Typed(kind=NOTE, text=found.text)


@pytest.mark.parametrize(
    "typed",
    [
        "!logs",
        "!logout",
        "!log-in",
        "!log/x",
        "!log(x)",
        "!notes",
        "!irc",
        "!ir-status",
        "!log.d",
        "@log x",
        "!@log x",
        "log x",
        "`!log` writes it down",
        "irscribe is great",
        "irscribefoo: status",
        "@irscribe: status",
        "see irscribe: status",
        "!İr status",
        "!ır status",
        "",
        "!",
        "! ",
        "!!! note this",
        *(f"!{name} 12" for name in OTHERS),
    ],
)
def test_other_lines_are_plain_and_name_nothing(typed):
    assert in_channel(typed) == Typed(kind=PLAIN, text=typed.strip())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("!logg 15:40 it broke", LOG),
        ("!llog: it broke", LOG),
        ("! lgo it broke", LOG),
        ("!olg it broke", LOG),
        ("!LOOOOG it broke", LOG),
        ("!noet it broke", NOTE),
        ("!noote, it broke", NOTE),
        ("!inicdent start", INCIDENT),
        ("!incidnet start", INCIDENT),
        ("!incdent", INCIDENT),
        ("!indicent", INCIDENT),
        ("!insidint start", INCIDENT),
        ("！log it broke", LOG),
        ("!ｌｏｇ it broke", LOG),
        ("！lgo it broke", LOG),
    ],
)
def test_a_slip_of_the_hand_is_nearly_a_command_and_keeps_its_text(typed, meant):
    assert in_channel(typed) == Typed(kind=PLAIN, text=typed, meant=meant)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("!bog", "another first letter makes another word"),
        ("!dog", "another first letter makes another word"),
        ("!lag", "another vowel makes another word"),
        ("!blog", "a letter in front makes another word"),
        ("!logo", "a letter behind makes another word"),
        ("!logs", "a plural is another command, with many bots that keep logs"),
        ("!lo", "a letter less makes another word"),
        ("!vote", "a command of many bots, one letter from note"),
        ("!not", "a letter less makes another word"),
        ("!ri", "two letters are too few to tell a slip from a word"),
        ("!irr", "two letters are too few to tell a slip from a word"),
        ("!goal", "too far off"),
        ("!incidents", "sirenbot's"),
        ("!inicdents", "nearer to sirenbot's"),
        ("!incidens", "as near to sirenbot's as to ours"),
        ("!accident", "two letters off, and the first is another"),
        ("!incentive x", "too far off"),
        ("!l" + "o" * 500 + "g", "too long to be read"),
        ("!" + "x" * 500, "far too long"),
        ("!lоg x", "a Cyrillic letter is another letter, which makes a name that others may own"),
        ("lgo x", "no prefix"),
        ("@lgo x", "other bots own @"),
        ("so !lgo x", "not at the beginning"),
    ],
)
def test_what_may_be_another_word_is_nearly_nothing(typed, why):
    assert in_channel(typed).meant is None, why


def test_slips_of_configured_names_are_found_and_those_of_the_shipped_ones_are_not():
    assert in_channel(".asl x", RENAMED).meant is LOG
    assert in_channel(".mmemo x", RENAMED).meant is NOTE
    assert in_channel(".incidnt-x", RENAMED).meant is INCIDENT
    assert in_channel(".lgo x", RENAMED).meant is in_channel("!sall x", RENAMED).meant is None


@given(st.text(max_size=30))
def test_any_text_behind_any_prefix_is_recognised_somehow(text):
    for line in (text, f"!{text}", f"! log{text}", f"irscribe: {text}"):
        assert in_channel(line).kind in LineKind
        assert in_private(line).meant is None


@pytest.mark.parametrize(
    ("typed", "kind", "text", "to_bot"),
    [
        ("help", PLAIN, "help", True),
        ("yes, within minutes", PLAIN, "yes, within minutes", True),
        ("irscribe: yes", PLAIN, "yes", True),
        ("irscribe status", PLAIN, "status", True),
        ("@3 status", PLAIN, "@3 status", True),
        ("log 22:56 it broke", NOTE, "22:56 it broke", True),
        ("Note: it broke", NOTE, "it broke", True),
        ("@3 log it broke", NOTE, "@3 it broke", True),
        ("ir status", INCIDENT, "status", True),
        ("incident: start API down", INCIDENT, "start API down", True),
        ("irscribe", INCIDENT, "", True),
        ("!help", INCIDENT, "help", False),
        ("! status", INCIDENT, "status", False),
        ("!ir status", INCIDENT, "status", False),
        ("!log it broke", LOG, "it broke", False),
        ("", PLAIN, "", True),
        ("!?", PLAIN, "!?", True),
    ],
)
def test_in_private_neither_prefix_nor_name_is_needed(typed, kind, text, to_bot):
    assert in_private(typed) == Typed(kind=kind, text=text, to_bot=to_bot)


def test_configured_names_work_in_private_and_behind_the_nick_beside_log_and_note():
    for line in ("sal it broke", "[scribe]: memo it broke", "log it broke", "n: it broke"):
        assert (in_private(line, RENAMED).kind, in_private(line, RENAMED).text) == (NOTE, "it broke")
    assert in_private("inc status", RENAMED).text == in_channel("[scribe]_, .inc status", RENAMED).text == "status"
