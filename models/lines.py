"""Retained lines, as they were typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, insert, not_, or_, select, update
from sqlalchemy.exc import IntegrityError

from irscribe.domain.record import RetainedLine
from irscribe.domain.request import LineKind, Request
from models.database import Session
from models.keyedrows import change_row
from models.prepared import Prepared
from models.retention import IN_RECORD
from models.tables import entry_version, incident, line
from models.visibility import Reader, visible_to

NOTES = (LineKind.LOG.value, LineKind.NOTE.value)
CLOCKS_DIFFER = timedelta(minutes=10)
"""The most by which the server's clock may differ from ours."""
READ_BACK_WITHIN = timedelta(days=2)
"""The longest time after which a line is read back, as far as a search for it looks."""
SAME_TIME = timedelta(seconds=1)
"""The precision of the times that a server or bouncer gives to the lines it kept."""
ADD = Prepared(insert(line))
WAITING = Prepared(
    select(func.count())
    .select_from(line)
    .where(
        line.c.network == bindparam("of_network"),
        line.c.channel == bindparam("of_channel"),
        line.c.disposition == "waiting",
        line.c.heard_at >= bindparam("since"),
    )
)


class HeardBeforeError(Exception):
    """The line is in the record already: the network delivered it twice."""


def add(session: Session, request: Request, *, person: int, disposition: str) -> int:
    """Record a line; give its number.

    Raises HeardBeforeError for a line with the network and msgid of another; the caller rolls its savepoint back then.
    """
    who = request.person
    values = {
        "network": request.network,
        "msgid": request.msgid,
        "channel": request.folded_channel,
        "person": person,
        "nick": who.nick,
        "user": who.user,
        "host": who.host,
        "account": who.account,
        "said_at": request.said_at,
        "heard_at": request.heard_at,
        "kind": request.kind.value,
        "text": request.line,
        "body": request.text,
        "disposition": disposition,
    }
    try:
        return ADD.insert(session, values)
    except IntegrityError as error:
        raise HeardBeforeError(request.msgid) from error


def last_note(
    session: Session, *, person: int, channel: str | None, place: str | None, before: int
) -> RetainedLine | None:
    """Give a person's last note before this line, in a channel or for ``place``, even a refused one; None if none.

    Left out are notes that only asked for help, and refused continuations (``+``).
    """
    made = select(entry_version.c.line).where(entry_version.c.line == line.c.id)
    goes_on = or_(line.c.body.like("+ %"), line.c.body.like("+| %"), line.c.body.in_(("+", "+|")))
    row = (
        session.execute(
            select(line)
            .where(
                line.c.id < before,
                line.c.person == person,
                or_(line.c.channel == channel, line.c.channel == place),
                line.c.kind.in_(NOTES),
                or_(line.c.disposition != "taken", made.exists()),
                or_(line.c.disposition != "refused", not_(goes_on)),
            )
            .order_by(line.c.id.desc())
            .limit(1)
        )
        .mappings()
        .first()
    )
    return None if row is None else _retained(row)


def waiting(session: Session, network: str, channel: str, *, since: datetime) -> Sequence[RetainedLine]:
    """Give the lines that wait for ``adopt``, in the order they were heard."""
    rows = session.execute(
        select(line)
        .where(
            line.c.network == network,
            line.c.channel == channel,
            line.c.disposition == "waiting",
            line.c.heard_at >= since,
        )
        .order_by(line.c.id)
    ).mappings()
    return [_retained(row) for row in rows]


def count_waiting(session: Session, network: str, channel: str, *, since: datetime) -> int:
    """Count the lines that wait for ``adopt``."""
    ((found,),) = WAITING.all(session, {"of_network": network, "of_channel": channel, "since": since})
    return int(found)


def noted_between(
    session: Session,
    place: tuple[str, str],
    *,
    during: tuple[datetime, datetime],
    reader: Reader,
    of_channel: bool,
    limit: int,
) -> Sequence[RetainedLine]:
    """Give the last notes that were said in a channel (network, folded name) in this time, in order.

    Left out are refused and discarded ones, those whose text is gone, and those of incidents that the reader may not
    see; unless ``of_channel``, also those that went into no incident.
    """
    since, until = during
    made = select(entry_version.c.line).join(incident, incident.c.number == entry_version.c.incident)
    made = made.where(entry_version.c.line == line.c.id)
    query = select(line).where(
        line.c.network == place[0],
        line.c.channel == place[1],
        # The index knows when a line was heard; one that was read back was heard later than it was said.
        line.c.heard_at.between(since - CLOCKS_DIFFER, until + READ_BACK_WITHIN),
        line.c.said_at >= since,
        line.c.said_at < until,
        line.c.kind.in_(NOTES),
        line.c.disposition.in_(("taken", "waiting")),
        line.c.body != "",
        not_(made.where(not_(visible_to(reader))).exists()),
    )
    if not of_channel:
        query = query.where(made.exists())
    rows = session.execute(query.order_by(line.c.said_at.desc(), line.c.id.desc()).limit(limit)).mappings().all()
    return [_retained(row) for row in reversed(rows)]


