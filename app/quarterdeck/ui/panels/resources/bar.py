"""The panel's controls in the top bar: its views, the kind of resource, and a field that narrows the table."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.domain.capacity import ResourceKind
from quarterdeck.ui.panels.resources.models import words
from quarterdeck.ui.panels.resources.state import ALL_KINDS, Arrangement
from quarterdeck.ui.panels.resources.words import kind_words
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl


class ResourcesBar(QObject):
    """`left` comes when the keyboard should go back to the table."""

    arrangement_chosen = Signal()
    kind_chosen = Signal()
    narrowed = Signal()
    export_requested = Signal()
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._views = SegmentedControl(
            theme,
            (
                Segment(Arrangement.ALLOCATION, self.tr("Allocation")),
                Segment(Arrangement.USAGE, self.tr("Usage")),
                Segment(Arrangement.PLAN, self.tr("Capacity plan")),
            ),
            accessible_name=self.tr("Resources by"),
        )
        kinds = tuple(Segment(kind, kind_words(kind, words)) for kind in ResourceKind)
        self._kinds = ChoiceButton(
            theme, (Segment(ALL_KINDS, self.tr("All kinds")), *kinds), accessible_name=self.tr("Kind of resource")
        )
        self._line = FilterLine(theme, self.tr("Filter"))
        self._export = Button(theme, self.tr("Export…"), icon="download-simple")
        self._views.chosen.connect(self.arrangement_chosen)
        self._kinds.chosen.connect(self.kind_chosen)
        self._line.filter_changed.connect(self.narrowed)
        self._line.left.connect(self.left)
        self._export.clicked.connect(self.export_requested)

    @property
    def widgets(self) -> list[QWidget]:
        """The controls in their order."""
        return [self._views, self._kinds, self._line, self._export]

    @property
    def arrangement(self) -> Arrangement:
        """The view that is chosen."""
        return Arrangement(self._views.current)

    @property
    def kind(self) -> str:
        """The kind that is shown, or all."""
        return self._kinds.current

    @property
    def words(self) -> str:
        """The words that a row must hold."""
        return self._line.text()

    def show_arrangement(self, arrangement: Arrangement) -> None:
        """Choose a view without a signal."""
        self._views.set_current(arrangement)

    def show_all_kinds(self) -> None:
        """Choose all kinds without a signal."""
        self._kinds.set_current(ALL_KINDS)

    def open_kinds(self) -> None:
        """Offer the kinds."""
        self._kinds.open_menu()

    def focus_filter(self) -> None:
        """Give the keyboard to the field."""
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.selectAll()
