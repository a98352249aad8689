"""Alerts: the words that wait to be entered, the firings that were posted, suggestions, links of notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.utcdatetime import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WAITS = {"sqlite_where": sa.text("entry IS NULL"), "postgresql_where": sa.text("entry IS NULL")}
ALERT = sa.table("alert", sa.column("name"), sa.column("key"))
TABLES = ("log_link", "start_suggestion", "alert_firing", "alert_words")


def upgrade() -> None:
    """Apply."""
    op.add_column("alert", sa.Column("key", sa.Text()))
    op.create_index("ix_alert_incident_key", "alert", ["incident", "key"])
    op.execute(sa.update(ALERT).values(key=sa.func.lower(ALERT.c.name)))
    op.create_table(
        "alert_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("alert", sa.Integer(), nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.Column("nick", sa.Text(), nullable=False),
        sa.Column("account", sa.Text()),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entry", sa.Integer()),
        _of_alert("alert_words"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_words")),
    )
    op.create_index("ix_alert_words_incident_alert", "alert_words", ["incident", "alert"])
    op.create_index("ix_alert_words_waiting", "alert_words", ["incident"], **WAITS)
    op.create_table(
        "alert_firing",
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("alert", sa.Integer(), nullable=False),
        sa.Column("ends_at", UtcDateTime()),
        _of_alert("alert_firing"),
        sa.PrimaryKeyConstraint("incident", "fingerprint", "starts_at", name=op.f("pk_alert_firing")),
    )
    op.create_table(
        "start_suggestion",
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("said_at", UtcDateTime()),
        sa.Column("dismissed_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("network", "channel", name=op.f("pk_start_suggestion")),
    )
    op.create_table(
        "log_link",
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_log_link_incident")),
        sa.PrimaryKeyConstraint("incident", "number", name=op.f("pk_log_link")),
    )


def _of_alert(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_incident_alert")
    return sa.ForeignKeyConstraint(["incident", "alert"], ["alert.incident", "alert.number"], name=name)


def downgrade() -> None:
    """Take back."""
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_alert_incident_key", "alert")
    op.drop_column("alert", "key")
