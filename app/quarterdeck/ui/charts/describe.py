"""A chart in words, for those who do not see it: range, each line's now, lowest and highest, gaps, and spans."""

from __future__ import annotations

from datetime import tzinfo

import numpy as np
from PySide6.QtCore import QCoreApplication

from quarterdeck.ui.charts.line_data import FloatArray, LineData, Span, visible
from quarterdeck.ui.charts.quantities import quantity
from quarterdeck.ui.charts.row_data import RowData
from quarterdeck.ui.charts.ticks import clock_words
from quarterdeck.ui.widgets.text import safe_line

_LONGEST_GAPS = 3
_MOST_NAMED = 3


def describe_chart(
    title: str,
    range_s: tuple[float, float],
    lines: tuple[LineData, ...],
    spans: tuple[Span, ...],
    *,
    zone: tzinfo | None = None,
) -> str:
    """Sentences that say what the chart shows over a range of seconds since the epoch."""
    start, end = range_s
    head = _tr("{title} from {start} to {end}.").format(
        title=safe_line(title), start=clock_words(start, zone), end=clock_words(end, zone)
    )
    parts = [head, *(_line_words(line, range_s, zone) for line in lines if not line.is_ghost)]
    parts += [span_words(span, zone) for span in spans if _overlaps(span, start, end)]
    return " ".join(parts)


def describe_rows(title: str, range_s: tuple[float, float], data: RowData, *, zone: tzinfo | None = None) -> str:
    """Sentences that say what rows of values show: the highest, the rows that stand out, and what is unknown."""
    start, end = range_s
    head = _tr("{title} from {start} to {end}.").format(
        title=safe_line(title), start=clock_words(start, zone), end=clock_words(end, zone)
    )
    middles = (data.edges_s[:-1] + data.edges_s[1:]) / 2
    is_shown = (middles >= start) & (middles <= end)
    known = np.where(np.isfinite(data.values), data.values, -np.inf)[:, is_shown]
    highest = known.max(axis=1, initial=-np.inf)
    if not np.isfinite(highest).any():
        return f"{head} {_tr('No data.')}"
    row = int(highest.argmax())
    peak = _tr("Highest {value} in {row} at {at}.").format(
        value=quantity(float(highest[row]), data.unit),
        row=safe_line(data.labels[row]),
        at=clock_words(float(middles[is_shown][int(known[row].argmax())]), zone),
    )
    return " ".join(part for part in (head, peak, _runner_words(data, highest), _silent_words(data, highest)) if part)


def _runner_words(data: RowData, highest: FloatArray) -> str:
    rows = [int(row) for row in np.argsort(-highest)[1 : 1 + _MOST_NAMED] if np.isfinite(highest[row])]
    told = (f"{safe_line(data.labels[row])} {quantity(float(highest[row]), data.unit)}" for row in rows)
    return _tr("Then {rows}.").format(rows=", ".join(told)) if rows else ""


def _silent_words(data: RowData, highest: FloatArray) -> str:
    silent = [safe_line(data.labels[int(row)]) for row in np.flatnonzero(~np.isfinite(highest))]
    if not silent:
        return ""
    further = len(silent) - _MOST_NAMED
    more = _tr(" and {count} more").format(count=further) if further > 0 else ""
    return _tr("No data for {rows}.").format(rows=", ".join(silent[:_MOST_NAMED]) + more)


def _line_words(line: LineData, range_s: tuple[float, float], zone: tzinfo | None) -> str:
    shown = visible(line.times_s, *range_s)
    times, low, high, value = line.times_s[shown], line.low[shown], line.high[shown], line.value[shown]
    is_there = np.isfinite(value)
    name = safe_line(line.label)
    if not is_there.any():
        return _tr("{name}: no data.").format(name=name)
    lowest, highest = int(np.nanargmin(low)), int(np.nanargmax(high))
    words = _tr("{name}: last {last}, lowest {low} at {low_at}, highest {high} at {high_at}").format(
        name=name,
        last=quantity(float(value[is_there][-1]), line.unit),
        low=quantity(float(low[lowest]), line.unit),
        low_at=clock_words(float(times[lowest]), zone),
        high=quantity(float(high[highest]), line.unit),
        high_at=clock_words(float(times[highest]), zone),
    )
    gaps = _gap_words(times, is_there, zone)
    return f"{words}; {gaps}." if gaps else f"{words}."


def _gap_words(times: np.ndarray, is_there: np.ndarray, zone: tzinfo | None) -> str:
    edges = np.flatnonzero(np.diff(np.concatenate(([True], is_there, [True])).astype(np.int8)))
    gaps = [(int(first), int(last) - 1) for first, last in edges.reshape(-1, 2)]
    words = [
        _tr("no data from {start} to {end}").format(
            start=clock_words(float(times[first]), zone), end=clock_words(float(times[last]), zone)
        )
        for first, last in gaps[:_LONGEST_GAPS]
    ]
    if len(gaps) > _LONGEST_GAPS:
        words.append(_tr("{count} more gaps").format(count=len(gaps) - _LONGEST_GAPS))
    return ", ".join(words)


def span_words(span: Span, zone: tzinfo | None) -> str:
    """A sentence: what it is, and since when, at which moment, or from when to when."""
    label = safe_line(span.label)
    start = clock_words(span.start_s, zone)
    if span.end_s is None:
        return _tr("{label} since {start}.").format(label=label, start=start)
    if span.end_s <= span.start_s:
        return _tr("{label} at {start}.").format(label=label, start=start)
    return _tr("{label} from {start} to {end}.").format(label=label, start=start, end=clock_words(span.end_s, zone))


def _overlaps(span: Span, start: float, end: float) -> bool:
    return span.start_s <= end and (span.end_s is None or span.end_s >= start)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ChartDescription", text)
