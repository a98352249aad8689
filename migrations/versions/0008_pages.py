"""The wiki page of an incident as the bot last left it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.utcdatetime import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "page",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=40), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_page_incident")),
        sa.PrimaryKeyConstraint("incident", name=op.f("pk_page")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("page")
