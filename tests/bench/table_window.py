"""A window with 100,000 rows that notes its own heartbeat: `python -m tests.bench.table_window KIND S`.

KIND is `table`, the program's own; `row_signals`, a Qt model that says for each row that it changed; `proxy`, the same
model with one signal behind Qt's sorting proxy; `items`, Qt's model of items; or `empty`.
"""

import itertools
import json
import sys
from collections.abc import Callable, Iterator

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt, QTimer
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.line_data import LineData
from quarterdeck.ui.charts.time_chart import TimeChart
from quarterdeck.ui.tasks.garbage import GuiGarbage
from quarterdeck.ui.tasks.owned import OwnedBackground
from quarterdeck.ui.tasks.runner import TaskRunner
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.columns import ColumnSpec, NumberCells, StateCells, TableData, TagCells, TextCells
from tests.bench.heartbeat_window import Heart, empty_window

ROWS = 100_000
LOAD = 3
MOMENTS = 4
REFRESH_MS = 1000
FRAME_MS = 50
WARM_UP_MS = 3000
LINES, POINTS, FRAMES = 6, 1200, 16
SIZE = (1440, 900)
SPECS = (
    ColumnSpec("state"),
    ColumnSpec("name", "Name", is_strong=True, stretch=1),
    ColumnSpec("kind", "Kind"),
    ColumnSpec("load", "p95"),
    ColumnSpec("rate", "Per second"),
)

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
Show = Callable[[TableData], None]


def milliseconds(value: float) -> str:
    """A duration as the table writes it."""
    return f"{value:.0f} ms"


def per_second(value: float) -> str:
    """A rate as the table writes it."""
    return f"{value:.2f}"


def moments() -> list[TableData]:
    """Some moments of the same rows; state and figures of each row differ from one to the next."""
    ids = tuple(f"integration/{number:06}" for number in range(ROWS))
    names = tuple(f"Partner {number % 977} · service {number:06}" for number in range(ROWS))
    kinds = tuple(("http", "sql", "queue")[number % 3] for number in range(ROWS))
    states = tuple(HealthState)
    made: list[TableData] = []
    for moment in range(MOMENTS):
        random = np.random.default_rng(moment)
        cells = (
            StateCells(tuple(states[(number + moment) % len(states)] for number in range(ROWS))),
            TextCells(names),
            TagCells(kinds),
            NumberCells(random.random(ROWS) * 900, milliseconds),
            NumberCells(random.random(ROWS) * 50, per_second),
        )
        made.append(TableData(ids, cells))
    return made


class PlainModel(QAbstractTableModel):
    """The usual way to bring such rows to Qt: a cell asked for is looked up in its column."""

    def __init__(self, data: TableData) -> None:
        super().__init__()
        self.shown = data

    @override
    def rowCount(self, parent: Index = ROOT, /) -> int:
        return 0 if parent.isValid() else ROWS

    @override
    def columnCount(self, parent: Index = ROOT, /) -> int:
        return 0 if parent.isValid() else len(SPECS)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        cells = self.shown.cells[index.column()]
        if role == Qt.ItemDataRole.UserRole and isinstance(cells, NumberCells):
            return float(cells.values[index.row()])
        return cells.text(index.row()) if role == Qt.ItemDataRole.DisplayRole else None


def own_table(theme: Theme, runner: TaskRunner, _data: TableData) -> tuple[QWidget, Show]:
    """The program's table."""
    table = ColumnTable(theme, SPECS, accessible_name="Rows", background_for=lambda own: OwnedBackground(runner, own))
    table.sort_by(SPECS[LOAD].key, is_descending=True)
    return table, table.set_data


def row_signals(_theme: Theme, _runner: TaskRunner, data: TableData) -> tuple[QWidget, Show]:
    """A model that says of each row by itself that it changed; the rows stay unsorted."""
    model, view = PlainModel(data), QTableView()
    view.setModel(model)
    model.setParent(view)

    def show(data: TableData) -> None:
        model.shown = data
        for row in range(ROWS):
            model.dataChanged.emit(model.index(row, 0), model.index(row, len(SPECS) - 1))

    return view, show


