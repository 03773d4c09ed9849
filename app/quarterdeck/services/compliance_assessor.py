"""Policies judged in the collector: evidence is gathered, what is new is kept, and every verdict it touches is written.

Verdicts are written ahead to the end of time, so that evidence lapses by itself; only what is new has to be judged.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Protocol

from quarterdeck.analysis.judged_policies import JudgedPolicy, PolicySet
from quarterdeck.analysis.verdicts import BEGINNING, verdicts, waived
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.domain.policies import ControlKey, EvidenceKind, Policy, PolicyVersion, Waiver
from quarterdeck.services.compliance_ports import VerdictChange
from quarterdeck.services.drift import DriftReader
from quarterdeck.services.evidence_gathering import (
    HISTORY,
    EvidenceSources,
    Wanted,
    gather,
    news,
    wanted_by,
    withdrawals,
)
from quarterdeck.services.own_threads import Aside
from quarterdeck.services.ports import Clock

RECENT = timedelta(days=2)
"""How far back evidence is gathered with every round; all of history again once an hour, for what arrived late."""

_WHOLE_AGAIN = timedelta(hours=1)
_ENTITIES_AT_ONCE = 50
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


class AssessedStore(EvidenceSources, Protocol):
    """What is read."""


class ComplianceAssessor:
    """Judges policies; lives in the collector, works in `aside`. Writes only while `may_write` says so.

    The policies are read at the start and whenever `mark` tells something else than before. While they are refused,
    those that stood before are judged on, and every round ends with what is wrong.
    """

    def __init__(
        self,
        store: AssessedStore,
        policies: Callable[[], Sequence[Policy]],
        clock: Clock,
        *,
        aside: Aside = asyncio.to_thread,
        may_write: Callable[[], bool] = lambda: True,
        mark: Callable[[], object] = lambda: None,
    ) -> None:
        self._store = store
        self._drift = DriftReader(store)
        self._policies = policies
        self._clock = clock
        self._aside = aside
        self._may_write = may_write
        self._mark = mark
        self._read_mark: object = None
        self._refusal: OperatorError | None = None
        self._known: PolicySet | None = None
        self._wanted = Wanted(frozenset(), {})
        self._evidence: dict[str, dict[EvidenceKind, list[EvidenceRecord]]] = {}
        self._last_id = 0
        self._waivers: tuple[Waiver, ...] = ()
        self._touched: dict[str, int] = {}
        self._whole_at: datetime | None = None
        self._is_fetching = False

    async def tick(self) -> None:
        """Gather, keep what is new, judge whom it touches. Raises StoreUnavailable; the next round does it again."""
        if self._may_write():
            await self._aside(self.assess)

    def assess(self) -> None:
        """One round, done when it returns. Raises StoreUnavailable, and what is wrong with the policies at its end."""
        now, mark = self._clock.now(), self._mark()
        if self._known is None or mark != self._read_mark:
            self._start(now)
            self._read_mark = mark
        self._take(self._store.compliance.evidence(after_id=self._last_id))
        self._take_waivers()
        self._take(self._gathered(now))
        self._judge()
        if self._refusal is not None:
            raise self._refusal

    def _start(self, now: datetime) -> None:
        """Bring the versions of policies up to date, and load all that is known."""
        records = self._store.compliance
        known = records.policy_versions()
        changed = next_versions(known, self._wanted_policies(known), now)
        if changed:
            records.put_policy_versions(changed).result()
            known = records.policy_versions()
        policies = PolicySet.of([JudgedPolicy.of(version) for version in known])
        self._wanted = _wanted(known)
        self._evidence, self._last_id = {}, 0
        self._waivers = records.waivers()
        self._take(records.evidence())
        self._touched = dict.fromkeys(self._evidence, BEGINNING)
        self._known = policies
        self._whole_at = None

    def _wanted_policies(self, known: Sequence[PolicyVersion]) -> Sequence[Policy]:
        """The policies as they are wanted now; those that stand where the wanted ones are refused."""
        standing = [version.policy for version in known if version.valid_to_at is None]
        self._refusal = None
        try:
            return self._policies()
        except OperatorError as refusal:
            if not standing:
                raise
            self._refusal = refusal
            return standing

    def _gathered(self, now: datetime) -> Sequence[EvidenceRecord]:
        is_whole = self._is_whole_due(now)
        drafts = gather(self._store, self._wanted, now - (HISTORY if is_whole else RECENT), now, self._drift)
        known = {(key, kind): told for key, kinds in self._evidence.items() for kind, told in kinds.items()}
        found = [*news(drafts, known, self._wanted, now), *withdrawals(drafts, known, now)]
        if is_whole:
            self._whole_at = now
        if not found:
            return ()
        self._store.compliance.add_evidence(found).result()
        # Read back whole: connections add to the same chain, and may have in between.
        return self._store.compliance.evidence(after_id=self._last_id)

    def _is_whole_due(self, now: datetime) -> bool:
        """Whether all of history is looked at: first, now and then, and once what was being fetched has come."""
        fetching = (health.backfill for health in self._store.health().values())
        was_fetching = self._is_fetching
        self._is_fetching = any(each is not None and not each.finished for each in fetching)
        if self._whole_at is None or (was_fetching and not self._is_fetching):
            return True
        return not timedelta(0) <= now - self._whole_at < _WHOLE_AGAIN

    def _take(self, records: Iterable[EvidenceRecord]) -> None:
        for record in records:
            kinds = self._evidence.setdefault(record.entity_key, defaultdict(list))
            if record.id > self._last_id:
                kinds[record.kind].append(_without_findings(record))
                self._last_id = record.id
            self._touch(record.entity_key, to_ms(record.effective_from_at))

    def _take_waivers(self) -> None:
        waivers = self._store.compliance.waivers()
        for waiver in set(waivers) ^ set(self._waivers):
            self._touch(waiver.entity_key, to_ms(waiver.from_at))
        self._waivers = waivers

    def _touch(self, entity_key: str, begins_ms: int) -> None:
        """Note from when on an entity has to be judged anew; it stays noted until its verdicts are written."""
        self._touched[entity_key] = min(begins_ms, self._touched.get(entity_key, begins_ms))

    def _judge(self) -> None:
        known = self._known
        while known is not None and self._touched:
            some = dict(islice(self._touched.items(), _ENTITIES_AT_ONCE))
            changes = [each for key, begins_ms in some.items() for each in self._changes(known, key, begins_ms)]
            self._store.compliance.change_verdicts(changes).result()
            self._touched = {key: at for key, at in self._touched.items() if key not in some}

    def _changes(self, known: PolicySet, entity_key: str, begins_ms: int) -> list[VerdictChange]:
        histories = verdicts(known, self._evidence.get(entity_key, {}), begins_ms)
        set_aside = [waiver for waiver in self._waivers if waiver.entity_key == entity_key]
        changes: list[VerdictChange] = []
        for policy, spans in zip(known.policies, histories, strict=True):
            version = policy.version
            own = [waiver for waiver in set_aside if waiver.policy_id == version.policy.id]
            control = ControlKey(version.policy.id, version.version, entity_key)
            changes.append(VerdictChange(control, begins_ms, waived(spans, own) if own else spans))
        return changes


def _without_findings(record: EvidenceRecord) -> EvidenceRecord:
    """Rules ask of a scan when it was, not what it found; years of findings would fill the memory."""
    return replace(record, content=()) if record.kind is EvidenceKind.SCAN else record


def next_versions(known: Sequence[PolicyVersion], policies: Sequence[Policy], now: datetime) -> list[PolicyVersion]:
    """What changes of the versions when these policies are in force from now on.

    A policy that nobody knew judges all of history; one that says something else begins a new version now, and what
    the old one judged stays under the old one. One that is gone ends.
    """
    standing = {version.policy.id: version for version in known if version.valid_to_at is None}
    newest = {version.policy.id: version.version for version in known}
    wanted = {policy.id: policy for policy in policies}
    changed: list[PolicyVersion] = []
    for policy_id, version in standing.items():
        policy = wanted.get(policy_id)
        if policy is None or policy.digest != version.policy.digest:
            ends_at = max(now, from_ms(to_ms(version.valid_from_at) + 1))
            changed.append(PolicyVersion(version.policy, version.version, version.valid_from_at, ends_at))
    for policy_id, policy in wanted.items():
        version = standing.get(policy_id)
        if version is None or version.policy.digest != policy.digest:
            begins_at = now if policy_id in newest else _ALWAYS
            changed.append(PolicyVersion(policy, newest.get(policy_id, 0) + 1, begins_at))
    return changed


def _wanted(known: Sequence[PolicyVersion]) -> Wanted:
    """What is gathered: for the versions in force of whom, and of what those that ended still tell."""
    in_force = wanted_by([version.policy for version in known if version.valid_to_at is None])
    return replace(in_force, lifetimes_ms=wanted_by([version.policy for version in known]).lifetimes_ms)
