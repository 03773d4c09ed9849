"""Maintenance: every record that was ever made of a window, chained by digests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table, empty: nothing was planned before."""
    op.create_table(
        "maintenance_record",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=False),
        _words("window_id"),
        sa.Column("revision", sa.Integer(), nullable=False),
        _words("act"),
        _ms("recorded_ms"),
        _words("recorded_by"),
        _words("note"),
        _words("entity_keys"),
        _words("domains"),
        _words("reason"),
        _ms("start_ms"),
        _ms("length_ms"),
        _words("rule"),
        _words("zone"),
        _words("cuts"),
        sa.Column("closed_ms", sa.BigInteger()),
        _words("digest"),
        sa.UniqueConstraint("window_id", "revision", name="uq_maintenance_record"),
    )


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _ms(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)
