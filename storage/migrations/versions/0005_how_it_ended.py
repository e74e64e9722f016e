"""How a case ended and what is left of it, and which keys a running bot has. The road back is the backup that `signpost upgrade` takes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go on to this schema."""
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ending', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('recorded_as', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('transferred_at', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('held_at', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('purged_at', sa.BigInteger(), nullable=True))
    op.create_table('process',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('newest_key', sa.Integer(), nullable=False),
    sa.Column('seen_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process'))
    )
