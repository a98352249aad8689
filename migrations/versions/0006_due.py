"""The day by which a follow-up is due."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("item", sa.Column("due", sa.Date()))


def downgrade() -> None:
    """Take back; the version before cannot read a logged column that it does not know, so that goes too."""
    op.drop_column("item", "due")
    log = sa.table("change", *map(sa.column, ("id", "subject", "old", "new")))
    of_items = sa.select(log.c.id, log.c.old, log.c.new).where(log.c.subject == "item")
    for number, *states in op.get_bind().execute(of_items).all():
        old, new = (_without_due(each) for each in states)
        if [old, new] == ["{}", "{}"]:
            op.execute(sa.delete(log).where(log.c.id == number))
        elif [old, new] != states:
            op.execute(sa.update(log).where(log.c.id == number).values(old=old, new=new))


def _without_due(state: str | None) -> str | None:
    """Give a logged row without its due day."""
    if state is None or '"due"' not in state:
        return state
    return json.dumps({name: value for name, value in json.loads(state).items() if name != "due"})
