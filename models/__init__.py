"""The database: tables, and one function per query."""

from models import (
    alerttables,
    announcementtables,
    importtables,
    networktables,
    nudgetables,
    pagetables,
    senttables,
    tables,
    talktables,
    watchtables,
    wordtables,
)
from models.database import FAILED, Database, Session, VersionError, is_cut_off, is_out_of_reach, reason
from models.leaderlock import NotLeadingError, OccupiedError, VacantError
from models.schema import HEAD, metadata
from models.snapshots import SnapshotEndedError
from models.transaction import Savepoint

__all__ = [
    "FAILED",
    "HEAD",
    "Database",
    "NotLeadingError",
    "OccupiedError",
    "Savepoint",
    "Session",
    "SnapshotEndedError",
    "VacantError",
    "VersionError",
    "alerttables",
    "announcementtables",
    "importtables",
    "is_cut_off",
    "is_out_of_reach",
    "metadata",
    "networktables",
    "nudgetables",
    "pagetables",
    "reason",
    "senttables",
    "tables",
    "talktables",
    "watchtables",
    "wordtables",
]
