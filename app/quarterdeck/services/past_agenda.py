"""Which stretches of the past are still to be judged, entity by entity, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Span = tuple[int, int]
"""A stretch `[from_ms, to_ms)`."""


@dataclass(frozen=True, slots=True)
class Task:
    """A stretch of one entity's past to judge."""

    entity_key: str
    from_ms: int
    to_ms: int


class PastAgenda:
    """Stretches to judge; those of one entity that touch or overlap are one."""

    def __init__(self) -> None:
        self._spans: dict[str, list[Span]] = {}

    def add(self, entity_key: str, from_ms: int, to_ms: int) -> None:
        """Note a stretch; an empty one is nothing."""
        if from_ms < to_ms:
            self._spans[entity_key] = _joined([*self._spans.get(entity_key, []), (from_ms, to_ms)])

    def forget(self, entity_key: str) -> None:
        """Drop whatever is noted of an entity."""
        self._spans.pop(entity_key, None)

    def take(self, slice_ms: int) -> Task | None:
        """Take out the newest stretch of all, at most so long; None when there is none."""
        newest = max(self._spans.items(), key=lambda item: item[1][-1][1], default=None)
        if newest is None:
            return None
        entity_key, spans = newest
        from_ms, to_ms = spans.pop()
        start_ms = max(from_ms, to_ms - slice_ms)
        if from_ms < start_ms:
            spans.append((from_ms, start_ms))
        if not spans:
            del self._spans[entity_key]
        return Task(entity_key, start_ms, to_ms)


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for from_ms, to_ms in sorted(spans):
        if joined and from_ms <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], to_ms))
        else:
            joined.append((from_ms, to_ms))
    return joined
