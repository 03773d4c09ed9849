"""Decides how a chart's lines come onto the screen: stroked at once, or from a picture that is made elsewhere."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPainter

from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.charts.line_data import visible
from quarterdeck.ui.charts.line_picture import LineJob, LinePicture, render_lines
from quarterdeck.ui.charts.live_tail import follow
from quarterdeck.ui.charts.pixel_columns import is_dense
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

_numbers = itertools.count(1)

_MANY_POINTS = 12_000
_LITTLE_WORK = 1_500_000
"""Pixels times lines that are painted sooner than another thread would have begun."""
_PATIENCE_MS = 200


class LineBoard(QObject):
    """Keeps the picture of the lines that a chart shows.

    While a new one is made by the `background` the former stands in: shifted when the range was panned, stretched when
    it was zoomed. `on_ready` is called once the new one can be painted. Where there is nothing to stand in, where the
    work is small, where all workers are busy for long, and without a background, the picture is made at once.
    """

    def __init__(self, parent: QObject, on_ready: Callable[[], object]) -> None:
        super().__init__(parent)
        self._on_ready = on_ready
        self._reads: LatestRead[LinePicture] | None = None
        self._picture: LinePicture | None = None
        self._spent: LinePicture | None = None
        self._wanted: LineJob | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._hurry)

    @property
    def picture(self) -> LinePicture | None:
        """The picture that was painted last; None where lines were stroked."""
        return self._picture

    def work_in(self, background: Background) -> None:
        """From now on have larger pictures made there."""
        self._reads = LatestRead(background, f"lines {next(_numbers)}")

    @property
    def is_exact(self) -> bool:
        """Whether what was painted last is what was wanted, and no stand-in."""
        return self._wanted is None

    def takes(self, job: LineJob) -> bool:
        """Whether a job's lines come from a picture; otherwise they are few and stroked at once."""
        view = job.view
        points = 0
        for line in job.lines:
            shown = visible(line.times_s, view.start_s, view.end_s)
            points += shown.stop - shown.start
        return points > _MANY_POINTS or any(is_dense(line, view) for line in job.lines)

    def paint(self, painter: QPainter, job: LineJob) -> None:
        """Paint a job's lines, or what stands in for them."""
        picture = self._ready(job)
        if picture is None:
            picture = self._stand_in(job)
        picture.paint(painter, job.plot)

    def forget(self) -> None:
        """Let the picture go: its lines are shown otherwise now."""
        self._picture = self._spent = self._wanted = None
        self._patience.stop()

    def _ready(self, job: LineJob) -> LinePicture | None:
        picture = self._picture
        if picture is not None and (picture.job.is_same(job) or follow(picture, job)):
            self._settle(picture)
            return picture
        return None

    def _stand_in(self, job: LineJob) -> LinePicture:
        before = self._picture
        view = job.view
        is_little = view.width * view.height * len(job.lines) <= _LITTLE_WORK
        if self._reads is None or before is None or is_little or not before.job.is_about_the_same(job):
            return self._settle(render_lines(job, before))
        if self._wanted is None or not self._wanted.is_same(job):
            self._wanted = job
            spent, self._spent = self._spent, None
            self._reads.follow(Read(lambda: render_lines(job, spent), self._take, _never))
            if not self._patience.isActive():
                self._patience.start()
        return before

    def _settle(self, picture: LinePicture) -> LinePicture:
        self._picture, self._wanted = picture, None
        self._patience.stop()
        return picture

    def _take(self, picture: LinePicture) -> None:
        """A worker made this: nearer to what is wanted than what is shown, if it is not the very thing."""
        if self._wanted is None:
            self._spent = picture
            return
        self._spent, self._picture = self._picture, picture
        self._patience.start()
        self._on_ready()

    def _hurry(self) -> None:
        if self._wanted is not None:
            self._settle(render_lines(self._wanted))
            self._on_ready()


def _never(_error: OperatorError) -> None:
    """Painting asks nothing of the world."""
