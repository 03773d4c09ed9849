"""Flapping: a state that changes too often to be told change by change holds its worst until it is calm.

What is known at an instant decides, never what comes later: flapping begins with the change that makes too many within
a while, and ends once there has been none for some time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quarterdeck.domain.health import SEVERITY, HealthState

_COUNTED = frozenset({HealthState.HEALTHY, HealthState.DEGRADED, HealthState.DOWN})
_EVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Patience:
    """How many changes within how long are flapping, and how long without any is calm."""

    changes: int = 5
    within_ms: int = 600_000
    calm_ms: int = 300_000


@dataclass(frozen=True, slots=True)
class OwnStretch:
    """An own state from `from_ms` on until the next one, with its reason and the signal that decided.

    `onset_ms` is how early it may have begun unseen; None where it was seen to begin. `since_ms` is where it was seen
    first, where it goes on with what stood before a while without knowledge; `stood` is what stood before such a while.
    """

    from_ms: int
    state: HealthState
    reason: str = ""
    cause: str = ""
    is_flapping: bool = False
    onset_ms: int | None = None
    since_ms: int | None = None
    stood: OwnStretch | None = None

    @property
    def began_ms(self) -> int:
        """When it was first seen, whatever was not known since."""
        return self.from_ms if self.since_ms is None else self.since_ms


def steadied(stretches: Sequence[OwnStretch], patience: Patience = Patience()) -> list[OwnStretch]:
    """The stretches with each time of flapping held at its worst state; the last one is taken to hold on.

    Stretches ascend. Only changes among healthy, degraded and down count.
    """
    steady: list[OwnStretch] = []
    for start, end in _flapping_runs(stretches, patience):
        _copy_until(stretches, steady, stretches[start].from_ms)
        _hold_worst(stretches, steady, (max(0, start - patience.changes), start, end), patience)
    _copy_until(stretches, steady, None)
    return steady


def _flapping_runs(stretches: Sequence[OwnStretch], patience: Patience) -> Iterator[tuple[int, int]]:
    """First and last stretch of each time of flapping, by their places."""
    changes = [
        place
        for place in range(1, len(stretches))
        if {stretches[place - 1].state, stretches[place].state} <= _COUNTED
        and stretches[place - 1].state is not stretches[place].state
    ]
    start = end = -1
    for number, place in enumerate(changes):
        at_ms = stretches[place].from_ms
        if start >= 0 and at_ms - stretches[end].from_ms < patience.calm_ms:
            end = place
            continue
        if start >= 0:
            yield start, end
            start = -1
        first = number - patience.changes + 1
        if first >= 0 and at_ms - stretches[changes[first]].from_ms <= patience.within_ms:
            start = end = place
    if start >= 0:
        yield start, end


def _copy_until(stretches: Sequence[OwnStretch], steady: list[OwnStretch], until_ms: int | None) -> None:
    """Go on with what is not flapping, from where the last flapping ended."""
    after_ms = steady[-1].from_ms if steady else -_EVER
    before_ms = _EVER if until_ms is None else until_ms
    steady.extend([stretch for stretch in stretches if after_ms < stretch.from_ms < before_ms])


def _hold_worst(
    stretches: Sequence[OwnStretch], steady: list[OwnStretch], places: tuple[int, int, int], patience: Patience
) -> None:
    """From the change on that made it flapping, the worst state since the changes that were counted."""
    seen, start, end = places
    worst = max(stretches[seen : start + 1], key=_severity)
    steady.append(OwnStretch(stretches[start].from_ms, worst.state, worst.reason, worst.cause, is_flapping=True))
    for stretch in stretches[start + 1 : end + 1]:
        if _severity(stretch) > _severity(steady[-1]):
            steady.append(OwnStretch(stretch.from_ms, stretch.state, stretch.reason, stretch.cause, is_flapping=True))
    calm_ms = stretches[end].from_ms + patience.calm_ms
    following = next((later for later in stretches[end + 1 :] if later.from_ms <= calm_ms), None)
    if following is None:
        last = stretches[end]
        steady.append(OwnStretch(calm_ms, last.state, last.reason, last.cause))


def _severity(stretch: OwnStretch) -> int:
    return SEVERITY[stretch.state]
