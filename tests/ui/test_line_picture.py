"""The picture of a chart's lines: the same as strokes where these are drawn, and in place wherever the range goes."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from quarterdeck.ui.charts.chart_paint import PlotMap, paint_line
from quarterdeck.ui.charts.line_board import LineBoard
from quarterdeck.ui.charts.line_data import LineData
from quarterdeck.ui.charts.line_picture import LineJob, render_lines
from quarterdeck.ui.charts.live_tail import follow
from quarterdeck.ui.charts.ticks import ValueAxis, value_axis
from tests.support.backgrounds import HeldBackground

WIDTH, HEIGHT = 300, 120
GROUND = "#1a2028"
BLUE, ORANGE = 0xFF6AA5FF, 0xFFF0953F
AXIS = value_axis(0, 100, "1")

pytestmark = pytest.mark.usefixtures("qapp")


def noisy(
    label: str = "x", *, seed: int = 1, start: float = 0.0, count: int = 600, per_second: float = 1.0
) -> LineData:
    """A column a second from `start` on, the same wherever it begins."""
    random = np.random.default_rng(seed)
    middle = 50 + np.cumsum(random.normal(0, 0.5, 5000))
    spread = np.abs(random.normal(0, 4, 5000))
    first = round(start * per_second)
    some = slice(first, first + count)
    times = np.arange(first + 0.5, first + count) / per_second
    return LineData(label, "1", times, (middle - spread)[some], (middle + spread)[some], middle[some])


def job_of(
    *lines: LineData, start: float = 0.0, seconds: float = 300.0, ratio: float = 1.0, axis: ValueAxis = AXIS
) -> LineJob:
    plot = PlotMap(QRectF(46, 13, WIDTH, HEIGHT), start, start + seconds, axis)
    return LineJob(plot, ratio, lines, (BLUE, ORANGE, BLUE, ORANGE)[: len(lines)])


def screen(ratio: float = 1.0, width: int = WIDTH, height: int = HEIGHT) -> QImage:
    made = QImage(round((width + 60) * ratio), round((height + 40) * ratio), QImage.Format.Format_RGB32)
    made.fill(QColor(GROUND))
    made.setDevicePixelRatio(ratio)
    return made


def shown(job: LineJob, plot: PlotMap | None = None) -> np.ndarray:
    """The lit pixels of a job's picture in a plot, as differences from the ground."""
    image = screen(job.ratio)
    painter = QPainter(image)
    render_lines(job).paint(painter, plot or job.plot)
    painter.end()
    return lit(image)


def stroked(job: LineJob) -> np.ndarray:
    image = screen(job.ratio)
    painter = QPainter(image)
    for line, colour in zip(job.lines, job.colours, strict=True):
        paint_line(painter, job.plot, line, QColor.fromRgba(colour))
    painter.end()
    return lit(image)


def lit(image: QImage) -> np.ndarray:
    pixels = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)
    return np.abs(pixels[..., :3].astype(int) - [0x28, 0x20, 0x1A]).max(axis=2)


def grown(mask: np.ndarray) -> np.ndarray:
    """The mask and the pixels around it."""
    wide = mask | np.roll(mask, 1, axis=1) | np.roll(mask, -1, axis=1)
    return wide | np.roll(wide, 1, axis=0) | np.roll(wide, -1, axis=0)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("weight", ["regular", "strong"])
def test_columns_are_lit_where_strokes_are(ratio: float, weight: str) -> None:
    line = replace(noisy(count=round(300 * ratio), per_second=ratio), is_chosen=weight == "strong")
    job = job_of(line, ratio=ratio)
    before, after = stroked(job), shown(job)
    assert not ((before > 110) & ~grown(after > 60)).any()
    assert not ((after > 110) & ~grown(before > 60)).any()
    assert after.sum() == pytest.approx(before.sum(), rel=0.12)


def test_sparse_lines_in_a_picture_are_the_strokes_themselves() -> None:
    times = np.linspace(0, 300, 40)
    sparse = LineData.of_samples("y", "1", times, 50 + 40 * np.sin(times / 20))
    assert np.abs(shown(job_of(sparse)) - stroked(job_of(sparse))).max() <= 4


