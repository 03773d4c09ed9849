"""Enforcement in the collector: what policies ask to be done while they do not hold is done once, and on record.

It goes round on its own: a target that is dead or hangs keeps neither the judging nor the collecting waiting.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from quarterdeck.domain.enforcements import (
    SERVED,
    Cause,
    EnforcementRecord,
    EnforcementStep,
    enforcement_evidence,
    enforcement_records,
)
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.policies import Enforcement, EvidenceKind, Policy, PolicyVersion, Verdict, VerdictInterval
from quarterdeck.sdk.texts import one_line
from quarterdeck.services.compliance_ports import ComplianceRecords
from quarterdeck.services.enforcement_ports import Notice, Notifier
from quarterdeck.services.own_threads import Aside
from quarterdeck.services.ports import Clock, EstateStore

PROGRAM = "Quarterdeck"
"""Who acts where nobody does."""

_MOST_LINES = 50
_LONGEST_LINE = 300
_LONGEST_DETAIL = 400
_SECONDS = 60.0
_SET_TARGET = "Set one in the file `targets.toml` of this workspace."
_CUT_OFF = "The program ended before it was known whether the notice arrived. Ask the owner; it is not sent again."


class EnforcedStore(EstateStore, Protocol):
    """What is read, and where steps are put on record."""

    @property
    def compliance(self) -> ComplianceRecords:
        """Policies, verdicts and decisions."""
        ...


@dataclass(frozen=True, slots=True)
class Broken:
    """A policy that does not hold for an entity now."""

    policy: Policy
    cause: Cause
    entity_name: str
    reason: str


def broken_now(store: EnforcedStore, at: datetime) -> tuple[Broken, ...]:
    """Every control that is not satisfied at a moment, of policies that ask for something to be done then."""
    acting = {
        (version.policy.id, version.version): version.policy
        for version in store.compliance.policy_versions()
        if version.policy.actions and _is_in_force(version, at)
    }
    if not acting:
        return ()
    names = {entity.key: entity.name for entity in store.estate(at).entities}
    found: list[Broken] = []
    for interval in store.compliance.verdicts_at(at):
        control = interval.control
        policy = acting.get((control.policy_id, control.version))
        if policy is not None and interval.verdict is Verdict.NOT_SATISFIED and control.entity_key in names:
            found.append(Broken(policy, _cause(interval), names[control.entity_key], interval.reason))
    return tuple(sorted(found, key=lambda broken: broken.cause))


class EnforcementLog:
    """What was done so far, by the records in the chain."""

    def __init__(self, store: EnforcedStore) -> None:
        self._store = store
        self._last_id = 0
        self._records: list[EnforcementRecord] = []

    def records(self) -> Sequence[EnforcementRecord]:
        """Every step, in order. Raises StoreUnavailable."""
        news = self._store.compliance.evidence(after_id=self._last_id, kind=EvidenceKind.DECISION)
        self._records += enforcement_records(news)
        self._last_id = max((self._last_id, *(record.id for record in news)))
        return self._records

    def last(self, action: Enforcement, cause: Cause) -> EnforcementRecord | None:
        """The last step of an action for the stretch of a verdict; what was done within it counts for all of it."""
        control = cause.policy_id, cause.version, cause.entity_key
        own = (
            each
            for each in reversed(self._records)
            if each.action is action and (each.cause.policy_id, each.cause.version, each.cause.entity_key) == control
        )
        found = next(own, None)
        # Late evidence may move when a stretch began; a step that was taken inside it was taken for it.
        return found if found is not None and (found.cause == cause or found.at >= cause.from_at) else None

    def write(self, record: EnforcementRecord) -> None:
        """Put a step on record, durably."""
        self._store.compliance.decide(enforcement_evidence(record)).result(_SECONDS)


class Enforcer:
    """Does what policies ask for; lives in the collector, touches the store in `aside`, acts while `may_write`."""

    def __init__(
        self,
        store: EnforcedStore,
        notifier: Notifier,
        clock: Clock,
        *,
        aside: Aside = asyncio.to_thread,
        may_write: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store = store
        self._notifier = notifier
        self._clock = clock
        self._aside = aside
        self._may_write = may_write
        self._log = EnforcementLog(store)
        self._is_first = True
        self._sent: dict[Cause, str] = {}

    async def tick(self) -> None:
        """One round: incidents, then a notice to each owner. Raises OperatorError with the first notice that failed."""
        if not self._may_write():
            return
        due = await self._aside(self._prepared)
        failures = [failure for owner, broken in due.items() if (failure := await self._told(owner, broken))]
        if failures:
            raise failures[0]

    def _prepared(self) -> dict[str, list[Broken]]:
        """Keep incidents, and find whom to tell of what."""
        now = self._clock.now()
        records = self._log.records()
        if self._is_first:
            self._give_up_cut_off(records, now)
            self._is_first = False
        self._keep_sent(now)
        broken = broken_now(self._store, now)
        self._end_incidents(broken, now)
        self._open_incidents(broken, now)
        due: dict[str, list[Broken]] = defaultdict(list)
        for each in broken:
            if Enforcement.NOTIFY_OWNER in each.policy.actions and self._is_due(each, now):
                due[each.policy.owner].append(each)
        return due

    def _give_up_cut_off(self, records: Sequence[EnforcementRecord], now: datetime) -> None:
        """What an earlier process began and did not end: nobody knows what became of it."""
        last = {each.cause: each for each in records if each.action is Enforcement.NOTIFY_OWNER}
        for each in last.values():
            if each.step is EnforcementStep.BEGUN:
                self._write(EnforcementStep.UNKNOWN, each.cause, _CUT_OFF, now, attempt=each.attempt)
        self._log.records()

    def _keep_sent(self, now: datetime) -> None:
        """What was sent while the store could not be written is put on record as soon as it can."""
        for cause, target in tuple(self._sent.items()):
            self._write(EnforcementStep.DONE, cause, target, now, attempt=self._attempt(cause))
            del self._sent[cause]
        self._log.records()

    def _open_incidents(self, broken: Iterable[Broken], now: datetime) -> None:
        records = self._log.records()
        standing = {(each.cause.policy_id, each.cause.entity_key) for each in open_incidents(records)}
        count = len({each.detail for each in records if each.action is Enforcement.OPEN_INCIDENT})
        for each in broken:
            is_open = (each.cause.policy_id, each.cause.entity_key) in standing
            if Enforcement.OPEN_INCIDENT in each.policy.actions and not is_open:
                count += 1
                self._write_incident(EnforcementStep.DONE, each.cause, f"incident-{count}", now)
        self._log.records()

    def _end_incidents(self, broken: Sequence[Broken], now: datetime) -> None:
        standing = {(each.cause.policy_id, each.cause.entity_key) for each in broken}
        for incident in open_incidents(self._log.records()):
            if (incident.cause.policy_id, incident.cause.entity_key) not in standing:
                self._write_incident(EnforcementStep.ENDED, incident.cause, incident.detail, now)
        self._log.records()

    def _is_due(self, broken: Broken, now: datetime) -> bool:
        last = self._log.last(Enforcement.NOTIFY_OWNER, broken.cause)
        if last is None:
            return True
        if last.step is EnforcementStep.NO_TARGET:
            return self._target(broken.policy.owner)[0] is not None
        again_at = last.again_at
        return last.step not in SERVED and (again_at is None or again_at <= now)

    def _attempt(self, cause: Cause) -> int:
        last = self._log.last(Enforcement.NOTIFY_OWNER, cause)
        return 1 if last is None else last.attempt

    def _target(self, owner: str) -> tuple[str | None, str]:
        """Where an owner is told; where there is no way, why."""
        try:
            target = self._notifier.target_of(owner)
        except OperatorError as fault:
            return None, f"{fault.message} {fault.next_step}"
        return target, "" if target else f"No target is set for {owner}. {_SET_TARGET}"

    async def _told(self, owner: str, broken: Sequence[Broken]) -> OperatorError | None:
        """Tell an owner, with every step on record; what went wrong, if anything did."""
        target, why = await self._aside(self._target, owner)
        if target is None:
            await self._aside(self._note, EnforcementStep.NO_TARGET, broken, why)
            return None
        await self._aside(self._note, EnforcementStep.BEGUN, broken, target)
        try:
            await self._notifier.send(notice_of(owner, broken))
        except OperatorError as failure:
            await self._aside(self._note, EnforcementStep.FAILED, broken, f"{failure.message} {failure.next_step}")
            return failure
        self._sent |= {each.cause: target for each in broken}
        await self._aside(self._keep_sent, self._clock.now())
        return None

    def _note(self, step: EnforcementStep, broken: Sequence[Broken], detail: str) -> None:
        now = self._clock.now()
        for each in broken:
            last = self._log.last(Enforcement.NOTIFY_OWNER, each.cause)
            is_again = last is not None and step is EnforcementStep.BEGUN and last.step is EnforcementStep.FAILED
            self._write(step, each.cause, detail, now, attempt=self._attempt(each.cause) + is_again)
        self._log.records()

    def _write(self, step: EnforcementStep, cause: Cause, detail: str, now: datetime, *, attempt: int = 1) -> None:
        """A step of a notice."""
        words = one_line(detail, _LONGEST_DETAIL)
        self._log.write(EnforcementRecord(Enforcement.NOTIFY_OWNER, step, cause, words, PROGRAM, now, attempt))

    def _write_incident(self, step: EnforcementStep, cause: Cause, incident_id: str, now: datetime) -> None:
        record = EnforcementRecord(Enforcement.OPEN_INCIDENT, step, cause, incident_id, PROGRAM, now)
        self._log.write(record)


def open_incidents(records: Iterable[EnforcementRecord]) -> tuple[EnforcementRecord, ...]:
    """The incidents that policies opened and that have not ended; `detail` is the id of each."""
    last = {each.detail: each for each in records if each.action is Enforcement.OPEN_INCIDENT}
    return tuple(each for each in last.values() if each.step is EnforcementStep.DONE)


def notice_of(owner: str, broken: Sequence[Broken]) -> Notice:
    """What an owner is told of policies that do not hold, in plain text."""
    count = len(broken)
    title = f"{broken[0].policy.id} does not hold" if count == 1 else f"{count} controls do not hold"
    lines = [one_line(_line(each), _LONGEST_LINE) for each in broken[:_MOST_LINES]]
    if count > _MOST_LINES:
        lines.append(f"And {count - _MOST_LINES} more.")
    told = "\n".join(repr(each.cause) for each in broken)
    reference = hashlib.sha256(told.encode()).hexdigest()[:16]
    tail = "`quarterdeck policies show` tells how they stand; the console shows the evidence under Compliance."
    return Notice(
        owner, f"{title} ({one_line(owner, 80)})", "\n".join([*lines, "", tail, f"Reference: {reference}"]), reference
    )


def _line(broken: Broken) -> str:
    since = broken.cause.from_at.strftime("%Y-%m-%d %H:%M UTC")
    policy = broken.policy
    return f"{policy.id} {policy.title}: {broken.entity_name}, not satisfied since {since}. {broken.reason}"


def _cause(interval: VerdictInterval) -> Cause:
    control = interval.control
    return Cause(control.policy_id, control.version, control.entity_key, interval.from_at)


def _is_in_force(version: PolicyVersion, at: datetime) -> bool:
    return version.valid_from_at <= at and (version.valid_to_at is None or at < version.valid_to_at)
