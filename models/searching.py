"""Search by the index of words, which tells where to look; the texts themselves decide."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from heapq import merge
from itertools import groupby
from typing import Any

from sqlalchemy import Integer, and_, bindparam, func, literal, literal_column, or_, select, union_all
from sqlalchemy.sql import CompoundSelect

from irscribe.domain.record import Incident
from models import incidents
from models.database import Session
from models.entryrows import CURRENT
from models.tables import entry, entry_version, field, incident, item
from models.visibility import PUBLIC, Reader, may_see
from models.words import BEHIND, FOUND_IN, LONGEST_WORD
from models.wordtables import occurrence, word

Hit = tuple[Incident, int | None, str]
"""Incident, entry number, text."""
MOST_WORDS = 12
"""Most different words that are looked for at once."""
MOST_MATCHES = 64
"""Most indexed words that a search term may match; one that matches more does not narrow the search."""
CACHED_QUERIES = 16
"""Most compiled queries to cache: one for each combination of numbers of spellings."""
NEWEST = select(func.max(incident.c.number))
WORDS_MATCHING = (
    select(word.c.id)
    .where(word.c.text.like(bindparam("pattern"), escape="\\"))
    .limit(literal_column(str(MOST_MATCHES + 1)))
)
LAST_WITH = select(func.max(occurrence.c.incident)).where(
    occurrence.c.word == word.c.id, occurrence.c.incident < bindparam("before")
)


def different(words: Sequence[str]) -> Sequence[str]:
    """Leave out words that stand there twice, in any case."""
    return list({word.casefold(): word for word in reversed(words)}.values())[::-1]


def find(session: Session, words: Sequence[str], *, limit: int, reader: Reader = PUBLIC) -> Sequence[Hit]:
    """Give the texts that hold all the words, of incidents that a reader may see."""
    return list(search(session, words, limit=limit, reader=reader))


def search(session: Session, words: Sequence[str], *, limit: int, reader: Reader) -> Iterator[Hit]:
    """Give the same texts one by one, those of the newest incidents first; each word is looked up once.

    At most ``MOST_WORDS`` different words are looked for.
    """
    words, found = different(words)[:MOST_WORDS], 0
    spellings = [_spellings(word) for word in words]
    likes = {f"like_{word}_{each}": like for word, some in enumerate(spellings) for each, like in enumerate(some)}
    holding = _holding(tuple(map(len, spellings)))
    for number in candidates(session, words):
        head = incidents.get(session, number)
        if head is not None and may_see(session, reader, head):
            for row in session.execute(holding, {**likes, "of_incident": number, "most": limit - found}):
                found += 1
                yield head, row[0] or None, row[1]
        if found == limit:
            return


def candidates(session: Session, words: Collection[str]) -> Iterator[int]:
    """Give the incidents that may hold all these words, newest first; few of them do not."""
    behind = [number for number, _, _ in session.execute(BEHIND)]
    groups = [_matching(session, each) for each in words]
    narrowing = [group for group in groups if len(group) <= MOST_MATCHES]
    found = _agreeing(session, narrowing) if all(groups) else iter(())
    yield from (number for number, _ in groupby(merge(behind, found, reverse=True)))


def _matching(session: Session, looked_for: str) -> Sequence[int]:
    """Give the indexed words that contain this one, at most one more than ``MOST_MATCHES``."""
    part = looked_for.casefold()[:LONGEST_WORD]
    return [row[0] for row in session.execute(WORDS_MATCHING, {"pattern": f"%{_literal(part)}%"})]


def _literal(word: str) -> str:
    """Escape a word for a LIKE pattern."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _agreeing(session: Session, groups: Sequence[Sequence[int]]) -> Iterator[int]:
    """Give the incidents with a word of each group, newest first; without groups all incidents."""
    before = 1 + (session.execute(NEWEST).scalar() or 0)
    while True:
        reached = [_last_before(session, before, group) for group in groups or [()]]
        last = min(each or 0 for each in reached)
        if last == 0:
            return
        before = last
        if max(each or 0 for each in reached) == last:
            yield last
        else:
            before += 1


def _last_before(session: Session, before: int, group: Sequence[int]) -> int | None:
    if not group:
        query = select(func.max(incident.c.number)).where(incident.c.number < bindparam("before"))
    else:
        newest = select(LAST_WITH.scalar_subquery().label("number")).where(word.c.id.in_(group)).subquery()
        query = select(func.max(newest.c.number))
    found: int | None = session.execute(query, {"before": before}).scalar()
    return found


@lru_cache(CACHED_QUERIES)
def _holding(patterns: tuple[int, ...]) -> CompoundSelect:
    """Query an incident's texts that hold all words: entry number (0: none), text. ``patterns``: spellings a word."""
    none: Any = literal(0).label("entry")
    number: Any = bindparam("of_incident")
    standing = (entry_version.c.struck.is_(None), entry.c.incident == number)
    kept = (item.c.dropped.is_(False), item.c.incident == number)
    named = (field.c.name.in_(map(literal, FOUND_IN)), field.c.incident == number)
    texts = (
        (incident.c.title, select(none, incident.c.title.label("text")).where(incident.c.number == number)),
        (field.c.value, select(none, field.c.value).where(*named)),
        (item.c.text, select(none, item.c.text).where(*kept)),
        (item.c.url, select(none, item.c.url).where(*kept)),
        (entry_version.c.text, select(entry.c.number, entry_version.c.text).select_from(CURRENT).where(*standing)),
    )
    return (
        union_all(*(query.where(_holds(text, patterns)) for text, query in texts))
        .order_by("entry")
        .limit(bindparam("most", type_=Integer))
    )


def _holds(text: Any, patterns: tuple[int, ...]) -> Any:
    """Make a condition: the text holds every word in one of its spellings."""
    likes: Any = (
        [bindparam(f"like_{word}_{spelling}") for spelling in range(many)] for word, many in enumerate(patterns)
    )
    return and_(*(or_(*(text.ilike(like, escape="\\") for like in some)) for some in likes))


def _spellings(word: str) -> Sequence[str]:
    """Give the usual spellings of a word as patterns, as SQLite ignores case for ASCII letters only."""
    spelled = (word,) if word.isascii() else (word, word.lower(), word.upper(), word.capitalize())
    return [f"%{_literal(each)}%" for each in dict.fromkeys(spelled)]