def test_a_later_line_lies_over_an_earlier_one_however_both_are_painted() -> None:
    times = np.linspace(0, 300, 40)
    dense, sparse = noisy(count=300), LineData.of_samples("y", "1", times, np.full(40, 50.0))
    for lines in ((dense, sparse), (sparse, dense)):
        crossing = shown(job_of(*lines))[13 + HEIGHT // 2 : 15 + HEIGHT // 2, 46:]
        alone = shown(replace(job_of(lines[1]), colours=(ORANGE,)))[13 + HEIGHT // 2 : 15 + HEIGHT // 2, 46:]
        covered = alone > 200
        assert covered.any()
        assert np.abs(crossing - alone)[covered].max() <= 6


def test_a_picture_is_shifted_by_whole_pixels_when_the_range_was_panned() -> None:
    job = job_of(noisy())
    panned = replace(job.plot, start_s=30.0, end_s=330.0)
    before, after = shown(job), shown(job, panned)
    assert (after[:, 46 : 46 + WIDTH - 30] == before[:, 76 : 46 + WIDTH]).all()
    assert after[:, 46 + WIDTH - 29 :].max() == 0


def test_a_picture_is_stretched_when_the_range_was_zoomed() -> None:
    job = job_of(noisy())
    zoomed = shown(job, replace(job.plot, start_s=100.0, end_s=250.0)) > 110
    exact = stroked(job_of(noisy(), start=100.0, seconds=150.0)) > 20
    assert (zoomed & grown(grown(exact))).sum() > 0.97 * zoomed.sum()
    assert zoomed[:, 46 : 46 + WIDTH].any(axis=0).all()


def test_a_picture_follows_another_axis_of_values() -> None:
    job = job_of(noisy())
    other = value_axis(0, 200, "1")
    moved = shown(job, replace(job.plot, axis=other)) > 110
    exact = stroked(job_of(noisy(), axis=other)) > 60
    assert not (moved & ~grown(grown(exact))).any()


def test_a_live_picture_that_followed_is_the_one_painted_anew() -> None:
    lines = [(noisy("a", start=at, count=301), noisy("b", seed=2, start=at, count=301)) for at in range(40)]
    picture = render_lines(job_of(*lines[0]))
    for at in range(1, 40, 3):
        assert follow(picture, job_of(*lines[at], start=at))
    anew = render_lines(picture.job).pixels
    assert (np.roll(picture.pixels, -picture.head, axis=1)[:, 2:] == anew[:, 2:]).all()
    painted = screen()
    painter = QPainter(painted)
    picture.paint(painter, picture.job.plot)
    painter.end()
    assert (lit(painted)[:, 49:] == shown(picture.job)[:, 49:]).all()


def test_the_last_column_may_grow_while_time_stands_still() -> None:
    picture = render_lines(job_of(noisy(count=290)))
    assert follow(picture, job_of(noisy(count=296)))
    assert (picture.pixels[:, :292] == render_lines(picture.job).pixels[:, :292]).all()


CHANGED = {
    "half a pixel": job_of(noisy(start=1), start=1.5),
    "another axis": job_of(noisy(start=1), start=1, axis=value_axis(0, 300, "1")),
    "another length": job_of(noisy(start=1), start=1, seconds=310),
    "most of the range": job_of(noisy(start=200), start=200),
    "backwards": job_of(noisy(), start=-3),
    "another line": job_of(noisy("y", start=1), start=1),
    "other values": job_of(noisy(seed=4, start=1), start=1),
    "no values": job_of(LineData.of_samples("x", "1", np.empty(0), np.empty(0)), start=1),
    "a chosen line": job_of(replace(noisy(start=1), is_chosen=True), start=1),
    "much that was late": job_of(noisy(count=300)),
    "a sparse line": job_of(noisy(start=1, count=200), start=1),
}


@pytest.mark.parametrize("change", CHANGED)
def test_a_picture_does_not_follow_what_is_no_mere_passing_of_time(change: str) -> None:
    picture = render_lines(job_of(noisy(count=100 if "late" in change else 600)))
    before = picture.pixels.copy()
    assert not follow(picture, CHANGED[change])
    assert (picture.pixels == before).all()


class Desk:
    """A board, the workers it uses, and a screen."""

    def __init__(self) -> None:
        self.owner = QObject()
        self.turns = 0
        self.board = LineBoard(self.owner, self._on_ready)
        self.workers = HeldBackground()
        self.board.work_in(self.workers)

    def paint(self, job: LineJob) -> np.ndarray:
        image = screen(job.ratio, round(job.plot.area.width()), round(job.plot.area.height()))
        painter = QPainter(image)
        self.board.paint(painter, job)
        painter.end()
        return lit(image)

    def _on_ready(self) -> None:
        self.turns += 1


def several(start: float = 0.0, seconds: float = 1800.0, *, seed: int = 1, per_second: float = 4.0) -> LineJob:
    """Six lines on a large screen: work for another thread."""
    names = "abcdef"
    lines = tuple(noisy(name, seed=seed + at, count=4000, per_second=per_second) for at, name in enumerate(names))
    plot = PlotMap(QRectF(46, 13, 1400, 700), start, start + seconds, AXIS)
    return LineJob(plot, 1.0, lines, (BLUE,) * 6)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.owner.deleteLater()
    del made


def test_the_first_picture_is_there_at_once(desk: Desk) -> None:
    assert desk.paint(several()).max() > 110
    assert desk.board.is_exact
    assert desk.workers.waiting == []


def test_the_same_job_is_not_painted_twice(desk: Desk) -> None:
    first = several()
    desk.paint(first)
    picture = desk.board.picture
    desk.paint(replace(first))
    assert desk.board.picture is picture


def test_after_a_zoom_the_stretched_picture_stands_in_until_the_new_one_is_there(desk: Desk) -> None:
    first = several()
    desk.paint(first)
    zoomed = replace(first, plot=replace(first.plot, start_s=200.0, end_s=900.0))
    stand_in = desk.paint(zoomed)
    assert not desk.board.is_exact
    assert stand_in.max() > 110
    assert desk.turns == 0
    desk.workers.finish()
    assert desk.turns == 1
    exact = desk.paint(zoomed)
    assert desk.board.is_exact
    assert (exact != stand_in).any()
    assert (exact == Desk().paint(zoomed)).all()


def test_of_many_moves_only_the_first_and_the_last_are_painted(desk: Desk) -> None:
    first = several()
    desk.paint(first)
    for step in range(1, 6):
        desk.paint(replace(first, plot=replace(first.plot, start_s=100.0 + step, end_s=1000.0 + step)))
    assert desk.workers.finish() == 2
    assert desk.turns == 2
    assert desk.board.picture is not None
    assert desk.board.picture.job.plot.start_s == 105.0


def test_a_picture_that_comes_too_late_is_not_shown(desk: Desk) -> None:
    first = several()
    desk.paint(first)
    desk.paint(replace(first, plot=replace(first.plot, start_s=200.0, end_s=900.0)))
    desk.paint(first)
    desk.workers.finish()
    assert desk.board.is_exact
    assert desk.board.picture is not None
    assert desk.board.picture.job.plot == first.plot


def test_other_lines_never_stand_in(desk: Desk) -> None:
    desk.paint(several())
    other = several(seed=20)
    named = replace(other, lines=tuple(replace(line, label=line.label * 2) for line in other.lines))
    assert (desk.paint(named) == Desk().paint(named)).all()
    assert desk.workers.waiting == []


def test_newer_data_stand_behind_older_only_until_they_are_painted(desk: Desk) -> None:
    desk.paint(several())
    newer = several(seed=9)
    desk.paint(newer)
    assert not desk.board.is_exact
    desk.workers.finish()
    assert (desk.paint(newer) == Desk().paint(newer)).all()


def test_a_chart_does_not_wait_for_busy_workers(desk: Desk, qtbot: QtBot) -> None:
    first = several()
    desk.paint(first)
    desk.paint(replace(first, plot=replace(first.plot, start_s=200.0, end_s=900.0)))
    qtbot.waitUntil(lambda: desk.board.is_exact)
    assert desk.turns == 1


def test_little_work_is_done_at_once(desk: Desk) -> None:
    desk.paint(job_of(noisy()))
    desk.paint(job_of(noisy(), start=10.5))
    assert desk.board.is_exact
    assert desk.workers.waiting == []


def test_few_points_are_stroked_and_many_come_from_a_picture(desk: Desk) -> None:
    times = np.linspace(0, 300, 100)
    assert not desk.board.takes(job_of(LineData.of_samples("x", "1", times, times)))
    assert desk.board.takes(job_of(noisy()))
    long = replace(noisy(count=1200, per_second=4.0), is_ghost=True)
    assert not desk.board.takes(job_of(long))
    assert desk.board.takes(job_of(*(replace(noisy(count=4000, per_second=13.0), is_ghost=True),) * 4))


def test_the_memory_of_pictures_is_used_again(desk: Desk) -> None:
    seen: set[int] = set()
    plot = several().plot
    for number in range(8):
        desk.paint(replace(several(), plot=replace(plot, start_s=plot.start_s + 0.3 * number)))
        desk.workers.finish()
        desk.paint(replace(several(), plot=replace(plot, start_s=plot.start_s + 0.3 * number)))
        assert desk.board.picture is not None
        seen.add(desk.board.picture.pixels.ctypes.data)
    assert len(seen) <= 3


def test_a_forgotten_picture_is_let_go(desk: Desk) -> None:
    desk.paint(several())
    desk.board.forget()
    assert desk.board.picture is None
    assert desk.board.is_exact