def unrecorded(session: Session, network: str, channel: str, *, since: datetime) -> Sequence[RetainedLine]:
    """Give the lines of a channel, and of private messages, that changed nothing in the record.

    Of the lines that were carried out, such as ``!ir who``, only those heard since ``since`` are given.
    """
    asked = and_(line.c.heard_at >= since, not_(IN_RECORD))
    rows = session.execute(
        select(line).where(
            line.c.network == network,
            or_(line.c.channel == channel, line.c.channel.is_(None)),
            or_(line.c.disposition != "taken", asked),
        )
    ).mappings()
    return [_retained(row) for row in rows]


def find(session: Session, request: Request) -> int | None:
    """Give the number of a line, by the very time at which the bot heard it; None if it is not in the record."""
    same = [line.c.network == request.network, line.c.nick == request.person.nick, line.c.heard_at == request.heard_at]
    if request.channel is not None:
        same.append(line.c.channel == request.folded_channel)  # which the index needs to find the time
    rows = session.execute(select(line.c.id, line.c.msgid).where(*same).order_by(line.c.id))
    return next((row[0] for row in rows if row[1] == request.msgid), None)


def any_kept(session: Session, requests: Sequence[Request]) -> bool:
    """True if one of these lines is in the record, with the very time at which the bot heard it."""
    same = (line.c.network, line.c.msgid, line.c.nick, line.c.heard_at)
    found = session.execute(select(*same).where(line.c.heard_at.in_([each.heard_at for each in requests])))
    heard = {(each.network, each.msgid, each.person.nick, each.heard_at) for each in requests}
    return not heard.isdisjoint(tuple(row) for row in found)


def heard_before(session: Session, request: Request) -> bool:
    """True if a line that is read back is in the record: the same text by the same nick at the same time.

    If both have a msgid, the msgids must be equal too; a bouncer may not have kept it.
    """
    same = select(line.c.id).where(
        line.c.network == request.network,
        line.c.channel == request.folded_channel,
        line.c.heard_at >= request.said_at - CLOCKS_DIFFER,
        line.c.said_at.between(request.said_at - SAME_TIME, request.said_at + SAME_TIME),
        line.c.nick == request.person.nick,
        # A text that was removed since may have been the same one, and must not come back.
        line.c.text.in_((request.line, "")),
    )
    if request.msgid is not None:
        same = same.where(or_(line.c.msgid.is_(None), line.c.msgid == request.msgid))
    return session.execute(same.limit(1)).first() is not None


def read_back(
    session: Session, network: str, channel: str, *, since: datetime, said_before: datetime
) -> Sequence[RetainedLine]:
    """Give the lines of a channel (folded name) heard since ``since`` and said before ``said_before``, as heard."""
    rows = session.execute(
        select(line)
        .where(
            line.c.network == network,
            line.c.channel == channel,
            line.c.heard_at >= since,
            line.c.said_at < said_before,
        )
        .order_by(line.c.id)
    ).mappings()
    return [_retained(row) for row in rows]


def set_disposition(session: Session, numbers: Iterable[int], disposition: str) -> None:
    """Set the disposition of lines."""
    session.execute(update(line).where(line.c.id.in_(list(numbers))).values(disposition=disposition))


def keep_verb(session: Session, number: int, verb: str) -> None:
    """Remove the text of a line but for the verb."""
    change_row(session, line, {"id": number}, {"text": "", "body": verb})


def complete(session: Session, number: int, rest: str) -> None:
    """Put the rest of a split command behind its beginning."""
    whole = {"text": line.c.text + " " + rest, "body": line.c.body + " " + rest}
    session.execute(update(line).where(line.c.id == number).values(whole))


def blank(session: Session, numbers: Iterable[int]) -> None:
    """Remove the texts of lines for good."""
    session.execute(update(line).where(line.c.id.in_(list(numbers))).values(text="", body=""))


def get(session: Session, number: int) -> RetainedLine:
    """Give a retained line."""
    return _retained(session.execute(select(line).where(line.c.id == number)).mappings().one())


def _retained(row: object) -> RetainedLine:
    return RetainedLine(**{name: row[name] for name in RetainedLine.__dataclass_fields__})  # type: ignore[index]
