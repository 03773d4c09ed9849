"""What sizes would do: each proposal keeps a constraint that it names, and what cannot be proposed is told with why.

Nothing is changed here. A proposal is arithmetic over what was seen: the demand that 99 of 100 hourly peaks stay under,
carried on at the pace that holds now, has to stay under a share of the size for so many days.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from quarterdeck.domain.capacity import SAFE_SHARE, ResourceKey, ResourceKind
from quarterdeck.services.capacity import Resource

PLANNED_DAYS = 90
WORTHWHILE = 0.75
"""A size is taken down only to this share of itself or less: less than that is not worth a change."""
IDLE_SHARE = 0.05
"""What uses less than this of its size even at its peaks does next to nothing."""
_STEPS_A_SIZE = 20
_GIBI = float(2**30)
_KEPT_WHOLE = frozenset({ResourceKind.STORAGE})
"""What is not proposed to be made smaller: a disk that shrinks is a migration."""


class Standing(StrEnum):
    """What is proposed for a resource, or why nothing is."""

    GROW = "grow"
    SHRINK = "shrink"
    KEEP = "keep"
    NO_SIZE = "no_size"
    NO_HISTORY = "no_history"
    PENDING = "pending"
    OLD = "old"


PROPOSED = frozenset({Standing.GROW, Standing.SHRINK})
JUDGED = frozenset({Standing.GROW, Standing.SHRINK, Standing.KEEP})


@dataclass(frozen=True, slots=True)
class Constraint:
    """The demand stays under this share of the size for so many days."""

    share: float = SAFE_SHARE
    days: int = PLANNED_DAYS


@dataclass(frozen=True, slots=True)
class Supposition:
    """What is supposed: demand is so many times what it was, and of so many equal nodes so many are lost.

    `moved` adds an amount of demand to resources by their keys, in the unit of their sizes; below nought it takes away.
    """

    growth: float = 1.0
    nodes: int = 1
    lost_nodes: int = 0
    moved: tuple[tuple[ResourceKey, float], ...] = ()

    @property
    def factor(self) -> float:
        """How many times the demand that is left per unit of size; raises ValueError where nobody is left."""
        if not 0 <= self.lost_nodes < self.nodes:
            message = "at least one node has to be left"
            raise ValueError(message)
        return self.growth * self.nodes / (self.nodes - self.lost_nodes)


AS_IT_IS = Supposition()


@dataclass(frozen=True, slots=True)
class Proposal:
    """One resource: its size now, the demand at the end of the days, the size proposed; None for what nobody knows.

    All in the unit of the size. `ahead` is the demand at the end of the constraint's days.
    """

    resource: Resource
    standing: Standing
    now: float | None = None
    demand: float | None = None
    ahead: float | None = None
    proposed: float | None = None

    @property
    def difference(self) -> float:
        """How much more or less is proposed; 0 where nothing is."""
        return 0.0 if self.proposed is None or self.now is None else self.proposed - self.now

    @property
    def is_idle(self) -> bool:
        """Whether next to nothing of the size is used."""
        return self.demand is not None and self.now is not None and self.demand < IDLE_SHARE * self.now


@dataclass(frozen=True, slots=True)
class Plan:
    """Proposals for every resource under a constraint and a supposition, in the order of the resources."""

    constraint: Constraint
    supposed: Supposition
    proposals: tuple[Proposal, ...]
    by_key: dict[ResourceKey, Proposal] = field(default_factory=dict[ResourceKey, Proposal], compare=False)

    def of(self, standing: Standing) -> tuple[Proposal, ...]:
        """Those of a standing."""
        return tuple(one for one in self.proposals if one.standing is standing)


def planned(
    resources: Sequence[Resource], constraint: Constraint | None = None, supposed: Supposition = AS_IT_IS
) -> Plan:
    """What the sizes would be."""
    kept = constraint or Constraint()
    proposals = tuple(proposal_for(resource, kept, supposed) for resource in resources)
    return Plan(kept, supposed, proposals, {one.resource.key: one for one in proposals})


def proposal_for(resource: Resource, constraint: Constraint, supposed: Supposition = AS_IT_IS) -> Proposal:
    """What one size would be."""
    size, outlook = resource.size, resource.outlook
    if size is None:
        return Proposal(resource, Standing.NO_SIZE)
    if resource.is_pending:
        return Proposal(resource, Standing.PENDING, size.amount)
    if outlook is None or outlook.demand is None or outlook.growth is None:
        return Proposal(resource, Standing.NO_HISTORY, size.amount)
    if resource.is_old:
        return Proposal(resource, Standing.OLD, size.amount)
    pace = outlook.growth.slope if outlook.growth.is_growing else 0.0
    factor, moved = supposed.factor, dict(supposed.moved).get(resource.key, 0.0)
    demand = max(0.0, outlook.demand * size.amount * factor + moved)
    ahead = max(demand, demand + pace * size.amount * factor * constraint.days)
    needed = _rounded_up(ahead / constraint.share, size.unit)
    standing = _standing(resource, size.amount, needed)
    return Proposal(resource, standing, size.amount, demand, ahead, needed if standing in PROPOSED else None)


def _standing(resource: Resource, now: float, needed: float) -> Standing:
    if needed > now:
        return Standing.GROW
    is_less = needed <= WORTHWHILE * now and resource.key.kind not in _KEPT_WHOLE
    return Standing.SHRINK if is_less else Standing.KEEP


def _rounded_up(amount: float, unit: str) -> float:
    """To a size that somebody would order: whole processors, else steps of 1, 2 or 5 about a twentieth of it."""
    whole = _GIBI if unit == "By" else 1.0
    wanted = amount / whole
    step = 1.0
    if unit != "1" and wanted > _STEPS_A_SIZE:
        rough = wanted / _STEPS_A_SIZE
        ten = 10.0 ** math.floor(math.log10(rough))
        step = next(each * ten for each in (1.0, 2.0, 5.0, 10.0) if each * ten >= rough * (1 - 1e-9))
    return max(1.0, math.ceil(wanted / step - 1e-9)) * step * whole
