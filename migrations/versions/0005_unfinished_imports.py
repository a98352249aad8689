"""The imports that are not finished."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WRITTEN_TABLES = ("change", "answer", "coordinator", "responder", "item", "field", "gap", "entry_version", "entry")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "unfinished_import",
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_unfinished_import_incident")),
        sa.PrimaryKeyConstraint("incident", name=op.f("pk_unfinished_import")),
    )


def downgrade() -> None:
    """Take back; the version before would show what an unfinished import has written, so that goes."""
    unfinished = sa.table("unfinished_import", sa.column("incident"))
    numbers = [row[0] for row in op.get_bind().execute(sa.select(unfinished.c.incident))]
    op.drop_table("unfinished_import")
    for name in WRITTEN_TABLES:
        _delete(name, "incident", numbers)
    _delete("incident", "number", numbers)


def _delete(name: str, column: str, numbers: list[int]) -> None:
    table = sa.table(name, sa.column(column))
    op.execute(sa.delete(table).where(table.c[column].in_(numbers)))
