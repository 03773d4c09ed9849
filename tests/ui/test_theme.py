"""The theme follows the system until told otherwise, and everything that was drawn follows the theme."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QFontMetricsF, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.marks import state_word
from quarterdeck.ui.theme.scheme import ThemeChoice, chosen_tokens, usual_tokens
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import DARK, LIGHT, Tone


class System:
    """A desktop whose setting can be changed."""

    def __init__(self, app: QApplication) -> None:
        self.scheme = Qt.ColorScheme.Light
        self._hints = app.styleHints()

    def turn(self, scheme: Qt.ColorScheme) -> None:
        self.scheme = scheme
        self._hints.colorSchemeChanged.emit(scheme)


def test_the_systems_setting_is_followed_while_nothing_else_is_chosen(qapp: QApplication) -> None:
    system = System(qapp)
    theme = Theme(qapp, system_scheme=lambda: system.scheme)
    assert theme.tokens is LIGHT
    system.turn(Qt.ColorScheme.Dark)
    assert theme.tokens is DARK
    theme.deleteLater()


def test_a_choice_outlasts_a_change_of_the_system(qapp: QApplication) -> None:
    system = System(qapp)
    theme = Theme(qapp, choice=ThemeChoice.LIGHT, system_scheme=lambda: system.scheme)
    system.turn(Qt.ColorScheme.Dark)
    assert theme.tokens is LIGHT
    theme.choose(ThemeChoice.SYSTEM)
    assert theme.tokens is DARK
    theme.deleteLater()


@pytest.mark.parametrize("choice", list(ThemeChoice))
@pytest.mark.parametrize("is_dark", [False, True], ids=["light by default", "dark by default"])
def test_a_system_that_does_not_say_is_taken_as_it_looks(choice: ThemeChoice, *, is_dark: bool) -> None:
    expected = {ThemeChoice.DARK: True, ThemeChoice.LIGHT: False}.get(choice, is_dark)
    assert usual_tokens(choice, is_dark=is_dark).is_dark is expected
    assert chosen_tokens(choice, Qt.ColorScheme.Unknown, is_dark=is_dark).is_dark is expected


def test_widgets_are_told_after_the_palette_was_replaced(theme: Theme, qtbot: QtBot, qapp: QApplication) -> None:
    seen: list[str] = []
    theme.changed.connect(lambda: seen.append(qapp.palette().color(QPalette.ColorRole.Window).name()))
    with qtbot.waitSignal(theme.changed):
        theme.choose(ThemeChoice.LIGHT)
    assert seen == [LIGHT.window]


def test_choosing_what_is_shown_already_tells_nobody(theme: Theme, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(theme.changed):
        theme.choose(ThemeChoice.DARK)


def test_figures_are_equally_wide(theme: Theme) -> None:
    for font in (theme.fonts.body, theme.fonts.figure, theme.fonts.small, theme.fonts.section):
        widths = [QFontMetricsF(font).horizontalAdvance(digit * 10) for digit in "0123456789"]
        assert max(widths) - min(widths) < 0.5


def test_an_icon_is_drawn_in_the_colours_of_the_theme(theme: Theme) -> None:
    assert strongest(theme.icons.icon("link", Tone.DOWN)) == QColor(DARK.down)


def test_a_bound_icon_is_drawn_again_when_the_theme_changes(theme: Theme) -> None:
    action = QAction()
    theme.bind_icon(action, "link", Tone.DOWN)
    theme.choose(ThemeChoice.LIGHT)
    assert strongest(action.icon()) == QColor(LIGHT.down)


def test_an_icon_that_the_family_does_not_have_is_refused(theme: Theme) -> None:
    with pytest.raises(KeyError):
        theme.icons.icon("no-such-icon")


def test_an_icon_binding_ends_with_what_shows_it(theme: Theme, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    action = QAction(holder)
    theme.bind_icon(action, "link")
    action.deleteLater()
    qtbot.waitUntil(lambda: not holder.actions())
    theme.choose(ThemeChoice.LIGHT)


def test_every_state_has_a_word_of_its_own() -> None:
    assert len({state_word(state) for state in HealthState}) == len(HealthState)


def strongest(icon: QIcon) -> QColor:
    """The colour of the most opaque point."""
    image = icon.pixmap(16, 16).toImage()
    points = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    densest = max(points, key=QColor.alpha)
    return QColor(densest.red(), densest.green(), densest.blue())
