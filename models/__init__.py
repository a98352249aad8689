"""The database: tables, and one function per query."""

from models.database import Database, Session
from models.tables import HEAD, metadata

__all__ = ["HEAD", "Database", "Session", "metadata"]
