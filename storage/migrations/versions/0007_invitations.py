"""Invitations, and places that somebody showed to be theirs. The road back is the backup that `signpost upgrade` takes first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go on to this schema."""
    op.create_table('invite',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=True),
    sa.Column('given_by', sa.String(), nullable=True),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_invite_person_id')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_invite'))
    )
    with op.batch_alter_table('invite', schema=None) as batch_op:
        batch_op.create_index('ix_invite_person_id', ['person_id'], unique=False)

    with op.batch_alter_table('person_place', schema=None) as batch_op:
        batch_op.add_column(sa.Column('verified_at', sa.BigInteger(), nullable=True))

