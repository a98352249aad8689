"""Kept talk, beside the record, and where quotes come from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.utcdatetime import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "talk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("nick", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("msgid", sa.String(length=255), nullable=True),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("action", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_talk_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk")),
    )
    op.create_index("ix_talk_incident_said_at", "talk", ["incident", "said_at"])
    op.create_table(
        "listening",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("said_until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_listening_incident")),
        sa.PrimaryKeyConstraint("incident", name=op.f("pk_listening")),
    )
    op.create_table(
        "quote",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("nick", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("msgid", sa.String(length=255), nullable=True),
        sa.Column("said_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident", "number"], ["entry.incident", "entry.number"], name=op.f("fk_quote_incident_number")
        ),
        sa.PrimaryKeyConstraint("incident", "number", name=op.f("pk_quote")),
    )


def downgrade() -> None:
    """Take back."""
    for table in ("quote", "listening", "talk"):
        op.drop_table(table)
