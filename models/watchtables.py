"""The tables of theories, roles, alerts, related incidents, shift notes and further channels."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, String, Table, Text

from models.schema import metadata
from models.utcdatetime import UtcDateTime

theory = Table(
    "theory",
    metadata,
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("entry", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    ForeignKeyConstraint(["incident", "entry"], ["entry.incident", "entry.number"]),
)
"""The part of an entry in the theory ``number``: the first one proposes it. All texts are those of the entries."""

role_term = Table(
    "role_term",
    metadata,
    Column("incident", Integer, ForeignKey("incident.number"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("role", String(32), nullable=False),
    Column("person", Integer, ForeignKey("person.id")),
    Column("name", Text, nullable=False),
    Column("since", UtcDateTime),
    Column("until", UtcDateTime),
)
"""The terms of all roles but the coordinator's, by number."""

alert = Table(
    "alert",
    metadata,
    Column("incident", Integer, ForeignKey("incident.number"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("count", Integer, nullable=False),
    Column("over_at", UtcDateTime),
    Column("paged", Boolean(create_constraint=False), nullable=False),
    Column("key", Text),
    Index("ix_alert_incident_key", "incident", "key"),
)
"""The alerts of an incident, in the order of the report; lines whose names have one ``key`` are about one alert."""

relation = Table(
    "relation",
    metadata,
    Column("incident", Integer, ForeignKey("incident.number"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
)
"""Another incident, by its ``number``, that an incident has to do with; the other one has a row of its own.

It may not be here: an import brings one incident at a time.
"""

shift_note = Table(
    "shift_note",
    metadata,
    Column("incident", Integer, ForeignKey("incident.number"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("person", Integer, ForeignKey("person.id")),
    Column("nick", Text, nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_shift_note_said_at", "said_at"),
)
"""A note for the next shift, as somebody typed it while the incident was the current one."""

further_channel = Table(
    "further_channel",
    metadata,
    Column("incident", Integer, ForeignKey("incident.number"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("network", String(64), nullable=False),
    Column("channel", String(255), nullable=False),
    Column("channel_name", Text, nullable=False),
    Column("ended", Boolean(create_constraint=False), nullable=False),
    Index("ix_further_channel_network_channel", "network", "channel"),
)
"""The channels in which an incident is current besides its own; ``channel`` is folded, ``channel_name`` as spelled."""
