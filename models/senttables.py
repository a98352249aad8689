"""The table of what was sent to the task server."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from models.schema import metadata

sent = Table(
    "sent",
    metadata,
    Column("incident", Integer, ForeignKey("incident.number"), primary_key=True, autoincrement=False),
    Column("subject", Integer, primary_key=True, autoincrement=False),
    Column("name", String(16), primary_key=True),
    Column("value", Text),
    Column("sending", Text),
    Column("before", Text),
    Column("theirs", Boolean(create_constraint=False), nullable=False, default=False),
)
"""The last value of each field of a task, as ``domain/taskfields.py`` keeps it; ``subject`` as in the outbox.

``value`` is certain; ``sending`` is what the request under way sets, and ``before`` what was there when it was sent.
``theirs`` is set once a reply has said that a person changed the field.
"""
