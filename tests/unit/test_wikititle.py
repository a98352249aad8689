from __future__ import annotations

from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from irscribe.integrations.wikititle import LONGEST_BYTES, page_title, title_in
from tests.http.wikititles import read_title

DAY = date(2021, 11, 2)

PIECES = "# [[ ]] {{ | <nowiki> _ __ % 41 %2 & amp; &amp; &#39; &lt ~ ~~ ~~~~ / . .. ../ /./ : File: phab: é 😀 …"
UNSEEN = [" ", "\t", "\n", "\xa0", "\u180e", "\u200b", "\u200d", "\u202e", "\ufeff", "\ufffd", "\x03", "\x0304"]
LONG = ["e\u0301", "\u0308", "x" * 120, "ß" * 90]
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
nasty = st.lists(st.one_of(st.sampled_from([*PIECES.split(), *UNSEEN, *LONG]), any_text), max_size=12).map("".join)


@given(nasty, st.dates())
@example("a%\u200b41", DAY)
@example("&\u200bamp;", DAY)
@example("~~\u200b~~", DAY)
@example("x/.\u200b/..", DAY)
@example("x" * 176 + "/..", DAY)
@example("", date(21, 1, 2))
def test_mediawiki_takes_every_title_as_it_stands(name, day):
    title = page_title(day, name)
    read = read_title(title)
    assert (read.text, read.namespace, read.code) == (title, 0, "")


@given(nasty, st.dates())
def test_the_title_of_a_page_is_read_from_its_address(name, day):
    title = page_title(day, name)
    for begin in ("https://wiki.example/wiki/", "https://wiki.example/Incidents/w/index.php?title="):
        assert title_in(begin + quote(title.replace(" ", "_"))) == title
    assert title_in("https://wiki.example/wiki/Main_Page") is None


@given(nasty)
def test_a_title_leaves_room_for_the_pages_beside_it(name):
    assert len(page_title(DAY, name).encode()) <= LONGEST_BYTES


@given(nasty)
def test_a_title_says_the_day_first(name):
    assert page_title(DAY, name).startswith("Incidents/2021-11-02")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Cloud VPS networking", "Incidents/2021-11-02 Cloud VPS networking"),
        ("AT&T at 50% of a/b: ~/x", "Incidents/2021-11-02 AT&T at 50% of a/b: ~/x"),
        ("#1 [[outage]]", "Incidents/2021-11-02 1 outage"),
        ("100%25 &amp; ~~~~", "Incidents/2021-11-02 100% 25 & amp; ~~"),
        ("a/../b/./c", "Incidents/2021-11-02 a/b/c"),
        ("db_host", "Incidents/2021-11-02 db host"),
        ("", "Incidents/2021-11-02"),
    ],
)
def test_a_name_becomes_the_title_a_reader_expects(name, title):
    assert page_title(DAY, name) == title


@pytest.mark.parametrize(
    ("asked", "text", "code"),
    [
        ("Incidents/#1 outage", "Incidents/", ""),
        ("incidents/lower  case __ spaces ", "Incidents/lower case spaces", ""),
        ("Incidents/a+b &amp; c", "Incidents/a+b & c", ""),
        ("File:kernel.log", "File:Kernel.log", ""),
        ("Incidents/2021 [[x]]", "Incidents/2021 [[x]]", "title-invalid-characters"),
        ("Incidents/100%25", "Incidents/100%25", "title-invalid-characters"),
        ("Incidents/../x", "Incidents/../x", "title-invalid-relative"),
        ("Incidents/a~~~b", "Incidents/a~~~b", "title-invalid-magic-tilde"),
        ("Talk:", "Talk:", "title-invalid-empty"),
        ("a" * 256, "a" * 256, "title-invalid-too-long"),
    ],
)
def test_the_rules_of_titles_agree_with_the_recorded_server(asked, text, code):
    read = read_title(asked)
    assert (read.text, read.code) == (text, code)
