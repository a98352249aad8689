"""Text that looks like a timeline's to whatever counts words: few are common, most are rare."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, islice
from random import Random

COMMON, RARE, NOWHERE = "database", "zymurgy", "xylophage"
"""A word in every seventh entry, one in three entries of all, and one in none."""
FIRST = """
the to of is on and in for database not at a from are it replica host errors with traffic by still up down lag now
switch rack all no back again restart after looks users was be depooled reboot latency pages one out cluster service
deploy seeing network power config load queue
"""
"""The most common words, most common first; the others are made of syllables."""
SYLLABLES = "ba co di fu ga hel jo ka lem mi nor pu que ras sto tam u vel wi yor ze"
VOCABULARY = 4000
SHORTEST, LONGEST = 5, 20
WORDS_PER_DRAW = 100_000


def make_vocabulary(random: Random) -> list[str]:
    """Different words, the most common ones first."""
    made, syllables = dict.fromkeys(FIRST.split()), SYLLABLES.split()
    while len(made) < VOCABULARY:
        made["".join(random.choices(syllables, k=random.randint(2, 4)))] = None
    return list(made)


def sentences(random: Random) -> Iterator[str]:
    """Sentences of words by Zipf's law: the n-th word is an n-th as common as the first. Endless."""
    words = _words(random, make_vocabulary(random))
    while True:
        yield " ".join(islice(words, random.randint(SHORTEST, LONGEST)))


def _words(random: Random, vocabulary: list[str]) -> Iterator[str]:
    weights = list(accumulate(1 / rank for rank in range(1, len(vocabulary) + 1)))
    while True:
        yield from random.choices(vocabulary, cum_weights=weights, k=WORDS_PER_DRAW)
