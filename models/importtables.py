"""The table of the unfinished imports."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from models.schema import metadata

unfinished_import = Table(
    "unfinished_import",
    metadata,
    Column("incident", Integer, ForeignKey("incident.number"), primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("written", Integer, nullable=False),
)
"""The incidents whose import is unfinished: nobody sees them, and their numbers are taken.

``digest`` tells which report it is, and is empty for an import that is to be removed; ``written`` counts the rows so
far.
"""
