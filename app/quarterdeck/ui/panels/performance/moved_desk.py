"""When what moved is read and shown beside the charts: on a key, for the range shown, until it is closed."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.compared_ranges import Against
from quarterdeck.services.moments import Moment
from quarterdeck.services.moved import MovedReport
from quarterdeck.ui.panels.performance.moved_page import MovedPage
from quarterdeck.ui.panels.performance.moved_words import MovedState, moved_state
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme

_STEPS = 60
"""While time goes on, it is compared anew once a sixtieth of the range has gone by."""


class MovedSource(Protocol):
    """Where what moved comes from."""

    def moved(self, moment: Moment, against: Against) -> MovedReport:
        """The range of a moment against an earlier one of equal length."""
        ...


class MovedDesk(QObject):
    """`page_changed` carries the page that is shown, or None; the others an entity's key. `left` says it was closed."""

    page_changed = Signal(object)
    entity_chosen = Signal(str)
    entity_opened = Signal(str)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parent = parent
        self._source: MovedSource | None = None
        self._reads: LatestRead[MovedState] | None = None
        self._page: MovedPage | None = None
        self._moment: Moment | None = None
        self._compared: Moment | None = None
        self._against = Against.BEFORE
        self.is_open = False

    def present(self, source: MovedSource, background: Background) -> None:
        """Take where it comes from."""
        self._source = source
        self._reads = LatestRead(background, "performance, moved")

    def toggle(self) -> None:
        """Show what moved in the range shown, or close it."""
        if self.is_open:
            self._close()
            return
        self.is_open = True
        page = self._made()
        page.show_sentence(self.tr("Comparing…"))
        self._compared = None
        self.page_changed.emit(page)
        page.setFocus()
        self._read()

    def show_moment(self, moment: Moment) -> None:
        """Another range is shown: compare that."""
        self._moment = moment
        self._compared = None
        self._read()

    def refresh(self, moment: Moment) -> None:
        """Time went on, or data came."""
        self._moment = moment
        self._read()

    def _read(self) -> None:
        source, reads, moment = self._source, self._reads, self._moment
        if not self.is_open or source is None or reads is None or moment is None or not self._is_due(moment):
            return
        self._compared, against = moment, self._against
        reads.take_over(
            Read(
                work=lambda: moved_state(source.moved(moment, against), moment, self.tr),
                on_result=self._made().show_state,
                on_error=self._fail,
            )
        )

    def _compare_with(self, against: Against) -> None:
        self._against, self._compared = against, None
        self._made().show_sentence(self.tr("Comparing…"))
        self._read()

    def _is_due(self, moment: Moment) -> bool:
        if self._compared is None:
            return True
        return (moment.at - self._compared.at).total_seconds() >= moment.time_range.seconds / _STEPS

    def _fail(self, error: OperatorError) -> None:
        self._compared = None
        self._made().show_sentence(f"{error.message} {error.next_step}")

    def _made(self) -> MovedPage:
        """The page, made when it is first needed."""
        if self._page is None:
            self._page = MovedPage(self._theme, self._parent)
            self._page.entity_chosen.connect(self.entity_chosen)
            self._page.entity_opened.connect(self.entity_opened)
            self._page.closed.connect(self._close)
            self._page.against_chosen.connect(self._compare_with)
        return self._page

    def _close(self) -> None:
        self.is_open = False
        if self._reads is not None:
            self._reads.drop()
        self.page_changed.emit(None)
        self.left.emit()
