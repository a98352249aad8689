"""Tells thanks and greetings, and other talk in sentences, from commands with a mistake in them."""

from __future__ import annotations

import re

THANKS = re.compile("thanks?|thankyou|thn?x|tnx|ty(?:vm|sm)?|cheers|kudos|ta|merci|danke|gracias|grazie|obrigad[oa]")
GREETINGS = re.compile(
    "hi|hiya|h[aeu]llo|heya?|howdy|yo|o|hola|salut|ciao|moin|welcome|greetings|morning|afternoon|evening|night|g[mn]|"
    "(?:good)?bye|cya|nice|great|awesome|perfect|cool|lovely|brilliant|congrat(?:ulation)?s|bravo"
)
"""Greetings, farewells and praise: nobody expects an answer to them."""
PHRASE = re.compile("(?:well|nicely) (?:done|played)|good (?:morning|afternoon|evening|night|day|bye|bot|job|work)")
"""A phrase that is a courtesy although its first word may be a verb."""
SENTENCE_OPENERS = re.compile(
    "an?|and|any|anybody|anyone|are|but|can|could|did|do|does|for|from|had|ha[sv]e?|how|i|if|in|is|its?|just|let|may|my?|"
    "me|not?|of|on|or|our|please|pls|shall|s?he|should|so|some|somebody|tell|that|the|their|there|they|this|to|was|we|"
    "were|whats?|when|where|which|who|whose|why|will|with|would|your?"
)
LONGEST_GREETING = 4
"""Most words of a greeting: what begins with one and goes on asks for something."""
THANKED_WITHIN = 3
"""Words among which thanks may stand: `ok, thank you`."""

_WORD = re.compile(r"[^\W\d_]+")


def is_courtesy(text: str) -> bool:
    """True for thanks, greetings, praise, and signs without a word, such as ``:-)``; a question is none of these."""
    words = _words(text)
    if not words:
        return not any(each.isalnum() or each == "?" for each in text)
    begins = GREETINGS.fullmatch(words[0]) or PHRASE.match(" ".join(words))
    greets = begins is not None and len(words) <= LONGEST_GREETING
    return "?" not in text and (greets or any(THANKS.fullmatch(each) for each in words[:THANKED_WITHIN]))


def is_phrase(text: str) -> bool:
    """True for a courtesy whose first word may be a verb, with nothing behind it: ``well done``."""
    return PHRASE.fullmatch(" ".join(_words(text))) is not None


def begins_a_sentence(text: str) -> bool:
    """True if the first word begins an English sentence, so that it is no verb with a mistake in it."""
    words = _words(text)
    return bool(words) and SENTENCE_OPENERS.fullmatch(words[0]) is not None


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]
