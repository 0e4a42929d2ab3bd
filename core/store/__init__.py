"""The store: SQLModel on SQLite or PostgreSQL, one unit of work over every repository."""

from core.store.store import SqlUnitOfWork, Store, open_store

__all__ = ["SqlUnitOfWork", "Store", "open_store"]
