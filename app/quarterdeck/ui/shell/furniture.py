"""What the window gets after its first picture: actions and keys, the palette, the dialogs, the tray."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.maintenance_scope import MaintenanceScope
from quarterdeck.ui.shell.commands import CommandTargets, add_commands
from quarterdeck.ui.shell.conductor import Conductor
from quarterdeck.ui.shell.console_clock import ConsoleClock
from quarterdeck.ui.shell.deeds import Deeds
from quarterdeck.ui.shell.estate_import import EstateImport
from quarterdeck.ui.shell.health_news import HealthNews
from quarterdeck.ui.shell.layouts import LAYOUTS, LayoutKeeper, fitting
from quarterdeck.ui.shell.navigation import Navigation
from quarterdeck.ui.shell.palette_control import PaletteControl
from quarterdeck.ui.shell.pulse import PulseState
from quarterdeck.ui.shell.tray import Tray
from quarterdeck.ui.shell.window import ConsoleWindow
from quarterdeck.ui.shell.window_parts import SETTINGS_ENTRY
from quarterdeck.ui.shell.window_setup import WindowSetup
from quarterdeck.ui.widgets.actions import ActionRegistry
from quarterdeck.ui.widgets.notices import Notice
from quarterdeck.ui.widgets.panel import PanelView

_MAINTENANCE: Final = "maintenance"
_PLAN: Final = "plan?"


class Furniture(QObject):
    """`open_requested` and `quit_requested` come from commands and from the tray."""

    open_requested = Signal()
    quit_requested = Signal()

    def __init__(
        self,
        window: ConsoleWindow,
        setup: WindowSetup,
        *,
        conductor: Conductor,
        navigation: Navigation,
        layouts: LayoutKeeper,
        clock: ConsoleClock,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._setup = setup
        self._conductor = conductor
        self._navigation = navigation
        self._tray: Tray | None = None
        self._news = HealthNews()
        self.registry = ActionRegistry(setup.theme, window)
        self._deeds = Deeds(
            window,
            setup.theme,
            keeper=setup.keeper,
            layouts=layouts,
            conductor=conductor,
            clock=clock,
            registry=self.registry,
            runner=setup.runner,
            session=setup.session,
        )
        self._import = EstateImport(window, setup.theme, setup.runner, setup.session)
        self._palette = PaletteControl(
            window,
            self.registry,
            panels=setup.panels,
            conductor=conductor,
            deeds=self._deeds,
            keeper=setup.keeper,
        )
        self._furnish()

    def take_view(self, panel_id: str, view: PanelView) -> None:
        """Put a new panel's controls into the top bar and its actions among the others."""
        slot = self._window.top_bar.take_controls(panel_id, view.bar_widgets())
        for action in view.panel_actions():
            slot.addAction(self.registry.add(action.spec, action.run, widget=view))

    def show_pulse(self, pulse: PulseState) -> None:
        """Offer what can be found. The tray speaks of the present, and of news while nobody looks at the window."""
        self._palette.set_findables(pulse.findables)
        if not pulse.is_present:
            return
        news = self._news.take(pulse.integrations)
        if self._tray is not None:
            self._tray.show_state(pulse.worst)
            if news and self._tray.is_shown and not self._window.isActiveWindow():
                self._tray.tell(news)

    def choose_entry(self, entry_id: str) -> None:
        """Open what was chosen in the rail."""
        if entry_id == SETTINGS_ENTRY:
            self._deeds.open_settings()
        else:
            self._conductor.open_panel(entry_id)

    def open_beside(self, panel_id: str) -> None:
        """Open a panel beside the current one."""
        if panel_id != SETTINGS_ENTRY:
            self._conductor.open_beside(panel_id)

    def plan_maintenance(self) -> None:
        """Open the form that plans maintenance, of what is selected where anything is."""
        key = self._conductor.place.entity_key
        self._conductor.open_panel(_MAINTENANCE, _PLAN + MaintenanceScope((key,) if key else ()).written())

    def say(self, text: str) -> None:
        """Say something at the foot of the window."""
        self._window.notices.show_notice(Notice(text))

    def explain(self, error: OperatorError) -> None:
        """Say what went wrong and the next step."""
        self._window.notices.show_notice(Notice(str(error), HealthState.DEGRADED))

    @property
    def stays_in_tray(self) -> bool:
        """Whether closing the window leaves it in the tray: never where the tray itself has gone."""
        is_there = self._tray is not None and self._tray.is_shown and self._setup.tray.is_there()
        return is_there and self._setup.keeper.preferences.stays_in_tray

    def put_away(self) -> None:
        """Take the icon out of the tray: the program ends."""
        if self._tray is not None:
            self._tray.set_shown(is_shown=False)

    def _furnish(self) -> None:
        setup, window = self._setup, self._window
        add_commands(self.registry, self._targets(), setup.panels, fitting(LAYOUTS, [spec.id for spec in setup.panels]))
        window.rail.entry_chosen.connect(self.choose_entry)
        window.rail.beside_requested.connect(self.open_beside)
        window.inspector.maintenance_requested.connect(self.plan_maintenance)
        window.range_button.custom_requested.connect(self._deeds.ask_range)
        setup.keeper.write_failed.connect(self.explain)
        setup.keeper.preferences_changed.connect(self._fit_tray)
        self._deeds.apply(setup.keeper.preferences)
        self._fit_tray()
        if setup.keeper.remark:
            self.say(setup.keeper.remark)

    def _targets(self) -> CommandTargets:
        conductor, deeds, navigation = self._conductor, self._deeds, self._navigation
        end: Callable[[], None] = self.quit_requested.emit
        return CommandTargets(
            open_palette=self._palette.open,
            open_panel=conductor.open_panel,
            open_beside=self.open_beside,
            back=navigation.back,
            forward=navigation.forward,
            zoom_back=conductor.zoom_back,
            go_live=conductor.go_live,
            choose_range=conductor.choose_range,
            ask_range=deeds.ask_range,
            plan_maintenance=self.plan_maintenance,
            toggle_inspector=deeds.toggle_inspector,
            toggle_rail=deeds.toggle_rail,
            show_keys=deeds.show_keys,
            open_settings=deeds.open_settings,
            import_estate=self._import.open,
            open_about=deeds.open_about,
            choose_theme=deeds.choose_theme,
            use_layout=deeds.use_layout,
            save_layout=deeds.save_layout,
            quit=end,
        )

    def _fit_tray(self) -> None:
        is_wanted = self._setup.keeper.preferences.tray_shown and self._setup.tray.is_there()
        if is_wanted and self._tray is None:
            self._tray = Tray(self._setup.theme, self._setup.title, self, self._setup.tray)
            self._tray.open_requested.connect(self.open_requested)
            self._tray.quit_requested.connect(self.quit_requested)
        if self._tray is not None:
            self._tray.set_shown(is_shown=is_wanted)
