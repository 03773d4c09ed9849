"""Saves the map where a person says: as a drawing, or as a text that other programs draw from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QObject, QRectF, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from quarterdeck.ui.panels.relationships.camera import Camera
from quarterdeck.ui.panels.relationships.map_overlay import HEADINGS_HEIGHT, paint_headings
from quarterdeck.ui.panels.relationships.map_picture import Drawing, paint_drawing
from quarterdeck.ui.panels.relationships.node_paint import NodePainter
from quarterdeck.ui.panels.relationships.words import file_name, mermaid_of
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.looks import FixedLooks
from quarterdeck.ui.widgets.file_saver import FileFormat, FileSaver
from quarterdeck.ui.widgets.text import safe_line

_MARGIN = 24
_TITLE_HEIGHT = 26


@dataclass(frozen=True, slots=True, eq=False)
class MapDrawing:
    """All that is needed to paint the map again, without its widget; nothing in it changes any more."""

    title: str
    drawing: Drawing
    looks: FixedLooks


class MapExport(QObject):
    """Asks where to, writes in the `background`, and tells by `notify` where the file is, or why there is none."""

    def __init__(self, owner: QWidget, background: Background, notify: Callable[[str], object]) -> None:
        super().__init__(owner)
        self._notify = notify
        self._saver = FileSaver(owner, background, notify, saved_as=self.tr("The map was saved as {path}"))

    def ask(self, drawing: MapDrawing) -> None:
        """Let a person choose the file and its kind; without nodes say that there is nothing to save."""
        if not drawing.drawing.scene.nodes:
            self._notify(self.tr("There is no map to save yet."))
            return
        self._saver.ask(self.tr("Save the map"), proposed_name(drawing), self._formats(drawing))

    def save(self, drawing: MapDrawing, path: Path) -> None:
        """Write the map in the format that the file's name says; a name without an ending becomes a drawing."""
        self._saver.save(path, self._formats(drawing))

    def _formats(self, drawing: MapDrawing) -> tuple[FileFormat, ...]:
        return (
            FileFormat(".svg", self.tr("Drawing (*.svg)"), partial(svg_of, drawing)),
            FileFormat(".mmd", self.tr("Mermaid flowchart (*.mmd)"), partial(mermaid_text, drawing, tr=self.tr)),
        )


def proposed_name(drawing: MapDrawing) -> str:
    """A name for the file that any system takes."""
    return file_name(drawing.title)


def svg_of(drawing: MapDrawing) -> bytes:
    """The whole map at its natural size, words as words. Safe in any thread."""
    from PySide6.QtSvg import QSvgGenerator

    scene = drawing.drawing.scene
    size = QSize(round(scene.width) + 2 * _MARGIN, round(scene.height) + 2 * _MARGIN + HEADINGS_HEIGHT + _TITLE_HEIGHT)
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(safe_line(drawing.title))
    painter = QPainter(generator)
    _paint(painter, drawing, size)
    painter.end()
    return bytes(buffer.data().data())


def mermaid_text(drawing: MapDrawing, tr: Callable[[str], str]) -> bytes:
    """The map as it is drawn as a Mermaid flowchart, UTF-8."""
    return mermaid_of(drawing.drawing.scene, drawing.title, tr).encode("utf-8", "replace")


def _paint(painter: QPainter, drawing: MapDrawing, size: QSize) -> None:
    looks, area = drawing.looks, QRectF(0, 0, size.width(), size.height())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(area, QColor(looks.tokens.window))
    painter.setFont(looks.fonts.strong)
    painter.setPen(QColor(looks.tokens.text))
    painter.drawText(_MARGIN, _TITLE_HEIGHT, safe_line(drawing.title))
    painter.translate(0, _TITLE_HEIGHT)
    camera = Camera(1.0, -float(_MARGIN), -float(HEADINGS_HEIGHT))
    paint_headings(painter, looks, drawing.drawing.scene, camera, area)
    for _ in paint_drawing(painter, NodePainter(looks), looks, drawing.drawing, camera, area=area):
        pass
