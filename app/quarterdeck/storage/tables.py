"""The store's tables, for any SQL engine: the one place that names columns.

Times are integer milliseconds since the epoch. What is dated holds over `[from, to)`, an open end is `FOREVER`, so that
"as of t" is `from <= t < to` everywhere. Structured values are JSON text. No table holds a secret.
"""

from __future__ import annotations

import re

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

_UNSTORABLE = re.compile("[\\0\\ud800-\\udfff]")

FOREVER = 2**63 - 1
"""The end of what still holds."""


def storable_text(text: str) -> str:
    """The text with what no engine can keep (lone surrogates, NUL) replaced by the replacement character."""
    return _UNSTORABLE.sub("�", text)


class Words(TypeDecorator[str]):
    """Text from anywhere, made storable on its way in."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable_text(value)


metadata = MetaData()
Measure: Double[float] = Double()
Number = BigInteger().with_variant(Integer, "sqlite")


def _number_key() -> Column[int]:
    return Column("id", Number, primary_key=True, autoincrement=True)


def _words(name: str, *, index: bool = False) -> Column[str]:
    return Column(name, Words, nullable=False, index=index)


def _ms(name: str, *, index: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=False, index=index)


revision = Table(
    "alembic_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Which step of the schema this is; the table is Alembic's own."""

topic_version = Table("topic_version", metadata, Column("topic", Words, primary_key=True), _ms("version"))

writer_mark = Table(
    "writer_mark", metadata, Column("writer", Words, primary_key=True), _ms("group_number"), _ms("committed_ms")
)
"""The last group each writer committed: what a failed COMMIT is read back by."""

lease = Table(
    "lease",
    metadata,
    Column("name", Words, primary_key=True),
    _words("holder"),
    _words("host"),
    _ms("pid"),
    _ms("renewed_ms"),
    _ms("expires_ms"),
)

entity_version = Table(
    "entity_version",
    metadata,
    _number_key(),
    _words("key"),
    _words("origin"),
    _words("source"),
    _ms("valid_from_ms"),
    _ms("valid_to_ms", index=True),
    _words("kind"),
    _words("name"),
    _words("domain"),
    _words("owner"),
    Column("tier", Integer, nullable=False),
    _words("description"),
    Column("freshness_seconds", Measure),
    _words("expectations"),
    _words("facts"),
    UniqueConstraint("key", "origin", "source", "valid_from_ms", name="uq_entity_version"),
    sqlite_autoincrement=True,
)

relation_version = Table(
    "relation_version",
    metadata,
    _number_key(),
    _words("key"),
    _words("origin"),
    _words("source"),
    _ms("valid_from_ms"),
    _ms("valid_to_ms", index=True),
    _words("kind"),
    _words("source_key"),
    _words("target_key"),
    _words("facts"),
    Column("last_seen_ms", BigInteger),
    UniqueConstraint("key", "origin", "source", "valid_from_ms", name="uq_relation_version"),
    sqlite_autoincrement=True,
)

state_interval = Table(
    "state_interval",
    metadata,
    Column("entity_key", Words, primary_key=True),
    Column("from_ms", BigInteger, primary_key=True),
    _ms("to_ms", index=True),
    _words("state"),
    _words("reason"),
    _words("cause"),
    sqlite_with_rowid=False,
)

series = Table(
    "series",
    metadata,
    _number_key(),
    Column("digest", String(64), nullable=False, unique=True),
    _words("connection_id", index=True),
    _words("entity_key", index=True),
    _words("name"),
    _words("meaning"),
    _words("unit"),
    _words("statistic"),
    _words("labels"),
    _words("kind"),
    Column("read_through", Boolean, nullable=False),
    _words("query"),
    sqlite_autoincrement=True,
)

