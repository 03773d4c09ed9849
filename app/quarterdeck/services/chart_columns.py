"""The columns a chart is read in: on a grid of its own, so that time going on adds columns and changes none."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from quarterdeck.domain.instants import TimeRange, from_ms

_LEAST_LEAD_SECONDS = 600.0
_LEAD_SHARE = 0.05
_LEAST_LEAD_COLUMNS = 4
_MOST_LEAD = 2.0
"""No more than so many times the range is read before it, however seldom a series comes."""


@dataclass(frozen=True, slots=True)
class ChartColumns:
    """What is read for a range: `count` columns of one whole number of milliseconds each, which fill `time_range`."""

    time_range: TimeRange
    count: int


def chart_columns(shown: TimeRange, pixels: int, *, patience_seconds: float, live: bool) -> ChartColumns:
    """About a column a pixel over the range shown, and before it as far as a sample speaks that lies there.

    While live, columns begin at whole multiples of their width since the epoch: the columns of two moments are the
    same where they overlap, and the last one may reach beyond the range. Else the last column ends with the range.
    """
    span_ms = shown.end_ms - shown.start_ms
    column_ms = max(1, ceil(span_ms / max(1, pixels)))
    lead_ms = 1000 * max(patience_seconds, _LEAST_LEAD_SECONDS, _LEAD_SHARE * shown.seconds)
    lead_ms = max(min(lead_ms, _MOST_LEAD * span_ms), _LEAST_LEAD_COLUMNS * column_ms)
    end_ms = ceil(shown.end_ms / column_ms) * column_ms if live else shown.end_ms
    count = max(1, ceil((end_ms - shown.start_ms + lead_ms) / column_ms))
    return ChartColumns(TimeRange(from_ms(end_ms - count * column_ms), from_ms(end_ms)), count)
