"""Alembic's entry point: migrate over the connection, and in the transaction, it is given."""

from alembic import context

from core.store.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
