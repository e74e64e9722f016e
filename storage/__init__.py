"""Where everything is kept: SQLite in one process, PostgreSQL in many, behind one Store. Rows never leave this package."""
