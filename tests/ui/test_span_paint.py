"""What is marked in the plot: one ground for what overlaps, nothing outside the range."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from quarterdeck.ui.charts.chart_paint import PlotMap
from quarterdeck.ui.charts.line_data import Span
from quarterdeck.ui.charts.span_paint import paint_spans
from quarterdeck.ui.charts.ticks import value_axis
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone

AREA = QRectF(0, 0, 600, 160)
PLOT = PlotMap(AREA, 0.0, 600.0, value_axis(0, 1, "1"))


def painted(theme: Theme, *spans: Span) -> QImage:
    image = QImage(600, 160, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    paint_spans(painter, PLOT, spans, theme)
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
    outside = painted(theme, Span(-300, -10, "before"), Span(700, None, "after"))
    assert {outside.pixel(x, y) for x in range(0, 600, 3) for y in range(0, 160, 3)} == {black}
