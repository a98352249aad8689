import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.integrations.tasks import (
    LONGEST_TITLE,
    UNTITLED,
    TaskChange,
    TaskDraft,
    alteration,
    creation,
    fit_text,
    fit_title,
)


@given(st.text(max_size=600))
def test_a_title_is_one_line_that_the_server_takes_as_it_is(text):
    title = fit_title(text)
    assert 0 < len(title) <= LONGEST_TITLE
    assert title == title.strip()
    assert all(unicodedata.category(character) not in {"Cc", "Cs"} for character in title)
    assert fit_title(title) == title


@pytest.mark.parametrize("nothing", ["", "  \n", "\x02\x0f", "\u200b"])
def test_what_nobody_would_see_is_untitled(nothing):
    assert fit_title(nothing) == UNTITLED


@pytest.mark.parametrize("letter", ["x", "é", "🔥"])
def test_a_title_is_measured_in_characters(letter):
    assert fit_title(letter * 255) == letter * 255
    assert fit_title(letter * 256) == letter * 254 + "…"


@given(st.text())
def test_a_text_keeps_all_but_what_is_no_character(text):
    fitted = fit_text(text)
    assert fit_text(fitted) == fitted
    assert "\r" not in fitted
    fitted.encode()


def test_a_draft_says_nothing_of_what_it_does_not_want():
    assert creation(TaskDraft(title="a", description="b")) == [
        {"type": "title", "value": "a"},
        {"type": "description", "value": "b"},
    ]


def test_a_draft_never_names_subscribers():
    draft = TaskDraft(
        title="a", description="b", projects=("P",), owner="U", parent="T", subtype="s", view="v", edit="e"
    )
    kinds = [transaction["type"] for transaction in creation(draft)]
    assert kinds == ["title", "description", "projects.add", "owner", "parent", "subtype", "view", "edit"]


def test_a_change_of_nothing_is_nothing():
    assert alteration(TaskChange(), owned=False) == []