def proxy(_theme: Theme, _runner: TaskRunner, data: TableData) -> tuple[QWidget, Show]:
    """One signal, and Qt's proxy that sorts after it."""
    model, view, order = PlainModel(data), QTableView(), QSortFilterProxyModel()
    order.setSortRole(Qt.ItemDataRole.UserRole)
    order.setSourceModel(model)
    view.setModel(order)
    for one in (model, order):
        one.setParent(view)
    order.sort(LOAD, Qt.SortOrder.DescendingOrder)

    def show(data: TableData) -> None:
        model.shown = data
        model.dataChanged.emit(model.index(0, 0), model.index(ROWS - 1, len(SPECS) - 1))

    return view, show


def items(_theme: Theme, _runner: TaskRunner, data: TableData) -> tuple[QWidget, Show]:
    """An item for each cell; the rows stay unsorted."""
    model, view = QStandardItemModel(ROWS, len(SPECS)), QTableView()
    for column, cells in enumerate(data.cells):
        for row in range(ROWS):
            model.setItem(row, column, QStandardItem(cells.text(row)))
    view.setModel(model)
    model.setParent(view)

    def show(data: TableData) -> None:
        for column, cells in enumerate(data.cells):
            if not isinstance(cells, (TextCells, TagCells)):
                for row in range(ROWS):
                    model.item(row, column).setText(cells.text(row))

    return view, show


SUBJECTS: dict[str, Callable[[Theme, TaskRunner, TableData], tuple[QWidget, Show]]] = {
    "table": own_table,
    "row_signals": row_signals,
    "proxy": proxy,
    "items": items,
}


def frames() -> Iterator[tuple[LineData, ...]]:
    """What the chart shows, frame by frame, without an end."""
    times = np.linspace(0.0, 600.0, POINTS)
    courses = np.random.default_rng(1).normal(0.0, 1.0, (LINES, POINTS)).cumsum(axis=1) + 100.0

    def lines(shift: int) -> tuple[LineData, ...]:
        values = np.roll(courses, -shift * POINTS // FRAMES, axis=1)
        return tuple(
            LineData(f"line {at}", "ms", times, values[at] - 2, values[at] + 2, values[at]) for at in range(LINES)
        )

    return itertools.cycle([lines(shift) for shift in range(FRAMES)])


def every(milliseconds: int, deed: Callable[[], None], owner: QWidget) -> None:
    """Do something again and again for as long as the owner lives."""
    timer = QTimer(owner)
    timer.setInterval(milliseconds)
    timer.timeout.connect(deed)
    timer.start()


def busy_window(kind: str, seconds: float) -> Heart:
    """The heart of a window with these rows and a chart, once both stand."""
    app = QApplication([])
    theme, runner, garbage = Theme(app, choice=ThemeChoice.DARK), TaskRunner(on_bug=fail, on_unheard=fail), GuiGarbage()
    garbage.start()
    data, window, page = itertools.cycle(moments()), QMainWindow(), QWidget()
    content, show = SUBJECTS[kind](theme, runner, next(data))
    chart = TimeChart(theme, ChartGroup(0.0, 600.0, window), "Response time")
    chart.draw_in(OwnedBackground(runner, chart))
    column = QVBoxLayout(page)
    column.addWidget(chart, 1)
    column.addWidget(content, 2)
    window.setCentralWidget(page)
    window.resize(*SIZE)
    window.show()
    pictures = frames()
    show(next(data))
    every(FRAME_MS, lambda: chart.set_lines(next(pictures)), window)
    every(REFRESH_MS, lambda: show(next(data)), window)
    heart = Heart()

    def begin() -> None:
        print("begun", flush=True)
        heart.start()
        QTimer.singleShot(int(seconds * 1000), app.quit)

    QTimer.singleShot(WARM_UP_MS, begin)
    app.exec()
    runner.join()
    garbage.stop()
    return heart


def fail(error: BaseException) -> None:
    """A bug of a worker ends the measurement."""
    raise error


def main() -> None:
    """Show the window for a while and print what its heart noted."""
    kind, seconds = sys.argv[1], float(sys.argv[2])
    heart = empty_window(seconds) if kind == "empty" else busy_window(kind, seconds)
    print(json.dumps(heart.figures()))


if __name__ == "__main__":
    main()
