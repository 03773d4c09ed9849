"""The button that says what is picked and opens the list to pick from; typing narrows it, keys move in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.theme.measures import ROW_HEIGHT_COMPACT
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.cards import hairline
from quarterdeck.ui.widgets.pick_list import Pick, PickDelegate, PickModel
from quarterdeck.ui.widgets.text import LINE_LIMIT, PlainLabel, safe_line

_WIDTH = 300
_MOST_ROWS = 12
_PAGE = 8


@dataclass(frozen=True, slots=True)
class PickWords:
    """What the list says: its name for assistive tools, the word in the empty field, how many may be picked.

    `reset` is the verb that picks nothing and leaves the choice to the program; `nothing` is said where no name fits.
    """

    name: str
    placeholder: str
    limit: str
    reset: str
    nothing: str


class PickButton(Button):
    """`picked` carries a tuple of keys whenever a person changes what is picked; empty for the reset."""

    picked = Signal(object)

    def __init__(self, theme: Theme, words: PickWords, *, most: int) -> None:
        super().__init__(theme, "")
        self._theme, self._words, self._most = theme, words, most
        self._picks: tuple[Pick, ...] = ()
        self._chosen: tuple[str, ...] = ()
        self._popup: PickPopup | None = None
        self.clicked.connect(self.open_list)

    def show_picks(self, picks: Sequence[Pick], chosen: Sequence[str], text: str) -> None:
        """Say this on the button and offer these."""
        self.setText(text)
        self.setAccessibleName(f"{safe_line(self._words.name)}: {safe_line(text)}")
        self._picks, self._chosen = tuple(picks), tuple(chosen)
        if self._popup is not None:
            self._popup.show_picks(picks, chosen)

    def open_list(self) -> None:
        """Open the list below the button; it is made when it is first wanted."""
        if self._popup is None:
            self._popup = PickPopup(self._theme, self._words, most=self._most, parent=self)
            self._popup.picked.connect(self.picked)
            self._popup.show_picks(self._picks, self._chosen)
        self._popup.open_at(self.mapToGlobal(QPoint(0, self.height() + 4)))


class PickPopup(QFrame):
    """Closes on Esc and on a press beside it. Enter picks, and so does Space while nothing is typed."""

    picked = Signal(object)

    def __init__(self, theme: Theme, words: PickWords, *, most: int, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._theme = theme
        self._model = PickModel(self, most)
        self._field = QLineEdit()
        self._list = QListView()
        self._nothing = PlainLabel(theme, words.nothing, tone=Tone.TERTIARY)
        self._limit = PlainLabel(theme, words.limit, role=FontRole.SMALL, tone=Tone.TERTIARY)
        self._reset = Button(theme, words.reset, kind=ButtonKind.LINK)
        self._build(words)

    def show_picks(self, picks: Sequence[Pick], chosen: Sequence[str]) -> None:
        """Offer these; what the keys are on stays."""
        row = self._list.currentIndex().row()
        key = self._model.pick_at(row).key if row >= 0 else ""
        self._model.set_picks(picks, chosen)
        self._go_to(max(0, self._model.row_of(key)))
        self._fit()

    def open_at(self, place: QPoint) -> None:
        """Open with the whole list, the keys on the first of what is picked."""
        self._field.clear()
        self._model.narrow("")
        self._go_to(max(0, self._model.row_of(next(iter(self._model.chosen), ""))))
        self._fit()
        room = self.screen().availableGeometry()
        self.move(max(room.left(), min(place.x(), room.right() - self.width())), place.y())
        self.show()
        self._field.setFocus()

    def _build(self, words: PickWords) -> None:
        self.setAccessibleName(safe_line(words.name))
        self.setFixedWidth(_WIDTH)
        self._field.setProperty("kind", "bare")
        self._field.setPlaceholderText(safe_line(words.placeholder))
        self._field.setAccessibleName(safe_line(words.placeholder))
        self._field.setMaxLength(LINE_LIMIT)
        self._field.setFixedHeight(34)
        self._field.setTextMargins(12, 0, 12, 0)
        self._field.textChanged.connect(self._narrow)
        self._field.installEventFilter(self)
        self._build_list(words)
        self._nothing.setContentsMargins(12, 8, 12, 8)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 6, 12, 7)
        foot.addWidget(self._limit, 1)
        foot.addWidget(self._reset)
        self._reset.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._reset.clicked.connect(lambda: self.picked.emit(()))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        for widget in (self._field, hairline(), self._list, self._nothing, hairline()):
            column.addWidget(widget)
        column.addLayout(foot)
        self._theme.changed.connect(self.update)

    def _build_list(self, words: PickWords) -> None:
        self._list.setModel(self._model)
        self._list.setItemDelegate(PickDelegate(self._theme, self._model, self._list))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName(safe_line(words.name))
        self._list.viewport().setAutoFillBackground(False)
        self._list.clicked.connect(self._toggle)

    def _narrow(self, words: str) -> None:
        self._model.narrow(words)
        self._go_to(0)
        self._fit()

    def _fit(self) -> None:
        rows = self._model.rowCount()
        self._list.setVisible(rows > 0)
        self._list.setFixedHeight(min(rows, _MOST_ROWS) * ROW_HEIGHT_COMPACT)
        self._nothing.setVisible(rows == 0)
        self.adjustSize()

    def _go_to(self, row: int) -> None:
        last = self._model.rowCount() - 1
        if last >= 0:
            self._list.setCurrentIndex(self._model.index(min(max(0, row), last)))

    def _toggle(self, index: QModelIndex) -> None:
        if self._model.toggle(index.row()):
            self.picked.emit(self._model.chosen)

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Keys of the field that belong to the list."""
        return event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._take_key(event)

    def _take_key(self, event: QKeyEvent) -> bool:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: _PAGE,
            Qt.Key.Key_PageUp: -_PAGE,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._go_to(self._list.currentIndex().row() + steps[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} or (key == Qt.Key.Key_Space and not self._field.text()):
            self._toggle(self._list.currentIndex())
        elif key == Qt.Key.Key_Escape:
            self.close()
        else:
            return False
        return True

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.tokens.raised))
        painter.setPen(QColor(self._theme.tokens.line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
