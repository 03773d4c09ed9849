"""The forms a chart can take: dense lines, small multiples, a heat map, a horizon chart and sparklines."""

import numpy as np
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.line_data import LineData, Span
from quarterdeck.ui.charts.row_chart import RowChart
from quarterdeck.ui.charts.row_data import RowData
from quarterdeck.ui.charts.row_paint import RowLook
from quarterdeck.ui.charts.small_multiples import SmallMultiples
from quarterdeck.ui.charts.time_chart import ChartStyle, TimeChart
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.cards import Card
from quarterdeck.ui.widgets.sparklines import Sparkline
from quarterdeck.ui.widgets.text import PlainLabel
from tests.screens import gallery_data as data
from tests.screens.gallery_pages import page

NAMES = (
    "current-account",
    "position-keeping",
    "payment-order-initiation",
    "payment-rail",
    "standing-order",
    "direct-debit",
    "financial-gateway",
    "fraud-evaluation",
    "customer-position",
    "notification-dispatcher",
)
COLUMNS = 360


def charts(theme: Theme) -> QWidget:
    """All forms on one page and one range."""
    frame, column = page(1440, 1500)
    group = ChartGroup(data.START_S, data.END_S, frame)
    dense = TimeChart(theme, group, "Response time", subtitle="100 M samples", style=ChartStyle(unit="s"))
    dense.set_lines(tuple(_dense(number) for number in range(6)))
    dense.set_spans(data.SPANS)
    column.addWidget(dense, 3)
    multiples = SmallMultiples(theme, group, "p95")
    multiples.set_lines(tuple(_line(number) for number in range(9)), (Span(data.NOON_S - 3600, data.NOON_S, "x"),))
    column.addWidget(multiples, 5)
    row = QHBoxLayout()
    row.setSpacing(14)
    for title, look in (("Error rate by service", RowLook.HEAT), ("Queue depth by service", RowLook.HORIZON)):
        chart = RowChart(theme, group, title, look=look)
        chart.show_rows(_rows("ratio" if look is RowLook.HEAT else "1"))
        row.addWidget(chart, 1)
        chart.rows.row = 3
        chart.rows.pointed.emit()
    column.addLayout(row, 4)
    column.addWidget(_sparklines(theme))
    group.point(data.NOON_S - 3000)
    return frame


def _dense(number: int) -> LineData:
    count = 4000
    times = np.linspace(data.START_S, data.END_S, count)
    middle = data.walk(number + 20, count, around=0.1 + 0.12 * number, spread=0.03)
    spread = np.abs(data.walk(number + 90, count, around=0.012, spread=1.2)) + 0.004
    low, high = middle - spread, middle + spread
    if number == 1:
        is_gap = (times > data.NOON_S - 9000) & (times < data.NOON_S - 7000)
        low, high, middle = (np.where(is_gap, np.nan, each) for each in (low, high, middle))
    return LineData(NAMES[number], "s", times, low, high, middle, is_chosen=number == 3)


def _line(number: int) -> LineData:
    times = np.linspace(data.START_S, data.END_S, 300)
    value = np.abs(data.walk(number + 3, 300, around=0.08 + 0.03 * number))
    value[times > data.NOON_S - 3600] *= 1.0 + (number == 4) * 1.5
    return LineData.of_samples(NAMES[number], "s", times, value)


def _rows(unit: str) -> RowData:
    edges = np.linspace(data.START_S, data.END_S, COLUMNS + 1)
    values = np.stack([np.abs(data.walk(at + 40, COLUMNS, around=0.02, spread=0.5)) for at in range(len(NAMES))])
    values[3, 300:] += 0.09
    values[5, 200:230] += 0.05
    values[7, 120:180] = np.nan
    values[9] = np.nan
    return RowData(NAMES, unit, edges, values if unit == "ratio" else values * 4000)


def _sparklines(theme: Theme) -> QWidget:
    card = Card(theme, "Sparklines")
    grid = QGridLayout()
    for number, name in enumerate(NAMES[:5]):
        line = Sparkline(theme, accessible_name=name)
        values = data.walk(number, 64)
        line.set_values(np.where(np.arange(64) > 50, np.nan, values) if number == 2 else values, Tone.SECONDARY)
        grid.addWidget(PlainLabel(theme, name, tone=Tone.SECONDARY), 0, number)
        grid.addWidget(line, 1, number)
    card.body.addLayout(grid)
    return card
