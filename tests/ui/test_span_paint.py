"""What is marked on the time axis: one ground for what overlaps, labels that do not run into each other."""

from itertools import combinations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter

from quarterdeck.ui.charts.chart_paint import PlotMap
from quarterdeck.ui.charts.line_data import Span
from quarterdeck.ui.charts.span_paint import _LabelBoard, paint_spans
from quarterdeck.ui.charts.ticks import value_axis
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone

AREA = QRectF(0, 0, 600, 160)
PLOT = PlotMap(AREA, 0.0, 600.0, value_axis(0, 1, "1"))


def painted(theme: Theme, *spans: Span, with_labels: bool = False) -> QImage:
    image = QImage(600, 160, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    paint_spans(painter, PLOT, spans, theme, with_labels=with_labels)
    painter.end()
    return image


def test_spans_over_each_other_have_the_ground_of_the_worst_alone(theme: Theme) -> None:
    down = painted(theme, Span(100, 300, "a", Tone.DOWN)).pixel(250, 80)
    both = painted(theme, Span(50, 400, "b", Tone.DEGRADED), Span(100, 300, "a", Tone.DOWN))
    assert both.pixel(250, 80) == down
    assert both.pixel(350, 80) == painted(theme, Span(50, 400, "b", Tone.DEGRADED)).pixel(350, 80) != down


def test_a_span_that_lasts_on_reaches_the_end_and_one_outside_is_not_there(theme: Theme) -> None:
    black = QColor("black").rgb()
    assert painted(theme, Span(400, None, "on")).pixel(598, 80) != black
    outside = painted(theme, Span(-300, -10, "before"), Span(700, None, "after"), with_labels=True)
    assert {outside.pixel(x, y) for x in range(0, 600, 3) for y in range(0, 160, 3)} == {black}


def test_labels_are_written_only_where_they_are_wanted(theme: Theme) -> None:
    span = Span(100, 100, "deploy 4.18.2", Tone.ACCENT)
    words = QRectF(106, 0, 80, 18).toRect()
    black = QColor("black").rgb()

    def has_words(image: QImage) -> bool:
        return any(
            image.pixel(x, y) != black for x in range(words.left(), words.right()) for y in range(words.height())
        )

    assert has_words(painted(theme, span, with_labels=True))
    assert not has_words(painted(theme, span))


@pytest.mark.parametrize("starts", [(10, 20, 30, 40), (560, 570, 580, 590), (100, 300, 500), (595,)])
def test_labels_never_run_into_each_other_nor_out_of_the_plot(theme: Theme, starts: tuple[int, ...]) -> None:
    board, metrics = _LabelBoard(AREA), QFontMetrics(theme.fonts.small)
    places = [
        place
        for x in reversed(starts)
        if (place := board.place(x, "payments-api down, above 25%", metrics)) is not None
    ]
    assert places
    assert all(AREA.contains(place) for place in places)
    assert not any(one.intersects(other) for one, other in combinations(places, 2))


def test_a_label_at_the_right_edge_stands_left_of_its_line_whole(theme: Theme) -> None:
    metrics = QFontMetrics(theme.fonts.small)
    place = _LabelBoard(AREA).place(590.0, "payments-api down", metrics)
    assert place is not None
    assert place.right() < 590
    assert place.width() >= metrics.horizontalAdvance("payments-api down")
