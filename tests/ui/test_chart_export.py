"""A chart is saved as a picture, a drawing or a table: whole, plain, where a person said, and never in silence."""

import csv
import io
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtGui import QColor, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog, QWidget

from quarterdeck.ui.charts.chart_drawing import ChartDrawing, png_of, svg_of
from quarterdeck.ui.charts.chart_export import ChartExport, proposed_name
from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.chart_table import HEADINGS, csv_of
from quarterdeck.ui.charts.line_data import LineData, Span
from quarterdeck.ui.charts.time_chart import TimeChart
from quarterdeck.ui.theme.theme import Theme
from tests.support.backgrounds import HeldBackground
from tests.support.markup import hostile_text

START, END = 1_795_500_000.0, 1_795_503_600.0
TIMES = np.arange(START + 5, END, 10.0)
NAN = float("nan")


def envelope(label: str = "payments-api") -> LineData:
    middle = np.linspace(0.1, 0.4, len(TIMES))
    return LineData(label, "s", TIMES, middle - 0.05, middle + 0.05, middle)


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


def picture(drawing: ChartDrawing) -> QImage:
    return QImage.fromData(png_of(drawing))


class Desk:
    """A chart, somewhere to save it, and what a person was told."""

    def __init__(self, theme: Theme) -> None:
        self.owner = QWidget()
        group = ChartGroup(START, END, self.owner)
        self.chart = TimeChart(theme, group, "Response time", subtitle="p95", zone=UTC)
        self.chart.setParent(self.owner)
        self.chart.resize(600, 240)
        self.owner.resize(600, 240)
        self.workers = HeldBackground()
        self.told: list[str] = []
        self.export = ChartExport(self.owner, self.workers, self.told.append)

    def drawing(self) -> ChartDrawing:
        made = self.chart.drawing()
        assert made is not None
        return made

    def save(self, path: Path) -> str:
        self.export.save(self.drawing(), path)
        self.workers.finish()
        return self.told[-1]


@pytest.fixture
def desk(theme: Theme, show: Callable[[QWidget], QWidget]) -> Desk:
    made = Desk(theme)
    show(made.owner)
    made.chart.set_lines((envelope(), envelope("accounts-api")))
    made.chart.set_spans((Span(START + 1800, START + 2400, "INC-208"),))
    return made


def test_a_table_has_a_row_for_each_column_with_instants_in_utc() -> None:
    found = rows(csv_of([envelope()], (START, END)))
    assert tuple(found[0]) == HEADINGS
    assert len(found) == 1 + len(TIMES)
    assert found[1][:4] == ["payments-api", "s", "2026-11-24T06:00:00.000Z", "2026-11-24T06:00:10.000Z"]
    assert [float(cell) for cell in found[1][4:]] == [0.1 - 0.05, 0.1 + 0.05, 0.1]


def test_samples_stand_at_their_instant_and_gaps_are_empty_cells() -> None:
    values = np.array([1.5, NAN, np.inf])
    sampled = LineData.of_samples("x", "1", np.array([START, START + 60, START + 120]), values)
    found = rows(csv_of([sampled], (START, END)))
    assert found[1] == ["x", "1", "2026-11-24T06:00:00.000Z", "2026-11-24T06:00:00.000Z", "1.5", "1.5", "1.5"]
    assert [row[4:] for row in found[2:]] == [["", "", ""], ["", "", ""]]


def test_columns_of_unequal_distance_do_not_overlap() -> None:
    times = np.array([START, START + 10, START + 20, START + 24, START + 600])
    found = rows(csv_of([LineData("x", "1", times, times, times + 1, times)], (START, END)))
    spans = [(row[2], row[3]) for row in found[1:]]
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_a_single_column_has_no_width() -> None:
    times = np.array([START])
    found = rows(csv_of([LineData("x", "1", times, times, times + 1, times)], (START, END)))
    assert found[1][2] == found[1][3]


def test_only_what_the_chart_shows_is_in_the_table() -> None:
    assert len(rows(csv_of([envelope()], (START + 600, START + 1200)))) == 1 + 60


def test_a_column_that_reaches_over_an_end_of_the_range_is_told_whole() -> None:
    found = rows(csv_of([envelope()], (START + 607, START + 632)))[1:]
    begins = [datetime.fromisoformat(row[2]).timestamp() - START for row in found]
    assert begins == [600, 610, 620, 630]


@given(st.text(max_size=30))
def test_no_name_becomes_a_formula_or_breaks_the_table(name: str) -> None:
    times = np.array([START, START + 1])
    found = rows(csv_of([LineData.of_samples(name, name, times, times)], (START, END)))
    assert [len(row) for row in found] == [len(HEADINGS)] * 3
    assert not found[1][0].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_values_read_back_equal() -> None:
    values = np.array([1 / 3, 1e-300, 123456789.123456789, -0.0])
    sampled = LineData.of_samples("x", "1", START + np.arange(4.0), values)
    assert [float(row[4]) for row in rows(csv_of([sampled], (START, END)))[1:]] == values.tolist()


