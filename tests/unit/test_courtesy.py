import pytest

from irscribe.domain.courtesy import begins_a_sentence, is_courtesy


@pytest.mark.parametrize(
    "said",
    [
        "thanks", "Thanks!", "thank you very much for all of that", "ok, thank you", "thx :)", "ty", "many thanks",
        "hello there", "hi", "Good morning everyone", "hey!", "o/", r"\o/", ":-)", "👍", "great work", "well done",
    ],
)  # fmt: skip
def test_thanks_greetings_and_praise_are_courtesies(said):
    assert is_courtesy(said)


@pytest.mark.parametrize(
    "said",
    [
        "what is up?", "hi, are you there?", "hello, please write down that the API is down", "stauts", "12", "?",
        "tyre fire", "high load", "the API is down, thanks", "please", "well, is that done by somebody",
    ],
)  # fmt: skip
def test_a_question_and_what_asks_for_something_are_none(said):
    assert not is_courtesy(said)


@pytest.mark.parametrize(
    "said", ["how do I close this", "What's up?", "Can you help", "please close it", "Will it work"]
)
def test_a_sentence_is_no_verb_with_a_mistake(said):
    assert begins_a_sentence(said)


@pytest.mark.parametrize("said", ["stauts", "closee now", "sumary: slow", "", "?", "whom", "island"])
def test_a_word_that_begins_no_sentence_may_be_a_verb(said):
    assert not begins_a_sentence(said)
