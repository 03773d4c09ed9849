"""Policies on trial: what each would be for every entity now and over the last days, by the evidence that is stored.

Nothing is written. Beside each verdict stands what was recorded, by whatever version was in force then, so that what a
change of a policy would change is seen before it is enabled, and what it has changed afterwards.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from quarterdeck.analysis.judged_policies import JudgedPolicy, PolicySet
from quarterdeck.analysis.verdict_days import (
    Days,
    Stretch,
    last_days,
    stretch_at,
    stretches_of_intervals,
    stretches_of_spans,
    verdict_days,
)
from quarterdeck.analysis.verdicts import verdicts, waived
from quarterdeck.domain.estate import Entity
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.policies import EvidenceKind, Policy, PolicyVersion, Verdict
from quarterdeck.services.compliance_ports import ComplianceRecords
from quarterdeck.services.evidence_gathering import EvidenceSources, Wanted, gather, news, wanted_by

MOST_DAYS = 366
USUAL_DAYS = 90
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)

Subject = tuple[str, str]
"""The id of a policy and the key of an entity."""

Evidence = dict[str, dict[EvidenceKind, list[EvidenceRecord]]]


class TrialStore(EvidenceSources, Protocol):
    """What trials are made from."""


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One policy on one entity: what it would be, and what was recorded; None where it is not covered.

    `reason` says why it would be so now. `days` and `recorded_days` are equally long.
    """

    policy_id: str
    entity: Entity
    now: Verdict | None
    reason: str
    recorded: Verdict | None
    days: Days
    recorded_days: Days

    @property
    def changes_now(self) -> bool:
        """Whether the verdict of now would be another than the recorded one."""
        return self.now is not self.recorded

    @property
    def changed_days(self) -> int:
        """How many days would have been something else than was recorded."""
        return sum(tried is not was for tried, was in zip(self.days, self.recorded_days, strict=True))


@dataclass(frozen=True, slots=True)
class Trial:
    """Policies held against every entity they cover or covered; `standing` are the versions now in force, by id.

    `gathered` tells how many pieces of evidence were read from what the store holds otherwise, because no policy in
    force asks for them; enabling gathers the same.
    """

    at: datetime
    policies: tuple[Policy, ...]
    standing: Mapping[str, PolicyVersion]
    rows: tuple[TrialRow, ...]
    gathered: int = 0

    def counts(self, policy_id: str = "") -> Mapping[Verdict, int]:
        """How many rows would be what now, of one policy or of all."""
        found = Counter(row.now for row in self.rows if policy_id in {"", row.policy_id})
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def changing(self) -> tuple[TrialRow, ...]:
        """The rows whose verdict of now would change."""
        return tuple(row for row in self.rows if row.changes_now)


def try_policies(store: TrialStore, policies: Sequence[Policy], at: datetime, days: int = USUAL_DAYS) -> Trial:
    """Judge policies by what the store holds, up to a moment and over the days before. Raises StoreUnavailable.

    Raises ValueError for less than one day or more than `MOST_DAYS`.
    """
    if not 1 <= days <= MOST_DAYS:
        message = f"a trial looks at 1 to {MOST_DAYS} days"
        raise ValueError(message)
    records, known = store.compliance, PolicySet.of([JudgedPolicy.of(_on_trial(policy)) for policy in policies])
    standing = [version for version in records.policy_versions() if version.valid_to_at is None]
    evidence, gathered = _evidence(store, policies, standing, at)
    tried = _tried(known, evidence, records, at, days)
    was = _recorded(records, [policy.id for policy in policies], at, days)
    entities = {entity.key: entity for entity in store.estate(at).entities}
    rows = [
        _row(subject, entities[subject[1]], tried.get(subject, ()), was.get(subject, ()), at=at, days=days)
        for subject in sorted(tried.keys() | was.keys())
        if subject[1] in entities
    ]
    order = {policy.id: number for number, policy in enumerate(policies)}
    return Trial(
        at=at,
        policies=tuple(policies),
        standing={version.policy.id: version for version in standing if version.policy.id in order},
        rows=tuple(sorted(rows, key=lambda row: (order[row.policy_id], row.entity.name, row.entity.key))),
        gathered=gathered,
    )


def _on_trial(policy: Policy) -> PolicyVersion:
    return PolicyVersion(policy, 1, _ALWAYS)


def _evidence(
    store: TrialStore, policies: Sequence[Policy], standing: Sequence[PolicyVersion], at: datetime
) -> tuple[Evidence, int]:
    """The evidence that the policies rest on, and how much of it was never kept because nobody asked for it."""
    found: Evidence = defaultdict(lambda: defaultdict(list))
    wanted = wanted_by(policies)
    kinds = {EvidenceKind.DECLARATION, *wanted.lifetimes_ms}
    for kind in sorted(kinds):
        for record in store.compliance.evidence(kind=kind):
            found[record.entity_key][kind].append(record)
    asked = wanted_by([version.policy for version in standing])
    if wanted.lifetimes_ms.keys() <= asked.lifetimes_ms.keys() and wanted.entity_kinds <= asked.entity_kinds:
        return found, 0
    drafts = _never_asked(store, wanted, found, at)
    for draft in drafts:
        found[draft.entity_key][draft.kind].append(draft)
    return found, len(drafts)


def _never_asked(store: TrialStore, wanted: Wanted, known: Evidence, at: datetime) -> list[EvidenceRecord]:
    kept = {(key, kind): told for key, kinds in known.items() for kind, told in kinds.items()}
    drafts = gather(store, wanted, at - timedelta(days=USUAL_DAYS + 1), at)
    found = news(drafts, kept, wanted, at)
    # Numbers of their own, so that none is taken for another; the store gives real ones once they are kept.
    return [replace(draft, id=-number) for number, draft in enumerate(found, 1)]


def _tried(
    known: PolicySet, evidence: Evidence, records: ComplianceRecords, at: datetime, days: int
) -> dict[Subject, list[Stretch]]:
    begins_ms = to_ms(last_days(at, days).start_at)
    waivers = records.waivers()
    found: dict[Subject, list[Stretch]] = {}
    for entity_key, told in evidence.items():
        own = [waiver for waiver in waivers if waiver.entity_key == entity_key]
        for policy, spans in zip(known.policies, verdicts(known, told, begins_ms), strict=True):
            policy_id = policy.version.policy.id
            set_aside = [waiver for waiver in own if waiver.policy_id == policy_id]
            if spans:
                found[policy_id, entity_key] = stretches_of_spans(waived(spans, set_aside))
    return found


def _recorded(
    records: ComplianceRecords, policy_ids: Sequence[str], at: datetime, days: int
) -> dict[Subject, list[Stretch]]:
    found: dict[Subject, list[Stretch]] = defaultdict(list)
    intervals = records.verdicts_between(policy_ids, last_days(at, days))
    for interval in intervals:
        control = interval.control
        found[control.policy_id, control.entity_key] += stretches_of_intervals([interval])
    return found


def _row(
    subject: Subject, entity: Entity, tried: Iterable[Stretch], was: Iterable[Stretch], *, at: datetime, days: int
) -> TrialRow:
    now, recorded = stretch_at(tried, at), stretch_at(was, at)
    return TrialRow(
        policy_id=subject[0],
        entity=entity,
        now=None if now is None else now.verdict,
        reason="" if now is None else now.reason,
        recorded=None if recorded is None else recorded.verdict,
        days=verdict_days(tried, at, days),
        recorded_days=verdict_days(was, at, days),
    )
