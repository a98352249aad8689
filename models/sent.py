"""The value that each field of a task was last set to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from irscribe.domain.taskfields import Sent
from irscribe.domain.tasks import number_of
from models import changes
from models.database import Session
from models.keyedrows import add, change_row
from models.prepared import Prepared
from models.senttables import sent
from models.tables import field

TASK, UNKNOWN_OWNER, DOUBLES, POLICY = "task", "unknown", "doubles", "policy"
"""The names under which the task itself is kept, the name of an owner whom the server does not know, the addresses of
further tasks that the channel was told of, and the policy to which the task was restricted."""
COLUMNS = tuple(sent.c[name] for name in Sent.__dataclass_fields__)
OF_INCIDENT: Any = bindparam("of_incident")
OBJECT = (sent.c.incident == OF_INCIDENT, sent.c.subject == bindparam("of_subject"))
OF_OBJECT = Prepared(select(*COLUMNS).where(*OBJECT))
VALUES = Prepared(
    select(sent.c.subject, sent.c.value).where(
        sent.c.incident == OF_INCIDENT, sent.c.name == bindparam("of_name"), sent.c.value.is_not(None)
    )
)
NOTHING_SENDING = Prepared(update(sent).where(*OBJECT).values(sending=None))
NOTHING_BEFORE = Prepared(update(sent).where(*OBJECT, sent.c.theirs.is_(False)).values(before=None))


def of(session: Session, number: int, subject: int) -> Mapping[str, Sent]:
    """Give what was sent of an incident's task (``subject`` 0) or of a follow-up's, by name."""
    rows = OF_OBJECT.named(session, {"of_incident": number, "of_subject": subject})
    return {row["name"]: Sent(**row) for row in rows}


def of_all(session: Session, number: int) -> Mapping[int, Mapping[str, Sent]]:
    """Give what was sent of an incident's task and of those of its follow-ups, by subject and name."""
    found: dict[int, dict[str, Sent]] = {}
    rows = session.execute(select(sent.c.subject, *COLUMNS).where(sent.c.incident == number)).mappings()
    for row in rows:
        values = {name: row[name] for name in Sent.__dataclass_fields__}
        found.setdefault(row["subject"], {})[row["name"]] = Sent(**values)
    return found


def tasks(session: Session, number: int) -> Mapping[int, str]:
    """Give the tasks of an incident to which anything was sent, by subject."""
    return _values(session, number, TASK)


def policies(session: Session, number: int) -> Mapping[int, str]:
    """Give the policies to which tasks of an incident were restricted, by subject; empty for one that is not."""
    return _values(session, number, POLICY)


def ever_filed(session: Session, number: int) -> Sequence[str]:
    """Give the tasks with the report of an incident in order, also those that are not its task any more."""
    key = {"incident": number, "name": "filed"}
    logged = changes.touching(session, number, field, key)
    found = {each.new["value"] for each in logged if each.new and each.new["value"]}
    return sorted(found | changes.values_of(session, field, key, ("value",)), key=number_of)


def unknown_owners(session: Session, number: int) -> Mapping[int, str]:
    """Give the names of owners whom the server did not know when it was told, by follow-up."""
    return {subject: name for subject, name in _values(session, number, UNKNOWN_OWNER).items() if name}


def doubles(session: Session, number: int) -> Sequence[str]:
    """Give the addresses of further tasks that the channel was told of."""
    told = of(session, number, 0).get(DOUBLES)
    return (told.value or "").split() if told else []


def forget_names(session: Session, number: int) -> None:
    """Remove the names of owners whom the server does not know; the next update notes those that are left."""
    session.execute(delete(sent).where(sent.c.incident == number, sent.c.name == UNKNOWN_OWNER))


def incidents_with(session: Session, name: str) -> Sequence[int]:
    """Give the incidents of which anything was sent under a name, by number."""
    rows = session.execute(select(sent.c.incident).where(sent.c.name == name).distinct().order_by(sent.c.incident))
    return [row[0] for row in rows]


def begin(session: Session, number: int, subject: int, values: Iterable[Sent], *, task: str | None) -> None:
    """Note what the request under way sets of ``task``, None for one without a number yet.

    Only ``sending`` and ``before`` of the values count. Values sent to another task are forgotten.
    """
    known = of(session, number, subject).get(TASK)
    if known is None or known.value != task:
        session.execute(delete(sent).where(*_object(number, subject)))
        name_task(session, number, subject, task)
    NOTHING_SENDING.run(session, {"of_incident": number, "of_subject": subject})
    NOTHING_BEFORE.run(session, {"of_incident": number, "of_subject": subject})
    for each in values:
        _put(session, number, subject, each.name, sending=each.sending, before=each.before)


def name_task(session: Session, number: int, subject: int, task: str | None) -> None:
    """Note which task it is."""
    _put(session, number, subject, TASK, value=task)


def confirm(session: Session, number: int, subject: int, *, only: Collection[str] | None = None) -> None:
    """Note that the request under way was carried out, or only a part of it."""
    row = [*_object(number, subject), sent.c.sending.is_not(None)]
    part = row if only is None else [*row, sent.c.name.in_(only)]
    session.execute(update(sent).where(*part).values(value=sent.c.sending, sending=None, before=None, theirs=False))


def give_up(session: Session, number: int, subject: int, names: Iterable[str]) -> None:
    """Note that it was said that a person changed these fields."""
    for name in names:
        _put(session, number, subject, name, theirs=True, before=None)


def owe(session: Session, number: int, subject: int, names: Iterable[str]) -> None:
    """Note that the request under way replaced what a person wrote in these fields."""
    for name in names:
        known = of(session, number, subject).get(name)
        before = known.before if known and known.before is not None else ""
        _put(session, number, subject, name, value=None, sending=None, before=before, theirs=True)


def overtake(session: Session, number: int, subject: int, values: Iterable[Sent]) -> None:
    """Note texts that were set while the request under way is in doubt, which would replace them if it came later."""
    known = of(session, number, subject)
    for each in values:
        late = known[each.name].sending if each.name in known else None
        before = each.sending if late not in (None, each.sending) else None
        _put(session, number, subject, each.name, value=each.sending, before=before)


def restrict(session: Session, number: int, subject: int, policy: str) -> None:
    """Note that the task was restricted to a policy, which the request under way does not lift."""
    row = (*_object(number, subject), sent.c.name == POLICY)
    _put(session, number, subject, POLICY, value=policy)
    session.execute(update(sent).where(*row, sent.c.sending.is_not(None)).values(sending=policy))


def settle(session: Session, number: int, subject: int, names: Iterable[str]) -> None:
    """Note that what a person wrote in these fields was given back, or is not the bot's any more."""
    for name in names:
        _put(session, number, subject, name, before=None)


def put(session: Session, number: int, subject: int, name: str, value: str) -> None:
    """Note a value that no request sends."""
    _put(session, number, subject, name, value=value)


def _put(session: Session, number: int, subject: int, name: str, **values: object) -> None:
    key = {"incident": number, "subject": subject, "name": name}
    if not change_row(session, sent, key, values):
        add(session, sent, {**key, **values})


def _values(session: Session, number: int, name: str) -> Mapping[int, str]:
    return {row[0]: row[1] for row in VALUES.all(session, {"of_incident": number, "of_name": name})}


def _object(number: int, subject: int) -> tuple[Any, Any]:
    return sent.c.incident == number, sent.c.subject == subject
