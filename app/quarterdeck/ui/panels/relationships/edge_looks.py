"""What edges have in common that look alike, as numbers, so that thousands of them are sorted at once; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.relationships.state import IntArray, MapEdge

_STATES = tuple(HealthState)


@dataclass(frozen=True, slots=True)
class EdgeLook:
    """What edges have in common that are painted together."""

    state: HealthState | None = None
    is_faint: bool = False
    is_dashed: bool = False
    is_chosen: bool = False
    weight: int = 0

    @property
    def code(self) -> int:
        """A number for the look, the greater the later it is painted; what is chosen is painted by itself."""
        state = 0 if self.state is None else 1 + _STATES.index(self.state)
        return ((((not self.is_faint) * 16 + state) * 16 + self.weight) << 1) + self.is_dashed


def code_of(edge: MapEdge) -> int:
    """The code of an edge that is faint: wider by a step for each doubling of the relations behind it."""
    weight = min(15, int(log2(edge.count)))
    return EdgeLook(edge.state, is_faint=True, is_dashed=edge.is_observed_only, weight=weight).code


def look_of(code: int) -> EdgeLook:
    """The look of a code."""
    rest, is_dashed = code >> 1, bool(code & 1)
    rest, weight = divmod(rest, 16)
    is_bright, state = divmod(rest, 16)
    return EdgeLook(_STATES[state - 1] if state else None, not is_bright, is_dashed, weight=weight)


BRIGHT = EdgeLook().code
"""What is added to the code of a faint edge to make it a bright one."""


def without_state(codes: IntArray) -> IntArray:
    """The codes of the same edges as they look when nobody knows any more how things are."""
    return (codes >> 1) % 16 * 2 + (codes & 1)
