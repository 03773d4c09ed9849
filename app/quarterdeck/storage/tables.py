"""The store's tables, for any SQL engine: the one place that names columns.

Times are integer milliseconds since the epoch. What is dated holds over `[from, to)`, an open end is `FOREVER`, so that
"as of t" is `from <= t < to` everywhere. Structured values are JSON text. No table holds a secret.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from quarterdeck.storage import anomaly_tables, compliance_tables, maintenance_tables, series_tables, table_columns
from quarterdeck.storage.table_columns import Measure, Number, Words, metadata, ms, number_key, words

FOREVER = table_columns.FOREVER
storable_text = table_columns.storable_text
series = series_tables.series
series_head = series_tables.series_head
series_bundle = series_tables.series_bundle
series_times = series_tables.series_times
series_chunk = series_tables.series_chunk
series_pyramid = series_tables.series_pyramid
series_latest = series_tables.series_latest
compaction = series_tables.compaction
evidence = compliance_tables.evidence
maintenance_record = maintenance_tables.maintenance_record
anomaly = anomaly_tables.anomaly

revision = Table(
    "alembic_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Which step of the schema this is; the table is Alembic's own."""

topic_version = Table("topic_version", metadata, Column("topic", Words, primary_key=True), ms("version"))

writer_mark = Table(
    "writer_mark", metadata, Column("writer", Words, primary_key=True), ms("group_number"), ms("committed_ms")
)
"""The last group each writer committed: what a failed COMMIT is read back by."""

lease = Table(
    "lease",
    metadata,
    Column("name", Words, primary_key=True),
    words("holder"),
    words("host"),
    ms("pid"),
    ms("renewed_ms"),
    ms("expires_ms"),
)

entity_version = Table(
    "entity_version",
    metadata,
    number_key(),
    words("key"),
    words("origin"),
    words("source"),
    ms("valid_from_ms"),
    ms("valid_to_ms", index=True),
    words("kind"),
    words("name"),
    words("domain"),
    words("owner"),
    Column("tier", Integer, nullable=False),
    words("description"),
    Column("freshness_seconds", Measure),
    words("expectations"),
    words("facts"),
    words("rules"),
    words("objectives"),
    UniqueConstraint("key", "origin", "source", "valid_from_ms", name="uq_entity_version"),
    sqlite_autoincrement=True,
)

relation_version = Table(
    "relation_version",
    metadata,
    number_key(),
    words("key"),
    words("origin"),
    words("source"),
    ms("valid_from_ms"),
    ms("valid_to_ms", index=True),
    words("kind"),
    words("source_key"),
    words("target_key"),
    words("facts"),
    Column("last_seen_ms", BigInteger),
    UniqueConstraint("key", "origin", "source", "valid_from_ms", name="uq_relation_version"),
    sqlite_autoincrement=True,
)

