"""An index of the change log by row: to undo a change costs no more where much was changed before."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_change_incident_subject_key", "change", ["incident", "subject", "key"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_change_incident_subject_key", "change")
