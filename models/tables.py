"""The tables: retained lines, the record made of them, and the log of every change."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from models.schema import metadata
from models.utcdatetime import UtcDateTime

PRIVATE = {"sqlite_where": text("private IS 1"), "postgresql_where": text("private IS true")}
NOTABLE = text("(marker_kind IS NOT NULL OR kind IN ('status', 'decision', 'lifecycle', 'alert'))")
"""The entries on which outages, durations, warnings and evidence depend; a query that names them finds the index."""


def _where(condition: Any) -> dict[str, Any]:
    return {"sqlite_where": condition, "postgresql_where": condition}


def _of_incident(**kwargs: Any) -> Column[Any]:
    return Column("incident", Integer, ForeignKey("incident.number"), **kwargs)


person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("network", String(64), nullable=False),
    Column("nick", Text, nullable=False),
    Column("account", Text),
)

identity = Table(
    "identity",
    metadata,
    Column("network", String(64), primary_key=True),
    Column("key", String(700), primary_key=True),
    Column("person", Integer, ForeignKey("person.id"), nullable=False),
)
"""The keys that a person is recognised by; a change of nick adds one."""

line = Table(
    "line",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("network", String(64), nullable=False),
    Column("msgid", String(255)),
    Column("channel", String(255)),
    Column("person", Integer, ForeignKey("person.id"), nullable=False),
    Column("nick", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("account", Text),
    Column("said_at", UtcDateTime, nullable=False),
    Column("heard_at", UtcDateTime, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("disposition", String(16), nullable=False),
    UniqueConstraint("network", "msgid"),
    Index("ix_line_person_channel_id", "person", "channel", "id"),
    Index("ix_line_network_channel_heard_at", "network", "channel", "heard_at"),
)
"""``text`` is the whole line, ``body`` that without the command; ``disposition`` is ``taken``, ``refused``, ``waiting``
or ``discarded``."""

incident = Table(
    "incident",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("network", String(64), nullable=False),
    Column("channel", String(255), nullable=False),
    Column("channel_name", Text, nullable=False),
    Column("opener", Integer, ForeignKey("person.id")),
    Column("line", Integer, ForeignKey("line.id")),
    Column("title", Text),
    Column("state", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("document_status", String(16), nullable=False),
    Column("severity", Integer),
    Column("private", Boolean(create_constraint=False), nullable=False),
    Column("drill", Boolean(create_constraint=False), nullable=False),
    Column("retrospective", Boolean(create_constraint=False), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("start", UtcDateTime),
    Column("end", UtcDateTime),
    Column("questionnaire", String(64)),
    Column("entries", Integer, nullable=False),
    Column("indexed", Integer, nullable=False, server_default=text("-1")),
    Index("ix_incident_network_channel_state", "network", "channel", "state"),
    Index("ix_incident_line", "line"),
    Index("ix_incident_behind", "number", **_where(text("entries > indexed"))),
    Index("ix_incident_private", "network", "channel", **PRIVATE),
)
"""``entries`` is the number of entries so far, ``indexed`` that of entries in the index of words (n is stored as -1 - n
while fields and items are still to be indexed); ``start`` and ``end`` are set by hand only."""

channel = Table(
    "channel",
    metadata,
    Column("network", String(64), primary_key=True),
    Column("channel", String(255), primary_key=True),
    Column("incident", Integer, ForeignKey("incident.number"), nullable=False),
)
"""The current incident of each channel."""

entry = Table(
    "entry",
    metadata,
    _of_incident(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("person", Integer, ForeignKey("person.id")),
    Column("nick", Text, nullable=False),
    Column("account", Text),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("ix_entry_incident_person_number", "incident", "person", "number"),
)

entry_version = Table(
    "entry_version",
    metadata,
    Column("incident", Integer, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("line", Integer, ForeignKey("line.id")),
    Column("person", Integer, ForeignKey("person.id")),
    Column("nick", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("at", UtcDateTime),
    Column("until", UtcDateTime),
    Column("precision", String(8), nullable=False),
    Column("approximate", Boolean(create_constraint=False), nullable=False),
    Column("text", Text, nullable=False),
    Column("speaker", Text),
    Column("kind", String(16), nullable=False),
    Column("marker_kind", String(8)),
    Column("marker_phrase", Text),
    Column("marker_scope", Text),
    Column("struck", Text),
    Column("redacted", Text),
    Column("undone", Boolean(create_constraint=False), nullable=False, default=False),
    ForeignKeyConstraint(["incident", "number"], ["entry.incident", "entry.number"]),
    Index("ix_entry_version_line", "line"),
    Index("ix_entry_version_incident_person_line", "incident", "person", "line"),
    Index("ix_entry_version_notable", "incident", "number", "kind", "marker_kind", **_where(NOTABLE)),
)
"""``struck`` and ``redacted`` hold the reason, or None."""

field = Table(
    "field",
    metadata,
    _of_incident(primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)

item = Table(
    "item",
    metadata,
    _of_incident(primary_key=True),
    Column("section", String(16), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("parent", Integer),
    Column("text", Text, nullable=False),
    Column("url", Text),
    Column("task", String(16)),
    Column("task_title", Text),
    Column("task_status", Text),
    Column("owner", Text),
    Column("done", Boolean(create_constraint=False), nullable=False, default=False),
    Column("dropped", Boolean(create_constraint=False), nullable=False, default=False),
    Column("due", Date),
    Column("label", Text),
    Index("ix_item_parent", "incident", "section", "parent", **_where(text("parent IS NOT NULL"))),
)
"""Items of the report's lists, of the open questions and of the figures; no number is given twice.

