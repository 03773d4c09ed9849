"""Every verdict of a moment as one record to hand over: with what was asked for, and counts that add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from quarterdeck.domain.estate import Entity
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.domain.policies import PolicyVersion, Verdict, VerdictInterval, Waiver
from quarterdeck.services.compliance_ports import ComplianceRecords
from quarterdeck.services.ports import EstateStore


class ExportedStore(EstateStore, Protocol):
    """What is exported from."""

    @property
    def compliance(self) -> ComplianceRecords:
        """Policies, evidence and verdicts."""
        ...


@dataclass(frozen=True, slots=True)
class ExportedVerdict:
    """One control as it was found; `waiver` is the one that holds, `evidence` what the verdict rested on."""

    version: PolicyVersion
    entity: Entity
    interval: VerdictInterval
    evidence: tuple[EvidenceRecord, ...]
    waiver: Waiver | None = None


@dataclass(frozen=True, slots=True)
class VerdictExport:
    """The verdicts of a moment by policy and entity.

    `population` is how many there were; those whose entity or policy is not known at the moment are `left_out`, so
    that population = rows + left out, and rows = the sum of the counts. `query` says in words what was asked for.
    """

    at: datetime
    query: str
    population: int
    left_out: tuple[str, ...]
    rows: tuple[ExportedVerdict, ...]
    policies: tuple[PolicyVersion, ...]

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many rows have which verdict; every verdict is there."""
        found = Counter(row.interval.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in Verdict}


def exported_verdicts(store: ExportedStore, at: datetime) -> VerdictExport:
    """Every verdict that stood at a moment, to the millisecond. Raises StoreUnavailable.

    The same store and moment give the same export, whenever it is made, as long as nothing is judged anew for then.
    """
    at = from_ms(to_ms(at))
    records = store.compliance
    versions = {(each.policy.id, each.version): each for each in records.policy_versions()}
    entities = {entity.key: entity for entity in store.estate(at).entities}
    intervals = sorted(records.verdicts_at(at), key=lambda interval: interval.control)
    evidence = _cited(records, intervals)
    holding = _holding(records.waivers(), at)
    rows: list[ExportedVerdict] = []
    left_out: list[str] = []
    for interval in intervals:
        key = interval.control
        version, entity = versions.get((key.policy_id, key.version)), entities.get(key.entity_key)
        if version is None or entity is None:
            left_out.append(f"{key.policy_id}@{key.version} {key.entity_key}")
            continue
        cited_here = tuple(evidence[number] for number in interval.evidence_ids if number in evidence)
        waiver = holding.get((key.policy_id, key.entity_key))
        rows.append(ExportedVerdict(version, entity, interval, cited_here, waiver))
    in_force = [
        version
        for version in versions.values()
        if version.valid_from_at <= at and (version.valid_to_at is None or at < version.valid_to_at)
    ]
    return VerdictExport(
        at=at,
        query=f"Every verdict that stood at {at.isoformat()}, of every policy against every entity it covers.",
        population=len(intervals),
        left_out=tuple(left_out),
        rows=tuple(rows),
        policies=tuple(sorted(in_force, key=lambda version: (version.policy.pack, version.policy.id))),
    )


def _cited(records: ComplianceRecords, intervals: Sequence[VerdictInterval]) -> dict[int, EvidenceRecord]:
    cited = {number for interval in intervals for number in interval.evidence_ids}
    if not cited:
        return {}
    return {record.id: record for record in records.evidence(after_id=min(cited) - 1) if record.id in cited}


def _holding(waivers: Iterable[Waiver], at: datetime) -> dict[tuple[str, str], Waiver]:
    return {(each.policy_id, each.entity_key): each for each in waivers if each.from_at <= at < each.until_at}
