"""The people that a setting lists: which items there are, and whom each of them fits."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.listed import Form, is_listed, read_item
from irscribe.domain.naming import Naming
from irscribe.domain.request import Person

WITH_ACCOUNTS = Naming(casemapping=CaseMapping.ASCII, has_accounts=True)
WITHOUT = Naming(casemapping=CaseMapping.ASCII, has_accounts=False)
SIGNS = "ab[]{}\\|^`-_.:/~0"
parts = st.text(st.sampled_from("ab[].*?^"), min_size=1, max_size=6)
hostile = st.text(st.sampled_from(SIGNS + "!@*? \u212aé"), max_size=10) | st.text(max_size=10)


def person(nick="alice", *, user="al", host="staff.example.org", account=None, naming=WITH_ACCOUNTS):
    return Person(nick=nick, user=user, host=host, account=account, naming=naming)


@pytest.mark.parametrize("text", ["account:alice", "account:boss[x]", "alice", "boss[x]", "*!*@staff.example.org"])
def test_an_item_is_shown_as_it_was_written(text):
    assert str(read_item(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "account:",
        "account:a*",
        "account:a b",
        "acount:alice",
        "$a:alice",
        "alice!*",
        "*@host",
        "a!b@c@d",
        "a!b!c@d",
        "a b",
        "!@",
        "al*",
        "al?ce",
        "alice!@host",
        "account:bob!*@*",
        "#ops",
        "+alice",
        "'alice'",
        "account:'alice'",
    ],
)
def test_what_is_neither_account_nor_mask_is_refused(text):
    with pytest.raises(ValueError, match=r"neither an account nor a mask; write account:NAME, or nick!user@host"):
        read_item(text)


@pytest.mark.parametrize("text", ["*!*@*", "?*!*@*", "*!?*@**", "*?*!~*@*", "**!**@*.*", "*!*@*:*", "?!?@?"])
def test_a_mask_that_fits_everybody_is_refused(text):
    with pytest.raises(ValueError, match="is everybody; write account:NAME, or a mask that names a host"):
        read_item(text)


def test_nobody_is_an_empty_setting_and_no_account_of_that_name():
    with pytest.raises(ValueError, match="leave the setting empty"):
        read_item("none")
    assert read_item("account:none").fits(person(account="None"))


@pytest.mark.parametrize("text", ["al\u200bice", "account:al\u00adice", "*!*@staff\x02.example.org"])
def test_what_cannot_be_seen_is_refused(text):
    with pytest.raises(ValueError, match="cannot be seen"):
        read_item(text)


@pytest.mark.parametrize("text", ["*!*@10.0.0.0/8", "*!*@2001:db8::/32", "*!root@192.0.2.*/24"])
def test_a_range_of_addresses_is_refused_as_it_would_fit_nobody(text):
    with pytest.raises(ValueError, match="fits nobody"):
        read_item(text)
    assert read_item("*!*@wikimedia/alice").fits(person(host="wikimedia/alice"))


@pytest.mark.parametrize(
    ("text", "names_host"),
    [("alice!*@*", False), ("alice!al@*.*", False), ("*!root@*", False), ("*!*@*.example", True), ("a!*@10.*", True)],
)
def test_a_mask_without_a_host_is_known_as_such(text, names_host):
    item = read_item(text)
    assert item.form is Form.MASK
    assert item.mask.names_host is names_host


def test_an_account_is_an_account_wherever_it_is_read():
    for naming in (WITH_ACCOUNTS, WITHOUT):
        assert read_item("account:alice").fits(person("x", account="Alice", naming=naming))
        assert not read_item("account:alice").fits(person("alice", naming=naming))
        assert not read_item("account:alice").fits(person("alice", account="mallory", naming=naming))


def test_a_bare_word_is_an_account_where_there_are_accounts_and_else_a_nick():
    item = read_item("icinga")
    assert item.fits(person("x", account="icinga"))
    assert not item.fits(person("icinga"))
    assert not item.fits(person("icinga", account="mallory"))
    assert item.fits(person("Icinga", naming=WITHOUT))
    assert not item.fits(person("x", naming=WITHOUT))


def test_brackets_in_a_mask_are_letters_and_no_choice():
    item = read_item("carol[m]!*@*")
    assert item.fits(person("Carol[m]"))
    assert not item.fits(person("carolm"))
    assert not item.fits(person("carol{m}"))
    assert item.fits(person("carol{m}", naming=Naming(casemapping=CaseMapping.RFC1459, has_accounts=True)))


def test_a_list_fits_by_any_of_its_items():
    people = tuple(map(read_item, ("account:bob", "*!*@staff.example.org")))
    assert is_listed(person(), people)
    assert is_listed(person(host="home", account="bob"), people)
    assert not is_listed(person(host="home"), people)
    assert not is_listed(person(), ())


@given(st.tuples(parts, parts, parts), st.tuples(hostile, hostile, hostile), st.booleans())
def test_a_mask_fits_where_each_of_its_parts_does(mask, names, follows):
    text = "{}!{}@{}".format(*mask)
    assume(any(set(part) - set("*?.:/-~") for part in mask))
    if follows:  # names that fit, as those drawn hardly ever do
        names = tuple(part.replace("*", name).replace("?", "a") for part, name in zip(mask, names, strict=True))
    fits = [_fits_alone(part, name) for part, name in zip(mask, names, strict=True)]
    nick, user, host = names
    assert read_item(text).fits(person(nick, user=user, host=host)) is all(fits)


def _fits_alone(pattern, name):
    """The meaning of a mask, by the re module."""
    wanted = "".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in pattern)
    return re.fullmatch(wanted, name, re.DOTALL | re.IGNORECASE | re.ASCII) is not None


@given(hostile, hostile)
def test_nobody_gets_into_a_host_by_a_nick_or_a_user_name(nick, user):
    assert not read_item("*!*@staff.example.org").fits(person(nick, user=user, host="evil.example"))
    assert not read_item("*!*@*.example.org").fits(person(nick, user=f"{user}@a.example.org", host="evil.example"))


@given(st.text(max_size=20), hostile)
def test_whatever_is_written_is_an_item_or_refused_and_fits_without_an_error(text, name):
    try:
        item = read_item(text)
    except ValueError:
        return
    assert item.fits(person(name, user=name, host=name, account=name)) in (True, False)
    assert read_item(str(item)) == item


def test_a_mask_of_many_stars_takes_no_time_to_speak_of():
    assert not read_item("*a" * 40 + "b!*@*").fits(person("a" * 400))
