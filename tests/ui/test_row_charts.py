"""Heat maps and horizon charts: the highest is never lost, unknown is never zero, and keys do what the mouse does."""

import itertools
from collections.abc import Callable
from datetime import UTC

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_st
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.row_chart import RowChart
from quarterdeck.ui.charts.row_data import RowData, per_pixel
from quarterdeck.ui.charts.row_paint import RowLook, heat_rows, horizon_rows, scale_colours
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import DARK, LIGHT, Tokens, relative_luminance
from tests.support.markup import hostile_text

START, END = 1_795_500_000.0, 1_795_503_600.0
NAN = float("nan")
GROUND, BANDS = 0xFF101010, scale_colours(("#202020", "#404040", "#808080", "#f0f0f0"), 4)


def rows(values: np.ndarray, labels: tuple[str, ...] | None = None) -> RowData:
    edges = np.linspace(START, END, values.shape[1] + 1)
    return RowData(labels or tuple(f"service {at}" for at in range(len(values))), "s", edges, values)


class Page(QWidget):
    """One row chart of ten columns and four rows, of which the last is unknown."""

    def __init__(self, theme: Theme, look: RowLook) -> None:
        super().__init__()
        self.group = ChartGroup(START, END, self)
        self.chart = RowChart(theme, self.group, "Response time", look=look, zone=UTC)
        self.chart.setParent(self)
        self.resize(700, 240)
        self.chart.resize(700, 240)
        values = np.tile(np.arange(10.0), (4, 1)) * np.array([[0.1], [0.2], [0.3], [0.4]])
        values[1, 4] = NAN
        values[3] = NAN
        self.chart.show_rows(rows(values, ("payments", "accounts", "dispatch", "letters")))

    @property
    def readout(self) -> str:
        return " ".join(self.chart._readout.text().split())

    def spot(self, row: int, share: float) -> QPointF:
        place = self.chart.rows._place()
        x = place.area.left() + share * place.area.width()
        return QPointF(x, place.area.top() + (row + 0.4) * place.row_height)

    def send(self, kind: QEvent.Type, spot: QPointF) -> None:
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        where = self.chart.rows.mapToGlobal(spot)
        event = QMouseEvent(kind, spot, where, button, button, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.chart.rows, event)

    def picture(self) -> QImage:
        return self.chart.rows.grab().toImage()


@pytest.fixture(params=list(RowLook))
def page(theme: Theme, show: Callable[[QWidget], QWidget], request: pytest.FixtureRequest) -> Page:
    made = Page(theme, request.param)
    show(made)
    return made


@given(
    numpy_st.arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 60)), elements=st.floats(-9, 9)),
    st.integers(1, 90),
)
def test_the_highest_value_is_in_some_pixel_however_narrow_the_chart(values: np.ndarray, width: int) -> None:
    shown = per_pixel(rows(values), (START, END), width)
    assert (np.nanmax(shown, axis=1) == values.max(axis=1)).all()
    assert np.isfinite(shown).all()


def test_unknown_columns_stay_unknown_and_so_does_what_lies_outside() -> None:
    shown = per_pixel(rows(np.array([[1.0, NAN, np.inf, 4.0]])), (START - 3600, END + 3600), 12)
    assert np.isnan(shown[0, [0, 1, 2, 3, 5, 6, 8, 9, 10, 11]]).all()
    assert shown[0, [4, 7]].tolist() == [1.0, 4.0]


def test_no_columns_are_all_unknown() -> None:
    assert np.isnan(per_pixel(RowData(("a",), "1", np.empty(0), np.empty((1, 0))), (0, 1), 5)).all()


def test_rows_that_do_not_fit_their_edges_are_refused() -> None:
    with pytest.raises(ValueError, match="a label for each row"):
        RowData(("a",), "1", np.arange(3.0), np.zeros((1, 3)))


def test_the_scale_starts_at_zero_unless_values_lie_below() -> None:
    assert (rows(np.array([[3.0, 5.0]])).bottom, rows(np.array([[3.0, 5.0]])).top) == (0, 5)
    assert rows(np.array([[-2.0, 5.0]])).bottom == -2
    assert (rows(np.array([[NAN]])).bottom, rows(np.array([[NAN]])).top) == (0, 1)
    assert rows(np.array([[0.0]])).top == 1


def test_a_heat_map_shows_more_in_a_later_shade_and_leaves_unknown_clear() -> None:
    colours = scale_colours(("#000000", "#ffffff"))
    painted = heat_rows(np.array([[0.0, 0.5, 1.0, NAN]]), 3, colours)
    assert painted.shape == (3, 4)
    assert (painted[0] == painted[2]).all()
    assert painted[0].tolist() == [0xFF000000, 0xFF808080, 0xFFFFFFFF, 0]


def test_a_horizon_row_goes_on_from_its_foot_in_the_next_band() -> None:
    painted = horizon_rows(np.array([[0.0, 0.125, 0.25, 0.375, 1.0, NAN]]), 10, GROUND, BANDS)
    first, second, last = (int(BANDS[at]) for at in (0, 1, 3))
    assert set(painted[:, 0].tolist()) == {GROUND}
    assert painted[:, 1].tolist() == [GROUND] * 5 + [first] * 5
    assert set(painted[:, 2].tolist()) == {first}
    assert painted[:, 3].tolist() == [first] * 5 + [second] * 5
    assert set(painted[:, 4].tolist()) == {last}
    assert set(painted[:, 5].tolist()) == {0}


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_shades_differ_by_lightness_alone_so_that_everyone_tells_them_apart(tokens: Tokens) -> None:
    light = [relative_luminance(colour) for colour in tokens.scale]
    assert light == sorted(light, reverse=not tokens.is_dark)
    ratios = [(max(pair) + 0.05) / (min(pair) + 0.05) for pair in itertools.pairwise(light)]
    assert min(ratios) > 1.35


