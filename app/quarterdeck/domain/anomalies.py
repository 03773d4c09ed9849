"""What in a series was unusual, from when to when, and by which signs it was told: an observation, not a fault."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Detector(StrEnum):
    """What found that something is unusual."""

    LEVEL = "level"
    """Far from where the series was lately."""
    SHORT_NOVELTY = "short_novelty"
    """Eight steps that are unlike any eight before."""
    LONG_NOVELTY = "long_novelty"
    """Twenty-four steps that are unlike any before."""
    SHIFT = "shift"
    """The level moved and stayed."""
    SPIKE = "spike"
    """Far from the steps right beside it."""
    SEASON = "season"
    """Outside the range that is expected at that hour."""


@dataclass(frozen=True, slots=True)
class Sighted:
    """A detector that fired, and how far at the most: in usual spreads, for the season in half widths of the range."""

    detector: Detector
    distance: float


@dataclass(frozen=True, slots=True)
class Anomaly:
    """An unusual stretch `[from_ms, to_ms)` of one series, in steps of some minutes.

    It could be known from `known_ms` on, when the step that told it was over. `value` is that of the step that was
    loudest, at `worst_ms`; `low` and `high` what was expected then, None where nothing was. `loudness` is 1 at the
    threshold; `once_in` says in how many steps of an ordinary series one as loud is seen. `fired` stands in the order
    of what says most. An anomaly that has not `ended` was still going on with the last step judged of its day.
    """

    series_id: int
    from_ms: int
    to_ms: int
    known_ms: int
    worst_ms: int
    value: float
    low: float | None
    high: float | None
    loudness: float
    once_in: float
    fired: tuple[Sighted, ...]
    ended: bool = True
