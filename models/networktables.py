"""The tables about networks: the naming of each, and the time until which its channels were heard."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, String, Table

from models.schema import metadata
from models.utcdatetime import UtcDateTime

network = Table(
    "network",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("casemapping", String(16), nullable=False),
    Column("accounts", Boolean(create_constraint=False), nullable=False),
    Column("met_at", UtcDateTime, nullable=False),
)
"""The naming of each network, which folds its names in the other tables; ``met_at`` is when the bot last connected."""

coverage = Table(
    "coverage",
    metadata,
    Column("network", String(64), primary_key=True),
    Column("channel", String(255), primary_key=True),
    Column("heard_until", UtcDateTime, nullable=False),
    Column("spoken_at", UtcDateTime),
)
"""The time until which the bot heard a channel; set when it left, and every few seconds of a live incident.

``spoken_at`` is when a person was last heard there during an incident, up to ten minutes too early.
"""
