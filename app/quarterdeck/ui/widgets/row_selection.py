"""Which rows of a table are selected, kept by id while lines come and go; folding by headings, and the menu's place."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView
from typing_extensions import override

from quarterdeck.ui.widgets.columns import ColumnSpec
from quarterdeck.ui.widgets.table_model import ColumnModel
from quarterdeck.ui.widgets.table_paint import CELL_PADDING

_UNFOLDING = frozenset({Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


class RowSelection(QTableView):
    """A view of lines of which one row, or with `is_multiple` any number, is selected.

    `group_pressed` carries the key of a group to fold or unfold, `menu_asked` the place on the screen where a menu for
    the selected rows should open.
    """

    group_pressed = Signal(str)
    menu_asked = Signal(QPoint)

    def __init__(self, specs: tuple[ColumnSpec, ...], *, is_multiple: bool) -> None:
        super().__init__()
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if is_multiple else modes.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table_model = ColumnModel(specs, self)
        self.is_restoring = False
        self._folding = ""

    def chosen_id(self) -> str:
        """The id of the selected row; empty when there is none."""
        return self.table_model.lines.id_at(self.chosen_line())

    def chosen_ids(self) -> tuple[str, ...]:
        """The ids of all selected rows, from the top down."""
        lines = self.table_model.lines
        return tuple(row_id for line in sorted(self.chosen_lines()) if (row_id := lines.id_at(line)))

    def chosen_lines(self) -> frozenset[int]:
        """All selected lines."""
        return frozenset(index.row() for index in self.selectionModel().selectedRows())

    def chosen_line(self) -> int:
        """The selected line, of several the last that was moved to.

        The current index alone is no choice: Qt sets it when the view gets the focus.
        """
        lines, current = self.chosen_lines(), self.currentIndex().row()
        return current if current in lines else min(lines, default=-1)

    def chosen_row(self) -> int:
        """The place of the selected row in the data; 0 for none."""
        line = self.chosen_line()
        return max(0, self.table_model.lines.row_of(line)) if line >= 0 else 0

    def reach_folded(self) -> None:
        """Select the heading of the group that was folded by key, so that the keyboard stays where it was."""
        key, self._folding = self._folding, ""
        lines = self.table_model.lines
        for line in np.flatnonzero(lines.rows < 0).tolist() if key else ():
            group = lines.group_at(line)
            if group is not None and group.key == key and group.is_folded:
                self.choose_line(line)

    def restore(self, row_id: str, *, near: int, others: tuple[str, ...] = ()) -> None:
        """Select a row, and others beside it, wherever they are now, without telling it as a person's choice."""
        self.is_restoring = True
        line = self.table_model.lines.line_of(row_id, near)
        if line < 0:
            self.selectionModel().clear()
        elif line != self.chosen_line() or len(others) > 1:
            self.choose_line(line)
        for other in others if len(others) > 1 else ():
            self._choose_too(self.table_model.lines.line_of(other, near))
        self.is_restoring = False
        self.viewport().update()

    def choose_line(self, line: int) -> None:
        """Select one line and no other, whatever keys are held down meanwhile."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self.table_model.index(line, 0), flags)

    def _choose_too(self, line: int) -> None:
        if line >= 0:
            flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().select(self.table_model.index(line, 0), flags)

    def _press_group(self, line: int) -> bool:
        """Ask for the group in a line to be folded or unfolded; whether there is one that can be."""
        group = self.table_model.lines.group_at(line) if 0 <= line < self.table_model.rowCount() else None
        if group is not None and group.key:
            self.group_pressed.emit(group.key)
        return group is not None and bool(group.key)

    def _fold_around(self, line: int) -> bool:
        """Ask for the group that a row stands in to be folded; whether it can be."""
        while line >= 0 and self.table_model.lines.row_of(line) >= 0:
            line -= 1
        group = self.table_model.lines.group_at(line) if line >= 0 else None
        self._folding = group.key if group is not None else ""
        return self._press_group(line)

    def take_fold(self, event: QKeyEvent) -> bool:
        """Left folds the group around the row, Right, Enter and Space unfold the heading; whether that was meant."""
        line = self.chosen_line()
        if line < 0 or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        is_heading = self.table_model.lines.row_of(line) < 0
        if event.key() == Qt.Key.Key_Left and not is_heading:
            return self._fold_around(line)
        return is_heading and event.key() in _UNFOLDING and self._press_group(line)

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """A press on a heading folds its group; it leaves what is selected as it is."""
        line = self.rowAt(event.position().toPoint().y())
        if line < 0 or self.table_model.lines.row_of(line) >= 0:
            super().mousePressEvent(event)
        elif event.button() is Qt.MouseButton.LeftButton:
            self._press_group(line)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent, /) -> None:
        line = self.rowAt(event.y()) if event.reason() is QContextMenuEvent.Reason.Mouse else self.chosen_line()
        if not self.table_model.lines.id_at(line):
            return
        if line not in self.chosen_lines():
            self.choose_line(line)
        is_pointed = event.reason() is QContextMenuEvent.Reason.Mouse
        below = QPoint(CELL_PADDING, self.rowViewportPosition(line) + self.rowHeight(line))
        self.menu_asked.emit(event.globalPos() if is_pointed else self.viewport().mapToGlobal(below))
