"""The tables' metadata and their version."""

from __future__ import annotations

from sqlalchemy import MetaData

HEAD = "0015"
"""The Alembic revision of the tables; a test compares them."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
