"""The table of maintenance: every record that was ever made of a window."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, UniqueConstraint

from quarterdeck.storage.table_columns import Number, Words, metadata, ms, words

maintenance_record = Table(
    "maintenance_record",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("window_id", Words, nullable=False),
    Column("revision", Integer, nullable=False),
    words("act"),
    ms("recorded_ms"),
    words("recorded_by"),
    words("note"),
    words("entity_keys"),
    words("domains"),
    words("reason"),
    ms("start_ms"),
    ms("length_ms"),
    words("rule"),
    words("zone"),
    words("cuts"),
    Column("closed_ms", BigInteger),
    words("digest"),
    UniqueConstraint("window_id", "revision", name="uq_maintenance_record"),
)
"""Only ever added to: numbered without a gap, each digest covering the one before it."""
