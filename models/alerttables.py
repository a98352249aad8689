"""The tables of alerts beside those of the report: what is to be entered, and what was posted; and what it led to."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, String, Table, Text, text

from models.schema import metadata
from models.utcdatetime import UtcDateTime

WAITS = {"sqlite_where": text("entry IS NULL"), "postgresql_where": text("entry IS NULL")}

alert_words = Table(
    "alert_words",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Integer, nullable=False),
    Column("alert", Integer, nullable=False),
    Column("over", Boolean(create_constraint=False), nullable=False),
    Column("nick", Text, nullable=False),
    Column("account", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("entry", Integer),
    ForeignKeyConstraint(["incident", "alert"], ["alert.incident", "alert.number"]),
    Index("ix_alert_words_incident_alert", "incident", "alert"),
    Index("ix_alert_words_waiting", "incident", **WAITS),
)
"""The words with which an alert first fired, or was over: they wait until they are in the ``entry`` of that number.

``text`` is empty by then. ``at`` is the time of the event, ``told_at`` that at which this bot heard of it.
"""

alert_firing = Table(
    "alert_firing",
    metadata,
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("fingerprint", String(64), primary_key=True),
    Column("starts_at", UtcDateTime, primary_key=True),
    Column("alert", Integer, nullable=False),
    Column("ends_at", UtcDateTime),
    ForeignKeyConstraint(["incident", "alert"], ["alert.incident", "alert.number"]),
)
"""The firings that Alertmanager posted, so that none of them counts twice."""

start_suggestion = Table(
    "start_suggestion",
    metadata,
    Column("network", String(64), primary_key=True),
    Column("channel", String(255), primary_key=True),
    Column("said_at", UtcDateTime),
    Column("dismissed_at", UtcDateTime),
)
"""When the start of an incident was last suggested in a channel (folded name), and when that was dismissed."""

log_link = Table(
    "log_link",
    metadata,
    Column("incident", Integer, ForeignKey("incident.number"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("url", Text, nullable=False),
)
"""The address at which another bot has logged the line of a note."""
