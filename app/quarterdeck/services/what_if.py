"""What would follow if some entities were in other states: the roll-up, who is hit, the redundancy left.

A view and never a write: what it is given can only be read from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from quarterdeck.analysis.coverage import Coverage
from quarterdeck.analysis.rollup.conditions import Own
from quarterdeck.analysis.rollup.supposing import Supposing, Supposition
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import Entity, EntityKind, Estate, RelationKind
from quarterdeck.domain.health import SEVERITY, HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.domain.maintenance import MaintenanceRecord
from quarterdeck.services.maintenance_watch import followed_windows
from quarterdeck.services.outage_beginnings import own_states_reaching_back
from quarterdeck.services.own_history import LOOKBACK_MS, OwnHistory
from quarterdeck.services.redundancy import Redundancy, RedundancyReader

_WORKING = frozenset({HealthState.HEALTHY, HealthState.DEGRADED})
_LOST = frozenset({HealthState.DOWN, HealthState.UNREACHABLE, HealthState.MAINTENANCE})


class RecordedMaintenance(Protocol):
    """Planned work, to read."""

    def records(self, window_id: str | None = None) -> tuple[MaintenanceRecord, ...]:
        """Every record, or all of one window, in the order in which they were made."""
        ...


class WhatIfSources(Protocol):
    """What an assumption starts from; nothing of it can write."""

    @property
    def maintenance(self) -> RecordedMaintenance:
        """Planned work."""
        ...

    def estate(self, as_of_at: datetime) -> Estate:
        """Entities and relations valid at a moment."""
        ...

    def own_states_in(
        self, time_range: TimeRange, entity_keys: Sequence[str] | None = None
    ) -> tuple[StateInterval, ...]:
        """Intervals that overlap a range, ordered by entity and time; all entities when no keys are given."""
        ...


@dataclass(frozen=True, slots=True)
class Assumption:
    """An entity in the state it is assumed to be in, and the one it is in."""

    entity: Entity
    state: HealthState
    real: HealthState


@dataclass(frozen=True, slots=True)
class Change:
    """An entity that would be in another state, and the roots that would explain it, the earliest first."""

    entity: Entity
    before: HealthState
    after: HealthState
    because: tuple[Entity, ...] = ()

    @property
    def is_worse(self) -> bool:
        """Whether it would be worse off."""
        return SEVERITY[self.after] > SEVERITY[self.before]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would follow from assumptions at a moment; everything in it is assumed but what is named `before` or `real`.

    `changes` are of entities that are not assumed themselves, the gravest first. `partners` are those that a hit
    integration links in. `unaffected` are integrations that go on as they do, `uncertain` what depends on something
    that is assumed to be degraded and for which no rule tells what follows. `redundancies` are the groups that the
    assumptions touch, out of `group_count`.
    """

    at: datetime
    assumptions: tuple[Assumption, ...]
    changes: tuple[Change, ...]
    roots: tuple[Entity, ...]
    partners: tuple[Entity, ...]
    unaffected: tuple[Entity, ...]
    uncertain: tuple[Entity, ...]
    redundancies: tuple[Redundancy, ...]
    group_count: int
    entity_count: int

    def hit(self, *kinds: EntityKind) -> tuple[Change, ...]:
        """What would be worse off, of some kinds, the gravest first; of all kinds when none is given."""
        return tuple(one for one in self.changes if one.is_worse and (not kinds or one.entity.kind in kinds))

    @property
    def relieved(self) -> tuple[Change, ...]:
        """What would be better off."""
        return tuple(one for one in self.changes if not one.is_worse)

    @property
    def states(self) -> dict[str, HealthState]:
        """The state of everything that would be in another one than it is, by key."""
        found = {one.entity.key: one.after for one in self.changes}
        return found | {one.entity.key: one.state for one in self.assumptions}


