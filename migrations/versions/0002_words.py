"""The index of words, and the leader lock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("incident", sa.Column("indexed", sa.Integer(), server_default=sa.text("-1"), nullable=False))
    behind = sa.text("entries > indexed")
    op.create_index("ix_incident_behind", "incident", ["number"], sqlite_where=behind, postgresql_where=behind)
    op.create_index(
        "ix_incident_private",
        "incident",
        ["network", "channel"],
        sqlite_where=sa.text("private IS 1"),
        postgresql_where=sa.text("private IS true"),
    )
    op.create_table(
        "word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word")),
        sa.UniqueConstraint("text", name=op.f("uq_word_text")),
    )
    op.create_table(
        "occurrence",
        sa.Column("word", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["word"], ["word.id"], name=op.f("fk_occurrence_word")),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_occurrence_incident")),
        sa.PrimaryKeyConstraint("word", "incident", name=op.f("pk_occurrence")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_occurrence_incident", "occurrence", ["incident"], unique=False)
    op.create_table(
        "turn",
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_turn")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("turn")
    op.drop_table("occurrence")
    op.drop_table("word")
    for name in ("ix_incident_private", "ix_incident_behind"):
        op.drop_index(name, "incident")
    op.drop_column("incident", "indexed")
