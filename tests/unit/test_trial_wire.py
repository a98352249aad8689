"""The lines of a server as the trial of ``check`` reads them."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.runtime.trial.quoting import LONGEST_QUOTE, SHORTEST_PART_HIDDEN, Quotation
from irscribe.runtime.trial.wire import Line, parse

WORDS = st.text(st.characters(codec="ascii", exclude_categories=("Cc", "Zs"), exclude_characters=":@"), min_size=1)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("PING :x y", Line("", "PING", ("x y",))),
        (":irc.test 001 irscribe :Welcome", Line("irc.test", "001", ("irscribe", "Welcome"))),
        ("@time=x :NickServ!n@s NOTICE me :no: yes", Line("NickServ", "NOTICE", ("me", "no: yes"))),
        (":irc.test CAP * LS * :sasl=PLAIN", Line("irc.test", "CAP", ("*", "LS", "*", "sasl=PLAIN"))),
        ("AUTHENTICATE +", Line("", "AUTHENTICATE", ("+",))),
        ("", Line("", "", ())),
        (":irc.test", Line("irc.test", "", ())),
        ("@only-tags", Line("", "", ())),
    ],
)
def test_a_line_is_taken_apart(text, line):
    assert parse(text) == line


@given(WORDS, st.lists(WORDS, max_size=5), st.text(st.characters(exclude_characters="\r\n\0")))
def test_the_parts_of_a_line_come_back(command, middle, trailing):
    assert parse(" ".join([command, *middle, f":{trailing}"])) == Line("", command.upper(), (*middle, trailing))


@given(st.text())
def test_no_line_is_too_strange(text):
    line = parse(text)
    assert not re.search(r"\s", line.command)
    assert "!" not in line.source


def test_what_is_quoted_holds_no_secret_and_no_colours():
    assert Quotation(["geheim", ""]).of("\x02geheim\x02 is wrong.") == "**** is wrong"


@given(st.text(), st.text(st.characters(codec="utf-8", exclude_characters="*…."), min_size=6), st.text())
def test_a_secret_is_in_no_quotation(before, secret, after):
    hidden = Quotation([secret])
    shown = hidden.of(before + secret + after)
    assert secret not in shown
    assert len(shown.encode()) <= LONGEST_QUOTE


@given(st.text(string.ascii_lowercase, min_size=8), st.data())
def test_a_part_of_a_secret_is_in_no_quotation_either(secret, data):
    start = data.draw(st.integers(0, len(secret) - SHORTEST_PART_HIDDEN))
    part = secret[start:][: data.draw(st.integers(SHORTEST_PART_HIDDEN, len(secret)))]
    assert Quotation([secret]).of(f"7 {part} 7") == "7 **** 7"


def test_what_is_no_secret_is_quoted_as_it_stands():
    assert Quotation(["geheimnis"]).of("Das geht: ein Geheimrat? 100 %") == "Das geht: ein ****rat? 100 %"
    assert Quotation([]).of("Closing Link: server full.") == "Closing Link: server full"
