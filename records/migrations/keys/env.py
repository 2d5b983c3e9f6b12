"""Alembic's environment for the keys database: the connection is given by `records.schema`."""

from alembic import context

from records.tables import KeyBase

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=KeyBase.metadata,
    render_as_batch=True,
    transactional_ddl=False,  # The caller's transaction holds the whole of it.
)
context.run_migrations()
