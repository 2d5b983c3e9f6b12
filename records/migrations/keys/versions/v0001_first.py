"""the first schema.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from records.tables import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "tombstone",
        sa.Column("inquiry_id", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("inquiry_id", name=op.f("pk_tombstone")),
    )
    op.create_table(
        "wrap",
        sa.Column("blob_id", sa.String(length=32), nullable=False),
        sa.Column("compartment", sa.String(length=80), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("suite", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("blob_id", "compartment", name=op.f("pk_wrap")),
    )
    with op.batch_alter_table("wrap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wrap_made_at"), ["made_at"], unique=False)


def downgrade() -> None:
    """Refuse: a backup is the way back, because a step back would lose what was written since."""
    raise NotImplementedError("restore a backup instead")
