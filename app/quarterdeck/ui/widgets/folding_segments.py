"""The views of a panel side by side, or as one button with a menu where the bar they stand in has no room for all."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl
from quarterdeck.ui.widgets.text import safe_line


class FoldingSegments(QWidget):
    """`chosen` carries the key when a person chooses, not when `set_current` is called.

    Whoever lays it out folds it: it cannot know what else wants room.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, segments: tuple[Segment, ...], *, accessible_name: str) -> None:
        super().__init__()
        self._side_by_side = SegmentedControl(theme, segments, accessible_name=accessible_name)
        self._folded = ChoiceButton(theme, segments, accessible_name=accessible_name)
        self.setAccessibleName(safe_line(accessible_name))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._side_by_side)
        row.addWidget(self._folded)
        self._folded.hide()
        self._side_by_side.chosen.connect(self._choose)
        self._folded.chosen.connect(self._choose)

    @property
    def current(self) -> str:
        """The key of what is chosen."""
        return self._side_by_side.current

    @property
    def is_folded(self) -> bool:
        """Whether only what is chosen is shown."""
        return self._side_by_side.isHidden()

    @property
    def unfolded_width(self) -> int:
        """What all side by side take, in pixels."""
        return self._side_by_side.sizeHint().width()

    def set_current(self, key: str) -> None:
        """Choose without a signal; raises KeyError for an unknown key."""
        self._folded.set_current(key)
        self._side_by_side.set_current(key)

    def set_folded(self, *, is_folded: bool) -> None:
        """Show all side by side, or one with a menu of the others."""
        if is_folded is not self.is_folded:
            self._side_by_side.setHidden(is_folded)
            self._folded.setHidden(not is_folded)

    def _choose(self, key: str) -> None:
        self.set_current(key)
        self.chosen.emit(key)
