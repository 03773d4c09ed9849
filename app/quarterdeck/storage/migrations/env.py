"""What Alembic runs for every migration: the steps go into the transaction of the connection that was handed over."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
