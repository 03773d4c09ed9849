"""The windows of the drawing bench in one process, a few frames of each in turns.

`python -m tests.bench.draw_windows ROUNDS`
"""

import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from quarterdeck.analysis.columns import column_edges
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.services.chart_columns import chart_columns
from quarterdeck.ui.charts.chart_layers import ChartLayers
from quarterdeck.ui.charts.chart_paint import PlotMap, on_whole_pixels
from quarterdeck.ui.charts.line_board import LineBoard
from quarterdeck.ui.charts.line_data import ChartContent, FloatArray
from quarterdeck.ui.charts.plot_surface import PlotSurface
from quarterdeck.ui.charts.ticks import value_axis
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from tests.bench.draw_data import LINES, SECONDS, TOP, Series, make_series
from tests.support.backgrounds import HeldBackground
from tests.support.paint_count import PaintCount

WIDTH, HEIGHT = 1600, 900
COLUMNS = (2000, 3000, 4000)
FRAMES = {"console": 12, "best": 12, "default": 3}
AXIS = value_axis(0, TOP, "1", intervals=16)

_TURNS = 20

View = tuple[float, float]


class Subject(Protocol):
    """Something that draws."""

    @property
    def widget(self) -> QAbstractScrollArea:
        """What is painted."""
        ...

    def prepare(self, view: View, number: int) -> Callable[[], None]:
        """Get the data of a frame; what comes back shows them."""
        ...


class Console:
    """The chart of this program, without head and legend: its lines are painted within the frame, in this thread."""

    def __init__(self, theme: Theme, series: list[Series]) -> None:
        self._series = series
        self.widget = self.surface = PlotSurface(self._paint, lambda _painter: None, lambda _position: "")
        self.surface.resize(WIDTH, HEIGHT)
        self.surface.set_margins(60, 13, 14, 26)
        self.board = LineBoard(self.surface, self.surface.update_data)
        self._layers = ChartLayers(theme, None, self.board, has_times=True)
        self._content = ChartContent()
        self._view: View = (0.0, SECONDS)

    def prepare(self, view: View, number: int) -> Callable[[], None]:
        edges = np.linspace(*view, COLUMNS[number % len(COLUMNS)] + 1)
        content = self.content(edges)
        return lambda: self.show(content, view)

    def content(self, edges: FloatArray) -> ChartContent:
        """All lines over columns between edges."""
        return ChartContent(tuple(one.envelope(at, edges) for at, one in enumerate(self._series)))

    def show(self, content: ChartContent, view: View) -> None:
        self._content, self._view = content, view
        self.surface.set_range(*view, AXIS)

    def move(self, view: View) -> None:
        """Show another range of the same data."""
        self.show(self._content, view)

    def _paint(self, painter: QPainter) -> None:
        plot = PlotMap(QRectF(self.surface.plot_area), *self._view, AXIS)
        self._layers.paint_data(painter, plot, self._content)


class Pyqtgraph:
    """A plot of pyqtgraph as it comes, or with the settings that draw such data fastest."""

    def __init__(self, series: list[Series], *, is_best: bool) -> None:
        self._series = series
        pyqtgraph: Any = importlib.import_module("pyqtgraph")
        self.widget = pyqtgraph.PlotWidget()
        self.widget.resize(WIDTH, HEIGHT)
        self.widget.setYRange(0, TOP, padding=0)
        self._curves = [self.widget.plot(pen=pyqtgraph.mkPen(pyqtgraph.intColor(at))) for at in range(LINES)]
        for curve in self._curves if is_best else ():
            curve.setClipToView(True)
            curve.setDownsampling(auto=True, method="peak")
            curve.opts["autoDownsampleFactor"] = 1.0

    def prepare(self, view: View, number: int) -> Callable[[], None]:
        points = [one.points(view) for one in self._series]

        def show() -> None:
            self.widget.setXRange(*view, padding=0)
            for curve, (times, values) in zip(self._curves, points, strict=True):
                curve.setData(times, values)

        return show


