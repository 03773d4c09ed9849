"""Declared rules: how an entity's health follows from what it depends on.

What an entity depends on and no rule of it names is needed: its loss is felt at once (worst of).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RuleKind(StrEnum):
    """How the members of a rule count together."""

    WORST_OF = "worst_of"
    AT_LEAST = "at_least"
    WEIGHTED = "weighted"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class HealthRule:
    """One rule over some of the entities that an entity depends on.

    `worst_of` needs every member. `at_least` needs `count` of them; what works beyond that is the redundancy left, and
    with none left the entity is degraded. `weighted` adds up what each member weighs: less than the share `down_below`
    (0 to 1) of the whole working is a loss, less than `degraded_below` is a degradation. A member without a weight of
    its own weighs by its tier: 4 for tier 1 down to 1 for tier 4. The loss of an `ignore` member is not felt.
    """

    kind: RuleKind
    members: tuple[str, ...]
    count: int = 1
    down_below: float = 0.5
    degraded_below: float = 1.0
    weights: tuple[tuple[str, float], ...] = ()


def tier_weight(tier: int) -> float:
    """What a member of that tier (1 most critical to 4) weighs where no weight is declared."""
    return float(5 - tier)
