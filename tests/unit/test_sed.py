from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.errors import RefusedError
from irscribe.domain.sed import looks_like_substitution, substitute


@pytest.mark.parametrize(
    ("command", "fixed"),
    [
        ("s/cat/dog/", "a dog and a cat"),
        ("s/cat/dog", "a dog and a cat"),
        ("s/cat/dog/g", "a dog and a dog"),
        ("s|cat|dog/bird|", "a dog/bird and a cat"),
        ("s#a #the #g", "the cat and the cat"),
        ("s,cat,dog,", "a dog and a cat"),
        ("s/ and a cat//", "a cat"),
        ("s/ and a cat/", "a cat"),
        (r"s/cat/dog\/bird/", "a dog/bird and a cat"),
        ("s/cat/dog/ ", "a dog and a cat"),
        (r"s/cat/\n.*/", r"a \n.* and a cat"),
    ],
)
def test_a_correction_is_literal_with_any_delimiter(command, fixed):
    assert substitute(command, "a cat and a cat") == fixed


@pytest.mark.parametrize(
    "command",
    [
        *("s/", "s/cat", "s//dog/", "s/cat/dog/x", "s/cat/dog/ g", "s/cat/dog/gg", "s/cat/dog//", "s/a/b/c/d/"),
        *("cat", "s cat dog", "s", ""),
    ],
)
def test_a_malformed_correction_is_refused_with_the_usage(command):
    with pytest.raises(RefusedError, match="s/old/new/"):
        substitute(command, "a cat")


def test_an_escaped_delimiter_never_ends_a_part():
    with pytest.raises(RefusedError, match="s/old/new/"):
        substitute(r"s/cat\/dog", "a cat")


def test_what_is_not_there_is_refused_with_the_text():
    with pytest.raises(RefusedError, match="“dog” is not in “a cat”"):
        substitute("s/dog/cat/", "a cat")


def test_a_long_text_is_quoted_shortened():
    with pytest.raises(RefusedError) as refused:
        substitute(f"s/{'y' * 500}/z/", "x" * 500)
    assert len(str(refused.value).encode()) < 350


@pytest.mark.parametrize(
    "text",
    [
        "s/old/new/",
        "s/old/",
        "s|a|b",
        "s#a#b#g",
        "s,cat,dog,",
        "s//new/",
        "s/a/b/c/d",
        "s/",
        "s|",
        "s,",
        "s/he/she/",
        "s/one word",
        "s|a",
    ],
)
def test_a_correction_is_recognised(text):
    assert looks_like_substitution(text)


@pytest.mark.parametrize(
    "text", ["s, the server, died", "s/he restarted it", "s", "", "sed s/a/b/", "S/a/b/", "servers/a/b/", "s: a: b"]
)
def test_prose_is_not_taken_for_a_correction(text):
    assert not looks_like_substitution(text)


PART = st.text(st.characters(exclude_characters="\\", codec="utf-8"))


@given(PART.filter(bool), PART, PART, PART, st.sampled_from("/|#,"))
def test_any_text_can_be_replaced_by_any_other(old, new, before, behind, mark):
    escaped_old, escaped_new = (part.replace(mark, f"\\{mark}") for part in (old, new))
    text = before + old + behind
    assert substitute(f"s{mark}{escaped_old}{mark}{escaped_new}{mark}", text) == text.replace(old, new, 1)


@given(st.text("\\/ag "), st.text("\\/ag "), st.sampled_from(["", "/", "/g", "/ ", "/g ", "/x", "//"]))
def test_a_delimiter_behind_a_backslash_belongs_to_the_text_and_any_other_ends_a_part(old, new, ending):
    """Read one character after another here, as a person would."""
    try:
        fixed = substitute(f"s/{old}/{new}{ending}", f"<{old}>".replace("\\/", "/"))
    except RefusedError:
        fixed = None
    assert fixed == expected(f"{old}/{new}{ending}", f"<{old}>".replace("\\/", "/"))


def expected(rest, text):
    parts, escaped = [""], False
    for each in rest:
        if each == "/" and not escaped:
            parts.append("")
        else:
            parts[-1] = f"{parts[-1][:-1]}/" if each == "/" else parts[-1] + each
        escaped = each == "\\"
    old, new, ending = [*parts, "", ""][:3] if len(parts) in {2, 3} else ("", "", "")
    if not old or old not in text or ending.rstrip() not in {"", "g"}:
        return None
    return text.replace(old, new) if ending.startswith("g") else text.replace(old, new, 1)


def test_a_long_line_of_delimiters_is_read_in_no_time():
    begun = process_time()
    for command in ("s/" + "\\/" * 100_000, "s/" + "\\" * 200_000, "s" + "/" * 200_000):
        with suppress(RefusedError):
            substitute(command, "a cat")
    assert process_time() - begun < 1
