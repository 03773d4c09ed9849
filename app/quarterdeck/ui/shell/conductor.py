"""Keeps every part of the window at the same place and moment, and takes their wishes to move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.moments import Moment
from quarterdeck.ui.shell.console_clock import ConsoleClock
from quarterdeck.ui.shell.feed import Feed
from quarterdeck.ui.shell.navigation import Navigation
from quarterdeck.ui.shell.panel_host import PanelHost
from quarterdeck.ui.shell.places import (
    Place,
    RangeChoice,
    extent_of,
    live,
    moment_of,
    unzoomed,
    with_play_head,
    with_range,
    zoomed,
)
from quarterdeck.ui.shell.refresh_schedule import Due, RefreshSchedule
from quarterdeck.ui.shell.time_words import moment_words
from quarterdeck.ui.shell.window import ConsoleWindow
from quarterdeck.ui.shell.window_parts import lens_view
from quarterdeck.ui.tasks.owned import OwnedBackground
from quarterdeck.ui.tasks.runner import TaskRunner

if TYPE_CHECKING:
    from quarterdeck.services.console import ConsoleServices
    from quarterdeck.ui.shell.inspector.presenter import InspectorPresenter
    from quarterdeck.ui.shell.lens_strip import LensPresenter

_LENS: Final = "lens"
_INSPECTOR: Final = "inspector"
_FRAME_SECONDS: Final = 5.0
_LENS_TOPICS: Final = frozenset({"states", "estate"})
_ENTITY_SEPARATOR: Final = "/"
_LEAST_MOVE_PIXELS: Final = 0.5


class Conductor(QObject):
    """Moves happen in the Navigation only; everything on the screen follows from its place and the clock.

    `remarked` carries words about a move that did more than was asked for.
    """

    remarked = Signal(str)

    def __init__(
        self,
        window: ConsoleWindow,
        host: PanelHost,
        *,
        navigation: Navigation,
        clock: ConsoleClock,
        schedule: RefreshSchedule,
        runner: TaskRunner,
        titles: dict[str, str],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._host = host
        self._navigation = navigation
        self._clock = clock
        self._schedule = schedule
        self._runner = runner
        self._titles = titles
        self._lens: LensPresenter | None = None
        self._inspector: InspectorPresenter | None = None
        self._lens_shown_at = clock.now()
        self._on_moment: Callable[[Moment], None] | None = None
        navigation.subscribe(self._follow)
        self._listen()

    @property
    def place(self) -> Place:
        """Where the console is."""
        return self._navigation.place

    def furnish(self) -> None:
        """Listen to the inspector too, which is made after the first picture."""
        inspector = self._window.inspector
        inspector.entity_selected.connect(self.select)
        inspector.retry_requested.connect(self._reload_inspector)
        inspector.claims_requested.connect(partial(self.open_panel, "claims"))
        inspector.ledger_requested.connect(partial(self.open_panel, "objectives"))
        inspector.range_requested.connect(self._zoom)
        inspector.play_head_requested.connect(self._move_play_head)

    def attach(self, services: ConsoleServices, feed: Feed, on_moment: Callable[[Moment], None]) -> None:
        """The store is open: read for the lens and the inspector too; `on_moment` hears of moments people choose."""
        from quarterdeck.ui.shell.inspector.presenter import InspectorPresenter
        from quarterdeck.ui.shell.lens_strip import LensPresenter

        self._clock.follow(services.clock.now)
        window = self._window
        background = OwnedBackground(self._runner, window.lens)
        self._lens = LensPresenter(lambda: services.lens, background, window.lens.show_strip)
        self._inspector = InspectorPresenter(
            lambda: services.inspector, OwnedBackground(self._runner, window.inspector), window.inspector
        )
        window.inspector.series_wanted.connect(self._want_series)
        window.inspector.series_chosen.connect(self._inspector.chart)
        self._want_series()
        feed.lost.connect(self._lose_lens)
        feed.found_again.connect(self._find_lens)
        self._on_moment = on_moment
        for name in (_LENS, _INSPECTOR):
            self._schedule.watch(name, _FRAME_SECONDS)
        self.show_all()

    def pass_time(self) -> None:
        """A second went by: move what is live, and refresh what is due."""
        place, now = self.place, self._clock.now()
        if place.is_live:
            self._host.pass_time(moment_of(place, now))
            self._move_lens(now)
        names = (*self._window.area.visible_panels(), _LENS, _INSPECTOR)
        due = self._schedule.take_due(names, is_live=place.is_live)
        if due:
            self._refresh(due, moment_of(place, now))

    def show_all(self) -> None:
        """Show the current place everywhere."""
        place, now, window = self.place, self._clock.now(), self._window
        window.rail.set_current(place.panel_id)
        window.top_bar.show_panel(place.panel_id, self._titles.get(place.panel_id, ""))
        window.top_bar.show_live(is_live=place.is_live, words=self._play_head_words(place, now))
        window.range_button.show_range(place.extent, extent_of(place, now), now)
        window.side.set_selection(has_selection=bool(place.entity_key))
        window.side.show_for(place.panel_id)
        window.lens.show_view(lens_view(place, now))
        moment = moment_of(place, now)
        self._host.show(moment, place.entity_key)
        self._load_lens(now)
        self._load_inspector(moment)
        if self._on_moment is not None:
            self._on_moment(moment)

    def go_live(self) -> None:
        """Put the play-head back on the present."""
        self._navigation.go(live(self.place, self._clock.now()))

    def zoom_back(self) -> None:
        """Take back the last zoom."""
        self._navigation.go(unzoomed(self.place))

    def choose_range(self, choice: RangeChoice) -> None:
        """Show another whole range."""
        self._navigation.go(with_range(self.place, choice, self._clock.now()))

    def open_panel(self, panel_id: str, target: str = "") -> None:
        """Bring a panel to the front; a target that is an entity is selected as well."""
        if panel_id not in self._titles:
            return
        place = replace(self.place, panel_id=panel_id)
        if _ENTITY_SEPARATOR in target:
            place = replace(place, entity_key=target)
        self._navigation.go(place)
        self._window.area.open_panel(panel_id)
        self._host.focus(panel_id)
        if target:
            self._host.show_target(panel_id, target)

    def open_beside(self, panel_id: str) -> None:
        """Open a panel to the right of the current one; it is the current one then."""
        self._window.area.open_beside(panel_id)
        self._host.focus(panel_id)

    def select(self, entity_key: str) -> None:
        """Select an entity everywhere."""
        self._navigation.go(replace(self.place, entity_key=entity_key))

    def _listen(self) -> None:
        window, host = self._window, self._host
        window.area.current_changed.connect(self._follow_area)
        window.range_button.range_chosen.connect(self.choose_range)
        window.top_bar.live_requested.connect(self.go_live)
        window.escape_pressed.connect(self.zoom_back)
        window.lens.play_head_moved.connect(self._move_play_head)
        window.lens.window_chosen.connect(self._zoom)
        window.lens.live_requested.connect(self.go_live)
        window.lens.reset_requested.connect(self._reset_zoom)
        window.lens.bars_changed.connect(self._reload_bars)
        window.side.shown_changed.connect(self._reload_inspector)
        host.entity_selected.connect(self.select)
        host.panel_requested.connect(self.open_panel)
        host.range_requested.connect(self._zoom)
        host.play_head_requested.connect(self._move_play_head)

    def _follow(self, before: Place, after: Place) -> None:
        if after.panel_id not in {before.panel_id, self._window.area.current}:
            self._window.area.open_panel(after.panel_id)
        self.show_all()

    def _follow_area(self, panel_id: str) -> None:
        self._navigation.go(replace(self.place, panel_id=panel_id))

    def _move_play_head(self, at: datetime) -> None:
        self._navigation.go(with_play_head(self.place, at, self._clock.now()))

    def _zoom(self, time_range: TimeRange) -> None:
        """A part of the range that does not reach to the present takes the console there: that is said."""
        was_live, now = self.place.is_live, self._clock.now()
        self._navigation.go(zoomed(self.place, time_range, now))
        if was_live and self.place.at is not None:
            words = self.tr("Not live any more: every panel shows {time}. L goes back to live.")
            self.remarked.emit(words.format(time=moment_words(self.place.at, now)))

    def _reset_zoom(self) -> None:
        place = self.place
        while place.zooms:
            place = unzoomed(place)
        self._navigation.go(place)

    def _play_head_words(self, place: Place, now: datetime) -> str:
        if place.at is None:
            return ""
        return self.tr("As of {time}").format(time=moment_words(place.at, now))

    def _move_lens(self, now: datetime) -> None:
        """Move the play-head's picture once it would lie half a pixel further."""
        pixel_seconds = extent_of(self.place, now).seconds / max(1, self._window.lens.width())
        if (now - self._lens_shown_at).total_seconds() >= pixel_seconds * _LEAST_MOVE_PIXELS:
            self._lens_shown_at = now
            self._window.lens.show_view(lens_view(self.place, now))

    def _refresh(self, due: Sequence[Due], moment: Moment) -> None:
        topics = {entry.name: entry.topics for entry in due}
        if _LENS in topics:
            self._load_lens(self._clock.now(), anew=bool(topics[_LENS] & _LENS_TOPICS))
        if _INSPECTOR in topics:
            self._load_inspector(moment)
        self._host.refresh([entry for entry in due if entry.name not in {_LENS, _INSPECTOR}])

    def _load_lens(self, now: datetime, *, anew: bool = False) -> None:
        if self._lens is None:
            return
        load = self._lens.reload if anew else self._lens.show
        load(extent_of(self.place, now), self._window.lens.bars)

    def _lose_lens(self) -> None:
        if self._lens is not None:
            self._lens.lose(self._clock.now())

    def _find_lens(self) -> None:
        if self._lens is not None:
            self._lens.find()
            self._load_lens(self._clock.now())

    def _reload_bars(self) -> None:
        self._load_lens(self._clock.now())

    def _load_inspector(self, moment: Moment) -> None:
        if self._inspector is not None and self._window.side.is_inspector_shown:
            self._inspector.show(self.place.entity_key, moment)

    def _want_series(self) -> None:
        if self._inspector is not None:
            self._inspector.want_series(wanted=self._window.inspector.wants_series)

    def _reload_inspector(self) -> None:
        self._load_inspector(moment_of(self.place, self._clock.now()))
