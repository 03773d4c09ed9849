"""Sightings: since when and when last each source saw what; and each entity's declared objectives."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_FLOAT: sa.Double[float] = sa.Double()
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ENTITY = (
    "id", "key", "origin", "source", "valid_from_ms", "valid_to_ms", "kind", "name", "domain", "owner", "tier",
    "description", "freshness_seconds", "expectations", "facts", "rules",
)  # fmt: skip
_FOREVER = (1 << 63) - 1


def upgrade() -> None:
    """What was observed so far counts as seen since then, and its sources as looking since they told of anything."""
    op.create_table(
        "sighting",
        sa.Column("source", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("from_ms", sa.BigInteger(), primary_key=True),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("to_ms", "last_ms")),
        sqlite_with_rowid=False,
    )
    _see("entity_version", by_key=True)
    _see("relation_version", by_key=True)
    _see("entity_version", by_key=False)
    if op.get_bind().dialect.name == "sqlite":
        _remake_entities()
    else:
        op.add_column("entity_version", sa.Column("objectives", sa.Text(), nullable=False, server_default="[]"))
        op.alter_column("entity_version", "objectives", server_default=None)


def _see(table: str, *, by_key: bool) -> None:
    seen = sa.table(table, *map(sa.column, ("source", "key", "origin", "valid_from_ms")))
    target = sa.table("sighting", *map(sa.column, ("source", "key", "from_ms", "to_ms", "last_ms")))
    key = seen.c.key if by_key else sa.literal("")
    first, last = sa.func.min(seen.c.valid_from_ms), sa.func.max(seen.c.valid_from_ms)
    rows = sa.select(seen.c.source, key, first, sa.literal(_FOREVER, sa.BigInteger()), last)
    rows = rows.where(seen.c.origin == "observed").group_by(seen.c.source, *([seen.c.key] if by_key else []))
    op.get_bind().execute(sa.insert(target).from_select([column.name for column in target.columns], rows))


def _remake_entities() -> None:
    """SQLite puts an added column where a new store does not have it."""
    op.drop_index("ix_entity_version_valid_to_ms", "entity_version")
    op.rename_table("entity_version", "entity_version_before")
    op.create_table(
        "entity_version",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
        *map(_words, ("key", "origin", "source")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("valid_from_ms", "valid_to_ms")),
        *map(_words, ("kind", "name", "domain", "owner")),
        sa.Column("tier", sa.Integer(), nullable=False),
        _words("description"),
        sa.Column("freshness_seconds", _FLOAT),
        *map(_words, ("expectations", "facts", "rules", "objectives")),
        sa.UniqueConstraint("key", "origin", "source", "valid_from_ms", name="uq_entity_version"),
        sqlite_autoincrement=True,
    )
    before = sa.table("entity_version_before", *map(sa.column, _ENTITY))
    after = sa.table("entity_version", *map(sa.column, (*_ENTITY, "objectives")))
    rows = sa.select(*before.columns, sa.literal("[]"))
    op.get_bind().execute(sa.insert(after).from_select([*_ENTITY, "objectives"], rows))
    op.drop_table("entity_version_before")
    op.create_index("ix_entity_version_valid_to_ms", "entity_version", ["valid_to_ms"])


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
