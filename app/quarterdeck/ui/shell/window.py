"""The window's frame: rail, top bar, page, inspector and time lens, put together and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.shell.banner import ChildBanner, RowsBanner, StoreBanner
from quarterdeck.ui.shell.dock_area import DockArea
from quarterdeck.ui.shell.keeper import Keeper
from quarterdeck.ui.shell.next_turn import next_turn
from quarterdeck.ui.shell.panels import PanelSpec
from quarterdeck.ui.shell.places import Place, extent_of, window_of
from quarterdeck.ui.shell.rail import Rail, RailEntry
from quarterdeck.ui.shell.range_button import RangeButton
from quarterdeck.ui.shell.side_area import SideArea
from quarterdeck.ui.shell.store_session import StoreSession
from quarterdeck.ui.shell.time_lens import LensView, TimeLens
from quarterdeck.ui.shell.top_bar import TopBar
from quarterdeck.ui.shell.tray import TrayPlace
from quarterdeck.ui.shell.upkeep import Upkeep
from quarterdeck.ui.shell.window_place import first_size
from quarterdeck.ui.tasks.runner import TaskRunner
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.cards import hairline
from quarterdeck.ui.widgets.text import safe_line

if TYPE_CHECKING:
    from quarterdeck.ui.shell.command_palette import CommandPalette
    from quarterdeck.ui.shell.inspector.view import InspectorView
    from quarterdeck.ui.widgets.notices import NoticeBar

SETTINGS_ENTRY: Final = "settings"
COMMAND_KEY: Final = "Ctrl+K"
_PROGRAM: Final = "Quarterdeck"
_LEAST_SIZE: Final = (900, 560)


@dataclass(frozen=True, slots=True)
class WindowSetup:
    """Everything the window is made from.

    `now` is the clock until the store's own is known.
    """

    theme: Theme
    runner: TaskRunner
    session: StoreSession
    upkeep: Upkeep
    keeper: Keeper
    panels: Sequence[PanelSpec]
    now: Callable[[], datetime]
    title: str
    subtitle: str
    first_place: Place
    tray: TrayPlace = field(default_factory=TrayPlace)


class ConsoleWindow(QFrame):
    """The parts are public: the conductor plays them. `painted` comes once, after the first picture.

    What the first picture does not need (`inspector`, `palette_sheet`, `notices`) exists once `furnish` was called.

    `close_requested` comes instead of closing; whoever hears it decides between the tray and the end.
    `escape_pressed` comes for an Esc that nothing inside wanted.
    """

    inspector: InspectorView
    palette_sheet: CommandPalette
    notices: NoticeBar
    painted = Signal()
    close_requested = Signal()
    escape_pressed = Signal()
    resized = Signal()

    def __init__(self, setup: WindowSetup) -> None:
        super().__init__()
        theme = self._theme = setup.theme
        self.setProperty("kind", "page")
        self.setWindowTitle(window_title(setup.title))
        self.setMinimumSize(*_LEAST_SIZE)
        self._was_painted = False
        self._painting = next_turn(self, self.painted.emit)
        self._may_close = False
        entries = [*map(_entry, setup.panels), _settings_entry(self)]
        self.rail = Rail(theme, entries, is_collapsed=setup.keeper.preferences.rail_collapsed)
        self.range_button = RangeButton(theme)
        self.top_bar = TopBar(theme, self.range_button, COMMAND_KEY)
        self.banner = StoreBanner(theme)
        self.rows_banner = RowsBanner(theme)
        self.child_banner = ChildBanner(theme)
        self.area = DockArea(theme, [(spec.id, spec.shown_title) for spec in setup.panels])
        self.side = SideArea()
        self.lens = TimeLens(theme, lens_view(setup.first_place, setup.now()))
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self._build()
        self.rail.set_workspace(setup.title, setup.subtitle)
        self.resize(first_size(self.screen().availableGeometry().size()))
        self.split.setSizes([self.width(), setup.keeper.memory.inspector_width])

    def furnish(self) -> None:
        """Make the parts that the first picture did not need."""
        from quarterdeck.ui.shell.command_palette import CommandPalette
        from quarterdeck.ui.shell.inspector.view import InspectorView
        from quarterdeck.ui.widgets.notices import NoticeBar

        self.inspector = InspectorView(self._theme)
        self.side.set_inspector(self.inspector)
        self.palette_sheet = CommandPalette(self._theme, self)
        self.notices = NoticeBar(self._theme, self.area)
        self.resized.connect(self.palette_sheet.close_palette)

    def close_for_good(self) -> None:
        """Close without asking anybody."""
        self._may_close = True
        self._painting.stop()
        self.area.let_go()
        self.close()

    def _build(self) -> None:
        self.split.setHandleWidth(1)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.area)
        self.split.addWidget(self.side)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 0)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addWidget(self.banner)
        column.addWidget(self.rows_banner)
        column.addWidget(self.child_banner)
        column.addWidget(self.split, 1)
        column.addWidget(self.lens)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(hairline(vertical=True))
        row.addLayout(column, 1)
        for before, after in ((self.rail, self.top_bar), (self.top_bar, self.area), (self.area, self.lens)):
            QWidget.setTabOrder(before, after)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            # This is the frame only; the parts inside are painted before the loop turns again.
            self._painting.start()

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escape_pressed.emit()
        else:
            super().keyPressEvent(event)

    @override
    def closeEvent(self, event: QCloseEvent, /) -> None:
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()


def lens_view(place: Place, now: datetime) -> LensView:
    """What the lens shows of a place."""
    return LensView(extent_of(place, now), window_of(place, now), place.at or now, is_live=place.is_live)


def window_title(workspace: str) -> str:
    """What the desktop calls the window: the workspace and the program, once where both are called alike."""
    return _PROGRAM if workspace == _PROGRAM else safe_line(f"{workspace} – {_PROGRAM}")


def _entry(spec: PanelSpec) -> RailEntry:
    return RailEntry(spec.id, spec.shown_title, spec.icon, spec.key, is_lower=spec.is_lower)


def _settings_entry(window: QWidget) -> RailEntry:
    return RailEntry(SETTINGS_ENTRY, window.tr("Settings"), "gear", "Ctrl+,", is_lower=True)
