"""Which resources there are: what sources tell of sizes and use, what owners declare, and the series that belong to it.

Nothing is made up: a share without a size stays a share, a size without use stays a size.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from quarterdeck.domain.allocations import Allocation
from quarterdeck.domain.capacity import (
    ResourceKey,
    ResourceKind,
    Size,
    SizeFact,
    SizeOrigin,
    declared_sizes,
    observed_key,
    whole_or_part,
)
from quarterdeck.domain.estate import Entity, EntityKind, Estate, RelationKind
from quarterdeck.domain.facts import fact
from quarterdeck.domain.series import Meaning, SeriesInfo
from quarterdeck.services.figures import is_memory_share
from quarterdeck.services.series_choice import choose_series, is_space, speaking_for_it

CAPACITY_MEANINGS = (
    Meaning.SATURATION,
    Meaning.STORAGE,
    Meaning.PROCESSING,
    Meaning.MEMORY,
    Meaning.THROUGHPUT,
)
"""The meanings of series that tell how much of something is used."""
_WAITING = "waiting"
_SATURATED = {EntityKind.INTEGRATION: ResourceKind.INTEGRATION}
_RATES = frozenset({ResourceKind.SERVICE, ResourceKind.QUOTA})
_WHOLE_OF_PARTS = {Meaning.PROCESSING: ResourceKind.PROCESSING, Meaning.MEMORY: ResourceKind.MEMORY}


@dataclass(frozen=True, slots=True)
class Subject:
    """One resource: whose it is, how large it is if anybody says, and what tells its use.

    `series` are shares, or with `is_absolute` amounts in the unit of the size; several of them add up. `told_used` is
    the use that came with the size, in its unit.
    """

    key: ResourceKey
    entity: Entity
    size: Size | None = None
    told_used: float | None = None
    series: tuple[SeriesInfo, ...] = ()
    is_absolute: bool = False


@dataclass(frozen=True, slots=True)
class Subjects:
    """All resources in order of their keys, and a sentence for each declaration that cannot be read.

    `rates` are the series that tell how much work an entity does, by its key.
    """

    resources: tuple[Subject, ...]
    rates: Mapping[str, SeriesInfo]
    unreadable: tuple[str, ...] = ()


def subjects_of(estate: Estate, series: Iterable[SeriesInfo], allocations: Iterable[Allocation]) -> Subjects:
    """The resources of the estate."""
    entities = {entity.key: entity for entity in estate.entities}
    told: dict[str, list[SeriesInfo]] = defaultdict(list)
    for info in series:
        if info.identity.entity_key in entities:
            told[info.identity.entity_key].append(info)
    found: dict[ResourceKey, Subject] = {}
    for entity in entities.values():
        for subject in _measured(entity, told.get(entity.key, ())):
            found.setdefault(subject.key, subject)
    for allocation in allocations:
        entity = entities.get(allocation.entity_key)
        if entity is not None and math.isfinite(allocation.allocated) and allocation.allocated > 0:
            _take_observed(found, entity, allocation)
    unreadable: list[str] = []
    carried = _carried(estate)
    for entity in entities.values():
        _Declarations(entity, carried.get(entity.key, ()), told).take(found, unreadable)
    # A memory told in bytes is no resource until somebody says how much there is.
    sized = [subject for subject in found.values() if subject.size is not None or not subject.is_absolute]
    rates = {key: rate for key, infos in told.items() if (rate := _throughput(infos)) is not None}
    return Subjects(tuple(sorted(sized, key=lambda one: one.key)), rates, tuple(unreadable))


def _measured(entity: Entity, told: Sequence[SeriesInfo]) -> Iterator[Subject]:
    """What series tell: shares of things, and a memory in bytes."""
    places: dict[tuple[ResourceKind, str], list[SeriesInfo]] = defaultdict(list)
    for info in speaking_for_it(told):
        place = _place(entity, info)
        if place is not None:
            places[place].append(info)
    for (kind, part), infos in places.items():
        shares = [info for info in infos if info.identity.unit == "ratio"]
        chosen = _one(shares or infos)
        yield Subject(ResourceKey(entity.key, kind, part), entity, series=(chosen,), is_absolute=not shares)


def _place(entity: Entity, info: SeriesInfo) -> tuple[ResourceKind, str] | None:
    """The resource that a series tells the use of; None for a series that tells of none."""
    identity, meaning = info.identity, info.identity.meaning
    if is_memory_share(info) or (meaning is Meaning.MEMORY and identity.unit == "By"):
        return ResourceKind.MEMORY, ""
    if identity.unit != "ratio" or fact(identity.labels, "sign") == _WAITING:
        return None
    if meaning in _WHOLE_OF_PARTS:
        return _WHOLE_OF_PARTS[meaning], ""
    if meaning is Meaning.STORAGE:
        return ResourceKind.STORAGE, _part(info)
    if meaning is Meaning.SATURATION:
        return _saturated(entity, info)
    return None


def _saturated(entity: Entity, info: SeriesInfo) -> tuple[ResourceKind, str]:
    part = fact(info.identity.labels, "resource") or _part(info)
    for word, kind in (("memory", ResourceKind.MEMORY), ("processor", ResourceKind.PROCESSING)):
        if part.startswith(word):
            return kind, whole_or_part(kind, part)
    return _SATURATED.get(entity.kind, ResourceKind.SERVICE), part


def _part(info: SeriesInfo) -> str:
    return " ".join(value for name, value in info.identity.labels if name != "sign")


def _one(infos: Sequence[SeriesInfo]) -> SeriesInfo:
    """The one of several that stands for them, whatever meanings they have."""
    chosen = choose_series(infos)
    return next(info for by_meaning in chosen.values() for info in by_meaning.values())


def _take_observed(found: dict[ResourceKey, Subject], entity: Entity, allocation: Allocation) -> None:
    """A size that a source tells goes to the resource whose use is measured, or stands for itself."""
    key = observed_key(allocation)
    used = allocation.used
    size = Size(allocation.allocated, allocation.unit, SizeOrigin.OBSERVED, observed_at=allocation.observed_at)
    subject = found.get(key, Subject(key, entity))
    if subject.is_absolute and subject.series[0].identity.unit != size.unit:
        subject = replace(subject, series=(), is_absolute=False)
    is_amount = used is not None and math.isfinite(used) and used >= 0
    found[key] = replace(subject, size=size, told_used=used if is_amount else None)


@dataclass(frozen=True, slots=True)
class _Declarations:
    """What an entity declares; `carried` are the integrations that use its quota."""

    entity: Entity
    carried: Sequence[str]
    told: Mapping[str, Sequence[SeriesInfo]]

    def take(self, found: dict[ResourceKey, Subject], unreadable: list[str]) -> None:
        for spec, amount in declared_sizes(self.entity.facts):
            if amount is None:
                unreadable.append(f"{self.entity.name}: {spec.name} is no number above nought.")
                continue
            size = Size(amount, spec.unit, SizeOrigin.DECLARED, spec.name)
            subject = self._rated(spec, size) if spec.kind in _RATES else self._whole(spec, size, found)
            known = found.get(subject.key)
            if known is None or known.size is None:
                found[subject.key] = subject

    def _rated(self, spec: SizeFact, size: Size) -> Subject:
        """A capacity is used by one's own requests, the quota of a partner by what goes to it."""
        keys = self.carried if self.entity.kind is EntityKind.PARTNER else (self.entity.key,)
        series = tuple(info for key in keys if (info := _throughput(self.told.get(key, ()))) is not None)
        part = "requests" if spec.kind is ResourceKind.SERVICE else ""
        key = ResourceKey(self.entity.key, spec.kind, part)
        return Subject(key, self.entity, size, series=series, is_absolute=True)

    def _whole(self, spec: SizeFact, size: Size, found: Mapping[ResourceKey, Subject]) -> Subject:
        """The size of the whole belongs to the one that is measured of its kind; among several it stands for itself."""
        own = [
            subject
            for subject in found.values()
            if subject.key.entity_key == self.entity.key and subject.key.kind is spec.kind
            if spec.kind is not ResourceKind.STORAGE or all(map(is_space, subject.series))
        ]
        if len(own) != 1:
            return Subject(ResourceKey(self.entity.key, spec.kind), self.entity, size)
        if own[0].is_absolute and own[0].series[0].identity.unit != size.unit:
            return Subject(own[0].key, self.entity, size)
        return replace(own[0], size=own[0].size or size)


def _throughput(told: Sequence[SeriesInfo]) -> SeriesInfo | None:
    rates = [info for info in told if info.identity.meaning is Meaning.THROUGHPUT and info.identity.unit == "1/s"]
    return _one(rates) if rates else None


def _carried(estate: Estate) -> Mapping[str, Sequence[str]]:
    """By partner the integrations that lead to it."""
    found: dict[str, list[str]] = defaultdict(list)
    partners = {entity.key for entity in estate.of_kind(EntityKind.PARTNER)}
    for relation in estate.relations:
        if relation.kind is RelationKind.EXTERNAL_INTERNAL and relation.source_key in partners:
            found[relation.source_key].append(relation.target_key)
    return {key: sorted(set(keys)) for key, keys in found.items()}
