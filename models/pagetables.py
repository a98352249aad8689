"""The table of the wiki pages."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from models.schema import metadata
from models.utcdatetime import UtcDateTime

page = Table(
    "page",
    metadata,
    Column("incident", Integer, ForeignKey("incident.number"), primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("digest", String(40), nullable=False),
    Column("parts", Text, nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
)
"""The wiki page of an incident as the bot last left it.

``digest`` is the SHA-1 of its text, empty if it holds people's words; ``parts`` the digests of the bot's own parts, as
JSON.
"""
