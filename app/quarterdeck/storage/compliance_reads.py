"""What is read of compliance in the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select

from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.policies import ControlKey, EvidenceKind, PolicyVersion, VerdictInterval, Waiver
from quarterdeck.storage.compliance_rows import control_text, evidence_from, verdict_from, version_from, waiver_from
from quarterdeck.storage.compliance_tables import control_verdict, evidence, policy_version, waiver
from quarterdeck.storage.database import Database
from quarterdeck.storage.interval_rows import IntervalTable

VERDICTS = IntervalTable(control_verdict, "control_key", ("verdict",), ("reason", "evidence"))


class ComplianceReads:
    """The reading half of `ComplianceRecords`, from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def policy_versions(self) -> tuple[PolicyVersion, ...]:
        ordered = select(policy_version).order_by(policy_version.c.policy_id, policy_version.c.version)
        with self._database.reading() as connection:
            return tuple(version_from(row) for row in connection.execute(ordered).mappings())

    def evidence(
        self, *, after_id: int = 0, kind: EvidenceKind | None = None, limit: int | None = None
    ) -> tuple[EvidenceRecord, ...]:
        wanted = select(evidence).where(evidence.c.id > after_id).order_by(evidence.c.id).limit(limit)
        if kind is not None:
            wanted = wanted.where(evidence.c.kind == kind.value)
        with self._database.reading() as connection:
            return tuple(evidence_from(row) for row in connection.execute(wanted).mappings())

    def evidence_about(self, entity_key: str) -> tuple[EvidenceRecord, ...]:
        wanted = select(evidence).where(evidence.c.entity_key == entity_key).order_by(evidence.c.id)
        with self._database.reading() as connection:
            return tuple(evidence_from(row) for row in connection.execute(wanted).mappings())

    def verdicts_at(self, as_of_at: datetime) -> tuple[VerdictInterval, ...]:
        moment_ms = to_ms(as_of_at)
        with self._database.reading() as connection:
            rows = connection.execute(VERDICTS.overlapping(moment_ms, moment_ms + 1)).mappings()
            return tuple(verdict_from(row) for row in rows)

    def verdicts_of(self, control: ControlKey, time_range: TimeRange) -> tuple[VerdictInterval, ...]:
        columns = control_verdict.c
        overlaps = and_(columns.from_ms < time_range.end_ms, columns.to_ms > time_range.start_ms)
        wanted = select(control_verdict).where(columns.control_key == control_text(control), overlaps)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(columns.from_ms)).mappings()
            return tuple(verdict_from(row) for row in rows)

    def verdicts_between(self, policy_ids: Sequence[str], time_range: TimeRange) -> tuple[VerdictInterval, ...]:
        columns = control_verdict.c
        overlaps = and_(columns.from_ms < time_range.end_ms, columns.to_ms > time_range.start_ms)
        named = or_(*(columns.control_key.startswith(f"{policy_id}@", autoescape=True) for policy_id in policy_ids))
        wanted = select(control_verdict).where(named, overlaps).order_by(columns.from_ms, columns.control_key)
        with self._database.reading() as connection:
            found = [verdict_from(row) for row in connection.execute(wanted).mappings()] if policy_ids else []
        # What is alike but for its case is not the same policy, whatever the database thinks.
        return tuple(interval for interval in found if interval.control.policy_id in policy_ids)

    def waivers(self) -> tuple[Waiver, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(waiver).order_by(waiver.c.from_ms, waiver.c.id)).mappings()
            return tuple(waiver_from(row) for row in rows)
