"""The numbers of a chart as CSV (RFC 4180): a row for each column of time, and nothing that becomes a formula."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np

from quarterdeck.ui.charts.line_data import FloatArray, LineData
from quarterdeck.ui.widgets.text import safe_line

HEADINGS = ("line", "unit", "from", "to", "low", "high", "mean")
_RUN_BY_SPREADSHEETS = frozenset("=+-@\t\r")


def csv_of(lines: Sequence[LineData], range_s: tuple[float, float]) -> bytes:
    """What the lines show within a range, in UTF-8; where there is no value the cell is empty. Safe in any thread.

    Ghosts are left out: their instants are not those of the chart. A column that reaches over an end of the range is
    told whole. A line of plain samples has the same instant in `from` and `to`. Values are written so that they read
    back equal.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for line in (one for one in lines if not one.is_ghost):
        writer.writerows(_rows(line, range_s))
    return out.getvalue().encode("utf-8")


def _rows(line: LineData, range_s: tuple[float, float]) -> Iterator[tuple[str, ...]]:
    label, unit = _cell(line.label), _cell(line.unit)
    start, end = line.times_s, line.times_s
    is_shown = (start >= range_s[0]) & (end <= range_s[1])
    if line.low is not line.high:
        start, end = _edges(line.times_s)
        is_shown |= (end > range_s[0]) & (start < range_s[1])
    for at in np.flatnonzero(is_shown):
        yield (
            label,
            unit,
            _instant(float(start[at])),
            _instant(float(end[at])),
            *(_number(float(values[at])) for values in (line.low, line.high, line.value)),
        )


def _edges(middles: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Start and end of columns of equal width around their middles; columns never overlap."""
    if len(middles) < 2:  # noqa: PLR2004 - one column has no neighbour to tell its width
        return middles, middles
    half = np.minimum(float(np.median(np.diff(middles))), np.diff(middles)) / 2
    before, after = np.append(half[0], half), np.append(half, half[-1])
    return middles - before, middles + after


def _cell(text: str) -> str:
    """A text that stays a text: an apostrophe goes before what a spreadsheet would take for a formula."""
    plain = safe_line(text)
    return f"'{plain}" if plain[:1] in _RUN_BY_SPREADSHEETS else plain


def _instant(at_s: float) -> str:
    return datetime.fromtimestamp(round(at_s, 3), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _number(value: float) -> str:
    return repr(value) if math.isfinite(value) else ""
