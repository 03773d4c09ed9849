"""What can be reached along the edges of a graph, how far it is, and by which way."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

N = TypeVar("N", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Reached(Generic[N]):
    """Everything reached from a start, the nearest first: `steps` by node, and the node `before` it on the way.

    The start is reached in 0 steps and has nothing before it.
    """

    steps: Mapping[N, int]
    before: Mapping[N, N]

    def way_to(self, node: N) -> tuple[N, ...]:
        """The nodes from the start to one that was reached, both included."""
        way = [node]
        while way[-1] in self.before:
            way.append(self.before[way[-1]])
        return tuple(reversed(way))


def reached(start: N, following: Mapping[N, Iterable[N]], most_steps: int | None = None) -> Reached[N]:
    """Everything that lies at most so many steps from a start; cycles are walked once."""
    steps: dict[N, int] = {start: 0}
    before: dict[N, N] = {}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        if most_steps is not None and steps[node] >= most_steps:
            continue
        for other in following.get(node, ()):
            if other not in steps:
                steps[other] = steps[node] + 1
                before[other] = node
                waiting.append(other)
    return Reached(steps, before)
