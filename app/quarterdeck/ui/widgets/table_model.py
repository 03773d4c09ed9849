"""A Qt model over immutable columns: replaced as a whole, told to the view with one signal."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from quarterdeck.ui.widgets.columns import ColumnSpec, RowGroup
from quarterdeck.ui.widgets.row_feed import ArrangedRows, Change
from quarterdeck.ui.widgets.row_order import NO_LINES, TableLines
from quarterdeck.ui.widgets.text import safe_text

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_HEADING_FLAGS = Qt.ItemFlag.ItemIsEnabled
_ROW_FLAGS = _HEADING_FLAGS | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_WORDS_ROLES = frozenset({Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole})
_ROLES = _WORDS_ROLES | {Qt.ItemDataRole.AccessibleDescriptionRole}


class ColumnModel(QAbstractTableModel):
    """Lines of a table, group headings included, in the order asked for."""

    def __init__(self, specs: tuple[ColumnSpec, ...], parent: QObject) -> None:
        super().__init__(parent)
        self.specs = specs
        self.lines: TableLines = NO_LINES

    def show(self, arranged: ArrangedRows) -> None:
        """Show these lines; the view hears of them once, and not at all where nothing differs."""
        if arranged.change is Change.LINES:
            self.beginResetModel()
            self.lines = arranged.lines
            self.endResetModel()
            return
        self.lines = arranged.lines
        if arranged.change is not Change.NOTHING and len(self.lines.rows):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines.rows) - 1, len(self.specs) - 1))

    @override
    def rowCount(self, parent: Index = _ROOT, /) -> int:
        return 0 if parent.isValid() else len(self.lines.rows)

    @override
    def columnCount(self, parent: Index = _ROOT, /) -> int:
        return 0 if parent.isValid() else len(self.specs)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        if role not in _ROLES or not index.isValid():
            return None
        group = self.lines.group_at(index.row())
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return (
                _fold_words(group)
                if group
                else safe_text(self.lines.data.tip(self.lines.row_of(index.row()), index.column()))
            )
        if group is not None:
            return f"{group.title} {group.note}".strip() if index.column() == 0 else ""
        return self.lines.data.cells[index.column()].text(self.lines.row_of(index.row()))

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.specs[section].tool_tip
        return self.specs[section].title if role in _WORDS_ROLES else None

    @override
    def flags(self, index: Index, /) -> Qt.ItemFlag:
        group = self.lines.group_at(index.row()) if index.isValid() else None
        if not index.isValid() or (group is not None and not group.is_folded):
            return _HEADING_FLAGS
        return _ROW_FLAGS


def _fold_words(group: RowGroup) -> str:
    """What can be done with a heading, for assistive tools."""
    if not group.key:
        return ""
    folded = QCoreApplication.translate("ColumnTable", "folded; Right unfolds it")
    return folded if group.is_folded else QCoreApplication.translate("ColumnTable", "unfolded; Left folds it")
