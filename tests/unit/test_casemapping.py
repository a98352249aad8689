"""Two names are one for the bot exactly where they are one for the network, and one module says which."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.listed import read_item
from irscribe.domain.naming import Naming
from irscribe.domain.request import Person

ROOT = Path(__file__).parents[2]
LETTERS = [*"aAkKzZ", *"[]{}\\|~^", *"!@#*?", "0", "_", "\u212a", "ſ", "İ", "ı", "ß", "é", "É", "Σ", "ς", "\0"]
LOWER = {
    CaseMapping.ASCII: "",
    CaseMapping.RFC1459: "[{]}\\|~^",
    CaseMapping.RFC1459_STRICT: "[{]}\\|",
}
"""The signs that a mapping folds beside ASCII's letters: upper and lower case in turn (modern.ircdocs.horse)."""
OURS = sorted(path for folder in ("irscribe", "models", "plugins") for path in (ROOT / folder).rglob("*.py"))
NO_NAMES_OF_IRC = {"irscribe/integrations/conduit.py", "irscribe/services/filing/followup_tasks.py"}
"""Modules that compare the usernames of Phabricator."""
CASES = re.compile(r"lower|upper|casefold|swapcase|maketrans|collate|ilike")
OF_IRC = re.compile(r"nick|account|channel|mask|host|user|sender|target|person|relay|who\b|theirs", re.IGNORECASE)

mappings = st.sampled_from(CaseMapping)
names = st.text(st.sampled_from(LETTERS) | st.characters(), min_size=1, max_size=8)

TYPED = re.compile(r"[^\s!@*?:,#&+%'\"][^\s!@*?:,]*")
"""Matches a name that may stand in the settings."""


def _letter_for_the_network(mapping, letter):
    extra = dict(zip(LOWER[mapping][::2], LOWER[mapping][1::2], strict=True))
    return chr(ord(letter) + 32) if "A" <= letter <= "Z" else extra.get(letter, letter)


def _are_one_for_the_network(mapping, one, other):
    """By its rule, letter for letter; it knows nothing of a fold."""
    pairs = list(zip(one, other, strict=False))
    alike = [_letter_for_the_network(mapping, a) == _letter_for_the_network(mapping, b) for a, b in pairs]
    return len(one) == len(other) and all(alike)


@st.composite
def _pairs(draw):
    """Two names that are the same, or nearly: each letter of the other may be another case of the first's."""
    one = draw(names)
    alike = ["".join(draw(st.sampled_from([a, a.lower()[:1], a.upper()[:1], *LETTERS[6:14]]))) for a in one]
    return one, draw(st.just("".join(alike)) | names)


@given(mappings, _pairs())
def test_two_names_are_one_for_us_exactly_where_the_network_takes_them_for_one(mapping, pair):
    one, other = pair
    expected = _are_one_for_the_network(mapping, one, other)
    assert mapping.same(one, other) is expected
    assert (mapping.fold(one) == mapping.fold(other)) is expected
    assert (mapping.value_of({one: 1}, other) == 1) is expected


@given(mappings, st.booleans(), _pairs(), names)
def test_no_two_people_the_network_keeps_apart_have_one_key_or_the_same_rights(mapping, has_accounts, pair, host):
    naming = Naming(casemapping=mapping, has_accounts=has_accounts)
    one, other = pair
    expected = _are_one_for_the_network(mapping, one, other)
    accounts = [Person(nick="n", user="u", host=host, account=each, naming=naming) for each in pair]
    assert (accounts[0].key == accounts[1].key) is expected
    nicks = [Person(nick=each, user="u", host=host, naming=naming) for each in pair]
    assert (nicks[0].key == nicks[1].key) is expected
    if TYPED.fullmatch(one) and one.isprintable():
        assert read_item(f"account:{one}").fits(accounts[1]) is expected
        assert (
            read_item(f"{one}!u@*.example").fits(Person(nick=other, user="u", host="a.example", naming=naming))
            is expected
        )


@given(mappings, names)
def test_a_fold_stays_as_it_is_and_as_long(mapping, name):
    folded = mapping.fold(name)
    assert mapping.fold(folded) == folded
    assert len(folded) == len(name)


@pytest.mark.parametrize(
    ("word", "mapping"),
    [
        ("ascii", CaseMapping.ASCII),
        ("RFC1459", CaseMapping.RFC1459),
        ("rfc1459", CaseMapping.RFC1459),
        ("rfc1459-strict", CaseMapping.RFC1459_STRICT),
        ("strict-rfc1459", CaseMapping.ASCII),
        ("rfc7613", CaseMapping.ASCII),
        ("", CaseMapping.ASCII),
        (None, CaseMapping.ASCII),
    ],
)
def test_an_unknown_mapping_counts_as_the_strictest(word, mapping):
    assert CaseMapping.announced(word) is mapping


def test_the_same_spelling_goes_before_any_other():
    assert CaseMapping.RFC1459.value_of({"#a[]": 1, "#a{}": 2}, "#a{}") == 2
    assert CaseMapping.RFC1459.value_of({"#a[]": 1, "#a{}": 2}, "#A[}") == 1
    assert CaseMapping.ASCII.value_of({"#a[]": 1}, "#a{}") is None


def test_no_other_module_folds_names():
    sources = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in OURS}
    suspects = {name: ast.parse(text) for name, text in sources.items() if CASES.search(text)}
    found = {name: places for name, tree in suspects.items() if (places := [*_folds(tree)])}
    assert found.keys() - NO_NAMES_OF_IRC == set(), found


def _folds(tree):
    """Each place that changes the case of what is called like a name of IRC, or takes Sopel's or a table's word."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=receiver, attr="lower" | "upper" | "casefold" | "swapcase")):
                if OF_IRC.search(ast.unparse(receiver)):
                    yield ast.unparse(node)
            case ast.Attribute(attr="maketrans" | "ilike" | "collate") if OF_IRC.search(ast.unparse(node)):
                yield ast.unparse(node)
            case ast.Name(id=name) | ast.Attribute(attr=name) if re.fullmatch(r"\w+_lower", name):
                yield name


def test_a_module_that_folds_names_would_be_found():
    for line in ("nick.lower()", "str(trigger.sender).casefold()", "identifiers.rfc1459_lower(x)"):
        assert [*_folds(ast.parse(line))]
