"""What posture is told from: the estate, its certificates, verdicts by the facts they rest on, and scans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from quarterdeck.analysis.known_facts import content_at
from quarterdeck.analysis.rule_parts import Demands
from quarterdeck.analysis.rules import RuleFault
from quarterdeck.domain.estate import Entity, EntityKind, RelationKind, RelationVersion
from quarterdeck.domain.evidence_records import EvidenceRecord, FactValue
from quarterdeck.domain.finding_records import FindingRecord, FindingSubject
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.policies import Policy, PolicyVersion, Verdict, VerdictInterval
from quarterdeck.services.compliance_ports import ComplianceRecords
from quarterdeck.services.declared_facts import DeclaredEstateView, declaration_of
from quarterdeck.services.measured_facts import CertificateReading, certificate_evidence, certificate_readings
from quarterdeck.services.ports import EstateStore, OccurrenceStore
from quarterdeck.services.posture import Judgement
from quarterdeck.services.scanned_findings import KeptReport, ScannedFinding, standing_findings

_NO_DEMANDS = Demands(frozenset(), ())


class PostureSources(EstateStore, OccurrenceStore, Protocol):
    """What is read."""

    @property
    def compliance(self) -> ComplianceRecords:
        """Policies, evidence and verdicts."""
        ...


@dataclass(frozen=True, slots=True)
class PostureFacts:
    """Everything at one moment, each found by the key of its entity.

    `judged` holds, by entity and then by the name of a fact, the policies whose rule reads it. `scanned` is what
    scanners found and nobody set aside; `scans` are the newest reports, also of those that found nothing.
    """

    view: DeclaredEstateView
    readings: Mapping[str, Sequence[CertificateReading]]
    judged: Mapping[str, Mapping[str, tuple[Judgement, ...]]]
    verdicts: tuple[VerdictInterval, ...]
    scanned: Mapping[str, Sequence[ScannedFinding]]
    scans: Mapping[str, EvidenceRecord]
    at: datetime
    _declared: dict[str, dict[str, FactValue]] = field(default_factory=dict[str, dict[str, FactValue]], compare=False)

    def entities(self, kind: EntityKind) -> tuple[Entity, ...]:
        """The entities of a kind, by domain and name."""
        found = (version.entity for version in self.view.entities.values() if version.entity.kind is kind)
        return tuple(sorted(found, key=lambda entity: (entity.domain, entity.name, entity.key)))

    def partners_of(self, key: str) -> tuple[Entity, ...]:
        """The outside parties that an entity runs to, by name."""
        behind = self.view.behind(key, RelationKind.EXTERNAL_INTERNAL, towards=False)
        return tuple(sorted((one for one in behind if one.kind is EntityKind.PARTNER), key=lambda one: one.name))

    def links_of(self, key: str) -> tuple[RelationVersion, ...]:
        """The relations that begin or end at an entity."""
        return tuple(self.view.links.get(key, ()))

    def declared(self, key: str) -> Mapping[str, FactValue]:
        """What is declared of an entity, as the facts that rules read, by name; days as the instant they count from."""
        if key not in self._declared:
            self._declared[key] = dict(declaration_of(self.view.entities[key], self.view).content)
        return self._declared[key]


class PostureFactReader:
    """Reads the facts of a moment; which facts a rule reads is worked out once for each version of a policy."""

    def __init__(self, store: PostureSources) -> None:
        self._store = store
        self._demands: dict[str, Demands] = {}

    def facts(
        self, at: datetime, reports: Iterable[KeptReport], notes: Mapping[FindingSubject, FindingRecord]
    ) -> PostureFacts:
        """Everything as it was known then. Raises StoreUnavailable."""
        store = self._store
        view = DeclaredEstateView.of(store.entity_versions(at), store.relation_versions(at))
        told = [report for report in reports if report.record.effective_from_at <= at]
        verdicts, readings = store.compliance.verdicts_at(at), certificate_readings(store.latest_checks(at))
        return PostureFacts(
            view=view,
            readings=readings,
            judged=self._judged(verdicts, store.compliance.policy_versions(), _Known(view, readings, at)),
            verdicts=verdicts,
            scanned=_open_findings(told, notes, at),
            scans=_newest(told),
            at=at,
        )

    def _judged(
        self, verdicts: Iterable[VerdictInterval], versions: Iterable[PolicyVersion], known: _Known
    ) -> dict[str, dict[str, tuple[Judgement, ...]]]:
        policies = {(each.policy.id, each.version): each.policy for each in versions}
        found: dict[str, dict[str, list[Judgement]]] = defaultdict(lambda: defaultdict(list))
        for interval in verdicts:
            key = interval.control
            policy = policies.get((key.policy_id, key.version))
            demands = self._demands_of(policy) if policy is not None else _NO_DEMANDS
            about = demands.everything
            if len(about) > 1 and interval.verdict is Verdict.NOT_SATISFIED:
                about = demands.failing_facts(known.facts_of(key.entity_key))
            for name in demands.everything:
                judgement = Judgement(key.policy_id, key.entity_key, interval.verdict, name in about)
                found[key.entity_key][name].append(judgement)
        return {key: {name: tuple(told) for name, told in by_fact.items()} for key, by_fact in found.items()}

    def _demands_of(self, policy: Policy) -> Demands:
        if policy.rule not in self._demands:
            try:
                self._demands[policy.rule] = Demands.of(policy.rule)
            except RuleFault:
                # Written by a program that knew other facts: its verdicts stand, what they rest on has no names here.
                self._demands[policy.rule] = _NO_DEMANDS
        return self._demands[policy.rule]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is declared and what certificates tell at a moment, as the facts that rules are run over."""

    view: DeclaredEstateView
    readings: Mapping[str, Sequence[CertificateReading]]
    at: datetime

    def facts_of(self, key: str) -> Mapping[str, FactValue]:
        if key not in self.view.entities:
            return {}
        partners = self.view.behind(key, RelationKind.EXTERNAL_INTERNAL, towards=False)
        places = (key, *(one.key for one in partners if one.kind is EntityKind.PARTNER))
        own = [reading for place in places for reading in self.readings.get(place, ())]
        told = [declaration_of(self.view.entities[key], self.view).content]
        seen = certificate_evidence(key, own, self.at)
        told += [seen.content] if seen is not None else []
        return content_at((pair for content in told for pair in content), to_ms(self.at))


def _open_findings(
    reports: Iterable[KeptReport], notes: Mapping[FindingSubject, FindingRecord], at: datetime
) -> dict[str, list[ScannedFinding]]:
    found: dict[str, list[ScannedFinding]] = defaultdict(list)
    for one in standing_findings(reports, at):
        note = notes.get(FindingSubject.of_scan(one.key.entity_key, one.key.scan, one.key.finding_id))
        if note is None or not note.is_set_aside(at):
            found[one.key.entity_key].append(one)
    return dict(found)


def _newest(reports: Iterable[KeptReport]) -> dict[str, EvidenceRecord]:
    ordered = sorted(reports, key=lambda report: (report.record.effective_from_at, report.record.id))
    return {report.record.entity_key: report.record for report in ordered}
