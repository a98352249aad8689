"""Whose is a field of a task? The bot's, as long as the server has the value that the bot sent last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

Values = Mapping["TaskField", str]
"""The values of fields in one spelling: the PHID of an owner, the number of a priority, the keyword of a status, PHIDs
of projects with blanks between them; empty for none."""


class TaskField(StrEnum):
    """A field of a task that the bot keeps up to date, as the server calls its transactions."""

    TITLE = "title"
    DESCRIPTION = "description"
    PRIORITY = "priority"
    OWNER = "owner"
    STATUS = "status"
    TAGS = "projects"

    @property
    def spoken(self) -> str:
        """The name that a sentence uses."""
        return "tags" if self is TaskField.TAGS else self.value

    def kept(self, value: str) -> str:
        """Give what the record keeps of a value: a digest of a text, so that a redacted text is not kept here."""
        return sha256(value.encode()).hexdigest() if self in TEXTS else value


TEXTS = frozenset({TaskField.TITLE, TaskField.DESCRIPTION})
"""The fields that hold a text of the record, of which no copy is kept."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """The value that a field of a task was last set to, as ``TaskField.kept`` gives it.

    ``value`` is certain; ``sending`` is what the request under way sets, ``before`` what was there when it was sent.
    ``theirs`` is true once the channel was told that a person changed the field; with ``before``, an edit of the bot
    replaced what the person wrote, and it is still to be given back.
    """

    name: str
    value: str | None = None
    sending: str | None = None
    before: str | None = None
    theirs: bool = False

    @property
    def is_owed(self) -> bool:
        """True if what a person wrote is still to be given back."""
        return self.theirs and self.before is not None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The fields that an update sets: ``changed`` from the values ``before``.

    ``agreed`` are fields that have their value already. ``lost`` are fields that a person changed since the bot last
    sent them.
    """

    changed: Values
    before: Values
    agreed: Values
    lost: frozenset[TaskField]


def plan(wanted: Values, there: Values, *, sent: Mapping[str, Sent], untouched: frozenset[TaskField]) -> Plan:
    """Plan an update of a task that has the values ``there``.

    ``untouched`` are fields that nobody but the bot has set last: it may set one that it is not known to have sent, and
    one whose value is not the one it is known to have sent, because an edit of the bot arrived late.
    """
    planned = {field: value for field, value in wanted.items() if not (field in sent and sent[field].is_owed)}
    agreed = {field: value for field, value in planned.items() if there[field] == value}
    apart = [field for field in planned if field not in agreed]
    ours = [field for field in apart if _is_ours(field, there[field], sent.get(field), untouched)]
    return Plan(
        changed={field: wanted[field] for field in ours},
        before={field: there[field] for field in ours},
        agreed=agreed,
        lost=frozenset(field for field in apart if field not in ours and _is_news(sent.get(field))),
    )


def _is_ours(field: TaskField, there: str, sent: Sent | None, untouched: frozenset[TaskField]) -> bool:
    if sent is None or (sent.value is None and not sent.theirs):
        return field in untouched
    return sent.value == field.kept(there) or (field in untouched and not sent.theirs)


def _is_news(sent: Sent | None) -> bool:
    return sent is not None and sent.value is not None and not sent.theirs


def overwritten(transactions: Mapping[TaskField, tuple[str, str]], sent: Mapping[str, Sent]) -> frozenset[TaskField]:
    """Give the fields that a person changed between the last look and the edit, which then replaced their value.

    ``transactions`` are the old and the new value in the bot's latest transaction of each field.
    """
    return frozenset(
        field
        for field, (old, new) in transactions.items()
        if (known := sent.get(field)) is not None
        and known.sending == field.kept(new)
        and known.before not in (None, field.kept(old))
    )


def arrived(transactions: Mapping[TaskField, tuple[str, str]], sent: Mapping[str, Sent]) -> bool:
    """True if the bot's latest transaction of any field is the one that the request under way was to make."""
    return any(
        known.sending == field.kept(new) and known.sending != known.value
        for field, (_, new) in transactions.items()
        if (known := sent.get(field)) is not None and known.before is not None
    )