series_head = Table(
    "series_head",
    metadata,
    _number_key(),
    _ms("start_ms"),
    _ms("end_ms"),
    Column("samples", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("ix_series_head_range", "start_ms", "end_ms", "samples"),
    sqlite_autoincrement=True,
)
"""Batches as they came, the durable front of the series; `end_ms` is the newest sample's own time."""

series_chunk = Table(
    "series_chunk",
    metadata,
    _number_key(),
    Column("series_id", Number, ForeignKey("series.id"), nullable=False),
    _ms("start_ms"),
    _ms("end_ms"),
    Column("samples", Integer, nullable=False),
    Column("numbers", Integer, nullable=False),
    Column("low", Measure),
    Column("high", Measure),
    Column("total", Measure),
    Column("first_value", Measure),
    Column("last_value", Measure),
    Column("digest", LargeBinary, nullable=False),
    Column("times", LargeBinary, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("ix_series_chunk_range", "series_id", "start_ms", "end_ms"),
    sqlite_autoincrement=True,
)
"""Packed samples of one series; chunks of a series never overlap. NULL stands for NaN, which SQLite cannot keep."""

series_latest = Table(
    "series_latest",
    metadata,
    Column("series_id", Number, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    _ms("first_ms"),
    _ms("last_ms"),
    Column("last_value", Measure),
)
"""First and newest sample of what is packed; the head overlays it."""

compaction = Table(
    "compaction",
    metadata,
    Column("name", Words, primary_key=True),
    _ms("through_head_id"),
    _ms("after_series_id"),
)
"""The round of compaction under way, so that any process goes on where another stopped."""

probe = Table(
    "probe",
    metadata,
    _number_key(),
    _words("entity_key"),
    _words("name"),
    UniqueConstraint("entity_key", "name", name="uq_probe"),
)

check_result = Table(
    "check_result",
    metadata,
    Column("probe_id", Number, ForeignKey("probe.id"), primary_key=True, autoincrement=False),
    Column("checked_ms", BigInteger, primary_key=True),
    _words("outcome"),
    _words("summary"),
    Column("duration_seconds", Measure),
    _words("facts"),
    sqlite_with_rowid=False,
)

event = Table(
    "event",
    metadata,
    _number_key(),
    _words("source"),
    _words("event_id"),
    _words("type"),
    _ms("occurred_ms", index=True),
    _ms("ingested_ms"),
    _words("entity_key"),
    _words("correlation_key", index=True),
    _words("facts"),
    UniqueConstraint("source", "event_id", name="uq_event"),
    Index("ix_event_type", "type", "occurred_ms"),
    Index("ix_event_entity", "entity_key", "occurred_ms"),
    sqlite_autoincrement=True,
)

change_record = Table(
    "change_record",
    metadata,
    Column("change_id", Words, primary_key=True),
    _words("kind"),
    _ms("changed_ms", index=True),
    _words("summary"),
    _words("entity_key"),
    _words("facts"),
)

claimed_status = Table(
    "claimed_status",
    metadata,
    Column("entity_key", Words, primary_key=True),
    Column("claimed_ms", BigInteger, primary_key=True),
    _words("state"),
    _words("words"),
    _words("facts"),
    sqlite_with_rowid=False,
)

resource = Table(
    "resource",
    metadata,
    _number_key(),
    _words("entity_key"),
    _words("name"),
    UniqueConstraint("entity_key", "name", name="uq_resource"),
)

allocation = Table(
    "allocation",
    metadata,
    Column("resource_id", Number, ForeignKey("resource.id"), primary_key=True, autoincrement=False),
    Column("observed_ms", BigInteger, primary_key=True),
    _words("kind"),
    _words("unit"),
    Column("allocated", Measure, nullable=False),
    Column("used", Measure),
    sqlite_with_rowid=False,
)

connection = Table(
    "connection",
    metadata,
    Column("id", Words, primary_key=True),
    _words("connector_id"),
    _words("name"),
    _words("settings"),
    _words("secret_names"),
    Column("poll_seconds", Measure, nullable=False),
    Column("enabled", Boolean, nullable=False),
    _words("managed_by"),
)

connection_health = Table(
    "connection_health",
    metadata,
    Column("connection_id", Words, primary_key=True),
    _words("state"),
    _words("words"),
    _words("next_step"),
    Column("last_attempt_ms", BigInteger),
    Column("last_good_ms", BigInteger),
    Column("newest_data_ms", BigInteger),
    Column("failures_in_a_row", Integer, nullable=False),
    Column("poll_duration_seconds", Measure),
    _words("backfill"),
    _words("facts"),
)

reception = Table(
    "reception",
    metadata,
    Column("connection_id", Words, primary_key=True),
    Column("from_ms", BigInteger, primary_key=True),
    _ms("to_ms", index=True),
    _words("kind"),
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
    _ms("backfill_samples"),
)
