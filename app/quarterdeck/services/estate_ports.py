"""The dated estate as the services see it: what is declared and observed, and what was seen from when to when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from quarterdeck.domain.estate import EntityVersion, Estate, RelationVersion
from quarterdeck.domain.sightings import DeclaredSpan, Sighting


class EstateStore(Protocol):
    """The dated estate."""

    def estate(self, as_of_at: datetime) -> Estate:
        """Entities and relations valid at a moment."""
        ...

    def entity_versions(self, as_of_at: datetime) -> tuple[EntityVersion, ...]:
        """The versions valid at a moment, with origin and source, ordered by key."""
        ...

    def relation_versions(self, as_of_at: datetime) -> tuple[RelationVersion, ...]:
        """The versions valid at a moment, with origin and source, ordered by key."""
        ...

    def entity_history(self, key: str) -> tuple[EntityVersion, ...]:
        """All versions of one entity, oldest first."""
        ...

    def relation_history(self, key: str) -> tuple[RelationVersion, ...]:
        """All versions of one relation, oldest first."""
        ...

    def relations_around(self, entity_key: str) -> tuple[RelationVersion, ...]:
        """All versions of every relation that begins or ends at an entity, oldest first."""
        ...


class EstateHistories(Protocol):
    """Histories of many entities in a few reads."""

    def entity_histories(self, keys: Sequence[str]) -> Mapping[str, tuple[EntityVersion, ...]]:
        """All versions of each entity, oldest first; empty for one that never was."""
        ...

    def relations_around_each(self, entity_keys: Sequence[str]) -> Mapping[str, tuple[RelationVersion, ...]]:
        """All versions of every relation that begins or ends at each entity, oldest first."""
        ...


class SightingStore(Protocol):
    """What connections saw by themselves, and when what was declared: what drift is told from."""

    def sightings(self, until_at: datetime) -> tuple[Sighting, ...]:
        """All that began at or before a moment, by source, key and time; ends are as they are known now."""
        ...

    def declared_spans(self, until_at: datetime) -> tuple[DeclaredSpan, ...]:
        """All stretches of declaration that began at or before a moment; of one key they may touch or overlap."""
        ...
