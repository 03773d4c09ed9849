"""The tables of compliance: policies in their versions, evidence, verdicts over time, and waivers."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, PrimaryKeyConstraint, Table

from quarterdeck.storage.table_columns import Number, Words, metadata, ms, words

policy_version = Table(
    "policy_version",
    metadata,
    Column("policy_id", Words, nullable=False),
    Column("version", Integer, nullable=False),
    words("digest"),
    words("document"),
    ms("valid_from_ms"),
    ms("valid_to_ms"),
    PrimaryKeyConstraint("policy_id", "version"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    words("kind"),
    words("entity_key", index=True),
    words("what"),
    words("source"),
    words("query"),
    ms("effective_from_ms"),
    ms("effective_to_ms"),
    ms("received_ms"),
    ms("population"),
    words("counts"),
    words("content"),
    words("digest"),
)
"""Only ever added to: numbered without a gap, each digest covering the one before it."""

control_verdict = Table(
    "control_verdict",
    metadata,
    Column("control_key", Words, primary_key=True),
    Column("from_ms", BigInteger, primary_key=True),
    ms("to_ms", index=True),
    words("verdict"),
    words("reason"),
    words("evidence"),
    sqlite_with_rowid=False,
)

waiver = Table(
    "waiver",
    metadata,
    Column("id", Words, primary_key=True),
    words("policy_id"),
    words("entity_key"),
    words("reason"),
    words("requested_by"),
    words("approved_by"),
    ms("from_ms"),
    ms("until_ms"),
)
