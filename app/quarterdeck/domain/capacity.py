"""What a resource is, how large it is by whose word, and how its owner declares that."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quarterdeck.domain.allocations import Allocation
from quarterdeck.domain.facts import Facts

SAFE_SHARE = 0.8
"""The share of a size that demand should stay under: what is left is for what nobody foresaw."""


class ResourceKind(StrEnum):
    """What is given out."""

    INTEGRATION = "integration"
    SERVICE = "service"
    PROCESSING = "processing"
    MEMORY = "memory"
    STORAGE = "storage"
    QUOTA = "quota"
    OTHER = "other"


class SizeOrigin(StrEnum):
    """Who says how large something is."""

    OBSERVED = "observed"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True, order=True)
class ResourceKey:
    """A resource of an entity; `part` tells it from others of its kind there (`/var`), and is empty for the whole."""

    entity_key: str
    kind: ResourceKind
    part: str = ""

    @property
    def id(self) -> str:
        """One text that no other resource has."""
        return f"{self.entity_key} {self.kind} {self.part}"


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is, in `unit` (`By`, `1` of processors, `1/s`), and who says so; `fact` names the declaration."""

    amount: float
    unit: str
    origin: SizeOrigin
    fact: str = ""
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SizeFact:
    """A fact of an entity that declares a size: its kind, the unit it is kept in, and how much one of it is."""

    name: str
    kind: ResourceKind
    unit: str
    factor: float = 1.0


_GIBI = float(2**30)
SIZE_FACTS: tuple[SizeFact, ...] = (
    SizeFact("allocated_storage_gb", ResourceKind.STORAGE, "By", _GIBI),
    SizeFact("allocated_memory_gb", ResourceKind.MEMORY, "By", _GIBI),
    SizeFact("allocated_cores", ResourceKind.PROCESSING, "1"),
    SizeFact("capacity_per_second", ResourceKind.SERVICE, "1/s"),
    SizeFact("quota_per_second", ResourceKind.QUOTA, "1/s"),
)
"""Every fact that declares a size. A GB is 2^30 bytes, as everywhere in the console."""

_BY_NAME: Mapping[str, SizeFact] = {each.name: each for each in SIZE_FACTS}
_LARGEST = 1e15
_WHOLES = {
    ResourceKind.MEMORY: frozenset({"memory"}),
    ResourceKind.PROCESSING: frozenset({"processors", "processor", "cpu"}),
}
_KINDS = {
    "storage": ResourceKind.STORAGE,
    "memory": ResourceKind.MEMORY,
    "processing": ResourceKind.PROCESSING,
    "quota": ResourceKind.QUOTA,
    "service": ResourceKind.SERVICE,
    "integration": ResourceKind.INTEGRATION,
}


def whole_or_part(kind: ResourceKind, name: str) -> str:
    """The part that a name means: empty for a name of the whole."""
    return "" if name in _WHOLES.get(kind, frozenset()) else name


def observed_key(allocation: Allocation) -> ResourceKey:
    """The resource that an allocation is of; a kind that nobody knows is told as other."""
    kind = _KINDS.get(allocation.kind, ResourceKind.OTHER)
    return ResourceKey(allocation.entity_key, kind, whole_or_part(kind, allocation.resource))


def declared_sizes(facts: Facts) -> tuple[tuple[SizeFact, float | None], ...]:
    """The sizes among an entity's facts, in the unit of each; None for one that is no number above nought."""
    return tuple((_BY_NAME[name], _amount(text, _BY_NAME[name])) for name, text in facts if name in _BY_NAME)


def _amount(text: str, spec: SizeFact) -> float | None:
    try:
        number = float(text) * spec.factor
    except ValueError:
        return None
    return number if math.isfinite(number) and 0 < number <= _LARGEST * spec.factor else None
