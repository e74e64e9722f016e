"""When a conversation must be looked at again. The road back is the backup that `signpost upgrade` takes first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go on to this schema. What is remembered so far is looked at once, as soon as possible: it has no time of its own yet."""
    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('wake_at', sa.BigInteger(), nullable=True))
        batch_op.create_index(
            'ix_conversation_wake',
            ['wake_at'],
            unique=False,
            sqlite_where=sa.text('wake_at IS NOT NULL'),
            postgresql_where=sa.text('wake_at IS NOT NULL'),
        )
    op.execute('UPDATE conversation SET wake_at = updated_at WHERE state IS NOT NULL')