``label`` is the name of a figure, the tag of a factor, the heading of a text that has no place.
"""

responder = Table(
    "responder",
    metadata,
    _of_incident(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("added", Integer),
    Column("person", Integer, ForeignKey("person.id")),
    Column("name", Text, nullable=False),
    Column("nick", Text),
    Column("account", Text),
    Column("focus", Text),
    Column("joined_at", UtcDateTime),
    Column("left_at", UtcDateTime),
    Column("granted", Boolean(create_constraint=False), nullable=False, default=False),
    Column("removed", Boolean(create_constraint=False), nullable=False, default=False),
)
"""``added`` orders those added by name in a retrospective incident; people with ``granted`` may change others' work."""

coordinator = Table(
    "coordinator",
    metadata,
    _of_incident(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("person", Integer, ForeignKey("person.id")),
    Column("name", Text, nullable=False),
    Column("since", UtcDateTime),
    Column("until", UtcDateTime),
)
"""The coordinators' terms, by number."""

answer = Table(
    "answer",
    metadata,
    _of_incident(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("answer", String(8)),
    Column("notes", Text, nullable=False, default=""),
    Column("suggested", String(8)),
    Column("evidence", Text),
)

dialogue = Table(
    "dialogue",
    metadata,
    Column("person", Integer, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    _of_incident(nullable=False),
    Column("question", Integer, nullable=False),
)
"""The scorecard question that a person is being asked in private; one each."""

gap = Table(
    "gap",
    metadata,
    Column("id", Integer, primary_key=True),
    _of_incident(nullable=False),
    Column("begins", UtcDateTime, nullable=False),
    Column("ends", UtcDateTime),
)

change = Table(
    "change",
    metadata,
    Column("id", Integer, primary_key=True),
    _of_incident(nullable=False),
    Column("line", Integer, ForeignKey("line.id")),
    Column("person", Integer, ForeignKey("person.id")),
    Column("made_at", UtcDateTime, nullable=False),
    Column("subject", String(32), nullable=False),
    Column("key", Text, nullable=False),
    Column("old", Text),
    Column("new", Text),
    Column("undone", Boolean(create_constraint=False), nullable=False, default=False),
    Index("ix_change_incident_person_line", "incident", "person", "line"),
    Index("ix_change_line", "line"),
    Index("ix_change_incident_subject_key", "incident", "subject", "key"),
)
"""The change log of all rows but entries: table, key, and the row before and after as JSON (None: no row)."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    _of_incident(nullable=False),
    Column("kind", String(16), nullable=False),
    Column("subject", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("marker", String(40), nullable=False),
    Column("person", Integer, ForeignKey("person.id")),
    Column("to", Text),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("reason", Text),
    Column("told", Boolean(create_constraint=False), nullable=False),
    Index("ix_outbox_state_due_at", "state", "due_at"),
    Index("ix_outbox_incident_kind", "incident", "kind"),
)
"""The intents to be carried out outside the database.

``subject`` is the number of a follow-up (0: the incident itself). ``sent_at`` is set before a request is sent, and
emptied when it is certain that nothing was done. ``told`` is set once a reply has said that the intent waits.
"""
