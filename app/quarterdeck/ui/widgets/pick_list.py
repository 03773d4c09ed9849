"""A list from which several are picked: a box, a state mark and a name each, narrowed by words, up to a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.marks import paint_mark, state_word
from quarterdeck.ui.theme.measures import ROW_HEIGHT_COMPACT
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.check_box import CHECK_SIZE, paint_check
from quarterdeck.ui.widgets.text import safe_line

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_EDGE = 10
_MARK_LEFT = _EDGE + CHECK_SIZE + 16
_TEXT_LEFT = _MARK_LEFT + 16
_PLAIN_LEFT = _EDGE + CHECK_SIZE + 10


@dataclass(frozen=True, slots=True)
class Pick:
    """One thing to pick: its key in signals, its name, and the state it is in, where it has any."""

    key: str
    text: str
    state: HealthState | None = None


class PickModel(QAbstractListModel):
    """The picks that hold all the words asked for; those beyond `most` cannot be picked."""

    def __init__(self, parent: QObject, most: int) -> None:
        super().__init__(parent)
        self._most = most
        self._picks: tuple[Pick, ...] = ()
        self._shown: tuple[Pick, ...] = ()
        self._chosen: tuple[str, ...] = ()
        self._words = ""

    @property
    def chosen(self) -> tuple[str, ...]:
        """The keys of what is picked, in the order they were picked."""
        return self._chosen

    @property
    def is_full(self) -> bool:
        """Whether no more can be picked."""
        return len(self._chosen) >= self._most

    def set_picks(self, picks: Sequence[Pick], chosen: Sequence[str]) -> None:
        """Offer these; rows stay where they are as long as the same are offered in the same order."""
        before = self._shown
        self._picks, self._chosen = tuple(picks), tuple(chosen)
        shown = self._matching()
        if [pick.key for pick in before] == [pick.key for pick in shown]:
            self._shown = shown
            self._tell_all()
        else:
            self._reset(shown)

    def narrow(self, words: str) -> None:
        """Offer only those in whose name all these words occur."""
        self._words = words
        self._reset(self._matching())

    def toggle(self, row: int) -> bool:
        """Pick the one in a row, or no longer; whether anything changed."""
        if not 0 <= row < len(self._shown):
            return False
        key = self._shown[row].key
        if key in self._chosen:
            self._chosen = tuple(one for one in self._chosen if one != key)
        elif self.is_full:
            return False
        else:
            self._chosen = (*self._chosen, key)
        self._tell_all()
        return True

    def pick_at(self, row: int) -> Pick:
        """What a row offers."""
        return self._shown[row]

    def is_chosen(self, row: int) -> bool:
        """Whether the one in a row is picked."""
        return self._shown[row].key in self._chosen

    def row_of(self, key: str) -> int:
        """The row of a key; -1 where it is not offered."""
        return next((row for row, pick in enumerate(self._shown) if pick.key == key), -1)

    def _matching(self) -> tuple[Pick, ...]:
        words = self._words.casefold().split()
        return tuple(pick for pick in self._picks if all(word in pick.text.casefold() for word in words))

    def _reset(self, shown: tuple[Pick, ...]) -> None:
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    def _tell_all(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    @override
    def rowCount(self, parent: Index = _ROOT, /) -> int:
        return 0 if parent.isValid() else len(self._shown)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        pick = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return safe_line(pick.text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join((safe_line(pick.text), *((state_word(pick.state),) if pick.state is not None else ())))
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if pick.key in self._chosen else Qt.CheckState.Unchecked
        return None

    @override
    def flags(self, index: Index, /) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled


class PickDelegate(QStyledItemDelegate):
    """Paints a row of a PickModel; names that cannot be picked any more are quieter."""

    def __init__(self, theme: Theme, model: PickModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index, /) -> QSize:
        return QSize(0, ROW_HEIGHT_COMPACT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        tokens = self._theme.tokens
        row: QRect = option.rect
        state: QStyle.StateFlag = option.state
        pick, is_chosen = self._model.pick_at(index.row()), self._model.is_chosen(index.row())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(row, QColor(tokens.accent_ground))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(row, QColor(tokens.hover))
        can_change = is_chosen or not self._model.is_full
        corner = QPointF(row.left() + _EDGE, row.center().y() + 1 - CHECK_SIZE / 2)
        paint_check(painter, corner, tokens, is_checked=is_chosen, is_strong=is_chosen)
        if pick.state is not None:
            paint_mark(painter, QPointF(row.left() + _MARK_LEFT, row.center().y() + 1), pick.state, tokens)
        painter.setFont(self._theme.fonts.body)
        painter.setPen(QColor(tokens.text if can_change else tokens.text_tertiary))
        room = row.adjusted(_TEXT_LEFT if pick.state is not None else _PLAIN_LEFT, 0, -_EDGE, 0)
        text = painter.fontMetrics().elidedText(safe_line(pick.text), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)
        painter.restore()
