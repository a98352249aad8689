"""An index of the notable entries, so that closing a long incident costs no more than closing a short one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_entry_version_notable", "entry_version"
NOTABLE = sa.text("(marker_kind IS NOT NULL OR kind IN ('status', 'decision', 'lifecycle', 'alert'))")


def upgrade() -> None:
    """Apply."""
    columns = ["incident", "number", "version"]
    op.create_index(NAME, TABLE, columns, unique=False, sqlite_where=NOTABLE, postgresql_where=NOTABLE)


def downgrade() -> None:
    """Take back."""
    op.drop_index(NAME, TABLE)
