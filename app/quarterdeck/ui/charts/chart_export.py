"""Saves a chart where a person says: as a picture, a drawing, or a table of its numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDateTime, QObject
from PySide6.QtWidgets import QWidget

from quarterdeck.ui.charts.chart_drawing import ChartDrawing, png_of, svg_of
from quarterdeck.ui.charts.chart_table import csv_of
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.widgets.file_saver import FileFormat, FileSaver
from quarterdeck.ui.widgets.text import safe_line

_UNFIT = re.compile(r"[^\w]+", re.ASCII)


class ChartExport(QObject):
    """Asks where to, writes in the `background`, and tells by `notify` where the file is, or why there is none."""

    def __init__(self, owner: QWidget, background: Background, notify: Callable[[str], object]) -> None:
        super().__init__(owner)
        self._notify = notify
        self._saver = FileSaver(owner, background, notify, saved_as=self.tr("The chart was saved as {path}"))

    def ask(self, drawing: ChartDrawing | None) -> None:
        """Let a person choose the file and its kind; without a drawing say that there is nothing to save."""
        if drawing is None:
            self._notify(self.tr("There is no chart to save yet."))
            return
        heading = self.tr("Save the chart {title}").format(title=safe_line(drawing.title, 60))
        self._saver.ask(heading, proposed_name(drawing), self._formats(drawing))

    def save(self, drawing: ChartDrawing, path: Path) -> None:
        """Write the chart in the format that the file's name says; a name without an ending becomes a picture."""
        self._saver.save(path, self._formats(drawing))

    def _formats(self, drawing: ChartDrawing) -> tuple[FileFormat, ...]:
        return (
            FileFormat(".png", self.tr("Picture (*.png)"), partial(png_of, drawing)),
            FileFormat(".svg", self.tr("Drawing (*.svg)"), partial(svg_of, drawing)),
            FileFormat(".csv", self.tr("Table of the values (*.csv)"), partial(_table, drawing)),
        )


def proposed_name(drawing: ChartDrawing) -> str:
    """A name for the file that any system takes: the title and when the range ends, in local time."""
    title = _UNFIT.sub("-", drawing.title).strip("-").lower() or "chart"
    end = QDateTime.fromSecsSinceEpoch(int(drawing.plot.end_s))
    return f"{title[:60]}-{end.toString('yyyy-MM-dd-HHmm')}"


def _table(drawing: ChartDrawing) -> bytes:
    return csv_of(drawing.content.lines, (drawing.plot.start_s, drawing.plot.end_s))
