"""The redundancy left in groups: how many of them work, how many are needed, what one more loss would take."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from quarterdeck.analysis.rollup.conditions import Effective
from quarterdeck.analysis.rollup.supposing import Supposing, Supposition
from quarterdeck.domain.estate import Entity
from quarterdeck.domain.health import SEVERITY, HealthState
from quarterdeck.domain.health_rules import HealthRule, RuleKind, tier_weight

_MOST_TRIED = 16
_WORKING = frozenset({HealthState.HEALTHY, HealthState.DEGRADED})
_LOST = frozenset({HealthState.DOWN, HealthState.UNREACHABLE, HealthState.MAINTENANCE})
_COUNTED = frozenset({RuleKind.AT_LEAST, RuleKind.WEIGHTED})
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Redundancy:
    """A group that an entity depends on: how many of its members work, before and then, and what it needs.

    Of the `unknown` members nobody can tell, so they count neither as lost nor as working: `working` are those at
    least. `needed` counts members; of a weighted group it is None, and `share` (0 to 1) of the weight works at least,
    `share_at_most` with those that are not known, of which less than `share_needed` is a loss. `left` is how many more
    may fail at least, None for a weighted group. Where what is not known decides whether enough works, `is_unsure`.
    `taken_by_one_more` is what the loss of this entity would take with it where one more failure is known to be enough
    (`is_last`); empty where that is not so, or where it is lost already (`is_lost`).
    """

    entity: Entity
    members: tuple[Entity, ...]
    working_before: int
    working: int
    needed: int | None = None
    left: int | None = None
    share: float = 1.0
    share_at_most: float = 1.0
    share_needed: float = 0.0
    unknown: int = 0
    is_unsure: bool = False
    is_lost: bool = False
    is_last: bool = False
    taken_by_one_more: tuple[Entity, ...] = ()


class RedundancyReader:
    """Tells of the groups of an estate, given what is assumed of its entities."""

    def __init__(self, entities: Mapping[str, Entity], supposing: Supposing, states: Mapping[str, HealthState]) -> None:
        self._entities = entities
        self._supposing = supposing
        self._states = states
        self._groups = [
            (entity, rule) for entity in entities.values() for rule in entity.rules if rule.kind in _COUNTED
        ]

    @property
    def count(self) -> int:
        """How many groups there are in the estate."""
        return len(self._groups)

    def touched(self, found: Supposition) -> tuple[Redundancy, ...]:
        """The groups of which a member changes, those with the least left first."""
        told = [each for entity, rule in self._groups for each in self._group(entity, rule, found)]
        told.sort(key=_urgency)
        tried = {id(one) for one in [each for each in told if each.is_last][:_MOST_TRIED]}
        return tuple(self._with_next(one, found) if id(one) in tried else one for one in told)

    def _group(self, entity: Entity, rule: HealthRule, found: Supposition) -> Iterator[Redundancy]:
        members = tuple(self._entities[key] for key in rule.members if key in self._entities)
        if all(_state(found.assumed, one) is _state(found.real, one) for one in members):
            return
        at_work = {one.key for one in members if _state(found.assumed, one) in _WORKING}
        unknown = {one.key for one in members if _state(found.assumed, one) not in _WORKING | _LOST}
        before = sum(_state(found.real, one) in _WORKING for one in members)
        make = _counted if rule.kind is RuleKind.AT_LEAST else _weighed
        yield make(rule, Redundancy(entity, members, before, len(at_work), unknown=len(unknown)), at_work, unknown)

    def _with_next(self, one: Redundancy, found: Supposition) -> Redundancy:
        """With what would be lost if its entity were lost too."""
        further = self._supposing.suppose({**self._states, one.entity.key: HealthState.DOWN}, found.real)
        taken = [
            self._entities[key]
            for key, state in further.assumed.items()
            if SEVERITY[state.state] > SEVERITY[found.assumed[key].state]
        ]
        return replace(one, taken_by_one_more=tuple(taken))


def _state(states: Mapping[str, Effective], entity: Entity) -> HealthState:
    return states[entity.key].state


def _urgency(one: Redundancy) -> tuple[bool, bool, bool, int, str]:
    return not one.is_lost, not one.is_unsure, not one.is_last, one.left or 0, one.entity.name.casefold()


def _counted(rule: HealthRule, group: Redundancy, at_work: Collection[str], unknown: Collection[str]) -> Redundancy:
    # What is not in the estate is not known to have failed.
    needed = max(0, rule.count - (len(rule.members) - len(group.members)))
    left = len(at_work) - needed
    return replace(
        group,
        needed=needed,
        left=max(0, left),
        is_lost=left + len(unknown) < 0,
        is_unsure=left < 0 <= left + len(unknown),
        is_last=left == 0 and not unknown,
    )


def _weighed(rule: HealthRule, group: Redundancy, at_work: Collection[str], unknown: Collection[str]) -> Redundancy:
    declared = dict(rule.weights)
    weights = {one.key: declared.get(one.key, tier_weight(one.tier)) for one in group.members}
    whole = sum(weights.values()) or 1.0
    share = sum(weights[key] for key in at_work) / whole
    most = share + sum(weights[key] for key in unknown) / whole
    after = most - max((weights[key] for key in at_work), default=0.0) / whole
    limit = rule.down_below - _TINY
    return replace(
        group,
        share=share,
        share_at_most=most,
        share_needed=rule.down_below,
        is_lost=most < limit,
        is_unsure=share < limit <= most,
        is_last=after < limit <= share,
    )
