"""The views of security, data and partners with what is open beside them, and how they are saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.ui.panels.compliance.posture_page import PosturePage
from quarterdeck.ui.panels.compliance.posture_side import PostureSide
from quarterdeck.ui.panels.compliance.posture_state import PostureDetail, PostureState
from quarterdeck.ui.panels.compliance.state import PageMessage
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.file_saver import FileFormat, FileSaver

if TYPE_CHECKING:
    from quarterdeck.ui.panels.compliance.posture_presenter import PosturePresenter


class PostureDesk(QObject):
    """`page_changed` carries what is open beside the table, or None; `entity_selected` an entity's key.

    `entity_requested` asks for an entity on the map, `chart_requested` carries the ChartOffer that was taken.
    """

    page_changed = Signal(object)
    entity_selected = Signal(str)
    entity_requested = Signal(str)
    chart_requested = Signal(object)
    noticed = Signal(str)

    def __init__(self, theme: Theme, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self.page = PosturePage(theme)
        self._side = PostureSide(theme)
        self._side.setParent(owner)
        self._side.hide()
        self._presenter: PosturePresenter | None = None
        self._saver: FileSaver | None = None
        self._is_open = self._is_shown = False
        self._connect()

    def present(self, presenter: PosturePresenter | None, background: Background) -> None:
        """Take the one that loads what is shown, where there is one; files are written behind."""
        self._presenter = presenter
        told = self.tr("The table is saved as {path}.")
        self._saver = FileSaver(self._owner, background, self.noticed.emit, saved_as=told)

    def show(self, *, is_shown: bool) -> None:
        """Begin or cease to be looked at; nothing stays open beside the table."""
        self._is_shown = is_shown
        self.close()
        view = self.page.view if is_shown else None
        self.tell(lambda presenter: presenter.choose_view(view))

    def turn_to(self, name: str) -> bool:
        """Bring a view forward by its name, before it is shown; whether there is one of that name."""
        return self.page.turn_to(name)

    def tell(self, what: Callable[[PosturePresenter], None]) -> None:
        """Tell the one that loads what is shown of another moment, day or kind of subject."""
        if self._presenter is not None:
            what(self._presenter)

    def show_loading(self) -> None:
        """Wait for data."""
        self.page.show_loading()

    def show_posture(self, page: PostureState | PageMessage) -> None:
        """Show the rows, or say what would be there."""
        if isinstance(page, PostureState):
            self.page.show_state(page)
        else:
            self.page.show_nothing(page)

    def show_detail(self, detail: PostureDetail | None) -> None:
        """Show one row by itself, or none."""
        if detail is None:
            self.close()
            return
        self._side.show_detail(detail)
        if not self._is_open:
            self._is_open = True
            self.page_changed.emit(self._side)

    def show_failed(self, message: PageMessage) -> None:
        """Say what went wrong and offer to try again."""
        self.page.show_failed(message)

    def show_old(self, since: str) -> None:
        """Keep what is shown, as old."""
        self.page.show_old(since)

    def close(self) -> None:
        """Show nothing beside the table."""
        self.tell(lambda presenter: presenter.open(""))
        if self._is_open:
            had_focus = self._side.isAncestorOf(self._owner.window().focusWidget() or self._owner)
            self._is_open = False
            self.page_changed.emit(None)
            if had_focus:
                self.page.setFocus()

    def save(self) -> None:
        """Ask where the view that is shown is to be saved as CSV."""
        file = self._presenter.file() if self._presenter is not None else None
        if file is None or self._saver is None:
            self.noticed.emit(self.tr("Nothing is saved: nothing is shown yet."))
            return
        local = file.at.astimezone()
        heading = self.tr("Save the table of {time}").format(time=local.strftime("%Y-%m-%d %H:%M:%S"))
        formats = (FileFormat(".csv", self.tr("Table (*.csv)"), file.write),)
        self._saver.ask(heading, f"{file.view.value}-{local:%Y-%m-%d-%H%M}", formats)

    def _connect(self) -> None:
        self.page.row_chosen.connect(self._choose)
        self.page.row_opened.connect(self._open)
        self.page.again.connect(self._retry)
        self.page.view_chosen.connect(lambda: self.show(is_shown=self._is_shown))
        self._side.closed.connect(self.close)
        self._side.chart_requested.connect(self.chart_requested)
        self._side.entity_requested.connect(self.entity_requested)

    def _choose(self, row_id: str) -> None:
        line = self.page.line(row_id)
        if line is not None:
            self.entity_selected.emit(line.entity_key)
            if self._is_open:
                self._open(row_id)

    def _open(self, row_id: str) -> None:
        self.tell(lambda presenter: presenter.open(row_id))

    def _retry(self, _: str) -> None:
        self.tell(lambda presenter: presenter.retry())
