"""The living theme: follows the system's light or dark setting unless told otherwise, and tells the widgets."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QAbstractButton, QApplication

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.icons import IconSet
from quarterdeck.ui.theme.marks import state_colour
from quarterdeck.ui.theme.measures import ICON_SIZE
from quarterdeck.ui.theme.palette import build_palette
from quarterdeck.ui.theme.scheme import ThemeChoice, chosen_tokens, is_dark_by_default
from quarterdeck.ui.theme.stylesheet import build_style_sheet
from quarterdeck.ui.theme.tokens import Tokens, Tone
from quarterdeck.ui.theme.typography import Fonts, load_fonts


class Theme(QObject):
    """Colours, fonts and icons of the moment, handed to every widget in its constructor.

    Applies itself to the application on construction; `changed` comes after palette and style sheet were replaced.
    `reduced_motion` is a wish of the person: nothing may move when it is set. `system_scheme` answers for the system.
    """

    changed = Signal()

    def __init__(
        self,
        app: QApplication,
        *,
        choice: ThemeChoice = ThemeChoice.SYSTEM,
        reduced_motion: bool = False,
        system_scheme: Callable[[], Qt.ColorScheme] | None = None,
    ) -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        self._system_scheme = system_scheme or app.styleHints().colorScheme
        self.reduced_motion = reduced_motion
        self._dark_by_default = is_dark_by_default(app)
        self._tokens = self._chosen_tokens()
        self.fonts: Fonts = load_fonts()
        self.icons = IconSet(self._tokens)
        app.setStyle("Fusion")
        app.setFont(self.fonts.body)
        self._dress()
        app.styleHints().colorSchemeChanged.connect(self._follow)

    @property
    def tokens(self) -> Tokens:
        """The colours now."""
        return self._tokens

    @property
    def choice(self) -> ThemeChoice:
        """What the person asked for."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Follow the system, or stay dark or light."""
        self._choice = choice
        self._follow()

    def colour(self, tone: Tone) -> QColor:
        """The colour of a tone now."""
        return QColor(self._tokens.tone(tone))

    def state_colour(self, state: HealthState) -> QColor:
        """The colour of a health state now."""
        return QColor(state_colour(self._tokens, state))

    def bind_icon(
        self, target: QAction | QAbstractButton, name: str, tone: Tone = Tone.SECONDARY, *, size: int = ICON_SIZE
    ) -> None:
        """Give an action or a button its icon, and again whenever the theme changes, for as long as it lives."""
        _IconBinding(self, target, name, tone=tone, size=size)

    def _follow(self) -> None:
        tokens = self._chosen_tokens()
        if tokens is self._tokens:
            return
        self._tokens = tokens
        self.icons.recolour(tokens)
        self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        self._app.setPalette(build_palette(self._tokens))
        self._app.setStyleSheet(build_style_sheet(self._tokens))

    def _chosen_tokens(self) -> Tokens:
        return chosen_tokens(self._choice, self._system_scheme(), is_dark=self._dark_by_default)


class _IconBinding(QObject):
    """Lives as a child of what shows the icon, so that it ends with it."""

    def __init__(self, theme: Theme, target: QAction | QAbstractButton, name: str, *, tone: Tone, size: int) -> None:
        super().__init__(target)
        self._theme, self._target, self._name, self._tone, self._size = theme, target, name, tone, size
        theme.changed.connect(self._renew)
        self._renew()

    def _renew(self) -> None:
        self._target.setIcon(self._theme.icons.icon(self._name, self._tone, size=self._size))
