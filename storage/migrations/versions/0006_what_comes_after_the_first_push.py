"""Cases that are handed on and linked, drills, digests, deputies, and roles that somebody confirms. The road back is the backup that `signpost upgrade` takes first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go on to this schema."""
    op.create_table('digest',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('day', sa.String(), nullable=False),
    sa.Column('due_at', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('finished_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_digest')),
    sa.UniqueConstraint('school', 'kind', 'day', name=op.f('uq_digest_school_kind_day'))
    )
    with op.batch_alter_table('digest', schema=None) as batch_op:
        batch_op.create_index('ix_digest_due', ['due_at'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.create_table('case_link',
    sa.Column('one', sa.String(), nullable=False),
    sa.Column('other', sa.String(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['one'], ['cases.id'], name=op.f('fk_case_link_one')),
    sa.ForeignKeyConstraint(['other'], ['cases.id'], name=op.f('fk_case_link_other')),
    sa.PrimaryKeyConstraint('one', 'other', name=op.f('pk_case_link'))
    )
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.add_column(sa.Column('drill', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('lap', sa.Integer(), nullable=True))

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('away_from', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('stands_in', sa.String(), nullable=True))

    with op.batch_alter_table('push', schema=None, table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.add_column(sa.Column('lap', sa.Integer(), server_default=sa.text('0'), nullable=False))
        batch_op.add_column(sa.Column('rank', sa.Integer(), server_default=sa.text('0'), nullable=False))
        batch_op.add_column(sa.Column('card', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('delivered_at', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('seen_at', sa.BigInteger(), nullable=True))
        batch_op.drop_constraint(batch_op.f('uq_push_case_id_person_id_kind'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_push_case_id_person_id_kind_lap_rank'), ['case_id', 'person_id', 'kind', 'lap', 'rank'])

    with op.batch_alter_table('role_holding', schema=None) as batch_op:
        batch_op.add_column(sa.Column('given_by', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('confirmed_at', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('confirmed_by', sa.String(), nullable=True))
    # Whoever held a role before anybody could confirm one keeps what they may see.
    op.execute('UPDATE role_holding SET confirmed_at = since')
