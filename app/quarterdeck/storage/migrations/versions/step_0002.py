"""Series at scale: instants stored once for many chunks, bundles before chunks, a pyramid over them, and retention."""

from __future__ import annotations

import hashlib
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_FLOAT: sa.Double[float] = sa.Double()
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ROWS_AT_ONCE = 500
_DIGEST_BYTES = 16
_KEPT = (
    "id", "series_id", "start_ms", "end_ms", "samples", "numbers", "low", "high", "total", "first_value", "last_value",
    "digest", "payload",
)  # fmt: skip


def upgrade() -> None:
    """Make the new tables and move what was packed into them; batches in the head stay as they are."""
    _samples()
    _retention()
    op.drop_index("ix_series_chunk_range", "series_chunk")
    op.rename_table("series_chunk", "series_chunk_before")
    _chunks()
    _move_chunks()
    op.drop_table("series_chunk_before")
    op.create_index("ix_series_chunk_range", "series_chunk", ["series_id", "start_ms", "end_ms"])
    _latest()


def _number_key() -> sa.Column[int]:
    return sa.Column("id", _NUMBER, primary_key=True, autoincrement=True)


def _series_id() -> sa.Column[int]:
    return sa.Column("series_id", _NUMBER, sa.ForeignKey("series.id"), nullable=False)


def _ms(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _samples() -> None:
    op.create_table(
        "series_bundle",
        _number_key(),
        _ms("bundle"),
        _ms("start_ms"),
        _ms("end_ms"),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_series_bundle_range", "series_bundle", ["bundle", "start_ms", "end_ms"])
    op.create_table(
        "series_times",
        _number_key(),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _ms("uses"),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("digest"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "series_pyramid",
        _number_key(),
        _series_id(),
        sa.Column("level", sa.Integer(), nullable=False),
        _ms("start_ms"),
        _ms("end_ms"),
        sa.Column("blocks", sa.Integer(), nullable=False),
        _ms("samples"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sqlite_autoincrement=True,
    )
    covering = ["series_id", "level", "start_ms", "end_ms", "blocks", "samples"]
    op.create_index("ix_series_pyramid_range", "series_pyramid", covering)


def _retention() -> None:
    op.create_table(
        "retention",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("raw_ms", sa.BigInteger()),
        sa.Column("limit_bytes", sa.BigInteger()),
    )
    op.create_table("store_size", sa.Column("at_ms", sa.BigInteger(), primary_key=True), _ms("size_bytes"))


def _chunks() -> None:
    op.create_table(
        "series_chunk",
        _number_key(),
        _series_id(),
        _ms("start_ms"),
        _ms("end_ms"),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.Integer(), nullable=False),
        sa.Column("low", _FLOAT),
        sa.Column("high", _FLOAT),
        sa.Column("total", _FLOAT),
        sa.Column("first_value", _FLOAT),
        sa.Column("last_value", _FLOAT),
        _ms("times_id"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("payload", sa.LargeBinary()),
        sqlite_autoincrement=True,
    )


def _move_chunks() -> None:
    """In the order of their numbers, some hundred at a time: a store may hold more than memory does."""
    connection = op.get_bind()
    before = sa.table("series_chunk_before", *map(sa.column, (*_KEPT, "times")))
    after = sa.table("series_chunk", *map(sa.column, (*_KEPT, "times_id")))
    reached = 0
    while rows := _next_rows(connection, before, reached):
        moved = [
            {name: row[name] for name in _KEPT} | {"times_id": _times_id(connection, row["times"])} for row in rows
        ]
        connection.execute(sa.insert(after), moved)
        reached = rows[-1]["id"]
    if connection.dialect.name == "postgresql" and reached:
        connection.execute(sa.text("SELECT setval(pg_get_serial_sequence('series_chunk', 'id'), :id)"), {"id": reached})


def _next_rows(connection: sa.Connection, before: sa.TableClause, reached: int) -> list[dict[str, Any]]:
    following = sa.select(before).where(before.c.id > reached).order_by(before.c.id).limit(_ROWS_AT_ONCE)
    return [dict(row) for row in connection.execute(following).mappings()]


def _times_id(connection: sa.Connection, payload: bytes) -> int:
    """The row that holds a column of instants, made or used once more."""
    times = sa.table("series_times", *map(sa.column, ("id", "digest", "uses", "payload")))
    digest = hashlib.sha256(payload).digest()[:_DIGEST_BYTES]
    known = connection.execute(sa.select(times.c.id).where(times.c.digest == digest)).scalar()
    if known is None:
        connection.execute(sa.insert(times), {"digest": digest, "uses": 1, "payload": payload})
        return connection.execute(sa.select(times.c.id).where(times.c.digest == digest)).scalar_one()
    connection.execute(sa.update(times).where(times.c.id == known).values(uses=times.c.uses + 1))
    return int(known)


def _latest() -> None:
    """What is packed already is told to the pyramid by counting its chunks."""
    op.rename_table("series_latest", "series_latest_before")
    op.create_table(
        "series_latest",
        sa.Column("series_id", _NUMBER, sa.ForeignKey("series.id"), primary_key=True, autoincrement=False),
        _ms("first_ms"),
        _ms("last_ms"),
        sa.Column("last_value", _FLOAT),
        _ms("unsummarised"),
        sa.Column("thinned_from_ms", sa.BigInteger()),
        sa.Column("thinned_to_ms", sa.BigInteger()),
    )
    op.execute(
        "INSERT INTO series_latest (series_id, first_ms, last_ms, last_value, unsummarised) "
        "SELECT series_id, first_ms, last_ms, last_value, "
        "(SELECT count(*) FROM series_chunk WHERE series_chunk.series_id = series_latest_before.series_id) "
        "FROM series_latest_before"
    )
    op.drop_table("series_latest_before")
    op.create_index("ix_series_latest_unsummarised", "series_latest", ["unsummarised"])
