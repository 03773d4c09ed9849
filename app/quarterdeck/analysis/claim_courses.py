"""The two sides of a comparison as courses: what was claimed, and what was measured, at every instant of a range."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from quarterdeck.domain.checks import ClaimedStatus
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange, to_ms

NO_CLAIM = "The page was not read."
NO_MEASUREMENT = "Nothing was measured."
UNREACHABLE = "It could not be measured: what it depends on failed."


@dataclass(frozen=True, slots=True)
class Stretch:
    """One state over `[from_ms, to_ms)`, with what was said of it."""

    from_ms: int
    to_ms: int
    state: HealthState
    words: str = ""


class Course:
    """A state at every instant: stretches that do not overlap, and `otherwise` where there is none.

    Where stretches that are handed in overlap, the one that begins later stands.
    """

    def __init__(self, stretches: Iterable[Stretch], otherwise: str) -> None:
        self._stretches = tuple(_without_overlap(sorted(stretches, key=lambda each: (each.from_ms, each.to_ms))))
        self._begins = [each.from_ms for each in self._stretches]
        self._otherwise = Stretch(0, 0, HealthState.UNKNOWN, otherwise)

    def at(self, instant_ms: int) -> Stretch:
        """What holds at an instant."""
        place = bisect_right(self._begins, instant_ms) - 1
        if place >= 0 and instant_ms < self._stretches[place].to_ms:
            return self._stretches[place]
        return self._otherwise

    def edges(self, start_ms: int, end_ms: int) -> set[int]:
        """The instants strictly inside a range at which something may change."""
        found: set[int] = set()
        for each in self._stretches:
            found |= {each.from_ms, each.to_ms}
        return {edge for edge in found if start_ms < edge < end_ms}


def claim_course(claims: Sequence[ClaimedStatus], gaps: Iterable[TimeRange], patience: timedelta) -> Course:
    """What one entity's page claimed, from its stored claims in the order of their instants.

    Of a run of equal claims only the first and the newest are stored, so that two equal ones in a row hold all the
    time between them. Any other claim holds until the next one, and no longer than `patience`. In a gap nothing is
    known, whatever was claimed before and after.
    """
    patience_ms = patience // timedelta(milliseconds=1)
    ordered = sorted(claims, key=lambda claim: claim.claimed_at)
    stretches: list[Stretch] = []
    for claim, following in zip(ordered, [*ordered[1:], None], strict=False):
        from_ms = to_ms(claim.claimed_at)
        until_ms = from_ms + patience_ms
        if following is not None:
            next_ms = to_ms(following.claimed_at)
            until_ms = next_ms if _is_same(claim, following) else min(next_ms, until_ms)
        stretches.append(Stretch(from_ms, until_ms, claim.state, claim.words))
    holes = sorted((gap.start_ms, gap.end_ms) for gap in gaps)
    return Course((part for each in stretches for part in _outside(each, holes)), NO_CLAIM)


def measured_course(intervals: Iterable[StateInterval], until_ms: int) -> Course:
    """What was measured of one entity: its states up to an instant; unreachable says nothing of a partner."""
    return Course(
        (
            Stretch(
                to_ms(each.from_at),
                until_ms if each.to_at is None else min(until_ms, to_ms(each.to_at)),
                HealthState.UNKNOWN if each.state is HealthState.UNREACHABLE else each.state,
                UNREACHABLE if each.state is HealthState.UNREACHABLE else each.reason,
            )
            for each in intervals
        ),
        NO_MEASUREMENT,
    )


def _is_same(claim: ClaimedStatus, other: ClaimedStatus) -> bool:
    return (claim.state, claim.words, claim.facts) == (other.state, other.words, other.facts)


def _without_overlap(ordered: Sequence[Stretch]) -> Iterator[Stretch]:
    for each, following in zip(ordered, [*ordered[1:], None], strict=False):
        to_ms_ = each.to_ms if following is None else min(each.to_ms, following.from_ms)
        if each.from_ms < to_ms_:
            yield Stretch(each.from_ms, to_ms_, each.state, each.words)


def _outside(stretch: Stretch, holes: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
    """The parts of a stretch outside the holes, which are in order."""
    from_ms = stretch.from_ms
    for hole_from_ms, hole_to_ms in holes:
        if hole_to_ms <= from_ms or hole_from_ms >= stretch.to_ms:
            continue
        if hole_from_ms > from_ms:
            yield Stretch(from_ms, hole_from_ms, stretch.state, stretch.words)
        from_ms = max(from_ms, hole_to_ms)
    if from_ms < stretch.to_ms:
        yield Stretch(from_ms, stretch.to_ms, stretch.state, stretch.words)