class Track:
    """Times frames on one application."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._paints = PaintCount()

    def watch(self, widget: QAbstractScrollArea) -> None:
        """Show a widget and wait for its first picture."""
        widget.show()
        widget.viewport().installEventFilter(self._paints)
        self.settle()

    def settle(self) -> None:
        """Let what a window does after its frame fall on nobody else."""
        for _ in range(_TURNS):
            self._app.processEvents()

    def frame(self, show: Callable[[], None]) -> float:
        """Milliseconds until what is shown has been painted."""
        painted = self._paints.count
        start = time.perf_counter()
        show()
        self._app.processEvents()
        passed = (time.perf_counter() - start) * 1000
        if self._paints.count == painted:
            message = "a frame was not painted"
            raise RuntimeError(message)
        return passed


def views() -> Iterator[View]:
    """Ranges as somebody wanders through a day: panning, coming closer, going away."""
    start, length, number = 0.2 * SECONDS, 0.5 * SECONDS, 0
    while True:
        number += 1
        factor = (1.0, 1.0, 0.93, 1.0, 1.07, 1.0)[number % 6]
        start += 0.02 * length * (1 if number // 40 % 2 else -1) + (1 - factor) * length / 2
        length *= factor
        start = min(max(0.0, start), SECONDS - length)
        yield start, start + length


def wander(track: Track, subjects: dict[str, Subject], rounds: int) -> dict[str, list[float]]:
    """Frame times of all subjects, a few of each in turns, over the same ranges."""
    times: dict[str, list[float]] = {name: [] for name in subjects}
    for round_number in range(rounds + 1):
        for name, subject in subjects.items():
            way = views()
            for number in range(FRAMES[name]):
                passed = track.frame(subject.prepare(next(way), number))
                if round_number:
                    times[name].append(passed)
            track.settle()
    return times


def move(track: Track, console: Console, frames: int) -> list[float]:
    """Frame times while the same data are panned and zoomed and no worker has answered yet."""
    console.board.work_in(HeldBackground())
    way = views()
    track.frame(console.prepare(next(way), 0))
    return [track.frame(lambda: console.move(next(way))) for _ in range(frames)]


def live(track: Track, console: Console, frames: int, *, anew: bool = False) -> list[float]:
    """Frame times while time goes on by about a pixel of the screen in each, over columns as Performance reads them.

    The picture scrolls, or is made anew each time from the same columns.
    """
    span = SECONDS / 4
    pixels = round(console.surface.plot_area.width())
    steps = np.random.default_rng(3).uniform(0.6, 1.9, frames) * span / pixels
    times: list[float] = []
    for now in span * 2 + np.cumsum(steps):
        shown = TimeRange.ending(from_ms(int(1000 * now)), span)
        read = chart_columns(shown, pixels, patience_seconds=0.0, live=True)
        edges = column_edges(read.time_range.start_ms, read.time_range.end_ms, read.count) / 1000
        content = console.content(edges)
        view = on_whole_pixels(shown.start_ms / 1000, shown.end_ms / 1000, pixels)
        if anew:
            console.board.forget()
        before = console.board.picture
        times.append(track.frame(lambda content=content, view=view: console.show(content, view)))
        if not anew and before is not None and console.board.picture is not before and len(times) > 1:
            message = "a live frame was made anew"
            raise RuntimeError(message)
    return times[1:]


def main() -> None:
    """Measure everything, print a table, then the figures."""
    rounds = int(sys.argv[1])
    app = QApplication([])
    theme = Theme(app, choice=ThemeChoice.DARK)
    series = make_series()
    console = Console(theme, series)
    subjects: dict[str, Subject] = {
        "console": console,
        "best": Pyqtgraph(series, is_best=True),
        "default": Pyqtgraph(series, is_best=False),
    }
    track = Track(app)
    for subject in subjects.values():
        track.watch(subject.widget)
    times = wander(track, subjects, rounds)
    times["live"] = live(track, console, 20 * rounds)
    times["anew"] = live(track, console, 20 * rounds, anew=True)
    times["moved"] = move(track, console, 20 * rounds)
    for name, values in times.items():
        p50, p95 = np.percentile(values, (50, 95))
        print(f"  {name:10} {len(values):4} frames   p50 {p50:8.2f} ms   p95 {p95:8.2f} ms")
    print(json.dumps(figures(times)))


def figures(times: dict[str, list[float]]) -> dict[str, float]:
    """The medians beside each other, and what a person feels."""
    p50 = {name: float(np.percentile(values, 50)) for name, values in times.items()}
    p95 = {name: float(np.percentile(values, 95)) for name, values in times.items()}
    return {
        "frame_ms_p50": round(p50["console"], 2),
        "frame_ms_p95": round(p95["console"], 2),
        "frame_vs_pyqtgraph_default": round(p50["default"] / p50["console"], 1),
        "frame_vs_pyqtgraph_best": round(p50["best"] / p50["console"], 2),
        "pyqtgraph_default_ms_p50": round(p50["default"], 1),
        "pyqtgraph_best_ms_p50": round(p50["best"], 1),
        "live_ms_p50": round(p50["live"], 2),
        "live_anew_ms_p50": round(p50["anew"], 2),
        "live_vs_anew": round(p50["anew"] / p50["live"], 2),
        "moved_ms_p95": round(p95["moved"], 2),
    }


if __name__ == "__main__":
    main()
