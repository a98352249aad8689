"""The database: tables, and one function per query."""

from models.database import FAILED, UNUSABLE, Database, Session, reason, savepoint
from models.tables import HEAD, metadata

__all__ = ["FAILED", "HEAD", "UNUSABLE", "Database", "Session", "metadata", "reason", "savepoint"]
