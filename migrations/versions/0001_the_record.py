"""The record: lines, incidents, entries and their versions, fields, people, answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.utcdatetime import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "person",
    "identity",
    "line",
    "incident",
    "channel",
    "entry",
    "entry_version",
    "field",
    "item",
    "responder",
    "coordinator",
    "answer",
    "dialogue",
    "change",
    "gap",
    "hearing",
    "outbox",
)


def upgrade() -> None:
    """Apply."""
    _create_people()
    _create_lines()
    _create_incidents()
    _create_entries()
    _create_parts()
    _create_team()
    _create_scorecard()
    _create_changes()
    _create_hearing()
    _create_outbox()


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_people() -> None:
    """The people the bot has met."""
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("nick", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "identity",
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=700), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_identity_person")),
        sa.PrimaryKeyConstraint("network", "key", name=op.f("pk_identity")),
    )


def _create_lines() -> None:
    """Retained lines."""
    op.create_table(
        "line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("msgid", sa.String(length=255), nullable=True),
        sa.Column("channel", sa.String(length=255), nullable=True),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("nick", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.Column("family", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("fate", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_line_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line")),
        sa.UniqueConstraint("network", "msgid", name=op.f("uq_line_network_msgid")),
    )
    op.create_index("ix_line_person_channel_id", "line", ["person", "channel", "id"], unique=False)
    op.create_index("ix_line_network_channel_heard_at", "line", ["network", "channel", "heard_at"], unique=False)


def _create_incidents() -> None:
    """Incidents, and the current one of each channel."""
    op.create_table(
        "incident",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("channel_name", sa.Text(), nullable=False),
        sa.Column("opener", sa.Integer(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("document_status", sa.String(length=16), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=True),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("retrospective", sa.Boolean(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("start", UtcDateTime(), nullable=True),
        sa.Column("end", UtcDateTime(), nullable=True),
        sa.Column("questionnaire", sa.String(length=64), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line"], ["line.id"], name=op.f("fk_incident_line")),
        sa.ForeignKeyConstraint(["opener"], ["person.id"], name=op.f("fk_incident_opener")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_incident")),
    )
    op.create_index("ix_incident_network_channel_state", "incident", ["network", "channel", "state"], unique=False)
    op.create_index("ix_incident_line", "incident", ["line"], unique=False)
    op.create_table(
        "channel",
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_channel_incident")),
        sa.PrimaryKeyConstraint("network", "channel", name=op.f("pk_channel")),
    )


def _create_entries() -> None:
    """The timeline and all its versions."""
    op.create_table(
        "entry",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("nick", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_entry_incident")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_entry_person")),
        sa.PrimaryKeyConstraint("incident", "number", name=op.f("pk_entry")),
    )
    op.create_index("ix_entry_incident_person_number", "entry", ["incident", "person", "number"], unique=False)
    op.create_table(
        "entry_version",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("nick", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("precision", sa.String(length=8), nullable=False),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("marker_kind", sa.String(length=8), nullable=True),
        sa.Column("marker_phrase", sa.Text(), nullable=True),
        sa.Column("marker_scope", sa.Text(), nullable=True),
        sa.Column("struck", sa.Text(), nullable=True),
        sa.Column("redacted", sa.Text(), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident", "number"], ["entry.incident", "entry.number"], name=op.f("fk_entry_version_incident_number")
        ),
        sa.ForeignKeyConstraint(["line"], ["line.id"], name=op.f("fk_entry_version_line")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_entry_version_person")),
        sa.PrimaryKeyConstraint("incident", "number", "version", name=op.f("pk_entry_version")),
    )
    op.create_index(
        "ix_entry_version_incident_person_line", "entry_version", ["incident", "person", "line"], unique=False
    )
    op.create_index("ix_entry_version_line", "entry_version", ["line"], unique=False)


def _create_parts() -> None:
    """Fields and items."""
    op.create_table(
        "field",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_field_incident")),
        sa.PrimaryKeyConstraint("incident", "name", name=op.f("pk_field")),
    )
    op.create_table(
        "item",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("task", sa.String(length=16), nullable=True),
        sa.Column("task_title", sa.Text(), nullable=True),
        sa.Column("task_status", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_item_incident")),
        sa.PrimaryKeyConstraint("incident", "section", "number", name=op.f("pk_item")),
    )


def _create_team() -> None:
    """Responders and coordinators."""
    op.create_table(
        "responder",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("added", sa.Integer(), nullable=True),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("nick", sa.Text(), nullable=True),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("focus", sa.Text(), nullable=True),
        sa.Column("joined_at", UtcDateTime(), nullable=True),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_responder_incident")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_responder_person")),
        sa.PrimaryKeyConstraint("incident", "number", name=op.f("pk_responder")),
    )
    op.create_table(
        "coordinator",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_coordinator_incident")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_coordinator_person")),
        sa.PrimaryKeyConstraint("incident", "number", name=op.f("pk_coordinator")),
    )


def _create_scorecard() -> None:
    """Answers, and the questions that people are being asked."""
    op.create_table(
        "answer",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("suggested", sa.String(length=8), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_answer_incident")),
        sa.PrimaryKeyConstraint("incident", "number", name=op.f("pk_answer")),
    )
    op.create_table(
        "dialogue",
        sa.Column("person", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_dialogue_incident")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_dialogue_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_dialogue")),
    )


def _create_changes() -> None:
    """The log of every change."""
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_change_incident")),
        sa.ForeignKeyConstraint(["line"], ["line.id"], name=op.f("fk_change_line")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_change_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index("ix_change_incident_person_line", "change", ["incident", "person", "line"], unique=False)
    op.create_index("ix_change_line", "change", ["line"], unique=False)


def _create_hearing() -> None:
    """Coverage: gaps, and the time until which each channel was heard."""
    op.create_table(
        "gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("begins", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_gap_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap")),
    )
    op.create_table(
        "hearing",
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("network", "channel", name=op.f("pk_hearing")),
    )


def _create_outbox() -> None:
    """The outbox: intents to be carried out outside the database."""
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("marker", sa.String(length=40), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("to", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f("fk_outbox_incident")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_outbox_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_incident_kind", "outbox", ["incident", "kind"], unique=False)
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"], unique=False)
