"""The database adapter: tables, repositories, unit of work."""
