"""The desk, and coming back to a report. The road back is the backup that `signpost upgrade` takes first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go on to this schema."""
    op.create_table('desk_form',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_desk_form'))
    )
    op.create_table('desk_session',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('began_at', sa.BigInteger(), nullable=False),
    sa.Column('seen_at', sa.BigInteger(), nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_desk_session_person_id')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_desk_session'))
    )
    with op.batch_alter_table('desk_session', schema=None) as batch_op:
        batch_op.create_index('ix_desk_session_person_id', ['person_id'], unique=False)

    op.create_table('news_address',
    sa.Column('conversation', sa.String(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('address', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('read_to', sa.BigInteger(), nullable=True),
    sa.Column('told_to', sa.BigInteger(), nullable=True),
    sa.Column('told_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['conversation'], ['conversation.id'], name=op.f('fk_news_address_conversation')),
    sa.PrimaryKeyConstraint('conversation', name=op.f('pk_news_address'))
    )
    op.create_table('report_code',
    sa.Column('case_id', sa.String(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_report_code_case_id')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_report_code'))
    )
    op.create_table('sign_in',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_in_person_id')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_sign_in'))
    )
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.create_index('ix_sign_in_person_id', ['person_id'], unique=False)

