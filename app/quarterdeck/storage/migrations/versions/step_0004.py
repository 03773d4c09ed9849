"""Compliance: policies in their versions, chained evidence, verdicts over time, and waivers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, empty; what is judged comes from the evidence that is gathered from then on."""
    op.create_table(
        "policy_version",
        _words("policy_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _words("digest"),
        _words("document"),
        _ms("valid_from_ms"),
        _ms("valid_to_ms"),
        sa.PrimaryKeyConstraint("policy_id", "version"),
    )
    _evidence()
    _verdicts()
    op.create_table(
        "waiver",
        sa.Column("id", sa.Text(), primary_key=True),
        _words("policy_id"),
        _words("entity_key"),
        _words("reason"),
        _words("requested_by"),
        _words("approved_by"),
        _ms("from_ms"),
        _ms("until_ms"),
    )


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=False),
        _words("kind"),
        _words("entity_key"),
        _words("what"),
        _words("source"),
        _words("query"),
        _ms("effective_from_ms"),
        _ms("effective_to_ms"),
        _ms("received_ms"),
        _ms("population"),
        _words("counts"),
        _words("content"),
        _words("digest"),
    )
    op.create_index("ix_evidence_entity_key", "evidence", ["entity_key"])


def _verdicts() -> None:
    op.create_table(
        "control_verdict",
        sa.Column("control_key", sa.Text(), primary_key=True),
        sa.Column("from_ms", sa.BigInteger(), primary_key=True),
        _ms("to_ms"),
        _words("verdict"),
        _words("reason"),
        _words("evidence"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_control_verdict_to_ms", "control_verdict", ["to_ms"])


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _ms(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)
