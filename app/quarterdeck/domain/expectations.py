"""What is expected of an entity's signals, and what a breach makes of its health."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from quarterdeck.domain.series import Meaning


@dataclass(frozen=True, slots=True)
class Expectation:
    """Bounds of one signal, in the unit of its series.

    Above `degraded_above` the entity is degraded, above `down_above` it is down; the `_below` bounds mirror that.
    A breach counts once it has lasted `for_seconds`.
    """

    meaning: Meaning
    statistic: str = ""
    degraded_above: float | None = None
    down_above: float | None = None
    degraded_below: float | None = None
    down_below: float | None = None
    for_seconds: float = 0.0


DEFAULT_EXPECTATIONS: tuple[Expectation, ...] = (
    Expectation(Meaning.ERROR_RATE, degraded_above=0.02, down_above=0.25, for_seconds=30.0),
    Expectation(Meaning.SATURATION, degraded_above=0.9, for_seconds=300.0),
    Expectation(Meaning.STORAGE, degraded_above=0.9, down_above=0.98),
    Expectation(Meaning.AVAILABILITY, degraded_below=1.0, down_below=0.5),
    Expectation(Meaning.EXPIRY, degraded_below=14.0, down_below=0.0),
)
"""Used for a signal on which its entity declares nothing of its own; ratios and days."""


def expectations_for(declared: tuple[Expectation, ...]) -> tuple[Expectation, ...]:
    """The declared expectations, with the defaults for meanings on which nothing is declared."""
    meanings = {expectation.meaning for expectation in declared}
    return declared + tuple(default for default in DEFAULT_EXPECTATIONS if default.meaning not in meanings)


def expectation_of(expectations: Iterable[Expectation], meaning: Meaning, statistic: str) -> Expectation | None:
    """The expectation that judges a signal: the one of its own statistic before the one of any."""
    fitting = [e for e in expectations if e.meaning is meaning and e.statistic in {"", statistic}]
    return max(fitting, key=lambda expectation: expectation.statistic == statistic, default=None)
