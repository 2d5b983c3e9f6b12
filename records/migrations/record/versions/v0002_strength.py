"""jobs that a queue carries, and indexes for long lists.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from records.tables import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.add_column("job", sa.Column("carried_at", Moment(), nullable=True))
    # Each kind's ready jobs stand together: those that wait for a relay are in nobody's way.
    op.drop_index("ix_job_ready", "job")
    op.create_index("ix_job_ready", "job", ["kind", "not_before", "id"])
    # The ledger goes through everything by arrival; the desk's closed list and the sweep ask for the latest changes.
    op.create_index("ix_inquiry_received", "inquiry", ["received_at", "id"])
    op.create_index("ix_inquiry_changed", "inquiry", ["state", "changed_at", "id"])
    # Most inquiries are never held, and cost this one nothing.
    held = sa.text("held_at IS NOT NULL")
    op.create_index("ix_inquiry_held", "inquiry", ["held_at"], sqlite_where=held, postgresql_where=held)


def downgrade() -> None:
    """Refuse: a backup is the way back, because a step back would lose what was written since."""
    raise NotImplementedError("restore a backup instead")
