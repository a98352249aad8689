"""The glossary's names: line kind, disposition, coverage, leader lock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.utcdatetime import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    # Alembic copies the whole table to rename a column on SQLite; both kinds of database rename it in place.
    op.execute("ALTER TABLE line RENAME COLUMN family TO kind")
    op.execute("ALTER TABLE line RENAME COLUMN fate TO disposition")
    for column in ("old", "new"):
        op.execute(_renamed_key(column, "fate", "disposition"))
    # SQLite cannot rename a table's key; these two hold a few rows.
    op.create_table("coverage", *_channel_and("heard_until"), sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_coverage")))
    op.execute("INSERT INTO coverage (network, channel, heard_until) SELECT network, channel, until FROM hearing")
    op.drop_table("hearing")
    op.create_table("leader_lock", _name("holder"), sa.PrimaryKeyConstraint("holder", name=op.f("pk_leader_lock")))
    op.execute("INSERT INTO leader_lock (holder) SELECT owner FROM turn")
    op.drop_table("turn")
    if op.get_context().dialect.name == "postgresql":
        # A standby of the version before asks for its turn before it looks at the version; without an answer it would
        # stand by for ever instead of ending with "upgrade irscribe".
        op.execute("CREATE VIEW turn AS SELECT holder AS owner FROM leader_lock")


def downgrade() -> None:
    """Take back."""
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP VIEW IF EXISTS turn")  # a database that began with this version has none
    op.create_table("turn", _name("owner"), sa.PrimaryKeyConstraint("owner", name=op.f("pk_turn")))
    op.execute("INSERT INTO turn (owner) SELECT holder FROM leader_lock")
    op.drop_table("leader_lock")
    op.create_table("hearing", *_channel_and("until"), sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_hearing")))
    op.execute("INSERT INTO hearing (network, channel, until) SELECT network, channel, heard_until FROM coverage")
    op.drop_table("coverage")
    for column in ("old", "new"):
        op.execute(_renamed_key(column, "disposition", "fate"))
    op.execute("ALTER TABLE line RENAME COLUMN disposition TO fate")
    op.execute("ALTER TABLE line RENAME COLUMN kind TO family")


KEY = ("network", "channel")


def _channel_and(moment: str) -> tuple[sa.Column, ...]:
    return (
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column(moment, UtcDateTime(), nullable=False),
    )


def _name(column: str) -> sa.Column:
    return sa.Column(column, sa.String(length=64), nullable=False)


def _renamed_key(column: str, name: str, new_name: str) -> sa.sql.Update:
    """Rename a column in the change log's copies of retained lines, which are JSON."""
    change = sa.table("change", sa.column("subject"), sa.column(column))
    renamed = sa.func.replace(change.c[column], f'"{name}"', f'"{new_name}"')
    return sa.update(change).where(change.c.subject == "line").values({column: renamed})
