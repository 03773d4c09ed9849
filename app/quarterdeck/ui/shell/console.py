"""The console put together: the window, what moves it, what feeds it, and what is left of it outside."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.services.moments import Moment
from quarterdeck.ui.shell.commands import CommandTargets, add_commands
from quarterdeck.ui.shell.conductor import Conductor
from quarterdeck.ui.shell.console_clock import ConsoleClock
from quarterdeck.ui.shell.deeds import Deeds
from quarterdeck.ui.shell.feed import Feed
from quarterdeck.ui.shell.layouts import LAYOUTS, LayoutKeeper, LayoutSpec, fitting
from quarterdeck.ui.shell.navigation import Navigation
from quarterdeck.ui.shell.palette_control import PaletteControl
from quarterdeck.ui.shell.palette_ranking import prepare
from quarterdeck.ui.shell.panel_host import PanelHost
from quarterdeck.ui.shell.panels import PanelContext
from quarterdeck.ui.shell.places import Rolling, moment_of
from quarterdeck.ui.shell.pulse import PulsePresenter, PulseState
from quarterdeck.ui.shell.refresh_schedule import RefreshSchedule
from quarterdeck.ui.shell.store_watch import StoreWatch
from quarterdeck.ui.shell.tray import Tray
from quarterdeck.ui.shell.window import SETTINGS_ENTRY, ConsoleWindow, WindowSetup
from quarterdeck.ui.tasks.owned import OwnedBackground
from quarterdeck.ui.widgets.actions import ActionRegistry
from quarterdeck.ui.widgets.notices import Notice
from quarterdeck.ui.widgets.panel import PanelView

if TYPE_CHECKING:
    from quarterdeck.services.console import ConsoleServices

_PULSE: Final = "pulse"
_PULSE_SECONDS: Final = 10.0
_REMEMBER_TICKS: Final = 5
_SILENT_PULSES: Final = 2


class Console(QObject):
    """Made before the event loop, shown at once; the store is opened after the first picture.

    `quit_requested` comes when the program should end.
    """

    quit_requested = Signal()

    def __init__(self, setup: WindowSetup) -> None:
        super().__init__()
        self._setup = setup
        self._clock = ConsoleClock(setup.now)
        self.window = ConsoleWindow(setup)
        self.registry = ActionRegistry(setup.theme, self.window)
        self._navigation = Navigation(setup.first_place, self._clock.now)
        self._schedule = RefreshSchedule(time.monotonic)
        self._feed = Feed(setup.runner, parent=self)
        self._host = PanelHost(setup.theme, self.window.area, setup.panels, setup.runner, self._schedule)
        self.layouts = LayoutKeeper(self.window, self.window.area, setup.keeper)
        self._conductor = self._build_conductor()
        self._deeds = self._build_deeds()
        self._palette = PaletteControl(
            self.window,
            self.registry,
            panels=setup.panels,
            conductor=self._conductor,
            deeds=self._deeds,
            keeper=setup.keeper,
        )
        self._watch = StoreWatch(self.window, self._host, session=setup.session, feed=self._feed, clock=self._clock)
        self._pulse: PulsePresenter | None = None
        self._tray: Tray | None = None
        self._ticks = 0
        self._silent_pulses = 0
        add_commands(self.registry, self._targets(), setup.panels, self._fitting_layouts())
        self._listen()

    @property
    def conductor(self) -> Conductor:
        """What moves the console."""
        return self._conductor

    def start(self) -> None:
        """Lay everything as it was, and show the window."""
        current = self.layouts.restore(self._setup.first_place.panel_id)
        self._conductor.open_panel(current)
        self._deeds.apply(self._setup.keeper.preferences)
        self._conductor.show_all()
        self.window.show()

    def come_to_front(self) -> None:
        """Show the window above the others."""
        if self.window.isMinimized():
            self.window.showNormal()
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def end(self) -> None:
        """Keep what is to be kept, and close the window for good. The workers are joined by whoever made them."""
        self._feed.stop()
        self._remember()
        self._setup.keeper.save()
        if self._tray is not None:
            self._tray.set_shown(is_shown=False)
        self.window.close_for_good()

    def _build_conductor(self) -> Conductor:
        return Conductor(
            self.window,
            self._host,
            navigation=self._navigation,
            clock=self._clock,
            schedule=self._schedule,
            runner=self._setup.runner,
            titles={spec.id: spec.shown_title for spec in self._setup.panels},
        )

    def _build_deeds(self) -> Deeds:
        return Deeds(
            self.window,
            self._setup.theme,
            keeper=self._setup.keeper,
            layouts=self.layouts,
            conductor=self._conductor,
            clock=self._clock,
            registry=self.registry,
        )

    def _targets(self) -> CommandTargets:
        conductor, deeds, navigation = self._conductor, self._deeds, self._navigation
        return CommandTargets(
            open_palette=self._palette.open,
            open_panel=conductor.open_panel,
            open_beside=self._open_beside,
            back=navigation.back,
            forward=navigation.forward,
            zoom_back=conductor.zoom_back,
            go_live=conductor.go_live,
            choose_range=conductor.choose_range,
            ask_range=deeds.ask_range,
            toggle_inspector=deeds.toggle_inspector,
            toggle_rail=deeds.toggle_rail,
            show_keys=deeds.show_keys,
            open_settings=deeds.open_settings,
            open_about=deeds.open_about,
            choose_theme=deeds.choose_theme,
            use_layout=deeds.use_layout,
            save_layout=deeds.save_layout,
            quit=self.quit_requested.emit,
        )

    def _fitting_layouts(self) -> tuple[LayoutSpec, ...]:
        return fitting(LAYOUTS, [spec.id for spec in self._setup.panels])

    def _listen(self) -> None:
        window, host = self.window, self._host
        window.painted.connect(self._begin)
        window.close_requested.connect(self._close)
        window.rail.entry_chosen.connect(self._choose_entry)
        window.rail.beside_requested.connect(self._open_beside)
        host.view_made.connect(self._take_view)
        host.entity_open_requested.connect(self._open_entity)
        host.notice_raised.connect(self._say)
        host.attention_changed.connect(self._note_attention)
        host.side_page_changed.connect(window.side.set_page)
        self._feed.ticked.connect(self._tick)
        self._feed.changed.connect(self._schedule.note)
        self._watch.opened.connect(self._attach)
        self._watch.found_again.connect(self._conductor.show_all)
        self._setup.session.collector_failed.connect(self._explain)
        self._setup.session.collector_failed.connect(window.rail.collector_line.allow_again)
        window.rail.collector_line.start_requested.connect(self._setup.session.start_collector)
        self._setup.keeper.write_failed.connect(self._explain)
        self._setup.keeper.preferences_changed.connect(self._fit_tray)

    def _begin(self) -> None:
        """The window is on the screen: now everything that takes time."""
        self._feed.start()
        self._setup.session.open()
        self._fit_tray()
        if self._setup.keeper.remark:
            self._say(self._setup.keeper.remark)

    def _attach(self, services: ConsoleServices) -> None:
        setup = self._setup
        self._pulse = PulsePresenter(services, OwnedBackground(setup.runner, self), self._show_pulse)
        self._schedule.watch(_PULSE, _PULSE_SECONDS)
        self._conductor.attach(services, self._load_pulse)
        self._host.attach(PanelContext(services, setup.theme, lambda owner: OwnedBackground(setup.runner, owner)))
        setup.session.start_collector()
        setup.runner.run_query(prepare, on_result=lambda _: None, on_error=self._explain, owner=self, key="prepare")

    def _tick(self) -> None:
        self._ticks += 1
        self._conductor.pass_time()
        place = self._navigation.place
        if self._schedule.take_due([_PULSE], is_live=place.is_live):
            self._load_pulse(moment_of(place, self._clock.now()))
        if self._ticks % _REMEMBER_TICKS == 0:
            self._remember()
            self._setup.keeper.save()

    def _remember(self) -> None:
        self.layouts.remember()
        keeper, place = self._setup.keeper, self._navigation.place
        memory = replace(keeper.memory, panel_id=place.panel_id)
        if isinstance(place.extent, Rolling):
            memory = replace(memory, range_seconds=place.extent.seconds)
        if not self.window.side.isHidden():
            memory = replace(memory, inspector_width=self.window.side.width())
        keeper.remember(memory)

    def _load_pulse(self, moment: Moment) -> None:
        if self._pulse is not None:
            self._pulse.load(moment)

    def _show_pulse(self, pulse: PulseState) -> None:
        self._palette.set_findables(pulse.findables)
        for attention in pulse.attention:
            self.window.rail.set_attention(attention.panel_id, attention.count, attention.worst)
        if self._tray is not None:
            self._tray.show_state(pulse.worst)
        self._show_collection(pulse)

    def _show_collection(self, pulse: PulseState) -> None:
        """Say that nobody collects once that was so twice: at the start the collector needs a moment."""
        line = self.window.rail.collector_line
        self._silent_pulses = 0 if pulse.is_collecting else self._silent_pulses + 1
        if self._silent_pulses == 0:
            line.hide_silence()
        elif self._silent_pulses >= _SILENT_PULSES:
            line.show_silence(pulse.collector_heard_at, self._clock.now())

    def _take_view(self, panel_id: str, view: PanelView) -> None:
        slot = self.window.top_bar.take_controls(panel_id, view.bar_widgets())
        for action in view.panel_actions():
            slot.addAction(self.registry.add(action.spec, action.run, widget=view))
        place = self._navigation.place
        if place.panel_id == panel_id:
            self._conductor.show_all()
            self._host.focus(panel_id)

    def _choose_entry(self, entry_id: str) -> None:
        if entry_id == SETTINGS_ENTRY:
            self._deeds.open_settings()
        else:
            self._conductor.open_panel(entry_id)

    def _open_beside(self, panel_id: str) -> None:
        if panel_id != SETTINGS_ENTRY:
            self.window.area.open_beside(panel_id)

    def _open_entity(self, entity_key: str) -> None:
        self._conductor.open_panel("performance", entity_key)

    def _note_attention(self, panel_id: str, count: int, worst: str) -> None:
        self.window.rail.set_attention(panel_id, count, HealthState(worst or HealthState.HEALTHY))

    def _say(self, text: str) -> None:
        self.window.notices.show_notice(Notice(text))

    def _explain(self, error: OperatorError) -> None:
        self.window.notices.show_notice(Notice(str(error), HealthState.DEGRADED))

    def _fit_tray(self) -> None:
        is_wanted = self._setup.keeper.preferences.tray_shown and Tray.is_available()
        if is_wanted and self._tray is None:
            self._tray = Tray(self._setup.theme, self._setup.title, self)
            self._tray.open_requested.connect(self.come_to_front)
            self._tray.quit_requested.connect(self.quit_requested)
        if self._tray is not None:
            self._tray.set_shown(is_shown=is_wanted)

    def _close(self) -> None:
        """Into the tray where there is one and the person wants that; else the end."""
        if self._tray is not None and self._tray.is_shown and self._setup.keeper.preferences.stays_in_tray:
            self.window.hide()
        else:
            self.quit_requested.emit()
