"""The index of words: the words that each incident holds, as far as it has been indexed.

Texts are indexed after the conversation, so the index of an incident may be behind its record; a search reads such an
incident's texts. The index tells only where to look: the texts themselves decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Any

from sqlalchemy import Integer, and_, bindparam, case, delete, exists, insert, literal_column, select, update

from models.database import Session
from models.entryrows import CURRENT
from models.prepared import Prepared
from models.tables import entry, entry_version, field, incident, item
from models.wordtables import occurrence, word

LONGEST_WORD = 60
"""Most characters of a word to look up; a longer word is indexed in overlapping pieces of twice as many."""
ENTRIES_PER_BATCH = 100
"""Most entries to index in one transaction."""
VALUES_PER_STATEMENT = 500
"""Most values in one statement."""
INDEXED = (incident.name, field.name, item.name)
"""Tables, besides entries, whose texts are indexed."""
FOUND_IN = ("summary", "impact", "detection", "paged", "metrics", "others", "task", "task_title")
"""The fields whose texts are indexed."""
BEHIND = (
    select(incident.c.number, incident.c.entries, incident.c.indexed)
    .where(incident.c.entries > incident.c.indexed)
    .order_by(incident.c.number.desc())
)
FALL_BEHIND = Prepared(
    update(incident)
    .where(incident.c.number == bindparam("of_incident"), incident.c.indexed >= 0)
    .values(indexed=-1 - incident.c.indexed)
)
NEWEST_BEHIND = BEHIND.limit(literal_column("1"))
KNOWN_WORDS = select(word.c.text).where(word.c.text.in_(bindparam("words", expanding=True)))
HELD_WORDS = KNOWN_WORDS.join(occurrence, occurrence.c.word == word.c.id).where(
    occurrence.c.incident == bindparam("number")
)
ADD_OCCURRENCES = insert(occurrence).from_select(
    ["word", "incident"],
    select(word.c.id, bindparam("number", type_=Integer)).where(word.c.text.in_(bindparam("words", expanding=True))),
)


def words_of(text: str) -> set[str]:
    """Give the words of a text: the pieces between blanks, case-folded."""
    return set(chain.from_iterable(map(_pieces, text.casefold().split())))


def _pieces(chunk: str) -> Sequence[str]:
    if len(chunk) <= 2 * LONGEST_WORD:
        return (chunk,)
    return [chunk[begin : begin + 2 * LONGEST_WORD] for begin in range(0, len(chunk), LONGEST_WORD)]


def fall_behind(session: Session, number: int, *, entry_number: int | None = None) -> None:
    """Mark an incident to be indexed again, from an entry on; None: its fields and items."""
    if entry_number is None:
        FALL_BEHIND.run(session, {"of_incident": number})
        return
    last = entry_number - 1
    behind: Any = case((incident.c.indexed < 0, -1 - last), else_=last)
    where = case((incident.c.indexed < 0, -1 - incident.c.indexed), else_=incident.c.indexed) > last
    session.execute(update(incident).where(incident.c.number == number, where).values(indexed=behind))


def forget(session: Session, number: int) -> None:
    """Remove an incident and the words found nowhere else from the index, and mark it to be indexed again."""
    known = [row[0] for row in session.execute(select(occurrence.c.word).where(occurrence.c.incident == number))]
    _forget_words(session, number, known)


def forget_texts(session: Session, number: int, texts: Iterable[str]) -> None:
    """Remove the words of texts, as ``forget`` removes all; those that other texts hold as well are added again."""
    wanted = sorted(set(chain.from_iterable(map(words_of, texts))))
    ids = (session.execute(select(word.c.id).where(word.c.text.in_(some))) for some in _batches(wanted))
    _forget_words(session, number, [row[0] for rows in ids for row in rows])


def _forget_words(session: Session, number: int, known: Sequence[int]) -> None:
    elsewhere = exists().where(occurrence.c.word == word.c.id)
    for some in _batches(known):
        session.execute(delete(occurrence).where(occurrence.c.incident == number, occurrence.c.word.in_(some)))
        session.execute(delete(word).where(and_(word.c.id.in_(some), ~elsewhere)))
    session.execute(update(incident).where(incident.c.number == number).values(indexed=-1))


def is_behind(session: Session) -> bool:
    """True if some incident is still to be indexed."""
    return session.execute(NEWEST_BEHIND).first() is not None


def catch_up(session: Session) -> bool:
    """Index a batch of the newest incident that is behind; False if there was none."""
    row = session.execute(NEWEST_BEHIND).first()
    if row is None:
        return False
    number, given, indexed = row
    if indexed < 0:
        texts, reached = _texts_beside(session, number), -1 - indexed
    else:
        reached = min(given, indexed + ENTRIES_PER_BATCH)
        texts = _texts_of_entries(session, number, after=indexed, until=reached)
    _add(session, number, set(chain.from_iterable(map(words_of, texts))))
    session.execute(update(incident).where(incident.c.number == number).values(indexed=reached))
    return True


def _texts_beside(session: Session, number: int) -> Iterator[str]:
    for query in (
        select(incident.c.title).where(incident.c.number == number),
        select(field.c.value).where(field.c.incident == number, field.c.name.in_(FOUND_IN)),
        select(item.c.text, item.c.url).where(item.c.incident == number),
    ):
        yield from (text for row in session.execute(query) for text in row if text)


def _texts_of_entries(session: Session, number: int, *, after: int, until: int) -> Iterator[str]:
    of = (entry.c.incident == number, entry.c.number > after, entry.c.number <= until)
    for row in session.execute(select(entry_version.c.text).select_from(CURRENT).where(*of)):
        yield row[0]


def _add(session: Session, number: int, words: AbstractSet[str]) -> None:
    """Add words of an incident to the index."""
    for some in _batches(sorted(words)):
        held = {row[0] for row in session.execute(HELD_WORDS, {"words": some, "number": number})}
        new = [each for each in some if each not in held]
        known = {row[0] for row in session.execute(KNOWN_WORDS, {"words": new})} if new else set()
        unknown = [{"text": each} for each in new if each not in known]
        if unknown:
            session.execute(insert(word), unknown)
        if new:
            session.execute(ADD_OCCURRENCES, {"words": new, "number": number})


def _batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[begin : begin + VALUES_PER_STATEMENT] for begin in range(0, len(values), VALUES_PER_STATEMENT))
