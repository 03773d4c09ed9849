"""The console put together: first what the first picture needs, then the rest, then the store.

Whatever the first picture can do without is imported after it; a window that stands at once is worth that order.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from quarterdeck.domain.health import HealthState
from quarterdeck.services.moments import Moment
from quarterdeck.ui.shell.child_watch import ChildWatch
from quarterdeck.ui.shell.conductor import Conductor
from quarterdeck.ui.shell.console_clock import ConsoleClock
from quarterdeck.ui.shell.feed import Feed
from quarterdeck.ui.shell.first_frame import FirstFrame
from quarterdeck.ui.shell.kept_place import noted
from quarterdeck.ui.shell.layouts import LayoutKeeper
from quarterdeck.ui.shell.navigation import Navigation
from quarterdeck.ui.shell.next_turn import next_turn
from quarterdeck.ui.shell.panel_host import PanelHost
from quarterdeck.ui.shell.panels import PanelContext
from quarterdeck.ui.shell.places import moment_of
from quarterdeck.ui.shell.refresh_schedule import RefreshSchedule
from quarterdeck.ui.shell.store_watch import StoreWatch
from quarterdeck.ui.shell.window import ConsoleWindow
from quarterdeck.ui.shell.window_setup import WindowSetup
from quarterdeck.ui.tasks.owned import OwnedBackground

if TYPE_CHECKING:
    from quarterdeck.services.console import ConsoleServices
    from quarterdeck.ui.shell.furniture import Furniture
    from quarterdeck.ui.shell.pulse import PulsePresenter, PulseState
    from quarterdeck.ui.widgets.actions import ActionRegistry
    from quarterdeck.ui.widgets.panel import PanelView

_PULSE: Final = "pulse"
_PULSE_SECONDS: Final = 10.0
_ENTITY_PANEL: Final = "performance"


class Console(QObject):
    """Made before the event loop, shown at once; the store is opened after the first picture.

    `furnished` comes once everything but the store is there; `quit_requested` when the program should end.
    """

    furnished = Signal()
    quit_requested = Signal()

    def __init__(self, setup: WindowSetup, window: ConsoleWindow | None = None) -> None:
        """`window` is one that stands already, bare."""
        super().__init__()
        self._setup = setup
        self._clock = ConsoleClock(setup.now)
        self.window = window or ConsoleWindow(FirstFrame(setup.theme.tokens))
        self.window.assemble(setup)
        self._navigation = Navigation(setup.first_place, self._clock.now)
        self._schedule = RefreshSchedule(time.monotonic)
        self._feed = Feed(setup.runner, parent=self)
        self._host = PanelHost(setup.theme, self.window.area, setup.panels, setup.runner, self._schedule)
        self.layouts = LayoutKeeper(self.window, self.window.area, setup.keeper)
        self.conductor = self._build_conductor()
        self._watch = StoreWatch(self.window, self._host, session=setup.session, feed=self._feed, clock=self._clock)
        self._children = ChildWatch(
            self.window, upkeep=setup.upkeep, feed=self._feed, runner=setup.runner, clock=self._clock
        )
        self._furniture: Furniture | None = None
        self._pulse: PulsePresenter | None = None
        self._may_pulse = False
        self._is_pulse_planned = False
        self._furnishing = next_turn(self, self._furnish)
        self.window.painted.connect(self._begin)

    @property
    def registry(self) -> ActionRegistry:
        """Every action there is. Raises RuntimeError before the window was painted."""
        if self._furniture is None:
            message = "the window was not painted yet"
            raise RuntimeError(message)
        return self._furniture.registry

    @property
    def is_settled(self) -> bool:
        """Whether every panel that is in sight stands in its place."""
        return self._host.is_settled

    def start(self) -> None:
        """Lay everything as it was, and show the window."""
        self.window.side.set_wanted(is_wanted=self._setup.keeper.preferences.inspector_shown)
        self.conductor.open_panel(self.layouts.restore(self._setup.first_place.panel_id))
        self.conductor.show_all()
        self.window.show()
        for dock in self.window.area.docks():
            dock.lift()

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
        self._furnishing.stop()
        self._host.stop()
        self._remember()
        self._setup.keeper.save_now()
        if self._furniture is not None:
            self._furniture.put_away()
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

    def _begin(self) -> None:
        """The window is on the screen: now everything that takes time, in two turns so that neither is long."""
        self.window.furnish()
        self._furnishing.start()

    def _furnish(self) -> None:
        from quarterdeck.ui.shell.furniture import Furniture

        window, host = self.window, self._host
        self.conductor.furnish()
        furniture = self._furniture = Furniture(
            window,
            self._setup,
            conductor=self.conductor,
            navigation=self._navigation,
            layouts=self.layouts,
            clock=self._clock,
        )
        furniture.open_requested.connect(self.come_to_front)
        furniture.quit_requested.connect(self.quit_requested)
        host.notice_raised.connect(furniture.say)
        self.conductor.remarked.connect(furniture.say)
        host.view_made.connect(self._take_view)
        host.entity_open_requested.connect(self._open_entity)
        host.attention_changed.connect(self._note_attention)
        host.side_page_changed.connect(window.side.set_page)
        window.close_requested.connect(self._close)
        self._feed.ticked.connect(self._tick)
        self._feed.changed.connect(self._schedule.note)
        self._watch.opened.connect(self._attach)
        self._watch.found_again.connect(self.conductor.show_all)
        self.furnished.emit()
        self._feed.start()
        self._setup.session.open()

    def _attach(self, services: ConsoleServices) -> None:
        from quarterdeck.ui.shell.pulse import PulsePresenter

        setup = self._setup
        self._pulse = PulsePresenter(services, OwnedBackground(setup.runner, self), self._show_pulse)
        self._schedule.watch(_PULSE, _PULSE_SECONDS)
        self.conductor.attach(services, self._feed, self._plan_pulse)
        context = PanelContext(setup.theme, lambda owner: OwnedBackground(setup.runner, owner))
        self._children.released.connect(lambda: self._host.attach(services, context))
        self._children.released.connect(lambda: setup.runner.when_calm(self._begin_pulse, owner=self))
        self._children.follow(lambda: services.collector)

    def _tick(self) -> None:
        self._return_from_tray()
        self.conductor.pass_time()
        place = self._navigation.place
        if self._may_pulse and self._schedule.take_due([_PULSE], is_live=place.is_live):
            self._load_pulse(moment_of(place, self._clock.now()))
        self._remember()
        self._setup.keeper.save()

    def _return_from_tray(self) -> None:
        """A window in a tray that has gone could not be reached any more."""
        if self.window.isHidden() and self._furniture is not None and not self._furniture.stays_in_tray:
            self.window.show()

    def _remember(self) -> None:
        self.layouts.remember()
        """Every second, for a second is all that a sudden end may cost. Where nothing moved, nothing is written."""
        keeper = self._setup.keeper
        memory = noted(keeper.memory, self._navigation.place)
        if not self.window.side.isHidden():
            memory = replace(memory, inspector_width=self.window.side.width())
        keeper.remember(memory)

    def _load_pulse(self, moment: Moment) -> None:
        if self._pulse is not None and self._may_pulse:
            self._pulse.load(moment)

    def _show_pulse(self, pulse: PulseState) -> None:
        for attention in pulse.attention:
            self.window.rail.set_attention(attention.panel_id, attention.count, attention.worst)
        if self._furniture is not None:
            self._furniture.show_pulse(pulse)

    def _begin_pulse(self) -> None:
        """What is in sight has been read: now the counts in the rail, then what the command field needs."""
        self._may_pulse = True
        self._load_pulse(moment_of(self._navigation.place, self._clock.now()))
        self._setup.runner.when_calm(self._prepare_palette, owner=self)

    def _plan_pulse(self, _moment: Moment) -> None:
        """People look at what they moved to before they look at the rail: it is counted once that has been read."""
        if self._may_pulse and not self._is_pulse_planned:
            self._is_pulse_planned = True
            self._setup.runner.when_calm(self._catch_up, owner=self)

    def _catch_up(self) -> None:
        self._is_pulse_planned = False
        self._load_pulse(moment_of(self._navigation.place, self._clock.now()))

    def _prepare_palette(self) -> None:
        from quarterdeck.ui.shell.palette_ranking import prepare

        self._setup.runner.run_query(
            prepare, on_result=lambda _: None, on_error=lambda _: None, owner=self, key="prepare the palette"
        )

    def _take_view(self, panel_id: str, view: PanelView) -> None:
        if self._furniture is not None:
            self._furniture.take_view(panel_id, view)
        if self._navigation.place.panel_id == panel_id:
            self.conductor.show_all()
            self._host.focus(panel_id)

    def _open_entity(self, entity_key: str) -> None:
        self.conductor.open_panel(_ENTITY_PANEL, entity_key)

    def _note_attention(self, panel_id: str, count: int, worst: str) -> None:
        self.window.rail.set_attention(panel_id, count, HealthState(worst or HealthState.HEALTHY))

    def _close(self) -> None:
        """Into the tray where there is one and the person wants that, at the present it tells of; else the end."""
        if self._furniture is not None and self._furniture.stays_in_tray:
            self.conductor.go_live()
            self.window.hide()
        else:
            self.quit_requested.emit()
