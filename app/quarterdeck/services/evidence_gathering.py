"""Gathering evidence from the store, and keeping of it only what says something new or renews what would lapse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from quarterdeck.analysis.evidence_timelines import spoken
from quarterdeck.domain.estate import EntityKind, RelationKind
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.health import StateInterval
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.policies import EvidenceKind, Policy
from quarterdeck.services.declared_facts import DeclaredEstateView, declaration_of
from quarterdeck.services.drift import DriftReader, DriftSources
from quarterdeck.services.drift_facts import drift_evidence
from quarterdeck.services.measured_facts import (
    WINDOW,
    CertificateReading,
    availability_evidence,
    certificate_evidence,
    certificate_readings,
    freshness_evidence,
    midnights,
)
from quarterdeck.services.objective_facts import objective_evidence
from quarterdeck.services.objectives import ObjectiveReader, ObjectiveStore
from quarterdeck.services.ports import StateStore


class EvidenceSources(DriftSources, ObjectiveStore, Protocol):
    """What evidence is read from."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which kinds of entity evidence is wanted, and the shortest lifetime in which a kind of it is read."""

    entity_kinds: frozenset[EntityKind]
    lifetimes_ms: Mapping[EvidenceKind, int]


def wanted_by(policies: Iterable[Policy]) -> Wanted:
    """What is gathered for some policies."""
    kinds: set[EntityKind] = set()
    lifetimes: dict[EvidenceKind, int] = {}
    for policy in policies:
        kinds.update(policy.scope.kinds or EntityKind)
        for need in policy.evidence:
            lifetime_ms = int(need.lifetime_seconds * 1000)
            lifetimes[need.kind] = min(lifetime_ms, lifetimes.get(need.kind, lifetime_ms))
    return Wanted(frozenset(kinds), lifetimes)


def gather(
    store: EvidenceSources, wanted: Wanted, since_at: datetime, now: datetime, drift: DriftReader | None = None
) -> list[EvidenceRecord]:
    """Everything that the store tells now about entities of the wanted kinds, from an instant on.

    A reader of `drift` that is kept from one time to the next reads what is declared again only where it changed.
    """
    view = DeclaredEstateView.of(store.entity_versions(now), store.relation_versions(now))
    keys = [key for key, version in view.entities.items() if version.entity.kind in wanted.entity_kinds]
    found = [_declaration(key, view, now) for key in keys]
    if EvidenceKind.CERTIFICATE in wanted.lifetimes_ms:
        found += _certificates(keys, view, certificate_readings(store.latest_checks(now)), now)
    if EvidenceKind.DRIFT in wanted.lifetimes_ms:
        found += drift_evidence(keys, view, (drift or DriftReader(store)).report(now), now)
    if EvidenceKind.OBJECTIVE in wanted.lifetimes_ms:
        found += objective_evidence(ObjectiveReader(store), frozenset(keys), since_at, now)
    if {EvidenceKind.FRESHNESS, EvidenceKind.AVAILABILITY} & wanted.lifetimes_ms.keys():
        intervals = _intervals(store, keys, TimeRange(since_at - WINDOW, now))
        for key in keys:
            known = intervals.get(key, ())
            recent = [each for each in known if each.to_at is None or each.to_at > since_at]
            found += freshness_evidence(key, recent, now)
            found += availability_evidence(key, known, midnights(since_at, now), now)
    return found


def news(
    drafts: Sequence[EvidenceRecord],
    known: Mapping[tuple[str, EvidenceKind], Sequence[EvidenceRecord]],
    wanted: Wanted,
    now: datetime,
) -> list[EvidenceRecord]:
    """The drafts that say what is not known yet, and those that renew what would lapse before long."""
    by_subject: dict[tuple[str, EvidenceKind], list[EvidenceRecord]] = defaultdict(list)
    for draft in drafts:
        if draft.kind in wanted.lifetimes_ms or draft.kind is EvidenceKind.DECLARATION:
            by_subject[draft.entity_key, draft.kind].append(draft)
    found: list[EvidenceRecord] = []
    for subject, told in by_subject.items():
        lifetime_ms = wanted.lifetimes_ms.get(subject[1], _LONG_MS)
        found += _news_of(told, known.get(subject, ()), lifetime_ms, now)
    return found


_LONG_MS = 365 * 86_400_000


def _news_of(
    drafts: Sequence[EvidenceRecord], known: Sequence[EvidenceRecord], lifetime_ms: int, now: datetime
) -> Iterator[EvidenceRecord]:
    timeline = spoken(known, lifetime_ms, 0)
    now_ms = to_ms(now)
    for draft in drafts:
        from_ms = to_ms(draft.effective_from_at)
        ends_ms = now_ms if draft.effective_to_at is None else to_ms(draft.effective_to_at)
        over = [piece for piece in timeline if piece.from_ms < ends_ms and piece.to_ms > from_ms]
        covered_ms = sum(min(piece.to_ms, ends_ms) - max(piece.from_ms, from_ms) for piece in over)
        is_same = all(piece.record.content == draft.content for piece in over)
        if not is_same or covered_ms < ends_ms - from_ms or not over:
            yield draft
        elif draft.effective_to_at is None and over[-1].to_ms - now_ms < lifetime_ms // 2:
            yield replace(draft, effective_from_at=now)


def withdrawals(
    drafts: Sequence[EvidenceRecord],
    known: Mapping[tuple[str, EvidenceKind], Sequence[EvidenceRecord]],
    now: datetime,
) -> list[EvidenceRecord]:
    """For every entity that is declared no more a record that says so: from now on nothing is declared of it."""
    standing = {draft.entity_key for draft in drafts if draft.kind is EvidenceKind.DECLARATION}
    last = {key: told[-1] for (key, kind), told in known.items() if kind is EvidenceKind.DECLARATION and told}
    return [
        replace(record, effective_from_at=now, received_at=now, what="Declared no more.", content=(), id=0, digest="")
        for key, record in last.items()
        if key not in standing and record.content
    ]


def _declaration(key: str, view: DeclaredEstateView, now: datetime) -> EvidenceRecord:
    declared = declaration_of(view.entities[key], view)
    return EvidenceRecord(
        kind=EvidenceKind.DECLARATION,
        entity_key=key,
        what="What is declared of it and of its links.",
        source=", ".join(declared.sources),
        query=f"versions of {key} and of its links that stand at {now.isoformat(timespec='seconds')}",
        effective_from_at=min(declared.since_at, now),
        effective_to_at=None,
        received_at=now,
        population=declared.population,
        counts=(("entities", "1"), ("links", str(declared.population - 1))),
        content=declared.content,
    )


def _certificates(
    keys: Sequence[str], view: DeclaredEstateView, readings: Mapping[str, list[CertificateReading]], now: datetime
) -> Iterator[EvidenceRecord]:
    """An entity's own certificates, and for an integration those of the partners it runs to."""
    for key in keys:
        partners = view.behind(key, RelationKind.EXTERNAL_INTERNAL, towards=False)
        behind = {other.key for other in partners if other.kind is EntityKind.PARTNER}
        own = [reading for subject in (key, *sorted(behind)) for reading in readings.get(subject, ())]
        record = certificate_evidence(key, own, now)
        if record is not None:
            yield record


def _intervals(store: StateStore, keys: Sequence[str], time_range: TimeRange) -> dict[str, list[StateInterval]]:
    found: dict[str, list[StateInterval]] = defaultdict(list)
    for interval in store.states_in(time_range, keys):
        found[interval.entity_key].append(interval)
    return found


HISTORY = timedelta(days=91)
"""How far back evidence is gathered that lies in the store already."""
