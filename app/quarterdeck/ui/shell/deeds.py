"""What the frame's commands do that is more than a move: dialogs, looks, layouts."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QLineEdit

from quarterdeck.services.preferences import ThemePreference, UiPreferences
from quarterdeck.ui.shell.conductor import Conductor
from quarterdeck.ui.shell.console_clock import ConsoleClock
from quarterdeck.ui.shell.diagnostics import surroundings
from quarterdeck.ui.shell.keeper import Keeper
from quarterdeck.ui.shell.layouts import LayoutKeeper, LayoutSpec
from quarterdeck.ui.shell.places import extent_of
from quarterdeck.ui.shell.range_button import RangeDialog
from quarterdeck.ui.shell.store_session import StoreSession
from quarterdeck.ui.shell.tray import Tray
from quarterdeck.ui.shell.window import ConsoleWindow
from quarterdeck.ui.shell.window_memory import SavedLayout
from quarterdeck.ui.tasks.owned import OwnedBackground
from quarterdeck.ui.tasks.runner import TaskRunner
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.actions import ActionRegistry
from quarterdeck.ui.widgets.dialogs import Decision, PlainMessage
from quarterdeck.ui.widgets.key_sheet import KeySheet
from quarterdeck.ui.widgets.notices import Notice
from quarterdeck.ui.widgets.text import safe_line

if TYPE_CHECKING:
    from quarterdeck.services.console import ConsoleServices
    from quarterdeck.services.retention_settings import RetentionSettings
    from quarterdeck.ui.shell.settings_dialog import SettingsDialog

_LONGEST_NAME: Final = 40


class Deeds(QObject):
    """Opens the dialogs over the window, and applies what is chosen in them."""

    def __init__(
        self,
        window: ConsoleWindow,
        theme: Theme,
        *,
        keeper: Keeper,
        layouts: LayoutKeeper,
        conductor: Conductor,
        clock: ConsoleClock,
        registry: ActionRegistry,
        runner: TaskRunner,
        session: StoreSession,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._keeper = keeper
        self._layouts = layouts
        self._conductor = conductor
        self._clock = clock
        self._registry = registry
        self._runner = runner
        self._services: ConsoleServices | None = None
        keeper.preferences_changed.connect(self.apply)
        window.rail.collapse_toggled.connect(self._keep_rail)
        session.opened.connect(self._take_services)

    def apply(self, preferences: UiPreferences) -> None:
        """Look as the person set it."""
        self._theme.reduced_motion = preferences.reduced_motion
        self._theme.choose(ThemeChoice(preferences.theme.value))
        self._window.rail.set_collapsed(is_collapsed=preferences.rail_collapsed)
        self._window.side.set_wanted(is_wanted=preferences.inspector_shown)

    def choose_theme(self, theme: ThemePreference) -> None:
        """Follow the system, or stay dark or light."""
        self._keeper.set_preferences(replace(self._keeper.preferences, theme=theme))

    def toggle_rail(self) -> None:
        """Make the rail narrow or wide."""
        self._keep_rail(not self._keeper.preferences.rail_collapsed)

    def toggle_inspector(self) -> None:
        """Show the inspector or hide it."""
        side = self._window.side
        side.toggle()
        self._keeper.set_preferences(replace(self._keeper.preferences, inspector_shown=side.is_wanted))

    def show_keys(self) -> None:
        """The keys that hold here."""
        title = self.tr("Keys")
        self._open(KeySheet(self._theme, title, self._registry.keys_of(self._conductor.place.panel_id), self._window))

    def open_settings(self) -> None:
        """The settings of the window and of its store, a turn or two later: what they are made of is loaded aside."""
        self._runner.run_query(
            partial(_settings_dialog, self._services),
            on_result=self._show_settings,
            on_error=lambda _: None,
            owner=self,
            key="settings",
        )

    def _show_settings(self, loaded: tuple[type[SettingsDialog], RetentionSettings | None]) -> None:
        make, retention = loaded
        dialog = make(
            self._theme,
            self._keeper.preferences,
            has_tray=Tray.is_available(),
            now=self._clock.now,
            parent=self._window,
        )
        dialog.changed.connect(self._keeper.set_preferences)
        if retention is not None:
            dialog.work_with(retention, OwnedBackground(self._runner, dialog))
        self._open(dialog)

    def open_about(self) -> None:
        """Which program this is, on what."""
        text = self.tr("A console for the people answerable for integrations.")
        details = "\n".join(f"{name}  {value}" for name, value in surroundings())
        decision = Decision(self.tr("About Quarterdeck"), text, self.tr("Close"), details=details)
        self._open(PlainMessage(self._theme, decision, self._window))

    def ask_range(self) -> None:
        """Two instants to show the time between."""
        extent = extent_of(self._conductor.place, self._clock.now())
        dialog = RangeDialog(self._theme, extent, self._window)
        dialog.accepted.connect(lambda: self._conductor.choose_range(dialog.chosen))
        self._open(dialog)

    def use_layout(self, layout: LayoutSpec) -> None:
        """Lay the panels like that."""
        current = layout.columns[0][0]
        self._window.area.arrange(layout.columns, current)
        self._conductor.open_panel(current)
        preferences = self._keeper.preferences
        self._keeper.set_preferences(
            replace(preferences, rail_collapsed=layout.is_bare, inspector_shown=not layout.is_bare)
        )

    def use_own_layout(self, layout: SavedLayout) -> None:
        """Lay the panels as a person once kept them; says so when that does not fit any more."""
        current = self._layouts.use(layout)
        if current:
            self._conductor.open_panel(current)
            return
        self._layouts.remove(layout.name)
        words = self.tr("The layout {name} does not fit any more and was dropped.")
        self._window.notices.show_notice(Notice(words.format(name=layout.name)))

    def save_layout(self) -> None:
        """Ask for a name and keep the present layout under it."""
        decision = Decision(
            title=self.tr("Keep this layout"),
            text=self.tr("It is offered by its name in the command field from then on."),
            accept=self.tr("Keep"),
            refuse=self.tr("Cancel"),
        )
        dialog = PlainMessage(self._theme, decision, self._window)
        name = QLineEdit()
        name.setMaxLength(_LONGEST_NAME)
        name.setAccessibleName(self.tr("Name of the layout"))
        name.setPlaceholderText(self.tr("Name"))
        name.textChanged.connect(lambda: dialog.accept_button.setEnabled(bool(name.text().strip())))
        dialog.accept_button.setEnabled(False)
        dialog.body.addWidget(name)
        dialog.accepted.connect(lambda: self._layouts.save_as(safe_line(name.text().strip())))
        self._open(dialog)
        name.setFocus()

    def _take_services(self, services: ConsoleServices) -> None:
        self._services = services

    def _keep_rail(self, is_collapsed: bool) -> None:
        self._keeper.set_preferences(replace(self._keeper.preferences, rail_collapsed=is_collapsed))

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _settings_dialog(services: ConsoleServices | None) -> tuple[type[SettingsDialog], RetentionSettings | None]:
    """Runs in a worker: it brings numpy with it, which would be felt."""
    from quarterdeck.ui.shell.settings_dialog import SettingsDialog

    return SettingsDialog, services.retention if services is not None else None
