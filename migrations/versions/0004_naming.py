"""The naming of each network; a network without a row has its names folded as before, whatever its own rule was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.utcdatetime import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "network",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("casemapping", sa.String(length=16), nullable=False),
        sa.Column("accounts", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("met_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_network")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("network")
