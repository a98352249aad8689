"""What the bot tells others: announcements, segments of topics, greetings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.utcdatetime import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "announcement",
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("channel_name", sa.Text(), nullable=False),
        sa.Column("said", sa.String(length=16), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_announcement_incident")),
        sa.PrimaryKeyConstraint("incident", "network", "channel", name=op.f("pk_announcement")),
    )
    op.create_table(
        "topic_segment",
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Text(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.Column("given_up", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_topic_segment_incident")),
        sa.PrimaryKeyConstraint("network", "channel", name=op.f("pk_topic_segment")),
    )
    op.create_table(
        "greeting",
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=700), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_greeting_incident")),
        sa.PrimaryKeyConstraint("incident", "network", "key", name=op.f("pk_greeting")),
    )


def downgrade() -> None:
    """Take back."""
    for table in ("greeting", "topic_segment", "announcement"):
        op.drop_table(table)
