"""Indexes of the notable entries and of items under others: a long incident costs no more than a short one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NOTABLE = sa.text("(marker_kind IS NOT NULL OR kind IN ('status', 'decision', 'lifecycle', 'alert'))")
UNDER = sa.text("parent IS NOT NULL")
INDEXES = (
    ("ix_entry_version_notable", "entry_version", ["incident", "number", "kind", "marker_kind"], NOTABLE),
    ("ix_item_parent", "item", ["incident", "section", "parent"], UNDER),
)


def upgrade() -> None:
    """Apply."""
    for name, table, columns, where in INDEXES:
        op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take back."""
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table)
