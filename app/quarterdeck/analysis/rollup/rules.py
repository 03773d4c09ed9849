"""Declared rules over what an entity depends on, for many entities at once.

Each rule adds up the weight of those of its members that still work. A rule breaks as soon as enough has failed: since
the failure that took the last of what it could do without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.rollup.conditions import NEVER, NO_SPARE, REACHES, Reach
from quarterdeck.analysis.rollup.links import Numbers, spread
from quarterdeck.domain.estate import Entity
from quarterdeck.domain.health_rules import HealthRule, RuleKind, tier_weight

Weights = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Needs:
    """Which entities are needed together.

    With less than `down_below` of the weight working their loss is felt whole, with less than `degraded_below` in part.
    `counts` says that the weights count entities.
    """

    members: tuple[int, ...]
    weights: tuple[float, ...]
    down_below: float
    degraded_below: float
    counts: bool = False


def needs_of(
    entity: Entity, tiers: Mapping[str, int], numbers: Mapping[str, int], providers: frozenset[int]
) -> tuple[Needs, ...]:
    """What the rules of an entity need of those members that the estate holds and that it depends on."""
    rules = [rule for rule in entity.rules if rule.kind is not RuleKind.IGNORE]
    needs = (_need(rule, tiers, numbers, providers) for rule in rules)
    return tuple(need for need in needs if need.members)


def _need(rule: HealthRule, tiers: Mapping[str, int], numbers: Mapping[str, int], providers: frozenset[int]) -> Needs:
    held = [key for key in dict.fromkeys(rule.members) if numbers.get(key) in providers]
    members = tuple(numbers[key] for key in held)
    if rule.kind is RuleKind.WEIGHTED:
        declared = dict(rule.weights)
        weights = tuple(declared.get(key, tier_weight(tiers[key])) for key in held)
        whole = sum(weights)
        return Needs(members, weights, rule.down_below * whole - _TINY, rule.degraded_below * whole - _TINY)
    is_counted = rule.kind is RuleKind.AT_LEAST
    count = rule.count if is_counted else len(rule.members)
    # What is not in the estate is not known to have failed.
    down_below = max(0, count - (len(rule.members) - len(held)))
    return Needs(members, (1.0,) * len(held), down_below, down_below + int(is_counted), counts=is_counted)


@dataclass(frozen=True, slots=True, eq=False)
class RuleTable:
    """All rules as columns: those of the ruled entity `ruled[i]` are rows `[starts[i], starts[i + 1])`.

    `calm_spares` is the redundancy each ruled entity has left while nothing fails.
    """

    ruled: Numbers
    starts: Numbers
    member_starts: Numbers
    members: Numbers
    weights: Weights
    whole: Weights
    down_below: Weights
    degraded_below: Weights
    counts: Truths
    calm_spares: npt.NDArray[np.int16]

    @classmethod
    def of(cls, needs: Mapping[int, Sequence[Needs]]) -> RuleTable:
        """The table of what ruled entities need, by their numbers."""
        ruled = sorted(needs)
        rows = [need for number in ruled for need in needs[number]]
        sizes = [len(need.members) for need in rows]
        return cls(
            ruled=np.array(ruled, np.int64),
            starts=_starts([len(needs[number]) for number in ruled]),
            member_starts=_starts(sizes),
            members=np.array([member for need in rows for member in need.members], np.int64),
            weights=np.array([weight for need in rows for weight in need.weights], np.float64),
            whole=np.array([sum(need.weights) for need in rows], np.float64),
            down_below=np.array([need.down_below for need in rows], np.float64),
            degraded_below=np.array([need.degraded_below for need in rows], np.float64),
            counts=np.array([need.counts for need in rows], np.bool_),
            calm_spares=np.array([_calm_spare(needs[number]) for number in ruled], np.int16),
        )

    def among(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """The ruled ones among ascending numbers: their places in these, and in `ruled`."""
        first = int(np.searchsorted(self.ruled, int(numbers[0])))
        last = int(np.searchsorted(self.ruled, int(numbers[-1]), "right"))
        places: Numbers = np.searchsorted(numbers, self.ruled[first:last])
        held = numbers[places] == self.ruled[first:last]
        return places[held], np.flatnonzero(held) + first

    def rows(self, at: Numbers) -> Rows:
        """The rules of some ruled entities, by their places in `ruled`."""
        chosen = spread(self.starts, at)
        owners = np.repeat(np.arange(len(at)), self.starts[at + 1] - self.starts[at])
        cells = spread(self.member_starts, chosen)
        sizes = self.member_starts[chosen + 1] - self.member_starts[chosen]
        return Rows(self, chosen, owners, cells, np.cumsum(sizes) - sizes, np.repeat(np.arange(len(chosen)), sizes))


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Some rules of a table: `owners` are places of whom they are of, `cells` places of all their members.

    `begins` is where the members of each rule begin among the cells, `rule_of` which rule each cell is of.
    """

    table: RuleTable
    chosen: Numbers
    owners: Numbers
    cells: Numbers
    begins: Numbers
    rule_of: Numbers

    @property
    def members(self) -> Numbers:
        """The member of each cell."""
        return self.table.members[self.cells]

    def left(self, gone: Truths) -> tuple[Truths, Truths]:
        """Which rules are broken and which are hurt, by which members are gone."""
        lost = np.add.reduceat(np.where(gone, self.table.weights[self.cells], 0.0), self.begins)
        working = self.table.whole[self.chosen] - lost
        broken = (lost > 0) & (working < self.table.down_below[self.chosen])
        return broken, (lost > 0) & ~broken & (working < self.table.degraded_below[self.chosen])

    def spares(self, works: Truths) -> Numbers:
        """The redundancy left of each rule that counts, by which members work; `NO_SPARE` of the others."""
        working = np.add.reduceat(works.astype(np.int64), self.begins)
        spares = np.maximum(working - self.table.down_below[self.chosen].astype(np.int64), 0)
        return np.where(self.table.counts[self.chosen], spares, NO_SPARE)

    def reach(self, reach: Numbers) -> Numbers:
        """Since when each kind of failure of the cells (c, 8) has taken too much of each rule (r, 8).

        What took less than that explains an impairment.
        """
        found = np.full((len(self.chosen), REACHES), NEVER, np.int64)
        for column in range(REACHES):
            if reach[:, column].min() < NEVER:
                found[:, column] = self._broken_since(reach[:, column])
        for half in (0, int(Reach.YOUNG)):
            silent = np.where(reach[:, half + Reach.SILENT] < NEVER, -reach[:, half + Reach.SILENT], NEVER)
            partly = np.minimum(np.minimum(reach[:, half + Reach.IMPAIRED], reach[:, half + Reach.FAILED]), silent)
            found[:, half + Reach.IMPAIRED] = np.minimum.reduceat(partly, self.begins)
        return found

    def _broken_since(self, since_ms: Numbers) -> Numbers:
        order = np.lexsort((since_ms, self.rule_of))
        ordered, weights = since_ms[order], self.table.weights[self.cells][order]
        gone = np.cumsum(weights)
        before = gone[self.begins] - weights[self.begins]
        left = self.table.whole[self.chosen][self.rule_of] - (gone - before[self.rule_of])
        broken = left < self.table.down_below[self.chosen][self.rule_of] - _TINY
        return np.minimum.reduceat(np.where(broken, ordered, NEVER), self.begins)


def _starts(sizes: Sequence[int]) -> Numbers:
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts


def _calm_spare(needs: Sequence[Needs]) -> int:
    return min((len(need.members) - int(need.down_below) for need in needs if need.counts), default=NO_SPARE)
