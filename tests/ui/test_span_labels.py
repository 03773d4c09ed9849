"""Labels of spans: in a strip of their own above the plot, never into each other, cut where there is little room."""

from itertools import combinations

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter

from quarterdeck.ui.charts.line_data import Span
from quarterdeck.ui.charts.span_labels import (
    Strip,
    most_rows,
    paint_labels,
    place_labels,
    rows_needed,
    spans_at,
    strip_height,
)
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone

STRIP = Strip(left=50, right=650, bottom=60, start_s=0, end_s=600)
WORDS = "payments-api down, above 25%"


@pytest.fixture
def metrics(theme: Theme) -> QFontMetrics:
    return QFontMetrics(theme.fonts.small)


def marks(*starts: float, label: str = WORDS) -> tuple[Span, ...]:
    return tuple(Span(start, None, label) for start in starts)


@pytest.mark.parametrize(
    "starts", [(10, 20, 30, 40), (560, 570, 580, 590), (100, 300, 500), (595,), (-50, 5), (290, 300, 310, 320)]
)
@pytest.mark.parametrize("rows", [1, 2, 3])
def test_labels_run_neither_into_each_other_nor_into_the_plot(
    metrics: QFontMetrics, starts: tuple[int, ...], rows: int
) -> None:
    areas = [label.area for label in place_labels(STRIP, marks(*starts), metrics, rows=rows)]
    assert areas
    assert all(STRIP.left <= area.left() and area.right() <= STRIP.right for area in areas)
    assert all(STRIP.bottom - strip_height(rows) < area.top() and area.bottom() < STRIP.bottom for area in areas)
    assert not any(one.intersects(other) for one, other in combinations(areas, 2))


def test_a_label_at_the_right_edge_stands_left_of_its_line_whole(metrics: QFontMetrics) -> None:
    (label,) = place_labels(STRIP, marks(590), metrics, rows=1)
    assert label.area.right() < STRIP.x_of(590)
    assert label.area.width() >= metrics.horizontalAdvance(WORDS)


def test_a_label_with_little_room_is_cut_on_the_side_with_more_of_it(metrics: QFontMetrics) -> None:
    narrow = Strip(left=0, right=150, bottom=60, start_s=0, end_s=150)
    (label,) = place_labels(narrow, marks(100), metrics, rows=1)
    assert label.area.left() == narrow.left
    assert label.area.right() < 100
    assert label.area.width() < metrics.horizontalAdvance(WORDS)


def test_where_not_all_have_room_the_worst_one_is_named(metrics: QFontMetrics) -> None:
    tiny = Strip(left=0, right=60, bottom=60, start_s=0, end_s=60)
    spans = (Span(4, None, WORDS, Tone.DOWN), Span(5, 5, WORDS, Tone.ACCENT), Span(6, None, WORDS, Tone.DEGRADED))
    assert [label.span.tone for label in place_labels(tiny, spans, metrics, rows=1)] == [Tone.DOWN]
    assert place_labels(tiny, spans, metrics, rows=0) == ()


def test_what_lies_outside_the_range_has_no_label(metrics: QFontMetrics) -> None:
    spans = (Span(-300, -10, "before"), Span(700, None, "after"))
    assert place_labels(STRIP, spans, metrics, rows=3) == ()
    assert rows_needed(STRIP, spans, metrics, most=3) == 0
    assert strip_height(0) == 0


@pytest.mark.parametrize(("starts", "rows"), [((100,), 1), ((100, 400), 1), ((560, 570), 2), ((560, 570, 580, 590), 3)])
def test_labels_take_as_many_rows_as_they_need(metrics: QFontMetrics, starts: tuple[int, ...], rows: int) -> None:
    assert rows_needed(STRIP, marks(*starts), metrics, most=3) == rows


@pytest.mark.parametrize(("height", "rows"), [(20, 1), (118, 2), (400, 3)])
def test_labels_leave_most_of_a_low_chart_to_its_plot(height: float, rows: int) -> None:
    assert most_rows(height) == rows


def test_a_point_tells_the_label_there_or_what_begins_near_it(metrics: QFontMetrics) -> None:
    spans = marks(100, 104, 400)
    labels = place_labels(STRIP, spans, metrics, rows=2)
    for label in labels:
        assert spans_at(STRIP, spans, labels, label.area.center()) == (label.span,)
    assert spans_at(STRIP, spans, labels, QPointF(STRIP.x_of(102), 120)) == spans[:2]
    assert spans_at(STRIP, spans, labels, QPointF(STRIP.x_of(300), 120)) == ()


def test_no_dashed_line_passes_through_the_words_of_another_label(theme: Theme, metrics: QFontMetrics) -> None:
    plain, crossed = (Span(590, None, WORDS, Tone.DOWN),), (Span(580, 580, "x" * 60, Tone.ACCENT),)

    def picture(*spans: Span) -> QImage:
        image = QImage(660, 60, QImage.Format.Format_RGB32)
        image.fill(QColor(theme.tokens.raised))
        painter = QPainter(image)
        paint_labels(painter, STRIP, place_labels(STRIP, spans, metrics, rows=2), theme)
        painter.end()
        return image

    (label,) = place_labels(STRIP, plain, metrics, rows=2)
    assert picture(*plain, *crossed).copy(label.area.toRect()) == picture(*plain).copy(label.area.toRect())