def test_a_picture_has_twice_the_pixels_and_the_lines_in_it(desk: Desk) -> None:
    image = picture(desk.drawing())
    assert image.width() == 2 * desk.chart._surface.width()
    assert image.height() > 2 * desk.chart._surface.height()
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
    assert {"#1a2028", "#6aa5ff", "#f0953f"} <= colours


def test_a_drawing_holds_its_words_as_words(desk: Desk) -> None:
    data = svg_of(desk.drawing())
    text = data.decode("utf-8")
    assert all(words in text for words in ("Response time", "payments-api", "INC-208", "<polyline"))
    assert QSvgRenderer(data).isValid()


def test_hostile_names_stay_plain_in_a_drawing(desk: Desk, tmp_path: Path) -> None:
    desk.chart.set_lines((envelope(hostile_text(tmp_path).markup),))
    text = svg_of(desk.drawing()).decode("utf-8")
    assert "<img" not in text
    assert "<image" not in text
    assert QSvgRenderer(text.encode()).isValid()


def test_a_legend_too_long_for_a_line_goes_on_in_the_next(desk: Desk) -> None:
    lines = tuple(envelope(f"a rather long name of an integration {number}") for number in range(6))
    before = picture(desk.drawing()).height()
    desk.chart.set_lines(lines)
    assert picture(desk.drawing()).height() > before


@pytest.mark.parametrize(("ending", "magic"), [(".png", b"\x89PNG"), (".SVG", b"<?xml"), (".csv", b"line,unit")])
def test_the_ending_of_the_name_says_what_is_written(desk: Desk, tmp_path: Path, ending: str, magic: bytes) -> None:
    path = tmp_path / f"chart{ending}"
    assert desk.save(path) == f"The chart was saved as {path}"
    assert path.read_bytes().startswith(magic)


def test_a_name_without_an_ending_becomes_a_picture(desk: Desk, tmp_path: Path) -> None:
    desk.save(tmp_path / "chart")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


def test_another_ending_is_refused_in_words(desk: Desk, tmp_path: Path) -> None:
    told = desk.save(tmp_path / "chart.docx")
    assert told == "Nothing was saved: the name of the file must end with one of .png, .svg, .csv."
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told_with_the_next_step(desk: Desk, tmp_path: Path) -> None:
    told = desk.save(tmp_path / "missing" / "chart.png")
    assert "cannot be written" in told
    assert told.endswith("See whether the disk is full, and whether this user may write there.")


def test_nothing_is_written_before_a_worker_does(desk: Desk, tmp_path: Path) -> None:
    desk.export.save(desk.drawing(), tmp_path / "chart.png")
    assert list(tmp_path.iterdir()) == []
    assert desk.told == []


@pytest.fixture
def qt_settings(tmp_path: Path) -> Iterator[None]:
    """Qt's own dialog for files remembers its size in a file of its own."""
    native, user = QSettings.Format.NativeFormat, QSettings.Scope.UserScope
    usual = Path(QSettings(native, user, "QtProject").fileName()).parent
    QSettings.setPath(native, user, str(tmp_path / "settings"))
    yield
    QSettings.setPath(native, user, str(usual))


@pytest.mark.usefixtures("qt_settings")
def test_a_person_chooses_the_place_and_the_kind(desk: Desk, tmp_path: Path) -> None:
    desk.export.ask(desk.drawing())
    dialog = desk.owner.findChildren(QFileDialog)[0]
    assert dialog.selectedFiles()[0].endswith(proposed_name(desk.drawing()) + ".png")
    dialog.filterSelected.emit("Table of the values (*.csv)")
    assert dialog.defaultSuffix() == "csv"
    dialog.fileSelected.emit(str(tmp_path / "numbers.csv"))
    dialog.reject()
    dialog.setParent(None)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desk.workers.finish()
    assert (tmp_path / "numbers.csv").exists()


def test_a_chart_without_lines_says_that_there_is_nothing_to_save(desk: Desk) -> None:
    desk.chart.set_lines(())
    desk.export.ask(desk.chart.drawing())
    assert desk.told == ["There is no chart to save yet."]


def test_the_picture_stays_what_was_asked_for(desk: Desk, theme: Theme) -> None:
    asked = desk.drawing()
    before = png_of(asked)
    desk.chart.set_lines((envelope("another"),))
    assert png_of(asked) == before
    assert picture(asked).pixelColor(2, 2) == QColor(theme.tokens.raised)


def test_an_earlier_week_laid_behind_is_no_part_of_the_table() -> None:
    lines = [envelope(), replace(envelope("payments-api, earlier"), is_ghost=True)]
    told = csv_of(lines, (-1e12, 1e12)).decode()
    assert "payments-api" in told
    assert "earlier" not in told
