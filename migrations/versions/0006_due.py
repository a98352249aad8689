"""The day by which a follow-up is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("item", sa.Column("due", sa.Date()))


def downgrade() -> None:
    """Take back."""
    op.drop_column("item", "due")
