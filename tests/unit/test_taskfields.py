from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.taskfields import Sent, TaskField, arrived, overwritten, plan

TITLE, STATUS = TaskField.TITLE, TaskField.STATUS
VALUES = st.sampled_from(["a", "b", "c"])
STEPS = st.lists(st.tuples(st.sampled_from(["record", "person", "update"]), VALUES), max_size=12)


def sent(field, value, **more):
    return {field: Sent(name=field, value=field.kept(value), **more)}


@given(STEPS)
def test_whatever_comes_between_what_a_person_wrote_is_never_replaced(steps):
    wanted = there = "a"
    known, by_hand = sent(TITLE, "a"), False
    for step, value in steps:
        if step == "record":
            wanted = value
        elif step == "person":
            there, by_hand = value, known[TITLE].value != TITLE.kept(value)
        else:
            made = plan({TITLE: wanted}, {TITLE: there}, sent=known, untouched=frozenset())
            if by_hand:
                assert not made.changed
            there = made.changed.get(TITLE, there)
            if made.changed or made.agreed:
                known, by_hand = sent(TITLE, there), False
            elif made.lost:
                known = {TITLE: replace(known[TITLE], theirs=True)}


@given(STEPS)
def test_that_a_field_was_lost_is_news_once_until_it_is_the_bots_again(steps):
    known, there, news = sent(STATUS, "a"), "a", 0
    for step, value in steps:
        if step == "person":
            there = value
        made = plan({STATUS: "a"}, {STATUS: there}, sent=known, untouched=frozenset())
        news = news + 1 if made.lost else news
        if made.lost:
            known = {STATUS: replace(known[STATUS], theirs=True)}
        if made.agreed:
            known, news = sent(STATUS, there), 0
        assert news <= 1


def test_a_field_never_sent_is_the_bots_only_if_nobody_else_set_it():
    values, there = {TITLE: "b"}, {TITLE: "a"}
    assert plan(values, there, sent={}, untouched=frozenset({TITLE})).changed == values
    made = plan(values, there, sent={}, untouched=frozenset())
    assert (made.changed, made.lost) == ({}, frozenset())


def test_what_is_still_to_be_given_back_is_left_alone_even_if_it_has_its_value():
    owed = {TITLE: Sent(name=TITLE, before="x", theirs=True)}
    made = plan({TITLE: "a"}, {TITLE: "a"}, sent=owed, untouched=frozenset({TITLE}))
    assert (made.changed, made.agreed) == ({}, {})


def test_an_edit_replaced_somebodys_value_if_it_did_not_replace_the_one_last_seen():
    under_way = {TITLE: Sent(name=TITLE, sending=TITLE.kept("new"), before=TITLE.kept("seen"))}
    assert overwritten({TITLE: ("seen", "new")}, under_way) == frozenset()
    assert overwritten({TITLE: ("theirs", "new")}, under_way) == {TITLE}
    assert overwritten({TITLE: ("theirs", "something else")}, under_way) == frozenset()


def test_a_request_arrived_if_the_bots_latest_edit_is_what_it_sets():
    under_way = {TITLE: Sent(name=TITLE, sending=TITLE.kept("new"), before=TITLE.kept("old"))}
    assert arrived({TITLE: ("old", "new")}, under_way)
    assert not arrived({TITLE: ("older", "old")}, under_way)
    assert not arrived({}, under_way)


def test_no_text_is_kept_of_a_title_or_a_description():
    assert all("secret" not in field.kept("secret") for field in (TITLE, TaskField.DESCRIPTION))
    assert STATUS.kept("open") == "open"
