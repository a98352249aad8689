"""The tables of the index of words, which can be built again from the record at any time."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from models.schema import metadata

word = Table(
    "word",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", Text, nullable=False, unique=True),
)

occurrence = Table(
    "occurrence",
    metadata,
    Column("word", Integer, ForeignKey("word.id"), primary_key=True, autoincrement=False),
    Column("incident", Integer, ForeignKey("incident.number"), primary_key=True, autoincrement=False),
    Index("ix_occurrence_incident", "incident"),
    sqlite_with_rowid=False,
)
