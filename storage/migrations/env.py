"""How Alembic runs here: on the connection, and inside the transaction, that `storage.migrate` hands it."""

from __future__ import annotations

from alembic import context

from storage.migrations.drafting import render, same_type
from storage.tables import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    compare_type=same_type,
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
