"""Two compared ranges in words and columns: pure functions from a comparison to what the Compare view shows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quarterdeck.analysis.shifts import Shift
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.compared_ranges import Against, RangePair
from quarterdeck.services.comparison import QUANTILES, ComparedFigure, Comparison, Numbers, SideBySide
from quarterdeck.services.figures import figure_words
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Envelope
from quarterdeck.services.what_changed import WhatChanged
from quarterdeck.services.wording import moment_words, quantity
from quarterdeck.ui.charts.line_data import LineData, Span
from quarterdeck.ui.panels.performance.time_marks import Translate
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.columns import ColumnSpec, NumberCells, TableData, TextCells

_MS = 1000.0
_LEAST_CHANCE = 0.001
_MOST_SPREADS = 1000.0


@dataclass(frozen=True, slots=True, eq=False)
class CompareState:
    """The Compare view: which ranges, what changed in sentences, and the table of all figures."""

    ranges: RangePair
    ranges_words: str
    changed: WhatChanged
    tested: str
    table: TableData
    figures: dict[str, ComparedFigure]
    moment: Moment


@dataclass(frozen=True, slots=True, eq=False)
class SideState:
    """One figure in both ranges: its lines laid over one another on the later range, and what its samples add up to."""

    title: str
    lines: tuple[LineData, ...]
    spans: tuple[Span, ...]
    table: TableData
    start_s: float
    end_s: float


def against_words(against: Against, tr: Translate) -> str:
    """What a range is compared with, as a choice."""
    words = {
        Against.BEFORE: tr("The time just before"),
        Against.HOUR: tr("An hour earlier"),
        Against.DAY: tr("Same time the day before"),
        Against.WEEK: tr("Same time a week earlier"),
        Against.MARKED: tr("Two marked ranges"),
    }
    return words[against]


def range_words(span: TimeRange, moment: Moment) -> str:
    """A range in local time: `06:32 to 12:32`."""
    return f"{moment_words(span.start_at, moment.at)} – {moment_words(span.end_at, moment.at)}"


def figure_columns(tr: Translate) -> tuple[ColumnSpec, ...]:
    """The columns of all figures, beside each other in both ranges."""
    return (
        ColumnSpec("name", tr("Of"), stretch=2, width=190, is_strong=True, cut_in_middle=True),
        ColumnSpec("figure", tr("Figure"), width=150),
        ColumnSpec(
            "earlier",
            tr("Earlier"),
            width=88,
            is_right=True,
            tool_tip=tr("The median of the steps of the earlier range"),
        ),
        ColumnSpec(
            "later", tr("Later"), width=88, is_right=True, tool_tip=tr("The median of the steps of the later range")
        ),
        ColumnSpec("difference", tr("Difference"), width=100, is_right=True, yields=2),
        ColumnSpec("size", tr("Spreads"), is_right=True, tool_tip=tr("How many of its usual spreads it moved")),
        ColumnSpec("sure", tr("Moved"), stretch=2, width=200, tone=Tone.SECONDARY, yields=1),
    )


def number_columns(tr: Translate) -> tuple[ColumnSpec, ...]:
    """The columns of what samples add up to."""
    return (
        ColumnSpec("what", tr("All samples"), stretch=1, width=90, tone=Tone.SECONDARY, is_sortable=False),
        ColumnSpec("earlier", tr("Earlier"), width=80, is_right=True, is_sortable=False),
        ColumnSpec("later", tr("Later"), width=80, is_right=True, is_sortable=False),
        ColumnSpec("difference", tr("Difference"), width=90, is_right=True, is_sortable=False),
    )


def compare_state(comparison: Comparison, changed: WhatChanged, moment: Moment, tr: Translate) -> CompareState:
    """The view of a comparison."""
    ranges = comparison.ranges
    earlier, later = range_words(ranges.earlier, moment), range_words(ranges.later, moment)
    return CompareState(
        ranges=ranges,
        ranges_words=tr("Earlier {earlier}, later {later}").format(earlier=earlier, later=later),
        changed=changed,
        tested=_tested(comparison, tr),
        table=_table(comparison, moment, tr),
        figures={str(one.series.id): one for one in comparison.figures},
        moment=moment,
    )


def side_state(told: SideBySide, one: ComparedFigure, moment: Moment, tr: Translate) -> SideState:
    """One figure in both ranges."""
    unit, ranges = told.series.identity.unit, told.ranges
    shift_s = ranges.later.start_at.timestamp() - ranges.earlier.start_at.timestamp()
    begin, end = ranges.later.start_at.timestamp(), ranges.later.end_at.timestamp()
    earlier = _line(range_words(ranges.earlier, moment), unit, told.earlier_course, shift_s, is_ghost=True)
    later = _line(range_words(ranges.later, moment), unit, told.later_course, 0.0, is_ghost=False)
    longest = begin + max(end - begin, ranges.earlier.seconds)
    spans: tuple[Span, ...] = ()
    if one.until_at is not None and one.since_at is not None:
        label = tr("elsewhere than earlier")
        spans = (Span(one.since_at.timestamp(), one.until_at.timestamp(), label, Tone.DEGRADED),)
    elif one.since_at is not None:
        at = one.since_at.timestamp()
        spans = (Span(at, at, tr("since about {time}").format(time=moment_words(one.since_at, moment.at))),)
    return SideState(
        title=f"{one.entity.name} · {figure_words(one.figure, one.series.identity.statistic, one.part)}",
        lines=(later, earlier),
        spans=spans,
        table=_numbers(told, unit, tr),
        start_s=begin,
        end_s=longest,
    )


def chance_words(shift: Shift, tr: Translate) -> str:
    """How probable as much is without any shift, in cases."""
    if shift.chance < _LEAST_CHANCE:
        return tr("seen without any shift in less than 1 of 1,000 cases")
    return tr("seen without any shift in {count} of 1,000 cases").format(count=round(shift.chance * 1000))


def _line(label: str, unit: str, course: Envelope | None, later_s: float, *, is_ghost: bool) -> LineData:
    nothing: NDArray[np.float64] = np.empty(0)
    if course is None:
        return LineData(label, unit, nothing, nothing, nothing, nothing, int(is_ghost), is_ghost=is_ghost)
    times = (course.edges_ms[:-1] + course.edges_ms[1:]) / 2 / _MS + later_s
    known = np.isfinite(course.mean)
    low, high, mean = course.low[known], course.high[known], course.mean[known]
    return LineData(label, unit, times[known], low, high, mean, int(is_ghost), is_ghost=is_ghost)


def _table(comparison: Comparison, moment: Moment, tr: Translate) -> TableData:
    told = comparison.figures
    before, after = (np.array(values) for values in _medians(told))
    sizes = np.array([one.size if one.shift is not None else math.nan for one in told], np.float64)
    sure = [_sure_words(one, moment, tr) for one in told]
    return TableData(
        ids=tuple(str(one.series.id) for one in told),
        cells=(
            TextCells([one.entity.name for one in told]),
            TextCells([figure_words(one.figure, one.series.identity.statistic, one.part) for one in told]),
            TextCells([_median_words(one, 0) for one in told], ranks=before),
            TextCells([_median_words(one, 1) for one in told], ranks=after),
            TextCells([_difference_words(one) for one in told], ranks=after - before),
            NumberCells(sizes, _spreads),
            TextCells(sure, tones=[Tone.TEXT if one.is_sure else Tone.TERTIARY for one in told]),
        ),
        tips=((), (), (), (), (), (), [_detail(one, tr) for one in told]),
    )


def _medians(told: tuple[ComparedFigure, ...]) -> tuple[list[float], list[float]]:
    shifts = [one.shift for one in told]
    return (
        [shift.before if shift is not None else math.nan for shift in shifts],
        [shift.after if shift is not None else math.nan for shift in shifts],
    )


def _median_words(one: ComparedFigure, side: int) -> str:
    if one.shift is None:
        return quantity(None, "")
    return quantity((one.shift.before, one.shift.after)[side], one.series.identity.unit)


def _difference_words(one: ComparedFigure) -> str:
    if one.shift is None:
        return quantity(None, "")
    return signed_quantity(one.shift.after - one.shift.before, one.series.identity.unit)


def signed_quantity(value: float, unit: str) -> str:
    """A number with its sign and unit; a dash for none."""
    if not math.isfinite(value):
        return quantity(None, unit)
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{quantity(abs(value), unit)}"


def _spreads(value: float) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    size = abs(value)
    return f"{sign}{size:,.0f}" if size >= _MOST_SPREADS else f"{sign}{size:.2g}"


def _sure_words(one: ComparedFigure, moment: Moment, tr: Translate) -> str:
    if one.shift is None:
        return tr("too little is kept")
    if not one.is_sure:
        return tr("not surely")
    if one.until_at is not None and one.since_at is not None:
        begin, end = (moment_words(at, moment.at) for at in (one.since_at, one.until_at))
        return tr("from about {begin} to {end}").format(begin=begin, end=end)
    if one.since_at is not None:
        return tr("since about {time}").format(time=moment_words(one.since_at, moment.at))
    return tr("surely")


def _detail(one: ComparedFigure, tr: Translate) -> str:
    shift, unit, words = one.shift, one.series.identity.unit, list[str]()
    if shift is None:
        return tr("Less than 12 steps of either range have a value.")
    if one.stretch is not None and one.is_stretch_sure:
        before, after = quantity(one.stretch.before, unit), quantity(one.stretch.after, unit)
        words.append(tr("In the stretch {after}, earlier {before}").format(after=after, before=before))
    above = shift.superiority if shift.after >= shift.before else 1 - shift.superiority
    side = tr("above") if shift.after >= shift.before else tr("below")
    share = min(100, round(above * 100))
    words.append(tr("of 100 later values {share} lie {side} an earlier one").format(share=share, side=side))
    words.append(chance_words(shift, tr))
    return "; ".join(words) + "."


def _tested(comparison: Comparison, tr: Translate) -> str:
    words = tr(
        "{moved} of {tested} figures moved surely. Of so many at once only those are called sure of which one in "
        "twenty at most is expected to be none."
    ).format(moved=len(comparison.moved), tested=comparison.tested)
    untold = len(comparison.figures) - comparison.tested + comparison.unread
    more = tr("{count} cannot be compared: too little is kept of them, or their source keeps it.").format(count=untold)
    return f"{words} {more}" if untold else words


def _numbers(told: SideBySide, unit: str, tr: Translate) -> TableData:
    names = [
        tr("Samples"),
        tr("Mean"),
        *(_quantile_words(share, tr) for share in QUANTILES),
        tr("Lowest"),
        tr("Highest"),
    ]
    earlier, later = _values(told.earlier), _values(told.later)
    units = ["1", *[unit] * (len(names) - 1)]
    rows = list(zip(earlier, later, units, strict=True))
    return TableData(
        ids=tuple(names),
        cells=(
            TextCells(names),
            TextCells([_value_words(one, each) for one, _, each in rows]),
            TextCells([_value_words(other, each) for _, other, each in rows]),
            TextCells([_change_words(other - one, each) for one, other, each in rows]),
        ),
    )


def _quantile_words(share: float, tr: Translate) -> str:
    return tr("Median") if share == QUANTILES[0] else f"p{round(share * 100)}"


def _values(numbers: Numbers) -> list[float]:
    return [float(numbers.count), numbers.mean, *numbers.quantiles, numbers.low, numbers.high]


def _change_words(value: float, unit: str) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{abs(value):,.0f}" if unit == "1" and value.is_integer() else signed_quantity(value, unit)


def _value_words(value: float, unit: str) -> str:
    return f"{value:,.0f}" if unit == "1" and value.is_integer() else quantity(value, unit)
