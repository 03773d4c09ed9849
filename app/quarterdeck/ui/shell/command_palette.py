"""The command palette: one field that finds entities and runs every action, over the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.shell.palette_paint import PaletteDelegate
from quarterdeck.ui.shell.palette_ranking import PaletteIndex, PaletteItem, Ranked
from quarterdeck.ui.theme.marks import state_word
from quarterdeck.ui.theme.measures import ROW_HEIGHT
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.cards import hairline
from quarterdeck.ui.widgets.text import LINE_LIMIT, PlainLabel, safe_line

RANKED_ROLE = Qt.ItemDataRole.UserRole
_WIDTH = 560
_TOP = 88
_FIELD_HEIGHT = 40
_ROWS = 12
_Index = QModelIndex | QPersistentModelIndex


class CommandPalette(QFrame):
    """Opens over its parent; `chosen` carries the key of a PaletteItem, `closed` comes whenever it goes away."""

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAccessibleName(self.tr("Commands"))
        self._host = parent
        self._focus_before: QWidget | None = None
        self._index = PaletteIndex(())
        self._model = _RankedModel(self)
        self._field = QLineEdit()
        self._list = QListView()
        self._nothing = PlainLabel(theme, self.tr("Nothing is called like that"), tone=Tone.TERTIARY)
        self._build(theme)
        self.hide()

    def set_items(self, items: Sequence[PaletteItem]) -> None:
        """What can be found from now on; the list on the screen follows."""
        self._index = PaletteIndex(items)
        if self.isVisible():
            self._match()

    def open_with(self, text: str) -> None:
        """Show the palette with something typed already."""
        self._focus_before = QApplication.focusWidget()
        self._field.setText(text)
        self._match()
        self.show()
        self.raise_()
        self._field.setFocus()

    def matches(self) -> tuple[str, ...]:
        """What is offered now, as a screen reader hears it."""
        return tuple(str(self._model.index(row).data()) for row in range(self._model.rowCount()))

    def close_palette(self) -> None:
        """Go away and give the keyboard back."""
        if not self.isVisible():
            return
        self.hide()
        if self._focus_before is not None and self._focus_before.isVisible():
            self._focus_before.setFocus()
        self._focus_before = None
        self.closed.emit()

    def _build(self, theme: Theme) -> None:
        self._field.setProperty("kind", "bare")
        self._field.setFixedHeight(_FIELD_HEIGHT)
        self._field.setTextMargins(14, 0, 14, 0)
        self._field.setMaxLength(LINE_LIMIT)
        self._field.setAccessibleName(self.tr("Find anything or run a command"))
        self._field.setPlaceholderText(self.tr("Find anything or run a command"))
        self._field.textChanged.connect(self._match)
        self._field.installEventFilter(self)
        self._list.setModel(self._model)
        self._list.setItemDelegate(PaletteDelegate(theme, self._list))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName(self.tr("Matches"))
        self._list.viewport().setAutoFillBackground(False)
        self._list.clicked.connect(self._run)
        self._nothing.setContentsMargins(14, 8, 14, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        for widget in (self._field, hairline(), self._list, self._nothing):
            column.addWidget(widget)
        theme.changed.connect(self._list.viewport().update)

    def _match(self) -> None:
        ranked = self._index.rank(self._field.text(), _ROWS)
        self._model.show_ranked(ranked)
        self._list.setCurrentIndex(self._model.index(0))
        self._list.setVisible(bool(ranked))
        self._list.setFixedHeight(len(ranked) * ROW_HEIGHT)
        self._nothing.setVisible(not ranked)
        self._place()

    def _place(self) -> None:
        width = min(_WIDTH, self._host.width() - 32)
        height = _FIELD_HEIGHT + 3 + max(1, self._model.rowCount()) * ROW_HEIGHT + (0 if self._model.rowCount() else 6)
        top = max(8, min(_TOP, self._host.height() - height - 8))
        self.setGeometry((self._host.width() - width) // 2, top, width, height)

    def _run(self, index: _Index) -> None:
        ranked = index.data(RANKED_ROLE)
        self.close_palette()
        if isinstance(ranked, Ranked):
            self.chosen.emit(ranked.item.key)

    def _step(self, rows: int) -> None:
        count = self._model.rowCount()
        if count:
            self._list.setCurrentIndex(self._model.index((self._list.currentIndex().row() + rows) % count))

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Keys of the field, and the loss of its focus."""
        if event.type() is QEvent.Type.FocusOut and self.isVisible() and QApplication.activePopupWidget() is None:
            self.close_palette()
        return event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._take_key(event)

    def _take_key(self, event: QKeyEvent) -> bool:
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Tab:
                self._step(1)
            case Qt.Key.Key_Up | Qt.Key.Key_Backtab:
                self._step(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._run(self._list.currentIndex())
            case Qt.Key.Key_Escape:
                self.close_palette()
            case _:
                return False
        return True


class _RankedModel(QAbstractListModel):
    """The matches, with all they say as accessible text."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ranked: tuple[Ranked, ...] = ()

    def show_ranked(self, ranked: tuple[Ranked, ...]) -> None:
        self.beginResetModel()
        self._ranked = ranked
        self.endResetModel()

    @override
    def rowCount(self, parent: _Index | None = None, /) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._ranked)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        if not index.isValid() or index.row() >= len(self._ranked):
            return None
        ranked = self._ranked[index.row()]
        if role == RANKED_ROLE:
            return ranked
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return safe_line(", ".join(part for part in (ranked.item.text, *kind_words(ranked.item)) if part))
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, ROW_HEIGHT)
        return None


def kind_words(item: PaletteItem) -> tuple[str, ...]:
    """What an item is, and how it does."""
    return (item.kind, state_word(item.state)) if item.state is not None else (item.kind,)
