"""What the console shows of compliance at a moment: every control's verdict, and the evidence behind one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from quarterdeck.analysis.evidence_timelines import spoken
from quarterdeck.analysis.known_facts import facts_at
from quarterdeck.analysis.observed import value_words
from quarterdeck.analysis.rules import RuleFault, check_rule
from quarterdeck.domain.enforcements import EnforcementRecord, enforcement_records
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.fact_catalogue import FACTS
from quarterdeck.domain.finding_records import FindingRecord, FindingSubject
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.policies import (
    VERDICT_SEVERITY,
    ControlKey,
    ControlNumber,
    EvidenceKind,
    EvidenceNeed,
    Policy,
    PolicyVersion,
    Severity,
    Verdict,
    VerdictInterval,
    Waiver,
)
from quarterdeck.services.compliance_export import VerdictExport, exported_verdicts
from quarterdeck.services.evidence_charts import EvidenceChart, evidence_charts
from quarterdeck.services.export_gate import ExportGate, Leaving
from quarterdeck.services.finding_notes import FindingNotes
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Clock
from quarterdeck.services.posture_reader import PostureReader, PostureStore
from quarterdeck.services.risks import RiskRegister, RisksReport
from quarterdeck.services.scanned_findings import FindingKey, KeptReport, ScannedFinding, ScanShelf, standing_findings
from quarterdeck.services.waivers import WaiverBook

_CONSOLE = "the console"
HISTORY = timedelta(days=90)
"""How far back the history of one control is shown."""


class ComplianceSources(PostureStore, Protocol):
    """What is read from."""


@dataclass(frozen=True, slots=True)
class Control:
    """One policy held against one entity, as it was found at the moment."""

    key: ControlKey
    policy: Policy
    entity: Entity
    interval: VerdictInterval

    @property
    def verdict(self) -> Verdict:
        """What it was found to be."""
        return self.interval.verdict

    @property
    def subject(self) -> FindingSubject:
        """The finding that it is while it is not satisfied."""
        return FindingSubject.of_policy(self.key.policy_id, self.key.entity_key)


@dataclass(frozen=True, slots=True)
class NumberedControls:
    """A control of a framework by its number, and everything here that is mapped to it."""

    number: ControlNumber
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class EntityFinding:
    """What a scanner found of an entity, and what was noted of it where that was asked for."""

    entity: Entity
    scanned: ScannedFinding
    notes: tuple[FindingRecord, ...] = ()

    @property
    def subject(self) -> FindingSubject:
        """The finding as notes name it."""
        key = self.scanned.key
        return FindingSubject.of_scan(key.entity_key, key.scan, key.finding_id)


@dataclass(frozen=True, slots=True)
class ComplianceReport:
    """Every control of one kind of entity at a moment, the most urgent first, and the waivers that hold then.

    `packs` are the ids of the packs in force, in their order; `policy_count` is 0 while nobody has judged anything.
    `scanned` is what scanners found of the entities, the most severe first, then the newest. `notes` is how findings
    stand by what people noted up to then.
    """

    kind: EntityKind
    controls: tuple[Control, ...]
    packs: tuple[str, ...]
    waivers: tuple[Waiver, ...]
    policy_count: int
    at: datetime
    scanned: tuple[EntityFinding, ...] = ()
    notes: Mapping[FindingSubject, FindingRecord] = field(default_factory=dict[FindingSubject, FindingRecord])

    @property
    def open_scanned(self) -> tuple[EntityFinding, ...]:
        """What scanners found and nobody has set aside."""
        return tuple(found for found in self.scanned if not self._is_set_aside(found.subject))

    @property
    def open_count(self) -> int:
        """How many findings are open: controls that are not satisfied, and what scanners found."""
        return self.count(Verdict.NOT_SATISFIED) + len(self.open_scanned)

    @property
    def overdue_count(self) -> int:
        """How many of them were to be done with by then."""
        broken = (each.subject for each in self.controls if each.verdict is Verdict.NOT_SATISFIED)
        subjects = (*broken, *(found.subject for found in self.open_scanned))
        return sum(self.notes[each].is_overdue(self.at) for each in subjects if each in self.notes)

    def _is_set_aside(self, subject: FindingSubject) -> bool:
        return subject in self.notes and self.notes[subject].is_set_aside(self.at)

    def count(self, verdict: Verdict) -> int:
        """How many controls have a verdict."""
        return sum(control.verdict is verdict for control in self.controls)

    def by_number(self) -> tuple[NumberedControls, ...]:
        """The controls by the numbers they are mapped to, framework after framework."""
        found: dict[ControlNumber, list[Control]] = {}
        for control in self.controls:
            for number in control.policy.controls:
                found.setdefault(number, []).append(control)
        ordered = sorted(found, key=lambda number: (number.framework, number.number))
        return tuple(NumberedControls(number, tuple(found[number])) for number in ordered)


@dataclass(frozen=True, slots=True)
class Observed:
    """A fact that the rule reads and what the evidence told of it; None where it told nothing."""

    label: str
    value: str | None


@dataclass(frozen=True, slots=True)
class ControlReport:
    """One control with everything behind its verdict: what was observed, by which evidence, and how it was before.

    `waiver` is the one that holds at the moment, whether the verdict needs it or not. `lapsed` is the last evidence of
    each kind that is `missing`, where there ever was any; `charts` tells where each piece of `evidence`, then of
    `lapsed`, can be looked at. `done` is the last step of each action that the policy had taken.
    """

    control: Control
    version: PolicyVersion
    observed: tuple[Observed, ...]
    evidence: tuple[EvidenceRecord, ...]
    missing: tuple[EvidenceNeed, ...]
    history: tuple[VerdictInterval, ...]
    waiver: Waiver | None = None
    notes: tuple[FindingRecord, ...] = ()
    lapsed: tuple[EvidenceRecord, ...] = ()
    charts: tuple[EvidenceChart | None, ...] = ()
    done: tuple[EnforcementRecord, ...] = ()


class ComplianceReader:
    """Answers for the Compliance panel."""

    def __init__(self, store: ComplianceSources, clock: Clock | None = None) -> None:
        self._store = store
        self._clock = clock
        self._scans = ScanShelf(store.compliance)
        self.waivers = WaiverBook(store)
        self.notes = FindingNotes(store)
        self.register = RiskRegister(store)
        self.posture = PostureReader(store)

    def report(self, moment: Moment, kind: EntityKind) -> ComplianceReport:
        """Every control of the entities of a kind at the play-head."""
        records = self._store.compliance
        versions = records.policy_versions()
        entities = {entity.key: entity for entity in self._store.estate(moment.at).of_kind(kind)}
        found = _controls(records.verdicts_at(moment.at), _by_version(versions), entities)
        holding = (waiver for waiver in records.waivers() if waiver.from_at <= moment.at < waiver.until_at)
        in_force = [version.policy for version in versions if _is_in_force(version, moment.at)]
        return ComplianceReport(
            kind=kind,
            controls=tuple(sorted(found, key=_urgency)),
            packs=tuple(dict.fromkeys(policy.pack for policy in in_force)),
            waivers=tuple(waiver for waiver in holding if waiver.entity_key in entities),
            policy_count=len(in_force),
            at=moment.at,
            scanned=_found_of(self._scans.reports(), entities, moment.at),
            notes=self.notes.standing(moment.at),
        )

    def scanned(self, key: FindingKey, moment: Moment) -> EntityFinding | None:
        """One finding of a scanner at the play-head; None where it does not stand then."""
        entity = self._store.estate(moment.at).entity(key.entity_key)
        reports = [report for report in self._scans.reports() if report.record.entity_key == key.entity_key]
        found = (one for one in standing_findings(reports, moment.at) if one.key == key)
        scanned = next(found, None)
        if entity is None or scanned is None:
            return None
        subject = FindingSubject.of_scan(key.entity_key, key.scan, key.finding_id)
        return EntityFinding(entity, scanned, self._notes_on(subject, moment.at))

    def risks(self, at: datetime) -> RisksReport:
        """Every risk at a moment, the closed ones too, with the names of what is declared then."""
        names = {entity.key: entity.name for entity in self._store.estate(at).entities}
        return RisksReport(self.register.listed(at), names, self.register.scale, self.register.trends(at))

    def export(self, at: datetime) -> VerdictExport:
        """Every verdict that stood at a moment, to hand over; with a clock, on record where policies block exports."""
        export = exported_verdicts(self._store, at)
        if self._clock is not None:
            keys = {row.entity.key for row in export.rows}
            leaving = Leaving("The verdicts", keys, _CONSOLE, is_record=True)
            ExportGate(self._store).ask(leaving, self._clock.now())
        return export

    def broken_count(self, moment: Moment, kind: EntityKind) -> int:
        """How many findings on the entities of a kind are open at the play-head, the policies' and the scanners'."""
        return self.report(moment, kind).open_count

    def control(self, key: ControlKey, moment: Moment) -> ControlReport | None:
        """One control at the play-head with its evidence and its history; None where there is none then."""
        records = self._store.compliance
        history = records.verdicts_of(key, TimeRange(moment.at - HISTORY, moment.at + timedelta(seconds=1)))
        version = _by_version(records.policy_versions()).get((key.policy_id, key.version))
        entity = self._store.estate(moment.at).entity(key.entity_key)
        standing = [each for each in history if each.to_at is None or each.to_at > moment.at]
        if version is None or entity is None or not standing:
            return None
        told = records.evidence_about(key.entity_key)
        speaking, missing = _speaking(version.policy, told, moment.at)
        lapsed = _lapsed(missing, told, moment.at)
        return ControlReport(
            control=Control(key, version.policy, entity, standing[-1]),
            version=version,
            observed=_observed(version.policy, speaking, moment.at),
            evidence=speaking,
            missing=missing,
            history=tuple(reversed(history)),
            waiver=_holding(records.waivers(), key, moment.at),
            notes=self._notes_on(FindingSubject.of_policy(key.policy_id, key.entity_key), moment.at),
            lapsed=lapsed,
            charts=evidence_charts(self._store, (*speaking, *lapsed), moment.at),
            done=self._done(key, moment.at),
        )

    def _done(self, key: ControlKey, at: datetime) -> tuple[EnforcementRecord, ...]:
        """What the policy had done about the entity up to a moment: the last step of each action."""
        steps = enforcement_records(self._store.compliance.evidence(kind=EvidenceKind.DECISION))
        own = (
            each for each in steps if (each.cause.policy_id, each.cause.entity_key) == (key.policy_id, key.entity_key)
        )
        return tuple({each.action: each for each in own if each.at <= at}.values())

    def _notes_on(self, subject: FindingSubject, at: datetime) -> tuple[FindingRecord, ...]:
        """Every note on one finding up to a moment, the newest first."""
        return tuple(record for record in reversed(self.notes.records(at)) if record.subject == subject)


def _holding(waivers: Iterable[Waiver], key: ControlKey, at: datetime) -> Waiver | None:
    own = (each for each in waivers if (each.policy_id, each.entity_key) == (key.policy_id, key.entity_key))
    return next((waiver for waiver in own if waiver.from_at <= at < waiver.until_at), None)


def _controls(
    intervals: Iterable[VerdictInterval],
    versions: Mapping[tuple[str, int], PolicyVersion],
    entities: Mapping[str, Entity],
) -> list[Control]:
    found: list[Control] = []
    for interval in intervals:
        key = interval.control
        version, entity = versions.get((key.policy_id, key.version)), entities.get(key.entity_key)
        if version is not None and entity is not None:
            found.append(Control(key, version.policy, entity, interval))
    return found


def _found_of(reports: Sequence[KeptReport], entities: Mapping[str, Entity], at: datetime) -> tuple[EntityFinding, ...]:
    known = [report for report in reports if report.record.entity_key in entities]
    found = [EntityFinding(entities[one.key.entity_key], one) for one in standing_findings(known, at)]
    return tuple(sorted(found, key=_severity_first))


def _severity_first(found: EntityFinding) -> tuple[int, float]:
    ranks = tuple(Severity)
    return -ranks.index(found.scanned.finding.severity), -found.scanned.first_seen_at.timestamp()


def _by_version(versions: Iterable[PolicyVersion]) -> dict[tuple[str, int], PolicyVersion]:
    return {(version.policy.id, version.version): version for version in versions}


def _is_in_force(version: PolicyVersion, at: datetime) -> bool:
    return version.valid_from_at <= at and (version.valid_to_at is None or at < version.valid_to_at)


def _urgency(control: Control) -> tuple[int, float, str, str]:
    rank = VERDICT_SEVERITY[control.verdict]
    return -rank, -control.interval.from_at.timestamp(), control.policy.id, control.entity.name


def _speaking(
    policy: Policy, records: Sequence[EvidenceRecord], at: datetime
) -> tuple[tuple[EvidenceRecord, ...], tuple[EvidenceNeed, ...]]:
    """The evidence that a policy rests on at a moment, and the kinds of which none speaks then."""
    speaking: dict[EvidenceKind, EvidenceRecord] = {}
    at_ms = to_ms(at)
    for need in policy.evidence:
        own = [record for record in records if record.kind is need.kind]
        for piece in spoken(own, int(need.lifetime_seconds * 1000), 0):
            if piece.from_ms <= at_ms < piece.to_ms:
                speaking[need.kind] = piece.record
    return tuple(speaking.values()), tuple(need for need in policy.evidence if need.kind not in speaking)


def _lapsed(
    missing: Iterable[EvidenceNeed], records: Sequence[EvidenceRecord], at: datetime
) -> tuple[EvidenceRecord, ...]:
    """The last evidence of each kind that does not speak at a moment; nothing for a kind of which there never was."""
    past = [record for record in records if record.effective_from_at <= at]
    last = {record.kind: record for record in sorted(past, key=lambda record: record.effective_from_at)}
    return tuple(last[need.kind] for need in missing if need.kind in last)


def _observed(policy: Policy, records: Sequence[EvidenceRecord], at: datetime) -> tuple[Observed, ...]:
    try:
        shape = check_rule(policy.rule)
    except RuleFault:
        # Written by a program that knew other facts; its verdicts stand, their facts have no names here.
        return ()
    told = facts_at((record for record in records if all(name in FACTS for name, _ in record.content)), to_ms(at))
    names = dict.fromkeys((*shape.needed, *shape.asked))
    return tuple(Observed(FACTS[name].label, value_words(name, told[name]) if name in told else None) for name in names)
