"""The time lens under the pointer and the keyboard."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from quarterdeck.domain.instants import TimeRange
from quarterdeck.ui.shell.lens_geometry import LensGeometry
from quarterdeck.ui.shell.lens_strip import Bar, LensStrip
from quarterdeck.ui.shell.time_lens import LensView, TimeLens
from quarterdeck.ui.theme.theme import Theme
from tests.support.pictured_bank import NOON

EXTENT = TimeRange.ending(NOON, 6 * 3600)
LIVE = LensView(EXTENT, EXTENT, NOON, is_live=True)
PART = TimeRange(NOON - timedelta(hours=4), NOON - timedelta(hours=2))
ZOOMED = LensView(EXTENT, PART, NOON - timedelta(hours=3), is_live=False)
WIDTH = 1232
SHOWN = LensGeometry(EXTENT, 16, WIDTH - 32)
LOW, HIGH = 34, 12


@pytest.fixture
def lens(theme: Theme, show: Callable[[QWidget], QWidget]) -> TimeLens:
    made = TimeLens(theme, LIVE)
    made.resize(WIDTH, 64)
    show(made)
    return made


def spot(at: datetime, y: int = LOW) -> QPoint:
    return QPoint(round(SHOWN.x_of(at)), y)


def heard(lens: TimeLens) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    lens.play_head_moved.connect(lambda at: found.append(("head", at)))
    lens.window_chosen.connect(lambda chosen: found.append(("window", chosen)))
    lens.live_requested.connect(lambda: found.append(("live", None)))
    lens.reset_requested.connect(lambda: found.append(("reset", None)))
    return found


def test_a_press_on_the_strip_moves_the_play_head_there(lens: TimeLens) -> None:
    found = heard(lens)
    QTest.mouseClick(lens, Qt.MouseButton.LeftButton, pos=spot(NOON - timedelta(hours=3)))
    name, at = found[0]
    assert name == "head"
    assert isinstance(at, datetime)
    assert abs(at - (NOON - timedelta(hours=3))) < timedelta(seconds=20)


def test_the_play_head_can_be_dragged(lens: TimeLens) -> None:
    found = heard(lens)
    QTest.mousePress(lens, Qt.MouseButton.LeftButton, pos=spot(NOON, HIGH))
    QTest.mouseMove(lens, spot(NOON - timedelta(hours=2), HIGH))
    QTest.mouseRelease(lens, Qt.MouseButton.LeftButton, pos=spot(NOON - timedelta(hours=2), HIGH))
    assert [name for name, _ in found] == ["head", "head"]


def test_dropping_the_play_head_at_the_end_goes_live(lens: TimeLens) -> None:
    lens.show_view(LensView(EXTENT, EXTENT, NOON - timedelta(hours=1), is_live=False))
    found = heard(lens)
    QTest.mousePress(lens, Qt.MouseButton.LeftButton, pos=spot(NOON - timedelta(hours=1), HIGH))
    QTest.mouseRelease(lens, Qt.MouseButton.LeftButton, pos=spot(NOON, HIGH) + QPoint(6, 0))
    assert found == [("live", None)]


def test_an_edge_of_the_window_can_be_dragged(lens: TimeLens) -> None:
    lens.show_view(ZOOMED)
    found = heard(lens)
    QTest.mousePress(lens, Qt.MouseButton.LeftButton, pos=spot(PART.start_at))
    QTest.mouseMove(lens, spot(NOON - timedelta(hours=5)))
    assert found == []
    QTest.mouseRelease(lens, Qt.MouseButton.LeftButton, pos=spot(NOON - timedelta(hours=5)))
    ((name, chosen),) = found
    assert name == "window"
    assert isinstance(chosen, TimeRange)
    assert chosen.end_at == PART.end_at
    assert abs(chosen.start_at - (NOON - timedelta(hours=5))) < timedelta(seconds=20)


def test_an_edge_cannot_pass_the_other(lens: TimeLens) -> None:
    lens.show_view(ZOOMED)
    found = heard(lens)
    QTest.mousePress(lens, Qt.MouseButton.LeftButton, pos=spot(PART.start_at))
    QTest.mouseMove(lens, spot(NOON))
    QTest.mouseRelease(lens, Qt.MouseButton.LeftButton, pos=spot(NOON))
    assert found == [("window", TimeRange(PART.end_at, PART.end_at))]


def test_a_double_press_resets_the_zoom(lens: TimeLens) -> None:
    found = heard(lens)
    QTest.mouseDClick(lens, Qt.MouseButton.LeftButton, pos=spot(NOON - timedelta(hours=3)))
    assert ("reset", None) in found


def test_the_wheel_zooms_where_the_pointer_is(lens: TimeLens) -> None:
    found = heard(lens)
    place = QPointF(spot(NOON - timedelta(hours=3)))
    event = QWheelEvent(
        place,
        QPointF(lens.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(lens, event)
    ((_, chosen),) = found
    assert isinstance(chosen, TimeRange)
    assert chosen.seconds == pytest.approx(EXTENT.seconds * 0.8, rel=0.001)
    assert abs(chosen.start_at - (NOON - timedelta(hours=5.4))) < timedelta(seconds=20)


@pytest.mark.parametrize(
    ("key", "name"), [(Qt.Key.Key_Left, "head"), (Qt.Key.Key_Home, "head"), (Qt.Key.Key_End, "live")]
)
def test_keys_move_the_play_head(lens: TimeLens, key: Qt.Key, name: str) -> None:
    found = heard(lens)
    QTest.keyClick(lens, key)
    assert [kind for kind, _ in found] == [name]


def test_there_is_no_step_beyond_the_present(lens: TimeLens) -> None:
    found = heard(lens)
    QTest.keyClick(lens, Qt.Key.Key_Right)
    assert found == []


def test_bars_are_coloured_by_what_was(lens: TimeLens, theme: Theme) -> None:
    half = Bar(down=0.5, healthy=0.5)
    lens.show_strip(LensStrip(EXTENT, (Bar(healthy=1.0), half, Bar())))
    picture = lens.grab().toImage()

    def colour(hours: float, y: int) -> str:
        return picture.pixelColor(round(SHOWN.x_of(NOON - timedelta(hours=hours))), y).name()

    assert colour(3, 36) == theme.tokens.down
    assert colour(3, 12) != theme.tokens.down
    assert len({colour(5, 36), colour(1, 36), colour(3, 36)}) == 3


def test_the_tip_says_when_and_how_it_was(lens: TimeLens) -> None:
    lens.show_strip(LensStrip(EXTENT, (Bar(degraded=0.25, healthy=0.75),)))
    words = lens.plain_tool_tip_at(spot(NOON - timedelta(hours=3)))
    assert words.endswith("Integrations: 25% degraded, 75% healthy")
    assert "24 Nov 2026" in words


def test_a_picture_that_would_not_change_is_not_painted_again(lens: TimeLens) -> None:
    strip = LensStrip(EXTENT, (Bar(healthy=1.0),))
    lens.show_strip(strip)
    before: QImage = lens.grab().toImage()
    lens.show_strip(LensStrip(EXTENT, (Bar(healthy=1.0),)))
    lens.show_view(LensView(EXTENT, EXTENT, NOON, is_live=True))
    assert lens.grab().toImage() == before


def test_its_state_is_told_to_a_screen_reader(lens: TimeLens) -> None:
    assert lens.accessibleDescription().endswith("live")
    lens.show_view(ZOOMED)
    assert "as of" in lens.accessibleDescription()


def test_it_says_that_it_counts_everything_where_there_are_no_integrations(lens: TimeLens) -> None:
    lens.show_strip(LensStrip(EXTENT, (Bar(healthy=1.0),), counts_everything=True))
    assert lens.plain_tool_tip_at(spot(NOON - timedelta(hours=1))).endswith("Everything overseen: 100% healthy")
    assert lens.accessibleDescription().startswith("Everything overseen, ")
    lens.show_strip(LensStrip(EXTENT, (Bar(healthy=1.0),)))
    assert lens.accessibleDescription().startswith("Integrations, ")


def colours_at(lens: TimeLens, at: datetime) -> set[str]:
    picture, x = lens.grab().toImage(), round(SHOWN.x_of(at))
    return {picture.pixelColor(x + step, y).name() for step in range(16) for y in range(12, 36)}


def test_bars_are_hatched_history_while_the_store_is_lost_and_end_there(lens: TimeLens, theme: Theme) -> None:
    lost_at = NOON - timedelta(hours=1)
    lens.show_strip(LensStrip(EXTENT, (Bar(down=1.0),), old_at=lost_at))
    before, after = NOON - timedelta(hours=3), NOON - timedelta(minutes=30)
    assert theme.tokens.down not in colours_at(lens, before)
    assert len(colours_at(lens, before)) > 1
    assert colours_at(lens, after) == {theme.tokens.surface}
    assert "Integrations: 100% down" in lens.plain_tool_tip_at(spot(before))
    assert "Nothing is known of this time" in lens.plain_tool_tip_at(spot(after))
    assert f"not read since {lost_at.astimezone():%H:%M}" in lens.accessibleDescription()
    lens.show_strip(LensStrip(EXTENT, (Bar(down=1.0),)))
    assert colours_at(lens, after) == {theme.tokens.down}