def test_the_pointer_reads_a_cell_and_leaving_ends_it(page: Page) -> None:
    page.send(QEvent.Type.MouseMove, page.spot(1, 0.55))
    assert page.readout == "accounts 06:33 1.0 s"
    page.send(QEvent.Type.MouseMove, page.spot(1, 0.45))
    assert page.readout == "accounts 06:27 unknown"
    assert page.chart.rows.accessibleDescription().startswith(page.chart._readout.text())
    QApplication.sendEvent(page.chart.rows, QEvent(QEvent.Type.Leave))
    assert (page.readout, page.group.marks.pointer_s) == ("", None)
    page.send(QEvent.Type.MouseMove, QPointF(2, 2))
    assert page.chart.rows.row is None


def test_arrows_go_from_cell_to_cell(page: Page) -> None:
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(page.chart.rows, key)
    assert page.readout == "dispatch 06:39 1.8 s"
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(page.chart.rows, key)
    assert page.readout == "accounts 06:27 unknown"


def test_keys_zoom_pan_and_ask_for_the_play_head(page: Page, qtbot: QtBot) -> None:
    QTest.keyClick(page.chart.rows, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.group.play_head_requested) as asked:
        QTest.keyClick(page.chart.rows, Qt.Key.Key_Return)
    assert asked.args == [START + 1800]
    QTest.keyClick(page.chart.rows, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert page.group.range_s == (START + 360, END + 360)
    QTest.keyClick(page.chart.rows, Qt.Key.Key_0)
    assert page.group.range_s == (START, END)
    QTest.keyClick(page.chart.rows, Qt.Key.Key_J)


def test_the_mouse_zooms_asks_for_the_play_head_and_goes_back(page: Page, qtbot: QtBot) -> None:
    spot = page.spot(0, 0.25)
    with qtbot.waitSignal(page.group.play_head_requested) as asked:
        page.send(QEvent.Type.MouseButtonPress, spot)
    assert asked.args == [pytest.approx(START + 900, abs=10)]
    wheel = QWheelEvent(
        spot,
        page.chart.rows.mapToGlobal(spot),
        QPointF(0, 0).toPoint(),
        QPointF(0, 120).toPoint(),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(page.chart.rows, wheel)
    start, end = page.group.range_s
    assert end - start == pytest.approx(2880)
    with qtbot.waitSignal(page.group.reset_requested):
        page.send(QEvent.Type.MouseButtonDblClick, spot)


def test_unknown_is_hatched_and_never_a_shade(page: Page, theme: Theme) -> None:
    picture = page.picture()
    place = page.chart.rows._place()
    inside = range(round(place.area.left()) + 2, round(place.area.right()) - 2)
    y = round(page.spot(3, 0).y())
    seen = {picture.pixelColor(x, y).name() for x in inside}
    assert not seen & {theme.tokens.scale[at] for at in range(5)}
    assert len(seen) > 1


def test_a_row_chart_follows_the_theme_and_the_range(page: Page, theme: Theme) -> None:
    dark = page.picture()
    page.group.set_range(START + 1800, END)
    zoomed = page.picture()
    theme.choose(ThemeChoice.LIGHT)
    light = page.picture()
    assert dark != zoomed
    assert light != zoomed


def test_the_play_head_and_the_frame_of_the_keyboard_are_seen(page: Page) -> None:
    page.chart.rows.clearFocus()
    plain = page.picture()
    page.group.set_play_head(START + 600)
    marked = page.picture()
    assert marked != plain
    page.chart.rows.setFocus(Qt.FocusReason.TabFocusReason)
    assert page.picture() != marked


def test_a_row_chart_says_in_words_what_it_shows(page: Page) -> None:
    assert page.chart.describe() == (
        "Response time from 06:00 to 07:00. Highest 2.7 s in dispatch at 06:57. Then accounts 1.8 s, payments 900 ms. "
        "No data for letters."
    )
    assert page.chart.rows.accessibleDescription() == page.chart.describe()


def test_many_silent_rows_are_counted(page: Page) -> None:
    page.chart.show_rows(rows(np.vstack((np.ones((1, 4)), np.full((6, 4), NAN)))))
    assert page.chart.describe().endswith("No data for service 1, service 2, service 3 and 3 more.")
    page.chart.show_rows(rows(np.full((2, 4), NAN)))
    assert page.chart.describe().endswith("07:00. No data.")


def test_fewer_rows_forget_the_row_that_was_pointed_at(page: Page) -> None:
    page.send(QEvent.Type.MouseMove, page.spot(2, 0.5))
    page.chart.show_rows(rows(np.ones((1, 4))))
    assert page.chart.rows.row is None
    page.chart.show_rows(RowData.none())
    page.picture()
    assert page.readout == ""


def test_labels_stay_plain_text(page: Page, tmp_path_factory: pytest.TempPathFactory) -> None:
    hostile = hostile_text(tmp_path_factory.mktemp("hostile")).markup
    page.chart.show_rows(rows(np.ones((40, 4)), (hostile,) * 40))
    page.picture()
    page.send(QEvent.Type.MouseMove, page.spot(0, 0.5))
    assert "<img" in page.chart._readout.text()
