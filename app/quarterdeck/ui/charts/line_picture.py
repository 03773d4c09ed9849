"""All lines of a chart as one ready image: made in any thread, then only copied onto the screen."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from quarterdeck.ui.charts.chart_paint import PlotMap, paint_line
from quarterdeck.ui.charts.column_raster import Weight, blank, paint_columns
from quarterdeck.ui.charts.line_data import LineData
from quarterdeck.ui.charts.pixel_columns import PixelView, is_dense, pixel_columns
from quarterdeck.ui.widgets.strokes import Weight as Stroke
from quarterdeck.ui.widgets.strokes import stroke_shifts

_DOT = 1.6
_OVER = 1.0
_UNDER = 2.0
_MIDDLE = 0.5
_SMOOTHING = 0.02
"""What two strokes beside each other cover beyond the outermost, measured against Qt's own painting."""


@dataclass(frozen=True, slots=True, eq=False)
class LineJob:
    """What a picture shows: lines in the order in which they are painted, each with its colour as `0xaarrggbb`.

    `ratio` is how many pixels of the screen one pixel of `plot` has.
    """

    plot: PlotMap
    ratio: float
    lines: tuple[LineData, ...]
    colours: tuple[int, ...]

    @property
    def left(self) -> int:
        """The picture's left edge in pixels of the screen."""
        return floor(self.plot.area.left() * self.ratio)

    @property
    def top(self) -> int:
        """The picture's upper edge in pixels of the screen; lines reach a little beyond the plot's area."""
        return floor((self.plot.area.top() - _OVER) * self.ratio)

    @property
    def view(self) -> PixelView:
        """The whole picture."""
        area, ratio = self.plot.area, self.ratio
        width = max(1, ceil(area.right() * ratio) - self.left)
        height = max(1, ceil((area.bottom() + _UNDER) * ratio) - self.top)
        seconds = (self.plot.end_s - self.plot.start_s) / area.width()
        start_s = self.plot.start_s + (self.left / ratio - area.left()) * seconds
        return PixelView(
            start_s=start_s,
            end_s=start_s + width / ratio * seconds,
            low=self.plot.axis.low,
            high=self.plot.axis.high,
            width=width,
            height=height,
            low_row=(area.bottom() + _MIDDLE) * ratio - self.top,
            high_row=(area.top() + _MIDDLE) * ratio - self.top,
        )

    def weight(self, number: int) -> Weight:
        """How heavy a line is when it is painted by columns."""
        shifts = stroke_shifts(Stroke.STRONG if self.lines[number].is_chosen else Stroke.REGULAR, self.ratio)
        across, down = (max(abs(shift[way]) for shift in shifts) * self.ratio for way in (0, 1))
        return Weight(rise=down + _SMOOTHING, spread=across, dot=_DOT * self.ratio)

    def is_same(self, other: LineJob) -> bool:
        """Whether the picture would be the same."""
        return (
            self.plot == other.plot
            and self.ratio == other.ratio
            and self.colours == other.colours
            and len(self.lines) == len(other.lines)
            and all(mine is theirs for mine, theirs in zip(self.lines, other.lines, strict=True))
        )

    def is_about_the_same(self, other: LineJob) -> bool:
        """Whether both show the same lines, be it of another range or with newer data."""
        mine, theirs = ([line.label for line in job.lines] for job in (self, other))
        return mine == theirs and self.colours == other.colours and self.ratio == other.ratio


class LinePicture:
    """The image of a job over an array of pixels, which lives as long as the picture.

    `head` is the column of the image that stands at the left, since live images are rings. The pixels of a `spent`
    picture of the same size are taken over: new memory costs as much as half the painting.
    """

    def __init__(self, job: LineJob, spent: LinePicture | None = None) -> None:
        view = job.view
        self.job = job
        self.head = 0
        if spent is not None and spent.pixels.shape == (view.height, view.width):
            self.pixels = spent.pixels
            self.pixels.fill(0)
        else:
            self.pixels = blank(view.width, view.height)
        self.image = QImage(
            self.pixels.data, view.width, view.height, 4 * view.width, QImage.Format.Format_ARGB32_Premultiplied
        )

    def paint(self, painter: QPainter, plot: PlotMap) -> None:
        """Show the image where it belongs in a plot: as it is, shifted when time went on, stretched after a zoom."""
        job, view = self.job, self.job.view
        ratio = painter.device().devicePixelRatioF()
        left, right = (plot.x_of(at) * ratio for at in (view.start_s, view.end_s))
        high, low = ((plot.y_of(value) + _MIDDLE) * ratio for value in (view.high, view.low))
        rows = (low - high) / (view.low_row - view.high_row)
        target = QRectF(left, high - view.high_row * rows, right - left, view.height * rows)
        if abs(target.width() - view.width) < _MIDDLE and abs(target.height() - view.height) < _MIDDLE:
            target = QRectF(round(target.left()), round(target.top()), view.width, view.height)
        painter.save()
        if plot != job.plot:
            painter.setClipRect(plot.area.adjusted(0, -_OVER, 0, _UNDER))
        painter.scale(1 / ratio, 1 / ratio)
        self._draw(painter, target)
        painter.restore()

    def _draw(self, painter: QPainter, target: QRectF) -> None:
        width, height = self.image.width(), self.image.height()
        per_column = target.width() / width
        older = width - self.head
        for first, count, at in ((self.head, older, 0), (0, self.head, older)):
            if count:
                part = QRectF(target.left() + at * per_column, target.top(), count * per_column, target.height())
                painter.drawImage(part, self.image, QRectF(first, 0, count, height))


def render_lines(job: LineJob, spent: LinePicture | None = None) -> LinePicture:
    """Paint all lines of a job into a new picture; a spent one must not be shown any more. Safe in any thread."""
    view = job.view
    picture = LinePicture(job, spent)
    kinds = [(is_dense(line, view), line.is_chosen) for line in job.lines]
    for (by_columns, _), numbers in itertools.groupby(range(len(kinds)), key=kinds.__getitem__):
        if by_columns:
            paint_dense(picture, list(numbers))
        else:
            for number in numbers:
                _stroke(picture.image, job, number)
    return picture


def paint_dense(picture: LinePicture, numbers: Sequence[int]) -> None:
    """Paint some lines of a picture's job, all of one weight, by columns."""
    job = picture.job
    columns = pixel_columns([job.lines[number] for number in numbers], job.view)
    paint_columns(picture.pixels, columns, [job.colours[number] for number in numbers], job.weight(numbers[0]))


def _stroke(image: QImage, job: LineJob, number: int) -> None:
    image.setDevicePixelRatio(job.ratio)
    painter = QPainter(image)
    painter.translate(-job.left / job.ratio, -job.top / job.ratio)
    paint_line(painter, job.plot, job.lines[number], QColor.fromRgba(job.colours[number]))
    painter.end()
    image.setDevicePixelRatio(1.0)
