"""The tables of what the bot tells others: announcements, its segments of topics, greetings."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from models.schema import metadata
from models.utcdatetime import UtcDateTime

announcement = Table(
    "announcement",
    metadata,
    Column("incident", Integer, ForeignKey("incident.number"), primary_key=True, autoincrement=False),
    Column("network", String(64), primary_key=True),
    Column("channel", String(255), primary_key=True),
    Column("channel_name", Text, nullable=False),
    Column("said", String(16), nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
)
"""The channels (folded name, and as spelled) in which an incident was announced: with which state last, and when.

Each line is marked before it is said.
"""

topic_segment = Table(
    "topic_segment",
    metadata,
    Column("network", String(64), primary_key=True),
    Column("channel", String(255), primary_key=True),
    Column("incident", Integer, ForeignKey("incident.number"), nullable=False),
    Column("sent", Text, nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
    Column("seen", Boolean(create_constraint=False), nullable=False),
    Column("given_up", Boolean(create_constraint=False), nullable=False),
)
"""The bot's segment of the topic of each channel (folded name); see ``domain.topics.Segment``."""

greeting = Table(
    "greeting",
    metadata,
    Column("incident", Integer, ForeignKey("incident.number"), primary_key=True, autoincrement=False),
    Column("network", String(64), primary_key=True),
    Column("key", String(700), primary_key=True),
)
"""The people, by their keys, who were told of an open incident when they joined."""
