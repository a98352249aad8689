"""The tables of kept talk, and of where quotes come from. They lie beside the record and are no part of it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, String, Table, Text

from models.schema import metadata
from models.utcdatetime import UtcDateTime

talk = Table(
    "talk",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Integer, ForeignKey("incident.number"), nullable=False),
    Column("nick", Text, nullable=False),
    Column("account", Text),
    Column("msgid", String(255)),
    Column("said_at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("action", Boolean(create_constraint=False), nullable=False),
    Column("role", String(8), nullable=False),
    Index("ix_talk_incident_said_at", "incident", "said_at"),
)
"""The lines said in an incident's channel while it was open; ``role`` is the kind of speaker."""

listening = Table(
    "listening",
    metadata,
    Column("incident", Integer, ForeignKey("incident.number"), primary_key=True, autoincrement=False),
    Column("said_until", UtcDateTime, nullable=False),
)
"""The server's time of the last line that was heard for an incident, kept or not: no earlier one is read back."""

quote = Table(
    "quote",
    metadata,
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("nick", Text, nullable=False),
    Column("account", Text),
    Column("msgid", String(255)),
    Column("said_at", UtcDateTime),
    ForeignKeyConstraint(["incident", "number"], ["entry.incident", "entry.number"]),
)
"""The speaker of each quote, and the line it was taken from; ``said_at`` is None for a pasted one that nobody heard."""
