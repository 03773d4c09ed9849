"""Saves a chart where a person says: as a picture, a drawing, or a table of its numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDateTime, QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.local_files import replace_file
from quarterdeck.ui.charts.chart_drawing import ChartDrawing, png_of, svg_of
from quarterdeck.ui.charts.chart_table import csv_of
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.widgets.text import safe_line

_UNFIT = re.compile(r"[^\w]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Format:
    """One kind of file: the ending of its name, and what is written."""

    ending: str
    words: str
    write: Callable[[ChartDrawing], bytes]


def _table(drawing: ChartDrawing) -> bytes:
    return csv_of(drawing.content.lines, (drawing.plot.start_s, drawing.plot.end_s))


class ChartExport(QObject):
    """Asks where to, writes in the `background`, and tells by `notify` where the file is, or why there is none."""

    def __init__(self, owner: QWidget, background: Background, notify: Callable[[str], object]) -> None:
        super().__init__(owner)
        self._owner = owner
        self._background = background
        self._notify = notify
        self._formats = (
            _Format(".png", self.tr("Picture (*.png)"), png_of),
            _Format(".svg", self.tr("Drawing (*.svg)"), svg_of),
            _Format(".csv", self.tr("Table of the values (*.csv)"), _table),
        )

    def ask(self, drawing: ChartDrawing | None) -> None:
        """Let a person choose the file and its kind; without a drawing say that there is nothing to save."""
        if drawing is None:
            self._notify(self.tr("There is no chart to save yet."))
            return
        dialog = QFileDialog(self._owner, self.tr("Save the chart {title}").format(title=safe_line(drawing.title, 60)))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation))
        dialog.setNameFilters([one.words for one in self._formats])
        dialog.setDefaultSuffix(self._formats[0].ending)
        dialog.selectFile(proposed_name(drawing) + self._formats[0].ending)

        def choose_kind(words: str) -> None:
            dialog.setDefaultSuffix(self._of_words(words).ending)

        def choose(path: str) -> None:
            self.save(drawing, Path(path))

        dialog.filterSelected.connect(choose_kind)
        dialog.fileSelected.connect(choose)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, drawing: ChartDrawing, path: Path) -> None:
        """Write the chart in the format that the file's name says; a name without an ending becomes a picture."""
        ending = path.suffix.lower()
        chosen = next((one for one in self._formats if one.ending == ending), None)
        if chosen is None and ending:
            known = ", ".join(one.ending for one in self._formats)
            words = self.tr("Nothing was saved: the name of the file must end with one of {endings}.")
            self._notify(words.format(endings=known))
            return
        kind = chosen or self._formats[0]
        target = path if chosen else path.with_suffix(kind.ending)
        self._background.run_change(
            partial(_write, kind.write, drawing, target), on_result=self._tell, on_error=self._explain
        )

    def _of_words(self, words: str) -> _Format:
        return next((one for one in self._formats if one.words == words), self._formats[0])

    def _tell(self, path: Path) -> None:
        self._notify(self.tr("The chart was saved as {path}").format(path=safe_line(str(path))))

    def _explain(self, error: OperatorError) -> None:
        self._notify(f"{error.message} {error.next_step}")


def proposed_name(drawing: ChartDrawing) -> str:
    """A name for the file that any system takes: the title and when the range ends, in local time."""
    title = _UNFIT.sub("-", drawing.title).strip("-").lower() or "chart"
    end = QDateTime.fromSecsSinceEpoch(int(drawing.plot.end_s))
    return f"{title[:60]}-{end.toString('yyyy-MM-dd-HHmm')}"


def _write(write: Callable[[ChartDrawing], bytes], drawing: ChartDrawing, path: Path) -> Path:
    replace_file(path, write(drawing))
    return path
