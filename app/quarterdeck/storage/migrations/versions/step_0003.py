"""Roll-up: own states apart from those shown, the grounds of a state, and each entity's declared health rules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_FLOAT: sa.Double[float] = sa.Double()
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ENTITY = (
    "id", "key", "origin", "source", "valid_from_ms", "valid_to_ms", "kind", "name", "domain", "owner", "tier",
    "description", "freshness_seconds", "expectations", "facts",
)  # fmt: skip
_STATE = ("entity_key", "from_ms", "to_ms", "state", "reason", "cause")


def upgrade() -> None:
    """What was shown so far is what each entity's own signals said."""
    _states("own_interval")
    _copy("state_interval", "own_interval", _STATE)
    if op.get_bind().dialect.name == "sqlite":
        _remake_states()
        _remake_entities()
    else:
        for table, column, empty in (("state_interval", "grounds", ""), ("entity_version", "rules", "[]")):
            op.add_column(table, sa.Column(column, sa.Text(), nullable=False, server_default=empty))
            op.alter_column(table, column, server_default=None)


def _states(name: str, *more: sa.Column[str]) -> None:
    op.create_table(
        name,
        sa.Column("entity_key", sa.Text(), primary_key=True),
        sa.Column("from_ms", sa.BigInteger(), primary_key=True),
        sa.Column("to_ms", sa.BigInteger(), nullable=False),
        _words("state"),
        _words("reason"),
        _words("cause"),
        *more,
        sqlite_with_rowid=False,
    )
    op.create_index(f"ix_{name}_to_ms", name, ["to_ms"])


def _remake_states() -> None:
    op.drop_table("state_interval")
    _states("state_interval", _words("grounds"))
    _copy("own_interval", "state_interval", _STATE, grounds="")


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
        *map(_words, ("expectations", "facts", "rules")),
        sa.UniqueConstraint("key", "origin", "source", "valid_from_ms", name="uq_entity_version"),
        sqlite_autoincrement=True,
    )
    _copy("entity_version_before", "entity_version", _ENTITY, rules="[]")
    op.drop_table("entity_version_before")
    op.create_index("ix_entity_version_valid_to_ms", "entity_version", ["valid_to_ms"])


def _copy(source: str, target: str, columns: tuple[str, ...], **constants: str) -> None:
    before = sa.table(source, *map(sa.column, columns))
    after = sa.table(target, *map(sa.column, (*columns, *constants)))
    rows = sa.select(*before.columns, *(sa.literal(constant) for constant in constants.values()))
    op.get_bind().execute(sa.insert(after).from_select([*columns, *constants], rows))


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
