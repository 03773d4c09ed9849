"""The window: it stands at once, as a bare frame, and takes its parts in when they have been loaded.

Nothing but Qt is loaded with this module; what its parts need is loaded when they are made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSplitter
from typing_extensions import override

from quarterdeck.ui.shell.next_turn import next_turn

if TYPE_CHECKING:
    from quarterdeck.ui.shell.banner import ChildBanner, RowsBanner, StoreBanner
    from quarterdeck.ui.shell.command_palette import CommandPalette
    from quarterdeck.ui.shell.dock_area import DockArea
    from quarterdeck.ui.shell.first_frame import FirstFrame
    from quarterdeck.ui.shell.inspector.view import InspectorView
    from quarterdeck.ui.shell.rail import Rail
    from quarterdeck.ui.shell.range_button import RangeButton
    from quarterdeck.ui.shell.side_area import SideArea
    from quarterdeck.ui.shell.time_lens import TimeLens
    from quarterdeck.ui.shell.top_bar import TopBar
    from quarterdeck.ui.shell.window_setup import WindowSetup
    from quarterdeck.ui.theme.theme import Theme
    from quarterdeck.ui.widgets.notices import NoticeBar

_PROGRAM: Final = "Quarterdeck"
_LEAST_SIZE: Final = (900, 560)


class ConsoleWindow(QFrame):
    """The parts are public: the conductor plays them.

    They exist once `assemble` was called, and what the picture does not need at first (`inspector`, `palette_sheet`,
    `notices`) once `furnish` was.

    `appeared` comes once, after the bare frame was painted, where it is shown before its parts are there; `painted`
    once, after the first picture with its parts.
    `close_requested` comes instead of closing; whoever hears it decides between the tray and the end.
    `escape_pressed` comes for an Esc that nothing inside wanted.
    """

    rail: Rail
    range_button: RangeButton
    top_bar: TopBar
    banner: StoreBanner
    rows_banner: RowsBanner
    child_banner: ChildBanner
    area: DockArea
    side: SideArea
    lens: TimeLens
    split: QSplitter
    inspector: InspectorView
    palette_sheet: CommandPalette
    notices: NoticeBar
    appeared = Signal()
    painted = Signal()
    close_requested = Signal()
    escape_pressed = Signal()
    resized = Signal()

    def __init__(self, frame: FirstFrame) -> None:
        super().__init__()
        self.setProperty("kind", "page")
        self.setWindowTitle(_PROGRAM)
        self.setMinimumSize(*_LEAST_SIZE)
        self._frame = frame
        self._theme: Theme | None = None
        self._appearing = next_turn(self, self.appeared.emit)
        self._painting = next_turn(self, self.painted.emit)
        self._has_appeared = False
        self._was_painted = False
        self._may_close = False
        frame.place(self)

    def assemble(self, setup: WindowSetup) -> None:
        """Take in the parts that the first whole picture needs."""
        from quarterdeck.ui.shell.window_parts import make_parts, window_title

        self._theme = setup.theme
        self.setWindowTitle(window_title(setup.title))
        parts = make_parts(self, setup)
        self.rail, self.range_button, self.top_bar = parts.rail, parts.range_button, parts.top_bar
        self.banner, self.rows_banner, self.child_banner = parts.banner, parts.rows_banner, parts.child_banner
        self.area, self.side, self.lens, self.split = parts.area, parts.side, parts.lens, parts.split

    def furnish(self) -> None:
        """Make the parts that the first picture did not need. Raises RuntimeError before `assemble`."""
        from quarterdeck.ui.shell.command_palette import CommandPalette
        from quarterdeck.ui.shell.inspector.view import InspectorView
        from quarterdeck.ui.widgets.notices import NoticeBar

        if self._theme is None:
            message = "the window has no parts yet"
            raise RuntimeError(message)
        self.inspector = InspectorView(self._theme)
        self.side.set_inspector(self.inspector)
        self.palette_sheet = CommandPalette(self._theme, self)
        self.notices = NoticeBar(self._theme, self.area)
        self.resized.connect(self.palette_sheet.close_palette)

    def close_for_good(self) -> None:
        """Close without asking anybody."""
        self._may_close = True
        self._appearing.stop()
        self._painting.stop()
        if self._theme is not None:
            self.area.let_go()
        self.close()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        if self._theme is None:
            self._frame.paint(QPainter(self), self.rect())
            if not self._has_appeared:
                self._has_appeared = True
                self._appearing.start()
            return
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
        from PySide6.QtCore import Qt

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
