"""The frame follows the theme, counts in colours, and leaves nothing running behind."""

import threading

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage

from quarterdeck.domain.health import HealthState
from quarterdeck.services.preferences import ThemePreference, UiPreferences
from quarterdeck.ui.shell.tray import Tray
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import DARK, LIGHT
from tests.support.consoles import ConsoleBench, PreferencePlace
from tests.support.paint_count import PaintCount
from tests.ui.shell.conftest import Benches


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}


def strongest(icon: QIcon) -> str:
    """The colour of an icon's most opaque pixel."""
    image = icon.pixmap(QSize(16, 16)).toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=QColor.alpha).name()


def test_switching_the_theme_colours_everything_anew(bench: ConsoleBench) -> None:
    icon_before = strongest(bench.console.window.rail.items()[0].icon())
    bench.console.registry.trigger("setting.theme.light")
    bench.settle()
    seen = colours(bench.console.window.grab().toImage())
    assert LIGHT.window in seen
    assert LIGHT.surface in seen
    assert DARK.window not in seen
    assert DARK.surface not in seen
    assert strongest(bench.console.window.rail.items()[0].icon()) != icon_before


def test_the_theme_of_the_preferences_is_worn_from_the_start(benches: Benches) -> None:
    preferences = PreferencePlace(UiPreferences(theme=ThemePreference.LIGHT, tray_shown=False))
    benches.started(preferences=preferences)
    assert benches.theme.choice is ThemeChoice.LIGHT


def test_the_worst_state_colours_a_count(bench: ConsoleBench, theme: Theme) -> None:
    picture = bench.console.window.rail.items()[1].grab().toImage()
    assert theme.tokens.down in {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(30)}


def test_the_tray_icon_has_a_shape_and_a_colour_for_each_state(theme: Theme) -> None:
    tray = Tray(theme, "Demo bank", theme)
    pictures = []
    for state in (HealthState.HEALTHY, HealthState.DEGRADED, HealthState.DOWN, HealthState.MAINTENANCE):
        tray.show_state(state)
        pictures.append(tray.picture(22).toImage())
    assert len({picture.constBits().tobytes() for picture in pictures}) == 4
    tray.deleteLater()


def test_closing_without_a_tray_asks_for_the_end(bench: ConsoleBench) -> None:
    asked: list[bool] = []
    bench.console.quit_requested.connect(lambda: asked.append(True))
    bench.console.window.close()
    assert asked == [True]
    assert bench.console.window.isVisible()


def test_a_closed_window_leaves_no_thread(benches: Benches) -> None:
    before = set(threading.enumerate())
    bench = benches.started()
    assert set(threading.enumerate()) != before
    benches.made.remove(bench)
    bench.close()
    assert {thread for thread in threading.enumerate() if thread.is_alive()} <= before


def test_nothing_is_painted_while_nothing_changes(benches: Benches) -> None:
    bench = benches.started()
    bench.settle()
    lens, rail = bench.console.window.lens, bench.console.window.rail
    before = (lens.grab().toImage(), rail.grab().toImage())
    paints = PaintCount(lens, *rail.items(), bench.console.window.top_bar)
    for _ in range(3):
        bench.console.conductor.pass_time()
    bench.settle()
    assert paints.count == 0
    assert (lens.grab().toImage(), rail.grab().toImage()) == before
