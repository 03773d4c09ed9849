"""How entities were declared over time, so that each stretch of it is judged by what was expected then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from quarterdeck.domain.estate import Entity, EntityVersion, precedence
from quarterdeck.domain.expectations import expectations_for
from quarterdeck.domain.instants import to_ms

_BEFORE_EVERYTHING = -(1 << 62)
_AFTER_EVERYTHING = 1 << 62


@dataclass(frozen=True, slots=True)
class Piece:
    """An entity as it was declared over `[from_ms, to_ms)`."""

    entity: Entity
    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True)
class EntityCourse:
    """One entity's declarations as pieces in time, without overlap; between two of them it was withdrawn.

    The first piece reaches back without end: data older than the declaration are judged by what it first said.
    `begun_ms` is when anybody first told of it.
    """

    pieces: tuple[Piece, ...]
    begun_ms: int

    def over(self, start_ms: int, end_ms: int) -> list[Piece]:
        """The pieces of a range, cut to it."""
        cut = [Piece(p.entity, max(p.from_ms, start_ms), min(p.to_ms, end_ms)) for p in self.pieces]
        return [piece for piece in cut if piece.from_ms < piece.to_ms]

    @property
    def latest(self) -> Entity:
        """The entity as it was declared last."""
        return self.pieces[-1].entity

    @property
    def is_withdrawn(self) -> bool:
        """Whether nobody declares or observes it any more."""
        return self.ended_ms is not None

    @property
    def ended_ms(self) -> int | None:
        """Since when it is withdrawn; None while it is not."""
        until_ms = self.pieces[-1].to_ms
        return None if until_ms == _AFTER_EVERYTHING else until_ms


def course_of(history: Sequence[EntityVersion]) -> EntityCourse | None:
    """The course of one entity from all its versions, whoever told them; None when there is none."""
    begins = {to_ms(version.valid_from_at) for version in history}
    ends = {to_ms(version.valid_to_at) for version in history if version.valid_to_at}
    edges = [*sorted(begins | ends), _AFTER_EVERYTHING]
    pieces: list[Piece] = []
    for from_ms, to_ms_ in pairwise(edges):
        standing = max((v for v in history if _holds(v, from_ms)), key=precedence, default=None)
        if standing is None:
            continue
        begin_ms = from_ms if pieces else _BEFORE_EVERYTHING
        if pieces and pieces[-1].to_ms == begin_ms and _is_judged_alike(pieces[-1].entity, standing.entity):
            begin_ms = pieces.pop().from_ms
        pieces.append(Piece(standing.entity, begin_ms, to_ms_))
    return EntityCourse(tuple(pieces), min(begins)) if pieces else None


def longest_breach_ms(entity: Entity) -> int:
    """The longest time for which a breach must last before it counts."""
    return int(1000 * max(expectation.for_seconds for expectation in expectations_for(entity.expectations)))


def _holds(version: EntityVersion, at_ms: int) -> bool:
    return to_ms(version.valid_from_at) <= at_ms and (version.valid_to_at is None or at_ms < to_ms(version.valid_to_at))


def _is_judged_alike(one: Entity, other: Entity) -> bool:
    return (one.expectations, one.freshness_seconds) == (other.expectations, other.freshness_seconds)
