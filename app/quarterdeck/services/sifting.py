"""What no source may do to the store: date records into the future or before its time, or send texts without end."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np

from quarterdeck.domain.allocations import Allocation
from quarterdeck.domain.checks import CheckResult, ClaimedStatus
from quarterdeck.domain.estate import Entity, Relation
from quarterdeck.domain.events import Change, Event
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.facts import Facts
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples

Record = TypeVar("Record")

FUTURE_SLACK = timedelta(minutes=10)
ANNOUNCED = timedelta(days=3700)
"""So far ahead a partner may announce a change, such as maintenance."""

LONGEST_PAST = timedelta(days=3700)
MAX_NAME = 300
MAX_TEXT = 4000
MAX_FACTS = 64


@dataclass(frozen=True, slots=True)
class Sifted:
    """A batch fit for the store, and what was left out, in words; empty when nothing was."""

    batch: Batch
    words: str


class _Sieve:
    """Lets through what dates from possible times, and counts what does not."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._earliest = now - LONGEST_PAST
        self._ahead = 0
        self._behind = 0
        self._no_numbers = 0

    def sizes(self, allocations: Iterable[Allocation]) -> tuple[Allocation, ...]:
        """The allocations whose size, and use if it is told, are numbers: the store takes no others."""
        return tuple(one for one in allocations if self._is_number(one))

    def dated(
        self, records: Iterable[Record], instant_of: Callable[[Record], datetime], *, ahead: timedelta = FUTURE_SLACK
    ) -> tuple[Record, ...]:
        """The records of possible times, at most so far ahead. Raises TypeError for an instant without a time zone."""
        latest = self._now + ahead
        return tuple(record for record in records if self._is_possible(instant_of(record), latest))

    def samples(self, samples: Samples) -> Samples:
        """The samples of possible times. Raises ValueError for samples of a series that is not named."""
        _refuse_strangers(samples)
        ahead = samples.times_ms > to_ms(self._now + FUTURE_SLACK)
        behind = samples.times_ms < to_ms(self._earliest)
        self._ahead += int(ahead.sum())
        self._behind += int(behind.sum())
        left_out = ahead | behind
        identities = tuple(_cut_identity(identity) for identity in samples.identities)
        if not left_out.any():
            return replace(samples, identities=identities)
        columns = samples.series_index[~left_out], samples.times_ms[~left_out], samples.values[~left_out]
        return Samples(identities, *columns)

    @property
    def words(self) -> str:
        """What was left out."""
        parts: list[str] = []
        if self._ahead:
            parts.append(f"{_left_out(self._ahead, 'into the future')}; its clock is ahead.")
        if self._behind:
            parts.append(f"{_left_out(self._behind, 'more than ten years back')}.")
        if self._no_numbers:
            one, several = "1 size is no number and was left out.", "{count:,} sizes are no numbers and were left out."
            parts.append(one if self._no_numbers == 1 else several.format(count=self._no_numbers))
        return " ".join(parts)

    def _is_number(self, allocation: Allocation) -> bool:
        told = (allocation.allocated, *(() if allocation.used is None else (allocation.used,)))
        is_number = all(map(math.isfinite, told))
        self._no_numbers += not is_number
        return is_number

    def _is_possible(self, instant: datetime, latest: datetime) -> bool:
        self._ahead += instant > latest
        self._behind += instant < self._earliest
        return self._earliest <= instant <= latest


def _left_out(count: int, when: str) -> str:
    if count == 1:
        return f"1 record is dated {when} and was left out"
    return f"{count:,} records are dated {when} and were left out"


def sift(batch: Batch, now: datetime) -> Sifted:
    """Leave out records of impossible times and cut texts to their limits.

    Raises TypeError or ValueError for what no connector may yield: instants without a time zone, samples of a series
    that is not named.
    """
    sieve = _Sieve(now)
    sifted = replace(
        batch,
        samples=sieve.samples(batch.samples),
        checks=tuple(map(_cut_check, sieve.dated(batch.checks, lambda check: check.checked_at))),
        events=tuple(map(_cut_event, sieve.dated(batch.events, lambda event: event.occurred_at))),
        changes=tuple(map(_cut_change, sieve.dated(batch.changes, lambda change: change.changed_at, ahead=ANNOUNCED))),
        entities=tuple(map(_cut_entity, batch.entities)),
        relations=tuple(map(_cut_relation, batch.relations)),
        claimed=tuple(map(_cut_claim, sieve.dated(batch.claimed, lambda claim: claim.claimed_at))),
        allocations=tuple(
            map(_cut_allocation, sieve.sizes(sieve.dated(batch.allocations, lambda one: one.observed_at)))
        ),
        evidence=tuple(map(_cut_evidence, sieve.dated(batch.evidence, lambda one: one.effective_from_at))),
        note=batch.note[:MAX_TEXT],
    )
    return Sifted(sifted, sieve.words)


