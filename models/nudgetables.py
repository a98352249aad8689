"""The tables of what the bot says unasked: the nudges given, the lines said in each channel, the care after a close."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from models.schema import metadata
from models.utcdatetime import UtcDateTime

nudge = Table(
    "nudge",
    metadata,
    Column("incident", Integer, ForeignKey("incident.number"), primary_key=True, autoincrement=False),
    Column("kind", String(20), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("said_at", UtcDateTime, nullable=False),
)
"""The nudges that were given, each marked before it is said (see ``domain.nudges``)."""

unasked = Table(
    "unasked",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("network", String(64), nullable=False),
    Column("channel", String(255), nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Index("ix_unasked_network_channel", "network", "channel"),
)
"""The unasked lines of each channel (folded name) within the last day, each marked before it is said."""

aftercare = Table(
    "aftercare",
    metadata,
    Column("incident", Integer, ForeignKey("incident.number"), primary_key=True, autoincrement=False),
    Column("person", Integer, ForeignKey("person.id"), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Index("ix_aftercare_since", "since"),
)
"""The incidents that were closed here: when that was typed last, and by whom."""
