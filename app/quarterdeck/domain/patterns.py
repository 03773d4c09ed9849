"""Patterns: the declared shape of an entity, and what a verification of it finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quarterdeck.domain.estate import Entity, EntityKind, RelationKind
from quarterdeck.domain.facts import fact
from quarterdeck.domain.series import Meaning

PATTERN_FACT = "pattern"
"""The fact in which an entity names its patterns, by their ids with commas between."""


class Way(StrEnum):
    """On which side of a relation the other entity stands."""

    FROM = "from"
    TO = "to"


class Demand(StrEnum):
    """What a pattern may demand."""

    RELATION = "relation"
    SIGNAL = "signal"
    OBJECTIVE = "objective"
    FRESHNESS = "freshness"
    FACT = "fact"
    POLICY = "policy"


class Standing(StrEnum):
    """How an entity stands to a pattern; what is not known is never taken for conformity."""

    CONFORMS = "conforms"
    DEVIATES = "deviates"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RequiredRelation:
    """Between `at_least` and `at_most` relations of a kind with entities of a kind, each with some facts."""

    kind: RelationKind
    way: Way
    other: EntityKind
    at_least: int = 1
    at_most: int | None = None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class RequiredSignal:
    """A series of a meaning that tells of the entity; an empty statistic takes any."""

    meaning: Meaning
    statistic: str = ""


@dataclass(frozen=True, slots=True)
class Objectives:
    """The least availability objective in percent, and the meanings on which bounds must be declared."""

    availability_percent: float | None = None
    bounded: tuple[Meaning, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """The shape that entities of one kind declare to have.

    `freshness_seconds` is the longest freshness that may be declared. `policies` are ids of policies that must hold.
    """

    id: str
    title: str
    kind: EntityKind
    statement: str = ""
    relations: tuple[RequiredRelation, ...] = ()
    signals: tuple[RequiredSignal, ...] = ()
    objectives: Objectives = Objectives()
    freshness_seconds: float | None = None
    facts: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()

    @property
    def demand_count(self) -> int:
        """How many things it demands."""
        lists = (self.relations, self.signals, self.objectives.bounded, self.facts, self.policies)
        single = (self.objectives.availability_percent, self.freshness_seconds)
        return sum(map(len, lists)) + sum(one is not None for one in single)


@dataclass(frozen=True, slots=True)
class Finding:
    """One demand that is not met, or of which nothing is known: what is required, what is seen, and since when.

    `since_at` is None where no date can be told. `entity_keys` are other entities that are concerned.
    """

    demand: Demand
    required: str
    seen: str
    since_at: datetime | None = None
    entity_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """How an entity stands to one pattern at a moment; `title` is empty for a pattern that is not known."""

    entity_key: str
    pattern_id: str
    title: str
    demand_count: int = 0
    deviations: tuple[Finding, ...] = ()
    unknowns: tuple[Finding, ...] = ()

    @property
    def standing(self) -> Standing:
        """A deviation that is seen weighs more than what is not known."""
        if self.deviations:
            return Standing.DEVIATES
        return Standing.UNKNOWN if self.unknowns else Standing.CONFORMS

    @property
    def since_at(self) -> datetime | None:
        """Since when the first of its deviations lasts; None where none of them is dated."""
        return min((each.since_at for each in self.deviations if each.since_at is not None), default=None)


def pattern_ids(entity: Entity) -> tuple[str, ...]:
    """The patterns that an entity names, in its order and none twice."""
    words = (word.strip() for word in fact(entity.facts, PATTERN_FACT).split(","))
    return tuple(dict.fromkeys(word for word in words if word))
