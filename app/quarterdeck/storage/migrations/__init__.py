"""The steps of the schema, run by Alembic when an older store is opened."""
