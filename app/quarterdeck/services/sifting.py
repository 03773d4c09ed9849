"""What no source may do to the store: date samples into the future, or send texts without end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from quarterdeck.domain.checks import CheckResult
from quarterdeck.domain.events import Event
from quarterdeck.domain.facts import Facts
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples

FUTURE_SLACK = timedelta(minutes=10)
MAX_NAME = 300
MAX_TEXT = 4000
MAX_FACTS = 64


@dataclass(frozen=True, slots=True)
class Sifted:
    """A batch fit for the store, and what was left out or cut, in words; empty when nothing was."""

    batch: Batch
    words: str


def sift(batch: Batch, now: datetime) -> Sifted:
    """Leave out samples and events from the future and cut texts to their limits."""
    latest = now + FUTURE_SLACK
    samples, ahead = _not_after(batch.samples, to_ms(latest))
    events = tuple(_cut_event(event) for event in batch.events if event.occurred_at <= latest)
    ahead += len(batch.events) - len(events)
    sifted = replace(
        batch,
        samples=replace(samples, identities=tuple(_cut_identity(identity) for identity in samples.identities)),
        checks=tuple(_cut_check(check) for check in batch.checks),
        events=events,
        note=batch.note[:MAX_TEXT],
    )
    words = f"{ahead:,} records are dated into the future and were left out; its clock is ahead." if ahead else ""
    return Sifted(sifted, words)


def _not_after(samples: Samples, latest_ms: int) -> tuple[Samples, int]:
    fit = samples.times_ms <= latest_ms
    ahead = len(samples) - int(fit.sum())
    if not ahead:
        return samples, 0
    columns = samples.series_index[fit], samples.times_ms[fit], samples.values[fit]
    return Samples(samples.identities, *columns), ahead


def _cut_facts(facts: Facts) -> Facts:
    return tuple((name[:MAX_NAME], value[:MAX_TEXT]) for name, value in facts[:MAX_FACTS])


def _cut_identity(identity: SeriesIdentity) -> SeriesIdentity:
    texts = (identity.entity_key, identity.name, identity.unit, identity.statistic)
    if max(map(len, texts)) <= MAX_NAME and not identity.labels:
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
    return replace(check, name=check.name[:MAX_NAME], summary=check.summary[:MAX_TEXT], facts=_cut_facts(check.facts))


def _cut_event(event: Event) -> Event:
    return replace(
        event,
        event_id=event.event_id[:MAX_NAME],
        type=event.type[:MAX_NAME],
        entity_key=event.entity_key[:MAX_NAME],
        correlation_key=event.correlation_key[:MAX_NAME],
        facts=_cut_facts(event.facts),
    )
