"""Published versions of a policy, and questions asked in vain. The road back is the backup that `signpost upgrade` takes first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go on to this schema."""
    op.create_table('asked',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('audience', sa.String(), nullable=False),
    sa.Column('band', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=True),
    sa.Column('refs', sa.String(), nullable=False),
    sa.Column('helpful', sa.Boolean(), nullable=True),
    sa.Column('words', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_asked')),
    sa.UniqueConstraint('key', name=op.f('uq_asked_key'))
    )
    with op.batch_alter_table('asked', schema=None) as batch_op:
        batch_op.create_index('ix_asked_school', ['school', 'at'], unique=False)

    op.create_table('policy_version',
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=True),
    sa.Column('markdown', sa.String(), nullable=False),
    sa.Column('topics', sa.String(), nullable=True),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('restores', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('school', 'number', name=op.f('pk_policy_version'))
    )

