"""The index of words: which of them stand in which incident, as far as that has been read.

What people type is read behind the conversation, so an incident may be behind its record; such a one is looked through
as it is. What the index says is only where to look: the texts themselves decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Any

from sqlalchemy import Integer, and_, bindparam, case, delete, exists, insert, literal_column, select, update

from models.database import Session
from models.entryrows import CURRENT
from models.prepared import Prepared
from models.tables import entry, entry_version, field, incident, item
from models.wordtables import occurrence, word

LONGEST = 60
"""Characters of a word that are looked up; a longer one is kept in overlapping pieces of twice as many."""
AT_ONCE = 500
"""Entries read, and values in a statement."""
INDEXED = (incident.name, field.name, item.name)
"""Tables whose texts, besides the entries, people look for."""
FOUND_IN = ("summary", "impact", "detection", "paged", "metrics", "others", "task", "task_title")
"""The fields people look for words in."""
BEHIND = (
    select(incident.c.number, incident.c.entries, incident.c.indexed)
    .where(incident.c.entries > incident.c.indexed)
    .order_by(incident.c.number.desc())
)
MOST_BEHIND = Prepared(BEHIND.limit(literal_column("1")))
HELD = (
    select(word.c.text)
    .join(occurrence, occurrence.c.word == word.c.id)
    .where(occurrence.c.incident == bindparam("number"))
)
KNOWN = select(word.c.text).where(word.c.text.in_(bindparam("words", expanding=True)))
HOLD = insert(occurrence).from_select(
    ["word", "incident"],
    select(word.c.id, bindparam("number", type_=Integer)).where(word.c.text.in_(bindparam("words", expanding=True))),
)


def words_of(text: str) -> set[str]:
    """What stands between the blanks of a text, without regard to case."""
    return set(chain.from_iterable(map(_pieces, text.casefold().split())))


def _pieces(chunk: str) -> Sequence[str]:
    if len(chunk) <= 2 * LONGEST:
        return (chunk,)
    return [chunk[begin : begin + 2 * LONGEST] for begin in range(0, len(chunk), LONGEST)]


def fall_behind(session: Session, number: int, *, entry_number: int | None = None) -> None:
    """Let an incident be read again: from an entry on, or the texts beside the entries."""
    if entry_number is None:
        behind, where = -1 - incident.c.indexed, incident.c.indexed >= 0
    else:
        last = entry_number - 1
        behind = case((incident.c.indexed < 0, -1 - last), else_=last)
        where = case((incident.c.indexed < 0, -1 - incident.c.indexed), else_=incident.c.indexed) > last
    session.execute(update(incident).where(incident.c.number == number, where).values(indexed=behind))


def forget(session: Session, number: int) -> None:
    """Remove for good what the index knows of an incident, and words that stand nowhere else; it is read anew."""
    known = [row[0] for row in session.execute(select(occurrence.c.word).where(occurrence.c.incident == number))]
    session.execute(delete(occurrence).where(occurrence.c.incident == number))
    elsewhere = exists().where(occurrence.c.word == word.c.id)
    for some in _portions(known):
        session.execute(delete(word).where(and_(word.c.id.in_(some), ~elsewhere)))
    session.execute(update(incident).where(incident.c.number == number).values(indexed=-1))


def is_behind(session: Session) -> bool:
    """Whether anything is yet to be read."""
    return MOST_BEHIND.first(session, {}) is not None


def catch_up(session: Session) -> bool:
    """Read some more of the newest incident that is behind; whether there was one."""
    row = MOST_BEHIND.first(session, {})
    if row is None:
        return False
    number, given, indexed = row
    if indexed < 0:
        texts, reached = _texts_beside(session, number), -1 - indexed
    else:
        reached = min(given, indexed + AT_ONCE)
        texts = _texts_of_entries(session, number, after=indexed, until=reached)
    _learn(session, number, set(chain.from_iterable(map(words_of, texts))))
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


def _learn(session: Session, number: int, words: AbstractSet[str]) -> None:
    """Write down that an incident holds words."""
    held = {row[0] for row in session.execute(HELD, {"number": number})}
    new = sorted(words - held)
    for some in _portions(new):
        known = {row[0] for row in session.execute(KNOWN, {"words": some})}
        unknown = [{"text": each} for each in some if each not in known]
        if unknown:
            session.execute(insert(word), unknown)
        session.execute(HOLD, {"words": some, "number": number})


def _portions(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[begin : begin + AT_ONCE] for begin in range(0, len(values), AT_ONCE))