sighting = Table(
    "sighting",
    metadata,
    Column("source", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("from_ms", BigInteger, primary_key=True),
    ms("to_ms"),
    ms("last_ms"),
    sqlite_with_rowid=False,
)
"""From when to when and when last a connection saw an entity or a relation; an empty key: that it looked at all."""

state_interval = Table(
    "state_interval",
    metadata,
    Column("entity_key", Words, primary_key=True),
    Column("from_ms", BigInteger, primary_key=True),
    ms("to_ms", index=True),
    words("state"),
    words("reason"),
    words("cause"),
    words("grounds"),
    sqlite_with_rowid=False,
)
"""States as they are shown; `grounds` is what they follow from beyond the entity's own signals, empty for nothing."""

own_interval = Table(
    "own_interval",
    metadata,
    Column("entity_key", Words, primary_key=True),
    Column("from_ms", BigInteger, primary_key=True),
    ms("to_ms", index=True),
    words("state"),
    words("reason"),
    words("cause"),
    sqlite_with_rowid=False,
)
"""States by each entity's own signals alone."""

probe = Table(
    "probe",
    metadata,
    number_key(),
    words("entity_key"),
    words("name"),
    UniqueConstraint("entity_key", "name", name="uq_probe"),
)

check_result = Table(
    "check_result",
    metadata,
    Column("probe_id", Number, ForeignKey("probe.id"), primary_key=True, autoincrement=False),
    Column("checked_ms", BigInteger, primary_key=True),
    words("outcome"),
    words("summary"),
    Column("duration_seconds", Measure),
    words("facts"),
    sqlite_with_rowid=False,
)

event = Table(
    "event",
    metadata,
    number_key(),
    words("source"),
    words("event_id"),
    words("type"),
    ms("occurred_ms", index=True),
    ms("ingested_ms"),
    words("entity_key"),
    words("correlation_key", index=True),
    words("facts"),
    UniqueConstraint("source", "event_id", name="uq_event"),
    Index("ix_event_type", "type", "occurred_ms"),
    Index("ix_event_entity", "entity_key", "occurred_ms"),
    sqlite_autoincrement=True,
)

change_record = Table(
    "change_record",
    metadata,
    Column("change_id", Words, primary_key=True),
    words("kind"),
    ms("changed_ms", index=True),
    words("summary"),
    words("entity_key"),
    words("facts"),
)

claimed_status = Table(
    "claimed_status",
    metadata,
    Column("entity_key", Words, primary_key=True),
    Column("claimed_ms", BigInteger, primary_key=True),
    words("state"),
    words("words"),
    words("facts"),
    sqlite_with_rowid=False,
)

resource = Table(
    "resource",
    metadata,
    number_key(),
    words("entity_key"),
    words("name"),
    UniqueConstraint("entity_key", "name", name="uq_resource"),
)

allocation = Table(
    "allocation",
    metadata,
    Column("resource_id", Number, ForeignKey("resource.id"), primary_key=True, autoincrement=False),
    Column("observed_ms", BigInteger, primary_key=True),
    words("kind"),
    words("unit"),
    Column("allocated", Measure, nullable=False),
    Column("used", Measure),
    sqlite_with_rowid=False,
)

connection = Table(
    "connection",
    metadata,
    Column("id", Words, primary_key=True),
    words("connector_id"),
    words("name"),
    words("settings"),
    words("secret_names"),
    Column("poll_seconds", Measure, nullable=False),
    Column("enabled", Boolean, nullable=False),
    words("managed_by"),
)

connection_health = Table(
    "connection_health",
    metadata,
    Column("connection_id", Words, primary_key=True),
    words("state"),
    words("words"),
    words("next_step"),
    Column("last_attempt_ms", BigInteger),
    Column("last_good_ms", BigInteger),
    Column("newest_data_ms", BigInteger),
    Column("failures_in_a_row", Integer, nullable=False),
    Column("poll_duration_seconds", Measure),
    words("backfill"),
    words("facts"),
)

reception = Table(
    "reception",
    metadata,
    Column("connection_id", Words, primary_key=True),
    Column("from_ms", BigInteger, primary_key=True),
    ms("to_ms", index=True),
    words("kind"),
    sqlite_with_rowid=False,
)

poll_cursor = Table(
    "poll_cursor",
    metadata,
    Column("connection_id", Words, primary_key=True),
    Column("live", Words),
    Column("last_good_ms", BigInteger),
    Column("backfill_reached_ms", BigInteger),
    Column("backfill_until_ms", BigInteger),
    ms("backfill_samples"),
)

retention = Table(
    "retention",
    metadata,
    Column("name", Words, primary_key=True),
    Column("raw_ms", BigInteger),
    Column("limit_bytes", BigInteger),
)
"""How long single samples are kept and how large the store may become; NULL is without end."""

store_size = Table("store_size", metadata, Column("at_ms", BigInteger, primary_key=True), ms("size_bytes"))
"""How large the store was, noted now and then: where its growth is read from."""