class WhatIfReader:
    """Answers what would follow, at any moment."""

    def __init__(self, store: WhatIfSources) -> None:
        self._store = store

    def what_if(self, at: datetime, states: Mapping[str, HealthState]) -> WhatIf:
        """What would follow at a moment if entities were in these states, by key.

        Raises OperatorError for an entity that the estate does not hold at that moment.
        """
        estate = self._store.estate(at)
        entities = {entity.key: entity for entity in estate.entities}
        for key in states:
            if key not in entities:
                raise OperatorError(
                    f"{key} is not in the estate at this moment.", "Choose an entity that stands, or another moment."
                )
        supposing = Supposing(estate, self._owns(estate, at), to_ms(at))
        found = supposing.suppose(states)
        return _WhatIfs(estate, entities, supposing, states, found).told(at)

    def _owns(self, estate: Estate, at: datetime) -> dict[str, Own]:
        """What everything told of itself by a moment."""
        at_ms = to_ms(at)
        known = TimeRange(from_ms(at_ms - LOOKBACK_MS), from_ms(at_ms + 1))
        history = OwnHistory()
        windows = followed_windows(self._store.maintenance.records())
        history.coverage = Coverage.of(windows, estate.entities, known)
        history.add(own_states_reaching_back(self._store, known), at_ms - LOOKBACK_MS)
        return {entity.key: history.own_at(entity.key, at_ms) for entity in estate.entities}


@dataclass(frozen=True, slots=True)
class _WhatIfs:
    """Puts what was found into words of the estate."""

    estate: Estate
    entities: Mapping[str, Entity]
    supposing: Supposing
    states: Mapping[str, HealthState]
    found: Supposition

    def told(self, at: datetime) -> WhatIf:
        changes = self._changes()
        redundancies = RedundancyReader(self.entities, self.supposing, self.states)
        return WhatIf(
            at=at,
            assumptions=tuple(
                Assumption(self.entities[key], state, self.found.real[key].state) for key, state in self.states.items()
            ),
            changes=changes,
            roots=self._roots(changes),
            partners=self._partners(changes),
            unaffected=self._unaffected(changes),
            uncertain=self._uncertain(changes),
            redundancies=redundancies.touched(self.found),
            group_count=redundancies.count,
            entity_count=len(self.entities),
        )

    def _changes(self) -> tuple[Change, ...]:
        found = (
            Change(
                self.entities[key],
                self.found.real[key].state,
                assumed.state,
                tuple(self.entities[cause.key] for cause in assumed.because if cause.key in self.entities),
            )
            for key, assumed in self.found.assumed.items()
            if key not in self.states and assumed.state is not self.found.real[key].state
        )
        return tuple(sorted(found, key=_urgency))

    def _roots(self, changes: Sequence[Change]) -> tuple[Entity, ...]:
        named = {root.key: root for one in changes for root in one.because}
        return tuple(named[key] for key in sorted(named))

    def _partners(self, changes: Sequence[Change]) -> tuple[Entity, ...]:
        hit = {one.entity.key for one in changes if one.is_worse}
        hit |= {key for key, state in self._new().items() if state not in _WORKING}
        keys = {
            one.source_key
            for one in self.estate.relations
            if one.kind is RelationKind.EXTERNAL_INTERNAL and one.target_key in hit
        }
        found = (self.entities[key] for key in sorted(keys & self.entities.keys()))
        return tuple(one for one in found if one.kind is EntityKind.PARTNER)

    def _unaffected(self, changes: Sequence[Change]) -> tuple[Entity, ...]:
        changed = {one.entity.key for one in changes} | self.states.keys()
        return tuple(one for one in self.estate.of_kind(EntityKind.INTEGRATION) if one.key not in changed)

    def _new(self) -> dict[str, HealthState]:
        """What is assumed and is not so already; a loss of another kind is no new one."""
        real = self.found.real
        return {
            key: state
            for key, state in self.states.items()
            if state is not real[key].state and not {state, real[key].state} <= _LOST
        }

    def _uncertain(self, changes: Sequence[Change]) -> tuple[Entity, ...]:
        degraded = {key: state for key, state in self._new().items() if state is HealthState.DEGRADED}
        if not degraded:
            return ()
        changed = {one.entity.key for one in changes} | self.states.keys()
        return tuple(self.entities[key] for key in sorted(self.supposing.behind(degraded) - changed))


def _urgency(one: Change) -> tuple[bool, int, int, str]:
    return not one.is_worse, -SEVERITY[one.after], one.entity.tier, one.entity.name.casefold()
