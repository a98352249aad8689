"""The lines of a server as the trial of ``check`` reads them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.config import Secret
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
    line = Line("NickServ", "NOTICE", ("me", "\x02geheim\x02 is wrong."))
    assert line.quote(Secret("geheim"), Secret("")) == "**** is wrong"
