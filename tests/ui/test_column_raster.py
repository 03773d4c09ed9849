"""Columns painted with numpy: every extreme is seen, gaps stay bare, nothing odd in the data harms the picture."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_st

from quarterdeck.ui.charts.column_raster import Weight, blank, paint_columns
from quarterdeck.ui.charts.line_data import LineData
from quarterdeck.ui.charts.pixel_columns import PixelView, is_dense, pixel_columns

NAN = float("nan")
WIDTH, HEIGHT = 40, 50
VIEW = PixelView(0.0, 40.0, low=0.0, high=40.0, width=WIDTH, height=HEIGHT, low_row=45.0, high_row=5.0)
BLUE = 0xFF2060FF
ODD = st.sampled_from([NAN, float("inf"), float("-inf"), 1e308, -1e308, 5e-324])
VALUES = numpy_st.arrays(np.float64, st.integers(1, 90), elements=st.floats(0, 40) | ODD)


def line(low: np.ndarray, high: np.ndarray) -> LineData:
    times = np.arange(0.5, len(low)) * (40.0 / len(low))
    return LineData("x", "1", times, low, high, low)


def plain(*values: float) -> LineData:
    return LineData.of_samples("x", "1", np.arange(0.5, len(values)), np.array(values))


def painted(shown: LineData, weight: Weight | None = None, view: PixelView = VIEW) -> np.ndarray:
    """How opaque each pixel is, from 0 to 1."""
    picture = blank(view.width, view.height)
    paint_columns(picture, pixel_columns([shown], view), [BLUE], weight or Weight(rise=0.2))
    return (picture >> 24) / 255


def row_of(value: float) -> int:
    return round(float(VIEW.rows(np.array([value]))[0]) - 0.5)


@given(VALUES, st.floats(0, 30))
def test_every_extreme_is_seen_in_its_column(low: np.ndarray, spread: float) -> None:
    high = np.minimum(low + spread, 40.0)
    seen = painted(line(low, high))
    for at in np.flatnonzero(np.isfinite(low) & (low >= 0) & (low <= high)):
        column = int(line(low, high).times_s[at])
        for value in (low[at], high[at]):
            row = row_of(value)
            assert seen[row - 1 : row + 2, column].max() > 0.3


@given(VALUES, st.floats(0.0, 2.5), st.floats(0.0, 2.5))
def test_no_value_whatever_breaks_the_picture(values: np.ndarray, rise: float, spread: float) -> None:
    seen = painted(line(values, values[::-1].copy()), Weight(rise=rise, spread=spread, dot=3.2))
    assert seen.min() >= 0
    assert seen.max() <= 1


@given(numpy_st.arrays(np.float64, 40, elements=st.floats(0, 40)), st.integers(2, 30), st.integers(1, 8))
def test_nothing_is_painted_in_a_gap(values: np.ndarray, first: int, length: int) -> None:
    values[first : first + length] = NAN
    seen = painted(line(values, values + 1), Weight(rise=0.2, spread=0.6))
    assert seen[:, first : first + length].max() == 0


def test_neighbours_without_a_gap_touch_each_other() -> None:
    seen = painted(plain(*([5.0] * 20 + [35.0] * 20)))
    lit = seen > 0.3
    assert lit[row_of(35) : row_of(5), 19:21].any(axis=1).all()
    assert not lit[row_of(20), :19].any()


def test_columns_without_a_sample_are_bridged_inside_a_run() -> None:
    sampled = LineData.of_samples("x", "1", np.array([0.5, 1.5, 4.5, 5.5]), np.array([10.0, 10.0, 16.0, 16.0]))
    seen = painted(sampled)
    assert (seen[:, :6].max(axis=0) > 0.3).all()
    assert seen[row_of(12), 2] > 0.3
    assert seen[:, 6:].max() == 0


def test_a_lone_column_is_a_dot_and_a_tall_one_a_bar() -> None:
    values = np.full(40, NAN)
    values[10] = 20
    dot = painted(line(values, values))
    assert [int((dot[:, column] > 0.3).sum()) for column in range(8, 13)] == [0, 2, 4, 2, 0]
    bar = painted(line(values, values + 15))
    assert bar[row_of(35) : row_of(20), 10].min() > 0.9
    assert bar[:, 9].max() == bar[:, 11].max() == 0


def test_a_flat_line_weighs_what_two_strokes_weigh() -> None:
    seen = painted(plain(*([20.0] * 40)))
    assert seen[:, 5].sum() == pytest.approx(1.4, abs=0.02)
    steep = painted(plain(*range(40)))
    assert steep[:, 20].sum() == pytest.approx(1.4, abs=0.05)


def test_a_wide_line_is_wide_where_it_is_steep() -> None:
    spike = np.full(40, 2.0)
    spike[20] = 38
    seen = painted(line(spike, spike), Weight(rise=0.6, spread=0.6))
    assert (seen[row_of(20), 18:23] > 0.3).tolist() == [False, True, True, True, False]


def test_tall_columns_are_filled_without_a_hole() -> None:
    random = np.random.default_rng(5)
    low, high = random.uniform(0, 15, 40), random.uniform(25, 40, 40)
    seen = painted(line(low, high))
    for column in range(40):
        assert seen[row_of(high[column]) + 1 : row_of(low[column]), column].min() == 1


def test_tall_columns_at_different_heights_are_filled_alike() -> None:
    low = np.where(np.arange(40) < 20, 0.0, 22.0)
    seen = painted(line(low, low + 18))
    for column in (3, 30):
        assert seen[row_of(low[column] + 17) : row_of(low[column] + 1), column].min() == 1
    assert seen[row_of(30), 3] == seen[row_of(10), 30] == 0


def test_a_line_lies_over_the_one_before() -> None:
    picture = blank(WIDTH, HEIGHT)
    flat = pixel_columns([plain(*([20.0] * 40))], VIEW)
    for colour in (0xFFFF0000, BLUE):
        paint_columns(picture, flat, [colour], Weight(rise=0.7))
    assert picture[row_of(20), 10] == BLUE
    edge = int(picture[row_of(20) - 1, 10])
    assert 0 < edge >> 16 & 0xFF < edge >> 24
    assert edge & 0xFF > 0


def test_lines_painted_together_are_lines_painted_one_after_the_other() -> None:
    random = np.random.default_rng(2)
    middles = (random.uniform(5, 35, 40) for _ in range(4))
    lines = [line(middle - 3, middle + 3) for middle in middles]
    colours = [0xFFFF0000, 0xFF00FF00, BLUE, 0xFFFF0000]
    together, apart = blank(WIDTH, HEIGHT), blank(WIDTH, HEIGHT)
    paint_columns(together, pixel_columns(lines, VIEW), colours, Weight(rise=0.2))
    for shown, colour in zip(lines, colours, strict=True):
        paint_columns(apart, pixel_columns([shown], VIEW), [colour], Weight(rise=0.2))
    assert (together == apart).all()


def test_a_line_without_values_among_others_changes_nothing() -> None:
    whole, empty = plain(*([20.0] * 40)), plain(*([NAN] * 40))
    together, alone = blank(WIDTH, HEIGHT), blank(WIDTH, HEIGHT)
    paint_columns(together, pixel_columns([empty, whole, empty], VIEW), [1, BLUE, 1], Weight())
    paint_columns(alone, pixel_columns([whole], VIEW), [BLUE], Weight())
    assert (together == alone).all()


def test_values_beyond_the_axis_are_cut_at_the_edge() -> None:
    seen = painted(plain(*([20.0] * 10 + [4000.0] * 10 + [-4000.0] * 10)))
    assert seen[:, 15].max() == seen[:, 25].max() == 0
    assert seen[row_of(20), 5] > 0.3


def test_a_line_enters_the_picture_at_the_slope_it_comes_from() -> None:
    times = np.concatenate(([-20.0], np.arange(20, 40) + 0.5))
    seen = painted(LineData.of_samples("x", "1", times, np.concatenate(([0.0], np.full(20, 40.0)))))
    assert seen[row_of(20), 0] > 0.3
    assert seen[row_of(30), 10] > 0.3


def test_nothing_finite_paints_nothing() -> None:
    assert painted(plain(NAN, NAN)).max() == 0
    assert painted(LineData.of_samples("x", "1", np.empty(0), np.empty(0))).max() == 0
    assert painted(plain(5.0, 6.0), view=replace(VIEW, start_s=1000.0, end_s=1040.0)).max() == 0


def test_a_line_is_dense_from_about_two_points_a_pixel() -> None:
    values = np.full(40, 5.0)
    assert is_dense(line(values, values + 1), VIEW)
    assert not is_dense(line(values[:30], values[:30] + 1), VIEW)
    assert not is_dense(plain(*values), VIEW)
    ghost = replace(line(values, values + 1), is_ghost=True)
    assert not is_dense(ghost, VIEW)
