"""The value that each field of a task was last set to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sent",
        sa.Column("incident", sa.Integer(), sa.ForeignKey("incident.number", name=op.f("fk_sent_incident"))),
        sa.Column("subject", sa.Integer()),
        sa.Column("name", sa.String(length=16)),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("sending", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("theirs", sa.Boolean(create_constraint=False), nullable=False),
        sa.PrimaryKeyConstraint("incident", "subject", "name", name=op.f("pk_sent")),
    )
    _note_what_was_told()


def downgrade() -> None:
    """Take back."""
    op.drop_table("sent")


def _note_what_was_told() -> None:
    """Note that the tasks of incidents that are closed were told so, so that none is told again."""
    incident = sa.table("incident", sa.column("number"), sa.column("closed_at"))
    field = sa.table("field", sa.column("incident"), sa.column("name"), sa.column("value"))
    names = ("incident", "subject", "name", "value", "theirs")
    sent = sa.table("sent", *(sa.column(name) for name in names))
    for name, value in (("task", field.c.value), ("commented", sa.literal_column("'closed'"))):
        row = (field.c.incident, sa.literal_column("0"), sa.literal_column(f"'{name}'"), value, sa.false())
        closed = (
            sa.select(*row)
            .join(incident, incident.c.number == field.c.incident)
            .where(field.c.name == "filed", incident.c.closed_at.is_not(None))
        )
        op.execute(sa.insert(sent).from_select(names, closed))
