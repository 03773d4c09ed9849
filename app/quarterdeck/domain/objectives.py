"""Declared objectives: what share of good is promised over which stretch of time, and how good is told from bad.

The vocabulary is that of OpenSLO v1. Nothing here measures: an objective is kept as it was declared.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Budgeting(StrEnum):
    """What an error budget is counted in."""

    OCCURRENCES = "occurrences"
    TIMESLICES = "timeslices"
    RATIO_TIMESLICES = "ratio_timeslices"


class WindowUnit(StrEnum):
    """Units of an objective's window; months, quarters and years are those of the calendar."""

    MINUTE = "min"
    HOUR = "h"
    DAY = "d"
    WEEK = "w"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class IndicatorKind(StrEnum):
    """How good is told from bad: as a share of all, or by a bound on a value."""

    RATIO = "ratio"
    THRESHOLD = "threshold"


class Comparison(StrEnum):
    """Which side of the bound is good."""

    BELOW = "lt"
    UP_TO = "lte"
    ABOVE = "gt"
    FROM = "gte"


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch an objective holds over: rolling, or aligned to the calendar from `starts` in `zone`.

    `starts` is a local date and time as declared, empty for a rolling window.
    """

    count: int
    unit: WindowUnit
    starts: str = ""
    zone: str = ""

    @property
    def is_rolling(self) -> bool:
        """Whether the window ends now, rather than with a stretch of the calendar."""
        return not self.starts


@dataclass(frozen=True, slots=True)
class Indicator:
    """How good is told from bad, in the language of the source that is asked.

    A ratio has `good` or `bad` with `total`, or `raw`, which is the ratio itself (`raw_is_bad`: that of failure). A
    threshold has `raw` only. `source` and `source_kind` name whom to ask.
    """

    kind: IndicatorKind
    good: str = ""
    bad: str = ""
    total: str = ""
    raw: str = ""
    raw_is_bad: bool = False
    source: str = ""
    source_kind: str = ""


@dataclass(frozen=True, slots=True)
class Objective:
    """One promise about one entity: at least the share `target` (0 to 1) is good over the window.

    Of a threshold `comparison` and `bound` say what is good. With time slices, a slice of `slice_seconds` is good when
    at least the share `slice_target` in it is. `alert_policies` are names that the console does not act on.
    """

    name: str
    target: float
    window: Window
    indicator: Indicator
    title: str = ""
    budgeting: Budgeting = Budgeting.OCCURRENCES
    comparison: Comparison | None = None
    bound: float | None = None
    slice_target: float | None = None
    slice_seconds: float | None = None
    alert_policies: tuple[str, ...] = ()
