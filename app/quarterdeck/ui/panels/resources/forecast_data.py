"""What a resource's chart shows: the peaks of its days, those that are foretold with their band, and its limit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quarterdeck.services.capacity import Resource
from quarterdeck.ui.charts.line_data import Band, ChartContent, LineData, Span
from quarterdeck.ui.panels.resources.pace_words import Translate
from quarterdeck.ui.theme.tokens import Tone

_DAY_S = 86_400.0
_PAST_SLOT, _LIMIT_SLOT = 0, 1


@dataclass(frozen=True, slots=True, eq=False)
class ForecastPicture:
    """A chart's content over a range of time in seconds since the epoch."""

    content: ChartContent
    start_s: float
    end_s: float


def forecast_picture(resource: Resource, tr: Translate) -> ForecastPicture | None:
    """The chart of a resource, as shares of its size; None where no day is known.

    A day's peak stands in the middle of its day. What is foretold is drawn dotted, as a ghost, and its band faintly.
    """
    outlook = resource.outlook
    if outlook is None or not outlook.known_days:
        return None
    begin_s = resource.history_from_at.timestamp()
    days = np.arange(len(outlook.peaks), dtype=np.float64)
    first = int(np.flatnonzero(np.isfinite(outlook.peaks))[0])
    times_s = begin_s + (days + 0.5) * _DAY_S
    lines = [LineData.of_samples(tr("Daily peak"), "ratio", times_s[first:], outlook.peaks[first:])]
    end_s, band = float(times_s[-1]) + _DAY_S, None
    forecast = outlook.forecast
    if forecast is not None:
        ahead_s = times_s[-1] + np.arange(1, len(forecast.centre) + 1) * _DAY_S
        end_s = float(ahead_s[-1])
        lines.append(
            LineData(
                tr("Foretold"),
                "ratio",
                ahead_s,
                forecast.centre,
                forecast.centre,
                forecast.centre,
                slot=_PAST_SLOT,
                is_ghost=True,
            )
        )
        band = Band(ahead_s, np.maximum(0.0, forecast.low), forecast.high)
    both = np.array([times_s[first], end_s])
    lines.append(LineData.of_samples(tr("Size"), "ratio", both, np.ones(2)))
    changed_at = resource.changed_at
    spans = () if changed_at is None else (_moment(changed_at.timestamp(), tr("Pace changed")),)
    content = ChartContent(tuple(lines), band, spans)
    return ForecastPicture(content, float(times_s[first]) - _DAY_S / 2, end_s)


def _moment(at_s: float, label: str) -> Span:
    return Span(at_s, at_s, label, Tone.MAINTENANCE)
