"""The database: tables, and one function per query."""

from models.database import UNUSABLE, Database, Session
from models.tables import HEAD, metadata

__all__ = ["HEAD", "UNUSABLE", "Database", "Session", "metadata"]
