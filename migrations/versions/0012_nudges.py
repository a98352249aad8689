"""Unasked speech: nudges given, lines said, the care after a close, and when people were last heard."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.utcdatetime import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "nudge",
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_nudge_incident")),
        sa.PrimaryKeyConstraint("incident", "kind", "number", name=op.f("pk_nudge")),
    )
    op.create_table(
        "unasked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unasked")),
    )
    op.create_index("ix_unasked_network_channel", "unasked", ["network", "channel"])
    op.create_table(
        "aftercare",
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_aftercare_incident")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_aftercare_person")),
        sa.PrimaryKeyConstraint("incident", name=op.f("pk_aftercare")),
    )
    op.create_index("ix_aftercare_since", "aftercare", ["since"])
    op.add_column("coverage", sa.Column("spoken_at", UtcDateTime()))


def downgrade() -> None:
    """Take back."""
    op.drop_column("coverage", "spoken_at")
    for table in ("aftercare", "unasked", "nudge"):
        op.drop_table(table)
