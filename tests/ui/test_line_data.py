"""What a chart draws: every extreme, no bridge over a gap, and the value that belongs to an instant."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_st
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from quarterdeck.ui.charts.chart_paint import zigzag
from quarterdeck.ui.charts.line_data import ChartContent, LineData, extent_within, value_at, visible
from quarterdeck.ui.widgets.polygons import polyline, polylines, unbroken_runs
from quarterdeck.ui.widgets.strokes import dashed, fill_between

NAN = float("nan")
VALUES = numpy_st.arrays(np.float64, st.integers(0, 60), elements=st.floats(-1e6, 1e6) | st.just(NAN))


def line(*values: float) -> LineData:
    times = np.arange(len(values), dtype=np.float64) * 10
    return LineData.of_samples("x", "1", times, np.array(values, dtype=np.float64))


@given(VALUES)
def test_runs_cover_exactly_what_is_there(values: np.ndarray) -> None:
    covered = np.zeros(len(values), dtype=bool)
    for run in unbroken_runs(values):
        assert np.isfinite(values[run]).all()
        covered[run] = True
    assert (covered == np.isfinite(values)).all()


@given(VALUES)
def test_polylines_hold_the_points_they_were_made_from(values: np.ndarray) -> None:
    x = np.arange(len(values), dtype=np.float64)
    points = [(point.x(), point.y()) for shape in polylines(x, values) for point in shape.toList()]
    assert points == [(a, b) for a, b in zip(x.tolist(), values.tolist(), strict=True) if np.isfinite(b)]


def test_no_points_make_an_empty_polyline() -> None:
    assert polyline(np.empty(0), np.empty(0)).isEmpty()


@given(VALUES, st.floats(0, 100))
def test_one_stroke_passes_through_every_extreme(low: np.ndarray, spread: float) -> None:
    high = low + spread
    x, y = zigzag(np.arange(len(low), dtype=np.float64), low, high)
    drawn = set(zip(x.tolist(), y.tolist(), strict=True))
    for column in np.flatnonzero(np.isfinite(low)):
        assert {(float(column), float(low[column])), (float(column), float(high[column]))} <= drawn
    assert np.isfinite(y).sum() == (1 if np.array_equal(low, high, equal_nan=True) else 2) * np.isfinite(low).sum()


def test_an_instant_has_the_value_of_its_column() -> None:
    sampled = line(1, 2, 3)
    assert [value_at(sampled, at) for at in (0, 4, 6, 20, 25)] == [1, 1, 2, 3, 3]


def test_an_instant_in_a_gap_or_outside_has_no_value() -> None:
    sampled = line(1, NAN, 3)
    assert np.isnan([value_at(sampled, at) for at in (10, -40, 60)]).all()
    assert np.isnan(value_at(line(), 0))


def test_a_single_sample_has_its_value() -> None:
    assert value_at(line(7), 0) == 7


def test_the_extent_counts_what_is_visible_of_all_lines() -> None:
    assert extent_within((line(1, 2, 3, 900), line(NAN, -5, NAN, NAN)), 0, 15) == (-5, 3)
    assert np.isnan(extent_within((line(NAN),), 0, 10)).all()


def test_lines_run_on_to_the_edge_of_the_plot() -> None:
    times = np.arange(10, dtype=np.float64)
    assert visible(times, 2.5, 5.5) == slice(2, 7)
    assert visible(times, -3, 20) == slice(0, 10)


def test_arrays_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        LineData("x", "1", np.arange(3.0), np.arange(3.0), np.arange(3.0), np.arange(2.0))


def test_an_area_reaches_from_the_lower_line_to_the_upper_and_leaves_gaps(qapp: QApplication) -> None:
    picture = QImage(100, 50, QImage.Format.Format_RGB32)
    picture.fill(0)
    x = np.arange(0.0, 101.0, 10)
    low, high = np.full(11, 40.0), np.full(11, 10.0)
    low[5] = NAN
    painter = QPainter(picture)
    fill_between(painter, x, low, high, QColor("#ffffff"))
    painter.end()
    filled = {column for column in range(100) if picture.pixelColor(column, 25).red() > 0}
    assert filled == {*range(41), *range(60, 100)}
    assert all(picture.pixelColor(20, row).red() > 0 for row in range(11, 40))
    assert picture.pixelColor(20, 45).red() == picture.pixelColor(20, 5).red() == 0


def test_dashes_leave_gaps_and_never_bridge_one() -> None:
    x, y = dashed(np.arange(0.0, 101.0), np.where(np.arange(101) == 50, NAN, 1.0))
    assert 0.3 < np.isfinite(y).mean() < 0.7
    assert not np.isfinite(y[(x > 49) & (x < 51)]).any()


def test_a_ghost_in_a_colour_of_its_own_is_named_and_one_in_that_of_its_line_is_not() -> None:
    line = LineData.of_samples("payments-api", "s", np.arange(3.0), np.arange(3.0))
    line = replace(line, slot=2)
    behind = replace(line, label="payments-api, earlier", is_ghost=True)
    apart = replace(behind, label="a year ago", slot=4)
    content = ChartContent((line, behind, apart))
    assert [content.is_named(number) for number in range(3)] == [True, False, True]
