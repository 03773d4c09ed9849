"""Anomalies: what was found unusual in a series, by the day in which it was judged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FLOAT: sa.Double[float] = sa.Double()


def upgrade() -> None:
    """Make the table, empty: the collector judges what is there when it next runs."""
    op.create_table(
        "anomaly",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("series", "day_ms", "from_ms", "to_ms", "known_ms", "worst_ms")
        ),
        sa.Column("value", _FLOAT, nullable=False),
        sa.Column("low", _FLOAT),
        sa.Column("high", _FLOAT),
        sa.Column("loudness", _FLOAT, nullable=False),
        sa.Column("once_in", _FLOAT, nullable=False),
        sa.Column("fired", sa.Text(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_anomaly_day", "anomaly", ["day_ms", "series"])
    op.create_index("ix_anomaly_series", "anomaly", ["series", "day_ms"])