def _refuse_strangers(samples: Samples) -> None:
    index = samples.series_index
    if len(index) and not (int(np.min(index)) >= 0 and int(np.max(index)) < len(samples.identities)):
        message = "samples of a series that is not among the identities"
        raise ValueError(message)


def _fits(names: tuple[str, ...], texts: tuple[str, ...], facts: Facts) -> bool:
    return (
        all(len(name) <= MAX_NAME for name in names)
        and all(len(text) <= MAX_TEXT for text in texts)
        and len(facts) <= MAX_FACTS
        and all(len(name) <= MAX_NAME and len(value) <= MAX_TEXT for name, value in facts)
    )


def _cut_facts(facts: Facts) -> Facts:
    return tuple((name[:MAX_NAME], value[:MAX_TEXT]) for name, value in facts[:MAX_FACTS])


def _cut_identity(identity: SeriesIdentity) -> SeriesIdentity:
    names = (identity.entity_key, identity.name, identity.unit, identity.statistic)
    if _fits(names, (), identity.labels):
        return identity
    return replace(
        identity,
        entity_key=identity.entity_key[:MAX_NAME],
        name=identity.name[:MAX_NAME],
        unit=identity.unit[:MAX_NAME],
        statistic=identity.statistic[:MAX_NAME],
        labels=_cut_facts(identity.labels),
    )


def _cut_check(check: CheckResult) -> CheckResult:
    if _fits((check.entity_key, check.name), (check.summary,), check.facts):
        return check
    return replace(
        check,
        entity_key=check.entity_key[:MAX_NAME],
        name=check.name[:MAX_NAME],
        summary=check.summary[:MAX_TEXT],
        facts=_cut_facts(check.facts),
    )


def _cut_event(event: Event) -> Event:
    names = (event.source, event.event_id, event.type, event.entity_key, event.correlation_key)
    if _fits(names, (), event.facts):
        return event
    return replace(
        event,
        source=event.source[:MAX_NAME],
        event_id=event.event_id[:MAX_NAME],
        type=event.type[:MAX_NAME],
        entity_key=event.entity_key[:MAX_NAME],
        correlation_key=event.correlation_key[:MAX_NAME],
        facts=_cut_facts(event.facts),
    )


def _cut_change(change: Change) -> Change:
    if _fits((change.change_id, change.kind, change.entity_key), (change.summary,), change.facts):
        return change
    return replace(
        change,
        change_id=change.change_id[:MAX_NAME],
        kind=change.kind[:MAX_NAME],
        summary=change.summary[:MAX_TEXT],
        entity_key=change.entity_key[:MAX_NAME],
        facts=_cut_facts(change.facts),
    )


def _cut_evidence(record: EvidenceRecord) -> EvidenceRecord:
    return replace(
        record,
        entity_key=record.entity_key[:MAX_NAME],
        what=record.what[:MAX_TEXT],
        source=record.source[:MAX_NAME],
        query=record.query[:MAX_TEXT],
        counts=_cut_facts(record.counts),
    )


def _cut_entity(entity: Entity) -> Entity:
    return replace(
        entity,
        key=entity.key[:MAX_NAME],
        name=entity.name[:MAX_NAME],
        domain=entity.domain[:MAX_NAME],
        owner=entity.owner[:MAX_NAME],
        description=entity.description[:MAX_TEXT],
        facts=_cut_facts(entity.facts),
    )


def _cut_relation(relation: Relation) -> Relation:
    return replace(
        relation,
        source_key=relation.source_key[:MAX_NAME],
        target_key=relation.target_key[:MAX_NAME],
        facts=_cut_facts(relation.facts),
    )


def _cut_claim(claim: ClaimedStatus) -> ClaimedStatus:
    return replace(
        claim, entity_key=claim.entity_key[:MAX_NAME], words=claim.words[:MAX_TEXT], facts=_cut_facts(claim.facts)
    )


def _cut_allocation(allocation: Allocation) -> Allocation:
    return replace(
        allocation,
        entity_key=allocation.entity_key[:MAX_NAME],
        resource=allocation.resource[:MAX_NAME],
        kind=allocation.kind[:MAX_NAME],
        unit=allocation.unit[:MAX_NAME],
    )
