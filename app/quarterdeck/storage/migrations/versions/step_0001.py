"""The first store: the estate, states, series, occurrences, connections and the collector's lease."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_FLOAT: sa.Double[float] = sa.Double()
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    _bookkeeping()
    _entities()
    _relations_and_states()
    _series()
    _samples()
    _checks_and_claims()
    _events()
    _changes_and_resources()
    _connections()
    _reception_and_cursors()


def _number_key() -> sa.Column[int]:
    return sa.Column("id", _NUMBER, primary_key=True, autoincrement=True)


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _ms(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _bookkeeping() -> None:
    op.create_table(
        "topic_version",
        sa.Column("topic", sa.Text(), primary_key=True),
        _ms("version"),
    )
    op.create_table(
        "writer_mark",
        sa.Column("writer", sa.Text(), primary_key=True),
        _ms("group_number"),
        _ms("committed_ms"),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), primary_key=True),
        _words("holder"),
        _words("host"),
        _ms("pid"),
        _ms("renewed_ms"),
        _ms("expires_ms"),
    )


def _entities() -> None:
    op.create_table(
        "entity_version",
        _number_key(),
        _words("key"),
        _words("origin"),
        _words("source"),
        _ms("valid_from_ms"),
        _ms("valid_to_ms"),
        _words("kind"),
        _words("name"),
        _words("domain"),
        _words("owner"),
        sa.Column("tier", sa.Integer(), nullable=False),
        _words("description"),
        sa.Column("freshness_seconds", _FLOAT),
        _words("expectations"),
        _words("facts"),
        sa.UniqueConstraint("key", "origin", "source", "valid_from_ms", name="uq_entity_version"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_entity_version_valid_to_ms", "entity_version", ["valid_to_ms"])


def _relations_and_states() -> None:
    op.create_table(
        "relation_version",
        _number_key(),
        _words("key"),
        _words("origin"),
        _words("source"),
        _ms("valid_from_ms"),
        _ms("valid_to_ms"),
        _words("kind"),
        _words("source_key"),
        _words("target_key"),
        _words("facts"),
        sa.Column("last_seen_ms", sa.BigInteger()),
        sa.UniqueConstraint("key", "origin", "source", "valid_from_ms", name="uq_relation_version"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_relation_version_valid_to_ms", "relation_version", ["valid_to_ms"])
    op.create_table(
        "state_interval",
        sa.Column("entity_key", sa.Text(), primary_key=True),
        sa.Column("from_ms", sa.BigInteger(), primary_key=True),
        _ms("to_ms"),
        _words("state"),
        _words("reason"),
        _words("cause"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_state_interval_to_ms", "state_interval", ["to_ms"])


def _series() -> None:
    op.create_table(
        "series",
        _number_key(),
        sa.Column("digest", sa.String(64), nullable=False),
        _words("connection_id"),
        _words("entity_key"),
        _words("name"),
        _words("meaning"),
        _words("unit"),
        _words("statistic"),
        _words("labels"),
        _words("kind"),
        sa.Column("read_through", sa.Boolean(), nullable=False),
        _words("query"),
        sa.UniqueConstraint("digest"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_series_connection_id", "series", ["connection_id"])
    op.create_index("ix_series_entity_key", "series", ["entity_key"])
    op.create_table(
        "series_latest",
        sa.Column("series_id", _NUMBER, sa.ForeignKey("series.id"), primary_key=True, autoincrement=False),
        _ms("first_ms"),
        _ms("last_ms"),
        sa.Column("last_value", _FLOAT),
    )


def _samples() -> None:
    op.create_table(
        "series_head",
        _number_key(),
        _ms("start_ms"),
        _ms("end_ms"),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_series_head_range", "series_head", ["start_ms", "end_ms", "samples"])
    op.create_table(
        "series_chunk",
        _number_key(),
        sa.Column("series_id", _NUMBER, sa.ForeignKey("series.id"), nullable=False),
        _ms("start_ms"),
        _ms("end_ms"),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.Integer(), nullable=False),
        sa.Column("low", _FLOAT),
        sa.Column("high", _FLOAT),
        sa.Column("total", _FLOAT),
        sa.Column("first_value", _FLOAT),
        sa.Column("last_value", _FLOAT),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("times", sa.LargeBinary(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_series_chunk_range", "series_chunk", ["series_id", "start_ms", "end_ms"])
    op.create_table(
        "compaction",
        sa.Column("name", sa.Text(), primary_key=True),
        _ms("through_head_id"),
        _ms("after_series_id"),
    )


def _checks_and_claims() -> None:
    op.create_table(
        "probe",
        _number_key(),
        _words("entity_key"),
        _words("name"),
        sa.UniqueConstraint("entity_key", "name", name="uq_probe"),
    )
    op.create_table(
        "check_result",
        sa.Column("probe_id", _NUMBER, sa.ForeignKey("probe.id"), primary_key=True, autoincrement=False),
        sa.Column("checked_ms", sa.BigInteger(), primary_key=True),
        _words("outcome"),
        _words("summary"),
        sa.Column("duration_seconds", _FLOAT),
        _words("facts"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "claimed_status",
        sa.Column("entity_key", sa.Text(), primary_key=True),
        sa.Column("claimed_ms", sa.BigInteger(), primary_key=True),
        _words("state"),
        _words("words"),
        _words("facts"),
        sqlite_with_rowid=False,
    )


def _events() -> None:
    op.create_table(
        "event",
        _number_key(),
        _words("source"),
        _words("event_id"),
        _words("type"),
        _ms("occurred_ms"),
        _ms("ingested_ms"),
        _words("entity_key"),
        _words("correlation_key"),
        _words("facts"),
        sa.UniqueConstraint("source", "event_id", name="uq_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_event_correlation_key", "event", ["correlation_key"])
    op.create_index("ix_event_entity", "event", ["entity_key", "occurred_ms"])
    op.create_index("ix_event_occurred_ms", "event", ["occurred_ms"])
    op.create_index("ix_event_type", "event", ["type", "occurred_ms"])


def _changes_and_resources() -> None:
    op.create_table(
        "change_record",
        sa.Column("change_id", sa.Text(), primary_key=True),
        _words("kind"),
        _ms("changed_ms"),
        _words("summary"),
        _words("entity_key"),
        _words("facts"),
    )
    op.create_index("ix_change_record_changed_ms", "change_record", ["changed_ms"])
    op.create_table(
        "resource",
        _number_key(),
        _words("entity_key"),
        _words("name"),
        sa.UniqueConstraint("entity_key", "name", name="uq_resource"),
    )
    op.create_table(
        "allocation",
        sa.Column("resource_id", _NUMBER, sa.ForeignKey("resource.id"), primary_key=True, autoincrement=False),
        sa.Column("observed_ms", sa.BigInteger(), primary_key=True),
        _words("kind"),
        _words("unit"),
        sa.Column("allocated", _FLOAT, nullable=False),
        sa.Column("used", _FLOAT),
        sqlite_with_rowid=False,
    )


def _connections() -> None:
    op.create_table(
        "connection",
        sa.Column("id", sa.Text(), primary_key=True),
        _words("connector_id"),
        _words("name"),
        _words("settings"),
        _words("secret_names"),
        sa.Column("poll_seconds", _FLOAT, nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        _words("managed_by"),
    )
    op.create_table(
        "connection_health",
        sa.Column("connection_id", sa.Text(), primary_key=True),
        _words("state"),
        _words("words"),
        _words("next_step"),
        sa.Column("last_attempt_ms", sa.BigInteger()),
        sa.Column("last_good_ms", sa.BigInteger()),
        sa.Column("newest_data_ms", sa.BigInteger()),
        sa.Column("failures_in_a_row", sa.Integer(), nullable=False),
        sa.Column("poll_duration_seconds", _FLOAT),
        _words("backfill"),
        _words("facts"),
    )


def _reception_and_cursors() -> None:
    op.create_table(
        "reception",
        sa.Column("connection_id", sa.Text(), primary_key=True),
        sa.Column("from_ms", sa.BigInteger(), primary_key=True),
        _ms("to_ms"),
        _words("kind"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reception_to_ms", "reception", ["to_ms"])
    op.create_table(
        "poll_cursor",
        sa.Column("connection_id", sa.Text(), primary_key=True),
        sa.Column("live", sa.Text()),
        sa.Column("last_good_ms", sa.BigInteger()),
        sa.Column("backfill_reached_ms", sa.BigInteger()),
        sa.Column("backfill_until_ms", sa.BigInteger()),
        _ms("backfill_samples"),
    )
