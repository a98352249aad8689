"""Theories, roles, alerts, related incidents, shift notes, further channels, and labels of items.

Terms of coordinators whose times are not known get no end: an import used to write the opening of the incident there.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from models.utcdatetime import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SECTIONS = ("figure", "component", "factor", "unplaced")
"""The sections of items that the version before does not know."""
TABLES = ("further_channel", "shift_note", "relation", "alert", "role_term", "theory")
COORDINATOR = sa.table("coordinator", *map(sa.column, ("incident", "number", "since", "until")))
LATER = COORDINATOR.alias("later")
FOLLOWED = (
    sa.select(LATER.c.number)
    .where(LATER.c.incident == COORDINATOR.c.incident, LATER.c.number > COORDINATOR.c.number)
    .exists()
)
"""True for a term behind which there is another one."""
INCIDENT = sa.table("incident", sa.column("number"), sa.column("opened_at"))
OPENING = sa.select(INCIDENT.c.opened_at).where(INCIDENT.c.number == COORDINATOR.c.incident).scalar_subquery()


def upgrade() -> None:
    """Apply."""
    op.add_column("item", sa.Column("label", sa.Text()))
    _create_theory()
    _create(
        "role_term",
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("person", sa.Integer()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", UtcDateTime()),
        sa.Column("until", UtcDateTime()),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_role_term_person")),
    )
    _create(
        "alert",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("over_at", UtcDateTime()),
        sa.Column("paged", sa.Boolean(), nullable=False),
    )
    _create("relation", sa.Column("kind", sa.String(length=16), nullable=False))
    _create(
        "shift_note",
        sa.Column("person", sa.Integer()),
        sa.Column("nick", sa.Text(), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_shift_note_person")),
    )
    op.create_index("ix_shift_note_said_at", "shift_note", ["said_at"])
    _create(
        "further_channel",
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column("channel_name", sa.Text(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_further_channel_network_channel", "further_channel", ["network", "channel"])
    invented = (COORDINATOR.c.since.is_(None), COORDINATOR.c.until == OPENING, FOLLOWED)
    op.execute(sa.update(COORDINATOR).where(*invented).values(until=None))


def downgrade() -> None:
    """Take back; the version before cannot read what the change log says of what it does not know, so that goes too."""
    op.execute(sa.update(COORDINATOR).where(COORDINATOR.c.until.is_(None), FOLLOWED).values(until=OPENING))
    for name in TABLES:
        op.drop_table(name)
        op.execute(sa.text("delete from change where subject = :name").bindparams(name=name))
    op.execute("update entry_version set kind = 'note' where kind = 'theory'")
    for section in SECTIONS:
        op.execute(sa.text("delete from item where section = :section").bindparams(section=section))
        logged = sa.text("delete from change where subject = 'item' and key like :key")
        op.execute(logged.bindparams(key=f'%"section": "{section}"%'))
    op.drop_column("item", "label")
    log = sa.table("change", *map(sa.column, ("id", "subject", "old", "new")))
    of_items = sa.select(log.c.id, log.c.old, log.c.new).where(log.c.subject == "item")
    for number, *states in op.get_bind().execute(of_items).all():
        old, new = (_without_label(each) for each in states)
        if [old, new] == ["{}", "{}"]:
            op.execute(sa.delete(log).where(log.c.id == number))
        elif [old, new] != states:
            op.execute(sa.update(log).where(log.c.id == number).values(old=old, new=new))


def _create_theory() -> None:
    op.create_table(
        "theory",
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident", "entry"], ["entry.incident", "entry.number"], name=op.f("fk_theory_incident_entry")
        ),
        sa.PrimaryKeyConstraint("incident", "entry", name=op.f("pk_theory")),
    )


def _create(name: str, *columns: sa.schema.SchemaItem) -> None:
    """Create a table with rows that are numbered within an incident."""
    op.create_table(
        name,
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name=op.f(f"fk_{name}_incident")),
        sa.PrimaryKeyConstraint("incident", "number", name=op.f(f"pk_{name}")),
    )


def _without_label(state: str | None) -> str | None:
    """Give a logged item without its label."""
    if state is None or '"label"' not in state:
        return state
    return json.dumps({name: value for name, value in json.loads(state).items() if name != "label"})
