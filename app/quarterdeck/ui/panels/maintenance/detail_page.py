"""One window by itself: how it stands, what can be done to it, and every record that was made of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.maintenance.state import Act, RecordLine, WindowDetail
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.cards import Fact, FactList, section_heading
from quarterdeck.ui.widgets.side_parts import SideHead, lay_out_side, scrolled
from quarterdeck.ui.widgets.state_marks import StateMark
from quarterdeck.ui.widgets.text import PlainLabel, safe_line

_MOST_ACTS = 3


class DetailPage(QWidget):
    """`correction_requested` and `export_requested` carry the window's id, `act_requested` the id and an Act."""

    correction_requested = Signal(str)
    export_requested = Signal(str)
    act_requested = Signal(str, object)
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._detail: WindowDetail | None = None
        self._mark = StateMark(theme, HealthState.MAINTENANCE)
        self._head = SideHead(theme, "", mark=self._mark)
        self._headline = PlainLabel(theme, wraps=True)
        self._locked = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.SECONDARY, wraps=True)
        self._facts = FactList(theme)
        self._acts = [Button(theme, "") for _ in range(_MOST_ACTS)]
        self._correct = Button(theme, self.tr("Correct…"), kind=ButtonKind.PRIMARY)
        self._export = Button(theme, self.tr("Export…"))
        self._records = _Records(theme)
        self._build()

    @property
    def window_id(self) -> str:
        """The window shown; empty for none."""
        return self._detail.id if self._detail is not None else ""

    def show_detail(self, detail: WindowDetail, locked: str) -> None:
        """Show a window; `locked` says why nothing can be done to it, empty where it can."""
        if detail.id != self.window_id:
            self._records.show_records((), "")
        self._detail = detail
        self._mark.setVisible(detail.is_running)
        self._head.set_title(detail.reason)
        self.setAccessibleName(safe_line(detail.reason))
        self._headline.setText(detail.headline)
        self._locked.setText(locked)
        self._locked.setVisible(bool(locked))
        self._facts.set_facts(tuple(Fact(label, value) for label, value in detail.facts))
        for at, button in enumerate(self._acts):
            button.setVisible(at < len(detail.acts))
            button.setText(detail.acts[at].verb if at < len(detail.acts) else "")
        for button in (self._correct, *self._acts):
            button.setEnabled(not locked)
            button.setAccessibleDescription(safe_line(locked))

    def show_records(self, records: tuple[RecordLine, ...], fault: str) -> None:
        """Show every record of the window, or why they cannot be read."""
        self._records.show_records(records, fault)

    def _build(self) -> None:
        doings = QWidget()
        column = QVBoxLayout(doings)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for at, button in enumerate(self._acts):
            column.addWidget(button)
            button.clicked.connect(lambda _=False, at=at: self._press(at))
        body = scrolled((self._facts, doings, self._records), spacing=14)
        lay_out_side(self, (self._head, self._headline), body, (self._correct, self._export), remark=self._locked)
        self._head.close_button.clicked.connect(self.closed)
        self._correct.clicked.connect(lambda: self.correction_requested.emit(self.window_id))
        self._export.clicked.connect(lambda: self.export_requested.emit(self.window_id))

    def _press(self, at: int) -> None:
        act: Act | None = self._detail.acts[at] if self._detail is not None else None
        if act is not None:
            self.act_requested.emit(self.window_id, act)


class _Records(QWidget):
    """Every record, the newest first; labels are reused."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lines: list[tuple[PlainLabel, PlainLabel, PlainLabel]] = []
        self._fault = PlainLabel(theme, tone=Tone.DOWN, wraps=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(3)
        self._column.addWidget(section_heading(theme, self.tr("Records, the newest first")))
        self._column.addWidget(self._fault)
        self.show_records((), "")

    def show_records(self, records: tuple[RecordLine, ...], fault: str) -> None:
        self._fault.setText(f"◆ {fault}" if fault else "")
        self._fault.setVisible(bool(fault))
        while len(self._lines) < len(records):
            self._add_line()
        for at, labels in enumerate(self._lines):
            texts = (records[at].title, records[at].note, records[at].window) if at < len(records) else ("", "", "")
            for label, text in zip(labels, texts, strict=True):
                label.setText(text)
                label.setVisible(bool(text))

    def _add_line(self) -> None:
        title = PlainLabel(self._theme, wraps=True)
        title.setContentsMargins(0, 6, 0, 0)
        note = PlainLabel(self._theme, tone=Tone.SECONDARY, wraps=True)
        window = PlainLabel(self._theme, role=FontRole.SMALL, tone=Tone.TERTIARY, wraps=True)
        self._lines.append((title, note, window))
        for label in (title, note, window):
            self._column.addWidget(label)
